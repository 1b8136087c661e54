"""One charger of a group: it answers its leader, takes its leases, and leads itself where it is the lowest that lives.

``hear`` comes first in a tick, so that a cut is on the pilot in the tick that hears it; ``speak`` comes last. ``bus`` is
sense/bus.py's, or what plays it. What the leader does beside is in leader.py, in memory only where a charger leads.
"""

from headroom.guard import session
from headroom.guard.lease import ALL, HOLD_MS, NONE, WORD
from headroom.law.ceilings import NEVER
from headroom.law.share import UNKNOWN
from headroom.serve.group import frames
from headroom.terms.records import NO_NEED_MIN

SILENT_MS = 1000  # a leader asks or leases more often; each number waits so much longer than the one before
STEP_MS = 2000
BLIND = 64  # one that does not know the supply leads only where none that does lives
BROADCAST = 0
LONG_MS = 0xFFFE * frames.PART_MS  # three days
NEW_MS = 10000  # a car that is seen so soon after a start was there before it: who knows for how long
TWICE_MS = 90000  # another board with this one's number is told for so long: thrice what a leader waits between two looks for one
NO_CAR = (session.IDLE, session.FAULT)


class Member:
    """Number ``number`` of ``count``, from 1. ``uid``: this board, of all; ``epoch``: its start."""

    def __init__(self, bus, lease, number, count, uid, epoch):
        self.bus = bus
        self.lease = lease
        self.number = number
        self.count = count
        self.uid = uid
        self.epoch = epoch
        self.how = 0  # law/share.py: what the leader shares by
        self.priority = 0
        self.laxity_min = NO_NEED_MIN
        self.out = bytearray(frames.ANSWER_LENGTH)
        self.owed = 0  # the length of an answer that waits for the line
        self.silent_ms = 0  # since a leader was heard
        self.led_by = 0  # the rank of the leader that was heard last; 0: none
        self.blind = False  # the clamps are around this charger's own cable: it does not know the supply
        self.leased = [0] * count  # to each, as the last frame said
        self.ear = None  # who listens to all that is said: answers/overheard.py
        self.twice_ms = 0  # since somebody else last went by this number, TWICE_MS and down
        self.leader = None  # leader.py, where this one leads
        self.uses = self.wired = 7
        self.most_ma = self.least_ma = self.drawn_ma = 0
        self.wants = self.done = False
        self.on_ms = self.turns = 0
        self.wait_ms = UNKNOWN
        self.new_ms = NEW_MS
        self.shared_ma = NEVER  # see law/ceilings.py
        self.may_lead = False  # this start's number is stored: no two starts of a leader may share one

    def hear(self, dt_ms):
        """Take what has come; ``dt_ms`` since the last time."""
        self.bus.step()
        self.silent_ms = min(self.silent_ms + dt_ms, 1 << 20)
        self.twice_ms = max(self.twice_ms - dt_ms, 0)
        if self.leader is not None:
            self.leader.step(dt_ms)
        self.receive()

    def receive(self):
        """All frames that have come."""
        frame = self.bus.frame
        length = self.bus.next()
        while length:
            if self.ear is not None:
                self.ear.hear(frame, length)
            if frame[1] == frames.ASK:
                if length == frames.ASK_LENGTH:
                    self._asked(frame)
                elif length == frames.ANSWER_LENGTH:
                    self._answered(frame)
            elif frame[0] == BROADCAST:
                self._leased(frame, length)
            length = self.bus.next()

    def _asked(self, frame):
        leader = frames.word(frame, 3)
        if leader == self.uid:
            return  # an echo of the line
        self._another_leads(frame[9], leader)
        if frame[0] != self.number:
            self.lease.near(leader)
            return
        answers = frame[8] == frames.VERSION and self.lease.ask(leader, frames.word(frame, 5))
        self.owed = self._status(self.out, frame[7], answers)

    def _turn(self, dt_ms):
        """How long its car has had its turn, or waits for one: a leader that starts anew must not forget that."""
        self.new_ms = max(self.new_ms - dt_ms, 0)
        if not self.wants:
            self.on_ms = self.turns = 0
            if not self.new_ms:
                self.wait_ms = 0
        elif self.lease.bound_ma(0) >= self.least_ma:
            self.on_ms = min(self.on_ms + dt_ms, LONG_MS)
            self.wait_ms = 0
        else:
            self.turns += 1 if self.on_ms else 0
            self.on_ms = 0
            if self.done:
                self.wait_ms = 0
            elif self.wait_ms != UNKNOWN:
                self.wait_ms = min(self.wait_ms + dt_ms, LONG_MS)

    def rank(self):
        """Who leads, of those that live: the lowest. Who knows the supply comes before who does not."""
        return self.number + (BLIND if self.blind else 0)

    def _another_leads(self, rank, leader):
        """The lower rank leads on; of two boards with one number the lower uid."""
        self.silent_ms = 0
        self.led_by = rank
        if rank % BLIND == self.number:
            self.twice_ms = TWICE_MS
        if self.leader is not None and (rank < self.rank() or (rank == self.rank() and leader < self.uid)):
            self.leader = None

    def _shall_lead(self):
        """Who does not know the supply waits until nobody answers the last leader any more: it would have no answer sooner."""
        if not self.may_lead:
            return False
        if self.silent_ms >= SILENT_MS + STEP_MS * (self.number - 1) + (HOLD_MS if self.blind else 0):
            return True
        return self.led_by > self.rank()

    def _answered(self, frame):
        if frame[0] == self.number:
            if frames.word(frame, 3) != self.uid:
                self.twice_ms = TWICE_MS
        elif self.leader is not None:
            self.leader.answered(frame)

    def _leased(self, frame, length):
        at = frames.leased(frame, length, self.number - 1)
        if not at:
            return
        leader = frames.word(frame, frames.HEAD)
        if leader == self.uid:
            return
        self.silent_ms = 0
        word = frames.word(frame, at)
        if leader == self.lease.leader or not self.lease.leader:
            for place in range(self.count):
                if frames.leased(frame, length, place):
                    self.leased[place] = frames.word(frame, frames.leased(frame, length, place))
        if not word & ALL or self.led_by % BLIND == self.number:  # what another of this number leases to itself
            self.lease.near(leader)
            return
        self.lease.take(
            leader,
            frames.word(frame, frames.HEAD + 2),
            frames.word(frame, frames.HEAD + 4),
            frames.word(frame, at + 2),
            (word >> 3) * 10,
            word & ALL,
        )

    def _status(self, out, question, answers):
        """What a leader needs to know; returns the length."""
        lease = self.lease
        flags = (frames.ANSWERS if answers else 0) | (frames.WANTS if self.wants else 0)
        if lease.seq != NONE:
            flags |= frames.TAKEN
        if self.done:
            flags |= frames.DONE
        out[0], out[1], out[2] = self.number, frames.ASK, frames.ANSWER_LENGTH - 3
        frames.put(out, 3, self.uid)
        out[5], out[6] = question, flags
        out[7], out[8] = frames.VERSION, self.priority | min(self.turns, 63) << 2
        put = frames.put  # one by one: a tuple of more than three is garbage in each round
        put(out, 9, lease.clock)
        put(out, 11, lease.seq & WORD)
        put(out, 13, lease.bound_ma(0) // 10)
        put(out, 15, (lease.most_ma() + 9) // 10)
        put(out, 17, self.drawn_ma // 10)
        put(out, 19, self.uses << 8 | self.wired)
        put(out, 21, (self.least_ma + 9) // 10)
        put(out, 23, self.most_ma // 10)
        put(out, 25, self.laxity_min & WORD)
        put(out, 27, lease.safe_ma // 10)
        put(out, 29, self.count)
        put(out, 31, self.on_ms // frames.PART_MS)
        put(out, 33, self.wait_ms // frames.PART_MS)  # UNKNOWN: 0xFFFF
        return frames.ANSWER_LENGTH

    def speak(self, dt_ms, limits, readings, proposal, verdict):
        """Say what is owed, and lead where nobody does."""
        self.uses, self.wired = proposal.uses, limits.wired
        self.most_ma, self.least_ma = limits.charger_ma, limits.min_ma
        self.wants = verdict.session not in NO_CAR
        if verdict.session == session.DONE:
            self.done = True  # and it stays so through a pause ...
        elif verdict.closed or verdict.session in NO_CAR:
            self.done = False  # ... until it takes current again, or leaves
        self.drawn_ma = max(proposal.car_ma) if verdict.closed else 0
        self._turn(dt_ms)
        if self.leader is None:
            self.shared_ma = NEVER
        if self.owed:
            if self.bus.send(self.out, self.owed):
                self.owed = 0
        elif self.leader is not None:
            self.leader.speak(dt_ms, limits, readings, verdict.doubt)
        elif self._shall_lead():
            from headroom.serve.group.leader import Leader

            self.leader = Leader(self)
