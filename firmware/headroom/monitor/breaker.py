"""An image of the supply breaker's bimetal, and the last resort when it says that the breaker will not wait.

heat' = (x^2 - heat) / tau with x = load / rating; the breaker trips when heat reaches k^2 (project's domain notes, 5.2).
IEC 60898-1 leaves room: 1.13 In must be carried for an hour, 2.55 In cold must trip within 1 to 60 s. Where in that room
the breaker stands, the installer says; what it bears is taken for less.
"""

from headroom.terms.records import PHASES

# (k per mille, tau in ms) for the setting ``breaker_curve``
TYPICAL, FASTEST, SLOW = range(3)
CURVES = ((1200, 60000), (1130, 4600), (1200, 240000))
TRUSTED = 95  # percent of the heat that trips: a clamp is 1 to 2 % wrong, and the square doubles that
AHEAD_MS = 150  # a tick, the contactor's 20 ms, and as much again
X_MAX = 4  # beyond 4 In the magnetic release has the word
FULL = 10000  # heat of a breaker that has carried its rating for long


ALIKE = (0, 0, 0)


def heating(load_ma, phases, rating_ma, power, own_ma=ALIKE):
    """Refill ``power`` per phase with x^2 in ten-thousandths: where the heat is heading. ``own_ma``: smaller breakers."""
    for phase in range(phases):
        ma = load_ma[phase]
        if ma < 0:
            ma = -ma
        rated_ma = smaller(rating_ma, own_ma[phase])
        most_ma = X_MAX * rated_ma
        x = (ma if ma < most_ma else most_ma) * 1000 // rated_ma
        power[phase] = x * x // (1000000 // FULL)


def smaller(rating_ma, own_ma):
    """The rating of a phase whose own breaker is ``own_ma``, 0: none of its own."""
    return own_ma if 0 < own_ma < rating_ma else rating_ma


class Image:
    """``heat`` per phase in ten-thousandths of that at rated current; whatever is rounded, is rounded to the hot side."""

    def __init__(self, phases):
        self.heat = [0] * phases
        self.left = [0] * phases  # remainders of the division, so that nothing is lost in short ticks

    def step(self, dt_ms, power, phases, tau_ms):
        """``dt_ms`` pass with what ``heating`` says of the load."""
        heat, left = self.heat, self.left
        for phase in range(phases):
            now = heat[phase]
            gap = power[phase] - now
            if gap > 0:
                warmed = gap * dt_ms + left[phase]
                by = warmed // tau_ms
                left[phase] = warmed - by * tau_ms
                heat[phase] = now + (by if by < gap else gap)
            elif gap:
                heat[phase] = now - -gap * dt_ms // (tau_ms + dt_ms)

    def heat_in(self, phase, power, ms, tau_ms):
        """Heat of ``phase`` after ``ms`` (at most ``tau_ms``) more of the present load."""
        return self.heat[phase] + max(power[phase] - self.heat[phase], 0) * ms // tau_ms


def trips_at(k):
    """The heat at which a breaker of ``k`` per mille trips, less what the measurement may be wrong."""
    return k * k // (1000000 // FULL) * TRUSTED // 100


class LastResort:
    """``at_risk``: the breaker trips before the car has followed, unless the contactor opens now, under load.

    And for as long as the house alone goes on like that: a car that came back would have to be cut off again.
    Two images watch: of the breaker that the installer named, and of a slow one, which remembers for longer. All phases
    count: which of them the car uses is what the law believes.
    """

    def __init__(self, limits):
        self.limits = limits
        self.power = [0] * PHASES
        self.image = Image(PHASES)
        self.slow = Image(PHASES)
        self.at_risk = False

    def step(self, dt_ms, readings, closed):
        """Follow one tick."""
        limits = self.limits
        heating(readings.grid_ma, limits.phases, limits.breaker_ma, self.power, limits.own_ma)
        named = self._trips(dt_ms, self.image, limits.breaker_curve)
        slow = self._trips(dt_ms, self.slow, SLOW)
        self.at_risk = (closed or self.at_risk) and (named or slow)

    def _trips(self, dt_ms, image, curve):
        power, phases = self.power, self.limits.phases
        k, tau_ms = CURVES[curve]
        image.step(dt_ms, power, phases, tau_ms)
        heat = trips_at(k)
        for phase in range(phases):
            if power[phase] > heat and image.heat_in(phase, power, AHEAD_MS, tau_ms) >= heat:
                return True
        return False
