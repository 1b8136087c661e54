"""EREC G100: how long and how often the import limit was exceeded, and when that means lock-out.

An excursion is over within about 5 s, or it is logged: one of 15 s counts, and one of 60 s, the second that counts in ten
minutes or the third in 24 hours locks the charger out. All of it unverified: from secondary sources, of which one says
the fourth in 24 hours; the stricter is taken (project's domain notes, 6.1). Only what the car has a part in is the
charger's. Counts are lost with a reset, a lock-out is not.
"""

from headroom.terms.records import PHASES

COUNTS_MS = 15000
TOO_LONG_MS = 60000
SOON_S, DAY_S = 600, 86400


class Excursions:
    """``step`` is True in the tick in which the charger has to be locked out; ``count``: excursions that counted."""

    def __init__(self):
        self.over_ms = 0
        self.count = 0
        self.seconds = DAY_S
        self.part_ms = 0
        self.last_s = self.before_s = 0  # when the last two did that counted

    def step(self, dt_ms, grid_ma, uses, limit_ma, closed):
        """Follow one tick: the supply per phase, those that the car may use, the limit, whether it can have a part in it."""
        self.part_ms += dt_ms
        self.seconds = min(self.seconds + self.part_ms // 1000, 1 << 29)
        self.part_ms %= 1000
        over = False
        for phase in range(PHASES):
            over = over or (uses >> phase & 1 and grid_ma[phase] > limit_ma)
        if not over or not closed:
            self.over_ms = 0
            return False
        before_ms = self.over_ms
        self.over_ms = min(before_ms + dt_ms, TOO_LONG_MS)
        if before_ms < COUNTS_MS <= self.over_ms:
            return self._counts()
        return before_ms < TOO_LONG_MS <= self.over_ms

    def _counts(self):
        last_s, before_s = self.last_s, self.before_s
        self.last_s, self.before_s = self.seconds, last_s
        self.count += 1
        return self.seconds - last_s < SOON_S or self.seconds - before_s < DAY_S
