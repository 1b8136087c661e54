"""Who gets what of a circuit that several cars share; it wishes only, ledger.py makes leases of it.

First as many as can have their least, in an order; then what is left: all alike, or in that order. The order is a table
(ORDER). What a car does not take flows to the others. Where not all can have their least they take turns: a turn is long,
and longer for a car that was interrupted often, for some take the charger for broken after ten. Nobody waits for ever: who
has waited STARVED_MS comes first, whatever the order.
"""

from headroom.terms.records import NO_NEED_MIN, PHASES
from headroom.terms.standard import FOLLOW_MS

EQUAL, PRIORITY, FIRST, NEED = range(4)
NAMES = ("equal", "priority", "first", "need")
TURN_MS = 900000  # Tinkerforge rotates after 15 minutes, OpenEVSE after 30
LONGER = 3  # after so many turns each is twice as long, and after twice as many four times
STARVED_MS = 7200000
REST_MS = 60000  # there must have been enough for one more for so long: else it would be gone in a moment
SPARE_PART = 16  # of the circuit must be left beside the least of one more: the house moves, too
LONGEST_MS = 1 << 26
UNKNOWN = -1  # a wait: its charger has just started. It is taken to have waited a little longer than anybody
WAIT_MS = 8  # a wait is compared in such parts
SPARE_MA = 1500  # beyond what a car takes it is leased so much, to see whether it takes more
TAKES_MA = 600  # cars draw a little less than they are offered
DRAWS_MA = 1000
IDLE_MS = 4 * FOLLOW_MS  # a car that draws less for so long takes no more ...
START_MS = 60000  # ... but one that has not begun yet may take its time: 40 s have been seen
KEPT_MIN = 15  # a car that charges counts as so much more urgent: two alike must not take turns each minute

# why a member has what it has
NOTHING, WHOLE, ALIKE, LEFT, TURN, TAKES, NO_WORD, TWO = range(8)
WHY = (
    "it asks for nothing",
    "all it can take",
    "an equal share",
    "what those before it leave",
    "waits for its turn",
    "what it takes, and a little",
    "nothing may be leased to it: group on the one that leads tells why",
    "two boards have its number: give one of them another",
)
ONE, ORDER_MAX = 1 << 26, (1 << 26) - 1


class Share:
    """Members at places 0 to ``count`` - 1. What is known of each is put in the lists; ``begin`` and ``go_on`` refill ``ma``
    and ``why``.
    """

    def __init__(self, count):
        self.count = count
        self.wants = [False] * count  # a car is there
        self.done = [False] * count  # and has stopped by itself
        self.phases = [7] * count  # of the supply's, as a set
        self.least_ma = [6000] * count
        self.most_ma = [0] * count
        self.drawn_ma = [0] * count  # on each of its phases
        self.priority = [0] * count  # higher: sooner
        self.came = [0] * count  # in this order
        self.laxity_min = [NO_NEED_MIN] * count  # minutes it could still wait and be full in time
        self.ma = [0] * count
        self.why = [NOTHING] * count
        self.on_ms = [0] * count  # has had its least for so long
        self.wait_ms = [0] * count  # has wanted in vain for so long, or has been done
        self.turns = [0] * count  # that ended
        self.idle_ms = [0] * count  # draws less than it could for so long
        self.longest_ms = 0  # of all waits
        self.longest_now_ms = 0  # and of those that last, and a little
        self.calm_ms = REST_MS  # for so long there has been enough for the first of those that wait ...
        self.short = False  # ... and now there is not
        self.first = False  # of them was looked at
        self.spare_ma = 0
        self.order = list(range(count))
        self.key = [0] * count
        self.cap_ma = [0] * count
        self.room_ma = [0] * PHASES
        self.last = 0  # who came last
        self.how = EQUAL

    def begin(self, dt_ms, how, limit_ma):
        """Share out ``limit_ma`` per phase, ``how`` they shall: EQUAL to NEED; ``dt_ms`` have passed since the last time.

        ``go_on``, once a tick, until it is True: thirty-two members are more than a tick has time for.
        """
        self.how = how
        for phase in range(PHASES):
            self.room_ma[phase] = max(limit_ma[phase], 0)
        self.calm_ms = 0 if self.short else min(self.calm_ms + dt_ms, REST_MS)
        self.short = self.first = False
        self.spare_ma = min(limit_ma) // SPARE_PART
        self.longest_now_ms = 0
        for place in range(self.count):
            if not self.done[place]:
                self.longest_now_ms = max(self.longest_now_ms, self.wait_ms[place])
        self.longest_now_ms += dt_ms + WAIT_MS
        for place in range(self.count):
            self._pass(dt_ms, place)
            self.key[place] = self._key(place, how)
        self._sort()
        for at in range(self.count):
            place = self.order[at]
            self.ma[place] = 0
            if not self._full(place):
                self._admit(place)

    def go_on(self):
        """A part of it; True when ``ma`` and ``why`` are whole."""
        if self.how == EQUAL and self._rise():
            return False
        for at in range(self.count):
            place = self.order[at]
            if self.ma[place]:
                self._add(place, min(self.cap_ma[place] - self.ma[place], self._room(place)))
            elif self._full(place):
                self._admit(place)  # of what nobody takes
            self._because(place)
        return True

    def step(self, dt_ms, how, limit_ma):
        """All of it at once."""
        self.begin(dt_ms, how, limit_ma)
        while not self.go_on():
            pass

    def _pass(self, dt_ms, place):
        """Time for one: what it has had, and whether it takes it."""
        ma, waited_ms = self.ma[place], self.wait_ms[place]
        if not self.wants[place]:
            self.on_ms[place] = self.wait_ms[place] = self.idle_ms[place] = self.turns[place] = self.came[place] = 0
            self.cap_ma[place] = 0
            return
        if not self.came[place]:
            self.last = self.came[place] = self.last % ORDER_MAX + 1
        if ma:
            self.on_ms[place] = min(self.on_ms[place] + dt_ms, LONGEST_MS)
            self.wait_ms[place] = 0
        else:
            if self.on_ms[place] and not self.done[place]:
                self.turns[place] += 1
            self.on_ms[place] = 0
            if self.wait_ms[place] != UNKNOWN:
                self.wait_ms[place] = min(self.wait_ms[place] + dt_ms, LONGEST_MS)
        least_ma, most_ma = self.least_ma[place], self.most_ma[place]
        if self.done[place]:
            most_ma = least_ma
            self.wait_ms[place] = min(waited_ms + dt_ms, LONGEST_MS)  # it has been so for as long
        else:
            self.longest_ms = max(self.longest_ms, self.wait_ms[place])
        drawn_ma = self.drawn_ma[place]
        if not ma or drawn_ma >= ma - TAKES_MA:
            self.cap_ma[place] = most_ma  # it takes all that it has: it may take more
            self.idle_ms[place] = 0
        elif drawn_ma < ma - SPARE_MA:
            self.idle_ms[place] = min(self.idle_ms[place] + dt_ms, START_MS)
        if self.idle_ms[place] >= (IDLE_MS if drawn_ma >= DRAWS_MA else START_MS):
            self.cap_ma[place] = drawn_ma + SPARE_MA
        elif self.cap_ma[place] < most_ma:
            self.cap_ma[place] = max(self.cap_ma[place], drawn_ma + SPARE_MA)
        self.cap_ma[place] = max(min(self.cap_ma[place], most_ma), least_ma)

    def _full(self, place):
        """True for who has stopped by itself; but for TURN_MS after that, and in each STARVED_MS, it could come back."""
        return self.done[place] and self.wait_ms[place] % STARVED_MS >= TURN_MS

    def _key(self, place, how):
        """Who comes sooner has a lower one; see ORDER."""
        if not self.wants[place]:
            return 14 * ONE
        if self.done[place]:
            return 13 * ONE  # its least, for it to come back, where nobody else needs that
        if self.has_waited_ms(place) >= STARVED_MS:
            return 0
        return ORDER[how](self, place)

    def has_waited_ms(self, place):
        """How long it has wanted in vain."""
        wait_ms = self.wait_ms[place]
        return self.longest_now_ms if wait_ms == UNKNOWN else wait_ms

    def turn_ms(self, place):
        """How long its turn is."""
        return TURN_MS << min(self.turns[place] // LONGER, 2)

    def _sort(self):
        order, key = self.order, self.key
        for at in range(1, self.count):
            place = order[at]
            while at and key[order[at - 1]] > key[place]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = place

    def _room(self, place):
        room_ma = ORDER_MAX
        for phase in range(PHASES):
            if self.phases[place] >> phase & 1:
                room_ma = min(room_ma, self.room_ma[phase])
        return room_ma

    def _add(self, place, ma):
        if ma > 0:
            self.ma[place] += ma
            for phase in range(PHASES):
                if self.phases[place] >> phase & 1:
                    self.room_ma[phase] -= ma

    def _admit(self, place):
        """Its least, where that fits; the next may be smaller, or on another phase."""
        least_ma = self.least_ma[place]
        if not self.wants[place] or least_ma > self.most_ma[place]:
            return
        room_ma = self._room(place)
        if self.on_ms[place]:
            if least_ma <= room_ma:
                self._add(place, least_ma)
            elif self.on_ms[place] < self.turn_ms(place):
                self.short = True
        elif least_ma + self.spare_ma > room_ma:
            self.short = self.short or not (self.done[place] or self.first)
            self.first = True
        elif self.calm_ms >= REST_MS:
            self._add(place, least_ma)
        else:
            self.first = True

    def _rise(self):
        """Those that have the least of all that could have more rise together: to the next of them, or until a phase is full."""
        lowest_ma = next_ma = ORDER_MAX
        for place in range(self.count):
            if self._rises(place):
                ma = self.ma[place]
                if ma < lowest_ma:
                    lowest_ma, next_ma = ma, lowest_ma
                elif lowest_ma < ma < next_ma:
                    next_ma = ma
        if lowest_ma == ORDER_MAX:
            return False
        part_ma = next_ma - lowest_ma
        for phase in range(PHASES):
            rising = 0
            for place in range(self.count):
                if self.ma[place] == lowest_ma and self.phases[place] >> phase & 1 and self._rises(place):
                    rising += 1
            if rising > self.room_ma[phase]:
                self.room_ma[phase] = 0  # less than 1 mA each
                return True
            if rising:
                part_ma = min(part_ma, self.room_ma[phase] // rising)
        for place in range(self.count):
            if self.ma[place] == lowest_ma and self._rises(place):
                self._add(place, min(part_ma, self.cap_ma[place] - lowest_ma))
        return True

    def _rises(self, place):
        return 0 < self.ma[place] < self.cap_ma[place] and self._room(place) > 0

    def _because(self, place):
        ma = self.ma[place]
        if not self.wants[place]:
            self.why[place] = NOTHING
        elif not ma:
            self.why[place] = NOTHING if self.done[place] else TURN
        elif ma >= self.most_ma[place]:
            self.why[place] = WHOLE
        elif ma >= self.cap_ma[place]:
            self.why[place] = TAKES
        else:
            self.why[place] = ALIKE if self.how == EQUAL else LEFT


def by_turns(share, place):
    """Who has a turn keeps it; then who has waited longest; last, while others wait, whose turn is over."""
    if share.on_ms[place]:
        over = share.on_ms[place] >= share.turn_ms(place)
        return (3 if over else 1) * ONE + share.on_ms[place] // 8
    return 3 * ONE - 1 - share.has_waited_ms(place) // WAIT_MS


def by_priority(share, place):
    """The higher first, and by turns among equals."""
    return by_turns(share, place) // 16 + (12 - min(share.priority[place], 3) * 3) * ONE // 4


def by_coming(share, place):
    """Who came first."""
    return ONE + min(share.came[place], ORDER_MAX)


def by_need(share, place):
    """Who could wait the shortest; who charges keeps on for a difference of a quarter of an hour."""
    kept_min = KEPT_MIN if share.on_ms[place] else 0
    return ONE + (share.laxity_min[place] - kept_min + 0x4000) * 1024 + min(share.came[place], 1023)


ORDER = (by_turns, by_priority, by_coming, by_need)
