"""OpenEVSE's current shaper. Source of every rule: the peer survey (peers.md), section 3.1.

Power-based: on three phases it takes the load as spread evenly, so one phase can be over unseen.
"""

from bench.rivals.rival import Rival

SAMPLE_MS = 3000  # "3 s Shelly updates" (section 3.8, #696)
LOOP_MS = 2000  # EVSE_SHAPER_LOOP_TIME: the claim is pushed this often
LATENCY_MS = 500  # of a meter on the local network: chosen
MIN_MA = 6000
MIN_PAUSE_MS = 300000  # current_shaper_min_pause_time
HYSTERESIS_MA = 500  # EVSE_SHAPER_HYSTERESIS
SMOOTHING_MS = 60000  # current_shaper_smoothing_time, while paused and falling


class OpenEvse(Rival):
    """One step up or down to what is free by whole amperes; once paused for at least five minutes."""

    period_ms = 1000  # the common divisor of its two clocks
    latency_ms = LATENCY_MS

    def __init__(self, limits, world):
        super().__init__(limits, world)
        self.wish_ma = 0
        self.paused = False
        self.paused_ms = 0
        self.smooth_ma = 0
        self.clock_ms = 0

    def arrive(self):
        """The first sample decides."""
        self.paused = False
        self._shape()
        self._push()

    def look(self, verdict):
        """Samples and pushes, each on its own clock."""
        self.clock_ms += self.period_ms
        if self.paused:
            self.paused_ms += self.period_ms
        if self.clock_ms % SAMPLE_MS == 0:
            self._shape()
        if self.clock_ms % LOOP_MS == 0:
            self._push()

    def _shape(self):
        phases = self.limits.phases
        live_ma = sum(self.grid_ma) // 3 if phases == 3 else self.grid_ma[0]
        if self.paused:
            if live_ma >= self.smooth_ma:
                self.smooth_ma = live_ma
            else:
                self.smooth_ma -= (self.smooth_ma - live_ma) * SAMPLE_MS // (SMOOTHING_MS + SAMPLE_MS)
            live_ma = self.smooth_ma
        free_ma = self.limits.breaker_ma - live_ma + self.car_ma
        self.wish_ma = min(free_ma // 1000 * 1000, self.limits.charger_ma)
        if self.paused:
            if self.paused_ms >= MIN_PAUSE_MS and free_ma >= MIN_MA + HYSTERESIS_MA:
                self.paused = False
        elif self.wish_ma < MIN_MA:
            self.paused = True
            self.paused_ms = 0
            self.smooth_ma = live_ma

    def _push(self):
        if self.paused:
            self.set(0, "shaper: less than 6 A")
        else:
            self.set(self.wish_ma, "shaper: whole amperes that are free")
