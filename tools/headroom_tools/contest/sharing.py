"""`headroom versus --group`: who gets what on one circuit, by this firmware's sharing, other projects' and published schedulers.

The same sessions for every law, on the bench of sharing laws (bench/sessions.py). Energy is the cars'; need is what a driver
asked for, and no more than the car could take while it stood there; fairness is Jain's index of what each session got over what
it needed; a change is one of the pilot by 0.1 A or more, of a charger with a car.
"""

import importlib.util
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from bench import sharing
from bench.sessions import PHASES, Sessions, Stay
from bench.world.car import Random

from headroom_tools.common import pool
from headroom_tools.common.errors import BadInput
from headroom_tools.common.knobs import knobs, option_of
from headroom_tools.contest.versus import MOST_DAYS, Contest
from headroom_tools.sim.clocks import DAY_MS, Clock
from headroom_tools.sim.group import MA_MS_V_PER_KWH, MOST, GroupOptions, best, jain, read_cars
from headroom_tools.sim.house import House, prepare
from headroom_tools.sim.options import check
from headroom_tools.sim.told import read_told
from headroom_tools.sim.traces import Trace

CHARGERS = 8
VOLTS = 230
MINUTE_MS = 60_000
NOON_MS = DAY_MS // 2
SEEN_MS = 120_000  # a point of the page's picture
HOURS_SHOWN = 48
INSTALL = ".venv/bin/pip install -c tools/constraints.txt -e '.[contest]'"
#: what a group can be told of Contest's options
TAKES = ("group", "chargers", "cars", "traces", "columns", "days", "seed", "breakers_a", "json", "report", "jobs")
VISITOR = 4  # each so manieth charger has one
CARS_A = (16, 20, 32)


@dataclass(frozen=True)
class Session:
    """A car's stay at a charger, in ms from the start; need_mwh None: all that it can get. lines: the supply's phases."""

    place: int
    from_ms: int
    to_ms: int
    need_mwh: int | None
    car_ma: int
    lines: tuple[int, ...]
    car: str = "plain"
    priority: int = 0

    def stay(self) -> Stay:
        """Returns it as the bench has it."""
        need = None if self.need_mwh is None else self.need_mwh * (MA_MS_V_PER_KWH // 1_000_000) // VOLTS
        return Stay(self.from_ms, self.to_ms, need, self.car_ma, self.lines, self.car, self.priority)


@dataclass(frozen=True)
class Task:
    """One law on one supply."""

    law: str
    breaker_a: float
    chargers: int
    sessions: tuple[Session, ...]
    rows: tuple[tuple[int, int, int, int], ...]
    duration_ms: int
    seed: int
    series: bool

    @property
    def span_ms(self) -> tuple[int, int]:
        """Returns from when to when there is something to share: from a minute before the first car until the last has gone."""
        from_ms = max(min(session.from_ms for session in self.sessions) - MINUTE_MS, 0)
        return from_ms, min(max(session.to_ms for session in self.sessions), self.duration_ms)


@dataclass(frozen=True)
class Row:
    """What a law came to. series: for each point the time and what each charger's car drew, in mA."""

    law: str
    name: str
    source: str
    setting: str
    energy_kwh: float
    need_kwh: float
    possible_kwh: float
    unmet: int
    least: float
    jain: float
    changes_a_day: float
    closings_a_day: float
    wait_longest_s: float
    over_as: float
    over_longest_s: float
    over_a: float
    series: tuple[tuple[int, ...], ...] = ()

    def figures(self) -> dict[str, object]:
        """Returns what JSON gets."""
        kept = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "series"}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in kept.items()}

    def cells(self) -> list[str]:
        """Returns what the table shows of it, column by column."""
        return [
            f"{self.energy_kwh:.1f}",
            f"{self.need_kwh - self.energy_kwh:.1f}",
            str(self.unmet),
            f"{self.least:.2f}",
            f"{self.jain:.3f}",
            f"{self.changes_a_day:.0f}",
            f"{self.closings_a_day:.1f}",
            f"{self.wait_longest_s:.0f}",
            f"{self.over_as:.0f}",
            f"{self.over_longest_s:.0f}",
            f"{self.over_a:.1f}",
        ]


@dataclass(frozen=True)
class Standing:
    """All that came out: for each supply its rows. missing: laws whose package is not there."""

    contest: Contest
    chargers: int
    sessions: tuple[Session, ...]
    duration_ms: int
    supplies: tuple[tuple[float, tuple[Row, ...]], ...]
    missing: tuple[str, ...]
    too_many: tuple[str, ...]

    def figures(self) -> dict[str, object]:
        """Returns what `--json` promises: the same bytes for the same seed, whatever the number of jobs."""
        return {
            "seed": self.contest.seed,
            "chargers": self.chargers,
            "sessions": len(self.sessions),
            "duration_s": self.duration_ms // 1000,
            "missing": list(self.missing),
            "supplies": [
                {"breaker_a": breaker_a, "laws": [row.figures() for row in rows]} for breaker_a, rows in self.supplies
            ],
        }

    def notes(self) -> list[str]:
        """Returns what is to be said of who does not stand in the table."""
        lines = []
        if self.missing:
            lines.append(
                f"Not run, for {sharing.PACKAGE} is not installed: {', '.join(self.missing)}. To add: {INSTALL}"
            )
        if self.too_many:
            lines.append(f"Not run, for they share among fewer chargers: {', '.join(self.too_many)}")
        return lines


def refuse(contest: Contest) -> None:
    """BadInput for what a group's contest cannot be asked."""
    for name, (knob, _, field) in knobs(Contest).items():
        if name not in TAKES and getattr(contest, name) != field.default:
            raise BadInput(f"{option_of(name, knob)} does not go with --group: a charger's car stands in --cars")
    chargers = contest.chargers if contest.chargers is not None else CHARGERS
    if not 2 <= chargers <= MOST:
        raise BadInput(f"--chargers {chargers}: a group has 2 to {MOST}")
    if len(contest.traces) > 1:
        raise BadInput("--group takes one --trace: what the house draws beside the chargers")
    if contest.traces and contest.days is not None:
        raise BadInput("--days has no effect with --group --trace: the sessions last as long as the trace")
    if contest.days is not None and not 1 <= contest.days <= MOST_DAYS:
        raise BadInput(f"--days {contest.days}: give 1 or more")
    check(group_options(contest, contest.breakers_a[0]))
    pool.check(contest.jobs)
    if len(set(contest.breakers_a)) < len(contest.breakers_a):
        raise BadInput("--breaker-a names a supply twice")


def group_options(contest: Contest, breaker_a: float) -> GroupOptions:
    """Returns the same as `headroom sim --chargers` would be asked."""
    return GroupOptions(
        chargers=contest.chargers if contest.chargers is not None else CHARGERS,
        cars=contest.cars,
        trace=contest.traces[0] if contest.traces else None,
        columns=contest.columns,
        breaker_a=breaker_a,
        phases=3,
        car_phases=3,
        seed=contest.seed,
        json=contest.json,
        report=contest.report,
        plugged="18:00-07:00",
    )


def house_of(contest: Contest, warn: Callable[[str], None]) -> tuple[House, tuple[tuple[int, int, int, int], ...]]:
    """Returns the time that the contest has, and what the house draws beside: without a trace nothing, from noon on."""
    if not contest.traces:
        return House(Clock(), NOON_MS, (contest.days or 1) * DAY_MS, 0), ()
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        place = Path(folder) / "rows.txt"
        with Trace(contest.traces[0], VOLTS, read_told(contest.columns)) as trace, place.open("w") as file:
            house = prepare(trace, None, None, PHASES, file)
        for warning in trace.all_told():
            warn(warning)
        return house, tuple(four(line) for line in place.read_text().splitlines())


def four(line: str) -> tuple[int, int, int, int]:
    """Returns a row of a prepared trace."""
    t_ms, one, two, three = map(int, line.split())
    return t_ms, one, two, three


def told(contest: Contest, house: House) -> Iterator[Session]:
    """Yields the sessions that --cars has: each car comes daily, and needs so much each time."""
    for place, each in enumerate(read_cars(group_options(contest, contest.breakers_a[0]), house)):
        for from_ms, to_ms in each.plugged_ms:
            lines = each.lines[: each.phases]
            yield Session(place, from_ms, to_ms, each.need_mwh, each.car_ma, lines, each.car, each.priority)


def made(chargers: int, seed: int, house: House) -> Iterator[Session]:
    """Yields generated ones: residents come home in the evening and stay; at each fourth charger a visitor stays for hours.

    What they need is theirs to choose, so it is chosen: 8 to 40 kWh, a visitor 5 to 20; some have one phase, rotated.
    """
    random = Random(seed + 1)
    noon_ms = -((house.clock.of_day_ms(house.start_ms) - NOON_MS) % DAY_MS)
    for day_ms in range(noon_ms, house.duration_ms, DAY_MS):
        for place in range(chargers):
            visitor = place % VISITOR == VISITOR - 1
            from_ms = (
                day_ms + random.between(120, 480) * MINUTE_MS
                if visitor
                else day_ms + random.between(240, 510) * MINUTE_MS
            )
            to_ms = (
                from_ms + random.between(90, 240) * MINUTE_MS
                if visitor
                else day_ms + random.between(1080, 1230) * MINUTE_MS
            )
            lines = (0, 1, 2) if random.between(0, 9) < 6 else (place % PHASES,)
            car_ma = CARS_A[random.between(0, len(CARS_A) - 1)] * 1000
            need_mwh = (random.between(5, 20) if visitor else random.between(8, 40)) * 1_000_000
            if from_ms >= 0 and to_ms <= house.duration_ms:
                yield Session(place, from_ms, to_ms, need_mwh, car_ma, lines)


def work(task: Task) -> Row:
    """Runs one law through the sessions."""
    stays: list[list[Stay]] = [[] for _ in range(task.chargers)]
    for session in task.sessions:
        stays[session.place].append(session.stay())
    kind = sharing.kind(task.law)
    from_ms, until_ms = task.span_ms
    world = Sessions(task.rows, stays, round(task.breaker_a * 1000), kind, task.seed + 1, from_ms)
    series: list[tuple[int, ...]] = []

    def watch(now: Sessions) -> None:
        if now.t_ms % SEEN_MS == 0 and now.t_ms <= HOURS_SHOWN * 60 * MINUTE_MS:
            series.append((now.t_ms, *(place.drawn_ma() * len(place.lines) for place in now.places)))

    world.run(until_ms, watch if task.series else None)
    return row_of(task, world, kind, tuple(series))


def row_of(task: Task, world: Sessions, kind: type, series: tuple[tuple[int, ...], ...]) -> Row:
    """Returns the figures of a run."""
    every = [stay for place in world.places for stay in place.stays]
    parts = [stay.got_mams / stay.asked_mams() for stay in every]
    per_kwh = MA_MS_V_PER_KWH / VOLTS
    from_ms, until_ms = task.span_ms
    days = (until_ms - from_ms) / DAY_MS * task.chargers
    waits = [stay.to_ms - stay.from_ms if stay.wait_ms < 0 else stay.wait_ms for stay in every]
    need_kwh = sum(stay.asked_mams() for stay in every) / per_kwh
    return Row(
        law=task.law,
        name=sharing.LAWS[task.law][0],
        source=kind.source,  # type: ignore[attr-defined]
        setting=kind.setting,  # type: ignore[attr-defined]
        energy_kwh=sum(stay.got_mams for stay in every) / per_kwh,
        need_kwh=need_kwh,
        possible_kwh=min(possible(task) * VOLTS / MA_MS_V_PER_KWH, need_kwh),
        unmet=sum(part < 0.99 for part in parts),
        least=min(parts),
        jain=jain(parts),
        changes_a_day=sum(place.changes for place in world.places) / days,
        closings_a_day=sum(place.closings for place in world.places) / days,
        wait_longest_s=max(waits) / 1000,
        over_as=world.over_mams / 1e6,
        over_longest_s=world.over_longest_ms / 1000,
        over_a=world.worst_ma / 1000,
        series=series,
    )


def possible(task: Task) -> float:
    """Returns what the circuit could have given to cars that always take all, minute by minute, in mA ms over all phases."""
    rows = iter(task.rows)
    following = next(rows, None)
    house = (0, 0, 0)
    total = 0.0
    for at_ms in range(0, task.duration_ms, MINUTE_MS):
        while following is not None and following[0] <= at_ms:
            house = following[1:]
            following = next(rows, None)
        three_ma, one_ma = 0, [0, 0, 0]
        for session in task.sessions:
            if session.from_ms <= at_ms < session.to_ms:
                if len(session.lines) == PHASES:
                    three_ma += session.car_ma
                else:
                    for line in session.lines:
                        one_ma[line] += session.car_ma
        free = [max(round(task.breaker_a * 1000) - ma, 0) for ma in house]
        total += best(three_ma, one_ma, free) * MINUTE_MS
    return total


def compete(contest: Contest, warn: Callable[[str], None], watch: Callable[[int, int, str], None]) -> Standing:
    """Runs every law on every supply, on all cores; watch gets (runs done, runs, what was done)."""
    refuse(contest)
    chargers = contest.chargers if contest.chargers is not None else CHARGERS
    house, rows = house_of(contest, warn)
    sessions = tuple(told(contest, house) if contest.cars else made(chargers, contest.seed, house))
    if not sessions:
        raise BadInput("no car comes during this time: there is nothing to share")
    there = importlib.util.find_spec(sharing.PACKAGE) is not None
    laws, missing, too_many = [], [], []
    for law, (name, _, _) in sharing.LAWS.items():
        if sharing.is_scheduled(law) and not there:
            missing.append(name)
        elif chargers > sharing.kind(law).most:
            too_many.append(name)
        else:
            laws.append(law)
    tasks = [
        Task(law, breaker_a, chargers, sessions, rows, house.duration_ms, contest.seed, contest.report is not None)
        for breaker_a in contest.breakers_a
        for law in laws
    ]
    done: list[Row] = []
    for row in pool.in_order(work, tasks, contest.jobs or pool.cores()):
        done.append(row)
        watch(len(done), len(tasks), row.name)
    supplies = tuple(
        (breaker_a, tuple(done[at * len(laws) : (at + 1) * len(laws)]))
        for at, breaker_a in enumerate(contest.breakers_a)
    )
    return Standing(contest, chargers, sessions, house.duration_ms, supplies, tuple(missing), tuple(too_many))
