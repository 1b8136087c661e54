"""What deciding costs: VM instructions of a steady tick and of the dearest one of many.

Run as ``python -m headroom_tools.measure.tick_cost`` (`make bench`). Two counts of the same ticks of law and guard:
bytecodes, one by one, as CPython's VM runs them, and the processor's instructions in the MicroPython VM where valgrind is there.
That a steady tick allocates nothing is a test (host_tests/test_steady_tick_allocates_nothing.py).
"""

import shutil
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

from headroom_tools.common.ending import ended
from headroom_tools.measure.kernel_cost import ROOT, counted
from headroom_tools.sim import runner

STEADY, MOVING = 300, 3000
VALGRIND_TICKS = 300

# Law and guard by themselves on three phases; 40 s after the plug the car charges and nothing moves, or the house does.
TICKS = """
import sys
sys.path[:0] = [{firmware!r}]
from headroom.law.balance import Balance
from headroom.guard.guard import Guard
from headroom.terms.records import InForce, Limits, Proposal, Readings, Verdict

limits, readings, proposal, in_force, verdict = Limits(), Readings(), Proposal(), InForce(), Verdict()
limits.phases, limits.breaker_ma, limits.charger_ma = 3, 25000, 32000
law, guard = Balance(limits), Guard(limits)
readings.grid_ok = readings.pilot_ok = True
readings.pilot_high_mv, readings.pilot_low_mv = 8978, -12000


def tick(house_ma):
    for phase in range(3):
        readings.grid_ma[phase] = house_ma + verdict.closed * verdict.offer_ma
    readings.contactor_closed = verdict.closed
    law.propose(25, readings, in_force, proposal)
    guard.judge(25, readings, proposal, in_force, verdict)
    in_force.take(verdict)


def moving(number):
    tick(number // 7 % 11 * 2300)


for number in range(1600):
    readings.pilot_high_mv = 12000 if number < 100 else 8978 if number < 400 else 5993
    tick(5000)
assert verdict.closed
"""
RUN = """
for number in range(int(sys.argv[1])):
    tick(5000)
"""


def bytecodes() -> tuple[int, int]:
    """Returns the most bytecodes that CPython runs for a steady tick, and for one of a house that moves."""
    names: dict[str, Any] = {}
    exec(TICKS.format(firmware=str(ROOT / "firmware")), names)
    count = 0

    def watch(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return watch

    most = []
    for function, numbers in ((names["tick"], [5000] * STEADY), (names["moving"], list(range(MOVING)))):
        dearest = 0
        for number in numbers:
            count = 0
            sys.settrace(watch)
            function(number)
            sys.settrace(None)
            dearest = max(dearest, count)
        most.append(dearest)
    return most[0], most[1]


def instructions() -> float | None:
    """Returns the processor's instructions for a steady tick in the MicroPython VM; None without valgrind or VM."""
    vm, valgrind = runner.micropython(), shutil.which("valgrind")
    if vm is None or valgrind is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "ticks.py"
        script.write_text(TICKS.format(firmware=str(ROOT / "firmware")) + RUN, encoding="utf-8")
        command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        few, many = (counted(command, vm, script, str(ticks)) for ticks in (1, 1 + VALGRIND_TICKS))
    return (many - few) / VALGRIND_TICKS


def main() -> None:
    """Prints the counts."""
    steady, moving = bytecodes()
    print(f"Decide: law and guard on three phases, at most {steady} bytecodes for a steady tick, {moving} for one of")
    print(
        f"  {MOVING} in which the house steps and the car is cut, paused and resumed (CPython {sys.version.split()[0]})"
    )
    on_vm = instructions()
    if on_vm is None:
        print("  instructions in the MicroPython VM: needs valgrind and that VM; skipped")
    else:
        print(f"  a steady tick: {on_vm:.0f} instructions of the PC's processor in the MicroPython VM")


if __name__ == "__main__":
    ended(main)
