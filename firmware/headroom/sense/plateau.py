"""Where the pilot's plateaus lie: an edge is dated when PWM begins, all later samples are placed by arithmetic.

PWM and ``ticks_us`` run from one crystal, and LEDC's divider makes exactly 998.4 or 1001.6 us of 1 kHz, so each window
brings the dated edge forward to its start. While the pilot is steady nothing is believed of the driver's phase: the edge
is forgotten, and dated anew when PWM comes back (17 ms, once an offer is on the pilot). A sample is wanted in the middle
of what is left of a plateau after its edge has settled; at 80 A that is 13 us around the middle of the 40 us low plateau,
so the instant within a conversion at which the input is really sampled counts: it is a figure of the board.
"""

from array import array
from time import ticks_add, ticks_diff, ticks_us

import board
import micropython
from machine import Pin, mem32
from micropython import const

from headroom.sense import window

PERIODS_TENTH_US = (9984, 10016)
RISE_TENTH_US = 100  # settling after an edge, EVerest bring-up guide (project's domain notes 1.1): C and B below 10 us
FALL_TENTH_US = 130  # the same, falling: below 13 us
BEFORE_TENTH_US = 50  # the dated edge may be off by this, and the clock's reading old by this
STRIDE_PERIODS = 4  # from one sample of a plateau to the next: about five of each in a mains cycle
STEADY_SAMPLES = 5
EDGES = 16
AGREE = 12  # of these at least lie on one line; on that of the other period seven do
TURN_TENTH_US = 200  # two looks at the pin and the clock, and a little: on one line within this
WATCH_US = 2500  # an edge comes within one period

# IO_MUX registers of GPIO0 to 33 and the bit that turns a pad's input on: Technical Reference Manual 3.2 and 4.12, esp-idf
# components/soc/esp32/include/soc/io_mux_reg.h. PWM leaves it off up to MicroPython 1.25, later as it was: the pin reads 0
_IO_MUX = const(0x3FF49000)
_FUN_IE = const(1 << 9)


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

    def __init__(self):
        self.level = Pin(board.PILOT_PWM_PIN).value
        self.unread = 0  # GPIO at which no edge was seen where PWM makes a thousand a second
        self.period_tenth_us = 0  # 0: the edges are not dated
        self.edge_us = 0  # a rising edge, at most one tick before this window's
        self.edge_tenth_us = 0  # and the tenths that do not fit into it
        self.duty_u16 = -1
        self.edges = array("i", [0] * EDGES)  # as they were last dated

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
            self.period_tenth_us = 0
            state[window.ODD + 1] = window.NO_SAMPLE
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

        A look at the pin is late by up to one turn of the loop, so the earliest of the edges counts. An interrupt makes
        some of them later still, or hides one: the period is the one on which most of them lie, or there is none yet.
        """
        offset = b"D\x88@\x84Hl`dhTX\\480<LPptx|\x80\x8c\x90$(,\0\0\0\0\x1c\x20"[board.PILOT_PWM_PIN]
        mem32[_IO_MUX + offset] |= _FUN_IE
        edges = self.edges
        for index in range(EDGES):
            edges[index] = self._edge()
            if edges[index] < 0:
                self.unread = board.PILOT_PWM_PIN
                return False
        self.unread = 0
        most = AGREE
        for period in PERIODS_TENTH_US:
            earliest = 0
            for index in range(EDGES):
                earliest = min(earliest, self._late(index, period))
            agree = 0
            for index in range(EDGES):
                agree += self._late(index, period) - earliest <= TURN_TENTH_US
            if agree >= most:
                most = agree
                self.period_tenth_us = period
                self.edge_us = ticks_add(edges[0], earliest // 10)
                self.edge_tenth_us = earliest % 10
        return self.period_tenth_us > 0

    def _late(self, index, period):
        """By how much an edge lies behind the nearest one that ``period`` puts there, counted from the first."""
        half = period // 2
        return (ticks_diff(self.edges[index], self.edges[0]) * 10 + half) % period - half

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
