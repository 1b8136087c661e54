"""Where the pilot's plateaus lie: its edges are dated once, all later samples are placed by arithmetic.

PWM and ``ticks_us`` run from one crystal, and LEDC's divider makes exactly 998.4 or 1001.6 us of 1 kHz, so a dated edge
never goes out of date. A sample is wanted in the middle of what is left of a plateau after its edge has settled; at
80 A that is 13 us around the middle of the 40 us low plateau, so the instant within a conversion at which the input is
really sampled counts: it is a figure of the board.
"""

from time import ticks_add, ticks_diff, ticks_us

import board
import micropython

from headroom.sense import window

PERIODS_TENTH_US = (9984, 10016)
RISE_TENTH_US = 100  # settling after an edge, EVerest bring-up guide (project's domain notes 1.1): C and B below 10 us
FALL_TENTH_US = 130  # the same, falling: below 13 us
BEFORE_TENTH_US = 50  # the dated edge may be off by this, and the clock's reading old by this
STRIDE_PERIODS = 4  # from one sample of a plateau to the next: about five of each in a mains cycle
STEADY_SAMPLES = 5
EDGES = 16
WATCH_US = 2500  # an edge comes within one period


@micropython.viper
def rising_edge(level, ticks_us, limit_us: int) -> int:
    """ticks_us of the next rising edge of a pin, -1 when none comes in time."""
    start = int(ticks_us())
    now = start
    while int(level()) and (now - start) & 0x3FFFFFFF < limit_us:
        now = int(ticks_us())
    while not int(level()) and (now - start) & 0x3FFFFFFF < limit_us:
        now = int(ticks_us())
    if (now - start) & 0x3FFFFFFF >= limit_us:
        return -1
    return int(ticks_us())


class Plateaus:
    """``plan`` tells a window when to sample the pilot."""

    def __init__(self, level):
        self.level = level  # reads the pilot's pin
        self.period_tenth_us = 0  # 0: the edges are not dated
        self.edge_us = 0  # a rising edge, recent enough for ticks_diff
        self.edge_tenth_us = 0  # and the tenths that do not fit into it
        self.duty_u16 = -1

    def plan(self, state, duty_u16, start_us):
        """Fill in the window's pilot part for a window that starts at ``start_us`` with this duty in force."""
        changed = duty_u16 != self.duty_u16
        self.duty_u16 = duty_u16
        steady = duty_u16 == 0 or duty_u16 == 65535
        state[window.PLATEAU] = 0
        state[window.OTHER] = 0 if steady else 1
        for plateau in range(2):
            state[window.TAKEN + plateau] = 0
            state[window.SUM + plateau] = 0
        if steady:
            state[window.PERIOD_TENTH_US] = PERIODS_TENTH_US[0]
            state[window.STRIDE_TENTH_US] = state[window.WINDOW_US] * 10 // STEADY_SAMPLES
            state[window.FROM_TENTH_US] = PERIODS_TENTH_US[1] if changed else 0
            state[window.WIDTH_TENTH_US] = 1 << 28
            return
        self._forward_to(start_us)
        period = self.period_tenth_us
        high = (duty_u16 * period) >> 16
        edge = -10 * ticks_diff(start_us, self.edge_us) + self.edge_tenth_us + (2 * period if changed else 0)
        state[window.PERIOD_TENTH_US] = period
        state[window.STRIDE_TENTH_US] = STRIDE_PERIODS * period
        self._place(state, 0, edge + RISE_TENTH_US, edge + high - BEFORE_TENTH_US, period)
        self._place(state, 1, edge + high + FALL_TENTH_US, edge + period - BEFORE_TENTH_US, period)

    def _place(self, state, plateau, first, last, period):
        half = (last - first) // 2
        earliest = first + half - board.ADC_SAMPLE_US * 10
        while earliest < 0:
            earliest += period
        state[window.FROM_TENTH_US + plateau] = earliest
        state[window.WIDTH_TENTH_US + plateau] = half

    def date(self):
        """Date an edge and tell the period, by watching the pin for some periods; True when it was found.

        A look at the pin is late by up to one turn of the loop, so the earliest of the edges counts.
        """
        first_us = self._edge()
        if first_us < 0:
            return False
        last_us = first_us
        earliest = (0, 0)
        for index in range(1, EDGES):
            last_us = self._edge()
            if last_us < 0:
                return False
            late = ticks_diff(last_us, first_us) * 10
            earliest = (
                min(earliest[0], late - index * PERIODS_TENTH_US[0]),
                min(earliest[1], late - index * PERIODS_TENTH_US[1]),
            )
        whole = ticks_diff(last_us, first_us) * 10
        fits = [abs(whole - (EDGES - 1) * period) for period in PERIODS_TENTH_US]
        choice = 0 if fits[0] < fits[1] else 1
        self.period_tenth_us = PERIODS_TENTH_US[choice]
        self.edge_us = ticks_add(first_us, earliest[choice] // 10)
        self.edge_tenth_us = earliest[choice] % 10
        return True

    def _edge(self):
        return rising_edge(self.level, ticks_us, WATCH_US)

    def _forward_to(self, now_us):
        """Bring the dated edge to the last one before ``now_us``, without losing tenths."""
        behind_us = ticks_diff(now_us, self.edge_us)
        while behind_us > 100000:  # keeps the product below small
            self._forward(100000 * 10 // self.period_tenth_us)
            behind_us = ticks_diff(now_us, self.edge_us)
        self._forward(behind_us * 10 // self.period_tenth_us)

    def _forward(self, periods):
        tenths = periods * self.period_tenth_us + self.edge_tenth_us
        self.edge_us = ticks_add(self.edge_us, tenths // 10)
        self.edge_tenth_us = tenths % 10
