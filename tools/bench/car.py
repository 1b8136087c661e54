"""A car as IEC 61851-1 lets it be: it takes up to 5 s to follow the pilot, ramps, needs 6 A, and S2 has its own time.

Times in ms, currents in mA; random times come from the run's seed.
"""

RAMP_UP_MA_S = 4000
RAMP_DOWN_MA_S = 30000
MIN_OFFER_MA = 6000


class Car:
    """``step`` follows the offer; ``drawn_ma`` per phase in use, ``state`` 0 = A, 1 = B, 2 = C."""

    def __init__(self, max_ma, phases, need_mams, random):
        self.max_ma = max_ma
        self.phases = phases
        self.need_mams = need_mams  # mA * ms on all phases together until full; None = never full
        self.random = random
        self.plugged = False
        self.s2 = False
        self.drawn_ma = 0
        self.allowed_ma = 0  # what the car has understood of the offer
        self.taken_mams = 0
        self.follow_ms = -1  # until it acts on the last change of the offer; -1: nothing to act on
        self.s2_ms = -1  # until S2 changes

    def plug(self, plugged):
        """The connector goes in or out; pulling it ends the draw at once."""
        self.plugged = plugged
        self.s2 = False
        self.drawn_ma = 0
        self.allowed_ma = 0
        self.follow_ms = self.s2_ms = -1

    def state(self):
        """0 = A, 1 = B, 2 = C."""
        return (2 if self.s2 else 1) if self.plugged else 0

    def full(self):
        """True once it has what it needs."""
        return self.need_mams is not None and self.taken_mams >= self.need_mams

    def moving(self):
        """True while something of the car changes by itself."""
        return self.follow_ms >= 0 or self.s2_ms >= 0 or self.drawn_ma != self._target_ma()

    def _target_ma(self):
        if not self.s2 or self.allowed_ma < MIN_OFFER_MA:
            return 0
        return min(self.allowed_ma, self.max_ma)

    def step(self, dt_ms, offered_ma, live):
        """``dt_ms`` pass with ``offered_ma`` on the pilot (0 = none) and the contactor ``live`` or not."""
        if not self.plugged:
            return
        wanted_ma = 0 if self.full() else offered_ma
        if wanted_ma != self.allowed_ma:
            if self.follow_ms < 0:
                self.follow_ms = self.random.between(300, 4500) if wanted_ma else self.random.between(300, 2500)
            self.follow_ms -= dt_ms
            if self.follow_ms <= 0:
                self.allowed_ma = wanted_ma
                self.follow_ms = -1
        else:
            self.follow_ms = -1
        target_ma = self._target_ma() if live else 0
        if self.drawn_ma < target_ma:
            self.drawn_ma = min(target_ma, self.drawn_ma + RAMP_UP_MA_S * dt_ms // 1000)
        elif self.drawn_ma > target_ma:
            self.drawn_ma = max(target_ma, self.drawn_ma - RAMP_DOWN_MA_S * dt_ms // 1000) if live else 0
        self.taken_mams += self.drawn_ma * self.phases * dt_ms
        ready = self.allowed_ma >= MIN_OFFER_MA
        if ready == self.s2 or (self.s2 and self.drawn_ma):
            self.s2_ms = -1
            return
        if self.s2_ms < 0:
            self.s2_ms = self.random.between(200, 1500)
        self.s2_ms -= dt_ms
        if self.s2_ms <= 0:
            self.s2 = ready
            self.s2_ms = -1


class Random:
    """xorshift32: the same numbers on every interpreter."""

    def __init__(self, seed):
        self.state = (seed * 2654435761 + 1) & 0xFFFFFFFF or 1

    def next(self):
        """The next 32 bits."""
        x = self.state
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        self.state = x
        return x

    def between(self, low, high):
        """An integer in low..high."""
        return low + self.next() % (high - low + 1)
