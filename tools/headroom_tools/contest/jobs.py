"""One run of a contest: a house, a law and a car on the bench, and what came of it. Jobs can go to other processes."""

import dataclasses
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.world import houses, seconds
from bench.world.breaker import CURVES

from headroom_tools.sim import clairvoyant, runner, stream
from headroom_tools.sim.clocks import DAY_MS, Clock
from headroom_tools.sim.options import Options
from headroom_tools.sim.report import Thinned
from headroom_tools.sim.scenario import Scenario, plugged_intervals, read_plugged
from headroom_tools.sim.scoring import Score, Scorer, Trips
from headroom_tools.sim.set_up import at_start, roof_on, scenario_of, set_up
from headroom_tools.sim.stream import Record, Segment

Settings = tuple[tuple[str, int | str], ...]

NOON_MS = DAY_MS // 2
EVENING_MS = DAY_MS * 3 // 4
AROUND_MS = 600_000
SERIES_POINTS = 3000
CLAIRVOYANT = "clairvoyant"
CURVE = "typical"
OTHER_CURVES = tuple(curve for curve in CURVES if curve != CURVE)


@dataclass(frozen=True)
class House:
    """A trace, and what was told of its columns; or the seed of a generated day; with seconds: an evening seen at one second;
    with calm: a mild one.
    """

    trace: Path | None
    day: int | None
    columns: str | None = None
    seconds: bool = False
    calm: bool = False

    @property
    def name(self) -> str:
        """Returns what people call it."""
        if self.trace is not None:
            return self.trace.name
        return f"{'calm ' if self.calm else ''}evening {self.day}" if self.seconds else f"day {self.day}"


@dataclass(frozen=True)
class Job:
    """What to run: a house, a law with settings of its own (of the firmware, as pairs), all else as `headroom sim` takes it."""

    house: House
    law: str
    own: Settings
    options: Options
    series: bool = False
    met: tuple[str, ...] = ()  # what a campaign counts, beside the car


@dataclass(frozen=True)
class Outcome:
    """score: on the typical breaker; trips: the added ones per curve. series: (t_ms, house_ma, car_ma), worst phase."""

    score: Score
    trips: dict[str, int]
    hot_openings: int
    last_resorts: int
    start_ms: int
    series: list[tuple[int, ...]]

    def added_trips(self, clairvoyant: "Outcome", curve: str) -> int:
        """Returns how many trips of such a breaker the clairvoyant does not have in the same house: above the rating it
        is the house alone that loads its breaker.
        """
        return max(self.trips[curve] - clairvoyant.trips[curve], 0)


class Tally:
    """Takes the records of a run and keeps all that a contest asks of them."""

    def __init__(self, scenario: Scenario, series: bool, switches: bool) -> None:
        """series: whether the currents are kept for a picture; switches: False for a car that needs no time to stop."""
        self.switches = switches
        self.scorer = Scorer(scenario, CURVE)
        self.others = {curve: Trips(scenario, curve) for curve in OTHER_CURVES}
        self.series = Thinned(SERIES_POINTS) if series else None
        self.drawn = scenario.drawn
        self.before: Segment | None = None
        self.hot_openings = 0
        self.last_resorts = 0

    def take(self, record: Record) -> None:
        """Adds one record."""
        self.scorer.take(record)
        if isinstance(record, Segment):
            self._take_segment(record)
        elif isinstance(record, stream.Change):
            self.last_resorts += record.to_ma == 0 and LAST_RESORT in record.why

    def _take_segment(self, now: Segment) -> None:
        before, self.before = self.before, now
        if self.switches and before and before.closed and not now.closed and max(before.car_ma) > HOT_MA:
            self.hot_openings += 1
        for trips in self.others.values():
            trips.take(now)
        if self.series is not None:
            self.series.add((now.from_ms, max(now.house_ma[phase] for phase in self.drawn), max(now.car_ma)))

    def outcome(self, start_ms: int) -> Outcome:
        """Returns what it came to."""
        score = self.scorer.score()
        trips = {CURVE: score.trips, **{curve: trips.added() for curve, trips in self.others.items()}}
        points = self.series.all() if self.series is not None else []
        return Outcome(score, trips, self.hot_openings, self.last_resorts, start_ms, points)


#: an opening above this current was under load
HOT_MA = 1000
#: in the firmware's words for the fault that opens the contactor before the breaker does
LAST_RESORT = "breaker would not wait"


def told_of(curve: str) -> Settings:
    """Returns the settings that tell the charger how fast its breaker is."""
    return (("breaker_curve", curve),)


def work(job: Job) -> Outcome:
    """Runs one job: on the bench, or for the clairvoyant by arithmetic."""
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        trace_file = Path(folder) / "trace.txt"
        scenario, start_ms = prepare(job, trace_file)
        tally = Tally(scenario, job.series, job.law != CLAIRVOYANT)
        if job.law == CLAIRVOYANT:
            for segment in clairvoyant.records(rows(trace_file), scenario):
                tally.take(segment)
        else:
            _, command = runner.choose_vm(job.options.vm, lambda _: None)
            with runner.running(command, scenario.for_runner(str(trace_file)), Path(folder)) as lines:
                for record in stream.read(lines):
                    tally.take(record)
        return tally.outcome(start_ms)


def rows(trace_file: Path) -> Iterator[tuple[int, int, int, int]]:
    """Yields what the runner reads."""
    with trace_file.open() as file:
        for line in file:
            t_ms, first, second, third = map(int, line.split())
            yield t_ms, first, second, third


def prepare(job: Job, trace_file: Path) -> tuple[Scenario, int]:
    """Writes the house to trace_file and returns the scenario, and when the run begins in ms of the day."""
    if job.house.trace is None:
        scenario, start_ms = generated(job, trace_file)
    else:
        house, scenario = set_up(
            dataclasses.replace(job.options, trace=job.house.trace, columns=job.house.columns),
            trace_file,
            lambda _: None,
        )
        start_ms = house.clock.of_day_ms(house.start_ms)
    law = "headroom" if job.law == CLAIRVOYANT else job.law
    own = tuple({**dict(scenario.settings), **dict(job.own)}.items())
    return dataclasses.replace(scenario, law=law, settings=own), start_ms


def generated(job: Job, trace_file: Path) -> tuple[Scenario, int]:
    """The same for a generated day: from ten minutes before the car comes until ten minutes after it has gone.

    A generated evening begins at 18:00, and the car is there from the first moment to the last.
    """
    options, house = job.options, job.house
    assert house.day is not None
    if house.seconds:
        with trace_file.open("w") as file:
            for row in seconds.evening(house.day, options.phases, options.breaker_a, house.calm):
                file.write("{} {} {} {}\n".format(*row))
        roof_on(options, trace_file, Clock(), EVENING_MS, seconds.SPAN_MS)
        told = at_start(options.clock, Clock(), EVENING_MS)
        return scenario_of(options, ((0, seconds.SPAN_MS),), seconds.SPAN_MS, told), EVENING_MS
    day = houses.day(house.day, options.phases, options.breaker_a)
    stays = plugged_intervals(read_plugged(options.plugged_text), Clock(), NOON_MS, DAY_MS)
    start_ms = max(stays[0][0] - AROUND_MS, 0)
    end_ms = min(stays[-1][1] + AROUND_MS, DAY_MS)
    inside = [row for row in day if start_ms < row[0] < end_ms]
    before = [row for row in day if row[0] <= start_ms][-1]
    with trace_file.open("w") as file:
        for t_ms, first, second, third in [before, *inside]:
            file.write(f"{max(t_ms - start_ms, 0)} {first} {second} {third}\n")
    stays = tuple((from_ms - start_ms, to_ms - start_ms) for from_ms, to_ms in stays)
    roof_on(options, trace_file, Clock(), start_ms + NOON_MS, end_ms - start_ms)
    told = at_start(options.clock, Clock(), start_ms + NOON_MS)
    return scenario_of(options, stays, end_ms - start_ms, told), (start_ms + NOON_MS) % DAY_MS
