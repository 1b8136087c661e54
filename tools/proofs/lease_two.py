"""The proof's half about two leaders, to the end: of three chargers, two lead at once, by mistake or after a cut bus.

What two leaders lease cannot be counted together by either: each counts who does not answer it with its safe share. So all hangs
on this, and it is looked at in every state:

- mixed: a lease of one leader's is in force at one charger, or its car still follows it, and one of the other's at another
  charger. (In force: more than the safe share. A leader that does not lead more than half leases no more than that.)
- carried: a charger answers a leader while what the other leased it, or what its car still draws by that, is in force.

Where neither can be, what is in force is one leader's, all others are at their safe shares at most, as that leader counts them;
and that one leader keeps the circuit is what lease_whole.py looks at.

What is left out is left to chance, so that more can be in here than in truth: a leader that may lease does, to whom it likes, at
any time; a frame that is under way may come again and again, in any order; how long a leader has led does not count. The
firmware's own lease runs, and its ledger decides who is fresh and who leads. Members meet only there: so each is explored alone,
states that behave alike are made one (bisimulation), and then the three together.
"""

from collections import defaultdict

from headroom.guard import ledger as ledgers
from headroom.guard.lease import ALL, NONE, WORD, Lease
from headroom.guard.ledger import Ledger
from lease_whole import CLOCK, COUNT, shrink

LEADERS = (1, 2)  # boards 0 and 1, by the number in their frames
GONE = 0x4000  # a token's age that has run out
MORE = 1  # the safe share is 0


class Member:
    """The charger at ``place``, and its row in both ledgers. States are numbers in ``states``."""

    def __init__(self, family, place):
        self.family = family
        self.place = place
        self.rate = family.rates[place]
        self.numbers, self.states = {}, []
        self.carried = False
        self.begin()
        self.first = self.put()

    def begin(self):
        """A cold start."""
        self._forget_lease()
        self.fresh_for = dict.fromkeys(LEADERS, ledgers.SURE_MS + 1)  # since the question that it answered last
        self.token = dict.fromkeys(LEADERS, GONE)  # how old the one is that the leader knows
        self.air = {
            each: [GONE, GONE] for each in LEADERS
        }  # of the youngest frame under way: this start's, and those before

    def _forget_lease(self):
        self.lease = Lease(0)
        self.lease.clock = CLOCK
        self.offers = (0, 0)  # whose lease was in force in the last steps

    def _old(self, age):
        return min(age, ledgers.LEASE_MS + 1)

    def put(self):
        """The number of the state that was reached."""
        lease = self.lease
        if not lease.left_ms:
            lease.ma = 0
        row = (lease.leader, lease.epoch, lease.held_ms, lease.left_ms, lease.ma)
        rows = tuple(
            (
                min(self.fresh_for[each], ledgers.SURE_MS + 1),
                self._old(self.token[each]),
                *(self._old(age) for age in self.air[each]),
            )
            for each in LEADERS
        )
        state = (row, rows, self.offers)
        number = self.numbers.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
        return number

    def get(self, number):
        """Bring it to a state."""
        row, rows, self.offers = self.states[number]
        lease = self.lease
        lease.leader, lease.epoch, lease.held_ms, lease.left_ms, lease.ma = row
        lease.phases, lease.seq, lease.clock, lease.part_ms = ALL, NONE, CLOCK, 0
        for each, (fresh, token, now, before) in zip(LEADERS, rows, strict=True):
            self.fresh_for[each], self.token[each], self.air[each] = fresh, token, [now, before]

    def force(self):
        """The leaders whose leases are in force here, or are still followed."""
        now = self.lease.leader if self.lease.bound_ma(0) else 0
        return frozenset({now, *self.offers} - {0})

    # -- what happens; an epoch is 1 for a leader's present start, and 0 for those before

    def ask(self, leader, heard):
        """A leader asks; its answer is heard, or lost."""
        lease, force = self.lease, self.force()
        if lease.leader == leader and not lease.epoch:
            lease.ask(leader, 1)  # a newer start of the board that it answers
        elif not lease.ask(leader, 1):
            return
        self.carried = self.carried or bool(force - {leader})
        if heard:
            book = Ledger(1, 0)
            book.ask(0)
            book.hear(0, lease.clock, NONE, 0, 0, ALL)
            self.fresh_for[leader] = book.asked_ms[0]
            self.token[leader] = (lease.clock - book.token[0]) & WORD

    def send(self, leader):
        """A leader that leads leases this one more than its safe share."""
        self.air[leader][0] = min(self.air[leader][0], self.token[leader])
        if leader == self.place + 1:
            self.take(leader, 1)

    def take(self, leader, epoch):
        """A frame that is under way comes."""
        age = self.air[leader][1 - epoch]
        self.lease.seq = NONE
        self.lease.take(leader, epoch, 1, (CLOCK - age) & WORD, MORE, ALL)

    def tick(self, leads):
        """A step of time; a board that ``leads`` is a member that it always hears, one that stepped down is as any other."""
        rate = self.rate
        self.lease.step(rate)
        for each in LEADERS:
            self.fresh_for[each] += self.family.rates[each - 1]
            self.token[each] += rate
            self.air[each] = [age + rate for age in self.air[each]]
        self.lease.clock = CLOCK
        if leads:
            self.ask(self.place + 1, True)
        self.offers = (self.lease.leader if self.lease.bound_ma(0) else 0, self.offers[0])

    def start(self):
        """It starts anew: nothing is in force, and no token of before is any of its own."""
        self._forget_lease()
        for each in LEADERS:
            self.token[each] = GONE
            self.air[each] = [GONE, GONE]

    def leader_starts(self, leader):
        """A leader has started anew, its charger with it, and knows nobody."""
        if leader == self.place + 1:
            self.start()
        self.fresh_for[leader] = ledgers.SURE_MS + 1
        self.token[leader] = GONE
        self.air[leader] = [GONE, min(self.air[leader])]
        if self.lease.leader == leader:
            self.lease.epoch = 0

    # -- all that may follow

    def alone(self):
        """What may happen here without time and without a leader's frame."""
        for leader in LEADERS:
            if leader != self.place + 1:
                yield from ((self.ask, leader, heard) for heard in (True, False))
            yield from (
                (self.take, leader, epoch) for epoch in (1, 0) if self.air[leader][1 - epoch] <= ledgers.LEASE_MS
            )
        if self.place in self.family.starts and self.place + 1 not in LEADERS:
            yield (self.start,)

    def labels(self):
        """What happens here together with the others, or where a leader leads."""
        yield "tick", (self.tick, False)
        if self.place + 1 in LEADERS:
            yield "tick", (self.tick, True)
        for leader in LEADERS:
            yield ("send", leader), (self.send, leader)
            if leader - 1 in self.family.starts:
                yield ("start", leader), (self.leader_starts, leader)


class Nodes:
    """A member's states, those that behave alike made one: ``next[node][label]``, a set of nodes."""

    def __init__(self, member):
        edges = self._explore(member)
        signs = []
        for number in range(len(member.states)):
            member.get(number)
            book = Ledger(1, 0)
            fresh = []
            for each in LEADERS:
                book.asked_ms[0] = member.fresh_for[each]
                fresh.append(book.fresh(0))
            signs.append((*fresh, member.force()))
        blocks = refined(signs, edges)
        self.count = max(blocks) + 1
        self.first = blocks[member.first]
        self.fresh, self.force = [()] * self.count, [frozenset()] * self.count
        self.next = [{} for _ in range(self.count)]
        for number, block in enumerate(blocks):
            self.fresh[block], self.force[block] = signs[number][:2], signs[number][2]
            for label, reached in edges[number].items():
                self.next[block].setdefault(label, set()).update(blocks[each] for each in reached)
        for block, out in enumerate(self.next):
            out.setdefault("alone", set()).discard(block)

    def _explore(self, member):
        edges, number = [], 0
        while number < len(member.states):
            out = defaultdict(set)
            member.get(number)
            for act, *how in list(member.alone()):
                member.get(number)
                act(*how)
                out["alone"].add(member.put())
            for label, (act, *how) in list(member.labels()):
                member.get(number)
                act(*how)
                out[label].add(member.put())
            edges.append(out)
            number += 1
        return edges


def refined(signs, edges):
    """The coarsest classes of states that have the same sign, and of which the same labels lead to the same classes."""
    numbers = {}
    blocks = [numbers.setdefault(sign, len(numbers)) for sign in signs]
    while True:
        found = {}
        after = [
            found.setdefault(
                (blocks[at], frozenset((label, blocks[each]) for label, reached in out.items() for each in reached)),
                len(found),
            )
            for at, out in enumerate(edges)
        ]
        if len(found) == len(set(blocks)):
            return after
        blocks = after


class Two:
    """Three chargers, two of which lead. ``family``: times, rates, and what may start anew."""

    def __init__(self, family):
        shrink(family.times, family.part)
        self.family = family
        members = [Member(family, place) for place in range(COUNT)]
        self.nodes = [Nodes(member) for member in members]
        self.carried = any(member.carried for member in members)
        self.alone = sum(len(member.states) for member in members)
        self.leading = {}

    def leads(self, fresh):
        """The firmware's own answer, for who is fresh."""
        if fresh not in self.leading:
            book = Ledger(COUNT, 0)
            book.asked_ms = [ledgers.SURE_MS if each else ledgers.SURE_MS + 1 for each in fresh]
            self.leading[fresh] = book.leads()
        return self.leading[fresh]

    def follow(self, state):
        """All states that may come next."""
        own = [nodes.next[at] for nodes, at in zip(self.nodes, state, strict=True)]
        a, b, c = state
        yield from ((x, b, c) for x in own[0]["alone"])
        yield from ((a, x, c) for x in own[1]["alone"])
        yield from ((a, b, x) for x in own[2]["alone"])
        together = ["tick", *(("start", leader) for leader in LEADERS if leader - 1 in self.family.starts)]
        for label in together:
            yield from ((x, y, z) for x in own[0][label] for y in own[1][label] for z in own[2][label])
        for leader in LEADERS:
            if self.leads(tuple(nodes.fresh[at][leader - 1] for nodes, at in zip(self.nodes, state, strict=True))):
                label = ("send", leader)
                yield from ((x, b, c) for x in own[0][label])
                yield from ((a, x, c) for x in own[1][label])
                yield from ((a, b, x) for x in own[2][label])

    def mixed(self, state):
        """True when leases of both are in force, at different chargers."""
        forces = [nodes.force[at] for nodes, at in zip(self.nodes, state, strict=True)]
        return any(
            1 in forces[one] and 2 in forces[other] for one in range(COUNT) for other in range(COUNT) if one != other
        )

    def explore(self, most=None):
        """Returns (states, transitions, closed, trouble)."""
        if self.carried:
            return self.alone, 0, False, "carried: a charger answers another leader with a lease in force"
        first = tuple(nodes.first for nodes in self.nodes)
        seen, todo, transitions, leased = {first}, [first], 0, set()
        while todo:
            if most is not None and len(seen) > most:
                return len(seen), transitions, False, ""
            state = todo.pop()
            for reached in self.follow(state):
                transitions += 1
                if reached in seen:
                    continue
                if self.mixed(reached):
                    return len(seen), transitions, False, "mixed: leases of two leaders are in force at once"
                seen.add(reached)
                todo.append(reached)
                leased.update(*(nodes.force[at] for nodes, at in zip(self.nodes, reached, strict=True)))
        idle = [leader for leader in LEADERS if leader not in leased]
        return len(seen), transitions, True, "starved: leader %d never leases anything" % idle[0] if idle else ""
