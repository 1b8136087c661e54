"""OpenEVSE's current shaper.

Read: src/current_shaper.cpp, src/input_filter.cpp, src/evse_man.cpp. Power-based: on three phases it takes the load as
spread evenly, so one phase can be over unseen.

Its five-minute pause (current_shaper_min_pause_time) does not hold: from 6 A on the shaper's claim carries no state in both
branches, and a claim without a state ends the one that disabled the charger. What the five minutes still do: while they run,
and until 6.5 A are there after them, the load counts as smoothed (rises at once, falls within a minute).
"""

from math import exp

from bench.rivals.rival import Rival

LOOP_MS = 2000  # EVSE_SHAPER_LOOP_TIME: the claim is renewed this often
LATENCY_MS = 500  # assumed: a meter on the local network
MIN_MA = 6000
MIN_PAUSE_MS = 300000  # current_shaper_min_pause_time
HYSTERESIS_MA = 500  # EVSE_SHAPER_HYSTERESIS
SMOOTHING_MS = 60000  # current_shaper_smoothing_time


class OpenEvse(Rival):
    """One step up or down to what is free by whole amperes; off below 6 A, on again when the smoothed load leaves 6 A."""

    source = "OpenEVSE/openevse_esp32_firmware 1797b7a, 2026-07-21"
    setting = "pause 300 s, smoothing 60 s (defaults); meter every 3 s, as one user reports (issue 696)"
    meter_ms = 3000
    period_ms = 1000  # the common divisor of its two clocks
    latency_ms = LATENCY_MS

    def __init__(self, limits, world):
        super().__init__(limits, world)
        self.free_ma = 0
        self.fresh = False  # a sample came since the last claim
        self.claim_ma = 0  # 0: disabled
        self.pause_ms = None  # since the pause began; None: the load counts as it is
        self.smooth_ma = 0
        self.filtered_ms = None  # when the filter last ran: only while the load falls
        self.clock_ms = 0

    def idle(self):
        """The shaper goes on without a car."""
        self._watch()

    def arrive(self):
        """As the shaper's claim stands."""
        self.look(None)

    def look(self, verdict):
        """Samples and claims, each on its own clock."""
        self._watch()
        self.set(self.claim_ma, "shaper: whole amperes that are free")

    def _watch(self):
        if self.pause_ms is not None:
            self.pause_ms += self.period_ms
        if self.clock_ms % self.meter_ms == 0:
            self._sample()
        if self.clock_ms % LOOP_MS == 0 and self.fresh:
            self._claim()
        self.clock_ms += self.period_ms

    def _sample(self):
        """What is free, by the load as it is or as smoothed (shapeCurrent)."""
        live_ma = sum(self.grid_ma) // 3 if min(self.limits.phases, self.limits.wires) == 3 else self.grid_ma[0]
        if self.pause_ms is None or live_ma > self.smooth_ma:
            self.smooth_ma = live_ma
        else:
            since_ms = 0 if self.filtered_ms is None else self.clock_ms - self.filtered_ms
            self.filtered_ms = self.clock_ms
            self.smooth_ma -= int((self.smooth_ma - live_ma) * (1 - exp(-since_ms / SMOOTHING_MS)))
        self.free_ma = self.limits.breaker_ma - self.smooth_ma + self.car_ma
        self.fresh = True

    def _claim(self):
        """Below 6 A disabled; from 6 A on a claim of no state, which ends that (loop)."""
        self.fresh = False
        self.claim_ma = min(self.free_ma // 1000 * 1000, self.limits.charger_ma)
        if self.free_ma < MIN_MA:
            self.claim_ma = 0
            if self.pause_ms is None:
                self.pause_ms = 0
        elif self.pause_ms is not None and self.pause_ms >= MIN_PAUSE_MS and self.free_ma >= MIN_MA + HYSTERESIS_MA:
            self.pause_ms = None


class OpenEvseQuick(OpenEvse):
    """The same with a meter that tells something new every second."""

    setting = "pause 300 s, smoothing 60 s (defaults); meter every 1 s"
    meter_ms = 1000
