"""Calibration of a clamp against known currents: what a jig or an installer with a clamp meter types in.

A point is a current as it was read without calibration, and the gain that makes it the true one. Up to three points, of
which the first two or three bend the line to the clamp's own. An answer that cannot be right is refused, and the points
before it stay; ``undo`` takes the last one back.
"""

GAIN_MAX_PPM = 200000  # a board that is 20 % off is not to be calibrated but to be repaired
LOWEST_MA = 1000  # below, the converter's noise would be calibrated
POINTS_MAX = 3
APART_PERCENT = 20  # two points closer than this would make a steep line out of noise


class Calibration:
    """``points``: ((mA as read, gain in ppm), ...) rising, for ``headroom.sense.clamp``."""

    def __init__(self):
        self.points: tuple = ()
        self.before: tuple = ()

    def add(self, read_ma, true_ma):
        """Take a point; returns what is wrong in one line, or None."""
        if true_ma < LOWEST_MA:
            return "%d mA is too little to calibrate with: use %d mA or more" % (true_ma, LOWEST_MA)
        if read_ma < LOWEST_MA // 2:
            return "the clamp reads %d mA: is it around the right wire, and plugged in?" % read_ma
        gain_ppm = (true_ma - read_ma) * 1000000 // read_ma
        if not -GAIN_MAX_PPM <= gain_ppm <= GAIN_MAX_PPM:
            return "the clamp reads %d mA for %d mA: more than 20 %% off cannot be right; check clamp and burden" % (
                read_ma,
                true_ma,
            )
        points = [point for point in self.points if not near(point[0], read_ma)]
        if len(points) == POINTS_MAX:
            return "there are three points already: take one back with undo"
        points.append((read_ma, gain_ppm))
        points.sort()
        self.before = self.points
        self.points = tuple(points)
        return None

    def undo(self):
        """Go back to the points before the last change."""
        self.points, self.before = self.before, self.points


def near(one_ma, other_ma):
    """True when two currents are too close together to be two points."""
    return abs(one_ma - other_ma) * 100 < max(one_ma, other_ma) * APART_PERCENT
