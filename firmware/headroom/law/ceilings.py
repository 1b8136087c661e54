"""Many ceilings, one answer: the lowest binds, and it is the reason that a person is told.

Each ceiling is one call of ``lower`` with its reason and its numbers. The supply's phases are ceilings like any other; what
sets them apart is only that the car's own draw is part of what they measure.
"""

from headroom.law.level import STEP_MA
from headroom.law.tariff import SLACK_MA
from headroom.terms import reasons

OVER_MA = 50  # an excess below this is none: it is less than the meter knows and a small part of what a breaker bears
OVER_MAMS = 30000  # one within the meter's noise must have come to this: 0.1 A in 0.3 s
BELOW_IMPORT_MA = 2 * OVER_MA
UNBOUND_MA = 1 << 20
NEVER_MA = -UNBOUND_MA


def rated(limits):
    """What a phase of the supply may carry: the breaker's rating, or as much less as an import limit asks for.

    What is above that limit counts as an excursion, and a lasting one locks out: so the law stays a little below.
    """
    if 0 < limits.import_ma <= limits.breaker_ma:
        return limits.import_ma - BELOW_IMPORT_MA
    return limits.breaker_ma


class Ceilings:
    """``free_ma``: what the car may have now; ``reason``, ``phase``, ``value``, ``bound``: which ceiling says so."""

    def __init__(self, limits):
        self.limits = limits
        self.free_ma = 0
        self.shared_ma = (
            NEVER_MA  # what a group that this charger leads leaves it of the supply: the others yield the rest
        )
        self.load_ma = 0  # of the fullest phase that the car uses
        self.over_mams = 0  # what an excess within the noise has come to
        self.over = False  # something is above what it may carry, not only able to become so
        self.borne = False  # above its rating, and the breaker is let to bear it
        self.reason = self.phase = self.value = self.bound = 0

    def find(self, dt_ms, level, draw, hold_ma, budget, readings):
        """Refill from the supply per phase and the car's draw; ``hold_ma``: above this the supply is over."""
        limits = self.limits
        level_ma = level.ma
        bound_ma = limits.breaker_ma
        rating_ma, reason = rated(limits), reasons.SHED
        if rating_ma < limits.breaker_ma:
            reason, bound_ma = reasons.IMPORT, limits.import_ma
            hold_ma = min(hold_ma, rating_ma)
        self.free_ma = UNBOUND_MA
        excess_ma = -UNBOUND_MA
        step_ma = STEP_MA
        self.load_ma = 0
        self.lower(limits.charger_ma, reasons.CEILING, 0, limits.charger_ma, limits.charger_ma)
        wish = reasons.SLOW if limits.slow else reasons.HOUSEHOLD
        self.lower(limits.household_ma, wish, 0, limits.household_ma, limits.household_ma)
        for phase in range(limits.phases):
            if draw.uses[phase]:
                load_ma = level_ma[phase]
                self.load_ma = max(self.load_ma, load_ma)
                if load_ma - hold_ma > excess_ma:
                    excess_ma = load_ma - hold_ma
                    step_ma = level.step_ma[phase]
                own_ma = draw.car_ma[phase] + rating_ma - load_ma
                if own_ma < self.shared_ma:
                    self.lower(self.shared_ma, reasons.SHARED, phase, self.shared_ma, self.shared_ma)
                else:
                    self.lower(own_ma, reason, phase, load_ma, bound_ma)
        above = hold_ma > rating_ma and excess_ma > rating_ma - hold_ma
        if readings.dimmed:
            dim_ma = limits.dim_w * 1000 // limits.mains_v // draw.phases_used(limits.phases)
            self.lower(dim_ma, reasons.DIMMED, 0, dim_ma, limits.dim_w)
        if limits.asymmetry_ma:
            excess_ma = max(excess_ma, self._asymmetry(level_ma, draw))
        if limits.cap_w:
            excess_ma = max(excess_ma, self._cap(dt_ms, level_ma, draw, budget, readings.wall_s))
        self.over_mams = min(self.over_mams + min(excess_ma, step_ma) * dt_ms, OVER_MAMS) if excess_ma > OVER_MA else 0
        self.over = self.over_mams >= OVER_MAMS or excess_ma >= step_ma
        self.borne = above and not self.over

    def _asymmetry(self, level_ma, draw):
        """What one phase may carry above another (VDE-AR-N 4100, 5.5); returns by how much one in use is above that.

        A car on all phases cannot change it. One that has not shown its phases yet may be on one.
        """
        limits = self.limits
        allowed_ma = limits.asymmetry_ma
        least_ma = UNBOUND_MA
        for phase in range(limits.phases):
            if not draw.uses[phase]:
                least_ma = min(least_ma, level_ma[phase])
        excess_ma = -UNBOUND_MA
        if least_ma == UNBOUND_MA:
            if limits.phases == 1 or not draw.shown:
                self.lower(allowed_ma, reasons.ASYMMETRY, 0, allowed_ma, allowed_ma)
            return excess_ma
        for phase in range(limits.phases):
            if draw.uses[phase]:
                apart_ma = level_ma[phase] - least_ma
                excess_ma = max(excess_ma, apart_ma - allowed_ma)
                self.lower(draw.car_ma[phase] + allowed_ma - apart_ma, reasons.ASYMMETRY, phase, apart_ma, allowed_ma)
        return excess_ma

    def _cap(self, dt_ms, level_ma, draw, budget, wall_s):
        """What the tariff's budget leaves, shared by the phases in use; returns by how much the house is above it.

        A car that draws keeps its minimum as long as the rest of the interval can make up for it; one that does not is not
        started for what was saved, which ends with the interval.
        """
        limits = self.limits
        cap_ma = limits.cap_w * 1000 // limits.mains_v
        sum_ma = house_ma = 0
        for phase in range(limits.phases):
            sum_ma += level_ma[phase]
            house_ma += level_ma[phase] - draw.car_ma[phase]
        budget.spend(dt_ms, sum_ma, cap_ma, limits.cap_s, wall_s)
        allowed_ma = budget.allowed_ma(cap_ma, limits.cap_s, draw.most_ma > 0)
        free_ma = (allowed_ma - house_ma) // draw.phases_used(limits.phases)
        if draw.most_ma and budget.bears(cap_ma, limits.cap_s):
            free_ma = max(free_ma, limits.min_ma)
        self.lower(free_ma, reasons.TARIFF, 0, allowed_ma, limits.cap_w)
        return sum_ma - allowed_ma - SLACK_MA

    def lower(self, free_ma, reason, phase, value, bound):
        """One ceiling: the car may have at most ``free_ma``."""
        if free_ma < self.free_ma:
            self.free_ma = free_ma
            self.reason = reason
            self.phase = phase
            self.value = value
            self.bound = bound
