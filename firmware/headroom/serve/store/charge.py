"""The charge under way, for the list of the last ones: what has to be seen in each tick, and no more.

A charge lasts from the first time that the contactor closes until the car leaves. Writing it down is the work of a part that is
read only then: answers/charges.py.
"""

from headroom.guard import session
from headroom.terms import reasons

RECORD = "charge"
POWER_CUT = 255  # instead of a reason


class Charge:
    """``step`` once a tick; True when something of it is to be written down."""

    def __init__(self):
        self.number = 0  # of those that have begun, ever
        self.open = False
        self.closed = False  # the contactor was, at the last look
        self.start_s = self.end_s = 0  # winter time
        self.start_wh = self.end_wh = 0  # readings of the car's counter
        self.most_ma = 0
        self.breaks = 0  # times that it was interrupted, and not by the car
        self.reason = self.fault = 0  # why the contactor opened last
        self.sure = 0  # bit 0: the clock was certain at the start, bit 1: and at the end

    def step(self, verdict, drawn_ma, car_wh, clock):
        """Look at the contactor, at what the car draws, and at its counter."""
        if verdict.closed:
            self.most_ma = max(self.most_ma, drawn_ma)
            if self.closed:
                return False
            self.closed = True
            if self.open:
                return False
            self.open = True
            self.number += 1
            self.start_s, self.start_wh = clock.standard_s(), car_wh
            self.most_ma = self.breaks = self.reason = self.fault = 0
            self.sure = 1 if clock.certain else 0
        elif self.closed:
            self.closed = False
            self.reason, self.fault = verdict.reason, verdict.fault
            if verdict.session != session.IDLE and verdict.reason != reasons.CAR_DONE:
                self.breaks += 1
        elif self.open and verdict.session == session.IDLE:
            self.open = False
            return True
        else:
            return False
        self.end_s, self.end_wh = clock.standard_s(), car_wh
        self.sure = self.sure & 1 | (2 if clock.certain else 0)
        return True
