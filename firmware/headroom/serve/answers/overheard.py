"""The chargers of a group, told by one that follows: it listens to what the leader asks and the others answer for a round.

What each has stands in the leader's frames, what it draws in its own answer, and why in the leader's next question.
"""

from headroom.guard.lease import TICK_MS, WORD
from headroom.guard.ledger import GONE_MS
from headroom.law.share import WHY
from headroom.serve.answers.group import has, name_of
from headroom.serve.group import frames
from headroom.serve.group.member import BLIND
from headroom.serve.words import amps, seconds

LISTEN_MS = 6000  # a round of thirty-two on the slowest line
NO_WHY = 255
SILENT = -1


class Overheard:
    """``clock``: the lease's, in ``TICK_MS``."""

    def __init__(self, member):
        self.member = member
        self.lease = member.lease
        self.began = self.lease.clock
        self.why = bytearray([NO_WHY] * member.count)
        # lists made once: ``hear`` is a part of the tick, and allocates nothing
        self.drawn_ma = [SILENT] * member.count
        self.phases = [None] * member.count
        self.since = [0] * member.count

    def passed_ms(self, since):
        """The time from ``since``."""
        return ((self.lease.clock - since) & WORD) * TICK_MS

    def hear(self, frame, length):
        """A frame, before the member looks at it."""
        place = frame[0] - 1
        if frame[1] != frames.ASK or not 0 <= place < self.member.count:
            return
        if length == frames.ASK_LENGTH:
            if self.lease.leader and self.lease.leader != frames.word(frame, 3):
                return  # another leader's
            self.why[place] = frame[10]
            leads = frame[9] % BLIND - 1
            if 0 <= leads < self.member.count:
                own = frames.word(frame, 11)
                self.why[leads] = own & 7
                self._said(leads, own >> 3, None)
        elif length == frames.ANSWER_LENGTH:
            self._said(place, frames.word(frame, 17), frames.word(frame, 19) >> 8)

    def _said(self, place, drawn, phases):
        self.drawn_ma[place] = drawn * 10
        self.phases[place] = phases
        self.since[place] = self.lease.clock

    def whole(self):
        """True when everybody was heard."""
        own = self.member.number - 1
        return all(
            self.why[at] != NO_WHY and (at == own or self.drawn_ma[at] != SILENT) for at in range(self.member.count)
        )

    def one(self, place):
        """A charger: (text, fields)."""
        member = self.member
        ma = (member.leased[place] >> 3) * 10
        fields = {"number": place + 1, "leased_ma": ma}
        name = name_of(member, place)
        if place == member.number - 1:
            drawn_ma, phases, heard_ms = member.drawn_ma, member.uses, member.silent_ms
        elif self.drawn_ma[place] == SILENT:
            return "%s: leased %s: said nothing for %s" % (name, amps(ma), seconds(self.passed_ms(self.began))), fields
        else:
            drawn_ma, phases = self.drawn_ma[place], self.phases[place]
            heard_ms = self.passed_ms(self.since[place])
        fields["drawn_ma"] = drawn_ma
        fields["heard_ms"] = heard_ms
        why = WHY[self.why[place]] if self.why[place] < len(WHY) else "the leader has not said why"
        return name + has(ma, drawn_ma, phases, why, heard_ms), fields


def answer(member):
    """A line for each, once all were heard or have had their time."""
    ear = member.ear = Overheard(member)
    try:
        while member.silent_ms < GONE_MS and not ear.whole() and ear.passed_ms(ear.began) < LISTEN_MS:
            yield None
    finally:
        member.ear = None
    for place in range(member.count):
        yield ear.one(place)
