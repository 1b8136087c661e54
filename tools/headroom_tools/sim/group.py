"""Several chargers on one supply: `headroom sim --chargers N`. What each got, what was possible, and what the supply bore.

- clairvoyant: at every moment the most that cars which are plugged in could take of the supply and the group's own limit, if all
  followed at once; over the run no more than each needs, or could take while it is there. On a mix of one-phase and three-phase
  cars it is the best mix.
- over: the chargers answer for what the cars may draw by their pilots, min(drawn, offered); what a car draws above its offer is
  its own reaction. Counted is time in which house and chargers so reckoned are above the breaker's rating, or the chargers above
  the group's limit, by more than 0.2 A, for longer than OWN_MS: a cut is on the pilots in a third of that, a car is stopped when
  too little for it has been there for half of it, as with one charger, and then that is shared out.
- wait: from a car's coming until its first ampere.
- fairness: Jain's index (sum x)^2 / (n sum x^2) of what each got over what it needs, or could have taken.
"""

import csv
import json
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bench.world.car import MODELS

from headroom_tools.common.errors import BadInput, SimulatorFailed
from headroom_tools.common.knobs import knobs
from headroom_tools.common.outputs import Output
from headroom_tools.common.places import ROOT
from headroom_tools.sim import runner
from headroom_tools.sim.clocks import DAY_MS
from headroom_tools.sim.house import House, prepare
from headroom_tools.sim.options import Site, option_of
from headroom_tools.sim.options import check as options_check
from headroom_tools.sim.report import Thinned, shown
from headroom_tools.sim.scenario import plugged_intervals, read_plugged
from headroom_tools.sim.told import read_told
from headroom_tools.sim.traces import Trace

SHARES = ("equal", "priority", "first", "need")
MOST = 32
OWN_MS = 1000
DEAD_MS = 1200  # the power is back at once: what a start takes until the first line of firmware
HEAP = "64m"
MAX_POINTS = 4000
MAX_MARKS = 300  # of each charger
MAX_ROWS = 2000  # of the page's table
OVER_MA = 200
MIN_MA = 6000
MA_MS_V_PER_KWH = 3_600_000_000_000
COLUMNS = ("charger", "plugged", "need_kwh", "car_a", "phases", "car", "priority", "wiring")
RUNNER = ROOT / "tools" / "bench" / "run_site.py"


# what a group can be told; all else belongs to one charger
TAKES = (
    "chargers", "share", "bus_loss", "cars", "group_a", "safe_a", "leader_dies_min", "trace", "columns", "breaker_a", "phases",
    "volts", "car_a", "car_phases", "plugged", "need_kwh", "from_", "to", "seed", "vm", "report", "series", "json",
)  # fmt: skip


@dataclass(frozen=True)
class GroupOptions(Site):
    """The same of a group, with what is usual in place of what was not given."""

    share: str = "equal"
    bus_loss: float = 0.0
    leader_dies_min: float = 0.0

    @property
    def group_ma(self) -> int:
        """Returns what the group may draw together, per phase."""
        return round(min(self.group_a or self.breaker_a, self.breaker_a) * 1000)

    @property
    def safe_ma(self) -> int:
        """Returns each one's safe share: given, or 6 A where that fits all, or nothing."""
        if self.safe_a is not None:
            return round(self.safe_a * 1000)
        return MIN_MA if self.chargers * MIN_MA <= self.group_ma else 0


@dataclass(frozen=True)
class Car:
    """One charger's car. lines: the supply's phases it draws on."""

    plugged_ms: tuple[tuple[int, int], ...]
    need_mwh: int | None
    car_ma: int
    phases: int
    car: str
    priority: int
    lines: tuple[int, ...]
    wiring: str

    def scenario(self) -> dict[str, object]:
        """Returns the bench's keys."""
        settings: dict[str, object] = {"group_priority": self.priority}
        if self.wiring:
            settings |= {"wiring": self.wiring, "phases": len(self.wiring) // 2}
        return {
            "car_ma": self.car_ma,
            "car_phases": self.phases,
            "plugged_ms": [list(pair) for pair in self.plugged_ms],
            "need_mwh": self.need_mwh,
            "car": self.car,
            "wiring": list(self.lines),
            "settings": settings,
        }


def asked(site: Site) -> GroupOptions:
    """Returns what a group is asked for; BadInput for what only one charger can be."""
    given = {name: getattr(site, name) for name in knobs(Site) if getattr(site, name) is not None}
    for name, value in given.items():
        if name not in TAKES and value != knobs(Site)[name][2].default:
            said = "a car's model stands in --cars, all else is as usual"
            raise BadInput(f"{option_of(name)} does not go with --chargers: {said}")
    return GroupOptions(**given)


def check(options: GroupOptions) -> None:
    """BadInput for what cannot be."""
    if not 2 <= options.chargers <= MOST:
        raise BadInput(f"--chargers {options.chargers}: a group has 2 to {MOST}")
    if options.share not in SHARES:
        raise BadInput(f"--share {options.share} is none: give one of {', '.join(SHARES)}")
    if not 0 <= options.bus_loss <= 0.9:
        raise BadInput(f"--bus-loss {options.bus_loss:g}: give the part of the messages that is lost, 0 to 0.9")
    if options.group_a is not None and not 6 <= options.group_a <= options.breaker_a:
        raise BadInput(f"--group-a {options.group_a:g}: give 6 A to the breaker's {options.breaker_a:g} A")
    if options.chargers * options.safe_ma > options.group_ma:
        together_a = options.chargers * options.safe_ma / 1000
        raise BadInput(
            f"--safe-a {options.safe_ma / 1000:g} for {options.chargers} chargers is {together_a:g} A, the group may draw "
            f"{options.group_ma / 1000:g} A: with a broken bus that would be too much"
        )
    if 0 < options.safe_ma < MIN_MA:
        raise BadInput(f"--safe-a {options.safe_ma / 1000:g}: no car takes less than 6 A: give 0 or 6 at least")
    if options.leader_dies_min < 0 or 0 < options.leader_dies_min < 1:
        raise BadInput(f"--leader-dies-min {options.leader_dies_min:g}: give 1 minute at least, or 0 for never")
    if options.phases not in (1, 3) or options.car_phases not in (1, 3) or options.car_phases > options.phases:
        raise BadInput("--phases and --car-phases are 1 or 3, and a car has no more than its supply")
    options_check(options)


def read_cars(options: GroupOptions, house: House) -> list[Car]:
    """Returns the car of each charger: as --cars says, else all alike, as --car-a, --plugged and the like say."""
    rows: dict[int, dict[str, str]] = {}
    if options.cars is not None:
        with options.cars.open(newline="") as file:
            reader = csv.DictReader(file)
            if not reader.fieldnames or "charger" not in reader.fieldnames or set(reader.fieldnames) - set(COLUMNS):
                raise BadInput(
                    f"--cars {options.cars}: its first line names columns: charger, and of {', '.join(COLUMNS[1:])}"
                )
            for row in reader:
                where = f"--cars {options.cars}, line {reader.line_num}"
                number = whole(row["charger"], 1, options.chargers, f"{where}: charger")
                if number in rows:
                    raise BadInput(f"{where}: charger {number} has a car already")
                rows[number] = {name: value for name, value in row.items() if value}
    return [car(options, house, rows.get(number, {}), number) for number in range(1, options.chargers + 1)]


def car(options: GroupOptions, house: House, row: dict[str, str], number: int) -> Car:
    """Returns one charger's car."""
    where = f"--cars {options.cars}, charger {number}"
    plugged = row.get("plugged", options.plugged_text)
    try:
        daily = read_plugged(plugged)
    except BadInput as error:
        raise BadInput(f"{where}: {error}" if row else str(error)) from None
    need = row.get("need_kwh", options.need_kwh)
    phases = whole(row.get("phases", str(options.car_phases)), 1, options.phases, f"{where}: phases")
    model = row.get("car", "plain")
    if model not in MODELS:
        raise BadInput(f"{where}: {model} is none of the car models: {', '.join(MODELS)}")
    wiring = row.get("wiring", "")
    lines = tuple(int(each) - 1 for each in wiring if each in "123") or (0, 1, 2)
    if wiring and wiring.replace("l1", "").replace("l2", "").replace("l3", ""):
        raise BadInput(f"{where}: wiring {wiring}: write l2l3l1, or l2")
    if len(lines) < phases:
        raise BadInput(f"{where}: a car on {phases} phases needs so many in wiring {wiring}")
    return Car(
        plugged_intervals(daily, house.clock, house.start_ms, house.duration_ms),
        None if need is None else round(decimal(str(need), 0, 100000, f"{where}: need_kwh") * 1_000_000),
        round(decimal(row.get("car_a", str(options.car_a)), 6, 80, f"{where}: car_a") * 1000),
        phases,
        model,
        whole(row.get("priority", "0"), 0, 3, f"{where}: priority"),
        (*lines, *(each for each in range(3) if each not in lines)),
        wiring,
    )


def whole(text: str, low: int, high: int, what: str) -> int:
    """Returns a whole number in its range; BadInput for another."""
    if not text.isdigit() or not low <= int(text) <= high:
        raise BadInput(f"{what} {text}: give {low} to {high}")
    return int(text)


def decimal(text: str, low: float, high: float, what: str) -> float:
    """Returns a number in its range; BadInput for another."""
    try:
        value = float(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise BadInput(f"{what} {text}: give {low:g} to {high:g}")
    return value


@dataclass
class Charger:
    """What one charger did so far."""

    car: Car
    state: str = "A"
    offered_ma: int = 0
    closed: bool = False
    drawn_ma: tuple[int, int, int] = (0, 0, 0)
    energy: int = 0  # mA x ms, over all phases
    changes: int = 0
    closings: int = 0
    came_ms: int = -1
    wait_ms: int = 0


@dataclass
class Score:
    """The figures of a run so far; `take` adds a line of the runner."""

    options: GroupOptions
    cars: list[Car]
    house_ma: tuple[int, int, int] = (0, 0, 0)
    t_ms: int = 0
    possible: float = 0.0  # mA x ms, over all phases
    over_ms: int = 0
    over_now_ms: int = 0
    over_longest_ms: int = 0
    over_ma: int = 0
    load_over_ms: int = 0
    load_over_ma: int = 0
    kills: int = 0
    leaderless_ms: int = 0
    leads: int = -1
    bus: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    chargers: list[Charger] = field(default_factory=list)
    changes: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    lanes: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """One for each car."""
        self.chargers = [Charger(car) for car in self.cars]

    def take(self, line: str) -> None:
        """Adds one line."""
        kind, _, rest = line.partition(" ")
        if kind not in "HCVLKBPZ" or not rest:
            raise SimulatorFailed(f"the runner said {line.strip()!r}")
        words = rest.split(maxsplit=4 if kind == "V" else -1)
        self._advance(int(words[0]))
        if kind == "H":
            self.house_ma = (int(words[1]), int(words[2]), int(words[3]))
        elif kind == "C":
            self._charger(words)
        elif kind == "V":
            place = int(words[1])
            self.chargers[place].changes += 1
            self.changes.append((self.t_ms, place, int(words[2]), int(words[3]), words[4].strip()))
        elif kind == "L":
            self.leads = int(words[1])
        elif kind == "K":
            self.kills += 1
        elif kind == "B":
            self.bus = (int(words[1]), int(words[2]), int(words[3]), int(words[4]), int(words[5]))

    def _charger(self, words: list[str]) -> None:
        one = self.chargers[int(words[1])]
        closed = words[4] != "0"
        one.closings += closed and not one.closed
        one.state, one.offered_ma, one.closed = words[2], int(words[3]), closed
        one.drawn_ma = (int(words[5]), int(words[6]), int(words[7]))
        if one.state in "AF" and one.came_ms >= 0 and not self._plugged(one):
            one.came_ms = -1
        if one.came_ms < 0 and self._plugged(one):
            one.came_ms = self.t_ms
        if one.came_ms >= 0 and max(one.drawn_ma) >= 1000:
            one.wait_ms = max(one.wait_ms, self.t_ms - one.came_ms)
            one.came_ms = 1 << 60

    def _plugged(self, one: Charger) -> bool:
        return any(from_ms <= self.t_ms < to_ms for from_ms, to_ms in one.car.plugged_ms)

    def _advance(self, t_ms: int) -> None:
        span_ms, self.t_ms = t_ms - self.t_ms, t_ms
        if span_ms <= 0:
            return
        sums, due = [0, 0, 0], [0, 0, 0]
        for one in self.chargers:
            one.energy += sum(one.drawn_ma) * span_ms
            allowed_ma = one.offered_ma if one.closed else 0
            for phase in range(3):
                sums[phase] += one.drawn_ma[phase]
                due[phase] += min(one.drawn_ma[phase], allowed_ma)
        excess_ma = load_ma = 0
        for phase in range(3):
            if sums[phase]:
                over_ma = self.house_ma[phase] + due[phase] - self.breaker_ma
                excess_ma = max(excess_ma, over_ma, due[phase] - self.options.group_ma)
                load_ma = max(load_ma, self.house_ma[phase] + sums[phase] - self.breaker_ma)
        self.over_now_ms = self.over_now_ms + span_ms if excess_ma > OVER_MA else 0
        if self.over_now_ms > OWN_MS:
            self.over_ms += min(span_ms, self.over_now_ms - OWN_MS)
            self.over_ma = max(self.over_ma, excess_ma)
            self.over_longest_ms = max(self.over_longest_ms, self.over_now_ms)
        if load_ma > OVER_MA:
            self.load_over_ms += span_ms
            self.load_over_ma = max(self.load_over_ma, load_ma)
        self.possible += self._possible(t_ms - span_ms) * span_ms
        if self.leads < 0:
            self.leaderless_ms += span_ms
        lane = (t_ms - span_ms, *self.house_ma, *sums, *(max(one.drawn_ma) for one in self.chargers))
        if not self.lanes or self.lanes[-1][1:] != lane[1:]:
            self.lanes.append(lane)

    @property
    def breaker_ma(self) -> int:
        """Returns the supply's rating."""
        return round(self.options.breaker_a * 1000)

    def _possible(self, at_ms: int) -> float:
        """The most that all who are plugged in could take now, over all phases, in mA."""
        three_ma, one_ma = 0, [0, 0, 0]
        for one in self.chargers:
            if any(from_ms <= at_ms < to_ms for from_ms, to_ms in one.car.plugged_ms):
                used = one.car.lines[: min(one.car.phases, int(MODELS[one.car.car].phases))]
                if len(used) == 3:
                    three_ma += one.car.car_ma
                else:
                    for phase in used:
                        one_ma[phase] += one.car.car_ma
        free = [max(min(self.breaker_ma - house_ma, self.options.group_ma), 0) for house_ma in self.house_ma]
        free = [each if each >= MIN_MA else 0 for each in free]
        return best(three_ma, one_ma, free)

    def figures(self) -> dict[str, object]:
        """Returns the figures for machines."""
        volts = self.options.volts
        needs = [each.need_mwh for each in self.cars]
        kwh = [one.energy * volts / MA_MS_V_PER_KWH for one in self.chargers]
        possible = self.possible * volts / MA_MS_V_PER_KWH
        if all(need is not None for need in needs):
            taken = [
                min((need or 0) / 1e6, wished(each, volts, self.t_ms))
                for need, each in zip(needs, self.cars, strict=True)
            ]
            possible = min(possible, sum(taken))
        parts = [
            got / (each.need_mwh / 1e6 if each.need_mwh else max(wished(each, volts), 1e-9))
            for got, each in zip(kwh, self.cars, strict=True)
        ]
        waiting = [self.t_ms - one.came_ms for one in self.chargers if 0 <= one.came_ms < 1 << 60]
        days = max(self.t_ms / DAY_MS, 1e-9)
        return {
            "duration_s": self.t_ms / 1000,
            "energy_kwh": round(sum(kwh), 3),
            "clairvoyant_kwh": round(possible, 3),
            "share": round(sum(kwh) / possible, 4) if possible else None,
            "over_s": self.over_ms / 1000,
            "over_longest_s": self.over_longest_ms / 1000,
            "over_a": self.over_ma / 1000,
            "load_over_s": round(self.load_over_ms / 1000, 1),
            "load_over_a": self.load_over_ma / 1000,
            "first_ampere_longest_s": max([one.wait_ms for one in self.chargers] + waiting) / 1000,
            "turn_longest_s": self.bus[4] / 1000,
            "jain": round(jain(parts), 4),
            "changes_a_day": round(sum(one.changes for one in self.chargers) / days / len(self.chargers), 1),
            "closings_a_day": round(sum(one.closings for one in self.chargers) / days / len(self.chargers), 1),
            "leader_killed": self.kills,
            "leaderless_s": round(self.leaderless_ms / 1000, 1),
            "frames": self.bus[0],
            "frames_lost": self.bus[1],
            "mishaps": self.bus[3],
            "each_kwh": [round(each, 2) for each in kwh],
            "each_closings": [one.closings for one in self.chargers],
        }


def best(three_ma: int, one_ma: list[int], free: list[int]) -> float:
    """Returns the most that cars on three phases and on one can take together, in mA over all phases: the best of the corners."""
    most = 0.0
    for corner in {0, min(three_ma, *free), *(free[phase] - one_ma[phase] for phase in range(3))}:
        together = max(min(corner, three_ma, *free), 0)
        most = max(most, 3 * together + sum(min(one_ma[phase], free[phase] - together) for phase in range(3)))
    return most


def wished(each: Car, volts: int, until_ms: int = 1 << 60) -> float:
    """Returns what the car could have taken while it was there, in kWh."""
    there_ms = sum(max(min(to_ms, until_ms) - from_ms, 0) for from_ms, to_ms in each.plugged_ms)
    return there_ms * each.car_ma * each.phases * volts / MA_MS_V_PER_KWH


def jain(parts: Iterable[float]) -> float:
    """Returns Jain's index of fairness: 1 where all have the same part."""
    every = list(parts)
    squares = sum(each * each for each in every)
    return sum(every) ** 2 / (len(every) * squares) if squares else 1.0


@dataclass(frozen=True)
class Done:
    """A run that went well. speed_x: simulated seconds per second."""

    options: GroupOptions
    score: Score
    house: House
    speed_x: float

    def figures(self) -> dict[str, object]:
        """Returns the figures for machines."""
        return self.score.figures()

    def told(self) -> list[str]:
        """Returns what is printed."""
        options, found = self.options, self.score.figures()
        safe = f"safe share {options.safe_ma / 1000:g} A each" if options.safe_ma else "no safe share"
        lines = [
            f"{options.chargers} chargers share {options.group_ma / 1000:g} A of a {options.breaker_a:g} A supply: "
            f"{options.share}, {safe}",
            f"time            {found['duration_s']:.0f} s, {self.speed_x:.0f} times faster than life",
            f"energy          {found['energy_kwh']} kWh of {found['clairvoyant_kwh']} possible: "
            f"{found['share']} of the clairvoyant",
            f"overload        {found['over_s']} s beyond the cars' own reaction; with it {found['load_over_s']} s, "
            f"at most {found['load_over_a']} A",
            f"first ampere    after {found['first_ampere_longest_s']} s at the latest; longest wait for a turn "
            f"{found['turn_longest_s']} s",
            f"fairness        {found['jain']}, Jain's index",
            f"each charger    {found['changes_a_day']} changes of the offer and {found['closings_a_day']} closings a day",
            f"bus             {found['frames']} frames, {found['frames_lost']} lost on the way to a listener",
            f"leader          killed {found['leader_killed']} times; nobody led for {found['leaderless_s']} s in all",
        ]
        each_kwh = [one.energy * options.volts / MA_MS_V_PER_KWH for one in self.score.chargers]
        return lines + [
            f"  charger {number:2}    {kwh:8.2f} kWh, contactor closed {one.closings} x"
            for number, (one, kwh) in enumerate(zip(self.score.chargers, each_kwh, strict=True), 1)
        ]


def run(options: GroupOptions, warn: Callable[[str], None], watch: Callable[[int, int, str], None]) -> Done:
    """Runs it and writes the files asked for: all of them, or none if anything goes wrong."""
    check(options)
    with ExitStack() as stack:
        outputs = {option: stack.enter_context(Output(path, option)) for option, path in options.outputs()}
        done = simulate(options, warn, watch)
        if "--json" in outputs:
            outputs["--json"].file.write(json.dumps(done.figures(), indent=2) + "\n")
        if "--series" in outputs:
            write_series(outputs["--series"].file, done.score)
        if "--report" in outputs:
            from headroom_tools.sim import group_report

            group_report.write(outputs["--report"].file, done.told(), drawn(done.score, done.house))
        for output in outputs.values():
            output.finish()
        for output in outputs.values():
            output.keep()
        return done


def simulate(options: GroupOptions, warn: Callable[[str], None], watch: Callable[[int, int, str], None]) -> Done:
    """Runs it."""
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        rows = Path(folder) / "rows.txt"
        with (
            Trace(options.trace_path, options.volts, read_told(options.columns)) as trace,
            rows.open("w") as file,
        ):
            house = prepare(trace, options.from_, options.to, options.phases, file)
        for warning in trace.all_told() if options.trace else trace.warnings:
            warn(warning)
        cars = read_cars(options, house)
        scenario: dict[str, object] = {
            "rows": str(rows),
            "cars": [each.scenario() for each in cars],
            "breaker_ma": round(options.breaker_a * 1000),
            "settings": {"group_ma": options.group_ma, "group_safe_ma": options.safe_ma, "group_share": options.share},
            "loss_permille": round(options.bus_loss * 1000),
            "kill_every_ms": round(options.leader_dies_min * 60000),
            "kill_ms": DEAD_MS,
            "duration_ms": house.duration_ms,
            "seed": options.seed + 1,
            "volts": options.volts,
        }
        score = Score(options, cars)
        began = time.monotonic()
        command = runner.choose_vm(options.vm, warn)[1]
        command = [f"heapsize={HEAP}" if word.startswith("heapsize=") else word for word in command[:-1]] + [
            str(RUNNER)
        ]
        with runner.running(command, scenario, Path(folder)) as lines:
            for line in lines:
                score.take(line)
                if line.startswith("P"):
                    watch(score.t_ms, house.duration_ms, "")
        return Done(options, score, house, house.duration_ms / 1000 / max(time.monotonic() - began, 1e-6))


def write_series(file: IO[str], score: Score) -> None:
    """Writes what house, group and each car drew, a row at each change."""
    names = [f"house_l{phase}_a" for phase in (1, 2, 3)] + [f"group_l{phase}_a" for phase in (1, 2, 3)]
    file.write(",".join(["t_s", *names, *(f"car{number}_a" for number in range(1, len(score.cars) + 1))]) + "\n")
    for lane in score.lanes:
        file.write(",".join([f"{lane[0] / 1000:.3f}", *(f"{ma / 1000:.3f}" for ma in lane[1:])]) + "\n")


def drawn(score: Score, house: House) -> dict[str, object]:
    """Returns what the report's script draws: columns of integers, times in ms from the start of the run; L1 of the supply."""
    thinned = Thinned(MAX_POINTS)
    for lane in score.lanes:
        thinned.add((lane[0], lane[1], lane[4], *lane[7:]))
    points = [*thinned.all(), (score.t_ms, *thinned.all()[-1][1:])]
    columns = [list(column) for column in zip(*points, strict=True)]
    marks: list[list[list[object]]] = [[] for _ in score.cars]
    changes: list[list[object]] = []
    for t_ms, place, from_ma, to_ma, why in score.changes:
        if shown(from_ma) != shown(to_ma):
            marks[place].append([t_ms, to_ma, f"{shown(from_ma)} \u2192 {shown(to_ma)}: {why}"])
            label = house.clock.label(house.start_ms + t_ms)
            changes.append([t_ms, label, place + 1, shown(from_ma), shown(to_ma), to_ma > from_ma, why])
    came = [[from_ms, place + 1] for place, one in enumerate(score.cars) for from_ms, _ in one.plugged_ms if from_ms]
    return {
        "zero_ms": house.clock.wall_ms(house.start_ms),
        "limit_ma": score.breaker_ma,
        "t": columns[0],
        "house": columns[1],
        "group": columns[2],
        "cars": columns[3:],
        "marks": [each[:: len(each) // MAX_MARKS + 1] for each in marks],
        "changes": changes[:MAX_ROWS],
        "left_out": len(changes[MAX_ROWS:]),
        "came": came,
        "offered": [
            [[0, *(t_ms for t_ms, each, *_ in score.changes if each == place)], [0, *offers_of(score, place)]]
            for place in range(len(score.cars))
        ],
    }


def offers_of(score: Score, place: int) -> Iterable[int]:
    """Returns what a charger offered, change by change."""
    return (to_ma for _, each, _, to_ma, _ in score.changes if each == place)
