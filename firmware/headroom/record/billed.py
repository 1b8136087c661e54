"""The car's energy as the meter on its own line counts it: that meter is the one that is billed, so its register is counted.

What the register has gone on by since it was last read is the car's, on the phases that the meter says carry power. One that
goes back, or leaps by more than a week's charging (another meter was fitted, a word was wrong), begins anew. One that tells no
energy is counted by its power. The finest step is the register's own: 1 Wh of most, 100 Wh of some.
"""

LEAP_WH = 1000000
MOST_WH = 1 << 28  # above this no meter of a car's line stands: it is no number
NONE = -1


class Billed:
    """``source``: the meter, as sense/meters/poll.py has it."""

    def __init__(self, source):
        self.source = source
        self.wh = NONE  # of the register, as read last

    def step(self, dt_ms, energy, lines, first, known):
        """``dt_ms`` have passed; ``lines``: the supply's phases in the meter's order; ``first``: of the car in ``energy.wh``."""
        source = self.source
        if not source.counts:
            for phase in range(source.phases if known else 0):
                energy.add(first + lines[phase], dt_ms, max(source.w[phase], 0) * 1000)
            return
        if not known or source.wh == self.wh or not 0 < source.wh < MOST_WH:
            return
        more_wh = source.wh - self.wh
        if self.wh != NONE and 0 < more_wh < LEAP_WH:
            self._spread(more_wh, energy.wh, lines, first)
        self.wh = source.wh

    def _spread(self, more_wh, wh, lines, first):
        """So many Wh, by the power on each phase; what does not divide goes to the first of the fullest."""
        watts, fullest, sum_w = self.source.w, 0, 0
        for phase in range(self.source.phases):
            sum_w += max(watts[phase], 0)
            if watts[phase] > watts[fullest]:
                fullest = phase
        left_wh = more_wh
        for phase in range(self.source.phases if sum_w else 0):
            part_wh = max(watts[phase], 0) * 256 // sum_w * more_wh // 256
            wh[first + lines[phase]] += part_wh
            left_wh -= part_wh
        wh[first + lines[fullest]] += left_wh
