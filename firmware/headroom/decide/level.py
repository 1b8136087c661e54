"""The supply's current without its noise: a step is believed in the window that shows it, a wobble is averaged.

One window of a clamp is uncertain by about 1 % (issue of the scan, not of the supply). Acting on each wobble would cut
again and again and never win back; waiting for a mean would answer an overload late. So: what moves by more than noise
can is taken as it is, anything smaller is smoothed.
"""

STEP_MA = 400  # a smaller movement may be noise ...
STEP_PART = 48  # ... and so may one below about 2 % of the reading
SMOOTH_MS = 175  # time constant below that: about eight windows


def step_ma(level_ma):
    """The smallest movement that cannot be noise at this current."""
    return max(STEP_MA, abs(level_ma) // STEP_PART)


class Level:
    """``ma``: current per phase, smoothed; refilled each tick."""

    def __init__(self, phases):
        self.ma = [0] * phases

    def step(self, dt_ms, grid_ma, phases):
        """Follow one window of ``grid_ma`` that took ``dt_ms``."""
        for phase in range(phases):
            level_ma = self.ma[phase]
            off_ma = grid_ma[phase] - level_ma
            if abs(off_ma) >= step_ma(level_ma):
                self.ma[phase] = grid_ma[phase]
            else:
                self.ma[phase] = level_ma + off_ma * dt_ms // (dt_ms + SMOOTH_MS)
