"""`make quick` runs the tests of the rooms that were touched, the walls and the pages."""

import subprocess
import sys

import pytest
import quick

ALWAYS = ["host_tests/test_walls.py", "host_tests/tools/test_pages.py"]


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("firmware/headroom/guard/session.py", "host_tests/guard"),
        ("firmware/headroom/serve/store/store.py", "host_tests/serve/store"),
        ("tools/headroom_tools/sim/traces.py", "host_tests/tools/sim"),
        ("tools/bench/world/car.py", "host_tests/bench"),
        ("tools/proofs/explore.py", "host_tests/proofs"),
        ("boards/socket/board.py", "host_tests/tools/boards"),
        ("host_tests/law/test_noise_filter.py", "host_tests/law/test_noise_filter.py"),
    ],
)
def test_a_file_leads_to_the_tests_of_its_room(file, tests):
    assert quick.rooms([file]) == sorted([tests, *ALWAYS])


def test_what_belongs_to_no_room_leads_to_the_walls_and_the_pages():
    assert quick.rooms(["README.md", "firmware/headroom/charger.py", "firmware/boot.py"]) == ALWAYS


def test_a_room_that_is_gone_leads_to_the_folder_above_it():
    assert quick.rooms(["firmware/headroom/serve/bus/wire.py"]) == sorted(["host_tests/serve", *ALWAYS])


def test_what_is_new_is_touched_and_else_what_the_last_commit_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(quick, "ROOT", tmp_path)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-qm", name], check=True)
    assert quick.touched() == ["b"]
    (tmp_path / "c").write_text("c")
    assert quick.touched() == ["c"]


def test_the_first_check_that_fails_is_the_status(monkeypatch):
    monkeypatch.setattr(quick, "CHECKS", ((sys.executable, "-c", "raise SystemExit(3)"),))
    monkeypatch.setattr(quick, "BIN", quick.Path("/"))
    assert quick.main() == 3
