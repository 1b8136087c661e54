"""Evenings on a connection with a contracted power: what the supply takes beyond it because of the car, under the whole firmware.

Usage: micropython contracts.py FIRST COUNT. A line for each evening, from 17:00 on, with a car that is plugged in all the time.
Drawn from the number: supply, house (bench/world/houses.py), car, and a power below what the breakers bear; every third has
another one by night, from 18:00 on. A meter opens on a mean, how long a one is not published: so two are looked at, each first
order, with the car and without it.
"""

import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from bench.chip.terminal import Terminal
from bench.nights import CARS, SUPPLIES
from bench.run import COARSE_MS, FINE_FOR, FINE_MS, MEDIUM_MS
from bench.table import Table
from bench.world import houses
from bench.world.car import Random

FROM_MS, HOURS = 5 * houses.HOUR_MS, 2  # since noon
NIGHT_H = 18
TAUS_MS = (10000, 60000)
OVER_PART = 100  # less beyond it than this is what a meter of its class does not see


class Evening:
    """``go``, then read ``over_ms``, ``longest_ms``, ``means``: per mille of the contract, with the car and without."""

    def __init__(self, number):
        random = Random(number * 7919 + 29)
        self.phases, breaker_a = SUPPLIES[number % len(SUPPLIES)]
        self.car = CARS[random.between(0, len(CARS) - 1)]
        most_w = breaker_a * self.phases * houses.VOLTS
        self.day_w = most_w * random.between(45, 90) // 100
        self.night_w = most_w * random.between(45, 90) // 100 if number % 3 == 0 else 0
        settings = {"total_w": self.day_w, "night_w": self.night_w, "night_from_h": NIGHT_H, "night_to_h": 6}
        rows = houses.day(number, self.phases, breaker_a)
        before = [row for row in rows if row[0] <= FROM_MS][-1]
        rows = [(0,) + before[1:]] + [(row[0] - FROM_MS,) + row[1:] for row in rows if row[0] > FROM_MS]
        self.terminal = Terminal()
        self.table = Table(
            rows, port=self.terminal, fidelity="rms", board="reference", breaker_ma=breaker_a * 1000, phases=self.phases,
            car_ma=32000, car_phases=self.phases, car=self.car, seed=number, settings=settings, plugged_ms=[[0, 1 << 40]],
        )  # fmt: skip
        self.over_ms = self.longest_ms = self.now_ms = self.most_ma = 0
        self.means = [[0, 0] for _ in TAUS_MS]  # highest, with the car and without
        self.at = [[0, 0] for _ in TAUS_MS]
        self.car_mams = 0

    def go(self):
        """Run it."""
        table, world = self.table, self.table.world
        self.terminal.ask(table, "time 2026-01-12 17:00", 2000)
        fine, offer_ma = FINE_FOR, 0
        while world.t_ms < HOURS * houses.HOUR_MS:
            step_ms = FINE_MS if fine > 0 else MEDIUM_MS if world.moving() or world.over() else COARSE_MS
            fine -= fine > 0
            event_ms = world.next_event_ms()
            if event_ms is not None and world.t_ms + step_ms > event_ms:
                step_ms = event_ms - world.t_ms
            table.scan.step_ms = max(1, step_ms)
            since_ms = world.t_ms
            house_ma = sum(world.house_ma[: self.phases])
            table.charger.tick()
            self._judge(world, world.t_ms - since_ms, house_ma)
            if world.happen() or table.charger.verdict.offer_ma != offer_ma:
                fine, offer_ma = FINE_FOR, table.charger.verdict.offer_ma

    def _judge(self, world, dt_ms, house_ma):
        car_ma = sum(world.car_ma(phase) for phase in range(self.phases))
        self.car_mams += car_ma * dt_ms
        now_w = self.night_w if self.night_w and world.t_ms >= houses.HOUR_MS else self.day_w
        cap_ma = now_w * 1000 // houses.VOLTS
        excess_ma = min(car_ma, house_ma + car_ma - cap_ma)
        if excess_ma > cap_ma // OVER_PART:
            self.most_ma = max(self.most_ma, excess_ma)
            self.over_ms += dt_ms
            self.now_ms += dt_ms
            self.longest_ms = max(self.longest_ms, self.now_ms)
        else:
            self.now_ms = 0
        for at, most, tau_ms in zip(self.at, self.means, TAUS_MS):
            for place, ma in ((0, house_ma + car_ma), (1, house_ma)):
                part = max(ma, 0) * 100000 // cap_ma
                at[place] += (part - at[place]) * min(dt_ms, tau_ms) // tau_ms
            if at[0] > at[1] + 100:  # only where the car has a part in it
                most[0] = max(most[0], at[0] // 100)
            most[1] = max(most[1], at[1] // 100)


def main(first, count):
    """A line each: number; W by day and by night; Wh into the car; ms beyond it, the longest on end; mA; means in per mille."""
    for number in range(first, first + count):
        evening = Evening(number)
        evening.go()
        wh = evening.car_mams // 1000 * houses.VOLTS // houses.HOUR_MS
        means = [each for pair in evening.means for each in pair]
        told = (evening.day_w, evening.night_w, wh, evening.over_ms, evening.longest_ms, evening.most_ma)
        print("E", number, *told, *means, evening.car)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
