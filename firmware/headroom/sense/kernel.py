"""The tight integer loop: sums of a block of ADC samples, one source for viper on the chip and CPython.

32-bit words wrap silently in viper. A block holds 32 samples of 12 bits: 32 * 4095^2 < 2^30, so no input can overflow
it; what has been summed over a window is kept in two limbs of 20 bits, exactly. The samples are raw counts: their mean
is taken out afterwards (``covariance``), so the offset is always the window's own and no sample needs a subtraction.

Why the sums look like this: viper keeps two locals in registers, and a constant index is one load. Written as one
expression over constant indices a sample costs 16 instructions on a 32-bit ARM, as a plain loop 51 (`make bench`).
Why a batch and not a running sum: called for each sample it takes 476 instructions where a batch takes 61 (`make bench`),
all of them between two conversions, where they cost samples. And a window that turns out to have a hole, a bent top or a
last stretch of another length can be looked at again.
"""

import micropython

BLOCK = 32


@micropython.viper
def sums(samples: ptr16, squares: int, total: int, out: ptr32):
    """Add a block to out[0], its sum, and out[1] + 2^20 * out[2], its sum of squares; ``squares``, ``total``: 0."""
    # fmt: off
    total = (
        samples[0] + samples[1] + samples[2] + samples[3] + samples[4] + samples[5] + samples[6] + samples[7]
        + samples[8] + samples[9] + samples[10] + samples[11] + samples[12] + samples[13] + samples[14] + samples[15]
        + samples[16] + samples[17] + samples[18] + samples[19] + samples[20] + samples[21] + samples[22] + samples[23]
        + samples[24] + samples[25] + samples[26] + samples[27] + samples[28] + samples[29] + samples[30] + samples[31]
    )
    squares = (
        samples[0] * samples[0] + samples[1] * samples[1] + samples[2] * samples[2] + samples[3] * samples[3]
        + samples[4] * samples[4] + samples[5] * samples[5] + samples[6] * samples[6] + samples[7] * samples[7]
        + samples[8] * samples[8] + samples[9] * samples[9] + samples[10] * samples[10] + samples[11] * samples[11]
        + samples[12] * samples[12] + samples[13] * samples[13] + samples[14] * samples[14] + samples[15] * samples[15]
        + samples[16] * samples[16] + samples[17] * samples[17] + samples[18] * samples[18] + samples[19] * samples[19]
        + samples[20] * samples[20] + samples[21] * samples[21] + samples[22] * samples[22] + samples[23] * samples[23]
        + samples[24] * samples[24] + samples[25] * samples[25] + samples[26] * samples[26] + samples[27] * samples[27]
        + samples[28] * samples[28] + samples[29] * samples[29] + samples[30] * samples[30] + samples[31] * samples[31]
    )
    # fmt: on
    out[0] += total
    total = out[1] + squares
    out[1] = total & 0xFFFFF
    out[2] += total >> 20


@micropython.viper
def batch(blocks, count: int, out):
    """``sums`` over the first blocks of a channel, as many as hold ``count`` samples."""
    index = 0
    while count > 0:
        sums(blocks[index], 0, 0, out)
        count -= 32
        index += 1


@micropython.viper
def pad(samples: ptr16, index: int, count: int):
    """Fill the last block of a channel, ``count`` samples up to ``index``, up with zeros."""
    while count & 31:
        samples[index] = 0
        index += 1
        count += 1


@micropython.viper
def products(a: ptr16, b: ptr16, total: int, out: ptr32):
    """Add a block's sum of a * b to out[0] + 2^20 * out[1]; ``total``: 0."""
    # fmt: off
    total = (
        a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
        + a[4] * b[4] + a[5] * b[5] + a[6] * b[6] + a[7] * b[7]
        + a[8] * b[8] + a[9] * b[9] + a[10] * b[10] + a[11] * b[11]
        + a[12] * b[12] + a[13] * b[13] + a[14] * b[14] + a[15] * b[15]
        + a[16] * b[16] + a[17] * b[17] + a[18] * b[18] + a[19] * b[19]
        + a[20] * b[20] + a[21] * b[21] + a[22] * b[22] + a[23] * b[23]
        + a[24] * b[24] + a[25] * b[25] + a[26] * b[26] + a[27] * b[27]
        + a[28] * b[28] + a[29] * b[29] + a[30] * b[30] + a[31] * b[31]
    )
    # fmt: on
    total += out[0]
    out[0] = total & 0xFFFFF
    out[1] += total >> 20


@micropython.viper
def inspect(samples: ptr16, index: int, stop: int, rail_low: int, rail_high: int, out: ptr32):
    """Look at a channel's raw samples from ``index`` on, one by one; a lone spike is replaced by the mean of its neighbours.

    out[0]: how many are at a rail; out[1]: how many second differences are small enough to be noise, out[2]: their
    sum of squares; out[3]: how many samples repeat the one before; out[4], out[5]: lowest and highest; out[6]: spikes.
    """
    before = int(samples[index])
    step = 0
    lowest = before
    highest = before
    railed = 0
    small = stop - index
    squares = 0
    repeats = 0
    spikes = 0
    while index < stop:
        x = int(samples[index])
        change = x - before
        bend = change - step
        if bend < 64 and bend > -64:  # no spike
            squares += bend * bend
        elif (step > 64 and change < -64) or (step < -64 and change > 64):
            samples[index - 1] = x + before - step >> 1
            change = x - (before - step) >> 1
            spikes += 1
        else:
            small -= 1
        if x < lowest:
            lowest = x
        elif x > highest:
            highest = x
        if x <= rail_low or x >= rail_high:
            railed += 1
        if change == 0:
            repeats += 1
        step = change
        before = x
        index += 1
    out[0] = railed
    out[1] = small
    out[2] = squares
    out[3] = repeats
    out[4] = lowest
    out[5] = highest
    out[6] = spikes


@micropython.viper
def straighten(samples: ptr16, start: int, stop: int, knee: int, knots: ptr16):
    """Replace every sample from ``knee`` on by what it is on the straight line.

    knots[0..]: that of ``knee``, of 64 counts more, and so on, in 16ths; between two of them the line is straight.
    """
    index = start
    while index < stop:
        x = int(samples[index]) - knee
        if x >= 0:
            at = x >> 6
            low = int(knots[at])
            samples[index] = (low << 6) + (int(knots[at + 1]) - low) * (x & 63) + 1023 >> 10
        index += 1


@micropython.viper
def rising(samples: ptr16, start: int, stop: int, low: int, high: int) -> int:
    """Index of the first sample at ``high`` or above that follows one at ``low`` or below; -1: there is none."""
    armed = 0
    index = start
    while index < stop:
        x = int(samples[index])
        if x <= low:
            armed = 1
        elif x >= high and armed:
            return index
        index += 1
    return -1


@micropython.viper
def later(samples: ptr16, to: int, source: int, count: int, delay: int, window: int, per_us: int):
    """Write to the channel at ``to``, round for round, what the one at ``source`` was ``delay`` us (0..window) earlier.

    The window is whole cycles: what lies before its start is taken from its end. samples[0..]: when each round began;
    ``per_us``: 2^16 by the us of a round. Between two samples the line is straight.
    """
    start = int(samples[0])
    at = 0
    index = 0
    while index < count:
        wanted = int(samples[index]) - delay
        if wanted < start:
            wanted += window
        if wanted < int(samples[at]):
            at = 0
        after = at + 1
        while after < count and int(samples[after]) <= wanted:
            at = after
            after += 1
        if after == count:
            after = 0
        part = (wanted - int(samples[at])) * per_us
        if part > 65536:
            part = 65536
        x = int(samples[source + at])
        samples[to + index] = x + ((int(samples[source + after]) - x) * part + 32768 >> 16)
        index += 1


@micropython.viper
def covariance(total_a: int, total_b: int, low: int, high: int, count: int) -> int:
    """Mean of (a - mean a) * (b - mean b) in 1/256 counts^2, from the sums of ``count`` (1..1023) samples.

    With a = b the mean square about the mean. Exact but for the last 1/256; every step stays inside +-2^30.
    """
    mean_a = total_a // count
    mean_b = total_b // count
    rest_a = total_a - mean_a * count
    rest_b = total_b - mean_b * count
    upper = mean_a * (total_b >> 10)
    high -= upper >> 10
    low -= ((upper & 1023) << 10) + mean_a * (total_b & 1023)
    low -= mean_b * rest_a
    high += low >> 20
    low &= 0xFFFFF
    result = high // count
    rest = (high % count << 10) + (low >> 10)
    result = (result << 10) + rest // count
    rest = (rest % count << 10) + (low & 1023)
    result = (result << 10) + rest // count
    rest = rest % count << 8
    return (result << 8) + rest // count - (rest_a * rest_b << 8) // count // count


@micropython.viper
def root(square: int) -> int:
    """Integer square root, rounded down, for 0..2^30-1; native, for as bytecode it took a seventh of a tick's."""
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
