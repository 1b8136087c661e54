"""What deciding costs: VM instructions of a steady tick and of the dearest one of many.

Run as ``python -m headroom_tools.measure.tick_cost`` (`make bench`). Two counts of the same ticks of law and guard:
bytecodes, one by one, as CPython's VM runs them, and the processor's instructions in the MicroPython VM where valgrind is there.
Then the parts of a whole tick, scan included, by the same count, on a reference board that charges a car: of the source with
its constants folded, and of what `headroom flash` makes of it, modules linked, functions inlined, names exchanged. The samples
lie there already, for a conversion is not arithmetic. The heap has just been tidied up, as on the chip: a call of a function with
many locals looks for room in it (py/objfun.c of MicroPython), and a heap full of garbage makes that dearer than the function.
That a steady tick allocates nothing is a test (host_tests/test_steady_tick_allocates_nothing.py).
"""

import ast
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from headroom_tools.common.ending import ended
from headroom_tools.device.flash import FIRMWARE, apart, facts, sources, squeezed
from headroom_tools.device.folding import constants, folded
from headroom_tools.device.naming import translated
from headroom_tools.measure.heap_cost import HERE
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
ROOM = "gc_alloc"
# The bench's chip and world, in a file of their own: what the firmware as flashed calls by other names, they call as ever.
RIG = """
import sys
sys.path[:0] = [{tools!r}]
from bench import host
from bench.chip import chip as chips
from bench.chip.nor import RamFiles
from bench.table import DEFAULTS, DeafPort
from bench.world import analog
from bench.world.world import World

module = host.load("reference")
scenario = dict(DEFAULTS)
scenario.update(breaker_ma=25000, phases=3, car_phases=3, car_ma=16000)
chip = chips.Chip(module.board.ADC_READ_US, module.board.ADC_SAMPLE_US, scenario["micropython"])
chips.attach(chip)
world = World(chip, module.board, scenario, [(0, 5000, 4000, 3000)])
analog.wire(world)
host.load("reference", "boot", fresh=False)
STEP_MS = 1000


def step():
    chip.leap(STEP_MS * 1000)
    world.advance(world.t_ms + STEP_MS)


def line_ma(phase):
    return world.line_ma(phase, world.car.drawn_ma)


def drawn_ma():
    return world.car.drawn_ma


def pilot_mv(high):
    return world.pilot_mv(high)
"""
PART_TICKS = """
import gc, sys
from gc import isenabled as mark
import rig

assert rig.module.__file__.startswith({folder!r}), rig.module.__file__

charger = rig.module.Charger(None, rig.DeafPort(), getattr(rig.module, {store!r})(rig.RamFiles()))
charger.settings.values.update({{"breaker_ma": 25000, "charger_ma": 16000}})
for _ in charger.applying(): pass
charger.started()


class Coarse:
    early = False  # of its names those of the firmware only: two of other classes may be one on the chip

    def read(self, readings, duty_u16):
        rig.step()
        for phase in range(3):
            readings.grid_ma[phase] = rig.line_ma(phase)
        readings.grid_ok = readings.pilot_ok = readings.car_ok = True
        readings.car_ma = rig.drawn_ma()
        readings.quality[:] = (0, 0, 0)
        readings.pilot_high_mv = rig.pilot_mv(duty_u16 > 0)
        readings.pilot_low_mv = rig.pilot_mv(0)


real, coarse = charger.scan, Coarse()
for second in range(120):
    charger.scan = coarse if second % 60 else real
    charger.tick()
charger.scan = real
for _ in range(120):
    charger.tick()
state, kept, whole = charger.scan.state, list(charger.scan.state), [True]


def fill(*_):
    for place in {filled!r}:
        state[place] = kept[place]
    if not whole[0]:
        state[{window_us}] = 0


setattr(sys.modules[{sense!r}], {fill!r}, fill)
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


@dataclass(frozen=True)
class Form:
    """What the firmware is like for a count: its files, and what it calls what the count asks for."""

    files: dict[str, bytes]
    attributes: dict[str, str]
    sense: str = "headroom.sense.window"
    fill: str = "fill"
    store: str = "Store"


def source() -> Form:
    """Returns the source, its constants folded."""
    texts = folded(sources())
    return Form({name: text.encode() for name, text in texts.items()}, {})


def flashed() -> Form:
    """Returns what `headroom flash` makes of it for the reference board, for this PC's VM."""
    files = squeezed(tuple(sources().items()), facts("reference"))
    charger, sense = files["headroom/charger.py"].names, files["headroom/sense_linked.py"].names
    built = {name: data for name, data in apart("reference", HERE).items() if name != "board.py"}
    return Form(
        built, charger.attributes, "headroom.sense_linked", sense.globals.get("fill", "fill"), charger.globals["Store"]
    )


@dataclass(frozen=True)
class Count:
    """Instructions of a part of the tick."""

    all: int
    room: int  # of them to look for room in the heap: by gc_alloc of MicroPython, for a function with many locals

    @property
    def work(self) -> int:
        """Returns those that no heap decides."""
        return self.all - self.room


def parts(form: Form) -> dict[str, Count] | None:
    """Returns the instructions of each part of a steady tick in the MicroPython VM; None without valgrind or VM."""
    vm, valgrind = runner.micropython(), shutil.which("valgrind")
    if vm is None or valgrind is None:
        return None
    places = constants(ast.parse((FIRMWARE / "headroom/sense/window.py").read_text("utf-8")))
    taken = [places[name] + plateau for name in ("TAKEN", "SUM") for plateau in (0, 1)]
    filled = [places["COUNT"], places["ELAPSED_US"], places["PARTED"], *taken]
    script = PART_TICKS.format(
        folder="FOLDER", filled=filled, window_us=places["WINDOW_US"], rounds=PART_ROUNDS,
        sense=form.sense, fill=form.fill, store=form.store,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = translated(script.replace("FOLDER", name), form.attributes)
        files = {f"firmware/{path}": data for path, data in form.files.items()}
        files |= {"rig.py": RIG.format(tools=str(folder / "tools")).encode(), "parts.py": script.encode()}
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        for each in ("tools/bench", "boards"):  # copied: behind a link the bench would find the repo's own firmware
            shutil.copytree(ROOT / each, folder / each)
        counted(
            [valgrind, "--tool=callgrind", f"--dump-before={MARKER}", f"--callgrind-out-file={folder}/out"],
            vm,
            folder / "parts.py",
        )
        dumps = [(folder / f"out.{2 * place + 2}").read_text("utf-8") for place in range(len(PARTS))]
    counts = (Count(whole_count(dump) // PART_ROUNDS, of_function(dump, ROOM) // PART_ROUNDS) for dump in dumps)
    return dict(zip(PARTS, counts, strict=True))


def whole_count(dump: str) -> int:
    """Returns what one of callgrind's dumps counted."""
    found = re.search(r"^(?:summary|totals): (\d+)", dump, re.MULTILINE)
    if found is None:
        raise SystemExit("headroom: valgrind: no count in a dump")
    return int(found[1])


def of_function(dump: str, name: str) -> int:
    """Returns what a function itself took, by one of callgrind's dumps: what it called stands behind `calls=`, and is not it."""
    mark = re.search(rf"^c?fn=(\(\d+\)) {name}$", dump, re.MULTILINE)
    if mark is None:
        return 0
    total, inside, called = 0, False, False
    for line in dump.splitlines():
        if line.startswith("fn="):
            inside = line.startswith("fn=" + mark[1])
        elif line.startswith("calls="):
            called = True
        elif inside and re.match(r"[\d+*-]", line):
            total += 0 if called else int(line.split()[1])
            called = False
        elif re.match(r"[\d+*-]", line):
            called = False
    return total


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

    written, made = parts(source()), parts(flashed())
    if written is None or made is None:
        return
    print(
        "Tick: thousands of instructions by part, on the PC's VM; look is the part of scan that an early window pays too"
    )
    for told, by_part in (("as written", written), ("as flashed", made)):
        shown = "   ".join(f"{part} {count.all / 1000:.0f}" for part, count in by_part.items())
        print(f"  {told}: {shown}   in all {_whole(by_part).all / 1000:.0f}")
    one, other = _whole(written), _whole(made)
    print(f"  flashed by written: {other.all / one.all:.2f}")
    print(f"  without looking for room in the heap ({other.room / 1000:.0f} and {one.room / 1000:.0f}), which is by what lies "
          f"there: {other.work / 1000:.0f} by {one.work / 1000:.0f}, {other.work / one.work:.2f}")  # fmt: skip


def _whole(by_part: dict[str, Count]) -> Count:
    counts = [count for part, count in by_part.items() if part != "look"]
    return Count(sum(count.all for count in counts), sum(count.room for count in counts))


if __name__ == "__main__":
    ended(main)
