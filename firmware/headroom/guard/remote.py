"""A limit from outside, an energy manager's: a ceiling below ours that ends by itself, on our own clock.

It is in force as long as the manager lives: each request of its that is addressed to us counts as a sign of life (as Heidelberg's
watchdog does). Unheard for ``hold_ms`` it is the safe current, whatever was told before; so it is from the start until a limit is
told: after a power cut a manager that only reads would otherwise find a charger that has forgotten what it was told.
A limit can only lower: what it allows beyond our own ceilings is nothing.
"""

from headroom.guard.sight import longer_ms
from headroom.terms import reasons

NO_LIMIT_MA = 1 << 29
LONG_MS = 1 << 28


class Remote:
    """``told_ma``: what the manager said; ``now_ma``: what is in force."""

    def __init__(self, hold_ms, safe_ma):
        self.hold_ms = hold_ms
        self.safe_ma = safe_ma
        self.told_ma = NO_LIMIT_MA
        self.told = False  # since the start
        self.paused = False  # by the manager: ends as its limit does
        self.silent_ms = LONG_MS
        self.now_ma = safe_ma

    def alive(self):
        """The manager has spoken to us."""
        self.silent_ms = 0

    def tell(self, ma):
        """Its limit, from now on."""
        self.told_ma = max(min(ma, NO_LIMIT_MA), 0)
        self.told = True
        self.silent_ms = 0

    def lost(self):
        """True while it has been silent for too long, or has told no limit yet."""
        return not self.told or self.silent_ms >= self.hold_ms

    def left_ms(self):
        """How long its limit still holds."""
        return 0 if self.lost() else self.hold_ms - self.silent_ms

    def bound(self, dt_ms, offer):
        """Once a tick: lower the guard's offer."""
        self.silent_ms = min(longer_ms(self.silent_ms, dt_ms), LONG_MS)
        self.paused = self.paused and self.silent_ms < self.hold_ms
        if self.paused:
            self.now_ma = 0
            offer.lower(self.now_ma, reasons.REMOTE)
        elif self.lost():
            self.now_ma = self.safe_ma
            offer.lower(self.now_ma, reasons.REMOTE_LOST)
        else:
            self.now_ma = self.told_ma
            offer.lower(self.now_ma, reasons.REMOTE)
