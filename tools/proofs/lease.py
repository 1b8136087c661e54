"""Proof: a group of three chargers that share a circuit, with the bus, the law and the power against them.

The firmware's own lease and ledger run (guard/lease.py, guard/ledger.py), with their times shrunk to a few steps in the same
order. The bus loses, delays, repeats and reorders what it likes; the law wishes whatever it likes; chargers start anew; clocks
run apart; two boards lead. In every state that is reached from a cold start these are checked:

- over: what the cars may draw, each the most that it was offered while it may still follow, fits the circuit;
- starved: with a bus that delivers and a law that favours it, each car gets more than its safe share after a while.

First, family by family of dangers, all states there are (lease_whole.py; of two leaders lease_two.py, which says what it looks
at there): "whole" says that none was left. Then, with all that does not fit into those families, breadth first as far as a share
goes, and walks at random far beyond. Last the protocol is broken on purpose.

Usage: python tools/proofs/lease.py [--share N]   (N: states at most in each family)
"""

import marshal
import sys
import time
from collections import deque
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from random import Random

sys.path[:0] = [
    str(Path(__file__).resolve().parents[2] / "firmware"),
    str(Path(__file__).resolve().parents[2] / "tools"),
]
from headroom.guard import lease as leases
from headroom.guard import ledger as ledgers
from headroom.guard.lease import ALL, NONE, WORD, Lease
from headroom.guard.ledger import Ledger
from lease_two import Two
from lease_whole import Whole

COUNT = 3
FOLLOW_STEPS = 1  # a car draws what it was offered before for so many steps more
CLOCK = 0x8000  # every member's clock in a stored state: what counts is how old a token is
LEASE = ("safe_ma", "ma", "phases", "left_ms", "held_ms", "leader", "epoch", "seq", "drawn_ma", "last_ma", "settle_ms")
LISTS = ("ma", "phases", "proven", "before_ma", "before_phases", "most_ma", "most_phases", "changed", "token",
         "asking_ms", "asked_ms", "heard_ms")  # fmt: skip

# What is not the firmware's own in here: (what, what that assumes, which other test covers it)
ASSUMED = (
    ("every time is 1 to 7 steps", "only their order decides", "guard/test_lease, guard/test_ledger"),
    ("an answer that is not to the last question is dropped", "each question has a number", "guard/test_group"),
    ("a token of before a start is an old one", "the clock begins elsewhere at each start", "guard/test_lease"),
    ("two frames at most are under way for ever", "an older one is refused like the older of two", "guard/test_ledger"),
    ("the sums are one phase's, but in the family of phases", "each phase is its own sum", "guard/test_ledger"),
    ("offers change once a step, for all at once", "a tick is short beside every time here", "sim --chargers"),
)


class Family:
    """What may happen beside loss, delay, repetition and reordering."""

    def __init__(
        self,
        name,
        limit=3,
        safe=1,
        leaders=(0,),
        starts=(),
        rates=(1, 1, 1),
        times=(2, 1, 5),
        part=64,
        phases=(ALL,),
        air=2,
        late=False,
    ):
        self.name = name
        self.limit = limit
        self.safe = safe
        self.leaders = leaders  # places whose boards lead
        self.starts = starts  # places that may start anew
        self.rates = rates  # of each board's clock, in units a step
        self.times = times  # LEASE_MS, SETTLE_MS, HOLD_MS in units
        self.part = part  # DRIFT_PART
        self.phases = phases  # that a car may show
        self.air = air  # frames that may be under way, to each in lease_whole.py
        self.late = late  # there: answers may come after other frames


FAMILIES = (
    Family("a bus that does what it likes"),
    Family("no safe share", limit=2, safe=0),
    Family("a circuit with some to spare", limit=4),
    Family("a member starts anew", starts=(1,)),
    Family("the leader starts anew", starts=(0,)),
    Family("two leaders", leaders=(0, 1)),
    Family("two leaders, and one starts anew", leaders=(0, 1), starts=(0,)),
    Family("the leader's clock is slow", rates=(4, 5, 5), times=(10, 6, 31), part=4),
    Family("the leader's clock is fast", rates=(5, 4, 4), times=(10, 6, 31), part=4),
    Family("one clock slow and one fast", rates=(4, 5, 4), times=(10, 6, 31), part=4),
    Family("cars that come with other phases", phases=(1, ALL)),
)

SMALL = {"limit": 2, "safe": 0, "air": 1}
SLOW = {**SMALL, "times": (4, 2, 20), "part": 2}
WHOLE = (
    Family("a bus that does what it likes", air=1),
    Family("the same, two frames under way to each", **{**SMALL, "air": 2}),
    Family("answers that come late", **SMALL, late=True),
    Family("a member starts anew", **SMALL, starts=(1,)),
    Family("the leader starts anew", **SMALL, starts=(0,)),
    Family("the leader's clock runs at half the speed", **SLOW, rates=(1, 2, 2)),
    Family("the leader's clock runs at twice the speed", **SLOW, rates=(2, 1, 1)),
)

APART = {"times": (4, 2, 20), "part": 2}
TWO = (
    Family("two leaders"),
    Family("two leaders, and a member starts anew", starts=(2,)),
    Family("two leaders, and each of them starts anew", starts=(0, 1)),
    Family("two leaders, the second's clock at half the speed", **APART, rates=(2, 1, 2)),
    Family("two leaders, all of that", **APART, rates=(2, 1, 2), starts=(0, 1, 2)),
)


class Model:
    """One family's boards, brought to a stored state, moved by one action, and stored again."""

    def __init__(self, family):
        self.family = family
        lease, settle, hold = family.times
        leases.LEASE_MS, leases.SETTLE_MS, leases.HOLD_MS, leases.TICK_MS = lease, settle, hold, 1
        ledgers.LEASE_MS, ledgers.SETTLE_MS, ledgers.HOLD_MS, ledgers.TICK_MS = lease, settle, hold, 1
        ledgers.GONE_MS = lease + lease // family.part + 1 + settle
        ledgers.SURE_MS = hold - hold // family.part - ledgers.GONE_MS
        assert ledgers.SURE_MS > 0
        self.old = lease + 1  # a token of this age has run out
        ledgers.LONG_MS = ledgers.GONE_MS + 1
        self.wishes = [[family.limit if place == at else 0 for place in range(COUNT)] for at in range(COUNT)]
        self.wishes.append([family.limit // COUNT] * COUNT)
        self.limits = [family.limit] * 3
        self.leases = [Lease(family.safe) for _ in range(COUNT)]
        self.ledgers = {at: Ledger(COUNT, family.safe) for at in family.leaders}
        self.epochs = dict.fromkeys(family.leaders, 0)
        self.leading = family.leaders
        self.frames = []  # (leader's place, epoch, seq, tokens, ma, phases), oldest first
        self.late = {at: [None] * COUNT for at in family.leaders}  # answers under way
        self.offers = [[0] * (FOLLOW_STEPS + 1) for _ in range(COUNT)]  # newest first
        self.uses = [max(family.phases)] * COUNT
        for one in self.leases:
            one.clock = CLOCK

    # -- what happens

    def tick(self):
        """A step of time for all, and what is leased comes on the pilots; a leader is a member that always hears itself."""
        for place, one in enumerate(self.leases):
            one.step(self.family.rates[place])
        for at, book in self.ledgers.items():
            book.step(self.family.rates[at])
            for place in range(COUNT):
                if book.asking_ms[place] > self.family.rates[at]:
                    self.late[at][place] = None  # another question was put since
            if at in self.leading:
                self.ask(at, at, True)
        for place, one in enumerate(self.leases):
            offers = self.offers[place] = [one.bound_ma(self.uses[place]), *self.offers[place][:-1]]
            one.follow(self.family.rates[place], offers[0], any(offers))

    def ask(self, at, place, answered):
        """Leader ``at`` asks; the answer comes, or is late (then, or never)."""
        book, one = self.ledgers[at], self.leases[place]
        book.ask(place)
        self.late[at][place] = None
        if not one.ask(at + 1, self.epochs[at]):
            return
        answer = (one.clock, one.seq, one.bound_ma(0), one.most_ma(), self.uses[place])
        if answered:
            book.hear(place, *answer)
        else:
            self.late[at][place] = answer

    def answer(self, at, place):
        """The late answer comes."""
        self.ledgers[at].hear(place, *self.late[at][place])
        self.late[at][place] = None

    def grant(self, at, wish, kept):
        """Leader ``at`` sends a frame; of those under way before, ``kept`` may still come."""
        book = self.ledgers[at]
        book.grant(self.wishes[wish], book.most_phases, self.limits, self.limits)
        frame = (at, self.epochs[at], book.seq, tuple(book.token), tuple(book.ma), tuple(book.phases))
        self.frames = [*self.frames[kept : kept + self.family.air - 1], frame]
        self.deliver(len(self.frames) - 1, at)

    def deliver(self, number, place):
        """A frame arrives, perhaps again."""
        at, epoch, seq, tokens, ma, phases = self.frames[number]
        self.leases[place].take(at + 1, epoch, seq, tokens[place], ma[place], phases[place])

    def start(self, place):
        """A board starts anew: its contactor is open, and it has forgotten all."""
        self.leases[place] = one = Lease(self.family.safe)
        one.clock = CLOCK
        self.offers[place] = [0] * (FOLLOW_STEPS + 1)
        gone = (CLOCK - self.old) & WORD
        if place in self.ledgers:
            self.ledgers[place] = Ledger(COUNT, self.family.safe)
            self.epochs[place] += 1
            self.late[place] = [None] * COUNT
        for book in self.ledgers.values():
            book.token[place] = gone
        for late in self.late.values():
            late[place] = None if late[place] is None else (gone, *late[place][1:])
        self.frames = [
            (at, epoch, seq, tuple(gone if each == place else token for each, token in enumerate(tokens)), ma, phases)
            for at, epoch, seq, tokens, ma, phases in self.frames
        ]

    def plug(self, place, uses):
        """Another car: it has drawn nothing yet."""
        self.uses[place] = uses
        self.offers[place] = [0] * (FOLLOW_STEPS + 1)

    # -- all that can happen

    def actions(self):
        """Every action that is possible now."""
        found = [("tick",)]
        for at in self.family.leaders:
            for place in range(COUNT):
                if place != at:
                    found += [("ask", at, place, True), ("ask", at, place, False)]
                if self.late[at][place] is not None:
                    found.append(("answer", at, place))
            for wish in range(len(self.wishes)):
                found += [
                    ("grant", at, wish, kept) for kept in range(max(len(self.frames), 1) if self.family.air > 1 else 1)
                ]
        for number, frame in enumerate(self.frames):
            found += [("deliver", number, place) for place in range(COUNT) if place != frame[0]]
        found += [("start", place) for place in self.family.starts]
        if len(self.family.phases) > 1:
            found += [("plug", 1, uses) for uses in self.family.phases if uses != self.uses[1]]
        return found

    def over(self):
        """True when the cars may draw more than the circuit bears, on some phase."""
        for phase in range(3):
            drawn = [max(self.offers[place]) for place in range(COUNT) if self.uses[place] >> phase & 1]
            if sum(drawn) > self.family.limit:
                return True
        return False

    # -- states as tuples: counts by their order, tokens by their age

    def store(self):
        """What decides all that follows; what cannot decide anything any more is brought to one value."""
        self.forget()
        ranks = self.ranks()
        boards = []
        for place, one in enumerate(self.leases):
            at = one.leader - 1
            row = [getattr(one, name) for name in LEASE]
            row[6], row[7] = ranks.get((at, "epoch", one.epoch), 0), ranks.get((at, one.epoch, one.seq), NONE)
            boards.append((*row, self.uses[place], *self.offers[place]))
        books = []
        for at, book in self.ledgers.items():
            rows = [tuple(getattr(book, name)) for name in LISTS]
            epoch = self.epochs[at]
            rows[7] = tuple(ranks[at, epoch, each] for each in book.changed)
            rows[8] = tuple(self.age(place, token) for place, token in enumerate(book.token))
            late = tuple(
                None if each is None else (self.age(place, each[0]), ranks.get((at, epoch, each[1]), NONE), *each[2:])
                for place, each in enumerate(self.late[at])
            )
            clocks = (book.young_ms, min(book.still_ms, self.family.times[0]))
            books.append((ranks[at, "epoch", epoch], ranks[at, epoch, book.seq], clocks, late, *rows))
        frames = tuple(
            (
                at,
                ranks[at, "epoch", epoch],
                ranks[at, epoch, seq],
                tuple(map(self.age, range(COUNT), tokens)),
                ma,
                phases,
            )
            for at, epoch, seq, tokens, ma, phases in self.frames
        )
        return tuple(boards), tuple(books), frames

    def forget(self):
        """Values that nothing looks at before they are set again."""
        for one in self.leases:
            if not one.left_ms and one.ma >= one.safe_ma:
                one.ma, one.phases = one.safe_ma, ALL
        for at, book in self.ledgers.items():
            for place in range(COUNT):
                if self.late[at][place] is None:
                    book.asking_ms[place] = 0
                book.asked_ms[place] = min(book.asked_ms[place], ledgers.SURE_MS + 1)
                if not book.before_phases[place]:
                    book.before_ma[place] = 0
                if book.heard_ms[place] > ledgers.GONE_MS:
                    book.most_ma[place] = book.before_ma[place] = 0

    def age(self, place, token):
        """How old a token is; one that has run out is like any other."""
        return min((self.leases[place].clock - token) & WORD, self.old)

    def ranks(self):
        """(leader's place, epoch, seq) and (leader's place, "epoch", epoch): which of them it is, in order."""
        seqs = {}
        for at, book in self.ledgers.items():
            seqs.setdefault((at, self.epochs[at]), set()).update([book.seq, *book.changed])
            for late in self.late[at]:
                if late is not None and late[1] != NONE:
                    seqs[at, self.epochs[at]].add(late[1])
        for at, epoch, seq, *_ in self.frames:
            seqs.setdefault((at, epoch), set()).add(seq)
        for one in self.leases:
            if one.leader:
                known = seqs.setdefault((one.leader - 1, one.epoch), set())
                if one.seq != NONE:
                    known.add(one.seq)
        ranks = {}
        for at in self.family.leaders:
            for number, epoch in enumerate(sorted(epoch for each, epoch in seqs if each == at)):
                ranks[at, "epoch", epoch] = number
                for order, seq in enumerate(sorted(seqs[at, epoch])):
                    ranks[at, epoch, seq] = order
        return ranks

    def load(self, state):
        """Bring the boards to a stored state."""
        boards, books, frames = state
        for place, row in enumerate(boards):
            one = self.leases[place]
            for name, value in zip(LEASE, row, strict=False):
                setattr(one, name, value)
            one.clock, one.part_ms = CLOCK, 0
            self.uses[place] = row[len(LEASE)]
            self.offers[place] = list(row[len(LEASE) + 1 :])
        for (at, book), (epoch, seq, clocks, late, *rows) in zip(self.ledgers.items(), books, strict=True):
            self.epochs[at], book.seq, (book.young_ms, book.still_ms) = epoch, seq, clocks
            for name, values in zip(LISTS, rows, strict=True):
                getattr(book, name)[:] = values
            book.token[:] = [(CLOCK - age) & WORD for age in rows[8]]
            self.late[at] = [None if each is None else ((CLOCK - each[0]) & WORD, *each[1:]) for each in late]
        self.frames = [
            (at, epoch, seq, tuple((CLOCK - age) & WORD for age in ages), ma, phases)
            for at, epoch, seq, ages, ma, phases in frames
        ]

    # -- liveness

    def starved(self):
        """The first place that gets no more than its safe share from here, though all is well and the law favours it; or -1."""
        family = self.family
        rounds = 3 * family.times[2] + 3 * family.times[0]
        at = family.leaders[0]
        self.leading = (at,)  # of two the lower address goes on
        self.frames = []
        for wish in range(COUNT):
            for _ in range(rounds):
                for place in range(COUNT):
                    if place != at:
                        self.ask(at, place, True)
                self.grant(at, wish, 9)
                for place in range(COUNT):
                    self.deliver(0, place)
                self.tick()
                if self.offers[wish][0] > family.safe:
                    break
            else:
                self.leading = family.leaders
                return wish
        self.leading = family.leaders
        return -1


def explore(family, share=None, patience=50):
    """Returns (states, transitions, closed, trouble): a family's states; each ``patience``-th is looked at for who starves."""
    model = Model(family)
    first = model.store()
    seen = {digest(first)}
    came = [(0, ("power on",))]  # of each state in the order in which they were met: from which, and by what
    todo = deque([(0, first)])
    transitions = 0
    while todo:
        number, state = todo.popleft()
        model.load(state)
        for action in model.actions():
            model.load(state)
            getattr(model, action[0])(*action[1:])
            transitions += 1
            reached = model.store()
            key = digest(reached)
            if key in seen:
                continue
            seen.add(key)
            came.append((number, action))
            if model.over():
                return len(came), transitions, False, "over: " + story(came)
            if len(came) % patience == 0:
                starved = model.starved()
                if starved >= 0:
                    return len(came), transitions, False, "starved: charger %d after " % starved + story(came)
            todo.append((len(came) - 1, reached))
        if share is not None and len(came) >= share:
            return len(came), transitions, False, ""
    return len(came), transitions, True, ""


def digest(state):
    """A state in 16 bytes."""
    return blake2b(marshal.dumps(state), digest_size=16).digest()


def story(came):
    """The actions that lead to the last state."""
    told = []
    number = len(came) - 1
    while number:
        number, action = came[number]
        told.append(" ".join(str(word) for word in action))
    return ", ".join(reversed(told))


def walk(family, seed, steps):
    """A walk at random, longer than any state is deep: returns (actions made, trouble)."""
    model = Model(family)
    random = Random(seed)
    told = []
    for number in range(steps):
        actions = model.actions()
        action = ("tick",) if random.random() < 0.2 else random.choice(actions)
        getattr(model, action[0])(*action[1:])
        told.append(" ".join(str(word) for word in action))
        if model.over():
            return number + 1, "over: " + ", ".join(told)
    state = model.store()
    model.load(state)
    starved = model.starved()
    return steps, "" if starved < 0 else "starved: charger %d after " % starved + ", ".join(told)


def from_arrival(self, leader, epoch, seq, token, ma, phases):
    """Lease.take, but the lease runs from the frame's arrival."""
    return taken(self, leader, epoch, seq, self.clock, ma, phases)


def unproven(self, place, phase):
    """Ledger.could_ma, but what was taken from a member counts as given back at once."""
    return self.then_could_ma(place, phase)


def unpledged(self, leader, epoch):
    """Lease.ask, but whoever asks is answered."""
    self.held_ms = 0 if leader != self.leader else self.held_ms
    return asked(self, leader, epoch)


def unsafe_start(self, safe_ma, salt=0):
    """Lease(), but the safe share is taken at once."""
    made(self, safe_ma, salt)
    self.held_ms = 0
    self.ma = safe_ma


def trusting(self, place, phase):
    """Ledger.then_could_ma, but a member that is leased less than its safe share is believed to keep to it for ever."""
    return self.ma[place] if self.phases[place] >> phase & 1 else 0


def believing(self, place, token, seq, bound_ma, most_ma, phases):
    """Ledger.hear, but who took less once is believed to have it still, back from a long silence."""
    heard(self, place, token, seq, bound_ma, most_ma, phases)
    self.proven[place] = seq != leases.NONE and not leases.newer(self.changed[place], seq)


taken, asked, made, heard = Lease.take, Lease.ask, Lease.__init__, Ledger.hear
# name: (class, method, in its place, family in which it shows)
BREAKS = {
    "from-arrival": (Lease, "take", from_arrival, "a bus that does what it likes"),
    "unproven": (Ledger, "could_ma", unproven, "a bus that does what it likes"),
    "trusting": (Ledger, "then_could_ma", trusting, "a bus that does what it likes"),
    "unpledged": (Lease, "ask", unpledged, "two leaders"),
    "unsafe-start": (Lease, "__init__", unsafe_start, "a member starts anew"),
    "believing": (Ledger, "hear", believing, None),
}
DEEP = ("believing",)  # no walk finds this: WHOLE[0] does


WALKS, STEPS = 400, 250
STATES = 100000


def prove(family, states, walks):
    """One family: as far as a share of its states goes, and walks beyond; returns (states, transitions, closed, trouble)."""
    found, transitions, closed, trouble = explore(family, states)
    for seed in range(walks):
        if trouble:
            break
        made, trouble = walk(family, seed, STEPS)
        transitions += made
    return found, transitions, closed, trouble


@contextmanager
def planted(name):
    """The protocol is broken for a while."""
    owner, method, instead, _ = BREAKS[name]
    whole = getattr(owner, method)
    setattr(owner, method, instead)
    try:
        yield
    finally:
        setattr(owner, method, whole)


def broken(name, walks=5000):
    """Breaks the protocol on purpose; returns what walks find, or the look at every state; empty when nothing is."""
    if name in DEEP:
        with planted(name):
            return Whole(WHOLE[0]).explore()[3]
    family = next(each for each in FAMILIES if each.name == BREAKS[name][3])
    with planted(name):
        for seed in range(walks):
            trouble = walk(family, seed, STEPS)[1]
            if trouble:
                return trouble
    return ""


def main(arguments):
    """Returns the exit status."""
    share = int(arguments[arguments.index("--share") + 1]) if "--share" in arguments else STATES
    walks = max(share * WALKS // STATES, 20)
    began = time.monotonic()
    states = transitions = troubles = 0
    print("| every state of | states | transitions | whole | found |\n| --- | --- | --- | --- | --- |")
    for look, family in [(Whole, each) for each in WHOLE] + [(Two, each) for each in TWO]:
        row = look(family).explore(None if share >= STATES else share)
        states, transitions, troubles = states + row[0], transitions + row[1], troubles + bool(row[3])
        told = "yes" if row[2] else "no"
        print("| %s | %d | %d | %s | %s |" % (family.name, *row[:2], told, row[3] or "nothing"), flush=True)
    print("\n%d states, %d transitions\n" % (states, transitions))
    states = transitions = 0
    print("| a share of | states | transitions | whole | found |\n| --- | --- | --- | --- | --- |")
    for family in FAMILIES:
        found, made, closed, trouble = prove(family, share, walks)
        states, transitions, troubles = states + found, transitions + made, troubles + bool(trouble)
        row = (family.name, found, made, "yes" if closed else "no", trouble or "nothing")
        print("| %s | %d | %d | %s | %s |" % row, flush=True)
    print("\n%d states, %d transitions, %d troubles" % (states, transitions, troubles))
    for name in BREAKS:
        if name in DEEP and share < STATES:
            continue
        trouble = broken(name)
        troubles += not trouble
        print("broken on purpose, %s: %s" % (name, trouble.partition(":")[0] + " found" if trouble else "NOT FOUND"))
    print("assumed:")
    for what, why, where in ASSUMED:
        print("- %s: %s (%s)" % (what, why, where))
    print("%.0f s" % (time.monotonic() - began))
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
