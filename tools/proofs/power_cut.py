"""Cuts the power at every single flash operation of the store, on the VM's own littlefs over a NOR chip in RAM.

Usage: micropython power_cut.py WRITES [BLOCKS [full | worn]]. A row per kind of record, then ``losses N``; status 1 if any.
full: everything was written once, then files of somebody else's fill the volume to its last block; a write may be refused then,
and what stood before must stand. worn: every fifth block of the volume, but for the two that name it, takes no program. Every
operation (program and erase) is cut before its start and in its middle; then the chip boots: each record must hold its
old or its new value, every other file must be whole, and the next write must succeed, itself cut once more on the way.
"""

import gc
import sys

import vfs

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 1)[0] + "/..")
sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 1)[0] + "/../../firmware")

from bench.chip.nor import Nor
from headroom.serve.answers import sessions, wish_commands
from headroom.serve.store import blackbox_store, energy_store, usage
from headroom.serve.store.store import Store

ENOSPC = 28

# record: (bytes, copies), the order is that of the writes
KINDS = (
    ("settings", 280, 2),
    (energy_store.TOTALS, energy_store.LENGTH, 1),
    ("journal", 2116, 1),
    (energy_store.RINGS, usage.LENGTH, 1),
    ("faults", 4, 2),
    ("calibration", 145, 2),
    ("pin", 41, 2),
    (blackbox_store.RECORD, blackbox_store.LENGTH, 1),
    (sessions.RECORD, sessions.SIZE, 1),
    (sessions.page_of(0), sessions.SIZE * sessions.PER_PAGE, 1),
    (wish_commands.RECORD, 20 + 8 * 9, 2),  # a full timetable, and a need
)
OTHERS = (("boot.py", 300), ("headroom/charger.mpy", 5000), ("headroom/words.mpy", 100))


def content(name, size, number):
    """Bytes that tell which write they come from."""
    start = "%s %d " % (name, number)
    return (start * (size // len(start) + 1))[:size].encode()


def formatted(blocks, worn):
    """A chip with the other files of the volume on it."""
    nor = Nor(blocks, worn=worn)
    vfs.VfsLfs2.mkfs(nor)
    files = vfs.VfsLfs2(nor)
    files.mkdir("headroom")
    for name, size in OTHERS:
        with files.open(name, "wb") as file:
            file.write(content(name, size, 0))
    return nor.image


def write(nor, name, data, copies, may_fail=False):
    """Boot and write one record, as long as there is power; False: the volume was full."""
    try:
        store = Store(vfs.VfsLfs2(nor))
    except OSError:
        if nor.dead:
            return True
        raise
    store.put(name, data, copies)
    while store.busy() and not nor.dead:
        store.step(25)
        if store.failed and not nor.dead:
            if not may_fail or store.failed != ENOSPC:
                raise AssertionError("write failed: %d" % store.failed)
            return False
    return True


def fill(image):
    """Somebody else's files take all that is left."""
    files = vfs.VfsLfs2(Nor(image=image))
    for number in range(1000):
        try:
            with files.open("filler%d" % number, "wb") as file:
                file.write(b"\x55" * 4096)
        except OSError:
            return


def wrong(nor, values, name, new):
    """What is lost on a volume after a cut in the write of ``name``; None when nothing is."""
    files = vfs.VfsLfs2(nor)
    store = Store(files)
    for each, _, _ in KINDS:
        found = store.read(each)
        if found != values.get(each) and not (each == name and found == new):
            return "%s holds %r" % (each, found[:20] if found else found)
    if store.damaged:
        return "%s cannot be read" % store.damaged
    for each, size in OTHERS:
        with files.open(each, "rb") as file:
            if file.read() != content(each, size, 0):
                return "%s changed" % each
    return None


def cut(image, base, operation, torn, name, data, copies, worn, full):
    """Write ``name`` on ``base``, with the power cut at ``operation`` if there are so many."""
    image[:] = base
    nor = Nor(image=image, worn=worn)
    nor.dies_at = operation
    nor.torn = torn
    write(nor, name, data, copies, full)


def main(writes, blocks, flash=""):
    """Try every cut in ``writes`` writes."""
    full = flash == "full"
    worn = tuple(range(4, blocks, 5)) if flash == "worn" else ()
    base = bytes(formatted(blocks, worn))
    image = bytearray(base)
    values = {}
    refused = 0
    if full:
        for name, size, copies in KINDS:
            values[name] = content(name, size, 0)
            write(Nor(image=image), name, values[name], copies)
            write(Nor(image=image), name, values[name], copies)
        fill(image)
        base = bytes(image)
    table = {}
    losses = 0
    for number in range(writes):
        name, size, copies = KINDS[number % len(KINDS)]
        data = content(name, size, number)
        image[:] = base
        nor = Nor(image=image, worn=worn)
        stored = write(nor, name, data, copies, full)
        refused += not stored
        after = bytes(image)
        row = table.setdefault(name, [0, 0, 0, 0, 0])
        row[0] += 1
        row[1] += nor.operations
        row[2] += sum(nor.erased)
        for operation in range(1, nor.operations + 1):
            for torn in (False, True):
                cut(image, base, operation, torn, name, data, copies, worn, full)
                complaint = wrong(Nor(image=image), values, name, data)
                if complaint is None:
                    broken = bytes(image)
                    cut(image, broken, 1 + operation % 4, not torn, name, data, copies, worn, full)
                    complaint = wrong(Nor(image=image), values, name, data)
                if complaint is None:
                    changed = dict(values)
                    if write(Nor(image=image, worn=worn), name, data, copies, full):
                        changed[name] = data
                    complaint = wrong(Nor(image=image), changed, name, data)
                row[3] += 2
                if complaint:
                    row[4] += 1
                    print("LOST write %d operation %d torn %s: %s" % (number, operation, torn, complaint))
        values[name] = data if stored else values[name]
        base = after
        gc.collect()
    for name, _, _ in KINDS:
        print("%s writes %d operations %d erases %d cuts %d losses %d" % tuple([name] + table.get(name, [0] * 5)))
        losses += table.get(name, [0] * 5)[4]
    if full:
        print("refused %d of %d" % (refused, writes))
    print("losses %d" % losses)
    return losses


if __name__ == "__main__":
    blocks = int(sys.argv[2]) if len(sys.argv) > 2 else 48
    sys.exit(1 if main(int(sys.argv[1]), blocks, *sys.argv[3:4]) else 0)
