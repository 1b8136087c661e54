"""What a group may have of the supply, per phase: the rating less what the house draws, and no more than the group's own fuse.

The house is the supply's load less what the members say that they draw. Their word is up to a round old, so a car that starts
looks like the house for a moment, and one that stops like a house that exports. While the supply is not over its rating there
is time to ask them all again: the house counts with the least it seemed to draw within a round before anything is taken, and
with the most it seemed to draw within the dwell before anything is given. Over its rating there is none: what is missing is taken
at once, and what a cut has not brought after the cars' time to follow is taken again.

A car that stops by itself, a moment before the house steps up, hides what is missing: the supply carries less, and the members'
word is of before. So where the house seems to draw more than ever in the dwell, what the supply's load has fallen by since they
were asked counts as a car's that nobody has told of yet.
"""

from headroom.terms.records import PHASES
from headroom.terms.standard import FOLLOW_MS

PART_MS = 500
PARTS = 12  # of the dwell ...
ROUND_PARTS = 6  # ... and of a round of questions
WORTH_MA = 500  # less is not worth a frame
OVER_MA = 100  # an excess below this is the clamp's noise
SLACK_MA = 500  # a cut takes so much more: the members' word is as old as a round
NEW_MA = 200  # the house draws more than before, and no noise
RISE_MA = 300  # cars may yet come up by so much to what they are offered
SENT_MS = 400  # from a cut to the new offer on the last pilot
AGAIN_MS = FOLLOW_MS + 1000
LONG_MS = 1 << 20


class Pool:
    """``ma`` per phase is what may be leased; ``step`` once a tick, True when something must be taken now."""

    def __init__(self):
        self.ma = [0] * PHASES
        self.least_ma = [[0] * PHASES for _ in range(PARTS)]  # of the house, in each part of the dwell
        self.most_ma = [[0] * PHASES for _ in range(PARTS)]
        self.part = 0
        self.part_ms = 0
        self.parts = 0  # that are filled
        self.cut_ms = [AGAIN_MS] * PHASES
        self.cut_load_ma = [0] * PHASES  # the least that the supply has carried since
        self.high_ma = [0] * PHASES  # the supply has carried so much lately ...
        self.fell_ma = [0] * PHASES  # ... and then less by so much ...
        self.fell_ms = [0] * PHASES  # ... so long ago
        self.following = [False] * PHASES
        self.told_ms = 0
        self.gone = False  # while it is over its rating a member has told that its car draws nothing any more
        self.over_ms = 0  # since the supply has been over its rating

    def step(self, dt_ms, load_ma, drawn_ma, leased_ma, following, told_ms, rating_ma, group_ma, young):
        """Per phase: ``load_ma`` of the supply, ``drawn_ma`` of all members, ``leased_ma``: what they may draw at most, and
        whether one of them is ``following`` yet, from more than that. ``told_ms``: how old the oldest word of a member is.
        ``young``: who leads does not know all of them yet, and leaves them what they have. ``rating_ma``: per phase.
        """
        self._turn(dt_ms)
        urgent = over = False
        self.following = following
        self.told_ms = told_ms
        for phase in range(PHASES):
            self.cut_ms[phase] = min(self.cut_ms[phase] + dt_ms, AGAIN_MS)
            self.cut_load_ma[phase] = min(self.cut_load_ma[phase], load_ma[phase])
            house_ma = load_ma[phase] - drawn_ma[phase]
            self._fall(phase, dt_ms, load_ma[phase])
            self.least_ma[self.part][phase] = min(self.least_ma[self.part][phase], house_ma)
            self.most_ma[self.part][phase] = max(self.most_ma[self.part][phase], house_ma)
            rated_ma = rating_ma[phase]
            over_ma = load_ma[phase] - rated_ma
            if young:
                self.ma[phase] = min(leased_ma[phase], group_ma)
                if rated_ma - house_ma < self.ma[phase] - WORTH_MA:
                    self.ma[phase] = max(rated_ma - house_ma, 0)
            ma = self.ma[phase]
            if over_ma > OVER_MA:
                over = True
                left_ma = max(self._left_ma(phase, load_ma[phase], house_ma, leased_ma[phase], rated_ma, young), 0)
                if left_ma <= ma - OVER_MA:
                    self.ma[phase] = left_ma
                    self.cut_ms[phase] = 0
                    self.cut_load_ma[phase] = load_ma[phase]
                    urgent = True
                continue
            if young:
                continue
            least_ma = most_ma = house_ma
            for number in range(self.parts):
                at = (self.part - number) % PARTS
                most_ma = max(most_ma, self.most_ma[at][phase])
                if number < ROUND_PARTS:
                    least_ma = min(least_ma, self.least_ma[at][phase])
            if self.parts >= ROUND_PARTS and rated_ma - least_ma < ma - WORTH_MA:
                self.ma[phase] = max(rated_ma - least_ma, 0)
            elif self.parts >= PARTS and rated_ma - most_ma > ma:
                self.ma[phase] = rated_ma - most_ma
            self.ma[phase] = min(self.ma[phase], group_ma)
        self.over_ms = min(self.over_ms + dt_ms, LONG_MS) if over else 0
        self.gone = self.gone and over
        return urgent

    def tell(self, uses, drawn_ma):
        """So much on the phases ``uses``, which has counted with the house, is a member's; below 0: the other way round."""
        for phase in range(PHASES):
            if uses >> phase & 1:
                for part in range(PARTS):
                    self.least_ma[part][phase] -= drawn_ma
                    self.most_ma[part][phase] -= drawn_ma

    def holds(self):
        """True while the supply is kept: then its leader's own charger need not cut for the others."""
        return self.over_ms <= AGAIN_MS

    def _left_ma(self, phase, load_ma, house_ma, leased_ma, rating_ma, young):
        """What is left on a phase that is over its rating."""
        ma = self.ma[phase]
        if house_ma > self._most_ma(phase) + NEW_MA:
            house_ma += self.fell_ma[phase]
        if self.cut_ms[phase] < (AGAIN_MS if self.following[phase] else min(self.told_ms + SENT_MS, AGAIN_MS)):
            # the cars follow yet: only what came since, and a car that did not follow, but went
            left_ma = ma - max(load_ma - self.cut_load_ma[phase], 0)
            return min(left_ma, rating_ma - house_ma) if self.gone else left_ma
        if rating_ma - house_ma <= ma - WORTH_MA and not young:
            return rating_ma - house_ma - SLACK_MA
        return min(ma, leased_ma) - (load_ma - rating_ma) - RISE_MA  # what was taken did not show: it was the house's

    def _fall(self, phase, dt_ms, load_ma):
        """What the load has fallen by since the members told of their cars."""
        self.fell_ms[phase] += dt_ms
        self.high_ma[phase] = max(self.high_ma[phase], load_ma)
        if self.high_ma[phase] - load_ma > self.fell_ma[phase]:
            self.fell_ma[phase] = self.high_ma[phase] - load_ma
            self.fell_ms[phase] = 0
        elif self.fell_ms[phase] > self.told_ms + PART_MS:
            self.high_ma[phase] = load_ma
            self.fell_ma[phase] = self.fell_ms[phase] = 0

    def _most_ma(self, phase):
        """The most that the house seemed to draw in the dwell, but for what is now."""
        most_ma = -(1 << 28)
        for number in range(1, self.parts):
            most_ma = max(most_ma, self.most_ma[(self.part - number) % PARTS][phase])
        return most_ma

    def _turn(self, dt_ms):
        """The next part of the dwell, when it is time."""
        self.part_ms += dt_ms
        if self.part_ms < PART_MS and self.parts:
            return
        self.part_ms = 0
        self.part = (self.part + 1) % PARTS
        self.parts = min(self.parts + 1, PARTS)
        for phase in range(PHASES):
            self.least_ma[self.part][phase] = 1 << 28
            self.most_ma[self.part][phase] = -(1 << 28)
