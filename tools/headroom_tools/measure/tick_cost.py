"""What deciding costs: VM instructions of a steady tick and of the dearest one of many.

Run as ``python -m headroom_tools.measure.tick_cost`` (`make bench`). Two counts of the same ticks of law and guard:
bytecodes, one by one, as CPython's VM runs them, and the processor's instructions in the MicroPython VM where valgrind is there.
Then the parts of a whole tick, scan included, by the same count: of the firmware with its constants folded, as it is flashed,
on a reference board that charges a car; the samples lie there already, for a conversion is not arithmetic. The heap has just
been tidied up, as on the chip: a call of a function with many locals looks for room in it (py/objfun.c of MicroPython), and a
heap full of garbage makes that dearer than the function.
That a steady tick allocates nothing is a test (host_tests/test_steady_tick_allocates_nothing.py).
"""

import ast
import re
import shutil
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

from headroom_tools.common.ending import ended
from headroom_tools.device.folding import constants, folded
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

PARTS = ("look", "scan", "law", "guard", "act", "energy", "serve")
PART_ROUNDS = 40
# A marker splits the count: callgrind writes what was collected whenever ``gc.isenabled`` is entered.
MARKER = "gc_isenabled"
PART_TICKS = """
import gc, sys
sys.path[:0] = [{tools!r}]
from gc import isenabled as mark
from bench import idle
from bench.table import Table

table = Table([(0, 5000, 4000, 3000)], breaker_ma=25000, phases=3, car_phases=3, car_ma=16000)
idle.live(table, 120000)
table.live(3000)
charger = table.charger
for owner, name in (
    (charger.scan, "read"), (charger.car_check, "bounded"), (charger.guard, "judge"), (charger.energy, "step"),
    (charger, "serve"),
):
    delattr(owner, name)  # the bench's price is no arithmetic of the firmware's
state, kept, whole = charger.scan.state, list(charger.scan.state), [True]


def fill(*_):
    for place in {filled!r}:
        state[place] = kept[place]
    if not whole[0]:
        state[{window_us}] = 0


sys.modules["headroom.sense.window"].fill = fill
readings, in_force, verdict, proposal = charger.readings, charger.in_force, charger.verdict, charger.proposal


def look():
    whole[0] = False
    charger.scan.read(readings, charger.outputs.duty_u16)
    charger.inputs.read(readings)
    whole[0] = True


def scan():
    charger.scan.read(readings, charger.outputs.duty_u16)
    charger.inputs.read(readings)


def law():
    charger.law.propose(25, readings, in_force, proposal)
    charger.car_check.bounded(25, readings, in_force, proposal)


def guard():
    charger.guard.judge(25, readings, proposal, in_force, verdict)


def act():
    charger.outputs.apply(verdict, 25)
    in_force.take(verdict)


def energy():
    charger.energy.step(25, readings, proposal, verdict.closed, charger.limits)


def serve():
    charger.serve(25)


assert verdict.closed
for part in (look, scan, law, guard, act, energy, serve):
    part()
    gc.collect()
    mark()
    for _ in range({rounds}):
        part()
    mark()
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


def parts() -> dict[str, int] | None:
    """Returns the instructions of each part of a steady tick in the MicroPython VM; None without valgrind or VM."""
    vm, valgrind = runner.micropython(), shutil.which("valgrind")
    if vm is None or valgrind is None:
        return None
    firmware = ROOT / "firmware"
    texts = {path.relative_to(firmware).as_posix(): path.read_text("utf-8") for path in firmware.rglob("*.py")}
    places = constants(ast.parse(texts["headroom/sense/window.py"]))
    taken = [places[name] + plateau for name in ("TAKEN", "SUM") for plateau in (0, 1)]
    filled = [places["COUNT"], places["ELAPSED_US"], places["PARTED"], *taken]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in folded(texts).items():
            (folder / "firmware" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "firmware" / path).write_text(text, "utf-8")
        (folder / "tools").mkdir()
        (folder / "tools" / "bench").symlink_to(ROOT / "tools" / "bench")
        (folder / "boards").symlink_to(ROOT / "boards")
        script = folder / "parts.py"
        script.write_text(
            PART_TICKS.format(
                tools=str(folder / "tools"), filled=filled, window_us=places["WINDOW_US"], rounds=PART_ROUNDS
            ),
            "utf-8",
        )
        counted(
            [valgrind, "--tool=callgrind", f"--dump-before={MARKER}", f"--callgrind-out-file={folder}/out"], vm, script
        )
        return {part: _collected(folder / f"out.{2 * place + 2}") // PART_ROUNDS for place, part in enumerate(PARTS)}


def _collected(dump: Path) -> int:
    """Returns what one of callgrind's dumps counted."""
    found = re.search(r"^(?:summary|totals): (\d+)", dump.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"headroom: valgrind: no count in {dump.name}")
    return int(found[1])


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

    by_part = parts()
    if by_part is None:
        return
    print(
        "Tick: thousands of instructions by part, on the PC's VM; look is the part of scan that an early window pays too"
    )
    print("  " + "   ".join(f"{part} {count / 1000:.0f}" for part, count in by_part.items()))
    print(f"  in all {(sum(by_part.values()) - by_part['look']) / 1000:.0f}")


if __name__ == "__main__":
    ended(main)
