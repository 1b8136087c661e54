"""Finds the interpreter that runs the bench: the real MicroPython VM, or CPython where there is none."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNNER = ROOT / "tools" / "bench" / "run.py"
HEAP = "64m"


def micropython() -> str | None:
    """Returns the path of the MicroPython VM, this venv's own before any other, or None."""
    own = Path(sys.executable).parent / "micropython"
    return str(own) if own.is_file() else shutil.which("micropython")


def command(vm: str) -> list[str] | None:
    """Returns the command that runs the bench under vm (micropython or cpython), or None where it is not installed."""
    if vm == "cpython":
        return [sys.executable, str(RUNNER)]
    found = micropython()
    return (found and [found, "-X", f"heapsize={HEAP}", str(RUNNER)]) or None
