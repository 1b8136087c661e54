"""How soon to give back: sooner when giving back went well, later when it was regretted.

A house that cycles (a thermostat, a hob) shows headroom that is gone again in seconds. Whoever takes it each time wears
out the contactor and the car; whoever never takes it wastes it. So both dwells learn from what became of the last ones.
"""

REGRET_MS = 30000  # a cut this soon after a rise says that the rise was premature
SLOWEST_RISE_MS = 30000
SHORT_ON_MS = 600000  # a pause this soon after a resume says the same of the resume ...
PATIENCE = 2  # ... and so often in a row that this house cannot make up its mind: wait twice as long


class Pace:
    """``rise_ms``, ``resume_ms``: how long headroom must have lasted now."""

    def __init__(self, limits):
        self.limits = limits
        self.rise_ms = limits.rise_dwell_ms
        self.resume_ms = limits.resume_dwell_ms // 2  # nothing has been paused yet
        self.rose_ms = 0  # since the last rise
        self.judged = True  # that rise has proved good or bad
        self.short_charges = 0  # in a row
        self.on_ms = SHORT_ON_MS  # how long the contactor has been closed

    def step(self, dt_ms, closed):
        """Let time pass; a rise that has lasted was good."""
        if closed:
            self.on_ms = min(self.on_ms + dt_ms, SHORT_ON_MS)
        if not self.judged:
            self.rose_ms += dt_ms
            if self.rose_ms >= REGRET_MS:
                self.judged = True
                self.rise_ms = max(self.rise_ms // 2, self.limits.rise_dwell_ms)

    def rose(self):
        """The offer went up."""
        self.rose_ms = 0
        self.judged = False

    def fell(self):
        """The offer was cut."""
        if not self.judged:
            self.judged = True
            self.rise_ms = min(self.rise_ms * 2, max(SLOWEST_RISE_MS, self.limits.rise_dwell_ms))

    def paused(self):
        """The car was stopped."""
        self.short_charges = min(self.short_charges + 1, PATIENCE) if self.on_ms < SHORT_ON_MS else 0
        self.resume_ms = self.limits.resume_dwell_ms * (2 if self.short_charges >= PATIENCE else 1)
        self.on_ms = 0
