"""What the firmware costs the chip: heap it keeps, by room and by part, what a day leaves of it, instructions until it is ready.

Run as ``python -m headroom_tools.measure.heap_cost`` (`make bench`). The heap is that of a real 32-bit VM (measure/vm32.py),
with the firmware compiled and folded as `headroom flash` does it. Its viper functions are empty there: on the chip their code
lies outside the heap, in memory that can be executed. The ESP32's image knows more names by itself than this VM: seen on an
emulated chip, the firmware of November 2026 kept 131.8 kB where this VM said 136.1.
"""

import ast
import functools
import itertools
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from headroom_tools.boards.board import BOARDS_DIR, load
from headroom_tools.common.ending import ended
from headroom_tools.common.errors import SimulatorFailed
from headroom_tools.common.places import ROOT
from headroom_tools.device.flash import FIRMWARE, PLAIN, Chip, apart, crossed, sources, squeezed
from headroom_tools.device.folding import constants, folded
from headroom_tools.device.linking import LINKED, File
from headroom_tools.device.naming import translated
from headroom_tools.measure import vm32
from headroom_tools.measure.kernel_cost import CYCLES, MHZ, counted
from headroom_tools.sim import runner

BENCH = ROOT / "tools" / "bench"
HERE = Chip("linux", "PC", (1, 23, 0), 6 | 3 << 8 | 2 << 10, 0)
AIM_KB, AIM_FREE_KB, AIM_BLOCK_KB, AIM_SMALLEST_KB = 95, 60, 16, 80
HOURS = 24
ASKED = 30  # lines of the console, between the hours
MADE = "records and buffers"
RIG = {name: (BENCH / name).read_text("utf-8") for name in ("heap.py", "day.py")}
BEGIN = "import gc, heap, micropython, sys\nsys.path.insert(0, '/')\nheap.begin('/firmware')\ngc.collect()"
TELL = "micropython.mem_info(1)"
COLLECT = "gc.collect()"


def without_viper(text: str, bodies: bool) -> str:
    """Returns a module for a VM that has no native code; its viper functions without their ``bodies``, or as plain ones."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if ast.unparse(decorator) not in ("micropython.viper", "micropython.native"):
                continue
            lines[decorator.lineno - 1] = ""
            if not bodies:
                first, last = node.body[0].lineno - 1, node.end_lineno or 0
                lines[first:last] = [" " * node.body[0].col_offset + "pass"] + [""] * (last - first - 1)
    return "\n".join(lines) + "\n"


def without_docstring(text: str) -> str:
    """Returns a module that the VM compiles itself, as the ESP32's keeps it: that one has no MICROPY_ENABLE_DOC_STRING."""
    first = ast.parse(text).body[0]
    said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return "\n" * (first.end_lineno or 0) + "".join(text.splitlines(True)[first.end_lineno or 0 :]) if said else text


Cuts = tuple[tuple[str, str, str], ...]  # file, what stands there once, what stands there instead
TWO_PORTS = "reference with a second port"  # no board of this repo has a meter's port beside the RS-485 one
SECOND_PORT = {"METER_TX_PIN": 4, "METER_RX_PIN": 5, "METER_INVERTED": True}


@functools.cache
def board_file(board: str) -> bytes:
    """Returns a board's file."""
    text = (BOARDS_DIR / board.partition(" ")[0] / "board.py").read_text("utf-8")
    for name, value in SECOND_PORT.items() if board == TWO_PORTS else ():
        text, count = re.subn(rf"(?m)^{name} = \w+", f"{name} = {value}", text)
        assert count == 1, name
    return text.encode()


@functools.cache
def facts(board: str) -> tuple[tuple[str, object], ...]:
    """Returns the constants of a board."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "board.py"
        file.write_bytes(board_file(board))
        return tuple(sorted(load(file).values.items()))


@functools.cache
def texts(board: str, linked: bool = True, cuts: Cuts = ()) -> dict[str, File]:
    """Returns what is compiled for the 32-bit VM: as it is flashed, but without viper; or each module by itself."""
    found = sources()
    for name, old, new in cuts:
        if found[name].count(old) != 1:
            raise SimulatorFailed(f"{name}: a cut that is not found once: {old.strip().splitlines()[0]}")
        found[name] = found[name].replace(old, new)
    if linked:
        made = squeezed(tuple(found.items()), facts(board))
    else:
        made = {name: File(text) for name, text in folded(found, PLAIN).items()}
    return {name: replace(file, text=without_viper(file.text, False)) for name, file in made.items()}


def firmware(board: str, linked: bool = True, cuts: Cuts = ()) -> dict[str, bytes]:
    """Returns the files of a version for the 32-bit VM, in its folder `firmware`."""
    files = crossed(texts(board, linked, cuts), ())
    files["board.py"] = without_docstring(board_file(board).decode()).encode()
    return {"firmware/" + name: data for name, data in files.items()}


def rig(board: str, linked: bool = True, cuts: Cuts = ()) -> dict[str, bytes]:
    """Returns what stands beside the firmware, which calls its attributes as it does."""
    attributes = texts(board, linked, cuts)["headroom/charger.py"].names.attributes
    return {name: translated(text, attributes).encode() for name, text in RIG.items()}


def in_order(modules: set[str], files: dict[str, File]) -> list[str]:
    """Returns the modules, each after those that it imports, whatever the board."""
    done: list[str] = []
    seen: set[str] = set()

    def visit(module: str) -> None:
        if module in seen or module not in modules:
            return
        seen.add(module)
        file = files.get(module.replace(".", "/") + ".py")
        for node in ast.parse(file.text).body if file else ():
            if isinstance(node, ast.ImportFrom):
                visit(node.module or "")
                for alias in node.names:
                    visit(f"{node.module}.{alias.name}")
        done.append(module)

    for module in ["headroom.charger", *sorted(modules)]:
        visit(module)
    return done


@dataclass(frozen=True)
class Kept:
    """What a board's firmware keeps, and leaves."""

    parts: dict[str, int]  # module: bytes; and MADE
    free: int
    largest: int

    @property
    def total(self) -> int:
        """Returns the bytes kept in all."""
        return sum(self.parts.values())

    @property
    def rooms(self) -> dict[str, int]:
        """Returns bytes by the folder in which the modules lie; those beside the folders count for "root"."""
        found: dict[str, int] = {}
        for module, kept in self.parts.items():
            room = module.split(".")[1].removesuffix(LINKED) if "." in module else module
            if module != MADE and not (FIRMWARE / "headroom" / room).is_dir():
                room = "root"
            found[room] = found.get(room, 0) + kept
        return found


@functools.cache
def kept(board: str, linked: bool = True, cuts: Cuts = ()) -> Kept:
    """Measures what a board's firmware keeps, ready; not ``linked``: for what each of its modules takes by itself."""
    files = firmware(board, linked, cuts) | rig(board, linked, cuts)
    listed = vm32.run(
        [BEGIN, "import shelf, headroom.charger",
         "print([each for each in sys.modules if each.split('.')[0] in ('headroom', 'board', 'shelf')])",
         "print(heap.watched(heap.make))"],
        files, 2 * vm32.CHIP_BYTES, bare=False,
    ).splitlines()  # fmt: skip
    modules, passing = (
        in_order(set(ast.literal_eval(listed[0])), texts(board, linked, cuts)),
        ast.literal_eval(listed[1]),
    )
    steps: vm32.Steps = [BEGIN, TELL]
    for module in modules:
        steps += [f"import {module}\n{COLLECT}", TELL]
    steps += [f"import {module}\n{COLLECT}" for module in passing]  # else their garbage would make the heap grow
    heaps = vm32.heaps(
        vm32.run([*steps, f"made = heap.make()\n{COLLECT}", f"heap.started(made)\n{COLLECT}", TELL], files, bare=False)
    )
    used = [heap.used for heap in heaps]
    parts = {
        name: after - before for name, (before, after) in zip([*modules, MADE], itertools.pairwise(used), strict=True)
    }
    return Kept(parts, heaps[-1].free + used[0], heaps[-1].largest)


@functools.cache
def costs(board: str, module: str) -> int:
    """Returns the bytes that a module which is read only when a setting asks for it takes then."""
    files = firmware(board) | rig(board)
    steps: vm32.Steps = [BEGIN, f"import headroom.charger\n{COLLECT}", TELL, f"import {module}\n{COLLECT}", TELL]
    before, after = vm32.heaps(vm32.run(steps, files, bare=False))
    return after.used - before.used


# what a household with a bus may ask for: its settings, and whether this charger leads; a group and a manager need the same port
GROUP = {"bus": 2, "group_no": 1, "group_size": 32, "group_ma": 63000, "group_safe_ma": 0}
P1 = {"meter": 14}
WIRED: dict[str, tuple[dict[str, int], bool]] = {
    "a meter on the bus": ({"bus": 1, "meter": 3}, False),
    "a manager": ({"bus": 3}, False),
    "a group of 32": (GROUP, False),
    "a group of 32 that it leads": (GROUP, True),
}
BOTH: dict[str, tuple[dict[str, int], bool]] = {
    "a P1 meter": (P1, False),
    "a P1 meter and a manager": (P1 | {"bus": 3}, False),
    "a P1 meter and a group of 8 that it leads": (P1 | GROUP | {"group_size": 8}, True),
    "a P1 meter and a group of 32 that it leads": (P1 | GROUP, True),
}


@functools.cache
def wired(board: str, asked: str) -> tuple[int, int]:
    """Returns the bytes that a row of WIRED or BOTH takes once it is set, and what is free then."""
    values, leads = (WIRED | BOTH)[asked]
    steps: vm32.Steps = [BEGIN, TELL, f"import headroom.charger\n{COLLECT}", f"made = heap.make()\n{COLLECT}"]
    steps += [f"heap.started(made)\n{COLLECT}", TELL, f"heap.set_to(made, {values!r})\n{COLLECT}"]
    steps += [f"heap.led(made)\n{COLLECT}"] * leads
    empty, before, after = vm32.heaps(vm32.run([*steps, TELL], firmware(board) | rig(board), bare=False))
    return after.used - before.used, after.free + empty.used


@dataclass(frozen=True)
class Day:
    """What a day of console and faults leaves of the heap."""

    least_free: int  # with an answer in memory, garbage not counted
    largest_then: int
    largest_after: int
    more: int  # kept in the end than when ready: names once read stay


@functools.cache
def day(board: str) -> Day:
    """Lets a day go by, with a look at the heap after each hour and in the middle of each answer."""
    clock = (ROOT / "tools" / "vm32" / "time.py").read_bytes()
    files = firmware(board) | rig(board) | {"time.py": clock}
    steps: vm32.Steps = [
        BEGIN,
        TELL,
        "import shelf, headroom.charger\ngc.collect()",
        TELL,
        "import day\ngc.collect()",
        TELL,
    ]
    steps += [f"day.start({vm32.CHIP_BYTES})", COLLECT, "tick, slow = day.tick, day.slow", TELL]
    for number in range(HOURS):
        steps += [f"day.hour({number})", ("slow", 90), COLLECT, TELL]
        for line in range(ASKED * number // HOURS, ASKED * (number + 1) // HOURS):
            steps += [f"day.ask({line})", ("tick", 12), COLLECT, TELL, ("tick", 80), COLLECT, TELL]
    empty, imported, beside, ready, *seen = vm32.heaps(vm32.run(steps, files, bare=False))
    extra = empty.used + beside.used - imported.used
    least = min(seen, key=lambda heap: heap.free)
    return Day(least.free + extra, min(heap.largest for heap in seen), seen[-1].largest, seen[-1].used - ready.used)


STARTED = """
import gc, micropython, sys
sys.path[:0] = [{folder!r}, {rig!r}]
import heap
heap.begin({folder!r})
gc.threshold({collects})
import headroom.charger
made = heap.make()
gc.threshold(-1)
made.started()
gc.collect()
micropython.mem_info(1)
"""


def in_one_piece(vm: str, collects: int) -> tuple[int, int]:
    """Returns the bytes that are free once the reference board's firmware is ready, and the most of them in one piece.

    On a VM that can collect in the middle of a start, as the chip can and the 32-bit one cannot: it has 64-bit words, and a heap
    twice the chip's. ``collects``: after so many bytes, as main.py has it; -1: only when the heap is full.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, data in {**apart("reference", HERE), "rig/heap.py": rig("reference")["heap.py"]}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        script = folder / "start.py"
        script.write_text(STARTED.format(folder=name, rig=str(folder / "rig"), collects=collects), "utf-8")
        command = [vm, "-X", f"heapsize={2 * vm32.CHIP_BYTES}", str(script)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"free: (\d+)[\s\S]*max free sz: (\d+)", said)
    assert found is not None, said
    return int(found[1]), int(found[2]) * 2 * vm32.BLOCK


def start_bytes() -> int:
    """Returns after how many bytes main.py has the start collect."""
    return constants(ast.parse((FIRMWARE / "main.py").read_text("utf-8")))["START_BYTES"]


def boards() -> list[str]:
    """Returns the boards of this repo, the reference first."""
    found = sorted(path.parent.name for path in BOARDS_DIR.glob("*/board.py"))
    return ["reference", *(name for name in found if name != "reference")]


def in_kb(figures: dict[str, int]) -> str:
    """Returns figures with their names, the largest first."""
    return ", ".join(
        f"{name.removeprefix('headroom.')} {kept / 1000:.1f}"
        for name, kept in sorted(figures.items(), key=lambda row: -row[1])
    )


def on_32_bits() -> None:
    """Prints what the 32-bit VM tells."""
    print(f"Heap, on a 32-bit VM as on the chip, of {vm32.CHIP_BYTES / 1000:.0f} kB (aims: {AIM_KB} kept, {AIM_SMALLEST_KB} on "
          f"the board minimal; {AIM_FREE_KB} free; largest block {AIM_BLOCK_KB}):")  # fmt: skip
    for board in boards():
        found = kept(board)
        print(f"  {board}: {found.total / 1000:.1f} kB kept when ready, {found.free / 1000:.1f} free, largest block "
              f"{found.largest / 1000:.1f}; {in_kb(found.rooms)}")  # fmt: skip
    for board, asked in [("reference", each) for each in WIRED] + [(TWO_PORTS, each) for each in BOTH]:
        more, free = wired(board, asked)
        print(f"  {board}, {asked}: {more / 1000:.1f} kB more, {free / 1000:.1f} free")
    for board in ("reference", "minimal"):
        after = day(board)
        print(f"  {board}, a day of console and faults: lowest free {after.least_free / 1000:.1f} kB, largest block then "
              f"{after.largest_then / 1000:.1f}, in the end {after.largest_after / 1000:.1f}; "
              f"{after.more / 1000:.1f} kB more kept")  # fmt: skip
    print(f"  reference, by part, before the modules of a room are one: {in_kb(kept('reference', False).parts)}")


def boot(vm: str, valgrind: str) -> float:
    """Returns the instructions that it takes until the firmware is ready."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in apart("reference", HERE).items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        tool = [valgrind, "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        counts = [counted(tool, vm, BENCH / "heap.py", folder, *rest) for rest in ((), ("nothing",))]
    return counts[0] - counts[1]


def main() -> None:
    """Prints the figures."""
    if vm32.node() is None:
        print(f"Heap: {vm32.MISSING}; skipped")
    else:
        on_32_bits()
    vm, valgrind = runner.micropython(), shutil.which("valgrind")
    if vm is not None:
        pieces = [in_one_piece(vm, collects) for collects in (start_bytes(), -1)]
        print("In one piece when ready, where garbage can be collected during the start (64-bit VM, heap of twice the chip's): "
              + ", ".join(f"{largest / 1000:.1f} of {free / 1000:.1f} kB free" for free, largest in pieces)
              + " if it is not")  # fmt: skip
    if vm is None or valgrind is None:
        print("Boot: needs the MicroPython VM, and valgrind to count instructions; skipped")
        return
    count = boot(vm, valgrind)
    print(f"Boot: {count / 1e6:.1f} million instructions until ready, at {MHZ} MHz and {CYCLES} cycles each "
          f"{count * CYCLES / MHZ / 1000:.0f} ms, without reading the flash")  # fmt: skip


if __name__ == "__main__":
    ended(main)
