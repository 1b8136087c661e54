"""What a load's current looks like over one mains cycle, at 1 A RMS: tables of 1024 points, 8192 = 1 A.

A clamp is a transformer: it passes no direct current. Shapes with a mean (the half-wave heater) are given as what comes
through, at 1 A RMS of that; what a clamp cannot see is no reading's fault.
"""

from array import array
from math import pi, sin, sqrt

POINTS = 1024
UNIT = 8192


def _sampled(function):
    values = [function(i / POINTS) for i in range(POINTS)]
    mean = sum(values) / POINTS
    values = [value - mean for value in values]
    rms = sqrt(sum([value * value for value in values]) / POINTS)
    return array("h", [int(value * UNIT / rms + (0.5 if value > 0 else -0.5)) for value in values])


def _resistive(t):
    return sin(2 * pi * t)


def _harmonics(t):
    """Mains as it often is: 3 % of fifth and 2 % of seventh harmonic (EN 50160 allows 6 and 5 %)."""
    return sin(2 * pi * t) + 0.03 * sin(10 * pi * t) + 0.02 * sin(14 * pi * t)


def _rectifier(t):
    """Rectifier and capacitor: a half sine of current around each crest, as wide as makes the crest factor 3."""
    width = 0.111  # of the cycle; crest factor = 1 / sqrt(width) = 3
    for centre, sign in ((0.25, 1), (0.75, -1)):
        if abs(t - centre) < width / 2:
            return sign * sin(pi * (t - centre + width / 2) / width)
    return 0


def _dimmer(t):
    """Phase-cut at 90 degrees: each half cycle begins at its crest."""
    return sin(2 * pi * t) if (t * 2) % 1 >= 0.5 else 0


def _half_wave(t):
    """A heater behind one diode."""
    return max(sin(2 * pi * t), 0)


def _motor(t):
    """Idling: 60 degrees behind, iron saturated (15 % of third harmonic)."""
    return sin(2 * pi * t - pi / 3) + 0.15 * sin(6 * pi * t - pi)


FUNCTIONS = {
    "resistive": _resistive,
    "harmonics": _harmonics,
    "rectifier": _rectifier,
    "dimmer": _dimmer,
    "half-wave": _half_wave,
    "motor": _motor,
}
NAMES = tuple(FUNCTIONS)
_made = {}


def table(name):
    """The shape of this name; made once."""
    if name not in _made:
        _made[name] = _sampled(FUNCTIONS[name])
    return _made[name]
