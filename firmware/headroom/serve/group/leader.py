"""The leader of a group: asks its members in turn, shares the supply out, leases, and cuts all at once.

What it would like is the law's (pool.py: how much there is; share.py: who gets what); what it leases is the guard's ledger's.
"""

from headroom.guard.lease import WORD
from headroom.guard.ledger import GONE_MS, LONG_MS, Ledger
from headroom.law.ceilings import NEVER, rated
from headroom.law.pool import Pool
from headroom.law.share import DRAWS_MA, LONGEST_MS, NO_WORD, TWO, UNKNOWN, Share
from headroom.monitor.breaker import smaller
from headroom.serve.group import frames
from headroom.serve.loader import module
from headroom.terms.meter_faults import FIRST, HOLD
from headroom.terms.records import PHASES

TIMEOUT_MS = 120  # four ticks: a member answers in the tick that hears the question
ROUND_MS = 1000  # what is leased is confirmed this often, and shared out anew
EXCHANGE_MS = 50  # a question and its answer: a tick each
FOLLOWED_MA = 300  # a car this near its lease has followed it
REPEATS, REPEAT_MS = 2, 75  # a cut is said three times: one of thirty-two would often miss it
ASK_MS = 100  # none is asked more often: a leader of two is heard as often ...
DRAWS_FIRST = 8  # over the rating who draws is asked so much sooner: it may have stopped by itself
GONE_ASK_MS = 2000  # ... and one that is gone not more often than this
TRIES = 2  # so often in a row who does not answer is asked at once again: one message in twenty may be lost ...
AGAIN, GONE_PART = 2, 4  # ... then so much sooner than in its turn, and who is gone in one round of so many
SOON_MS = 100  # a change waits so long for others
OWN_ASK_MS = 30000  # so often it asks whether another board has its own number
TWINS = "two boards answer to this number: give one of them another"


class Leader:
    """Made where a charger begins to lead, dropped where it ends."""

    def __init__(self, member):
        self.member = member
        count = self.count = member.count
        self.ledger = Ledger(count, member.lease.safe_ma)
        self.ledger.seq = member.lease.said
        self.share = Share(count)
        self.pool = Pool()
        self.wish_ma = [0] * count
        self.version = [frames.VERSION] * count  # as told
        self.uid = [0] * count
        self.trouble = [""] * count  # what keeps a member from being leased anything
        self.limit_ma = [0] * PHASES
        self.rating_ma = [0] * PHASES
        self.total = None  # law/total.py, once the connection's power is asked for
        self.doubt_ms = 0  # how long the supply's meter has been in doubt
        self.drawn_ma = [0] * PHASES
        self.leased_ma = [0] * PHASES
        self.following = [False] * PHASES
        self.told_ms = 0
        self.out = bytearray(frames.HEAD + 6 + 4 * count + 2)
        self.missed = bytearray(count)  # questions in a row that each has not answered, up to TRIES
        self.asked = 0  # the member whose answer is awaited, from 1; 0: none
        self.question = 0
        self.waits_ms = 0
        self.round_ms = ROUND_MS
        self.own_ms = 0  # since it asked for its own number
        self.shared_ms = 0
        self.sharing = False
        self.repeats = 0  # of a cut that are due yet
        self.said_ms = 0
        self.cut = False  # a frame with less for some is due
        self.due = False  # a frame is due
        member.led_by = member.rank()
        own = member.number - 1
        self.share.on_ms[own], self.share.wait_ms[own] = member.on_ms, min(member.wait_ms, LONGEST_MS)
        self.share.turns[own] = member.turns

    def step(self, dt_ms):
        """``dt_ms`` have passed."""
        self.ledger.step(dt_ms)
        self.waits_ms += dt_ms
        self.round_ms += dt_ms
        self.shared_ms += dt_ms
        self.own_ms = min(self.own_ms + dt_ms, OWN_ASK_MS)
        self.said_ms = min(self.said_ms + dt_ms, ROUND_MS)
        if self.repeats and self.said_ms >= REPEAT_MS:
            self.repeats -= 1
            self.said_ms = 0
            self.due = True
        if self.asked and self.waits_ms >= TIMEOUT_MS:
            self.trouble[self.asked - 1] = ""
            self.missed[self.asked - 1] = min(self.missed[self.asked - 1] + 1, TRIES)
            self.asked = 0

    def speak(self, dt_ms, limits, readings, doubt=0):
        """At the end of a tick: what there is, who gets it, and the next frame. ``doubt``: about the supply's meter.

        A doubt that leaves the charger what it has leaves the group that, for as long, and no more; then the safe shares.
        """
        self._own()
        self._sums()
        young = self.ledger.young_ms < GONE_MS
        group_ma = limits.group_ma
        self._rate(limits, readings)
        self.doubt_ms = min(self.doubt_ms + dt_ms, LONGEST_MS) if doubt else 0
        blind = self.member.blind or not readings.grid_ok
        if blind or (doubt and (FIRST[doubt] != HOLD or self.doubt_ms > limits.trust_hold_ms)):
            for phase in range(PHASES):
                self.pool.ma[phase] = min(self.count * self.ledger.safe_ma, self.limit_ma[phase])
        elif not doubt and self.pool.step(
            dt_ms,
            readings.grid_ma,
            self.drawn_ma,
            self.leased_ma,
            self.following,
            self.told_ms,
            self.rating_ma,
            group_ma,
            young,
        ):
            self._cut()
        self._share()
        place = self.member.number - 1
        kept = not (blind or doubt) and self.pool.holds() and self.ledger.leads()
        self.member.shared_ma = self.ledger.ma[place] if kept else NEVER
        left_ms = dt_ms  # a slow tick has had time for several
        while left_ms > 0 and self._say():
            self.member.receive()
            left_ms -= TIMEOUT_MS if self.asked else EXCHANGE_MS
            if left_ms >= 0:
                self.asked = 0

    def _rate(self, limits, readings):
        """What each phase of the supply may carry, and what of it may be leased: as the law keeps it for a charger alone."""
        total_ma = NEVER
        if limits.total and not self.member.blind:
            if self.total is None:
                self.total = module("headroom.law.total")
            total_ma = self.total.cap_now_w(limits, readings.wall_s) * 1000 // limits.mains_v
            for phase in range(limits.phases):
                total_ma -= readings.grid_ma[phase]
        for phase in range(PHASES):
            own_ma = 0 if self.member.blind else limits.own_ma[phase]
            self.limit_ma[phase] = smaller(limits.group_ma, own_ma)
            if self.member.twice_ms:  # the other board of its number is in no ledger
                self.limit_ma[phase] = max(self.limit_ma[phase] - self.ledger.safe_ma, 0)
            self.rating_ma[phase] = smaller(rated(limits), own_ma)
            if total_ma != NEVER:
                room_ma = readings.grid_ma[phase] + total_ma // limits.phases
                self.rating_ma[phase] = min(self.rating_ma[phase], room_ma)

    def _own(self):
        """The leader is a member that it always hears."""
        member, lease = self.member, self.member.lease
        place = member.number - 1
        self.ledger.ask(place)
        if lease.ask(member.uid, member.epoch):
            self.ledger.hear(place, lease.clock, lease.seq, lease.bound_ma(0), lease.most_ma(), member.uses)
        share = self.share
        share.wants[place], share.done[place] = member.wants, member.done
        share.phases[place] = member.uses
        share.drawn_ma[place] = member.drawn_ma
        share.least_ma[place], share.most_ma[place] = member.least_ma, member.most_ma
        share.priority[place], share.laxity_min[place] = member.priority, member.laxity_min

    def _sums(self):
        ledger, share = self.ledger, self.share
        self.told_ms = 0
        for place in range(self.count):
            if ledger.heard_ms[place] <= GONE_MS:
                if self.missed[place] < TRIES:  # no word of who does not answer is waited for
                    self.told_ms = max(self.told_ms, ledger.heard_ms[place])
            else:
                share.wants[place] = False  # what it draws counts with the house, and what it could draw in the ledger
                if share.drawn_ma[place] and place != self.member.number - 1:
                    self.pool.tell(ledger.most_phases[place], -share.drawn_ma[place])
                    share.drawn_ma[place] = 0
        for phase in range(PHASES):
            drawn_ma = leased_ma = 0
            following = False
            for place in range(self.count):
                if ledger.heard_ms[place] <= GONE_MS and ledger.most_phases[place] >> phase & 1:
                    drawn_ma += share.drawn_ma[place]
                    leased_ma += ledger.ma[place]
                    following = following or share.drawn_ma[place] > ledger.ma[place] + FOLLOWED_MA
                    if place == self.member.number - 1 and self.member.lease.settle_ms:
                        following = True  # its own car shows among all the others only
            self.drawn_ma[phase] = drawn_ma
            self.leased_ma[phase] = leased_ma
            self.following[phase] = following

    def answered(self, frame):
        """The answer of a member, if it is the one that is awaited. Of two boards with one number each spoils the other's."""
        number, place = frame[0], frame[0] - 1
        if not 0 <= place < self.count:
            return
        uid = frames.word(frame, 3)
        twins = self.uid[place] and self.uid[place] != uid
        self.uid[place] = uid
        if twins:
            self.trouble[place] = TWINS
            self.share.wants[place] = False
        if number != self.asked or frame[5] != self.question:
            return
        self.asked = self.missed[place] = 0
        if twins:
            return
        flags, at = frame[6], 9
        self.version[place] = frame[7]
        self.trouble[place] = self._trouble(frame)
        if self.trouble[place]:
            self.share.wants[place] = False
            return
        seq = frames.word(frame, at + 2) if flags & frames.TAKEN else -1
        uses = frames.word(frame, at + 10) >> 8
        bound_ma = frames.word(frame, at + 4) * 10
        share = self.share
        if self.ledger.heard_ms[place] > GONE_MS:  # its first word, perhaps again
            share.on_ms[place] = min(frames.word(frame, at + 22) * frames.PART_MS, LONGEST_MS)
            parts = frames.word(frame, at + 24)
            share.wait_ms[place] = UNKNOWN if parts == WORD else min(parts * frames.PART_MS, LONGEST_MS)
            share.turns[place] = frame[8] >> 2
            if share.on_ms[place]:  # it goes on with what it has
                self.wish_ma[place] = share.ma[place] = bound_ma
            self.pool.tell(uses, frames.word(frame, at + 8) * 10)
        self.ledger.hear(place, frames.word(frame, at), seq, bound_ma, frames.word(frame, at + 6) * 10, uses)
        if not self.ledger.proven[place] and bound_ma > self.ledger.ma[place]:
            self.due = True  # it has missed a frame that took from it
        wanted = share.wants[place]
        share.wants[place], share.done[place] = bool(flags & frames.WANTS), bool(flags & frames.DONE)
        share.phases[place] = uses
        drawn_ma = frames.word(frame, at + 8) * 10
        if drawn_ma < DRAWS_MA <= share.drawn_ma[place]:
            self.pool.gone = True
        share.drawn_ma[place] = drawn_ma
        share.least_ma[place] = frames.word(frame, at + 12) * 10
        share.most_ma[place] = frames.word(frame, at + 14) * 10
        share.laxity_min[place] = frames.signed(frames.word(frame, at + 16))
        share.priority[place] = frame[8] & 3
        if wanted != share.wants[place] or uses & ~self.ledger.phases[place]:
            self.shared_ms = max(self.shared_ms, ROUND_MS - SOON_MS)

    def _trouble(self, frame):
        """Why nothing may be leased to who answers so; empty where it may."""
        if frame[7] != frames.VERSION:
            return "speaks version %d of the group's words" % frame[7]
        if frames.word(frame, 27) * 10 != self.ledger.safe_ma // 10 * 10:
            return "has another group_safe_ma"
        if frames.word(frame, 29) != self.count:
            return "knows a group of %d" % frames.word(frame, 29)
        return "" if frame[6] & frames.ANSWERS else "answers another leader still"

    def _cut(self):
        """Less for all, at once; where that is too little some must be stopped, so what is being shared out goes on."""
        self._trim()
        if self.wish_ma != self.ledger.ma:
            self.cut = self.due = True
        self.shared_ms = max(self.shared_ms, ROUND_MS // 2)

    def _trim(self):
        """Take from each, above its least, its part of what is missing on the fullest of its phases. False: too little."""
        ledger, share, enough = self.ledger, self.share, True
        for place in range(self.count):
            ma = ledger.ma[place]
            self.wish_ma[place] = min(ma, self.wish_ma[place]) if self.cut else ma  # what was taken may not be said yet
        for phase in range(PHASES):
            bit = 1 << phase
            above_ma = sum_ma = 0
            for place in range(self.count):
                if ledger.phases[place] & bit:
                    sum_ma += self.wish_ma[place]
                    above_ma += max(self.wish_ma[place] - share.least_ma[place], 0)
            missing_ma = sum_ma - self.pool.ma[phase]
            if missing_ma > above_ma:
                missing_ma, enough = above_ma, False
            if missing_ma > 0:
                part = (missing_ma * 1000 + above_ma - 1) // above_ma
                for place in range(self.count):
                    if ledger.phases[place] & bit:
                        above = max(self.wish_ma[place] - share.least_ma[place], 0)
                        self.wish_ma[place] -= (above * part + 999) // 1000
        return enough

    def _share(self):
        """Share out what there is, a part of it each tick."""
        if not self.sharing:
            if self.shared_ms < ROUND_MS:
                return
            if self.ledger.young_ms < GONE_MS and (not self._knows() or self._confirm()):
                return
            self.share.begin(self.shared_ms, self.member.how, self.pool.ma)
            self.shared_ms = 0
            self.sharing = True
        if self.share.go_on():
            self.sharing = False
            self.due = True
            for place in range(self.count):
                ma = self.share.ma[place]
                self.wish_ma[place] = min(ma, self.wish_ma[place]) if self.cut else ma
            self.cut = self.cut or self.pool.over_ms > 0  # then a stop is as urgent as less

    def _confirm(self):
        """A leader that has just begun leaves each what it has, as far as the house leaves that; False: some must be stopped."""
        if not self._trim() and self.pool.over_ms:
            return False
        for place in range(self.count):
            ma = self.share.ma[place] = self.wish_ma[place]
            self.share.on_ms[place] = max(self.share.on_ms[place], 1) if ma else 0
        self.shared_ms = 0
        self.due = True
        return True

    def _say(self):
        """The next frame, if the line is free; True when something was said."""
        if self.asked:
            return False
        member = self.member
        if self.due and self._knows():
            self.ledger.grant(self.wish_ma, self.share.phases, self.limit_ma, self.pool.ma)
            member.lease.said = self.ledger.seq
            length = frames.leases(self.out, member.uid, member.epoch, self.ledger)
            if not member.bus.send(self.out, length):
                return False
            if self.cut:
                self.repeats, self.said_ms = REPEATS, 0
            self.due = self.cut = False
            self._take()
            return True
        number = self._whom()
        if not number:
            return False
        if number == member.number:
            self.own_ms = 0
        question = (self.question + 1) & 0xFF
        share, own = self.share, member.number - 1
        trouble = self.trouble[number - 1]
        why = share.why[number - 1] if not trouble else TWO if trouble is TWINS else NO_WORD
        told = share.drawn_ma[own] // 10 << 3 | (TWO if member.twice_ms else share.why[own])
        length = frames.ask(self.out, number, member.uid, member.epoch, question, member.rank(), why, told)
        if not member.bus.send(self.out, length):
            return False
        self.question = question
        self.asked = number
        self.waits_ms = 0
        self.ledger.ask(number - 1)
        return True

    def _knows(self):
        """True when a frame of its would take from nobody for the sole reason that it has not asked them all yet."""
        ledger = self.ledger
        if ledger.young_ms >= GONE_MS:
            return True
        return ledger.leads() and (self.cut or max(ledger.asking_ms) < LONG_MS)

    def _whom(self):
        """The number of the member whose turn it is; 0: none is due.

        That is the one that was heard longest ago. Each question to one that does not answer costs TIMEOUT_MS: were it asked
        until it does, the leases of all others would run out beside it.
        """
        ledger, found, oldest_ms = self.ledger, 0, -1
        if self.own_ms >= OWN_ASK_MS and not self.pool.over_ms:
            return self.member.number
        for place in range(self.count):
            waits_ms, asking_ms, rest_ms = ledger.heard_ms[place], ledger.asking_ms[place], ASK_MS
            if waits_ms >= GONE_MS:
                waits_ms, rest_ms = asking_ms // GONE_PART, GONE_ASK_MS
            else:
                if self.missed[place] >= TRIES:
                    waits_ms = min(waits_ms, asking_ms * AGAIN)
                if self.pool.over_ms and self.share.drawn_ma[place]:
                    waits_ms *= DRAWS_FIRST
            if place != self.member.number - 1 and waits_ms > oldest_ms and asking_ms >= rest_ms:
                found, oldest_ms = place + 1, waits_ms
        return found

    def _take(self):
        """The leader's own lease."""
        member, ledger = self.member, self.ledger
        place = member.number - 1
        member.lease.take(
            member.uid, member.epoch, ledger.seq, ledger.token[place], ledger.ma[place], ledger.phases[place]
        )
