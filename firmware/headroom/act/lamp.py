"""The lamp's language: steady while charging, a slow blink while a car waits, dark when none is there; a fault blinks
its row of the fault table: long flashes count fives, short ones count on from there (``faults.long_flashes``).
"""

from headroom.guard import faults, session

SHORT_MS = 200
LONG_MS = 800
GAP_MS = 300
PAUSE_MS = 2000
WAIT_MS = 1500  # half of the slow blink's period


class Lamp:
    """``step`` once a tick; returns the level to show."""

    def __init__(self):
        self.fault = 0
        self.flash = 0  # which flash of the code it is at
        self.left_ms = 0
        self.level = 0

    def step(self, verdict, dt_ms):
        """1 to light, 0 to be dark."""
        if verdict.fault != self.fault:
            self.fault = verdict.fault
            self.flash = -1
            self.left_ms = 0
            self.level = 0
        if self.fault:
            self.left_ms -= dt_ms
            if self.left_ms <= 0:
                self._next()
            return self.level
        at = verdict.session
        if verdict.closed:
            return 1
        if at == session.IDLE:
            return 0
        self.left_ms -= dt_ms
        if self.left_ms <= 0:
            self.level = 1 - self.level
            self.left_ms = WAIT_MS
        return self.level

    def _next(self):
        """From a flash to the gap after it, from a gap to the next flash."""
        code = self.fault
        longs = faults.long_flashes(code)
        shorts = faults.short_flashes(code)
        if self.level:
            self.level = 0
            self.left_ms = PAUSE_MS if self.flash == longs + shorts - 1 else GAP_MS
            return
        self.flash = (self.flash + 1) % (longs + shorts)
        self.level = 1
        self.left_ms = LONG_MS if self.flash < longs else SHORT_MS
