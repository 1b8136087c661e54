"""The grid operator dims: a contact leaves the car so much power, shared by the phases that it uses (EnWG section 14a)."""

from headroom.law.ceilings import NEVER
from headroom.terms import reasons


class Dimming:
    """A ceiling while ``readings.dimmed``."""

    def __init__(self, limits):
        self.limits = limits

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """The car may have ``dim_w``."""
        limits = self.limits
        if readings.dimmed:
            dim_ma = limits.dim_w * 1000 // limits.mains_v // car.phases_used(limits.phases)
            ceilings.tell(dim_ma, reasons.DIMMED, dim_ma, limits.dim_w)
        return NEVER
