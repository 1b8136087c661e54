"""Solar surplus: what the panels would feed in goes to the car instead. Only where the board knows which way the current flows.

The surplus is what is fed in and what the car draws now. It is counted over all phases together, as a meter that balances them
does, or on each by itself. It is followed up at once and down slowly: a cloud's edge is no reason to move the pilot, and what is
bought meanwhile is little. A charge by sun begins when the surplus has borne the car for a while, and goes on at the
car's minimum through so much shade: a shade that takes half of the minimum counts half, and sun takes back what shade has cost.
Peers: evcc enables after 1 min and disables after 3, SmartEVSE stops after 10 (project's domain notes, 8).
"""

from headroom.guard import pilot
from headroom.law.ceilings import NEVER
from headroom.terms import reasons

ONLY, MINIMUM, WINDOW = 1, 2, 3  # of the setting ``solar``; 0: off
EACH = 1  # of the setting ``solar_sum``
START_MS = 60000  # so much longer with enough than without
MARGIN_MA = 250  # above the minimum, to begin
FALL_MS = 3000  # time constant on the way down


class Solar:
    """A ceiling that follows the surplus; ``on``: a charge by sun goes on."""

    def __init__(self, limits):
        self.limits = limits
        self.on = False
        self.good_ms = 0
        self.shade_ms = 0
        self.part = 0  # mA x ms of shade not yet counted
        self.kept_ma = 0

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """Never over: what the house takes from the grid is no overload."""
        limits = self.limits
        mode, _, hold_ms = limits.solar
        min_ma = limits.min_ma
        surplus_ma = self._surplus_ma(supply, car)
        self._follow(dt_ms, surplus_ma)
        self._shade(dt_ms, surplus_ma, 0 if in_force.pilot_state == pilot.A else hold_ms)
        reason = reasons.SUN if surplus_ma >= min_ma else reasons.SHADE
        free_ma = max(self.kept_ma, min_ma)
        if mode != MINIMUM and not self.on:
            free_ma, reason = 0, reasons.NO_SUN
        if mode == WINDOW:
            ceilings.lift_ma = free_ma
        elif not ceilings.needed:
            ceilings.lower(free_ma, reason, 0, surplus_ma, min_ma)
        return NEVER

    def _surplus_ma(self, supply, car):
        """What the car may draw on each of its phases for nothing to be fed in, or bought."""
        limits = self.limits
        sum_ma = used = 0
        least_ma = limits.charger_ma
        for phase in range(limits.phases):
            spare_ma = car.car_ma[phase] - supply.ma[phase]
            sum_ma += spare_ma
            if car.uses[phase]:
                used += 1
                least_ma = min(least_ma, spare_ma)
        if limits.solar[1] != EACH:
            least_ma = sum_ma // max(used, 1)
        return min(least_ma, limits.charger_ma)

    def _follow(self, dt_ms, surplus_ma):
        if surplus_ma >= self.kept_ma:
            self.kept_ma = surplus_ma
        else:
            self.kept_ma += (surplus_ma - self.kept_ma) * min(dt_ms, FALL_MS) // FALL_MS

    def _shade(self, dt_ms, surplus_ma, hold_ms):
        min_ma = self.limits.min_ma
        if surplus_ma >= min_ma + (0 if self.on else MARGIN_MA):
            self.good_ms = min(self.good_ms + dt_ms, START_MS)
            self.shade_ms = max(self.shade_ms - dt_ms, 0)
        else:
            self.good_ms = max(self.good_ms - dt_ms, 0)
            self.part += dt_ms * min(min_ma - surplus_ma, min_ma) if surplus_ma < min_ma else 0
            self.shade_ms = min(self.shade_ms + self.part // min_ma, hold_ms)
            self.part %= min_ma
        if not self.on:
            if self.good_ms >= START_MS:
                self.on = True
                self.shade_ms = 0
        elif self.shade_ms >= hold_ms and surplus_ma < min_ma:
            self.on = False
            self.good_ms = 0
