"""The supply's current without its noise: a step is believed in the window that shows it, a wobble is averaged.

One window of a clamp is uncertain by 0.1 to 0.5 %, by the noise of the board. Acting on each wobble would cut again and
again and never win back; waiting for a mean would answer an overload late. So the wobble is measured: what moves by more
than it does is taken as it is, anything smaller is smoothed.
"""

QUIET_MA = 100  # a movement below this is none on the quietest of boards
STEP_MA = 400  # one above this is one on the noisiest ...
STEP_PART = 48  # ... or above about 2 % of the reading
SIGMAS = 6  # so many times the mean wobble is a step: near five standard deviations, one in a million windows
WOBBLE_MS = 3000  # over which the wobble is averaged
SMOOTH_MS = 175  # time constant of the level below a step: about eight windows


class NoiseFilter:
    """``ma``: current per phase, smoothed; ``step_ma``: the smallest movement that is no noise; refilled each tick."""

    def __init__(self, phases):
        self.ma = [0] * phases
        self.step_ma = [STEP_MA] * phases
        self.wobble_ua = [STEP_MA * 1000 // SIGMAS] * phases  # in thousandths of a mA, as it moves slowly
        self.since_ms = [0] * phases  # since the last step: so long is averaged, at most SMOOTH_MS

    def step(self, dt_ms, grid_ma, phases):
        """Follow one window of ``grid_ma`` that took ``dt_ms``."""
        windows = WOBBLE_MS // max(dt_ms, 1) + 1
        levels_ma, steps_ma = self.ma, self.step_ma
        wobbles_ua, sinces_ms = self.wobble_ua, self.since_ms
        for phase in range(phases):
            ma = levels_ma[phase]
            step_ma = steps_ma[phase]
            wobble_ua = wobbles_ua[phase]
            off_ma = grid_ma[phase] - ma
            apart_ma = abs(off_ma)
            if apart_ma >= step_ma:
                ma += off_ma
                sinces_ms[phase] = 0
                apart_ma = step_ma
            else:
                since_ms = sinces_ms[phase] = min(sinces_ms[phase] + dt_ms, SMOOTH_MS)
                ma += off_ma * dt_ms // max(dt_ms + since_ms, 1)
            wobble_ua += (apart_ma * 1000 - wobble_ua) // windows
            levels_ma[phase] = ma
            wobbles_ua[phase] = wobble_ua
            steps_ma[phase] = min(max(wobble_ua * SIGMAS // 1000, QUIET_MA), max(STEP_MA, abs(ma) // STEP_PART))
