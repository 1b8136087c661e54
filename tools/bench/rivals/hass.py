"""hass-evse-load-balancer. Source of every rule: the peer survey (peers.md), sections 7.1 and 7.2."""

from bench.rivals.rival import Rival

PERIOD_MS = 1000  # EXECUTION_CYCLE_DELAY
LATENCY_MS = 1500  # a P1 meter of version 5: 1 to 2 s (domain notes 9.2)
WRITE_S = 20  # MIN_CHARGER_UPDATE_DELAY: between any two writes, cuts included
RISE_S = 900  # charge_limit_hysteresis: from the last write to the next increase
RISK_FULL = 60
# (up to this much above the limit in percent, seconds until the limit is reduced); risk falls by 1 a second
RISKS = ((13, 60), (40, 30), (100, 10), (1000, 1))


class Hass(Rival):
    """Rides an overload out by its size, then cuts by whole amperes; gives back a quarter of an hour later."""

    period_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def __init__(self, limits, world):
        super().__init__(limits, world)
        self.risk = 0
        self.written_s = 0  # since the last write

    def arrive(self):
        """The first allocation may not exceed what is free."""
        self.risk = 0
        self._write(self._free_ma(), "first allocation")

    def look(self, verdict):
        """One cycle of a second."""
        self.written_s += 1
        free_ma = self._free_ma()
        if self._risky() and free_ma < 0:
            if self.written_s >= WRITE_S:
                self._write(self.offer_ma + free_ma, "over the limit too long")
        elif free_ma > 0 and self.written_s >= RISE_S and self.offer_ma < self.limits.charger_ma:
            self._write(self.offer_ma + free_ma, "15 minutes without a change")

    def _free_ma(self):
        return (self.limits.breaker_ma - self.load_ma(self.limits.phases)) // 1000 * 1000

    def _risky(self):
        over_ma = self.load_ma(self.limits.phases) - self.limits.breaker_ma
        if over_ma <= 0:
            self.risk = max(self.risk - 1, 0)
            return False
        for percent, seconds in RISKS:
            if over_ma * 100 <= percent * self.limits.breaker_ma:
                self.risk = min(self.risk + RISK_FULL // seconds, RISK_FULL)
                return self.risk >= RISK_FULL
        return True

    def _write(self, offer_ma, why):
        self.written_s = 0
        self.set(max(min(offer_ma, self.limits.charger_ma), 0), why)
