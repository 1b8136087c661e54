"""What the firmware costs the chip: heap it keeps, instructions until it is ready, and what a month does to the heap.

Run as ``python -m headroom_tools.measure.heap_cost`` (`make bench`). Measured on the PC's MicroPython VM, which has 64 bits.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from headroom_tools.common.places import ROOT
from headroom_tools.device.flash import Chip, build
from headroom_tools.measure.kernel_cost import CYCLES, MHZ, counted
from headroom_tools.sim import runner

BENCH = ROOT / "tools" / "bench"
HERE = Chip("linux", "PC", (1, 23, 0), 6 | 3 << 8 | 2 << 10, 0)
ON_32_BITS = 0.69  # of the figure on 64 bits: MicroPython 1.28 built for i386 kept 158.2 kB where this kept 229.9 kB
CHIP_KB = 164  # free on the ESP32 after boot: MicroPython 1.23, ESP32_GENERIC
AIM_KB = 48


def put(folder: Path) -> int:
    """Writes the firmware there as `headroom flash` sends it to this VM; returns the bytes of bytecode."""
    files = build("reference", HERE)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return sum(len(data) for name, data in files.items() if name.endswith(".mpy"))


def said(vm: str, heap: str, script: str, *arguments: str) -> list[int]:
    """Returns the numbers that a script of the bench prints."""
    done = subprocess.run(
        [vm, "-X", f"heapsize={heap}", str(BENCH / script), *arguments], capture_output=True, text=True, cwd=ROOT
    )
    if done.returncode:
        raise SystemExit(f"headroom: {script}: {(done.stderr.strip() or 'no answer').splitlines()[-1]}")
    return [int(word) for word in done.stdout.split() if word.isdigit()]


def from_rom(vm: str, folder: str) -> int:
    """Returns what is kept when the same files lie in a ROMFS, where code and texts are used where they are."""
    with tempfile.TemporaryDirectory() as made:
        image = f"{made}/firmware.romfs"
        command = [sys.executable, "-m", "mpremote", "romfs", "--no-mpy", "--output", image, "build", folder]
        subprocess.run(command, check=True, capture_output=True)
        before, _, ready = said(vm, "4m", "heap.py", image)
    return ready - before


def main() -> None:
    """Prints the figures."""
    vm, valgrind = runner.micropython(), shutil.which("valgrind")
    if vm is None:
        print("Heap: needs the MicroPython VM; skipped")
        return
    with tempfile.TemporaryDirectory() as folder:
        compiled = put(Path(folder))
        before, imported, ready = said(vm, "4m", "heap.py", folder)
        kept = ready - before
        print(f"Heap: {kept / 1000:.0f} kB kept on this 64-bit VM: {(imported - before) / 1000:.0f} kB code and names "
              f"of {compiled / 1000:.0f} kB .mpy, {(ready - imported) / 1000:.0f} kB records and buffers")  # fmt: skip
        print(f"  on 32 bits about {kept * ON_32_BITS / 1000:.0f} kB (by a ratio measured once), of {CHIP_KB} kB that the "
              f"ESP32 has; the aim was {AIM_KB} kB")  # fmt: skip
        saved = kept - from_rom(vm, folder)
        print(f"  from a ROMFS (an image of MicroPython built with one) {saved / 1000:.0f} kB less: on 32 bits about "
              f"{(kept * ON_32_BITS - saved) / 1000:.0f} kB")  # fmt: skip
        if valgrind is None:
            print("Boot: needs valgrind to count instructions; skipped")
        else:
            tool = [valgrind, "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
            counts = [counted(tool, vm, BENCH / "heap.py", folder, *rest) for rest in ((), ("nothing",))]
            boot = counts[0] - counts[1]
            print(f"Boot: {boot / 1e6:.1f} million instructions until ready, at {MHZ} MHz and {CYCLES} cycles each "
                  f"{boot * CYCLES / MHZ / 1000:.0f} ms, without reading the flash")  # fmt: skip
    free, block, free_then, block_then = said(vm, "2m", "month.py")
    print(f"After a month of use: largest free block {block_then / 1000:.1f} of {block / 1000:.1f} kB, "
          f"{(free - free_then) / 1000:.1f} kB more kept, on 64 bits")  # fmt: skip


if __name__ == "__main__":
    main()
