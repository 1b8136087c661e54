"""Samples that do not stand evenly: a pilot sample makes its round longer, and a window ends between two rounds.

The kernel sums all samples alike. What that leaves out is the area under the stretches that are longer (or, at the
window's end, shorter) than the others, by the trapezoidal rule; the waveform is periodic, so the first sample follows the
last. Narrow pulses (a rectifier's) would else read up to 1 % high or low, by where the pilot's samples fell.
"""

from array import array

import micropython
from micropython import const

LONGEST_US = const(0)  # step between two rounds
STRETCHES = const(1)  # how many follow, as pairs of (round before it << 2 | parted, us that it is longer)
FIRST = const(2)
STRETCHES_MAX = const(15)  # twelve pilot samples, two other interruptions, and the window's end
EXTRA_MAX_US = const(210)  # a longer one is a hole, or weighed as this: nothing passes 2^30
SHORTEST_US = const(32)  # step between two rounds
SIZE = const(33)


@micropython.viper
def find(times: ptr16, count: int, elapsed: int, window: int, out: ptr32, parted: ptr32):
    """List the stretches of a window of ``count`` rounds that ended at ``elapsed`` and should have at ``window`` us.

    ``parted``: how many rounds had a pilot sample between two conversions, and which (``window.PARTED``).
    """
    shortest = elapsed
    longest = 0
    before = int(times[0])
    index = 1
    while index < count:
        step = int(times[index]) - before
        before += step
        if step < shortest:
            shortest = step
        if step > longest:
            longest = step
        index += 1
    step = elapsed - before
    if step < shortest:
        shortest = step
    if step > longest:
        longest = step
    out[0] = longest
    out[32] = shortest
    limit = shortest + (shortest >> 3)
    place = 2
    note = 1
    before = int(times[0])
    index = 1
    while index <= count and place < 30:
        step = elapsed - before
        if index < count:
            step = int(times[index]) - before
        before += step
        if step > limit:
            step -= shortest
            while note <= parted[0] and parted[note] >> 2 < index - 1:
                note += 1
            out[place] = index - 1 << 2
            if note <= parted[0] and parted[note] >> 2 == index - 1:
                out[place] = parted[note]
            out[place + 1] = step if step < 210 else 210
            place += 2
        index += 1
    step = window + int(times[0]) - elapsed
    if step < -210:
        step = -210
    out[place] = count - 1 << 2
    out[place + 1] = step if step < 210 else 210
    out[1] = place >> 1


@micropython.viper
def weigh(
    samples: ptr16,
    a: int,
    b: int,
    channel: int,
    count: int,
    mean_a: int,
    mean_b: int,
    square: int,
    list: ptr32,
    out: ptr32,
):
    """Sums over the listed stretches, each times its us, about the means of what lies from ``a`` and ``b`` on.

    ``channel``: how many are converted before it in a round; out[0]: of the product less ``square``, in 64 counts^2;
    out[1], out[2]: of a and b in half counts.
    """
    total = 0
    total_a = 0
    total_b = 0
    place = 2
    while place <= list[1] << 1:
        parted = list[place] & 3
        index = list[place] >> 2
        if parted > 0 and parted <= channel:
            index = (index if index > 0 else count) - 1
        extra = list[place + 1]
        after = index + 1
        if after == count:
            after = 0
        a0 = int(samples[a + index]) - mean_a
        a1 = int(samples[a + after]) - mean_a
        b0 = int(samples[b + index]) - mean_b
        b1 = int(samples[b + after]) - mean_b
        total += (((a0 * b0 + a1 * b1 + 1) >> 1) - square + 32 >> 6) * extra
        total_a += (a0 + a1) * extra
        total_b += (b0 + b1) * extra
        place += 2
    out[0] = total
    out[1] = total_a
    out[2] = total_b


class SampleTimes:
    """``look`` at a window, then ``mend`` what was summed over it. ``parted``: the window's state from ``PARTED`` on."""

    def __init__(self, parted):
        self.parted = parted
        self.list = array("i", [0] * SIZE)
        self.out = array("i", [0] * 3)
        self.count = 0
        self.window_us = 1

    def measure(self, times, count, elapsed_us, window_us):
        """List the stretches of the window; returns its longest step in us."""
        self.count = count
        self.window_us = window_us
        find(times, count, elapsed_us, window_us, self.list, self.parted)
        return self.list[LONGEST_US]

    def correct(self, samples, a, b, channel, mean_a, mean_b, square_256th):
        """Mean product of what lies from ``a`` and ``b`` on about their means, in 1/256 counts^2, over the whole window."""
        out, window_us = self.out, self.window_us
        weigh(samples, a, b, channel, self.count, mean_a, mean_b, square_256th >> 8, self.list, out)
        missing = out[0]
        square_256th += missing // window_us * 16384 + missing % window_us * 16384 // window_us
        return square_256th - (out[1] * 8 // window_us) * (out[2] * 8 // window_us)
