"""Faults that only a person clears, kept across a reset: one record of the store, written when the set changes."""

import struct

RECORD = "faults"


class FaultStore:
    """``load`` once at the start, ``keep`` once a tick."""

    def __init__(self, store):
        self.store = store
        self.kept = 0

    def load(self):
        """The set of faults that stood (bit n = fault n), or None when it was written but cannot be read."""
        data = self.store.read(RECORD)
        if data is None:
            return None if RECORD in self.store.damaged else 0
        if len(data) != 4:
            return None
        self.kept = struct.unpack("<I", data)[0] & 0x3FFFFFFF
        return self.kept

    def keep(self, stays):
        """Remember ``stays`` when it is another set than before."""
        if stays != self.kept:
            self.store.put(RECORD, struct.pack("<I", stays), 2)
            self.kept = stays
