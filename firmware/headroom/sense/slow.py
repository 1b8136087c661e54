"""The slow channels: temperature, proximity and the logic supply, one conversion per window, one channel in turn."""

import board
from machine import ADC, Pin

BETA_TABLE_C = range(-30, 121, 10)  # temperatures at which the NTC's curve is met exactly
SENSOR_LOW_C, SENSOR_HIGH_C = -30, 120  # beyond: the sensor is torn off or shorted
SHIFT = 2  # a reading moves by a quarter of what is new
KELVIN_0 = 273
FAR_OHM = 100000
FAILED_MAX = 8  # conversions in a row that may fail: then nobody knows, and the reading is the worst there is
RAIL_PART = 8  # a start this part away from the nominal supply is no start to go by


def ntc_curve(r25_ohm, beta, pullup_ohm, rail_mv):
    """((mV, degrees C), ...) falling in mV: an NTC to ground behind a pull-up, by its beta formula.

    The exponential is a series of integers, once at start: exp(x) = exp(x / 64)^64, in parts of 2^20.
    """
    curve = []
    for celsius in BETA_TABLE_C:
        x = (beta * (25 - celsius) << 20) // ((celsius + KELVIN_0) * (25 + KELVIN_0)) // 64
        ratio = (1 << 20) + x + (x * x >> 21) + (x * x * x >> 41) // 3
        for _ in range(6):
            ratio = ratio * ratio >> 20
        ohm = r25_ohm * ratio >> 20
        curve.append((rail_mv * ohm // (ohm + pullup_ohm), celsius))
    return tuple(curve)


def celsius_of(mv, curve):
    """Temperature at ``mv``, straight between the curve's points; beyond them the first or last."""
    above = curve[0]
    for point in curve:
        if mv >= point[0]:
            if mv >= above[0]:
                return above[1]
            return above[1] + (point[1] - above[1]) * (above[0] - mv) // (above[0] - point[0])
        above = point
    return above[1]


def channel(pin):
    """What converts a pin's voltage."""
    return ADC(Pin(pin), atten=ADC.ATTN_11DB).read


class Slow:
    """``read`` converts one slow channel and refills its reading."""

    def __init__(self, line):
        self.line = line
        self.channels: list = []
        if board.TEMPERATURE_PIN is not None:
            self.channels.append((channel(board.TEMPERATURE_PIN), self._temperature))
            self.curve = ntc_curve(board.NTC_R25_OHM, board.NTC_BETA, board.NTC_PULLUP_OHM, board.RAIL_MV)
        if board.PROXIMITY_PIN is not None:
            self.channels.append((channel(board.PROXIMITY_PIN), self._proximity))
        if board.RAIL_PIN is not None:
            self.channels.append((channel(board.RAIL_PIN), self._rail))
        self.rail_full_mv = 0  # as it was read at the start
        self.turn = 0
        self.counts = [-1] * len(self.channels)
        self.failed = [0] * len(self.channels)

    def read(self, readings):
        """Convert the channel whose turn it is; an ADC that refuses leaves the reading as it was, but not for long."""
        turn = self.turn = (self.turn + 1) % len(self.channels)
        try:
            counts = self.channels[turn][0]()
        except OSError:
            self.failed[turn] += 1
            if self.failed[turn] == FAILED_MAX:
                self.failed[turn] = 0
                self.counts[turn] = -1
                self.channels[turn][1](readings, 0)
            return
        self.failed[turn] = 0
        before = self.counts[turn]
        counts = counts if before < 0 else before + ((counts - before) >> SHIFT)
        self.counts[turn] = counts
        self.channels[turn][1](readings, self.line.mv(counts))

    def _temperature(self, readings, mv):
        celsius = celsius_of(mv, self.curve)
        readings.temperature_c = celsius
        readings.temperature_ok = SENSOR_LOW_C < celsius < SENSOR_HIGH_C

    def _proximity(self, readings, mv):
        room_mv = board.RAIL_MV - mv
        readings.proximity_ohm = FAR_OHM if room_mv <= 0 else min(mv * board.PROXIMITY_PULLUP_OHM // room_mv, FAR_OHM)

    def _rail(self, readings, mv):
        """A chip's reference is off by up to 9 %, so what the supply reads at the start is taken for its nominal value."""
        if not self.rail_full_mv:
            near = abs(2 * mv - board.RAIL_MV) * RAIL_PART < board.RAIL_MV
            self.rail_full_mv = 2 * mv if near else board.RAIL_MV
        readings.rail_mv = 2 * mv * board.RAIL_MV // self.rail_full_mv
