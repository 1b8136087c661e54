"""The proof's exhaustive half: every state that three chargers of a group can reach, in a product of pieces.

A *piece* is one member: its lease, its row of the leader's ledger, and what is under way between the two. Members meet nowhere
but in ``Ledger.grant``; so the whole is three pieces and the leader's two clocks. It is explored in two steps, both to the end:

1. Each piece, with whatever a grant could make of its row while the others are what they like. States that look the same to
   the ledger, and that may draw the same in each of the next HORIZON steps unless more is granted, are one *node*. Nothing is
   lost by that, and states that cannot be are added: an alarm may be one of them, no alarm is none.
2. The product of nodes, with the real grant for each wish of the law's.

Beside the sum (``over``) it is proven that nobody starves: from every state of a piece, hence from every state of the whole, a
law that takes all back over a bus that delivers comes to one and the same state; and from there each car gets more than its
safe share when the law wishes that.

The followers are alike, so two of them that changed places are one state. The firmware's own lease and ledger run.
"""

from headroom.guard import lease as leases
from headroom.guard import ledger as ledgers
from headroom.guard.lease import ALL, NONE, WORD, Lease
from headroom.guard.ledger import Ledger

COUNT = 3
CLOCK = 0x8000  # every clock in a stored state: what counts is how old a token is
HORIZON = 9
ROUNDS = 4  # of HOLD_MS, until all has come to rest
LEASE = ("ma", "phases", "left_ms", "held_ms", "leader", "epoch", "seq", "drawn_ma", "last_ma", "settle_ms")
VIEW = ("ma", "phases", "proven", "before_ma", "before_phases", "most_ma", "most_phases")
ROW = (*VIEW, "asking_ms", "asked_ms", "heard_ms")
GROUPS = (0, 1)  # L1; L2 and L3, which are alike here


def shrink(times, part):
    """Give lease and ledger the times of a family: LEASE_MS, SETTLE_MS, HOLD_MS in steps, DRIFT_PART."""
    lease, settle, hold = times
    for module in (leases, ledgers):
        module.LEASE_MS, module.SETTLE_MS, module.HOLD_MS, module.TICK_MS = lease, settle, hold, 1
    ledgers.GONE_MS = lease + lease // part + 1 + settle
    ledgers.SURE_MS = hold - hold // part - ledgers.GONE_MS
    assert ledgers.SURE_MS > 0
    ledgers.LONG_MS = ledgers.GONE_MS + 2  # silent for GONE_MS + 1: for any time up to a long one


class Piece:
    """One member; ``own``: the leader's own charger, which always hears. States are numbers in ``states``."""

    def __init__(self, family, own):
        self.family = family
        self.own = own
        self.rate, self.leaders_rate = family.rates[0 if own else 1], family.rates[0]
        self.numbers, self.states, self.known = {}, [], {}
        self.uses, self.offers, self.air, self.late, self.epoch = max(family.phases), (0, 0), (), None, 0
        self._forget_lease()
        self._forget_row()
        self.first = self.put()

    def _forget_lease(self):
        self.lease = Lease(self.family.safe)
        self.lease.clock = CLOCK
        self.offers = (0, 0)

    def _forget_row(self):
        self.book = Ledger(1, self.family.safe)
        self.book.token[0] = CLOCK - ledgers.LEASE_MS - 1
        self.late = None

    # -- states

    def put(self):
        """The number of the state that was reached; what cannot decide anything any more is brought to one value."""
        lease, book = self.lease, self.book
        if not lease.left_ms and lease.ma >= lease.safe_ma:
            lease.ma, lease.phases = lease.safe_ma, ALL
        self.air = tuple(frame for frame in self.air if self._counts(frame))
        if self.late is None:
            book.asking_ms[0] = 0
        if not book.before_phases[0]:
            book.before_ma[0] = 0
        if book.heard_ms[0] > ledgers.GONE_MS:
            book.most_ma[0] = book.before_ma[0] = book.before_phases[0] = 0
        book.asked_ms[0] = min(book.asked_ms[0], ledgers.SURE_MS + 1)
        rank = self._ranks()
        row = [getattr(lease, name) for name in LEASE]
        row[5] = int(bool(lease.leader) and lease.epoch == self.epoch)
        row[6] = rank.get((lease.epoch, lease.seq), NONE) if lease.leader else NONE
        late = self.late and (self._age(self.late[0]), rank.get((self.epoch, self.late[1]), NONE), *self.late[2:])
        state = (
            tuple(row),
            tuple(getattr(book, name)[0] for name in ROW),
            (rank[self.epoch, book.seq], rank[self.epoch, book.changed[0]], self._age(book.token[0])),
            tuple((int(epoch == self.epoch), rank[epoch, seq], self._age(token), *rest) for epoch, seq, token, *rest in self.air),
            late,
            self.uses,
            self.offers,
        )  # fmt: skip
        number = self.numbers.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
        return number

    def get(self, number):
        """Bring lease and ledger to a state."""
        lease, book = self.lease, self.book
        row, listed, (book.seq, book.changed[0], age), air, late, self.uses, self.offers = self.states[number]
        for name, value in zip(LEASE, row, strict=True):
            setattr(lease, name, value)
        for name, value in zip(ROW, listed, strict=True):
            getattr(book, name)[0] = value
        lease.clock, lease.part_ms, self.epoch = CLOCK, 0, 1
        book.token[0] = CLOCK - age
        self.air = tuple((epoch, seq, CLOCK - old, *rest) for epoch, seq, old, *rest in air)
        self.late = late and (CLOCK - late[0], *late[1:])

    def _age(self, token):
        return min((self.lease.clock - token) & WORD, ledgers.LEASE_MS + 1)

    def _counts(self, frame):
        """False for a frame that would be refused whenever it came."""
        lease = self.lease
        if lease.leader and frame[0] == lease.epoch:
            return leases.newer(frame[1], lease.seq)
        return frame[0] == self.epoch

    def _ranks(self):
        """Of each (epoch, frame's count) its place among all that are remembered."""
        book, lease = self.book, self.lease
        known = {(self.epoch, book.seq), (self.epoch, book.changed[0])} | {frame[:2] for frame in self.air}
        if self.late:
            known.add((self.epoch, self.late[1]))
        if lease.leader:
            known.add((lease.epoch, lease.seq))
        ranks = {}
        for current in (True, False):
            seqs = {seq for epoch, seq in known if (epoch == self.epoch) == current and seq != NONE}
            for place, seq in enumerate(sorted(seqs)):
                ranks.update(
                    {(epoch, seq): place for epoch, each in known if each == seq and (epoch == self.epoch) == current}
                )
        return ranks

    # -- what happens

    def ask(self, answered=True):
        """The leader asks; the answer comes, or is under way."""
        lease = self.lease
        self.book.ask(0)
        self.late = None
        if not lease.ask(1, self.epoch):
            return
        answer = (lease.clock, lease.seq, lease.bound_ma(0), lease.most_ma(), self.uses)
        if answered:
            self.book.hear(0, *answer)
        else:
            self.late = answer

    def answer(self):
        """The answer that was under way comes."""
        self.book.hear(0, *self.late)
        self.late = None

    def take(self, number):
        """A frame that is under way arrives; the same may come again, and is refused."""
        self.lease.take(1, *self.air[number])

    def forgotten(self):
        """The silence has been a long one."""
        self.book.heard_ms[0] = ledgers.LONG_MS

    def start(self):
        """The member starts anew: its contactor is open, and it has forgotten all."""
        gone = CLOCK - ledgers.LEASE_MS - 1
        self._forget_lease()
        self.book.token[0] = gone
        self.late = self.late and (gone, *self.late[1:])
        self.air = tuple((epoch, seq, gone, *rest) for epoch, seq, _, *rest in self.air)

    def plug(self, uses):
        """Another car."""
        self.uses = uses
        self.offers = (0, 0)

    def tick(self):
        """A step of time; another question is put in each, so an answer does not stay under way."""
        lease, book = self.lease, self.book
        never = book.heard_ms[0] == ledgers.LONG_MS
        lease.step(self.rate)
        book.step(self.leaders_rate)
        if not never:
            book.heard_ms[0] = min(book.heard_ms[0], ledgers.GONE_MS + 1)
        self.late = None
        if self.own:
            self.ask()
        self.offers = (lease.bound_ma(self.uses), self.offers[0])
        lease.follow(self.rate, self.offers[0], any(self.offers))

    def frame(self, result, lost=None, taken=False):
        """The row is what a grant made of it, and the frame that says so is under way; ``lost``: one that was there before."""
        book = self.book
        book.seq += 1
        book.ma[0], book.phases[0], book.proven[0], book.before_ma[0], book.before_phases[0], changed = result
        if changed:
            book.changed[0] = book.seq
        one = (self.epoch, book.seq, book.token[0], book.ma[0], book.phases[0])
        if taken or self.own:
            self.lease.take(1, *one)
        elif lost != len(self.air):
            self.air = (*self.air[:lost], *self.air[lost + 1 :], one) if lost is not None else (*self.air, one)

    # -- from a number to numbers

    def after(self, number, act, *how):
        """The state that ``act`` leads to."""
        self.get(number)
        act(*how)
        return self.put()

    def _once(self, key, find):
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = find()
        return found

    def ticked(self, number):
        """After a step of time."""
        return self._once(("tick", number), lambda: self.after(number, self.tick))

    def alone(self, number):
        """All that may follow without the leader's frames and without time."""
        return self._once(("alone", number), lambda: self._alone(number))

    def _alone(self, number):
        family, state = self.family, self.states[number]
        found = set()
        if not self.own:
            found.add(self.after(number, self.ask))
            if family.late:
                found.add(self.after(number, self.ask, False))
            if state[4] is not None:
                found.add(self.after(number, self.answer))
            found |= {self.after(number, self.take, frame) for frame in range(len(state[3]))}
            if state[1][ROW.index("heard_ms")] == ledgers.GONE_MS + 1:
                found.add(self.after(number, self.forgotten))
            if 1 in family.starts:
                found.add(self.after(number, self.start))
            found |= {self.after(number, self.plug, uses) for uses in family.phases if uses != state[5]}
        return tuple(found - {number})

    def granted(self, number, result):
        """After a grant that made ``result`` of its row; where too many frames are under way, any of them is lost or taken."""
        return self._once(("grant", number, result), lambda: self._granted(number, result))

    def _granted(self, number, result):
        under_way = len(self.states[number][3])
        if self.own or under_way < self.family.air:
            return (self.after(number, self.frame, result),)
        found = {self.after(number, self.frame, result, lost) for lost in range(under_way + 1)}
        return tuple(found | {self.after(number, self.frame, result, None, True)})

    def restarted(self, number):
        """After the leader has started anew."""
        return self._once(("restart", number), lambda: self.after(number, self._leader_starts))

    def _leader_starts(self):
        self.epoch += 1
        self._forget_row()
        if self.own:
            self._forget_lease()

    def view(self, number):
        """What the ledger looks at in a grant."""
        row = self.states[number][1]
        stale = row[-2] > ledgers.SURE_MS
        silent = row[-1] > ledgers.GONE_MS
        return (*row[: len(VIEW)], (ledgers.SURE_MS + 1) * stale, ledgers.LONG_MS * silent)

    def draws(self, number):
        """The most that the car may draw now, on each group of phases: what its lease allows, or did so lately."""
        return self._once(("draws", number), lambda: self._draws(number))

    def _draws(self, number):
        self.get(number)
        most = max(*self.offers, self.lease.bound_ma(self.uses))
        return (most if self.uses & 1 else 0, most if self.uses & ~1 else 0)


def set_row(book, place, view):
    """Bring a ledger's row to what a view says."""
    for name, value in zip((*VIEW, "asked_ms", "heard_ms"), view, strict=True):
        getattr(book, name)[place] = value
    book.changed[place] = 0


def result_of(book, place):
    """What a grant made of a row."""
    names = ("ma", "phases", "proven", "before_ma", "before_phases")
    return (*(getattr(book, name)[place] for name in names), book.changed[place] == book.seq)


class Nodes:
    """A piece's states, all that can be, by (view, draws in the steps to come)."""

    def __init__(self, piece, limit):
        self.piece = piece
        self.limit = limit
        self.book = Ledger(1, piece.family.safe)
        self.book.seq = 1
        self.results, self.curves, self.near = {}, {}, {}
        edges = self._explore()
        numbers = {}
        node = {
            state: numbers.setdefault((piece.view(state), self._curve(state, HORIZON)), len(numbers)) for state in edges
        }
        self.views = [view for view, _ in numbers]
        self.draws = [curve[0] for _, curve in numbers]
        self.next = [{} for _ in numbers]
        for state, out in edges.items():
            for label, reached in out:
                self.next[node[state]].setdefault(label, set()).add(node[reached])
        for at, out in enumerate(self.next):
            out.setdefault("alone", set()).discard(at)
        self.first = node[piece.first]
        self.all = edges

    def _explore(self):
        piece, edges, todo = self.piece, {}, [self.piece.first]
        while todo:
            state = todo.pop()
            if state in edges:
                continue
            out = [("tick", piece.ticked(state))] + [("alone", reached) for reached in piece.alone(state)]
            if 0 in piece.family.starts:
                out.append(("start", piece.restarted(state)))
            for result in self._results(piece.view(state)):
                out += [(result, reached) for reached in piece.granted(state, result)]
            edges[state] = out
            todo += [reached for _, reached in out if reached not in edges]
        return edges

    def _results(self, view):
        """All that a grant may make of a row, whatever the others are: first less, then more, where its word is fresh."""
        found = self.results.get(view)
        if found is None:
            found, book = set(), self.book
            kept, wish = view[1] & view[6], view[6]
            for low in range(view[0] + 1):
                for ma in range(self.limit + 1):
                    for phases in {kept, wish}:
                        set_row(book, 0, view)
                        book._lease(0, low, kept)
                        if ma < low or (book.fresh(0) and (ma > low or phases != kept)):
                            book._lease(0, ma, phases if ma >= low else kept)
                        found.add(result_of(book, 0))
            self.results[view] = found
        return found

    def _near(self, state):
        """What may be before the next step, without a grant."""
        found = self.near.get(state)
        if found is None:
            found, todo = {state}, [state]
            while todo:
                more = set(self.piece.alone(todo.pop())) - found
                found |= more
                todo += more
            self.near[state] = found
        return found

    def _curve(self, state, steps):
        found = self.curves.get((state, steps))
        if found is None:
            near = self._near(state)
            now = tuple(max(self.piece.draws(each)[group] for each in near) for group in GROUPS)
            if not steps:
                found = (now,)
            else:
                later = [self._curve(each, steps - 1) for each in {self.piece.ticked(each) for each in near}]
                found = (
                    now,
                    *(tuple(max(column) for column in zip(*at, strict=True)) for at in zip(*later, strict=True)),
                )
            self.curves[state, steps] = found
        return found


class Whole:
    """Three chargers: two kinds of nodes, the leader's clocks, and the real grant."""

    def __init__(self, family):
        shrink(family.times, family.part)
        self.family = family
        self.own = Nodes(Piece(family, True), family.limit)
        self.other = Nodes(Piece(family, False), family.limit)
        self.book = Ledger(COUNT, family.safe)
        self.wishes = [tuple(family.limit if each == place else 0 for each in range(COUNT)) for place in range(COUNT)]
        self.wishes.append((family.limit // COUNT,) * COUNT)
        self.grants = {}
        self.single = Ledger(1, family.safe)

    def grant(self, views, young, still, wish):
        """What the ledger makes of three rows."""
        key = (views, young, still, wish)
        found = self.grants.get(key)
        if found is None:
            book = self.book
            book.seq, book.young_ms, book.still_ms = (
                0,
                0 if young else ledgers.GONE_MS,
                ledgers.LEASE_MS if still else 0,
            )
            for place, view in enumerate(views):
                set_row(book, place, view)
            book.grant(list(wish), list(book.most_phases), *[[self.family.limit] * 3] * 2)
            found = self.grants[key] = tuple(result_of(book, place) for place in range(COUNT))
        return found

    def over(self, a, b, c):
        """True when the cars may draw more than the circuit bears."""
        draws = (self.own.draws[a], self.other.draws[b], self.other.draws[c])
        return any(sum(each[group] for each in draws) > self.family.limit for group in GROUPS)

    def follow(self, state):
        """All states that may come next."""
        young_ms, still_ms, a, b, c = state
        own, second, third = self.own.next[a], self.other.next[b], self.other.next[c]
        rate = self.family.rates[0]
        clocks = (min(young_ms + rate, ledgers.GONE_MS), min(still_ms + rate, ledgers.LEASE_MS))
        yield from ((*clocks, *each) for each in product(own, second, third, ("tick",) * COUNT))
        for reached in own["alone"]:
            yield young_ms, still_ms, reached, b, c
        for reached in second["alone"]:
            yield young_ms, still_ms, a, reached, c
        for reached in third["alone"]:
            yield young_ms, still_ms, a, b, reached
        views = (self.own.views[a], self.other.views[b], self.other.views[c])
        for wish in self.wishes:
            made = self.grant(views, young_ms < ledgers.GONE_MS, still_ms >= ledgers.LEASE_MS, wish)
            yield from ((young_ms, 0, *each) for each in product(own, second, third, made))
        if 0 in self.family.starts:
            yield from ((0, 0, *each) for each in product(own, second, third, ("start",) * COUNT))

    def explore(self, most=None):
        """Returns (states, transitions, closed, trouble)."""
        first = (0, 0, self.own.first, self.other.first, self.other.first)
        seen, todo = {first}, [first]
        transitions = 0
        while todo:
            if most is not None and len(seen) > most:
                return len(seen), transitions, False, ""
            later = []
            for state in todo:
                for reached in self.follow(state):
                    transitions += 1
                    young_ms, still_ms, a, b, c = reached
                    if b > c:
                        reached = (young_ms, still_ms, a, c, b)
                    if reached not in seen:
                        if self.over(a, b, c):
                            return len(seen), transitions, False, "over: the sum is beyond the circuit"
                        seen.add(reached)
                        later.append(reached)
            todo = later
        return len(seen), transitions, True, self.starved()

    # -- nobody starves

    def starved(self):
        """From every state of every piece a law that takes all back comes to rest; and who is favoured then gets its lease."""
        rest = []
        for nodes in (self.own, self.other):
            found = {self._rested(nodes.piece, state) for state in list(nodes.all)}
            if len(found) != 1:
                return "starved: %d ends where there should be one" % len(found)
            rest.append(found.pop())
        for place in range(COUNT):
            if not self._served([rest[0], rest[1], rest[1]], self.wishes[place], place):
                return "starved: charger %d" % place
        return ""

    def _rested(self, piece, state):
        known = piece.known
        way = []
        for _ in range(ROUNDS * leases.HOLD_MS):
            if ("rest", state) in known:
                break
            way.append(state)
            if not piece.own:
                state = piece.after(state, piece.ask)
            made = self._taken_back(piece.view(state))
            state = piece.ticked(piece.after(state, piece.frame, made, None, True))
        end = known.get(("rest", state), state)
        for each in way:
            known["rest", each] = end
        return end

    def _taken_back(self, view):
        book = self.single
        set_row(book, 0, view)
        book.seq, book.young_ms, book.still_ms = 0, ledgers.GONE_MS, 0
        book.grant([0], list(book.most_phases), *[[self.family.limit] * 3] * 2)
        return result_of(book, 0)

    def _served(self, states, wish, place):
        pieces = (self.own.piece, self.other.piece, self.other.piece)
        for _ in range(ROUNDS * leases.HOLD_MS):
            for at in range(1, COUNT):
                states[at] = pieces[at].after(states[at], pieces[at].ask)
            views = tuple(piece.view(state) for piece, state in zip(pieces, states, strict=True))
            made = self.grant(views, False, False, wish)
            for at, piece in enumerate(pieces):
                states[at] = piece.ticked(piece.after(states[at], piece.frame, made[at], None, True))
            if pieces[place].states[states[place]][-1][0] > self.family.safe:
                return True
        return False


def product(own, second, third, labels):
    """Where three nodes may come by these labels."""
    for a in own[labels[0]]:
        for b in second[labels[1]]:
            for c in third[labels[2]]:
                yield a, b, c
