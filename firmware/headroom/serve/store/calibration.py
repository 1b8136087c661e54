"""The calibration's record in the store. ``all`` is the board's ``headroom.sense.calibrations.Calibrations``."""

RECORD = "calibration"


class Record:
    """The store's record: ``load`` at boot, ``remember`` after a change. ``lost``: it is there and cannot be used."""

    def __init__(self, store):
        self.store = store
        self.lost = False

    def load(self, all):
        """Put in force what is stored for ``all``; nothing where there is nothing that can be right."""
        self.all = all
        data = self.store.read(RECORD)
        self.lost = RECORD in self.store.damaged or (data is not None and not self.all.unpack(data))

    def remember(self):
        """Store what is in force."""
        self.lost = False
        self.store.put(RECORD, self.all.pack(), 2)
