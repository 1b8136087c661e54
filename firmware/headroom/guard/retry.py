"""What did not hold is tried again with less: the second try of the same offer ends like the first.

After a stop by the supply or by a car that takes too much, half of what was offered, never below the least; what has held
for long enough grows back. A stop that the surroundings may repeat for hours waits longer each time, and so does a car that
opens and closes S2 by itself (a cold battery, a relay that sticks: project's domain notes, 8). Nothing here adds to an offer.
"""

from headroom.guard import faults

LESS = 1 << faults.UNDERVOLTAGE | 1 << faults.OVERDRAW | 1 << faults.METER | 1 << faults.BREAKER
STREET = 1 << faults.UNDERVOLTAGE | 1 << faults.OVERVOLTAGE | 1 << faults.OVERVOLTAGE_NEAR  # nobody here can mend it
HOUSE = 1 << faults.METER | 1 << faults.BREAKER  # one of these is its doing, or a loose plug's ...
SOON_MS = 600000  # ... but if it returns within this the offer was too high
HOLD_MS, HOLD_MAX_MS = 300000, 3600000  # so long an offer must have held, twice as long each time, before it ...
LATE = 2  # overdraws: a car that follows after more than its 5 s does so at each cut, and at the least there is none
MORE_MA, MORE_MS = 1000, 10000  # ... grows by this every so often
WAITS_MS = (60000, 120000, 300000, 600000)  # for the car's next try; for the street's, from its second stop on
CYCLES_MS = (
    120000  # who opens S2 by itself a third time within this has not what it wants: 10 s on, 20 s off take 100 s
)
UNBOUND_MA = 1 << 29


class Retry:
    """``step`` returns the ceiling; ``wait_ms``: no offer for so long yet, because the car is ``restless`` or for the street.

    ``stops``: how often the car has stopped by itself.
    """

    def __init__(self, limits):
        self.limits = limits
        self.house_ms = SOON_MS  # since one of HOUSE was last raised
        self.forget()

    def forget(self):
        """The car has left: what the next one takes, and what the supply bears then, is another matter."""
        self.ceiling_ma = UNBOUND_MA
        self.overdraws = 0
        self.charged_ma = 0  # the last offer under power; 0: that was answered
        self.held_ms = 0  # how long the ceiling has held
        self.hold_ms = HOLD_MS // 2
        self.wait_ms = 0
        self.restless = False
        self.street = self.rounds = 0  # stops by the street, and waits for the car
        self.stops = 0
        self.last_ms = self.before_ms = CYCLES_MS  # since the car's last stop, and the one before

    def step(self, dt_ms, fresh, raised, closed, offer_ma):
        """``fresh`` of the ``raised`` faults are new; ``closed``, ``offer_ma``: what was in force. Returns the highest offer."""
        self.house_ms = min(self.house_ms + dt_ms, SOON_MS)
        self.last_ms = min(self.last_ms + dt_ms, CYCLES_MS)
        self.before_ms = min(self.before_ms + dt_ms, CYCLES_MS)
        if closed and offer_ma:
            self.charged_ma = offer_ma
            self._holds(dt_ms)
        if fresh:
            self._stopped(fresh)
        if self.wait_ms > 0:
            if not raised:
                self.wait_ms = max(self.wait_ms - dt_ms, 0)
            return 0
        return max(self.ceiling_ma, self.limits.min_ma)

    def stopped_by_itself(self):
        """The car opened S2, and nobody asked it to."""
        self.stops += 1
        if self.before_ms < CYCLES_MS:
            self.restless = True
            self._wait(self.rounds)
            self.rounds += 1
            self._bound(self.limits.min_ma)
            self.last_ms = CYCLES_MS
        self.before_ms = self.last_ms
        self.last_ms = 0

    def _holds(self, dt_ms):
        self.held_ms = min(self.held_ms + dt_ms, HOLD_MAX_MS)
        if self.ceiling_ma == UNBOUND_MA:
            if self.held_ms >= HOLD_MAX_MS:
                self.held_ms = self.street = self.rounds = 0
                self.hold_ms = HOLD_MS // 2
        elif self.held_ms >= self.hold_ms and self.overdraws < LATE:
            self.held_ms -= MORE_MS
            self.ceiling_ma += MORE_MA
            if self.ceiling_ma >= self.limits.charger_ma:
                self.ceiling_ma = UNBOUND_MA
                self.held_ms = 0

    def _stopped(self, fresh):
        less = fresh & LESS
        if fresh & HOUSE:
            if self.house_ms >= SOON_MS:
                less &= ~HOUSE
            self.house_ms = 0
        if fresh >> faults.OVERDRAW & 1:
            self.overdraws += 1
        if less and self.charged_ma:
            half_ma = self.charged_ma // 2 if self.overdraws < LATE else 0
            self._bound(max(half_ma, self.limits.min_ma))
            self.charged_ma = 0
        if fresh & STREET:
            if self.street:
                self.restless = False
                self._wait(self.street - 1)
            self.street += 1

    def _wait(self, times):
        self.wait_ms = WAITS_MS[min(times, len(WAITS_MS) - 1)]

    def _bound(self, ceiling_ma):
        self.ceiling_ma = min(ceiling_ma, self.ceiling_ma)
        self.hold_ms = min(self.hold_ms * 2, HOLD_MAX_MS)
        self.held_ms = 0
