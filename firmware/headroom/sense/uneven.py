"""Samples that do not stand evenly: a pilot sample makes its round longer, and a window ends between two rounds.

The kernel sums all samples alike. What that leaves out is the area under the stretches that are longer (or, at the
window's end, shorter) than the others, by the trapezoidal rule; the waveform is periodic, so the first sample follows the
last. Narrow pulses (a rectifier's) would else read up to 1 % high or low, by where the pilot's samples fell.
"""

from array import array

import micropython
from micropython import const

LONGEST_US = const(0)  # step between two rounds
STRETCHES = const(1)  # how many follow, as pairs of (round before it, us that it is longer)
FIRST = const(2)
STRETCHES_MAX = const(14)  # twelve pilot samples, another interruption, and the window's end
EXTRA_MAX_US = const(140)  # a longer one is a hole, or weighed as this: nothing passes 2^30
SHORTEST_US = const(30)  # step between two rounds
SIZE = const(31)


@micropython.viper
def find(times: ptr16, count: int, elapsed: int, window: int, out: ptr32):
    """List the stretches of a window of ``count`` rounds that ended at ``elapsed`` and should have at ``window`` us."""
    shortest = elapsed
    longest = 0
    index = 1
    while index <= count:
        step = (elapsed if index == count else int(times[index])) - int(times[index - 1])
        if step < shortest:
            shortest = step
        if step > longest:
            longest = step
        index += 1
    out[0] = longest
    out[30] = shortest
    limit = shortest + (shortest >> 3)
    place = 2
    index = 1
    while index < count and place < 28:
        step = int(times[index]) - int(times[index - 1])
        if step > limit:
            step -= shortest
            out[place] = index - 1
            out[place + 1] = step if step < 140 else 140
            place += 2
        index += 1
    step = elapsed - int(times[count - 1])
    step = (step - shortest if step > limit else 0) + window - elapsed
    if step < -140:
        step = -140
    out[place] = count - 1
    out[place + 1] = step if step < 140 else 140
    out[1] = place >> 1


@micropython.viper
def weigh(samples: ptr16, a: int, b: int, count: int, mean_a: int, mean_b: int, square: int, list: ptr32, out: ptr32):
    """Sums over the listed stretches, each times its us, about the means of the channels from ``a`` and ``b`` on.

    out[0]: of the product less ``square``, in 32 counts^2; out[1], out[2]: of a and b in half counts.
    """
    total = 0
    total_a = 0
    total_b = 0
    place = 2
    while place <= list[1] << 1:
        index = list[place]
        extra = list[place + 1]
        after = index + 1
        if after == count:
            after = 0
        a0 = int(samples[a + index]) - mean_a
        a1 = int(samples[a + after]) - mean_a
        b0 = int(samples[b + index]) - mean_b
        b1 = int(samples[b + after]) - mean_b
        total += (((a0 * b0 + a1 * b1 + 1) >> 1) - square + 16 >> 5) * extra
        total_a += (a0 + a1) * extra
        total_b += (b0 + b1) * extra
        place += 2
    out[0] = total
    out[1] = total_a
    out[2] = total_b


class Uneven:
    """``look`` at a window, then ``mend`` what was summed over it."""

    def __init__(self):
        self.list = array("i", [0] * SIZE)
        self.out = array("i", [0] * 3)
        self.count = 0
        self.window_us = 1

    def look(self, times, count, elapsed_us, window_us):
        """List the stretches of the window; returns its longest step in us."""
        self.count = count
        self.window_us = window_us
        find(times, count, elapsed_us, window_us, self.list)
        return self.list[LONGEST_US]

    def mend(self, samples, a, b, mean_a, mean_b, square_256th):
        """Mean product of the channels at ``a`` and ``b`` about their means, in 1/256 counts^2, over the whole window."""
        out, window_us = self.out, self.window_us
        weigh(samples, a, b, self.count, mean_a, mean_b, square_256th >> 8, self.list, out)
        missing = out[0]
        square_256th += missing // window_us * 8192 + missing % window_us * 8192 // window_us
        return square_256th - (out[1] * 8 // window_us) * (out[2] * 8 // window_us)
