"""hass-evse-load-balancer with one charger whose limit is the same on all phases.

Read in custom_components/evse_load_balancer: coordinator.py, balancers/optimised_load_balancer.py (PhaseMonitor),
power_allocator.py, meters/*.py. Works in whole amperes, as it does.
"""

from bench.rivals.rival import Rival

LATENCY_MS = 1500  # assumed: a P1 meter of version 5, 1 to 2 s
WRITE_S = 20  # MIN_CHARGER_UPDATE_DELAY: between any two writes, cuts included
RISE_S = 900  # charge_limit_hysteresis, its default: from the last write to the next increase
TRIP_RISK = 60  # trip_risk_threshold; the risk falls by 1 a second
# (up to this much above the limit in percent, risk added in a second)
RISKS = ((13, TRIP_RISK // 60), (40, TRIP_RISK // 30), (100, TRIP_RISK // 10))


def risk(over_a, limit_a):
    """What a second of this overload adds (_calculate_trip_risk)."""
    for percent, added in RISKS:
        if over_a * 100 <= percent * limit_a:
            return added
    return TRIP_RISK


class Phase:
    """One phase's balance (PhaseMonitor): an overload is answered once its risk has added up.

    Until then the last availability stands; from then on the overload's, as long as it is one.
    """

    def __init__(self, limit_a):
        self.limit_a = limit_a
        self.available_a = limit_a
        self.risk = 0

    def update(self, free_a, seconds):
        """``seconds`` with that much free (negative: over); returns what the allocator is told."""
        if free_a >= 0:
            self.risk = max(self.risk - seconds, 0)
            self.available_a = min(self.limit_a, free_a)
            return self.available_a
        self.risk += risk(-free_a, self.limit_a) * seconds
        if self.risk >= TRIP_RISK:
            self.risk = 0
            self.available_a = free_a
        return self.available_a


class Hass(Rival):
    """Rides an overload out by its size, then cuts by whole amperes; gives back a quarter of an hour later.

    A charger keeps the limit that it was last given: the first car finds its rating, whatever the house draws.
    """

    source = "dirkgroenen/hass-evse-load-balancer 0c6d654, 2026-01-27"
    setting = "temporary overcurrent allowed, 15 min before an increase (defaults)"
    latency_ms = LATENCY_MS

    def __init__(self, limits, world):
        super().__init__(limits, world)
        self.rating_a = self.limit_a = limits.charger_ma // 1000
        self.phases = [Phase(limits.breaker_ma // 1000) for _ in range(limits.phases)]
        self.written_s = None  # since the last write
        self.computed_s = None  # since the last balance: while no car is there none is made

    def idle(self):
        """Nothing is balanced without a car."""
        self._pass()

    def arrive(self):
        """The charger's limit as it was left."""
        self.look(None)

    def look(self, verdict):
        """One cycle of a second (EXECUTION_CYCLE_DELAY)."""
        self._pass()
        wanted_a = min(self._wanted_a(phase, self.grid_ma[i]) for i, phase in enumerate(self.phases))
        self.computed_s = 0
        if wanted_a != self.limit_a and self._may_write(wanted_a):
            self.written_s = 0
            self.limit_a = wanted_a
        self.set(self.limit_a * 1000, "limit of the charger")

    def _pass(self):
        if self.computed_s is not None:
            self.computed_s += 1
        if self.written_s is not None:
            self.written_s += 1

    def _wanted_a(self, phase, load_ma):
        """Every meter's adapter drops the fractions of an ampere: up to one of overload is never seen."""
        available_a = phase.update(phase.limit_a - load_ma // 1000, self.computed_s or 0)
        return max(0, min(self.limit_a + available_a, self.rating_a))

    def _may_write(self, wanted_a):
        if self.written_s is None:
            return True
        return self.written_s > (WRITE_S if wanted_a < self.limit_a else RISE_S)
