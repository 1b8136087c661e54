"""`headroom versus`: other projects' laws, a fixed current and the clairvoyant on the bench that Headroom runs on."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated

from bench import rivals

from headroom_tools.common import pool
from headroom_tools.common.errors import BadInput
from headroom_tools.common.knobs import Knob
from headroom_tools.contest.jobs import CLAIRVOYANT, CURVE, OTHER_CURVES, House, Job, Outcome, Settings, told_of, work
from headroom_tools.sim.installed import refuse_dated_roof
from headroom_tools.sim.options import Options, Rig, check, check_rig
from headroom_tools.sim.scenario import read_plugged

MOST_DAYS = 10_000
DAY_PLUGGED = "17:00-07:00"
HEADROOM = "Headroom"
HEADROOM_TOLERANT = "Headroom, tolerant"
HEADROOM_FASTEST = "Headroom, fastest breaker"
TOLERANCE_PCT = 15

#: what the assumption about the other laws' meters is, in the words of the terminal and of the report
LATENCY = (
    "How old a reading is when a law sees it is assumed for every other law (no project states it); "
    "Headroom reads clamps of its own within 20 ms."
)


@dataclass(frozen=True)
class Contestant:
    """A row of the table: the law of the bench, the settings of the firmware, and what stands beside its name.

    told: what was set; source: whose code, as of when; meter: how often it sees the supply, and how late; answers_for: the
    breakers that may not trip by it.
    """

    name: str
    law: str
    settings: Settings
    told: str
    source: str
    meter: str
    answers_for: tuple[str, ...] = ()


OWN = "this firmware"
OWN_METER = "own clamps, every 20 ms"


def rival(law: str, name: str) -> Contestant:
    """Returns another project's law as its file tells of it."""
    kind = rivals.kind(law)
    every = f"every {kind.meter_ms / 1000:g} s, assumed {kind.latency_ms / 1000:g} s old" if kind.meter_ms else "none"
    return Contestant(name, law, (), kind.setting, kind.source, every)


#: a typical breaker may turn out slow, so a Headroom that was told of one answers for both
CONTESTANTS = (
    Contestant(
        HEADROOM, "headroom", (), "as it comes: breaker_curve typical, tolerance_pct 0", OWN, OWN_METER, (CURVE, "slow")
    ),
    Contestant(
        HEADROOM_TOLERANT,
        "headroom",
        (("tolerance_pct", TOLERANCE_PCT),),
        f"set tolerance_pct {TOLERANCE_PCT}: up to {TOLERANCE_PCT} % above the rating, as long as half of the breaker's "
        "thermal reserve is left",
        OWN,
        OWN_METER,
        (CURVE, "slow"),
    ),
    Contestant(
        HEADROOM_FASTEST,
        "headroom",
        told_of("fastest"),
        "set breaker_curve fastest: told that its breaker is the fastest that IEC 60898 allows, so it cuts and opens sooner",
        OWN,
        OWN_METER,
        ("fastest",),
    ),
    *(rival(law, name) for law, (name, _, _) in rivals.LAWS.items()),
    Contestant("clairvoyant", CLAIRVOYANT, (), "knows the future; its car follows at once", "arithmetic", "needs none"),
)


@dataclass(frozen=True)
class Contest(Rig):
    """What a person asks for; named as on the command line."""

    traces: Annotated[
        tuple[Path, ...], Knob("What a house draws; may be given several times.", "FILE", option="--trace")
    ] = ()
    days: Annotated[
        int | None,
        Knob("Generated household days; without --trace 3 are made, with it none.", "N", low=0, high=MOST_DAYS),
    ] = None
    seconds: Annotated[
        bool,
        Knob(
            "Instead of days two-hour evenings seen at one second, and energy against overload as a curve.",
            option="--seconds",
        ),
    ] = False
    calm: Annotated[
        bool,
        Knob("With --seconds: milder evenings, on which fewer appliances are in use.", option="--calm"),
    ] = False
    seed: Annotated[int, Knob("The same seed gives the same days and runs.", "N", low=0, high=2**30 - 1)] = 0
    breakers_a: Annotated[
        tuple[float, ...],
        Knob(
            "Rating of the supply's breaker; may be given several times.",
            "A",
            option="--breaker-a",
            low=6,
            high=125,
            unit="A",
        ),
    ] = (25.0,)
    plugged: Annotated[
        str | None,
        Knob(
            "When the car is there. Not given: always in a trace, 17:00-07:00 on a generated day.", "always|HH:MM-HH:MM"
        ),
    ] = None
    json: Annotated[Path | None, Knob("Write the figures as JSON; - is standard output.", "OUT|-")] = None
    report: Annotated[Path | None, Knob("Write one self-contained page to look at.", "OUT.html")] = None
    jobs: Annotated[int, Knob("Processes; 0 is one on each core.", "N")] = 0
    group: Annotated[
        bool,
        Knob("Instead of one car several on one supply: who gets what, beside published schedulers.", option="--group"),
    ] = False
    chargers: Annotated[int | None, Knob("So many chargers with --group; else 8.", "N")] = None
    cars: Annotated[
        Path | None,
        Knob("Their cars with --group, as for headroom sim: charger,plugged,need_kwh,… ; else generated.", "FILE"),
    ] = None

    @property
    def made(self) -> int:
        """Returns how many days are generated."""
        return self.days if self.days is not None else 0 if self.traces else 3

    def houses(self) -> list[House]:
        """Returns the traces, then the generated days, or evenings seen at one second."""
        return [House(trace, None, self.columns) for trace in self.traces] + [
            House(None, self.seed * MOST_DAYS + day, seconds=self.seconds, calm=self.calm) for day in range(self.made)
        ]

    def job(self, house: House, breaker_a: float, law: str, settings: Settings, series: bool) -> Job:
        """Returns one run of the contest."""
        plugged = self.plugged or ("always" if house.trace else DAY_PLUGGED)
        mine = {each.name: getattr(self, each.name) for each in fields(Rig)}
        options = Options(**mine, breaker_a=breaker_a, plugged=plugged, seed=self.seed)
        return Job(house, law, settings, options, series)


@dataclass(frozen=True)
class Row:
    """What one law came to on one supply, over all houses: sums, and the worst of what is a maximum."""

    name: str
    energy_kwh: float
    possible_kwh: float
    trips: dict[str, int]
    trips_without_car: int
    overload_a: float
    overload_as: float
    overload_s: float
    overload_longest_s: float
    pauses: int
    closings: int
    hot_openings: int
    wait_longest_s: float

    @property
    def share(self) -> float | None:
        """Returns the share of the clairvoyant's energy; None where nothing was possible."""
        return self.energy_kwh / self.possible_kwh if self.possible_kwh else None

    def figures(self) -> dict[str, object]:
        """Returns what JSON and the report get."""
        return {
            "law": self.name,
            "energy_kwh": round(self.energy_kwh, 4),
            "clairvoyant_kwh": round(self.possible_kwh, 4),
            "share": None if self.share is None else round(self.share, 4),
            "trips": self.trips,
            "trips_without_car": self.trips_without_car,
            "overload_a": round(self.overload_a, 3),
            "overload_as": round(self.overload_as, 1),
            "overload_s": round(self.overload_s, 1),
            "overload_longest_s": round(self.overload_longest_s, 2),
            "pauses": self.pauses,
            "contactor_closings": self.closings,
            "openings_under_load": self.hot_openings,
            "wait_longest_s": round(self.wait_longest_s, 1),
        }


@dataclass(frozen=True)
class Supply:
    """One supply's table, and the runs behind it: (house, contestant's name, outcome)."""

    breaker_a: float
    rows: list[Row]
    runs: list[tuple[House, str, Outcome]]


@dataclass(frozen=True)
class Standings:
    """All that came out."""

    contest: Contest
    supplies: list[Supply]

    def figures(self) -> dict[str, object]:
        """Returns what `--json` promises: the same bytes for the same seed, whatever the number of jobs."""
        contest = self.contest
        return {
            "seed": contest.seed,
            "phases": contest.phases,
            "car": contest.car,
            "car_a": contest.car_a,
            "car_phases": contest.car_phases,
            "houses": [house.name for house in contest.houses()],
            "laws": [
                {"law": of.name, "setting": of.told, "source": of.source, "meter": of.meter} for of in CONTESTANTS
            ],
            "latency": LATENCY,
            "supplies": [
                {
                    "breaker_a": supply.breaker_a,
                    "laws": [row.figures() for row in supply.rows],
                    "runs": [
                        {"house": house.name, **row_of(name, [outcome]).figures()}
                        for house, name, outcome in supply.runs
                    ],
                }
                for supply in self.supplies
            ],
        }

    def headroom_tripped(self) -> bool:
        """Tells whether a Headroom had trips of the breaker it was told of that the clairvoyant does not have."""
        answers_for = {contestant.name: contestant.answers_for for contestant in CONTESTANTS}
        return any(
            outcome.added_trips(clairvoyant, curve)
            for supply in self.supplies
            for house, name, clairvoyant in supply.runs
            if name == CLAIRVOYANT
            for of, mine, outcome in supply.runs
            if of == house
            for curve in answers_for.get(mine, ())
        )


def row_of(name: str, outcomes: list[Outcome]) -> Row:
    """Returns a law's row from its runs."""
    scores = [outcome.score for outcome in outcomes]
    return Row(
        name=name,
        energy_kwh=sum(score.energy_kwh for score in scores),
        possible_kwh=sum(score.clairvoyant_kwh for score in scores),
        trips={curve: sum(outcome.trips[curve] for outcome in outcomes) for curve in (CURVE, *OTHER_CURVES)},
        trips_without_car=sum(score.trips_without_car for score in scores),
        overload_a=max(score.overload_a for score in scores),
        overload_as=sum(score.overload_as for score in scores),
        overload_s=sum(score.overload_s for score in scores),
        overload_longest_s=max(score.overload_longest_s for score in scores),
        pauses=sum(score.pauses for score in scores),
        closings=sum(score.contactor_cycles for score in scores),
        hot_openings=sum(outcome.hot_openings for outcome in outcomes),
        wait_longest_s=max(score.wait_longest_s for score in scores),
    )


def remarks(rows: list[Row]) -> list[str]:
    """Returns a line for each law that gives the car more than Headroom: how much, and what that costs."""
    ours, ours_fastest = (next(row for row in rows if row.name == name) for name in (HEADROOM, HEADROOM_FASTEST))
    lines = []
    for row in rows:
        if row.name not in (CLAIRVOYANT, HEADROOM_FASTEST) and ours.energy_kwh and row.energy_kwh > ours.energy_kwh:
            more = (row.energy_kwh / ours.energy_kwh - 1) * 100
            times = row.overload_as / ours.overload_as if ours.overload_as else 0
            why = ""
            if times > 1:
                why = f", by {times:.1f} times the overload"
            elif row.closings > ours.closings:
                why = f", by {row.closings} closings of the contactor instead of {ours.closings}"
            elif row.pauses < ours.pauses:
                why = f", by {row.pauses} pauses instead of {ours.pauses}"
            elif row.wait_longest_s < ours.wait_longest_s:
                why = f", by waiting {row.wait_longest_s:.0f} s at most instead of {ours.wait_longest_s:.0f}"
            lines.append(
                f"{row.name} gives {more:.1f} % more{why}: {row.trips[CURVE]} trips on a typical breaker, "
                f"{row.trips['fastest']} on the fastest legal one ({HEADROOM}: {ours.trips[CURVE]} and "
                f"{ours.trips['fastest']}; {ours_fastest.trips['fastest']} when told of it by set breaker_curve fastest), "
                f"{row.overload_as:.0f} A·s over the limit ({ours.overload_as:.0f}), "
                f"at a stretch up to {row.overload_longest_s:.1f} s ({ours.overload_longest_s:.1f} s)."
            )
    return lines


@dataclass(frozen=True)
class Point:
    """A law on the curve of energy against overload; on_curve: no other gives as much or more by less."""

    row: Row
    on_curve: bool


def curve(rows: list[Row]) -> list[Point]:
    """Returns the laws by what they put above the rating, least first; the clairvoyant is no law."""
    laws = sorted((row for row in rows if row.name != CLAIRVOYANT), key=lambda row: (row.overload_as, -row.energy_kwh))
    most_kwh = -1.0
    points = []
    for row in laws:
        points.append(Point(row, row.energy_kwh > most_kwh))
        most_kwh = max(most_kwh, row.energy_kwh)
    return points


def refuse(contest: Contest) -> None:
    """BadInput for the first thing that cannot be."""
    check_rig(contest)
    if contest.made:
        refuse_dated_roof(contest)
    if contest.chargers is not None or contest.cars is not None:
        raise BadInput(f"{'--cars' if contest.cars else '--chargers'} is of a contest of sharing: add --group")
    if contest.seconds and not contest.made:
        raise BadInput("--seconds is of generated evenings, and there is none: give --days N")
    if contest.calm and not contest.seconds:
        raise BadInput("--calm is of evenings seen at one second: add --seconds")
    if contest.seconds and contest.plugged:
        raise BadInput("--plugged has no effect with --seconds: there the car is there for the whole two hours")
    if not contest.houses():
        raise BadInput("--days 0 and no --trace: there is no house to run")
    pool.check(contest.jobs)
    if len(set(contest.breakers_a)) < len(contest.breakers_a):
        raise BadInput("--breaker-a names a supply twice")
    read_plugged(contest.plugged or DAY_PLUGGED)
    for trace in contest.traces or (None,):
        check(Options(trace=trace, columns=contest.columns, json=contest.json, report=contest.report))


def compete(contest: Contest, watch: Callable[[int, int, str], None]) -> Standings:
    """Runs everything, on all cores."""
    jobs = []
    labels = []
    for breaker_a in contest.breakers_a:
        for index, house in enumerate(contest.houses()):
            for contestant in CONTESTANTS:
                series = contest.report is not None and index == 0
                jobs.append(contest.job(house, breaker_a, contestant.law, contestant.settings, series))
                labels.append((breaker_a, house, contestant.name))
    outcomes = []
    for outcome in pool.in_order(work, jobs, contest.jobs or pool.cores()):
        outcomes.append(outcome)
        _, house, name = labels[len(outcomes) - 1]
        watch(len(outcomes), len(jobs), f"{house.name}: {name}")
    supplies = []
    for breaker_a in contest.breakers_a:
        runs = [
            (house, name, outcome)
            for (of_a, house, name), outcome in zip(labels, outcomes, strict=True)
            if of_a == breaker_a
        ]
        names = [contestant.name for contestant in CONTESTANTS]
        rows = [row_of(name, [outcome for _, of, outcome in runs if of == name]) for name in names]
        supplies.append(Supply(breaker_a, rows, runs))
    return Standings(contest, supplies)
