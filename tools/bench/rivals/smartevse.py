"""SmartEVSE-3.5 in Smart mode, one charger.

Read: SmartEVSE-3/src/main.cpp (CalcBalancedCurrent, IsCurrentAvailable, Timer1S_singlerun, Timer10ms_singlerun). Works in
tenths of an ampere, as SmartEVSE does; its divisions cut off.
"""

from bench.rivals.rival import Rival

PERIOD_MS = 2000  # ModbusRequestLoop: every second tick of a second
LATENCY_MS = 500  # assumed: a meter on Modbus, 0.3 to 1.5 s
MIN_DA = 60  # MinCurrent
MOST_DA = 800  # "hard limit 80A"
CHARGE_DELAY_S = 60  # CHARGEDELAY
SHORT_CYCLES = 2  # stopped when NoCurrent > 2


class SmartEvse(Rival):
    """Down at once and in full, up by a quarter of the headroom; takes its own set-point for the car's draw.

    A car starts at the minimum, until the next balancing (since 819176ff, 2026-01-23). The balance itself goes on without a
    car, so that what comes after the minimum is all that is free.
    """

    source = "dingo35/SmartEVSE-3.5 2d95cf0, 2026-06-30"
    setting = "Smart mode, MaxMains the breaker's rating, MinCurrent 6 A"
    period_ms = meter_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def __init__(self, limits, world):
        super().__init__(limits, world)
        self.limit_da = limits.breaker_ma // 100
        self.most_da = limits.charger_ma // 100
        self.balance_da = 0  # IsetBalanced
        self.set_da = 0  # Balanced[0]; 0: no offer
        self.charging = False  # state C
        self.no_current = 0
        self.less_6a = False
        self.delay_s = 0

    def idle(self):
        """The balance goes on; an error and its delay end with the car."""
        self.less_6a = self.charging = False
        self.delay_s = self.set_da = 0
        self._balance(0)

    def arrive(self):
        """State B, if the minimum fits."""
        self._balance(0)
        self._ready()

    def look(self, verdict):
        """One measurement: wait, offer the minimum, or balance."""
        if self.set_da == 0:
            self._balance(0)
            self._wait()
        elif not verdict.closed:
            self.charging = False
            self._balance(0)
            if not self._available():
                self._stop()
        else:
            if not self.charging:
                self.charging = True
                self.set_da = MIN_DA
            self._charge()

    def _load_da(self):
        return self.load_ma(self.limits.phases) // 100

    def _available(self):
        return MIN_DA + self._load_da() <= self.limit_da

    def _balance(self, total_da):
        """IsetBalanced by this measurement; ``total_da``: what the charging car was told."""
        spare_da = self.limit_da - self._load_da()
        self.balance_da += spare_da // 4 if spare_da > 0 else spare_da
        self.balance_da = min(max(self.balance_da, 0), MOST_DA, spare_da + total_da)

    def _wait(self):
        """LESS_6A is cleared in the first moment with room; the delay then runs on, whatever the house does."""
        if self.less_6a and self._available():
            self.less_6a = False
        if self.less_6a:
            return
        self.delay_s -= PERIOD_MS // 1000
        if self.delay_s <= 0:
            self._ready()

    def _ready(self):
        if not self._available():
            self._stop()
            return
        self.set_da = MIN_DA
        self.set(MIN_DA * 100, "start at the minimum")

    def _charge(self):
        self._balance(self.set_da)
        load_da = self._load_da()
        if self.balance_da < MIN_DA:
            self.balance_da = MIN_DA
            if load_da - self.set_da + MIN_DA > self.limit_da:
                self.no_current += 1
        else:
            self.no_current = 0
        self.balance_da = min(self.balance_da, self.most_da)
        self.set_da = self.balance_da
        if self.no_current > SHORT_CYCLES or load_da > 2 * self.limit_da:
            self._stop()
            return
        self.set(self.set_da * 100, "a quarter up, or down in full")

    def _stop(self):
        self.set_da = self.no_current = 0
        self.charging = False
        self.less_6a = True
        self.delay_s = CHARGE_DELAY_S
        self.set(0, "less than 6 A")
