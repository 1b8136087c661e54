"""The straight line from the ADC's counts to millivolts, as this chip's own calibration has it.

A chip's reference is anywhere from 1000 to 1200 mV (esp-idf, ADC calibration), so the board's constant, made for 1100,
may be off by 9 %. The eFuse is off by about 1 %, and ``ADC.read_uv`` goes by it, in steps of 1 mV and too slowly for a
scan: so its slope is learnt once, at the start.
"""

import board
from machine import ADC, Pin

ROUNDS = 32  # of four conversions, which cancel a level on its way: 5 ms
STRAIGHT_MIN, STRAIGHT_MAX = 400, 2700  # counts: where a mean tells the slope
OFF_PART = 10  # further off the board's constant than this part of it is no answer of an ESP32


class Line:
    """``uv_per_count``: from the first of ``pins`` that gives an answer, else the board's constant."""

    def __init__(self, pins=()):
        nominal = self.uv_per_count = board.ADC_UV_PER_COUNT
        for pin in pins:
            uv = slope(ADC(Pin(pin), atten=ADC.ATTN_11DB))
            if abs(uv - nominal) * OFF_PART <= nominal:
                self.uv_per_count = uv
                break

    def mv(self, counts):
        """Counts (0..4095) in mV."""
        return board.ADC_ZERO_MV + counts * self.uv_per_count // 1000

    def counts(self, mv):
        """The counts of a level in mV."""
        return (mv - board.ADC_ZERO_MV) * 1000 // self.uv_per_count


def slope(adc):
    """Microvolts a count by the chip's calibration; 0 where the pin's level does not tell. Failed conversions are left out."""
    counts = uv = pairs = 0
    for _ in range(ROUNDS):
        try:
            raw, twice_uv = adc.read(), adc.read_uv() + adc.read_uv()
            counts += raw + adc.read()
        except OSError:
            continue
        uv += twice_uv
        pairs += 2
    if not pairs or not STRAIGHT_MIN <= counts // pairs <= STRAIGHT_MAX:
        return 0
    return (uv - pairs * board.ADC_ZERO_MV * 1000 + counts // 2) // counts
