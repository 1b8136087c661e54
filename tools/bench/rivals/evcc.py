"""evcc with a circuit around one load point. Source of every rule: the peer survey (peers.md), section 8.1."""

from bench.rivals.rival import Rival

PERIOD_MS = 30000  # "global interval 30 s default"
LATENCY_MS = 1000  # a Modbus meter: 0.3 to 1.5 s (domain notes 9.2)
MIN_MA = 6000


class Evcc(Rival):
    """Every 30 s: cut by the measured excess or go to all that is free; off below 6 A, on again in the next cycle."""

    period_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def arrive(self):
        """The first cycle is like any other."""
        self.look(None)

    def look(self, verdict):
        """``potential = max - measured``; a rise above it becomes ``old + potential``, old being what the car draws."""
        potential_ma = self.limits.breaker_ma - self.load_ma(self.limits.phases)
        old_ma = self.car_ma
        new_ma = self.limits.charger_ma
        if new_ma - old_ma > potential_ma:
            new_ma = max(0, old_ma + potential_ma)
        if new_ma < MIN_MA:
            self.set(0, "below the minimum")
        else:
            self.set(new_ma, "potential of the circuit")
