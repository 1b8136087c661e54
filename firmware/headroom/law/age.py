"""What an old reading costs: so much is kept free for what it does not show yet.

A reading that is a second old shows the house of a second ago, and the car has five more to follow. What came since then is not
known; houses change by less than this in most seconds, and a breaker bears more than this for long. It is a choice between
energy and seconds of overload, and `headroom campaign --meter` prints what it costs. The law looks once at each reading, never
twice at the same: so it waits for a second one before it gives more (ports.py).
"""

from headroom.law.ceilings import NEVER, rated
from headroom.terms import reasons

FREE_MS = 250  # younger than this is as good as a clamp's
MA_A_SECOND = 250
MOST_MA = 3000


def margin_ma(age_ms):
    """What is kept free for readings that are up to ``age_ms`` old."""
    return 0 if age_ms <= FREE_MS else min(age_ms * MA_A_SECOND // 1000, MOST_MA)


class Age:
    """The supply's own ceilings, each lower by the margin: see ceilings.py."""

    def __init__(self, limits, age_ms):
        self.limits = limits
        self.margin_ma = margin_ma(age_ms)

    def find(self, _dt_ms, ceilings, supply, car, _readings, _in_force):
        """It asks for less, and never says that anything is exceeded."""
        limits = self.limits
        bound_ma = rated(limits) - self.margin_ma
        reason = reasons.SHED if rated(limits) == limits.breaker_ma else reasons.IMPORT
        for phase in range(limits.phases):
            if car.uses[phase]:
                load_ma = supply.ma[phase]
                ceilings.lower(car.car_ma[phase] + bound_ma - load_ma, reason, phase, load_ma, bound_ma)
        return NEVER
