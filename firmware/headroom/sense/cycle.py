"""The mains cycle's length, tracked by one point of the waveform that comes round once per cycle.

A point is the first sample above a level after one below another, so noise at a zero does not count twice. Between
points some whole number of cycles passed; over a second of baseline the period is known to a few microseconds. Without
a usable signal the last period that was sure stays, at first the nominal one.
"""

from time import ticks_diff

SHORTEST_US = 15200  # 65 Hz and a little
LONGEST_US = 22400  # 45 Hz and a little
BASELINE_US = 1000000
SURE_CYCLES = 10  # a shorter baseline would let a change of load, or noise, pass for a change of frequency
STRAY_PART = 8  # a point further off than this part of a cycle belongs to another waveform
STRAYS = 3  # without a baseline that fits in between
RARE_US = 200000  # points that come this rarely are a noise's: they tell nothing


class Cycle:
    """``period_us``: length of a mains cycle; ``known`` while points follow one another by ``trial_us``."""

    def __init__(self, hz):
        self.period_us = 1000000 // hz
        self.trial_us = 0
        self.known = False
        self.point_us = 0  # where the baseline begins
        self.last_us = 0
        self.has_point = False
        self.sure_cycles = 0  # the longest baseline so far, SURE_CYCLES at most
        self.strays = 0

    def point(self, at_us):
        """A point of the waveform came by at ``at_us`` (ticks)."""
        rare = not 0 < ticks_diff(at_us, self.last_us) < RARE_US
        self.last_us = at_us
        if rare or not self.has_point:
            if rare:
                self._lose()
            self._restart(at_us)
        elif self.known:
            self._follow(at_us, ticks_diff(at_us, self.point_us))
        else:
            self._find(at_us, ticks_diff(at_us, self.point_us))

    def passed(self, now_us):
        """A window ended at ``now_us``: told of each, so that no point is kept until ``ticks_diff`` takes it for a young one."""
        if self.has_point and ticks_diff(now_us, self.last_us) > RARE_US:
            self.has_point = False
            self._lose()

    def _restart(self, at_us):
        self.point_us = at_us
        self.has_point = True

    def _lose(self):
        self.known = False
        self.sure_cycles = 0
        self.strays = 0

    def _find(self, at_us, behind_us):
        """The first trial comes from points one or two cycles apart: the two ranges do not meet."""
        if SHORTEST_US <= behind_us <= LONGEST_US:
            self.trial_us = behind_us
            self.known = True
        elif 2 * SHORTEST_US <= behind_us <= 2 * LONGEST_US:
            self.trial_us = behind_us // 2
            self.known = True
        self._restart(at_us)

    def _follow(self, at_us, behind_us):
        trial_us = self.trial_us
        cycles = (behind_us + trial_us // 2) // trial_us
        off_us = behind_us - cycles * trial_us
        if not -trial_us < off_us * STRAY_PART < trial_us:
            self.strays += 1
            self._restart(at_us)
            if self.strays >= STRAYS or self.sure_cycles < SURE_CYCLES:
                self._lose()
            return
        if cycles >= SURE_CYCLES:
            self.strays = 0  # one or two cycles fit a wrong period as well
        if cycles > self.sure_cycles or cycles >= SURE_CYCLES:
            self.sure_cycles = min(cycles, SURE_CYCLES)
            measured_us = behind_us // cycles
            if SHORTEST_US <= measured_us <= LONGEST_US:
                self.trial_us = measured_us
                if cycles >= SURE_CYCLES:
                    self.period_us = measured_us
        if behind_us >= BASELINE_US:
            self._restart(at_us)
