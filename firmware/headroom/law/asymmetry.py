"""What one phase may carry above another: 20 A in Germany (VDE-AR-N 4100, 5.5)."""

from headroom.law.ceilings import NEVER, UNBOUND_MA
from headroom.terms import reasons


class Asymmetry:
    """A ceiling for a car that does not use all phases: one that does cannot change it."""

    def __init__(self, limits):
        self.limits = limits

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """Returns by how much a phase in use is above what is allowed. A car that has not shown its phases yet may be on one."""
        limits = self.limits
        allowed_ma = limits.asymmetry_ma
        least_ma = UNBOUND_MA
        for phase in range(limits.phases):
            if not car.uses[phase]:
                least_ma = min(least_ma, supply.ma[phase])
        excess_ma = NEVER
        if least_ma == UNBOUND_MA:
            if limits.phases == 1 or not car.shown:
                ceilings.lower(allowed_ma, reasons.ASYMMETRY, 0, allowed_ma, allowed_ma)
            return excess_ma
        for phase in range(limits.phases):
            if car.uses[phase]:
                apart_ma = supply.ma[phase] - least_ma
                excess_ma = max(excess_ma, apart_ma - allowed_ma)
                free_ma = car.car_ma[phase] + allowed_ma - apart_ma
                ceilings.lower(free_ma, reasons.ASYMMETRY, phase, apart_ma, allowed_ma)
        return excess_ma
