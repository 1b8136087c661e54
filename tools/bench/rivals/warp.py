"""WARP's power manager and current allocator with one charger. Source of every rule: the peer survey (peers.md), 5.1."""

from bench.rivals.rival import Rival

PERIOD_MS = 500  # PM_TASK_DELAY_MS
LATENCY_MS = 500  # of its meter: chosen
ALLOCATE_MS = 10000  # allocation_interval
HOLD_OFF_MS = 5000  # after an extra run
FILTER_SAMPLES = 20  # "pre-filter over 10 s"
LARGEST_MA = (
    13000  # "the operator declares his largest other consumer": 3 kW, chosen; the default of 32 A leaves nothing
)
MIN_MA = 6000
ENABLE_MA = 9000  # enable_current_factor 150 % of 6 A
HYSTERESIS_MS = 210000  # global_hysteresis
BLOCK_MS = 10000
BLOCKS = 24  # "4-minute minimum"
DEMAND_AFTER_MS = 60000  # requested_current_threshold
DEMAND_MARGIN_MA = 2000  # "plus margin": chosen


class Warp(Rival):
    """Throttles on what is left now, switches on when 9 A have been left for four minutes."""

    period_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def __init__(self, limits, world):
        super().__init__(limits, world)
        limit_ma = limits.breaker_ma
        self.target_ma = min(limit_ma * 14 // 10 - LARGEST_MA, limit_ma)
        self.samples = []  # of the last 10 s
        self.filtered_ma = 0
        self.raw_ma = 0
        self.blocks = []  # lowest raw of each 10 s
        self.block_ms = 0
        self.allocate_ms = 0  # until the next run
        self.hold_ms = 0
        self.changed_ms = 0  # since it was switched on or off
        self.less_ms = 0  # how long the car has drawn less than offered

    def arrive(self):
        """ "Just plugged-in EVs get current at once" (stage 2), if the enabling current is there now."""
        self.changed_ms = HYSTERESIS_MS
        self.less_ms = 0
        self.samples = []
        self.blocks = []
        self.block_ms = 0
        self._measure()
        self._allocate()

    def look(self, verdict):
        """One sample; a run of the allocator when it is time."""
        self._measure()
        self.changed_ms = min(self.changed_ms + PERIOD_MS, HYSTERESIS_MS)
        self.hold_ms = max(self.hold_ms - PERIOD_MS, 0)
        self.allocate_ms -= PERIOD_MS
        drawn_less = verdict.closed and self.car_ma <= self.offer_ma - DEMAND_MARGIN_MA
        self.less_ms = min(self.less_ms + PERIOD_MS, DEMAND_AFTER_MS) if drawn_less else 0
        urgent = self.filtered_ma > self.target_ma * 12 // 10 and self.hold_ms == 0
        if urgent:
            self.hold_ms = HOLD_OFF_MS
        if urgent or self.allocate_ms <= 0:
            self._allocate()

    def _measure(self):
        load_ma = self.load_ma(self.limits.phases)
        self.samples.append(load_ma)
        if len(self.samples) > FILTER_SAMPLES:
            self.samples.pop(0)
        mean_ma = sum(self.samples) // len(self.samples)
        high_ma = (max(self.samples) + mean_ma) // 2
        low_edge_ma, high_edge_ma = self.target_ma * 11 // 10, self.target_ma * 12 // 10
        share = min(max((load_ma - low_edge_ma) * 128 // (high_edge_ma - low_edge_ma), 0), 128)
        self.filtered_ma = mean_ma + (high_ma - mean_ma) * share // 128
        error_ma = self.target_ma - self.filtered_ma
        if self.offer_ma == 0:
            step_ma = error_ma
        elif error_ma < 0:
            step_ma = error_ma * 15 // 16
        else:
            step_ma = min(error_ma // 2, self.target_ma // 2)
        self.raw_ma = self.offer_ma + step_ma
        if self.block_ms <= 0 or not self.blocks:
            self.block_ms = BLOCK_MS
            self.blocks.append(self.raw_ma)
            if len(self.blocks) > BLOCKS:
                self.blocks.pop(0)
        self.block_ms -= PERIOD_MS
        self.blocks[-1] = min(self.blocks[-1], self.raw_ma)

    def _allocate(self):
        self.allocate_ms = ALLOCATE_MS
        if self.offer_ma == 0:
            if self.changed_ms >= HYSTERESIS_MS and min(self.blocks) >= ENABLE_MA:
                self.changed_ms = 0
                self.set(min(self.raw_ma, self.limits.charger_ma), "9 A for four minutes")
        elif self.raw_ma < MIN_MA:
            self.changed_ms = 0
            self.set(0, "window minimum does not fit")
        else:
            wanted_ma = self.limits.charger_ma
            if self.less_ms >= DEMAND_AFTER_MS:
                wanted_ma = max(self.car_ma + DEMAND_MARGIN_MA, MIN_MA)
            self.set(min(self.raw_ma, wanted_ma), "raw window")
