"""Many ceilings, one answer: the lowest binds, and it is the reason that a person is told.

Each ceiling is one call of ``lower`` with its reason and its numbers. The supply's phases are ceilings like any other; what
sets them apart is only that the car's own draw is part of what they measure. ``more`` are those that only some boards and
households have (headroom/features.py): each is asked by ``find(dt_ms, ceilings, level, draw, readings, in_force)``, calls
``lower``, and returns by how many mA what it guards is exceeded, or NEVER. They are asked while no reading comes through, too.
"""

from headroom.law.noise_filter import STEP_MA
from headroom.monitor.breaker import smaller
from headroom.terms import reasons

OVER_MA = 50  # an excess below this is none: it is less than the meter knows and a small part of what a breaker bears
OVER_MAMS = 30000  # one within the meter's noise must have come to this: 0.1 A in 0.3 s
BELOW_IMPORT_MA = 2 * OVER_MA
UNBOUND_MA = 1 << 20
NEVER = -UNBOUND_MA  # nothing is exceeded


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
        self.more = []
        self.needed = 0  # 1: a need (law/wishes) says that what only saves money does not count now; 2: and is late
        self.dawns = False  # the sun would do, and is looked at for a while: that is part of a paused car's wait
        self.lift_ma = 0  # a timetable that leaves less gives way to so much: surplus that may be had at any time
        self.free_ma = 0
        self.told_ma = 0  # the lowest that somebody has told: not exceeded by a step too small to be worth a new duty
        self.beside_ma = 0  # the lowest of all but the supply's own: what its breaker bears is no excuse there
        self.shared_ma = NEVER  # a group's leader: what it leaves itself of the supply, for the others yield the rest
        self.load_ma = 0  # of the fullest phase that the car uses
        self.over_mams = 0  # what an excess within the noise has come to
        self.over = False  # something is above what it may carry, not only able to become so
        self.tolerated = False  # above its rating, and the breaker is let to bear it
        self.reason = self.phase = self.value = self.bound = 0

    def blind(self, dt_ms, supply, car, readings, in_force):
        """What binds while no reading comes through: all but the supply itself, with what was last known of it."""
        self._own()
        for phase in range(self.limits.phases):
            if car.uses[phase]:
                self.lower(smaller(rated(self.limits), self.limits.own_ma[phase]), reasons.NO_METER, phase, 0, 0)
        for each in self.more:
            each.find(dt_ms, self, supply, car, readings, in_force)

    def find(self, dt_ms, supply, car, hold_ma, readings, in_force):
        """Refill from the supply per phase and the car's draw; ``hold_ma``: above this the supply is over."""
        limits = self.limits
        level_ma = supply.ma
        bound_ma = limits.breaker_ma
        rating_ma, reason = rated(limits), reasons.SHED
        if rating_ma < limits.breaker_ma:
            reason, bound_ma = reasons.IMPORT, limits.import_ma
            hold_ma = min(hold_ma, rating_ma)
        self._own()
        more_ma = NEVER
        for each in self.more:
            more_ma = max(more_ma, each.find(dt_ms, self, supply, car, readings, in_force))
        others_ma, others = self.free_ma, self.reason  # one by one: five at once would be a tuple
        others_phase, others_value, others_bound = self.phase, self.value, self.bound
        excess_ma = NEVER
        step_ma = STEP_MA
        self.load_ma = 0
        hold_part = limits.tolerance_pct if hold_ma > rating_ma else 0
        for phase in range(limits.phases):
            if car.uses[phase]:
                load_ma = level_ma[phase]
                self.load_ma = max(self.load_ma, load_ma)
                own_ma = smaller(rating_ma, limits.own_ma[phase])
                least_ma = min(hold_ma, own_ma + hold_part * (own_ma // 100))
                if load_ma - least_ma > excess_ma:
                    excess_ma = load_ma - least_ma
                    step_ma = supply.step_ma[phase]
                free_ma = car.car_ma[phase] + own_ma - load_ma
                if own_ma < rating_ma:
                    self.lower(free_ma, reasons.SHED, phase, load_ma, own_ma)
                elif free_ma < self.shared_ma:
                    self.lower(self.shared_ma, reasons.SHARED, phase, self.shared_ma, self.shared_ma)
                else:
                    self.lower(free_ma, reason, phase, load_ma, bound_ma)
        above = hold_ma > rating_ma and excess_ma > rating_ma - hold_ma
        excess_ma = max(excess_ma, more_ma)
        self.over_mams = min(self.over_mams + min(excess_ma, step_ma) * dt_ms, OVER_MAMS) if excess_ma > OVER_MA else 0
        self.over = self.over_mams >= OVER_MAMS or excess_ma >= step_ma
        self.tolerated = above and not self.over
        if self.tolerated and others_ma < in_force.offer_ma:
            self.tolerated = False  # what the breaker bears binds nobody else
            self.free_ma, self.reason = others_ma, others
            self.phase, self.value, self.bound = others_phase, others_value, others_bound

    def _own(self):
        """Begin with the charger's rating and the household's wish."""
        limits = self.limits
        self.free_ma = self.beside_ma = UNBOUND_MA
        self.lift_ma = 0
        self.told_ma = UNBOUND_MA
        self.tell(limits.charger_ma, reasons.CEILING, limits.charger_ma, limits.charger_ma)
        self.tell(limits.household_ma, reasons.HOUSEHOLD, limits.household_ma, limits.household_ma)

    def tell(self, ma, reason, value, bound):
        """A ceiling that somebody has told: no reading makes it waver, and it holds to the milliampere."""
        self.told_ma = min(self.told_ma, ma)
        self.lower(ma, reason, 0, value, bound)

    def lower(self, free_ma, reason, phase, value, bound):
        """One ceiling: the car may have at most ``free_ma``."""
        if reason != reasons.SHED:
            self.beside_ma = min(self.beside_ma, free_ma)
        if free_ma < self.free_ma:
            self.free_ma = free_ma
            self.reason = reason
            self.phase = phase
            self.value = value
            self.bound = bound
