"""A cap on the mean over a quarter or a whole hour (Flanders, Norway, Sweden: project's domain notes, 6.5).

The cap is an energy, not a power: what the house did not use in the first minutes may be used in the last ones. Counted in mA
over all phases at the nominal voltage.
"""

LEAST_S = 60  # towards the end what is left is spread over no less: the last seconds are no free-for-all
BACK_MS = 5000  # a clock that is put back by less does not begin a new interval
STEP = 10000  # mA x ms
USED_MAX = 1 << 28
MOST_MA = 700000  # on all phases together; with a tick of 1.5 s still a small int


class Budget:
    """``spend`` each tick, then ``allowed_ma`` is what may flow on all phases together."""

    def __init__(self):
        self.used = 0  # in this interval, in steps of 10 mA x s: an hour of MOST_MA stays a small int
        self.part = 0  # mA x ms not yet counted
        self.passed_ms = 0

    def spend(self, dt_ms, sum_ma, interval_s, wall_s=0):
        """``dt_ms`` pass with ``sum_ma``; an interval that is over gives way to the next.

        ``wall_s``: seconds since some midnight, by which the meter's own intervals go; 0: not known, they go from the start.
        """
        before_ms = self.passed_ms
        self.passed_ms = wall_s % interval_s * 1000 if wall_s else before_ms + dt_ms
        if self.passed_ms >= interval_s * 1000 or self.passed_ms < before_ms - BACK_MS:
            self.passed_ms %= interval_s * 1000
            self.used = self.part = 0
            return
        self.part += min(max(sum_ma, 0), MOST_MA) * min(dt_ms, 1500)
        self.used = min(self.used + self.part // STEP, USED_MAX)
        self.part %= STEP

    def allowed_ma(self, cap_ma, interval_s):
        """What may flow from now to the end of the interval for its mean to be ``cap_ma``."""
        left_s = interval_s - self.passed_ms // 1000
        return max(min(cap_ma, MOST_MA) * (interval_s // 10) - self.used, 0) // max(left_s, LEAST_S) * 10
