"""One clamp: from the sums of a window to milliamperes, and a word on how far to trust them.

The ADC's noise adds to the mean square of what is measured. It is estimated from the samples' second differences, which
a mains current hardly has, and taken out, so that no current reads as none. Calibration is a gain per known current
(parts per million, straight lines between), so that a clamp that bends is met where it was measured.
"""

import board

from headroom.sense import kernel
from headroom.terms import meter_faults

RAIL_LOW, RAIL_HIGH = 1, 4094
CLIPPED_PART = 100  # one sample in so many at a rail: clipped
OPEN_PART = 4  # one in so many: no burden, the clamp drives the input from rail to rail
REPEATS_PART = 8  # all but one in so many repeat the one before: frozen
NOISE_LIMIT_256TH = 14 * 14 * 256  # counts^2; a poor ESP32 has 10 * 10 (project's domain notes 7.1)
NOISE_SHARE = 16  # and noise is a trouble only where it is more than this part of the signal
NOISE_SHIFT = 6  # the noise is averaged over some 64 windows ...
NOISE_LEARN_256TH = 50 * 50 * 256  # ... of a small current: a large one with sharp corners would pass for noise
QUIET_WINDOWS = 32  # what moves by less than the noise is averaged over so many ...
DRIFT_WINDOWS = 8  # ... unless so many in a row lie on the same side of the average: then
DRIFTING_WINDOWS = 4  # over so many
SPIKES_PART = 16  # one lone spike in so many samples: interference
NOISE_PER_DIFFERENCE = 6  # the second difference of white noise has six times its variance
BIAS_PART = 8  # a mean further from the bias than this part of it: no bias


def fitted(line):
    """One with the board's turns, burden and bias. At start only: outgrows the small ints."""
    ua_per_count = line.uv_per_count * board.CT_TURNS * 1000 // board.CT_BURDEN_MOHM
    return Clamp(ua_per_count, line.counts(board.CT_BIAS_MV))


class Clamp:
    """``measure`` refills ``ma``, ``cause`` and ``mean`` from a window's sums. The voltage input is one whose mA are mV."""

    def __init__(self, ua_per_count, bias):
        self.ua_per_count = ua_per_count
        self.bias = bias  # counts
        self.phase_mdeg = board.CT_PHASE_MDEG  # its output leads the current by this
        self.noise_256th = 0  # average
        self.noise_now_256th = 0  # of this window
        self.noise_windows = 0
        self.quiet_windows = 1
        self.above = False  # the window lay above the average
        self.drift_windows = 0  # so many in a row on that side
        self.quiet_256th = 0  # mean square without the noise, averaged where the noise is as large
        self.points = ()  # ((mA as read, gain in ppm), ...) rising
        self.ma = 0
        self.raw_ma = 0
        self.square_256th = 0
        self.mean = self.bias
        self.total = 0  # of the window's samples
        self.cause = meter_faults.OK

    def look(self, seen, count):
        """Judge a window from what ``kernel.inspect`` saw of it."""
        self.noise_now_256th = (seen[2] << 8) // (NOISE_PER_DIFFERENCE * max(seen[1], 1))
        railed = seen[0]
        self.cause = meter_faults.OK
        if seen[5] <= RAIL_LOW:
            self.cause = meter_faults.SHORTED
        elif seen[4] == seen[5] or seen[3] * REPEATS_PART > count * (REPEATS_PART - 1):
            self.cause = meter_faults.FROZEN
        elif railed * OPEN_PART > count and seen[5] >= RAIL_HIGH:
            self.cause = meter_faults.NO_BURDEN
        elif railed * CLIPPED_PART > count:
            self.cause = meter_faults.CLIPPED
        elif seen[1] * 2 < count or seen[6] * SPIKES_PART > count:
            self.cause = meter_faults.NOISY

    def measure(self, square, mean):
        """Current from the window's mean square about its mean, in 1/256 counts^2, and that mean."""
        self.mean = mean
        self.square_256th = square
        told = self.cause == meter_faults.FROZEN or self.cause > meter_faults.CLIPPED
        if not told and abs(self.mean - self.bias) * BIAS_PART > self.bias:
            self.cause = meter_faults.NO_BIAS
        noise_256th = self.noise_now_256th
        if self.cause == meter_faults.OK and noise_256th > max(NOISE_LIMIT_256TH, square // NOISE_SHARE):
            self.cause = meter_faults.NOISY
        elif self.cause == meter_faults.OK and (square < NOISE_LEARN_256TH or self.noise_windows == 0):
            self._learn(noise_256th)
        off_256th = square - self.noise_256th - self.quiet_256th
        near = abs(off_256th) < self.noise_256th
        above = off_256th > 0
        self.drift_windows = self.drift_windows + 1 if above == self.above else 0
        self.above = above
        most = DRIFTING_WINDOWS if self.drift_windows >= DRIFT_WINDOWS else QUIET_WINDOWS
        self.quiet_windows = min(self.quiet_windows + 1, most) if near else 1
        self.quiet_256th += off_256th // self.quiet_windows
        self.raw_ma = milli(root_256th(self.quiet_256th), self.ua_per_count)
        self.ma = corrected(self.raw_ma, self.points) if self.points else self.raw_ma

    def _learn(self, noise_256th):
        if self.noise_windows < 1 << NOISE_SHIFT:
            self.noise_windows += 1
            self.noise_256th += (noise_256th - self.noise_256th) // self.noise_windows
        else:
            self.noise_256th += (noise_256th - self.noise_256th) >> NOISE_SHIFT


def root_256th(square_256th):
    """Root in 1/256 counts of a mean square in 1/256 counts^2, with as many of its bits as fit."""
    if square_256th < 1 << 22:
        return kernel.root(max(square_256th, 0) << 8)
    if square_256th < 1 << 26:
        return kernel.root(square_256th << 4) << 2
    return kernel.root(square_256th) << 4


def milli(value_256th, micro_per_count):
    """``value_256th`` (1/256 counts, below 2^19) times micro-units a count, in milli-units; nothing passes 2^30."""
    per_count_256th = (micro_per_count << 5) // 125
    return ((value_256th >> 8) * per_count_256th >> 8) + ((value_256th & 255) * per_count_256th >> 16)


def corrected(ma, points):
    """``ma`` with the gain that its calibration points give: straight between them, level beyond."""
    if not points:
        return ma
    gain_ppm = points[-1][1]
    below = None
    for point in points:
        if ma <= point[0]:
            gain_ppm = point[1]
            if below is not None:
                gain_ppm = below[1] + (point[1] - below[1]) * ((ma - below[0]) * 1000 // (point[0] - below[0])) // 1000
            break
        below = point
    return ma + (ma // 1000 * gain_ppm + ma % 1000 * gain_ppm // 1000) // 1000
