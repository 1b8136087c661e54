"""Boost: for once, the household's own ceiling and mode do not count. Breaker, tariff and every safety limit do.

Kept in memory only: a charger that starts anew has forgotten it, which is the cautious side.
"""

from headroom.guard import session

HOUR_MS = 3600000
HOURS_MAX = 24
UNTIL_LEFT = -1


class Boost:
    """``left_ms``: how long yet; ``UNTIL_LEFT``: until the car, or the next one, leaves; 0: there is none."""

    def __init__(self):
        self.left_ms = 0
        self.came = False  # a car was there since

    def begin(self, left_ms, at):
        """One of ``left_ms`` instead of the one before, with the session ``at``; 0 ends it."""
        self.left_ms = left_ms
        self.came = at != session.IDLE

    def on(self):
        """True while it lasts."""
        return self.left_ms != 0

    def step(self, dt_ms, at):
        """Let ``dt_ms`` pass with the session ``at``; True when a boost ends."""
        if self.left_ms > 0:
            self.left_ms = max(self.left_ms - dt_ms, 0)
            return self.left_ms == 0
        if self.left_ms < 0:
            if at != session.IDLE:
                self.came = True
            elif self.came:
                self.left_ms = 0
                return True
        return False
