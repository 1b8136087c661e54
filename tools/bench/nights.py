"""Nights with a need: the firmware in a generated house, told over its console, against one who knows the future.

Usage: micropython nights.py whole|mixed|wish FIRST COUNT. A line for each night, see ``main``. ``whole``: the whole firmware,
some ten seconds each. ``mixed``: the same with a contracted power, panels that give nothing (a winter's night), and every second
night one on which the clock is put forward or back. ``wish``: its wishes alone (law/wishes), in steps of ten seconds, with a law
that gives what is free at once, and half a minute after a plug-in, a minute after a pause. A night is drawn from its number:
supply, house (bench/world/houses.py), car, when it comes, what it needs by when, and one cheap window. The clairvoyant has the
same car, knows what the house will draw, follows at once, and takes from the window before any other time.
"""

import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from bench import host
from bench.chip.terminal import Terminal
from bench.run import FINE_FOR, FINE_MS, MEDIUM_MS
from bench.table import Table
from bench.world import houses
from bench.world.car import MODELS, Random

SUPPLIES = ((1, 16), (1, 20), (1, 25), (1, 32), (1, 40), (3, 16), (3, 25))
CARS = ("plain", "prompt", "slow-ramp", "silent", "one-phase", "draws-less", "needs-8", "late", "sleeper")
COARSE_MS = 1400  # as long as a tick may take
MINUTE_MS, HOUR_MS = 60000, 3600000
NOON_H = 12
BEFORE_MS = 3 * MINUTE_MS  # it runs for so long before the car comes
TYPING_MS = 2000


class Night:
    """What is drawn for a number; times in ms since noon."""

    def __init__(self, number):
        random = Random(number * 7919 + 13)
        self.number = number
        self.phases, self.breaker_a = SUPPLIES[number % len(SUPPLIES)]
        self.car = CARS[random.between(0, len(CARS) - 1)]
        self.car_a = (16, 20, 32)[random.between(0, 2)]
        self.comes_ms = random.between(15 * 60, 23 * 60) * MINUTE_MS - NOON_H * HOUR_MS
        self.due_ms = random.between(5 * 4, 9 * 4) * 15 * MINUTE_MS + NOON_H * HOUR_MS
        self.opens_ms = random.between(20 * 2, 26 * 2) * 30 * MINUTE_MS - NOON_H * HOUR_MS
        self.closes_ms = min(self.opens_ms + random.between(4, 14) * 30 * MINUTE_MS, 21 * HOUR_MS)
        self.need_wh = random.between(4, 16 if self.phases == 1 else 24) * random.between(500, 4000)
        self.rows = houses.day(number, self.phases, self.breaker_a)
        self.total_ma = 0  # on all phases together; 0: the breaker alone counts
        self.board = "socket" if self.phases == 1 else "reference"  # with a meter on the car, and without
        self.evening = "2026-01-12"
        self.lines = (
            "timetable daily %s-%s 80A" % (clock(self.opens_ms), clock(self.closes_ms)),
            "timetable else 0",
            "need %d.%03dkWh by %s" % (self.need_wh // 1000, self.need_wh % 1000, clock(self.due_ms)),
        )

    def spans(self, until_ms):
        """(from, to, mA free on the car's fullest phase) from when the car comes."""
        used = min(self.phases, MODELS[self.car].phases)
        for row, after in zip(self.rows, self.rows[1:] + [(houses.DAY_MS, 0, 0, 0)]):
            begins_ms, ends_ms = max(row[0], self.comes_ms), min(after[0], until_ms)
            if begins_ms < ends_ms:
                free_ma = self.breaker_a * 1000 - max(row[1 : 1 + used])
                if self.total_ma:
                    free_ma = min(free_ma, (self.total_ma - sum(row[1 : 1 + self.phases])) // used)
                yield begins_ms, ends_ms, free_ma

    def possible(self):
        """What the clairvoyant can deliver by the hour, and the part of it that lies in the window, in Wh."""
        model = MODELS[self.car]
        used = min(self.phases, model.phases)
        all_mams = cheap_mams = 0
        for begins_ms, ends_ms, free_ma in self.spans(self.due_ms):
            free_ma = min(free_ma, self.car_a * 1000)
            if free_ma < model.min_ma:
                continue
            taken_ma = min(free_ma - model.less_ma, self.car_a * 1000) * used
            all_mams += taken_ma * (ends_ms - begins_ms)
            cheap_mams += taken_ma * max(min(ends_ms, self.closes_ms) - max(begins_ms, self.opens_ms), 0)
        return wh_of(all_mams), wh_of(cheap_mams)


class Mixed(Night):
    """With other wishes and limits beside the need, and every second night the clock changes."""

    SUMMER = ("set summer_min 60", "set summer_begins 3502", "set summer_ends 10502")
    TURNS_MS = 14 * HOUR_MS  # 02:00 of winter time in spring, 03:00 of summer time in autumn: an hour later on the wall

    def __init__(self, number):
        super().__init__(number)
        random = Random(number * 104729 + 3)
        most_w = self.breaker_a * self.phases * houses.VOLTS
        total_w = max(most_w * random.between(60, 95) // 100, 6000 * self.phases * houses.VOLTS // 1000)
        self.total_ma = total_w * 1000 // houses.VOLTS
        self.board = "socket" if self.phases == 1 else "metered"
        sun = ("only", "window", "off")[number % 3]
        told = ["set total_w %d" % total_w, "set exports yes", "set solar " + sun]
        turn = number % 4
        if turn % 2:
            spring = turn == 1
            self.evening = "2026-03-28" if spring else "2026-10-24"
            if self.TURNS_MS < self.closes_ms < self.TURNS_MS + HOUR_MS:
                self.closes_ms = self.TURNS_MS + HOUR_MS  # within the hour that is left out, or comes twice
                self.lines = ("timetable daily %s-03:00 80A" % clock(self.opens_ms),) + self.lines[1:]
            self.due_ms = self._true(self.due_ms, spring)
            self.closes_ms = self._true(self.closes_ms, spring)
        self.lines = self.SUMMER + tuple(told) + ("save",) + self.lines

    def _true(self, wall_ms, spring):
        if wall_ms <= self.TURNS_MS:
            return wall_ms
        return max(wall_ms - HOUR_MS, self.TURNS_MS) if spring else wall_ms + HOUR_MS


def wh_of(mams):
    """Wh of mA x ms at the nominal voltage."""
    return mams // 1000 * houses.VOLTS // HOUR_MS


def clock(ms):
    """``07:00`` of ms since noon."""
    minutes = (ms // MINUTE_MS + NOON_H * 60) % 1440
    return "%02d:%02d" % (minutes // 60, minutes % 60)


class Run:
    """A night with the firmware; ``go``, then read what came of it."""

    def __init__(self, night):
        self.night = night
        start_ms = night.comes_ms - BEFORE_MS
        before = [row for row in night.rows if row[0] <= start_ms]
        rows = [(0,) + before[-1][1:]] + [(row[0] - start_ms,) + row[1:] for row in night.rows if row[0] > start_ms]
        self.start_ms = start_ms
        self.terminal = Terminal()
        self.table = Table(
            rows,
            port=self.terminal,
            fidelity="rms",
            board=night.board,
            breaker_ma=night.breaker_a * 1000,
            phases=night.phases,
            car_ma=night.car_a * 1000,
            car_phases=night.phases,
            car=night.car,
            seed=night.number,
            plugged_ms=[[BEFORE_MS, night.due_ms - start_ms + HOUR_MS]],
        )
        self.cheap_wh = self.dear_wh = self.by_hour_wh = self.counted_wh = 0
        self.told_ms = -1  # before its hour a need was told to be late, for good
        self.alarms = 0  # told to be late and then not

    def go(self):
        """Run until a few minutes after the need's hour."""
        night, table, terminal = self.night, self.table, self.terminal
        terminal.ask(table, "time %s %s" % (night.evening, clock(self.start_ms)), TYPING_MS)
        for line in night.lines:
            answer = terminal.ask(table, line, TYPING_MS)
            if "saved" not in answer and "save or undo" not in answer and "already" not in answer:
                raise ValueError("%s: %s" % (line, answer))
        world, scan, keeper = table.world, table.scan, table.charger.service.wishes
        self.start_ms -= world.t_ms % MINUTE_MS  # the typing took its time
        end_ms = night.due_ms - self.start_ms
        fine, was, offer_ma, late = FINE_FOR, 0, 0, False
        while world.t_ms < end_ms:
            step_ms = FINE_MS if fine > 0 else MEDIUM_MS if world.moving() or world.over() else COARSE_MS
            fine -= fine > 0
            event_ms = world.next_event_ms()
            if event_ms is not None and world.t_ms + step_ms > event_ms:
                step_ms = event_ms - world.t_ms
            scan.step_ms = max(1, step_ms)
            table.charger.tick()
            if world.happen() or table.charger.verdict.offer_ma != offer_ma:
                fine, offer_ma = FINE_FOR, table.charger.verdict.offer_ma
            taken_wh = wh_of(world.car.taken_mams)
            if taken_wh != was:
                cheap = night.opens_ms <= world.t_ms + self.start_ms < night.closes_ms
                self._count(min(taken_wh, night.need_wh) - min(was, night.need_wh), cheap)
                was = taken_wh
            if keeper.late != late and keeper.wishes.need.wh:  # at its hour there is none any more
                self.alarms += late
                late = keeper.late
                self.told_ms = end_ms - world.t_ms if late else -1
        self.by_hour_wh = was
        self.counted_wh = table.charger.energy.car_wh()

    def _count(self, wh, cheap):
        if cheap:
            self.cheap_wh += wh
        else:
            self.dear_wh += wh


class Rig:
    """A night with the wishes alone; ``go``, then read what came of it."""

    STEP_S = 10
    RESUME_S = 60  # so long enough must be free before a paused car goes on

    def __init__(self, night):
        host.load("reference")
        from headroom.law.ceilings import UNBOUND_MA, Ceilings
        from headroom.law.wishes.timetable import Timetable
        from headroom.law.wishes.wishes import Wishes
        from headroom.terms.records import Limits, Readings

        self.night, self.model = night, MODELS[night.car]
        limits = self.limits = Limits()
        limits.charger_ma = night.car_a * 1000
        limits.phases = limits.wires = night.phases
        self.wishes = Wishes(limits)
        begins = (night.opens_ms // MINUTE_MS + NOON_H * 60) % 1440
        window = (127, begins, (night.closes_ms - night.opens_ms) // MINUTE_MS, 80000)
        self.wishes.timetable = Timetable((window,), 0)
        self.wishes.need.wh = night.need_wh
        self.ceilings, self.readings, self.unbound_ma = Ceilings(limits), Readings(), UNBOUND_MA
        self.car_ma = [0, 0, 0]
        self.most_ma = self.offer_ma = 0
        self.cheap_wh = self.by_hour_wh = self.counted_wh = self.alarms = 0
        self.told_ms = -1

    def go(self):
        """Step through the night."""
        night, wishes, step_ms = self.night, self.wishes, self.STEP_S * 1000
        from headroom.law.wishes.need import LATE

        used = min(night.phases, self.model.phases)
        spans = list(night.spans(night.due_ms))
        place = mams = cheap_mams = 0
        good_s = self.RESUME_S // 2  # a car that comes waits for half of it (law/dwell.py)
        late, late_ms = False, -1
        for now_ms in range(night.comes_ms, night.due_ms, step_ms):
            while spans[place][1] <= now_ms:
                place += 1
            free_ma, at = spans[place][2], place
            while at + 1 < len(spans) and spans[at + 1][0] < now_ms + step_ms:
                at += 1
                free_ma = min(free_ma, spans[at][2])
            self.ceilings.free_ma = self.unbound_ma
            wishes.find(step_ms, self.ceilings, None, self, self.readings, None)
            free_ma = min(free_ma, self.ceilings.free_ma, self.limits.charger_ma)
            good_s = min(good_s + self.STEP_S, self.RESUME_S) if free_ma >= 6000 else 0
            self.offer_ma = free_ma if good_s >= self.RESUME_S else 0
            self.most_ma = self.offer_ma - self.model.less_ma if self.offer_ma >= self.model.min_ma else 0
            for phase in range(used):
                self.car_ma[phase] = self.most_ma
            missing = night.need_wh - wh_of(mams)
            mams += self.most_ma * used * step_ms
            if night.opens_ms <= now_ms < night.closes_ms and missing > 0:
                cheap_mams += self.most_ma * used * step_ms
            minute = (2 * 1440 + now_ms // MINUTE_MS + NOON_H * 60) % 10080
            for _ in range(self.STEP_S):
                wishes.tell(minute, (night.due_ms - now_ms) // MINUTE_MS, wh_of(mams), True, False, False)
            if (wishes.need.state == LATE) != late:
                self.alarms += late
                late = not late
                late_ms = night.due_ms - now_ms if late else -1
        self.told_ms = late_ms
        self.by_hour_wh = self.counted_wh = wh_of(mams)
        self.cheap_wh = min(wh_of(cheap_mams), night.need_wh)


def main(how, first, count):
    """A line each: number; Wh needed, possible, delivered, and that by the charger's counter; of what was needed in the window:
    possible and taken; minutes before its hour that it was told to be late, -1: it was not; alarms that were none; stay, car.
    """
    for number in range(first, first + count):
        night = Mixed(number) if how == "mixed" else Night(number)
        possible_wh, cheap_wh = night.possible()
        run = Rig(night) if how == "wish" else Run(night)
        run.go()
        told_min = run.told_ms // MINUTE_MS if run.told_ms >= 0 else -1
        stay_min = (night.due_ms - night.comes_ms) // MINUTE_MS
        energies = (
            night.need_wh,
            possible_wh,
            run.by_hour_wh,
            run.counted_wh,
            min(cheap_wh, night.need_wh),
            run.cheap_wh,
        )
        print("N", number, *energies, told_min, run.alarms, stay_min, night.car)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
