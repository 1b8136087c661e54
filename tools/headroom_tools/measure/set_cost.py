"""What a line of the console costs the tick: reads of the flash, instructions, and what is made of the heap.

Run as ``python -m headroom_tools.measure.set_cost [BOARD ...]``. The firmware as flashed runs on the PC's VM, and lines are typed
at its console. It runs twice, in the same steps: out of a shelf on littlefs, where each read takes what it takes on the bench
(bench/chip/nor.py); and out of files under valgrind, where the ticks of each line are counted that read or make most. An
instruction takes the time that the board's own figures for a tick have for one; the heap's own work is not counted, but each
time that a tick fills what is free there is a collection.

Reading a module is what costs most: each of its names, and each text that is made, is looked for among all that the VM knows.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from headroom_tools.common.ending import ended
from headroom_tools.common.places import ROOT
from headroom_tools.device.flash import compiler, crossed, sources, squeezed
from headroom_tools.device.naming import translated
from headroom_tools.device.shelving import SHELF, shelved
from headroom_tools.measure.heap_cost import BENCH, HERE, TWO_PORTS, board_file, facts
from headroom_tools.measure.tick_cost import of_function, whole_count
from headroom_tools.sim import runner

US_PER_K = 12.6  # for 1000 instructions: a tick's 13.2 ms by the board file are 1047 of these by measure/tick_cost.py
COLLECTION_US = 12830  # TICK_CPU_US of the boards
FREE_BYTES = 25000  # on the chip, at the lowest of a day: measure/heap_cost.py
WINDOW_US = 20000
LONGEST_US = 400000 - WINDOW_US  # a supervisor opens, and so does act/overseer.py
HEAP = ("gc_alloc", "gc_info", "gc_collect_end", "gc_mark_subtree", "gc_deal_with_stack_overflow")
DEAREST = 2  # ticks of a line that are counted

RUN = """
import gc, os, sys, time, vfs
from gc import isenabled as mark
sys.path[:0] = [{folder!r}]
import nor

LINES = {lines!r}
COUNTED = {counted!r}
MODULE_MS = 10  # about, by which the firmware sees that reading takes time: the same with and without a flash
took = [0]


class Timed(nor.Nor):
    def readblocks(self, block, buffer, offset=0):
        took[0] += nor.READ_US + len(buffer) // nor.READ_BYTES_US
        return super().readblocks(block, buffer, offset)


os.chdir({folder!r} + "/firmware")
if COUNTED is None:
    with open({shelf!r}, "rb") as file:
        data = file.read()
    flash = Timed(512)
    vfs.VfsLfs2.mkfs(flash)
    vfs.mount(vfs.VfsLfs2(flash), "/chip")
    os.chdir("/chip")
    with open({shelf!r}, "wb") as file:
        file.write(data)
import heap
heap.begin({folder!r} + "/firmware")
import shelf

plain = shelf.Shelf.open


def opened(*told):
    time.stands_at_ms += MODULE_MS
    return plain(*told)


shelf.Shelf.open = opened
sys.path.remove({folder!r} + "/firmware")
sys.path.append({folder!r} + "/firmware")
import headroom.charger
import board
import day
from day import pins, scan, terminal
from day import tick as one

module = sys.modules["headroom.charger"]
pins[board.CONTACTOR_PIN] = 0
charger = module.Charger(None, terminal, getattr(module, {store!r})(nor.RamFiles()))
scan.buffers = charger.scan
charger.scan = scan
charger.started()
setattr(day, "total", 1 << 30)
setattr(day, "charger", charger)
number = 0


def tick(place):
    global number
    gc.collect()
    if COUNTED is None:
        took[0] = 0
        before = gc.mem_alloc()
        one()
        print(place, number, took[0], gc.mem_alloc() - before)
    elif number in COUNTED:
        mark()
        one()
        mark()
    else:
        one()
    number += 1


def busy():
    service = charger.service
    return service.stale or service.fitting or service.store.busy() or not service.console.quiet()


for place, line in enumerate(LINES):
    terminal.line = line.encode() + b"\\r"
    for count in range(400):
        tick(place)
        if count > 8 and not busy():
            break
"""

RATED = ("set breaker_ma 63A", "set charger_ma 16A", "set status_ms 0", "save")
FEATURES = (
    "set exports yes", "set solar minimum", "set cap_w 9000", "set cap_month yes", "set asymmetry_ma 20A", "set total_w 17000",
    "set rise_ma_s 1000", "set import_ma 25A", "set mode slow", "set breaker_l2_ma 20A", "set start_delay_s 600",
    "set zone_min 60", "set summer_min 60", "set summer_begins 3502", "set summer_ends 10502", "save",
    "set household_ma 10A", "save",
)  # fmt: skip
GROUP = (
    "set bus group", "set group_no 1", "set group_size 32", "set group_ma 63A", "save", "set household_ma 16A", "save",
    "time 2026-11-29 18:00", "timetable 23:30-05:30 16A", "need 20kWh by 07:00 daily", "boost", "boost off", "mode slow",
    "set group_no 0", "set bus none", "save",
)  # fmt: skip
BUS = ("set bus meter", "set meter sdm630", "save", "set meter none", "set bus manager", "save", "set bus none", "save")
ASKED = {
    "reference": RATED + GROUP + FEATURES,
    "metered": RATED + BUS + GROUP + FEATURES,
    TWO_PORTS: ("set meter p1", "set bus manager", "save", "set household_ma 16A", "save"),
}


@dataclass(frozen=True)
class Tick:
    """One tick of a line's."""

    line: str
    number: int
    reads_us: int
    made: int  # bytes of a heap with 64-bit words; below 0: a collection was made
    thousands: int = 0  # of instructions

    @property
    def took_us(self) -> int:
        """Returns what it takes on the chip, its window not counted."""
        collections = self.made // 2 // FREE_BYTES if self.made >= 0 else 1
        return int(self.thousands * US_PER_K) + self.reads_us + collections * COLLECTION_US


def put(board: str, folder: Path) -> tuple[dict[str, str], str]:
    """Puts there what runs; returns what its attributes are called, and what Store is."""
    made = squeezed(tuple(sources().items()), facts(board))
    names = made["headroom/charger.py"].names
    compiled = crossed(made, tuple(compiler(HERE) or ()))
    files = {name: data for name, data in compiled.items() if "/" not in name}
    files[SHELF] = shelved({name: data for name, data in compiled.items() if "/" in name})
    files["board.py"] = board_file(board)
    files = {f"firmware/{name}": data for name, data in files.items()}
    for each in ("heap", "day"):
        files[f"{each}.py"] = translated((BENCH / f"{each}.py").read_text("utf-8"), names.attributes).encode()
    files["nor.py"] = (BENCH / "chip" / "nor.py").read_bytes()
    files["time.py"] = (ROOT / "tools" / "vm32" / "time.py").read_bytes()
    (folder / "firmware").mkdir()
    for path, data in files.items():
        (folder / path).write_bytes(data)
    return names.attributes, names.globals["Store"]


def run(vm: str, valgrind: str, board: str, lines: tuple[str, ...]) -> list[Tick]:
    """Returns the dearest ticks of each line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        attributes, store = put(board, folder)

        def said(counted: set[int] | None, *tool: str) -> str:
            text = RUN.format(folder=name, lines=lines, counted=counted, store=store, shelf=SHELF)
            script = folder / "run.py"
            script.write_text(translated(text, attributes), "utf-8")
            done = subprocess.run([*tool, vm, "-X", "heapsize=8m", str(script)], capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"headroom: {done.stdout[-500:]}{done.stderr}")
            return done.stdout

        ticks = [
            Tick(lines[int(place)], int(number), int(reads_us), int(made))
            for place, number, reads_us, made in re.findall(r"^(\d+) (\d+) (\d+) (-?\d+)$", said(None), re.MULTILINE)
        ]
        chosen: list[Tick] = []
        for line in dict.fromkeys(lines):
            of_line = [each for each in ticks if each.line == line]
            chosen += sorted(of_line, key=lambda tick: -tick.reads_us - abs(tick.made))[: DEAREST * lines.count(line)]
        chosen.sort(key=lambda tick: tick.number)
        said(
            {each.number for each in chosen},
            *(valgrind, "--tool=callgrind", "--dump-before=gc_isenabled", f"--callgrind-out-file={folder}/out"),
        )
        dumps = [(folder / f"out.{2 * place + 2}").read_text("utf-8") for place in range(len(chosen))]
    return [
        Tick(each.line, each.number, each.reads_us, each.made, work(dump) // 1000)
        for each, dump in zip(chosen, dumps, strict=True)
    ]


def work(dump: str) -> int:
    """Returns what one of callgrind's dumps counted, without the heap's own."""
    return whole_count(dump) - sum(of_function(dump, name) for name in HEAP)


def main() -> None:
    """Prints them."""
    vm, valgrind = runner.micropython(), shutil.which("valgrind")
    if vm is None or valgrind is None:
        print("Lines of the console: needs valgrind and the MicroPython VM; skipped")
        return
    for board in sys.argv[1:] or ASKED:
        print(f"{board}, the dearest ticks of {len(ASKED[board])} lines, the window left out; a supervisor opens after "
              f"{LONGEST_US // 1000} ms:")  # fmt: skip
        ticks = run(vm, valgrind, board, ASKED[board])
        for tick in sorted(ticks, key=lambda tick: -tick.took_us)[:8]:
            print(f"  {tick.line}: {tick.took_us / 1000:.0f} ms, of it {tick.reads_us / 1000:.0f} reads and "
                  f"{tick.thousands * US_PER_K / 1000:.0f} for {tick.thousands / 1000:.1f} million instructions")  # fmt: skip


if __name__ == "__main__":
    ended(main)
