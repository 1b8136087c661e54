"""What a month of use does to the heap: thirty days' comings and goings, commands and saves, on a heap with little left.

Usage: micropython month.py. A day here lasts DAY_MS of ticks: nothing that a longer one would add allocates. Prints bytes
free, and the largest free block, with the charger new and a month old.
"""

import gc
import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])


from bench.chip.terminal import Terminal
from bench.table import Table

DAYS = 30
DAY_MS = 20000
FREE = 60000  # what the rest of the heap is filled up to: on 64 bits as much as 30 kB are on the chip
HOLE = 1000  # smaller ones between what the bench needs are left
LINES = ("help", "status", "why", "log 50", "get", "help settings", "usage", "version", "selftest", "nosuch", "json on",
         '{"id": 1, "do": "status"}', '{"id": "x", "do": "get"}', "json off")  # fmt: skip


def largest():
    """Bytes of the largest free block: found by asking for it."""
    low, high = 0, gc.mem_free()
    while high - low > 64:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
        gc.collect()
    return low


def main():
    """Live."""
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms", status_ms=1000)
    table.live(1000)
    gc.collect()
    room = bytearray(FREE)
    filler = []
    while largest() > HOLE:
        filler.append(bytearray(largest()))
    del room
    gc.collect()
    new = gc.mem_free(), largest()
    for day in range(DAYS):
        table.world.car.plug(day % 3 != 0)
        for line in LINES:
            terminal.ask(table, line, 1500)
        terminal.ask(table, "set rise_dwell_ms %d" % (2000 + day))
        terminal.ask(table, "save")
        table.live(DAY_MS)
        terminal.text()
    gc.collect()
    print(new[0], new[1], gc.mem_free(), largest())


main()
