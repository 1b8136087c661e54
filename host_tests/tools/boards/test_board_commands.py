"""`headroom board ...` as a person types it: what it prints, what it leaves behind, how it refuses."""

import shutil

import pytest
from headroom_tools.boards import board as board_file
from headroom_tools.boards.board_commands import app
from typer.testing import CliRunner


@pytest.fixture
def boards_dir(tmp_path, monkeypatch):
    """A copy of the repository's boards, to spoil."""
    copy = tmp_path / "boards"
    shutil.copytree(board_file.BOARDS_DIR, copy)
    monkeypatch.setattr(board_file, "BOARDS_DIR", copy)
    monkeypatch.chdir(tmp_path)
    return copy


def board(*words):
    """Types `headroom board WORDS`; gives (exit status, output, errors)."""
    result = CliRunner().invoke(app, words)
    return result.exit_code, result.stdout, result.stderr


def test_list():
    status, output, _ = board("list")
    assert status == 0
    assert output == (
        "metered      esp32, 3 phases, tethered, 32 A, supply up to 63 A, 19 pins in use\n"
        "minimal      esp32, 1 phase, tethered, 32 A, supply up to 40 A, 6 pins in use\n"
        "reference    esp32, 3 phases, tethered, 32 A, supply up to 63 A, 18 pins in use\n"
        "socket       esp32, 1 phase, socket, 32 A, supply up to 63 A, 17 pins in use\n"
    )


def test_list_goes_on_past_a_broken_board(boards_dir):
    (boards_dir / "minimal" / "board.py").write_text("NAME = 5\n")
    status, output, _ = board("list")
    assert status == 0
    assert output.splitlines()[1] == "minimal      refused: `headroom board check minimal` tells why"
    assert output.splitlines()[2].startswith("reference    esp32")


@pytest.mark.parametrize(("name", "pins"), [("metered", 19), ("reference", 18), ("minimal", 6), ("socket", 17)])
def test_the_boards_here_are_good(name, pins):
    assert board("check", name) == (0, f"boards/{name}/board.py: good, {pins} pins in use\n", "")


@pytest.mark.parametrize("name", ["nowhere", "../boards/reference", ""])
def test_check_of_no_board(name):
    assert board("check", name) == (
        2,
        "",
        f"no board {name!r} in boards/: there is metered, minimal, reference, socket\n",
    )


def test_check_of_a_bad_board(boards_dir):
    path = boards_dir / "minimal" / "board.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("CONTACTOR_PIN = 26", "CONTACTOR_PIN = 12"), encoding="utf-8")
    status, output, errors = board("check", "minimal")
    line = 1 + [line[:13] for line in text.splitlines()].index("CONTACTOR_PIN")
    assert (status, output) == (2, "")
    assert errors.startswith(f"boards/minimal/board.py:{line}: CONTACTOR_PIN = 12: GPIO12 is a strapping pin")
    assert len(errors.splitlines()) == 1


def test_check_notices_an_old_picture(boards_dir):
    path = boards_dir / "minimal" / "board.py"
    path.write_text(path.read_text(encoding="utf-8").replace("CT_PINS = (34,)", "CT_PINS = (33,)"), encoding="utf-8")
    assert board("check", "minimal") == (
        2,
        "",
        "boards/minimal/wiring.svg:1: older than board.py: run `headroom board wiring minimal`\n",
    )
    assert board("wiring", "minimal") == (0, "boards/minimal/wiring.svg: drawn\n", "")
    assert board("check", "minimal")[0] == 0


def test_new_gives_a_good_board_and_tells_what_is_next(boards_dir):
    status, output, _ = board("new", "garage-2")
    assert status == 0
    assert output.splitlines() == [
        "boards/garage-2/board.py is a copy of reference. Next:",
        "  1. edit it: pins, ratings, None for what is not fitted (`headroom board names` tells each)",
        "  2. headroom board check garage-2",
        "  3. headroom board wiring garage-2, and look at the picture",
        "  4. headroom flash --board garage-2 --port PORT",
    ]
    assert board("check", "garage-2")[0] == 0
    assert board("wiring", "garage-2")[0] == 0
    assert "Board “garage-2”" in (boards_dir / "garage-2" / "wiring.svg").read_text(encoding="utf-8")


def test_new_never_touches_a_board_that_is_there(boards_dir):
    before = (boards_dir / "minimal" / "board.py").read_bytes()
    assert board("new", "minimal") == (
        2,
        "",
        "boards/minimal is there already: choose another name, or edit its board.py\n",
    )
    assert (boards_dir / "minimal" / "board.py").read_bytes() == before


@pytest.mark.parametrize("name", ["Garage", "../away", "a b", "2nd", "x" * 33, ""])
def test_new_refuses_a_bad_name(boards_dir, name):
    assert board("new", name) == (
        2,
        "",
        f"{name!r} is no board name: write up to 32 of a-z, 0-9, - and _, a letter first\n",
    )
    assert sorted(path.parent.name for path in boards_dir.glob("*/board.py")) == [
        "metered",
        "minimal",
        "reference",
        "socket",
    ]


def test_wiring_draws_no_board_that_is_refused(boards_dir):
    path = boards_dir / "minimal" / "board.py"
    path.write_text(path.read_text(encoding="utf-8").replace("LED_PIN = 2 ", "LED_PIN = 34 "), encoding="utf-8")
    picture = (boards_dir / "minimal" / "wiring.svg").read_bytes()
    assert board("wiring", "minimal")[0] == 2
    assert (boards_dir / "minimal" / "wiring.svg").read_bytes() == picture


def test_names_tells_every_name_the_firmware_reads():
    status, output, _ = board("names")
    assert status == 0
    reference = board_file.load(board_file.BOARDS_DIR / "reference" / "board.py")
    assert {line.split()[0] for line in output.splitlines()} == set(reference.values)
