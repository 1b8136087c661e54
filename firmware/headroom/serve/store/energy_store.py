"""Energy, time and a pause across a power cut. Totals and clock once a minute, the rings of hours and days
once an hour.

The totals' record is short enough for littlefs to keep it inside the folder's own metadata: it costs no sector of its own. It is
always written before the rings, so these never know of more than the totals do.
"""

import struct

from headroom.serve.store.usage import Usage

TOTALS = "energy"
RINGS = "usage"
FORM = "<BBI12i"  # format, TOLD and HELD, time, totals in Wh, rests in W ms
FORMAT = 1
TOLD, HELD = 1, 2  # the clock was told once; somebody paused the charge
LENGTH = struct.calcsize(FORM)
KEEP_MS = 60000
HOUR_S = 3600


class EnergyStore:
    """``step`` once a tick; ``lost`` names what was there and could not be read."""

    def __init__(self, store, clock, energy):
        self.store = store
        self.clock = clock
        self.energy = energy
        self.usage = Usage(energy)
        self.held = False  # paused by a person, until the same or an unplugged car takes it back
        self.kept_ms = 0
        self.due = False  # totals and clock are to be written now,
        self.rings_due = False  # and after them the rings,
        self.rings_first = False  # or before them: a new time is no time that passed
        self.lost = []

    def load(self):
        """Boot: what the store remembers."""
        self._load_totals()
        data = self.store.read(RINGS)
        hour = self.clock.reckoned_s() // HOUR_S
        if not (data and self.usage.unpack(data)):
            self._lose(RINGS, data)
            self.usage.hour = hour
        elif self.usage.hour > hour:  # the power went while a time was told
            self.usage.relabel(hour)
        if self.lost:
            self.usage.begin()

    def _load_totals(self):
        data = self.store.read(TOTALS)
        if not data or len(data) != LENGTH or data[0] != FORMAT:
            self._lose(TOTALS, data)
            return
        values = struct.unpack(FORM, data)
        self.clock.resume(values[2], bool(values[1] & TOLD))
        self.held = bool(values[1] & HELD)
        self.energy.wh[:] = values[3:9]
        self.energy.rest_wms[:] = values[9:]

    def _lose(self, name, data):
        if data is not None or name in self.store.damaged:
            self.lost.append(name)

    def step(self, dt_ms):
        """Write what is due."""
        self.kept_ms += dt_ms
        hour = self.clock.reckoned_s() // HOUR_S
        if hour > self.usage.hour:
            self.usage.turn(hour)
            self.due = self.rings_due = True
        if self.rings_first:
            self._keep_rings()
        if self.due or self.kept_ms >= KEEP_MS:
            self.keep()
        if self.rings_due:
            self._keep_rings()

    def _keep_rings(self):
        self.store.put(RINGS, self.usage.pack())
        self.rings_due = self.rings_first = False

    def keep(self):
        """Write totals and clock."""
        clock, energy = self.clock, self.energy
        marks = clock.told * TOLD + self.held * HELD
        self.store.put(TOTALS, struct.pack(FORM, FORMAT, marks, clock.standard_s(), *(energy.wh + energy.rest_wms)))
        self.kept_ms = 0
        self.due = False

    def set_clock(self, wall_s):
        """It is ``wall_s`` now.

        From a clock that was right before, the hours up to now were empty; else all entries move. One that has run since it was
        told cannot have missed a day: another date was typed, this time or the last.
        """
        hour = wall_s // HOUR_S
        another_date = self.clock.certain and hour - self.usage.hour >= 24
        if not self.clock.told or hour < self.usage.hour or another_date:
            self.usage.relabel(hour)
            self.rings_due = self.rings_first = True
        self.clock.tell(wall_s)
        self.due = True
