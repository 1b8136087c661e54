"""The tight integer loop: sums over a window of ADC samples, one source for viper on the chip and CPython.

32-bit words wrap silently in viper, so a call covers at most 64 samples: 64 * 4095^2 < 2^30.
"""

import micropython

CHUNK = 64


@micropython.viper
def sums(out: ptr32, samples: ptr16, start: int, stop: int, zero: int):
    """out[0] = sum, out[1] = sum of squares of ``samples[start:stop] - zero``; at most 64 samples of 12 bits."""
    total = 0
    squares = 0
    index = start
    while index < stop:
        x = samples[index] - zero
        total += x
        squares += x * x
        index += 1
    out[0] = total
    out[1] = squares


def root(square):
    """Integer square root, rounded down, for 0..2^30-1; allocates nothing."""
    if square <= 0:
        return 0
    bit = 1 << 28
    while bit > square:
        bit >>= 2
    result = 0
    while bit:
        if square >= result + bit:
            square -= result + bit
            result = (result >> 1) + bit
        else:
            result >>= 1
        bit >>= 2
    return result
