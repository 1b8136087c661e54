"""A lease: what this charger may offer in a group that shares a circuit, and how it ends by itself, on its own clock.

Safety hangs on three clocks of this charger, and on no message's arrival:

- A lease runs from the moment at which this charger issued the *token* that the lease quotes, not from its arrival: one that
  is late has run out on the way, one that is repeated ends when it would have ended.
- For HOLD_MS after it answered a leader it listens to nobody else, and a lease below its safe share stays in force: until then
  the leader may lend that share to others. After that it takes its share of the safe current.
- After a start it offers nothing for as long: it knows neither whom it answered before, nor what others were lent.

A lease says what fits beside the house as the leader saw it. Who hears its leader no more knows that nobody looks: it goes to its
least at once, and stays there until something is leased to it anew. That only lowers; what it could have is as above.

The leader's side is ledger.py. Both are explored with everything against them: make lease.
"""

from headroom.terms.standard import FOLLOW_MS

LEASE_MS = 10000  # some ten rounds of a bus of thirty-two: one message in twenty may be lost, and more
HOLD_MS = 30000  # more than twice what is left of a lease's effects: the leader need not hear from all in each round
QUIET_MS = 500  # a leader says something five times as often: a tenth of a second is waited for each answer
SETTLE_MS = FOLLOW_MS + 1000  # a car may draw the offer before for so long, its own ramp included
TICK_MS = 100  # of the token's clock: 16 bits go round in 109 minutes
ALL = 7  # phases, as a set
NONE = -1  # no frame was taken yet
WORD = 0xFFFF


def newer(a, b):
    """True when the 16-bit count ``a`` comes after ``b``; any comes after NONE."""
    return b == NONE or 0 < ((a - b) & WORD) < 0x8000


class Lease:
    """Once a tick: ``step``, ``offer_ma`` may be offered, ``follow`` what is. The leader's frames: ``ask``, ``take``, ``near``.

    ``salt``: where the token's clock begins, another number at each start.
    """

    def __init__(self, safe_ma, salt=0):
        self.safe_ma = safe_ma
        self.ma = 0  # as leased last ...
        self.phases = ALL  # ... for a car on these of the supply's phases
        self.left_ms = 0  # of that lease
        self.held_ms = HOLD_MS  # listens to nobody but ``leader`` for so long, and stays below its safe share
        self.leader = 0  # the board that it answers; 0: none
        self.epoch = 0  # that board's start
        self.seq = NONE  # the last of its frames that was taken
        self.quiet_ms = 0  # since that board was heard, whatever it said ...
        self.alone = False  # ... for too long, and nothing was leased since
        self.said = 0  # the last of this board's own, as a leader: no two of one start have the same number
        self.clock = salt & WORD
        self.part_ms = 0
        self.drawn_ma = 0  # what the car may still draw ...
        self.last_ma = 0  # ... though so much is offered ...
        self.settle_ms = 0  # ... for so long

    def step(self, dt_ms):
        """``dt_ms`` have passed."""
        self.part_ms += dt_ms
        if self.part_ms >= TICK_MS:
            self.clock = (self.clock + self.part_ms // TICK_MS) & WORD
            self.part_ms %= TICK_MS
        self.alone = self.alone or self.quiet_ms >= QUIET_MS  # what a slow tick has in store was heard before this
        self.quiet_ms = min(self.quiet_ms + dt_ms, HOLD_MS)
        self.left_ms = max(self.left_ms - dt_ms, 0)
        if self.held_ms:
            self.held_ms = max(self.held_ms - dt_ms, 0)
            if not self.held_ms:
                self.ma = self.safe_ma

    def follow(self, dt_ms, offer_ma, closed):
        """``offer_ma`` is on the pilot from now on, and the contactor ``closed`` or not; ``dt_ms`` since the last time."""
        if not closed:
            self.drawn_ma = self.last_ma = self.settle_ms = 0
            return
        if offer_ma < self.last_ma:
            self.settle_ms = SETTLE_MS
        elif self.settle_ms and offer_ma:  # nothing on offer: until the contactor opens, it may draw
            self.settle_ms = max(self.settle_ms - dt_ms, 0)
        self.last_ma = offer_ma
        self.drawn_ma = max(self.drawn_ma, offer_ma) if self.settle_ms else offer_ma

    def bound_ma(self, uses):
        """The most that may be offered to a car that may draw on the phases ``uses``."""
        if self.left_ms or (self.held_ms and self.ma < self.safe_ma):
            return 0 if uses & ~self.phases else self.ma
        return self.safe_ma

    def offer_ma(self, uses, least_ma):
        """The same, and no more than the least, or its safe share, while its leader is not heard."""
        bound_ma = self.bound_ma(uses)
        return min(bound_ma, max(least_ma, self.safe_ma)) if self.alone else bound_ma

    def most_ma(self):
        """The most that the car may draw from now on, unless another lease comes."""
        return max(self.bound_ma(0), self.drawn_ma)

    def near(self, leader):
        """A frame of the leader's for somebody else."""
        if leader == self.leader:
            self.quiet_ms = 0

    def ask(self, leader, epoch):
        """A leader asks for the status. False: this charger answers another one still, and that one counts on it."""
        if leader != self.leader:
            if self.held_ms:
                return False
            self.leader = leader
            self.epoch = epoch
            self.seq = NONE
        elif epoch != self.epoch:
            if self.held_ms and not newer(epoch, self.epoch):
                return False  # but after the hold: a board that has lost its memory counts its starts anew
            self.epoch = epoch  # a board that starts anew runs no second time: it need not be waited out
            self.seq = NONE
        self.held_ms = HOLD_MS
        self.quiet_ms = 0
        return True

    def take(self, leader, epoch, seq, token, ma, phases):
        """A frame of the leader's with what it leases to this charger; False: it says nothing here, or is an old one."""
        if leader != self.leader or epoch != self.epoch or not self.held_ms or not newer(seq, self.seq):
            return False
        self.seq = seq
        self.quiet_ms = 0
        self.alone = False
        self.left_ms = max(LEASE_MS - ((self.clock - token) & WORD) * TICK_MS - self.part_ms, 0)
        self.ma = ma
        self.phases = phases
        return True
