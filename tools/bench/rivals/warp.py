"""WARP's power manager and charge manager (current allocator) with one charger.

Read in software/src/modules: power_manager/power_manager.cpp (update_energy), charge_manager/current_allocator.cpp
(stages 2 to 8, get_enable_cost, get_requested_current), charge_manager/charge_manager.cpp (the defaults).
"""

from bench.rivals.rival import Rival

PERIOD_MS = 500  # PM_TASK_DELAY_MS
LATENCY_MS = 500  # assumed: of its meter
ALLOCATE_MS = 10000  # allocation_interval
HOLD_OFF_MS = 5000  # cm_allocator_trigger_hysteresis: after a run that an overload asked for
FILTER_SAMPLES = 20  # preproc_filter_length: 10 s
WINDOW_SAMPLES = 480  # min_filter_length: 4 minutes
MIN_MA = 6000  # alone a charger is enabled at its minimum; enable_current_factor 150 % is for company
PLUG_IN_MS = 210000  # plug_in_time: until then a car that has just come is given current whatever the window says
DEMAND_AFTER_MS = 60000  # requested_current_threshold
DEMAND_MARGIN_MA = 3000  # requested_current_margin


class Line:
    """What one phase leaves: the raw limit of this moment and the lowest of four minutes."""

    def __init__(self, target_ma):
        self.target_ma = target_ma
        self.samples = []  # of the last 10 s
        self.window = []  # raw limits of the last 4 minutes
        self.raw_ma = 0

    def measure(self, load_ma, allocated_ma):
        """One sample."""
        samples = self.samples
        samples.append(load_ma)
        if len(samples) > FILTER_SAMPLES:
            samples.pop(0)
        mean_ma = sum(samples) // len(samples)
        high_ma = (max(samples) + mean_ma) // 2
        low_edge_ma, high_edge_ma = self.target_ma * 11 // 10, self.target_ma * 6 // 5
        share = min(max((load_ma - low_edge_ma) * 128 // (high_edge_ma - low_edge_ma), 0), 128)
        error_ma = self.target_ma - mean_ma - (high_ma - mean_ma) * share // 128
        if allocated_ma == 0:
            step_ma = error_ma
        elif error_ma < 0:
            step_ma = error_ma * 15 // 16
        else:
            step_ma = min(error_ma // 2, self.target_ma // 2)
        self.raw_ma = allocated_ma + step_ma
        self.window.append(self.raw_ma)
        if len(self.window) > WINDOW_SAMPLES:
            self.window.pop(0)


class Warp(Rival):
    """Throttles on what is left now, switches on when 6 A have been left for four minutes.

    Its hysteresis of 210 s (global_hysteresis) runs from a switching on only, so the window, which remembers what ended the
    charge, outlasts it. The target leaves room for the house's largest load as the installer sets it: the factory's 32 A are
    refused on a supply of less, so a row says what was set.
    """

    source = "Tinkerforge/esp32-firmware cf4f5b5, 2026-08-22"
    setting = "largest consumer 13 A (3 kW), alone on the supply"
    largest_ma = 13000
    period_ms = meter_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def __init__(self, limits, world):
        super().__init__(limits, world)
        self.target_ma = min(limits.breaker_ma * 7 // 5 - self.largest_ma, limits.breaker_ma)
        self.lines = [Line(self.target_ma) for _ in range(limits.phases)]
        self.allocate_ms = 0  # until the next run
        self.hold_ms = 0
        self.on_ms = 0  # since it was last switched on
        self.charging_ms = 0
        self.short_ms = DEMAND_AFTER_MS  # since it was last given less than it asks for
        self.welcome = False  # the car has just come

    def idle(self):
        """The power manager goes on without a car."""
        self._measure()

    def arrive(self):
        """A car that has just come is given current at once, if the minimum is there now (stages 2 and 3)."""
        self.welcome = True
        self.charging_ms = 0
        self._measure()
        self._allocate()

    def look(self, verdict):
        """One sample; a run of the allocator when it is time, or at once well above the target."""
        self._measure()
        self.on_ms = min(self.on_ms + PERIOD_MS, PLUG_IN_MS)
        self.short_ms = min(self.short_ms + PERIOD_MS, DEMAND_AFTER_MS)
        self.charging_ms = min(self.charging_ms + PERIOD_MS, DEMAND_AFTER_MS) if verdict.closed else 0
        self.hold_ms = max(self.hold_ms - PERIOD_MS, 0)
        self.allocate_ms -= PERIOD_MS
        urgent = self.hold_ms == 0 and self.load_ma(self.limits.phases) > self.target_ma * 6 // 5
        if urgent:
            self.hold_ms = HOLD_OFF_MS
        if urgent or self.allocate_ms <= 0:
            self._allocate()

    def _measure(self):
        for phase, line in enumerate(self.lines):
            line.measure(self.grid_ma[phase], self.offer_ma)

    def _allocate(self):
        self.allocate_ms = ALLOCATE_MS
        raw_ma = min(line.raw_ma for line in self.lines)
        if self.offer_ma == 0:
            if self._may_switch_on(raw_ma):
                self.on_ms = 0
                self._give(raw_ma)
        elif raw_ma < MIN_MA:
            self.welcome = False
            self.set(0, "the minimum does not fit")
        else:
            if self.on_ms >= PLUG_IN_MS:
                self.welcome = False
            self._give(raw_ma)

    def _may_switch_on(self, raw_ma):
        if self.welcome:
            return raw_ma >= MIN_MA
        return min(min(line.window) for line in self.lines) >= MIN_MA

    def _give(self, raw_ma):
        """A car that was given less than it asks for may have all that is left for the next minute (stages 6 to 8)."""
        asked_ma = self._asked_ma()
        ramps = self.short_ms < DEMAND_AFTER_MS
        given_ma = min(raw_ma, self.limits.charger_ma if ramps else asked_ma)
        if given_ma < asked_ma:
            self.short_ms = 0
        self.set(given_ma, "what is left now")

    def _asked_ma(self):
        """What the car draws and a margin, once it has charged for a minute; before that the charger's rating."""
        if self.charging_ms < DEMAND_AFTER_MS or self.car_ma == 0:
            return self.limits.charger_ma
        return min(max(self.car_ma + DEMAND_MARGIN_MA, MIN_MA), self.limits.charger_ma)


class WarpTenAmperes(Warp):
    """The same where the installer has set 10 A."""

    setting = "largest consumer 10 A (2.3 kW), alone on the supply"
    largest_ma = 10000
