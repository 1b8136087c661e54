"""The journal: the last happenings worth telling, in a ring of fixed size that outlives a reset.

One record is 22 bytes: wall time and uptime in s, boot number, kind, code, reason with its phase and two numbers. ``log`` tells
them in words. Kept in RAM as one buffer that the store writes as it is.
"""

import struct

from headroom.guard import pilot, session
from headroom.record import events

RECORD = "journal"
FORM = "<IIHBBBBii"
SIZE = 22
SHARE = 96  # records
HEAD = 4  # bytes before the ring: how many records were ever written

BOOT = 0  # code: why, as machine.reset_cause tells
SESSION = 1  # code: the new state; reason and numbers: of the verdict
FAULT = 2  # code: the fault raised
CLEARED = 3  # code: the fault that is gone; value: 1 = cleared by hand
SAVED = 4  # settings were changed: see adjust.keep; code 0: none, they were only stored anew
STORE = 5  # code: 0 = settings unreadable, else errno of a write
LOCKED = 6  # wrong PINs; value: how many
OPENED_HOT = 7  # the contactor opened under load; code: the fault that made it, 0 = the car ignored the stop
WOKEN = 8  # a sleeping car was woken; value: for the how-manyeth time
CAR_CHECKED = 11  # calibrate car; code: of law/carcheck.py, phase, value: mA followed, bound: phase instead
CALIBRATED = 10  # the calibration was changed
MISHAP = 12  # a part of this room failed; code: which, see serve/answers/sentences.py; told once a start
CONTRARY = 13  # a setting contradicts what is measured; code: row of terms/contrary.py, value: 1 = it does, 0 = no more
HELD = 9  # the button: value 1 = stopped, 0 = let go on

# what the guard notes (record/events.py): kind here
NOTED = {
    events.RAISED: FAULT,
    events.CLEARED: CLEARED,
    events.OPENED_HOT: OPENED_HOT,
    events.WOKEN: WOKEN,
    events.HELD: HELD,
    events.CONTRARY: CONTRARY,
}


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

    def records(self, last=SHARE):
        """The last records, oldest first, as (wall_s, uptime_s, boot, kind, code, reason, phase, value, bound)."""
        count = self.count()
        for index in range(max(0, count - min(last, SHARE)), count):
            yield struct.unpack_from(FORM, self.data, HEAD + index % SHARE * SIZE)

    def watch(self, verdict, noted):
        """Take over what the guard noted (``decide.events``) and a new state; allocates nothing while nothing changes.

        A charger that starts passes through PLUGGED before it has looked: told only once the pilot shows a car.
        """
        while self.noted < noted.total:
            event = noted.at(self.noted)
            if event is not None:
                kind = NOTED[event[events.KIND]]
                self.add(kind, event[events.CODE], 0, 0, event[events.VALUE])
                self.urgent = self.urgent or kind == FAULT
            self.noted += 1
        seen = pilot.A < verdict.pilot_state < pilot.E
        if verdict.session != self.session and (seen or verdict.session != session.PLUGGED):
            if not verdict.fault:
                self.add(SESSION, verdict.session, verdict.reason, verdict.phase, verdict.value, verdict.bound)
            self.session = verdict.session
