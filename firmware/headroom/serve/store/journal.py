"""The journal: the last happenings worth telling, in a ring of fixed size that outlives a reset.

One record is 22 bytes: wall time and uptime in s, boot number, kind (record/events.py), code, reason with its phase and two
numbers. ``log`` tells them in words. Kept in RAM as one buffer that the store writes as it is.
"""

import struct

from headroom.guard import pilot, session
from headroom.record import events

RECORD = "journal"
FORM = "<IIHBBBBii"
SIZE = 22
SHARE = 96  # records
HEAD = 4  # bytes before the ring: how many records were ever written


class Journal:
    """``add`` appends, ``records`` reads back; ``changed`` and ``urgent`` tell when to write it to the store."""

    def __init__(self, clock):
        self.clock = clock
        self.data = bytearray(HEAD + SHARE * SIZE)
        self.boot = 1
        self.changed = False
        self.urgent = False
        self.session = 0
        self.noted = 0  # how many of the guard's events were taken over

    def load(self, data):
        """Take over what the store holds; anything of another size is left alone."""
        if data is None or len(data) != len(self.data):
            return
        self.data[:] = data
        for record in self.records(1):
            self.boot = (record[2] + 1) & 0xFFFF

    def count(self):
        """How many records were ever written."""
        return struct.unpack_from("<I", self.data, 0)[0]

    def add(self, kind, code, reason=0, phase=0, value=0, bound=0):
        """Append a record; the oldest one goes."""
        count = self.count()
        clock = self.clock
        place = HEAD + count % SHARE * SIZE
        struct.pack_into(
            FORM, self.data, place, clock.wall_s(), clock.uptime_s, self.boot, kind, code, reason, phase, value, bound
        )
        struct.pack_into("<I", self.data, 0, count + 1)
        self.changed = True
        self.urgent = self.urgent or kind in events.URGENT

    def records(self, last=SHARE):
        """The last records, oldest first, as (wall_s, uptime_s, boot, kind, code, reason, phase, value, bound)."""
        count = self.count()
        for index in range(max(0, count - min(last, SHARE)), count):
            yield struct.unpack_from(FORM, self.data, HEAD + index % SHARE * SIZE)

    def watch(self, verdict, noted):
        """Take over what the guard noted (record/events.py) and a new state; allocates nothing while nothing changes.

        A charger that starts passes through PLUGGED before it has looked: told only once the pilot shows a car.
        """
        while self.noted < noted.total:
            event = noted.at(self.noted)
            if event is not None:
                self.add(event[events.KIND], event[events.CODE], 0, 0, event[events.VALUE])
            self.noted += 1
        seen = pilot.A < verdict.pilot_state < pilot.E
        if verdict.session != self.session and (seen or verdict.session != session.PLUGGED):
            if not verdict.fault or verdict.session == session.IDLE:
                self.add(events.SESSION, verdict.session, verdict.reason, verdict.phase, verdict.value, verdict.bound)
            self.session = verdict.session
