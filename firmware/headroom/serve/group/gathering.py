"""Boards that are in no group yet find each other on the wire: one asks who is there, and proposes a number to each.

In memory only while somebody has asked for it on the console: ``group join`` on each board that shall follow, and ``group lead``
on the one that shall lead. No board speaks unasked, and nothing of it touches a lease: it is over before a number is saved.

    CALL     the leader's, each CALL_MS: who wants to join?
    HELLO    who does, a while drawn at random after a CALL, so that two that were hit by each other miss each other next time
    PROPOSE  the leader's to one board: your number, the group's size, its circuit, the safe share; until a HELLO says it can
    SETTLED  the leader's, once each board has said that it can take its number: now all may; repeated until each has said so

All go to address 0 with a function of our own; who is meant is said by the chip's own six bytes, so boards with one number or
with none are told apart. Each gathering has a mark drawn at random: what is late and of another one says nothing. A frame that
comes twice says what it has said. Who hears two leaders answers neither.
"""

from headroom.serve.group import frames

CLOCK = (1 << 29) - 1  # a tick's part of the chip's clock, which wraps
GATHER = 66  # a maker's own function (V1.1b3, 5), as sense/rtu.py frames it
CALL, HELLO, PROPOSE, SETTLED = range(4)
LENGTHS = (10, 25, 23, 10)  # of what follows the count, by kind
CHIP = 6
LISTEN_MS = 2500  # a leader asks each that is gone every 2 s: a group that runs is heard within this
CALL_MS = 500
SLOTS, SLOT_MS = 16, 25  # a HELLO takes 3 ms at 115 200 baud
REPEAT_MS = 200
FRESH_MS = 5000  # who was heard so lately is there
TWO_MS = 3000  # and so is another leader
PATIENCE_MS = 10000  # for boards to take a number, and for a leader to say that it is settled
OVER_MS = 1500  # who has taken its number and hears no more of the leader is done
# how far it is
LOOKS, CALLS, PROPOSES, SETTLES, DONE = range(5)
# why it ended without a group
NONE, RUNS, TWO, REFUSED, SILENT = range(5)
OFFERED, CAN, HAS = 0x40, 0x80, 0xC0  # beside a number, of a HELLO: was told so; can take it; has taken it


def heard(frame):
    """The board that a HELLO tells of."""
    word = frames.word
    told = (word(frame, 11), frame[13], word(frame, 14) * 1000, word(frame, 16) * 10, word(frame, 18) * 10, frame[20])
    return Board(bytes(frame[5 : 5 + CHIP]), *told)


def this(chip, uid, rated_ma, least_ma, phases):
    """The board that this is."""
    return Board(chip, uid, frames.VERSION, 0, rated_ma, least_ma, phases)


class Board:
    """A board: the ``uid`` that it goes by in leases, the ``version`` of its words, how long its console has waited, its
    rating, the least that it charges with, the supply's phases it is wired to.
    """

    def __init__(self, chip, uid, version, waited_ms, rated_ma, least_ma, phases):
        self.chip = chip
        self.uid = uid
        self.version = version
        self.waited_ms = waited_ms
        self.rated_ma = rated_ma
        self.least_ma = least_ma
        self.phases = phases
        self.number = 0
        self.can = self.has = False
        self.heard_ms = 0

    def name(self):
        """Its chip, as people write it."""
        return ":".join(["%02x" % byte for byte in self.chip])


class Gathering:
    """``step`` once a tick. ``me``: this board; ``leads``: it asks; ``draw()``: a number drawn at random; ``boards``: who was
    heard.
    """

    def __init__(self, bus, me, leads, draw):
        self.bus = bus
        self.me = me
        self.leads = leads
        self.draw = draw
        self.mark = draw() & 0xFF
        self.state = LOOKS
        self.wrong = NONE
        self.boards: list = []
        self.leader = b""  # who calls; its mark is ``mark`` then
        self.proposal = (0, 0, 0, 0)  # number, size, circuit and safe share in mA
        self.other = b""  # another leader ...
        self.other_ms = TWO_MS  # ... was heard so long ago
        self.answered = 0  # CAN or HAS, once the console says so
        self.out = bytearray(3 + max(LENGTHS) + 2)
        self.now_ms = -1
        self.state_ms = self.heard_ms = 0
        self.said_ms = 0  # since it spoke
        self.due_ms = -1  # until it answers
        self.turn = 0
        self.done = False
        self.found = self.heard = ()  # of a search for meters, see ports.py

    def step(self, now_ms):
        """Take what has come, and say what is due."""
        dt_ms = 0 if self.now_ms < 0 else (now_ms - self.now_ms) & CLOCK
        self.now_ms = now_ms
        self.me.waited_ms += dt_ms
        self.state_ms += dt_ms
        self.said_ms += dt_ms
        self.heard_ms += dt_ms
        self.other_ms = min(self.other_ms + dt_ms, TWO_MS)
        for board in self.boards:
            board.heard_ms += dt_ms
            board.waited_ms += dt_ms
        self.bus.step()
        frame, length = self.bus.frame, self.bus.next()
        while length:
            self._heard(frame, length)
            length = self.bus.next()
        if not self.wrong:
            (self._lead if self.leads else self._follow)(dt_ms)

    def _heard(self, frame, length):
        if frame[1] == frames.ASK or frames.leased(frame, length, 0):
            self.wrong = RUNS
        if frame[0] or frame[1] != GATHER or length < 5 or frame[3] >= len(LENGTHS) or length != 3 + LENGTHS[frame[3]]:
            return
        kind, chip = frame[3], bytes(frame[5 : 5 + CHIP])
        if chip == self.me.chip:
            return  # an echo of the line
        if self.leads:
            if kind != HELLO:
                self.other, self.wrong = chip, TWO
            elif frame[4] == self.mark:
                self._greeted(frame, chip)
        elif kind != HELLO:
            self._called(kind, frame, chip)

    # -- who leads

    def _greeted(self, frame, chip):
        board = self.of(chip)
        if board is None:
            if self.state != CALLS:
                return  # too late: the numbers are given
            board = heard(frame)
            self.boards.append(board)
            self.state_ms = 0
        board.heard_ms = 0
        told = frame[21]
        if board.number and told & 0x3F == board.number:
            board.can = board.can or told & HAS in (CAN, HAS)
            board.has = board.has or told & HAS == HAS

    def of(self, chip):
        """The board with that chip, or None."""
        for board in self.boards:
            if board.chip == chip:
                return board
        return None

    def there(self):
        """How many of them were heard lately; who was not, before the numbers are given, is forgotten."""
        if self.state == CALLS:
            self.boards = [board for board in self.boards if board.heard_ms < FRESH_MS]
        return len(self.boards)

    def propose(self, size, circuit_ma, safe_ma):
        """Number those who are there, in the order in which their consoles asked, and propose that to each."""
        self.boards.sort(key=lambda board: (-(board.waited_ms // 1000), board.chip))
        for place, board in enumerate(self.boards):
            board.number = place + 2
        self.proposal = (1, size, circuit_ma, safe_ma)
        self._enter(PROPOSES)

    def _enter(self, state):
        self.state = state
        self.state_ms = 0

    def _lead(self, _):
        if self.state == LOOKS and self.state_ms >= LISTEN_MS:
            self._enter(CALLS)
        if self.state == CALLS and self.said_ms >= CALL_MS:
            self._say(CALL)
        if self.state == PROPOSES:
            waiting = [board for board in self.boards if not board.can]
            if not waiting:
                self._enter(SETTLES)
            elif self.state_ms > PATIENCE_MS:
                self.wrong = REFUSED
            elif self.said_ms >= REPEAT_MS:
                self.turn += 1
                self._propose(waiting[self.turn % len(waiting)])
        if self.state == SETTLES:
            if all(board.has for board in self.boards) or self.state_ms > PATIENCE_MS:
                self._enter(DONE)
            elif self.said_ms >= REPEAT_MS:
                self._say(SETTLED)

    def _propose(self, board):
        out = self.out
        out[11 : 11 + CHIP] = board.chip
        out[17], out[18] = board.number, self.proposal[1]
        frames.put(out, 19, self.proposal[2] // 10)
        frames.put(out, 21, self.proposal[3] // 10)
        out[23], out[24], out[25] = frames.VERSION, 0, 0
        self._say(PROPOSE)

    # -- who follows

    def _called(self, kind, frame, chip):
        if chip != self.leader and self.leader and self.heard_ms < TWO_MS:
            self.other, self.other_ms = chip, 0
            return
        if chip != self.leader or frame[4] != self.mark:
            if kind != CALL:
                return  # of a gathering that this board has not heard the beginning of
            self.leader, self.mark = chip, frame[4]
            self.proposal, self.answered = (0, 0, 0, 0), 0
            self._enter(CALLS)
        self.heard_ms = 0
        if self.other_ms < TWO_MS:
            return
        if kind == PROPOSE and bytes(frame[11 : 11 + CHIP]) == self.me.chip and not self.proposal[0]:
            self.proposal = (frame[17], frame[18], frames.word(frame, 19) * 10, frames.word(frame, 21) * 10)
            self._enter(PROPOSES)
        if kind == SETTLED and self.answered == CAN:
            self._enter(SETTLES)
        if self.due_ms < 0 and (kind == CALL or self.proposal[0]):
            self.due_ms = self.draw() % SLOTS * SLOT_MS

    def _follow(self, dt_ms):
        if self.answered == HAS and self.heard_ms > OVER_MS:
            self._enter(DONE)
        elif self.proposal[0] and self.heard_ms > PATIENCE_MS:
            self.wrong = SILENT
        if self.due_ms >= 0:
            self.due_ms -= dt_ms
            if self.due_ms < 0:
                self._hello()

    def two(self):
        """True while two boards call."""
        return self.other_ms < TWO_MS

    def _hello(self):
        out, me = self.out, self.me
        frames.put(out, 11, me.uid)
        out[13] = frames.VERSION
        frames.put(out, 14, min(me.waited_ms // 1000, 0xFFFF))
        frames.put(out, 16, me.rated_ma // 10)
        frames.put(out, 18, me.least_ma // 10)
        out[20] = me.phases
        out[21] = self.proposal[0] | (self.answered or (OFFERED if self.proposal[0] else 0))
        self._say(HELLO)

    def _say(self, kind):
        out = self.out
        out[0], out[1], out[2] = 0, GATHER, LENGTHS[kind]
        out[3], out[4] = kind, self.mark
        out[5 : 5 + CHIP] = self.me.chip
        if self.bus.send(out, 3 + LENGTHS[kind]):
            self.said_ms = 0
