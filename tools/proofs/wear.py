"""Flash life at the worst use, computed: the store on the VM's own littlefs, on a volume as large as the chip's.

Usage: micropython wear.py MINUTES. Worst use: energy totals and journal once a minute, for ever, a black box every ten
minutes, the rings of hours and days once an hour, settings twice a day. Lives so long in RAM, counts the erases of each
block, and tells after how many years the most worn block has used up its cycles. littlefs moves what is written most after
some hundred erases: the longer the life that is looked at, the nearer is the most worn block to the mean.
"""

import sys

import vfs

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 1)[0] + "/..")
sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 1)[0] + "/../../firmware")

from bench.chip.nor import Nor
from headroom.serve.store import blackbox_store, energy_store, journal, usage
from headroom.serve.store.store import CREATE, Store

BLOCKS = 512  # ESP32_GENERIC, 4 MB of flash: 2 MB for files
FIRMWARE_BYTES = 160 * 1024  # what never changes and so takes no part in the wear
SETTINGS_EVERY = 720  # minutes
RINGS_EVERY = 60
CYCLES = 100000  # erases a sector stands at least: W25Q32JV datasheet [std-mem], as for the times
ERASE_MS, PROGRAM_US = 45, 400  # typical, of a sector and of a page; at most 400 ms and 3 ms
MINUTES_A_YEAR = 525960
STEPS = ("create", "write", "close", "rename")


def main(minutes):
    """Live ``minutes`` at the worst use."""
    nor = Nor(BLOCKS)
    vfs.VfsLfs2.mkfs(nor)
    files = vfs.VfsLfs2(nor)
    for number in range(FIRMWARE_BYTES // 4000):
        with files.open("firmware%d.mpy" % number, "wb") as file:
            file.write(bytes(4000))
    store = Store(files)
    nor.erased = [0] * BLOCKS
    worst = {name: [0, 0, 0] for name in STEPS}
    totals = {name: [0, 0] for name in STEPS}
    ring = bytearray(journal.HEAD + journal.SHARE * journal.SIZE)
    writes = 0
    for minute in range(minutes):
        ring[0] = minute & 0xFF
        store.put(journal.RECORD, ring)
        store.put(energy_store.TOTALS, bytes([minute & 0xFF]) * energy_store.LENGTH)
        if minute % (blackbox_store.EVERY_MS // 60000) == 0:
            store.put(blackbox_store.RECORD, bytes([minute & 0xFF]) * blackbox_store.LENGTH)
        if minute % RINGS_EVERY == 0:
            store.put(energy_store.RINGS, bytes([minute & 0xFF]) * usage.LENGTH)
        if minute % SETTINGS_EVERY == 0:
            store.put("settings", b"name=25000\n" * 16, 2)
        while store.busy():
            step = STEPS[store.state]
            erases, operations, programmed = sum(nor.erased), nor.operations, nor.programmed
            store.step(25)
            assert not store.failed
            erases = sum(nor.erased) - erases
            programs = nor.operations - operations - erases
            row = worst[step]
            row[0] = max(row[0], erases)
            row[1] = max(row[1], programs)
            row[2] = max(row[2], nor.programmed - programmed)
            totals[step][0] += 1
            totals[step][1] += erases
            writes += step == STEPS[CREATE]
    report(minutes, writes, nor, worst, totals)


def report(minutes, writes, nor, worst, totals):
    """Print what was found."""
    used = [count for count in nor.erased if count]
    print("lived %d minutes: %d writes, %d erases over %d blocks" % (minutes, writes, sum(nor.erased), len(used)))
    for step in STEPS:
        erases, programs, size = worst[step]
        stall_ms = erases * ERASE_MS + programs * PROGRAM_US // 1000
        times, erased = totals[step]
        print(
            "step %-6s at most %d erase, %2d programs, %4d bytes: %2d ms typical; an erase in %d %% of them"
            % (step, erases, programs, size, stall_ms, erased * 100 // times)
        )
    even = sum(nor.erased) / len(used)
    print("a block in 10 years: %d erases on average" % (even * 10 * MINUTES_A_YEAR / minutes))
    print("most worn block now: %d erases, average %d" % (max(nor.erased), even))
    print("flash life at the worst use: %d years" % (CYCLES * minutes / MINUTES_A_YEAR / max(nor.erased)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
