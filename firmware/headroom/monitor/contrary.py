"""Watches for settings that contradict what is measured: ``terms/contrary.py`` has the codes, this says when each stands.

A wrong rating, frequency or wiring shows within hours, in figures that nobody looks at. Looks once a second. What the car
draws is the law's belief: it decides nothing here but what a person is told.
"""

from headroom.terms import contrary
from headroom.terms.records import PHASES

LOOK_MS = 1000
OVER_PERCENT = 113  # a breaker carries this for an hour (IEC 60898-1 table 7, 1.13 In): less is no contradiction
OVER_S = 600  # ... of a day
DAY_S = 86400
SURE_S = 10  # a frequency or a voltage must have been off for so long
OFF_MHZ = 3000  # far beyond what a grid does: EN 50160 has 47 to 52 Hz at worst
OFF_PERCENT = 10  # EN 50160: a supply is within this of its nominal voltage
LIVE_MV = 50000  # less is a supply that is not there


class Contrary:
    """``stand``: the set of rows, bit n is row n; ``over_phase``: where the house draws more than the breaker's rating."""

    def __init__(self, limits):
        self.limits = limits
        self.stand = 0
        self.over_phase = 0
        self.part_ms = 0
        self.day_s = 0
        self.over_s = [0] * PHASES  # of this day
        self.was_over = False  # on the day before
        self.hz_s = 0
        self.volts_s = 0
        self.nominal = False  # the voltage was near mains_v since the start: what it does now is the grid's
        self.mains_v = 0

    def step(self, dt_ms, readings, car_ma, strays):
        """Follow one tick: what the car is believed to draw per phase, and where its steps show without being wired."""
        self.part_ms += dt_ms
        if self.part_ms < LOOK_MS:
            return
        self.part_ms %= LOOK_MS
        stand = 1 << contrary.WIRING if strays else 0
        if self._breaker(readings, car_ma):
            stand |= 1 << contrary.BREAKER
        if self._hz(readings):
            stand |= 1 << contrary.HZ
        if self._volts(readings):
            stand |= 1 << contrary.MAINS_V
        self.stand = stand

    def _breaker(self, readings, car_ma):
        over_s = self.over_s
        self.day_s += 1
        if self.day_s >= DAY_S:
            self.day_s = 0
            self.was_over = over_s[self.over_phase] >= OVER_S
            for phase in range(PHASES):
                over_s[phase] = 0
        limits = self.limits
        bears_ma = limits.breaker_ma // 100 * OVER_PERCENT
        for phase in range(limits.phases):
            if readings.grid_ok and readings.grid_ma[phase] - car_ma[phase] > bears_ma:
                over_s[phase] += 1
                if over_s[phase] >= OVER_S:
                    self.over_phase = phase
        return self.was_over or over_s[self.over_phase] >= OVER_S

    def _hz(self, readings):
        off = abs(readings.mains_mhz - self.limits.hz * 1000) > OFF_MHZ
        self.hz_s = min(self.hz_s + 1, SURE_S) if off else 0
        return self.hz_s >= SURE_S

    def _volts(self, readings):
        """Only a supply that was never near ``mains_v``: one that has left it has a fault, and no wrong setting."""
        mains_v = self.limits.mains_v
        if mains_v != self.mains_v:
            self.mains_v = mains_v
            self.nominal = False
        if not readings.mains_ok or readings.mains_mv < LIVE_MV:
            return False
        off = abs(readings.mains_mv - mains_v * 1000) > mains_v * 10 * OFF_PERCENT
        self.nominal = self.nominal or not off
        self.volts_s = min(self.volts_s + 1, SURE_S) if off and not self.nominal else 0
        return self.volts_s >= SURE_S
