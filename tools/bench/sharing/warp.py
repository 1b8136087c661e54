"""WARP's charge manager: the stages of its current allocator for chargers that cannot switch phases, all in the mode Fast.

Read in software/src/modules: charge_manager/current_allocator.cpp (stages 1 to 4 and 6 to 8; 5 switches phases, 9 wakes cars that
are full), charge_manager/charge_manager.cpp (the defaults), power_manager/power_manager.cpp. Where the house draws too, limits
are the power manager's (rivals/warp.py); else they are the supply's.
"""

from bench.rivals.warp import (
    ALLOCATE_MS,
    DEMAND_AFTER_MS,
    DEMAND_MARGIN_MA,
    HOLD_OFF_MS,
    LATENCY_MS,
    MIN_MA,
    PERIOD_MS,
    PLUG_IN_MS,
    Line,
)
from bench.sessions import PHASES
from bench.sharing.law import Law

ROTATION_MS = 900000  # rotation_interval
HYSTERESIS_MS = 210000  # global_hysteresis
SPREAD_PARTS = 60  # of a minute each: the lowest of an hour
ENABLE = 3, 2  # enable_current_factor_pct 150
STOPPED_MS = 30000  # in state B2 after a charge: it has stopped by itself (30 s is a guess)
MOST_MA = 32000


class Car:
    """What the manager knows of a charger."""

    def __init__(self):
        self.leave()

    def leave(self):
        """No car."""
        self.came_ms = self.on_ms = 0
        self.fresh = self.stopped = self.seen = self.active = False
        self.charging_ms = self.idle_ms = 0
        self.given = 0  # mA ms
        self.short_ms = -DEMAND_AFTER_MS  # when it was given less than it asks for
        self.ma = 0


class Warp(Law):
    """Every 10 s: who may be active, least served first; the minimum for each; then alike; then what is left."""

    source = "Tinkerforge/esp32-firmware cf4f5b5, 2026-08-22"
    setting = "defaults; with a house: largest consumer 13 A"
    largest_ma = 13000
    period_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def __init__(self, world):
        super().__init__(world)
        self.cars = [Car() for _ in range(self.count)]
        target_ma = min(self.limit_ma * 7 // 5 - self.largest_ma, self.limit_ma)
        self.meters = [Line(target_ma) for _ in range(PHASES)] if world.next_row is not None else []
        self.target_ma = target_ma
        self.minutes = []  # lowest raw limits of the last hour's minutes
        self.raw_ma = [self.limit_ma] * PHASES
        self.min_ma = self.spread_ma = self.raw_ma
        self.left_ms = self.hold_ms = 0
        self.rotates_ms = self.now_ms + ROTATION_MS
        self.switched_ms = self.now_ms - HYSTERESIS_MS

    def look(self):
        """A sample; the allocator when it is time, or well above the target."""
        for place in range(self.count):
            self._know(place)
        self._measure()
        self.left_ms -= PERIOD_MS
        self.hold_ms = max(self.hold_ms - PERIOD_MS, 0)
        urgent = bool(self.meters) and not self.hold_ms and max(self.load_ma) > self.target_ma * 6 // 5
        if urgent:
            self.hold_ms = HOLD_OFF_MS
        if urgent or self.left_ms <= 0:
            self.left_ms = ALLOCATE_MS
            self._allocate()

    def _know(self, place):
        here, car = self.places[place], self.cars[place]
        if not here.plugged:
            if car.seen:
                car.leave()
                self.offer(place, 0)
            return
        if not car.seen:
            car.seen = car.fresh = True
            car.came_ms = self.now_ms
        car.charging_ms = car.charging_ms + PERIOD_MS if here.charging else 0
        car.idle_ms = 0 if here.charging or not here.offer_ma else car.idle_ms + PERIOD_MS
        if here.charging:
            car.stopped = False
        elif car.given and car.idle_ms >= STOPPED_MS:
            car.stopped = True

    def _measure(self):
        if not self.meters:
            return
        for line in range(PHASES):
            allocated_ma = sum([self.cars[at].ma for at in range(self.count) if line in self.places[at].lines])
            self.meters[line].measure(self.load_ma[line], allocated_ma)
        self.raw_ma = [each.raw_ma for each in self.meters]
        self.min_ma = [min(each.window) for each in self.meters]
        if self.now_ms // 60000 != (self.now_ms - PERIOD_MS) // 60000 or not self.minutes:
            self.minutes = [*self.minutes, list(self.raw_ma)][-SPREAD_PARTS:]
        self.minutes[-1] = [min(pair) for pair in zip(self.minutes[-1], self.raw_ma)]
        self.spread_ma = [min([each[line] for each in self.minutes]) for line in range(PHASES)]

    def _allocate(self):
        calm = self.now_ms - self.switched_ms >= HYSTERESIS_MS
        before = [car.active for car in self.cars]
        self._rotate(calm)
        for at in range(self.count):  # stage 2
            car = self.cars[at]
            car.active = car.active or (car.fresh and self._wants(at))
        self._shed()
        if calm:
            self._activate()
        given_ma = self._shared()
        for at in range(self.count):
            self._apply(at, before[at], given_ma[at])

    def _wants(self, at):
        return self.places[at].plugged and not self.cars[at].stopped

    def _rotate(self, calm):
        """Stage 1: who does not want ends; each quarter of an hour all do on whose phases somebody waits."""
        waits = [
            self._wants(at) and not self.cars[at].active and self.now_ms - self.cars[at].came_ms > ALLOCATE_MS
            for at in range(self.count)
        ]
        lines = {line for at in range(self.count) if waits[at] for line in self.places[at].lines}
        turn = self.now_ms >= self.rotates_ms
        if turn:
            self.rotates_ms = self.now_ms + ROTATION_MS
        for at in range(self.count):
            concerned = len(self.places[at].lines) == PHASES or bool(lines.intersection(self.places[at].lines))
            if not self._wants(at) or (turn and calm and lines and concerned):
                self.cars[at].active = False

    def _active(self):
        return [at for at in range(self.count) if self.cars[at].active]

    def _least_ma(self):
        """The window's minimum: all that are active at their least."""
        return [MIN_MA * sum([line in self.places[at].lines for at in self._active()]) for line in range(PHASES)]

    def _most_ma(self):
        """The window's maximum: cars on three phases first, then each phase's own."""
        active = self._active()
        three = [at for at in active if len(self.places[at].lines) == PHASES]
        single_ma = [0] * PHASES
        for at in active:
            if at not in three:
                for line in self.places[at].lines:
                    single_ma[line] += MIN_MA
        room_ma = min([self.raw_ma[line] - single_ma[line] for line in range(PHASES)])
        most_ma = [min(sum([self._asked_ma(at) for at in three]), room_ma) if three else 0] * PHASES
        for at in active:
            if at not in three:
                for line in self.places[at].lines:
                    most_ma[line] += min(self.raw_ma[line] - most_ma[line], self._asked_ma(at))
        return most_ma

    def _asked_ma(self, at):
        """What it draws and 3 A, once it has charged for a minute and had that; else all that it can."""
        here, car = self.places[at], self.cars[at]
        if self.now_ms - car.short_ms < DEMAND_AFTER_MS or car.charging_ms < DEMAND_AFTER_MS:
            return here.most_ma
        drawn_ma = self.drawn_ma[at] or MOST_MA
        return min(here.most_ma, max(MIN_MA, min(MOST_MA, drawn_ma + DEMAND_MARGIN_MA)))

    def _shed(self):
        """Stage 3: where not even the minimum fits, the longest active goes first, who has just come last."""
        order = self._active()
        order.sort(
            key=lambda at: (self.cars[at].fresh, self.cars[at].came_ms if self.cars[at].fresh else self.cars[at].on_ms)
        )
        for line in range(PHASES):
            for at in order:
                if self._least_ma()[line] <= self.raw_ma[line]:
                    break
                if line in self.places[at].lines:
                    self.cars[at].active = False

    def _activate(self):
        """Stage 4: the least served first, if the window of four minutes (or of an hour) has room."""
        order = [at for at in range(self.count) if self._wants(at) and not self.cars[at].active]
        order.sort(key=lambda at: self.cars[at].given // max(self.now_ms - self.cars[at].came_ms, 1))
        for at in order:
            lines = self.places[at].lines
            least_ma, most_ma, company = self._least_ma(), self._most_ma(), bool(self._active())
            enable_ma = MIN_MA * ENABLE[0] // ENABLE[1] if company else MIN_MA
            needs_ma = [each * ENABLE[0] // ENABLE[1] + enable_ma for each in least_ma]
            spread = all(self.spread_ma[line] >= needs_ma[line] for line in lines)
            improves = any(most_ma[line] < self.min_ma[line] for line in lines)
            if (spread or improves) and all(self.min_ma[line] >= needs_ma[line] for line in lines):
                self.cars[at].active = True

    def _shared(self):
        """Stages 6 to 8: the minimum, a fair part, what is left."""
        given_ma = [0] * self.count
        left_ma = list(self.raw_ma)
        active = self._active()
        for at in active:
            self._take(given_ma, left_ma, at, MIN_MA)
        for limited in (True, False):
            order = [at for at in active if limited or self.places[at].charging]
            order.sort(key=lambda at: (-len(self.places[at].lines), self._capacity_ma(at, given_ma, left_ma)))
            for number in range(len(order)):
                at = order[number]
                more_ma = self._capacity_ma(at, given_ma, left_ma)
                if limited:
                    rest = order[number:]
                    for line in self.places[at].lines:
                        there = sum([line in self.places[other].lines for other in rest])
                        more_ma = min(more_ma, max(left_ma[line], 0) // there)
                    if not self.places[at].charging:
                        more_ma = min(more_ma, MIN_MA * ENABLE[0] // ENABLE[1] - given_ma[at])
                self._take(given_ma, left_ma, at, max(more_ma, 0))
        return given_ma

    def _capacity_ma(self, at, given_ma, left_ma):
        asked_ma = max(self._asked_ma(at) - given_ma[at], 0)
        return min([asked_ma] + [left_ma[line] for line in self.places[at].lines])

    def _take(self, given_ma, left_ma, at, ma):
        given_ma[at] += ma
        for line in self.places[at].lines:
            left_ma[line] -= ma

    def _apply(self, at, before, ma):
        car = self.cars[at]
        if car.active and not before:
            self.switched_ms = car.on_ms = self.now_ms
        if car.active and car.fresh and self.now_ms - car.on_ms >= PLUG_IN_MS:
            car.fresh = False
        if before and not car.active:
            car.fresh = False
        if car.active and ma < self._asked_ma(at):
            car.short_ms = self.now_ms
        car.ma = ma if car.active else 0
        car.given += car.ma * len(self.places[at].lines) * ALLOCATE_MS
        self.offer(at, car.ma)
