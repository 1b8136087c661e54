"""SmartEVSE-3.5 in Smart mode, one charger. Source of every rule: the peer survey (peers.md), section 1.1.

Works in tenths of an ampere, as SmartEVSE does; its divisions cut off.
"""

from bench.rivals.rival import Rival

PERIOD_MS = 2000  # "period 2 s"
LATENCY_MS = 500  # its meter is on Modbus: 0.3 to 1.5 s (domain notes 9.2)
MIN_DA = 60
CHARGE_DELAY_S = 60  # "60 s after headroom is back"
SHORT_CYCLES = 2  # "stop all when NoCurrent > 2"


class SmartEvse(Rival):
    """Down at once and in full, up by a quarter of the headroom; takes its own set-point for the car's draw."""

    period_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def __init__(self, limits, world):
        super().__init__(limits, world)
        self.set_da = 0
        self.no_current = 0
        self.delay_s = 0

    def arrive(self):
        """ "Smart mode start takes the full computed headroom at once" (serkri#107)."""
        self.no_current = self.delay_s = 0
        self._start()

    def look(self, verdict):
        """One measurement: resume, or balance."""
        if self.set_da == 0:
            if self._free_da() < MIN_DA:
                self.delay_s = CHARGE_DELAY_S
            else:
                self.delay_s -= PERIOD_MS // 1000
            if self.delay_s <= 0:
                self._start()
            return
        if not verdict.closed:
            self._start()  # balancing is between cars that charge: until this one does, it is offered what is free
            return
        load_da = self.load_ma(self.limits.phases) // 100
        limit_da = self.limits.breaker_ma // 100
        spare_da = limit_da - load_da
        baseload_da = load_da - self.set_da
        set_da = self.set_da + (spare_da if spare_da < 0 else spare_da // 4)
        set_da = min(set_da, self.limits.charger_ma // 100, limit_da - baseload_da)
        if set_da < MIN_DA:
            self.no_current += 1
            if self.no_current > SHORT_CYCLES or load_da > 2 * limit_da:
                self._stop()
                return
            set_da = MIN_DA
        else:
            self.no_current = 0
        self.set_da = set_da
        self.set(set_da * 100, "%d.%d A spare" % (spare_da // 10, spare_da % 10))

    def _free_da(self):
        return (self.limits.breaker_ma - self.load_ma(self.limits.phases)) // 100

    def _start(self):
        free_da = min(self._free_da(), self.limits.charger_ma // 100)
        if free_da < MIN_DA:
            self._stop()
            return
        self.no_current = 0
        self.set_da = free_da
        self.set(free_da * 100, "start with all that is free")

    def _stop(self):
        self.set_da = self.no_current = 0
        self.delay_s = CHARGE_DELAY_S
        self.set(0, "less than 6 A")
