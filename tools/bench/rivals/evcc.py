"""evcc with a circuit around one load point, charging at once ("fast").

Read: core/circuit/circuit.go (ValidateCurrent), core/loadpoint.go (setLimit, roundedCurrent, coarseCurrent), cmd/setup.go.
"""

from bench.rivals.rival import Rival

PERIOD_MS = 30000  # "interval", its default
LATENCY_MS = 1000  # assumed: a Modbus meter, 0.3 to 1.5 s
MIN_MA = 6000  # effectiveMinCurrent


class Evcc(Rival):
    """Every 30 s: cut by the measured excess or go to all that is free; off below 6 A, on again in the next cycle."""

    source = "evcc-io/evcc b29b49e, 2026-08-08"
    setting = "interval 30 s (default); a charger that takes whole amperes only"
    period_ms = meter_ms = PERIOD_MS
    latency_ms = LATENCY_MS
    step_ma = 1000  # coarseCurrent: the charger has no MaxCurrentMillis (or the vehicle wants it)

    def arrive(self):
        """The first cycle is like any other."""
        self.look(None)

    def look(self, verdict):
        """``potential = max - measured``; a rise above it becomes ``old + potential``, old being what the car draws."""
        potential_ma = self.limits.breaker_ma - self.load_ma(self.limits.phases)
        old_ma = self.car_ma
        new_ma = self._rounded(self.limits.charger_ma)
        if max(0, new_ma - old_ma) > potential_ma:
            new_ma = self._rounded(min(new_ma, max(0, old_ma + potential_ma)))
        if new_ma < MIN_MA:
            self.set(0, "below the minimum")
        else:
            self.set(new_ma, "potential of the circuit")

    def _rounded(self, current_ma):
        return current_ma // self.step_ma * self.step_ma


class EvccFine(Evcc):
    """The same with a charger that can be told milliamperes."""

    setting = "interval 30 s (default); a charger that takes milliamperes (ChargerEx)"
    step_ma = 1
