"""How soon an overload is on the last pilot of a group: `python -m headroom_tools.measure.group_cut [CHARGERS [TRIALS]]`.

The whole firmware of every charger on a line that carries bytes at their microseconds (bench/world/bus.py), each with a tick of
its own phase. A car is at every second charger, the last one included, so that each has more than its least to give. In each
trial the house steps up at another moment, on each phase by as much as puts it OVER_MA above its rating, whatever the group
has settled at; each follower with a car must be cut, or there is no figure. Printed is what the worst trial took, in its
parts: the leader's window until it knows, the wait until the line is free, the frame, and the tick of the last follower whose
duty is another one then. The window is the rms fidelity's, a look each 25 ms: `make reaction` tells what a waveform takes.
"""

import sys

from bench import host
from bench.chip import chip as chips
from bench.table import Table
from bench.world.bus import Line
from bench.world.car import Random

TICK_US = 25000
BAUDS = (115200, 19200)
SETTLED_MS, LOOK_MS = 90000, 5000  # of thirty-two at 19 200 baud each is heard once in five seconds
REST_MS = 12000  # twice what cars have to follow
OVER_MA = 3000  # a car can give so much, and goes on; far more than what the leader's clamps may be off
GIVES_MA = 1000  # a follower with less than this above its least has nothing to show
BREAKER_MA = 63000
CAR_MA = 16000
EACH_MA = 11500
NEVER = [[1 << 40, 1 << 41]]
PARTS = ("window", "wait", "frame", "tick", "all")


class Group:
    """So many chargers on a real line."""

    def __init__(self, count: int, baud: int) -> None:
        """Switches all of them on, and lives until all have what they get."""
        self.line = Line()
        self.house_ma = [0, 0, 0]  # beside what leaves each car EACH_MA
        places = [place for place in range(count) if place % 2 == (count - 1) % 2]
        self.followers = [place for place in places if place]  # those with a car
        cars = [sum(1 for place in places if place // 2 % 3 == phase) for phase in range(3)]
        self.base_ma = [max(BREAKER_MA - EACH_MA * each, 0) for each in cars]
        self.tables = []
        module = host.load("reference")
        board = module.board
        for place in range(count):
            settings: dict[str, object] = {
                "bus": "group",
                "bus_baud": baud,
                "group_no": place + 1,
                "group_size": count,
                "group_ma": BREAKER_MA,
                "group_safe_ma": 0,
                "wiring": f"l{place // 2 % 3 + 1}",
                "phases": 1,
            }
            if place:
                settings |= {"idle_ma": 0, "group_clamps": "cable"}
            lines = (place // 2 % 3, (place // 2 + 1) % 3, (place // 2 + 2) % 3)
            table = Table(
                (),
                module=module,
                mac=b"\x24\x0a\xc4\x00\x02" + bytes([place + 1]),
                fidelity="rms",
                breaker_ma=BREAKER_MA if place == 0 else CAR_MA,
                car_ma=CAR_MA,
                wiring=lines,
                settings=settings,
                seed=place + 1,
                **({} if place in places else {"plugged_ms": NEVER}),
            )
            self.line.wire(table.chip, board.RS485_RX_PIN, f"charger {place + 1}", board.RS485_DE_PIN)
            table.chip.leap(place * TICK_US // count)
            assert table.scan is not None
            table.scan.step_ms = TICK_US // 1000
            self.tables.append(table)
        for _ in range(SETTLED_MS // LOOK_MS):
            self.live(LOOK_MS)
            if not self.least():
                self.live(REST_MS)
                break

    def live(self, ms: int) -> None:
        """Lets ms pass for all."""
        for _ in range(ms * 1000 // TICK_US * len(self.tables)):
            self.tick()

    def tick(self) -> Table:
        """One tick of the one whose clock is the furthest behind; returns it. The leader's clamps carry all."""
        table = min(self.tables, key=lambda each: each.chip.us)
        if table is self.tables[0]:
            for phase in range(3):
                table.world.house_ma[phase] = self._load_ma(phase) + self.house_ma[phase]
        chips.attach(table.chip)
        table.tick()
        return table

    def _load_ma(self, phase: int) -> int:
        """What the supply carries without the step and the leader's own car."""
        return self.base_ma[phase] + int(sum(each.world.car_ma(phase) for each in self.tables[1:]))

    def _step(self) -> None:
        """The house puts each phase OVER_MA above its rating."""
        for phase in range(3):
            carried_ma = self._load_ma(phase) + int(self.tables[0].world.car_ma(phase))
            self.house_ma[phase] = BREAKER_MA + OVER_MA - carried_ma

    def least(self) -> list[int]:
        """The numbers of those that follow and have too little to be cut."""
        least_ma = self.tables[0].charger.limits.min_ma + GIVES_MA
        return [place + 1 for place in self.followers if self.tables[place].world.offered_ma < least_ma]

    def cut(self, at_us: int) -> dict[str, int]:
        """Steps the house up so long after the leader's tick; returns what each part took, in us. SystemExit if nobody cuts."""
        first = self.tables[0]
        leader, bus = first.charger.group.leader, first.charger.ports.bus
        seen: dict[str, int] = {}
        cut, send = leader._cut, bus.send

        def knows() -> None:
            seen.setdefault("known", first.chip.us)
            cut()

        def sends(frame: bytearray, length: int) -> bool:
            sent = send(frame, length)
            if sent and "known" in seen and frame[0] == 0:
                seen.setdefault("begins", first.chip.us)
                seen.setdefault("ends", first.chip.us + (length + 2) * bus.char_us)
            return bool(sent)

        leader._cut, bus.send = knows, sends
        step_us = first.chip.us + at_us - TICK_US
        before = [table.world.offered_ma for table in self.tables]
        least = self.least()
        if least:
            raise SystemExit(f"group_cut: chargers {least} have too little to be cut: let the group settle for longer")
        due = set(self.followers)
        self._step()
        last_us = 0
        for _ in range(60 * len(self.tables)):
            table = self.tick()
            place = self.tables.index(table)
            if place in due and table.world.offered_ma < before[place]:
                due.discard(place)
                last_us = table.chip.us
            if not due:
                break
        leader._cut, bus.send = cut, send
        self.house_ma = [0, 0, 0]
        if due or "ends" not in seen:
            raise SystemExit(f"group_cut: {len(due)} of {len(self.followers)} followers with a car were not cut")
        known, begins, ends = seen["known"], seen["begins"], seen["ends"]
        took = (known - step_us, begins - known, ends - begins, last_us - ends, last_us - step_us)
        return dict(zip(PARTS, took, strict=True))


def main(arguments: list[str]) -> int:
    """Prints the budget for both speeds."""
    count, trials = [int(each) for each in [*arguments, *("32", "10")[len(arguments) :]]]
    steps = f"{trials} steps to {OVER_MA // 1000} A above {BREAKER_MA // 1000} A"
    print(f"{count} chargers, {steps}: the slowest until the last follower's new duty")
    for baud in BAUDS:
        group, random = Group(count, baud), Random(7)
        worst: dict[str, int] = dict.fromkeys(PARTS, 0)
        for _ in range(trials):
            took = group.cut(random.between(0, TICK_US))
            worst = max(worst, took, key=lambda each: each["all"])
            group.live(REST_MS + random.between(0, 200))
        parts = " + ".join(f"{name} {worst[name] / 1000:.0f}" for name in PARTS[:-1])
        print(f"{baud:6} baud: {parts} = {worst['all'] / 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
