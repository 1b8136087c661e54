"""The virtual bench: a world with a chip in it. World: physics. Chip: what refuses what the port refuses. Rivals: laws."""

import gc

# MicroPython's allocator seeks room for whatever is larger than a block from the first free block on: in a heap that is let fill
# up, each call of the firmware whose locals lie there seeks long. CPython has no such word.
if hasattr(gc, "threshold"):
    gc.threshold(300000)
