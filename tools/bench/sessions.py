"""Cars that come and go on one circuit, and a law that says what each of its chargers offers: the bench of sharing laws.

No charger's own firmware ticks here: every law has the same obedient chargers, which put on the pilot what it says, and the cars
of bench/world/car.py, which follow in their own time. So what differs is who gets what, and how soon.
"""

from bench.world.car import Car, Random

STEP_MS = 1000
PHASES = 3
MIN_MA = 6000
DRAWS_MA = 1000
SEEN_MA = 100  # a change of the offer below this is none: the pilot's own resolution
OVER_MA = 200


class Stay:
    """A session: from when to when, what its car needs (mA ms over all phases; None: all it can get) and can take, and on
    which of the supply's phases.
    """

    def __init__(self, from_ms, to_ms, need_mams, car_ma, lines, model="plain", priority=0):
        self.from_ms = from_ms
        self.to_ms = to_ms
        self.need_mams = need_mams
        self.car_ma = car_ma
        self.lines = lines
        self.model = model
        self.priority = priority
        self.got_mams = 0
        self.wait_ms = -1  # until its first ampere; -1: none yet

    def asked_mams(self):
        """What it needs, and no more than its car could take while it is there."""
        most = (self.to_ms - self.from_ms) * self.car_ma * len(self.lines)
        return most if self.need_mams is None else min(self.need_mams, most)


class Place:
    """A charger, as its law may see it: ``plugged``, ``charging`` (state C), ``offer_ma``, ``stay``, ``most_ma``, ``lines``."""

    def __init__(self, stays, random):
        self.stays = stays
        self.random = random
        self.next = 0
        self.stay = None
        self.car = None
        self.offer_ma = 0
        self.plugged = self.charging = False
        self.most_ma = max([stay.car_ma for stay in stays] + [MIN_MA])
        self.lines = stays[0].lines if stays else (0, 1, 2)
        self.changes = self.closings = 0
        self.counted_ma = 0

    def happen(self, t_ms):
        """Who comes and goes by now."""
        if self.stay is not None and t_ms >= self.stay.to_ms:
            self.stay = self.car = None
            self.plugged = self.charging = False
        if self.stay is None and self.next < len(self.stays) and t_ms >= self.stays[self.next].from_ms:
            self.stay = self.stays[self.next]
            self.next += 1
            self.lines, self.most_ma = self.stay.lines, self.stay.car_ma
            self.car = Car(self.stay.car_ma, len(self.stay.lines), self.stay.need_mams, self.random, self.stay.model)
            self.car.plug(True)
            self.plugged = True

    def live(self, dt_ms, t_ms):
        """The car follows its offer."""
        if abs(self.offer_ma - self.counted_ma) >= SEEN_MA:
            self.counted_ma = self.offer_ma
            self.changes += self.plugged
        if self.car is None:
            return
        stay, car = self.stay, self.car
        car.step(dt_ms, self.offer_ma, True)
        self.closings += car.s2 and not self.charging
        self.charging = car.s2
        stay.got_mams = car.taken_mams
        if stay.wait_ms < 0 and car.drawn_ma >= DRAWS_MA:
            stay.wait_ms = t_ms - stay.from_ms

    def drawn_ma(self):
        """On each of its phases, now."""
        return 0 if self.car is None else self.car.drawn_ma


class Sessions:
    """``rows``: (t_ms, l1, l2, l3) that the house draws; ``stays``: a list for each charger; ``law``: of bench/sharing.

    It begins at ``from_ms``.
    """

    def __init__(self, rows, stays, breaker_ma, law, seed=1, from_ms=0):
        self.rows = iter(rows)
        self.next_row = next(self.rows, None)
        self.breaker_ma = breaker_ma
        self.places = [Place(each, Random(seed + place)) for place, each in enumerate(stays)]
        self.house_ma = (0, 0, 0)
        self.load_ma = [0, 0, 0]
        self.t_ms = from_ms
        self.over_ms = self.over_now_ms = self.over_longest_ms = self.over_mams = self.worst_ma = 0
        self.law = law(self)

    def run(self, until_ms, watch=None):
        """To the end; ``watch(self)`` after each step."""
        while self.t_ms < until_ms:
            self.step(STEP_MS)
            if watch is not None:
                watch(self)

    def step(self, dt_ms):
        """So many ms pass: the cars follow, the law looks."""
        while self.next_row is not None and self.next_row[0] <= self.t_ms:
            self.house_ma = self.next_row[1:4]
            self.next_row = next(self.rows, None)
        self.t_ms += dt_ms
        load_ma = self.load_ma
        load_ma[:] = self.house_ma
        shared = [False, False, False]
        for place in self.places:
            place.happen(self.t_ms)
            place.live(dt_ms, self.t_ms)
            drawn_ma = place.drawn_ma()
            if drawn_ma:
                for line in place.lines:
                    load_ma[line] += drawn_ma
                    shared[line] = True
        self._count(dt_ms, shared)
        self.law.step(dt_ms)

    def _count(self, dt_ms, shared):
        """What is above the rating where a car draws; what the house alone puts there is not counted."""
        over_ma = 0
        for line in range(PHASES):
            if shared[line]:
                over_ma = max(over_ma, self.load_ma[line] - max(self.breaker_ma, self.house_ma[line]))
        if over_ma > OVER_MA:
            self.over_ms += dt_ms
            self.over_now_ms += dt_ms
            self.over_mams += over_ma * dt_ms
            self.over_longest_ms = max(self.over_longest_ms, self.over_now_ms)
            self.worst_ma = max(self.worst_ma, over_ma)
        else:
            self.over_now_ms = 0
