"""The household's wishes by the clock, as ceilings of the law: start delay, need and timetable. None lifts what the guard limits.

The order among them, and with boost, slow and pause, stands in serve/answers/precedence.py. ``tell`` hands over the time once a
second; ``find`` applies what follows from it in each tick, and allocates nothing.
"""

from headroom.law.ceilings import NEVER
from headroom.law.wishes.need import LATE, LIFTED, MET, NOBODY_KNOWS, WAITS, Draws, Need
from headroom.law.wishes.timetable import ALL_MA, DAY_MIN, WEEK_MIN, Timetable
from headroom.terms import reasons
from headroom.terms.records import NO_NEED_MIN

UNCERTAIN = -1
NO_END = -1
LOOK_S = 10
MIX = 0x3FFF  # of the meter's last digits: nobody foresees them, and a replay has the same


class Wishes:
    """``timetable`` and ``need``; ``ceiling_ma`` is what they leave."""

    def __init__(self, limits):
        self.limits = limits
        self.timetable = Timetable()
        self.need = Need()
        self.draws = Draws()
        self.minute = UNCERTAIN  # of the week, on the wall
        self.left_min = 0  # until the need's hour
        self.turns_min = WEEK_MIN  # until the clock is put forward or back ...
        self.turn_min = 0  # ... by so much
        self.boosted = False
        self.delay_s = 0  # the longest start delay
        self.ceiling_ma = ALL_MA
        self.slow_ma = ALL_MA  # what mode slow leaves the car
        # minute of the day at which the ceiling may change; beyond a day DAY_MIN and that of the week; NO_END
        self.until = 0
        self.wait_ms = 0  # of a start delay
        self.free = False  # a car that is there could charge, as far as these wishes go
        self.here = False  # a car is
        self.spared = False  # this charge is not delayed: somebody boosted it
        self.mix = 0
        self.looked = 0  # seconds since the last look at the need
        self.laxity_min = NO_NEED_MIN  # for how long the car could wait: what a group shares by

    def tell(self, minute, left_min, car_wh, here, boosted, anew, since_s=1):
        """What the clock says, what the car has got, whether one is here and boosted, and whether it has just come.

        ``since_s`` after the last time; 0: somebody asks, so the need is looked at now.
        """
        if anew:
            self.draws.forget()
            self.need.pace_ws = 0
        self.looked += since_s
        changed = minute != self.minute
        self.minute, self.left_min, self.boosted = minute, left_min, boosted
        if changed:
            self._look_up()
        if self.need.wh and (self.looked >= LOOK_S or not since_s) and minute != UNCERTAIN:
            self.need.look(self.looked, car_wh, max(left_min - self.delay_s // 60, 0), self)
            self.looked = 0
            laxity_min = self.need.laxity_min(car_wh, left_min, self.watts() or self.most_w())
            self.laxity_min = max(min(laxity_min, NO_NEED_MIN - 1), -NO_NEED_MIN)
        if not self.need.wh or minute == UNCERTAIN or self.need.state == MET:
            self.laxity_min = NO_NEED_MIN
        self._delay(here, boosted)

    def renewed(self):
        """Somebody wishes something else."""
        self._look_up()

    def lifts(self):
        """Whether a need lifts the timetable now."""
        return self.need.wh > 0 and (self.minute == UNCERTAIN or self.need.state == LIFTED or self.need.state == LATE)

    def _look_up(self):
        minute = self.minute
        if minute == UNCERTAIN:
            self.ceiling_ma = ALL_MA
        else:
            self.ceiling_ma = self.timetable.at(minute)
            away = self.timetable.until(minute)
            at = (minute + away) % WEEK_MIN
            self.until = at % DAY_MIN if away < DAY_MIN else DAY_MIN + at if away < WEEK_MIN else NO_END

    def _delay(self, here, boosted):
        """A charge begins up to ``delay_s`` later, by chance: when a car comes, when the power does, when a window begins."""
        free = here and (self.lifts() or self.ceiling_ma >= self.limits.min_ma)
        if not here:
            self.spared = False
        if boosted:
            self.spared = True
        if self.spared or not self.delay_s:
            self.wait_ms = 0
        elif free and not self.free:
            self.wait_ms = self.mix * 1000 % (self.delay_s * 1000 + 1)
        self.free = free

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """Lower the ceilings; nothing here is ever exceeded."""
        self.mix = (self.mix * 5 + readings.grid_ma[0] + readings.pilot_high_mv) & MIX
        self.slow_ma = max(ceilings.told_ma, self.limits.min_ma) if self.limits.slow else ALL_MA
        sum_ma = 0
        for phase in range(self.limits.phases):
            sum_ma += car.car_ma[phase]
        self.draws.step(dt_ms, car.most_ma, sum_ma, car.offer_ma)
        if self.wait_ms > 0:
            self.wait_ms -= dt_ms
            ceilings.tell(0, reasons.START_DELAY, 0, max(self.wait_ms, 0))
        ceilings.needed = 1 if self.lifts() else 0
        if ceilings.needed and self.need.state == LATE and self.minute != UNCERTAIN:
            ceilings.needed = 2
        if not self.boosted and not ceilings.needed and self.ceiling_ma < ALL_MA:
            waits = self.need.wh > 0 and self.need.state == WAITS
            reason = reasons.NEED_WAITS if waits else reasons.TIMETABLE
            if ceilings.lift_ma > self.ceiling_ma:
                ceilings.lower(ceilings.lift_ma, reason, 0, ceilings.lift_ma, self.until)
            else:
                ceilings.tell(self.ceiling_ma, reason, self.ceiling_ma, self.until)
        return NEVER

    def watts(self):
        """What the car takes without the timetable; 0: not seen yet."""
        limits = self.limits
        return self.draws.watts(self._most_ma(), limits.min_ma, limits.mains_v)

    def most_w(self):
        """What the charger could give to any car."""
        limits = self.limits
        return self._most_ma() * limits.wires // 1000 * limits.mains_v

    def _most_ma(self):
        return min(self.limits.household_ma, self.limits.charger_ma, self.slow_ma)

    def wait_min(self):
        """In how many minutes the timetable gives anything."""
        minute, passed = self.minute, 0
        while passed < WEEK_MIN and self.timetable.at(minute) < self.limits.min_ma:
            span = self.timetable.until(minute)
            passed += span
            minute = (minute + span) % WEEK_MIN
        return passed

    def fits(self, wh, within_min):
        """In how many minutes the timetable gives so many Wh; NOBODY_KNOWS: not within so many."""
        limits = self.limits
        most_ma = self._most_ma()
        minute, passed, turns_min = self.minute, 0, self.turns_min
        while passed < within_min:
            span = min(self.timetable.until(minute), within_min - passed)
            if passed < turns_min:
                span = min(span, turns_min - passed)
            watts = self.draws.watts(min(self.timetable.at(minute), most_ma), limits.min_ma, limits.mains_v)
            got_wh = watts * span // 60
            if watts and got_wh >= wh:
                return passed + (wh * 60 + watts - 1) // watts
            wh -= got_wh
            passed += span
            minute += span
            if passed == turns_min:
                minute += self.turn_min
            minute %= WEEK_MIN
        return NOBODY_KNOWS
