"""What a meter's registers say, in whole mA, W, mV and Wh: integers only, rounded to the nearest, inside +-2^30.

A float is taken apart by its bits (IEEE 754 single): sign, eight bits of exponent, 23 of mantissa. What is no number, or
more than any house could mean, is UNKNOWN: with its words the wrong way round a meter says 10^9 A.
"""

UNKNOWN = 1 << 29
FLOAT, FLOAT_SWAPPED, INTEGER, INTEGER_SWAPPED, SHORT = range(5)


def number(frame, place, form, times, parts):
    """The number at ``place``, times ``times`` (beyond 65535 no small int), by ``parts``; UNKNOWN where it is none."""
    high = frame[place] << 8 | frame[place + 1]
    if form == SHORT:
        return scaled(high - 65536 if high >= 32768 else high, times, parts)
    low = frame[place + 2] << 8 | frame[place + 3]
    if form == FLOAT_SWAPPED or form == INTEGER_SWAPPED:
        high, low = low, high
    if form == FLOAT or form == FLOAT_SWAPPED:
        return real(high, low, times, parts)
    if high >= 32768:
        high -= 65536
    if not -4096 < high < 4096:
        return UNKNOWN
    return scaled(high * 65536 + low, times, parts)


def scaled(value, times, parts):
    """``value`` (+-2^28) times ``times`` by ``parts``, rounded half up; UNKNOWN when it leaves +-2^29."""
    if abs(value) > (UNKNOWN - 1) // times:
        return UNKNOWN
    return (value * times + (parts >> 1)) // parts


def real(high, low, times, parts):
    """A single float by its two words, scaled alike."""
    exponent = high >> 7 & 255
    if exponent == 0:
        return 0  # zero, or too small to count
    if exponent == 255:
        return UNKNOWN
    # mantissa * times is upper * 1024 + lower: 24 bits and 10 more stay small in two parts
    upper = ((high & 127 | 128) << 6 | low >> 10) * times
    lower = (low & 1023) * times
    upper += lower >> 10
    lower &= 1023
    shift = 150 - exponent  # value = mantissa / 2^shift
    if shift > 39:
        return 0
    if shift > 10:
        result = upper + (1 << shift - 11) >> shift - 10
    elif shift > 0 and upper < UNKNOWN >> 10 - shift:
        result = (upper << 10 - shift) + (lower + (1 << shift - 1) >> shift)
    else:
        return UNKNOWN
    if result >= UNKNOWN:
        return UNKNOWN
    result = (result + (parts >> 1)) // parts
    return -result if high & 32768 else result
