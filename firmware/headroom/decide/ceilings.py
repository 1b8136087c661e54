"""Many ceilings, one answer: the lowest binds, and it is the reason that a person is told.

Each ceiling is one call of ``lower`` with its reason and its numbers. The supply's phases are ceilings like any other; what
sets them apart is only that the car's own draw is part of what they measure.
"""

from headroom.decide import reasons

OVER_MA = 50  # the supply is over its limit from here: less is the meter's noise, a hundredth of what a breaker bears
UNBOUND_MA = 1 << 20


class Ceilings:
    """``free_ma``: what the car may have now; ``reason``, ``phase``, ``value``, ``bound``: which ceiling says so."""

    def __init__(self, limits):
        self.limits = limits
        self.free_ma = 0
        self.over = False  # something is above what it may carry, not only able to become so
        self.reason = self.phase = self.value = self.bound = 0

    def find(self, level_ma, draw, hold_ma):
        """Refill from the supply per phase and the car's draw; ``hold_ma``: above this the supply is over."""
        limits = self.limits
        self.free_ma = UNBOUND_MA
        self.over = False
        self.lower(limits.charger_ma, reasons.CEILING, 0, limits.charger_ma, limits.charger_ma)
        for phase in range(limits.phases):
            if draw.uses[phase]:
                load_ma = level_ma[phase]
                if load_ma > hold_ma + OVER_MA:
                    self.over = True
                room_ma = limits.breaker_ma - load_ma
                self.lower(draw.car_ma[phase] + room_ma, reasons.SHED, phase, load_ma, limits.breaker_ma)

    def lower(self, free_ma, reason, phase, value, bound):
        """One ceiling: the car may have at most ``free_ma``."""
        if free_ma < self.free_ma:
            self.free_ma = free_ma
            self.reason = reason
            self.phase = phase
            self.value = value
            self.bound = bound
