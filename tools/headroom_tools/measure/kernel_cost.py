"""What a sample costs: instructions of the kernel on a 32-bit core, and of all that is not the conversion in the scan.

Run as ``python -m headroom_tools.measure.kernel_cost`` (`make bench`).
"""

import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from headroom_tools.boards.board import load
from headroom_tools.boards.board_commands import board_path
from headroom_tools.common.ending import ended
from headroom_tools.measure.arm32 import DATA, Core
from headroom_tools.sim import runner

ROOT = Path(__file__).resolve().parents[3]
SENSE = ROOT / "firmware" / "headroom" / "sense"
BLOCK = 32
MHZ = 240  # ESP32, default clock of the port
CYCLES = 2  # for an instruction counted on the PC's VM: cache misses and windowed calls; estimated until measured

PLAIN = """import micropython
@micropython.viper
def sums(out: ptr32, samples: ptr16, count: int, zero: int):
    total = 0
    squares = 0
    index = 0
    while index < count:
        x = samples[index] - zero
        total += x
        squares += x * x
        index += 1
    out[0] = total
    out[1] = squares
"""

# The window's own loop on the VM, with its real clock; for ADC.read stands a builtin that does next to nothing.
LOOP = """import sys
from array import array
sys.path.insert(0, {firmware!r})
from headroom.sense import window
from gc import isenabled
from utime import ticks_us
rounds = int(sys.argv[1])
state = array("i", [0] * window.SIZE)
state[window.CHANNELS] = 3
state[window.CAPACITY] = 1000
state[window.WINDOW_US] = 1 << 29
state[window.FROM_TENTH_US] = 1 << 28
state[window.SLOT_TENTH_US] = 400
state[window.ROUND_TENTH_US] = 1200
state[window.WATCHED] = 3
state[window.TRIP_LEVELS] = 0
samples = array("H", bytearray(8000))
for _ in range(rounds):
    state[window.COUNT] = 0
    state[window.START_US] = ticks_us() & 0x3FFFFFFF
    window.fill(0, 0, samples, state, *[isenabled] * 5, ticks_us, isenabled, isenabled)
"""
LOOP_SAMPLES = 3000

# The same sums, as a batch of blocks after the window, and as a running sum that is called for every sample.
BATCH = """import sys
from array import array
sys.path.insert(0, {firmware!r})
import micropython
from headroom.sense import kernel
how, rounds = sys.argv[1], int(sys.argv[2])
samples = array("H", [1570] * 3008)
blocks = [memoryview(samples)[start : start + 32] for start in range(0, 3008, 32)]
out = array("i", [0, 0, 0])

@micropython.viper
def add(x: int, out: ptr32):
    out[0] += x
    x = x * x + out[1]
    out[1] = x & 0xFFFFF
    out[2] += x >> 20

@micropython.viper
def stream(samples: ptr16, count: int, out):
    index = 0
    while index < count:
        add(int(samples[index]), out)
        index += 1

for _ in range(rounds):
    out[0] = out[1] = out[2] = 0
    if how == "stream":
        stream(samples, 3008, out)
    else:
        for block in blocks:
            kernel.sums(block, 0, 0, out)
"""
BATCH_SAMPLES = 3008


def kernel_instructions() -> tuple[float, float]:
    """Instructions a sample, call included: the firmware's kernel and the plain loop, for one block."""
    samples = struct.pack(f"<{BLOCK}H", *[1570] * BLOCK)
    memory = bytes(64) + samples
    tight = Core((SENSE / "kernel.py").read_text("utf-8")).call("sums", (DATA + 64, 0, 0, DATA), memory)
    plain = Core(PLAIN).call("sums", (DATA, DATA + 64, BLOCK, 1570), memory)
    return tight.instructions / BLOCK, plain.instructions / BLOCK


def vm_instructions(source: str, samples: int, *arguments: str) -> float | None:
    """Instructions a sample of a script on the PC's MicroPython VM, its start left out; None without valgrind or VM."""
    vm, valgrind = runner.micropython(), shutil.which("valgrind")
    if vm is None or valgrind is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "loop.py"
        script.write_text(source.replace("{firmware!r}", repr(str(ROOT / "firmware"))), encoding="utf-8")
        counts = [
            counted(
                [valgrind, "--tool=callgrind", f"--callgrind-out-file={folder}/out"], vm, script, *arguments, str(n)
            )
            for n in (1, 11)
        ]
    return (counts[1] - counts[0]) / (10 * samples)


def counted(valgrind: list[str], vm: str, script: Path, *arguments: str) -> int:
    """Returns how many instructions a run of the script takes; whole, the interpreter's start included."""
    result = subprocess.run([*valgrind, vm, str(script), *arguments], capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", result.stderr)
    if found is None or result.returncode:
        raise SystemExit(f"headroom: valgrind: {(result.stderr.strip() or 'no answer').splitlines()[-1]}")
    return int(found[1])


def main() -> None:
    """Prints both figures and what they mean for samples a cycle."""
    tight, plain = kernel_instructions()
    print("Kernel: sum and sum of squares, 32-bit ARM, compiled by mpy-cross, instructions a sample and channel")
    print(f"  headroom {tight:5.1f}   plain viper loop {plain:5.1f}")
    batch, stream = (vm_instructions(BATCH, BATCH_SAMPLES, how) for how in ("batch", "stream"))
    outside = vm_instructions(LOOP, LOOP_SAMPLES)
    if outside is None or batch is None or stream is None:
        print("Scan: needs valgrind and the MicroPython VM to count instructions; skipped")
        return
    print("The sums on the PC's VM, instructions a sample")
    print(f"  batch after the window {batch:5.1f}   running sum, called for each sample {stream:5.1f}")
    board = load(board_path("reference"))
    convert_us, channels = board["ADC_READ_US"], len(board["CT_PINS"])
    outside_us = outside * CYCLES / MHZ
    share = convert_us / (convert_us + outside_us)
    rounds = 20000 / (channels * (convert_us + outside_us))
    print(f"Scan: {outside:.0f} instructions a sample outside the conversion (clock, loop, calls), on the PC's VM")
    print(
        f"  at {MHZ} MHz and {CYCLES} cycles each {outside_us:.1f} us beside a conversion of {convert_us} us: "
        f"{100 * share:.1f} % of the scan converts, {rounds:.0f} samples a cycle of 50 Hz on {channels} clamps"
    )


if __name__ == "__main__":
    ended(main)
