"""The last black box, kept across a reset: one record of the store, written when a box is frozen, but not too often."""

import struct

from headroom.record.blackbox import ROWS, SIZE

RECORD = "box"
ENDS = "<BBI"  # behind the rows: where they begin, how many there are, the faults they were kept for
LENGTH = ROWS * SIZE + struct.calcsize(ENDS)
EVERY_MS = 600000  # a fault that comes again and again must not wear the flash
AGAIN_MS = 10000  # and a box for which there is no memory must not be tried in each tick


class BlackboxStore:
    """``step`` once a tick."""

    def __init__(self, store, box):
        self.store = store
        self.box = box
        self.kept = 0  # how many boxes had been frozen when the last one was kept
        self.wait_ms = 0

    def step(self, dt_ms, closed):
        """Keep a box that is new, once the contactor is open: a flash write is a moment in which nobody looks at the car."""
        if self.wait_ms > 0:
            self.wait_ms -= dt_ms
        elif self.kept != self.box.boxes and not closed:
            box = self.box
            self.wait_ms = AGAIN_MS
            ends = struct.pack(ENDS, box.frozen_from, box.frozen_rows, box.cause)
            self.store.put(RECORD, bytes(box.frozen) + ends)
            self.kept = box.boxes
            self.wait_ms = EVERY_MS
