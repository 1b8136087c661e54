"""`headroom campaign`: many generated house-days, every supply and every car model, and three breakers to please at once.

Each day is run while the car is there: it comes between 15 and 21 h, by the seed, and stays for an hour or more. It is run
twice: by a charger that was told of a typical breaker, judged by a typical and a slow one, and by a charger that was told
of the fastest that the standard allows, judged by that. The clairvoyant goes through the same days: it gives what is free
to a car that follows at once, so that nothing is ever above the rating but the house alone. A breaker that trips for it as
well was tripped by the house.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any

from bench.metered import CLAMPS
from bench.world.car import MODELS, Random

from headroom_tools.common import knobs, pool
from headroom_tools.common.errors import BadInput
from headroom_tools.common.knobs import Knob
from headroom_tools.contest.jobs import CLAIRVOYANT, CURVE, OTHER_CURVES, House, Job, Outcome, Settings, told_of, work
from headroom_tools.contest.versus import MOST_DAYS, Row, row_of
from headroom_tools.sim.installed import METER, STRAIGHT, Installed, clamps_of, refuse_dated_roof, refuse_installation
from headroom_tools.sim.options import Options

#: (phases of the supply and of the charger, breaker_a); as many as have no divisor in common with the car models
SUPPLIES = ((1, 16), (1, 20), (1, 25), (1, 32), (1, 40), (1, 63), (3, 16), (3, 25), (3, 35))
CAR_A = 32.0
ARRIVES_H = (15, 20)
MOST_HOURS = 12
MOST_SEED = 2**30 // MOST_DAYS - 1
FASTEST = "fastest"
TOLD = (CURVE, FASTEST)
#: (law, settings) of each day's runs
RUNS: tuple[tuple[str, Settings], ...] = (*(("headroom", told_of(curve)) for curve in TOLD), (CLAIRVOYANT, ()))
TAPER_KWH = 8.0  # full within a stay, so that it does taper


@dataclass(frozen=True)
class Campaign(Installed):
    """What a person asks for; named as on the command line."""

    days: Annotated[int, Knob("Generated house-days, each with one car.", "N", low=1, high=MOST_DAYS)] = 1000
    hours: Annotated[int, Knob("How long the car stays each day.", "N", low=1, high=MOST_HOURS)] = 1
    meter: Annotated[str, METER] = CLAMPS
    seed: Annotated[int, Knob("The same seed gives the same days and runs.", "N", low=0, high=MOST_SEED)] = 0
    vm: Annotated[
        str, Knob("What interprets the firmware; micropython is the real VM.", choices=("micropython", "cpython"))
    ] = "micropython"
    json: Annotated[Path | None, Knob("Print the figures as JSON instead of a table: give -", "-")] = None
    any_setting: Annotated[
        bool,
        Knob(
            "Each day another charger: board, wiring, line, panels and legal settings by the seed.",
            option="--any-setting",
        ),
    ] = False
    jobs: Annotated[int, Knob("Processes; 0 is one on each core.", "N")] = 0

    @property
    def supplies(self) -> tuple[tuple[int, int], ...]:
        """Returns those of SUPPLIES that this board and wiring can be at: one phase cannot be wired in another order."""
        clamps = clamps_of(self.board)
        return tuple(
            (phases, breaker_a)
            for phases, breaker_a in SUPPLIES
            if phases <= clamps and (phases > 1 or self.wiring == STRAIGHT)
        )

    def all_jobs(self) -> list[Job]:
        """Returns the jobs, each day's together: supplies and car models take turns, so that every pair meets."""
        cars, supplies = list(MODELS), self.supplies
        return [
            self.job(day, cars[day % len(cars)], *supplies[day % len(supplies)], *law)
            for day in range(self.days)
            for law in RUNS
        ]

    def job(self, day: int, car: str, phases: int, breaker_a: int, law: str, settings: Settings) -> Job:
        """Returns one day's run by that law."""
        number = self.seed * MOST_DAYS + day
        minutes = Random(number).between(ARRIVES_H[0] * 60, ARRIVES_H[1] * 60 + 59)
        leaves = (minutes + self.hours * 60) % 1440
        installed = {each.name: getattr(self, each.name) for each in fields(Installed)}
        met: tuple[str, ...] = (f"supply {phases} x {breaker_a} A",)
        if self.any_setting:
            from headroom_tools.contest import any_setting

            drawn, mistake = any_setting.installed(number, phases, breaker_a)
            installed.update(drawn)
            met += met_in(drawn, mistake)
        options = Options(
            **installed,
            car=car,
            car_a=CAR_A,
            car_phases=phases,
            breaker_a=breaker_a,
            phases=phases,
            plugged=f"{minutes // 60:02}:{minutes % 60:02}-{leaves // 60:02}:{leaves % 60:02}",
            seed=number,
            meter=self.meter,
            vm=self.vm,
            need_kwh=TAPER_KWH if car == "taper" else None,
        )
        return Job(House(None, number), law, settings, options, met=met)


WEAK_OHM = 0.5


def met_in(drawn: dict[str, Any], mistake: str) -> tuple[str, ...]:
    """Returns the words for what is counted of a charger that was drawn: board, grid, panels, mistake."""
    found = [f"board {drawn['board']}"]
    if drawn["wiring"] != "straight":
        found.append("IT grid" if "-" in drawn["wiring"] else f"wiring {drawn['wiring']}")
    if drawn.get("line_ohm", 0) >= WEAK_OHM:
        found.append(f"line of {WEAK_OHM:g} ohm or more")
    if "solar" in drawn:
        found.append(f"panels, {drawn['sky']}")
    if borne(drawn["set_"]):
        found.append("overload borne by tolerance_pct")
    return (*found, *([f"mistake: {mistake}"] if mistake else []))


def borne(set_: tuple[str, ...]) -> bool:
    """Tells whether the charger was set to bear an overload for as long as the breaker does."""
    return any(each.startswith("tolerance_pct=") for each in set_)


@dataclass(frozen=True)
class Tale:
    """What came out: a row for each car model and one for all, last resorts per setting of TOLD, the worst day.

    added_trips: per curve, those that the clairvoyant does not have on the same day.
    """

    rows: list[Row]
    clairvoyant: Row
    added_trips: dict[str, int]
    days: dict[str, int]
    last_resorts: dict[str, tuple[int, ...]]
    longest: str
    met: list[Row]  # a row for each supply, board, grid and mistake that was met

    def figures(self) -> dict[str, object]:
        """Returns what `--json` promises."""
        rows = []
        for row in self.rows:
            rows.append(
                {
                    "car": row.name,
                    "days": self.days[row.name],
                    "last_resorts": list(self.last_resorts[row.name]),
                    **without_law(row),
                }
            )
        return {
            "cars": rows,
            "clairvoyant": self.clairvoyant.figures(),
            "added_trips": self.added_trips,
            "longest_overload": self.longest,
            "met": [{"met": row.name, "days": self.days[row.name], **without_law(row)} for row in self.met],
        }


ALL = "all"


def without_law(row: Row) -> dict[str, object]:
    """Returns a row's figures where one law is all there is."""
    figures = row.figures()
    del figures["law"]
    return figures


def run(campaign: Campaign, watch: Callable[[int, int, str], None]) -> Tale:
    """Runs the campaign on all cores; watch gets (days done, days, what was done)."""
    refuse(campaign)
    jobs = campaign.all_jobs()
    outcomes: list[Outcome] = []
    for outcome in pool.in_order(work, jobs, campaign.jobs or pool.cores()):
        outcomes.append(outcome)
        watch(len(outcomes), len(jobs), jobs[len(outcomes) - 1].options.car)
    return tale(jobs, outcomes)


def refuse(campaign: Campaign) -> None:
    """BadInput for the first thing that cannot be."""
    knobs.check(campaign)
    if campaign.json is not None and str(campaign.json) != "-":
        raise BadInput(f"--json {campaign.json}: only - is possible here")
    refuse_mixture(campaign)
    refuse_installation(campaign, clamps_of(campaign.board))
    refuse_dated_roof(campaign)
    pool.check(campaign.jobs)


def refuse_mixture(campaign: Campaign) -> None:
    """BadInput where --any-setting would have to leave out what is told beside it."""
    if campaign.any_setting:
        if campaign.meter != CLAMPS:
            raise BadInput("--any-setting draws boards, wirings and settings: leave out --meter")
        for each in fields(Installed):
            if getattr(campaign, each.name) != each.default:
                option = knobs.option_of(each.name, knobs.knobs(Installed)[each.name][0])
                raise BadInput(f"--any-setting draws boards, wirings and settings: leave out {option}")


def tale(jobs: list[Job], outcomes: list[Outcome]) -> Tale:
    """Returns what the runs come to, car model by car model: energies of the typical setting, the worse of both times."""
    done = list(zip(jobs, outcomes, strict=True))
    rows: list[Row] = []
    days: dict[str, int] = {}
    last_resorts: dict[str, tuple[int, ...]] = {}
    for car in [*(car for car in MODELS if any(job.options.car == car for job in jobs)), ALL]:
        *told, _ = by_run([outcome for job, outcome in done if car in (job.options.car, ALL)])
        typical, fastest = (row_of(car, of_one) for of_one in told)
        rows.append(replace(typical, trips={**typical.trips, FASTEST: fastest.trips[FASTEST]}))
        days[car] = len(told[0])
        last_resorts[car] = tuple(sum(outcome.last_resorts for outcome in of_one) for of_one in told)
    met: list[Row] = []
    for word in sorted({word for job in jobs for word in job.met}):
        *told, _ = by_run([outcome for job, outcome in done if word in job.met])
        typical, fastest = (row_of(word, of_one) for of_one in told)
        met.append(replace(typical, trips={**typical.trips, FASTEST: fastest.trips[FASTEST]}))
        days[word] = len(told[0])
    typicals, fastests, clairvoyants = by_run(outcomes)
    added = {
        curve: sum(
            ours.added_trips(clairvoyant, curve)
            for ours, clairvoyant in zip(fastests if curve == FASTEST else typicals, clairvoyants, strict=True)
        )
        for curve in (CURVE, *OTHER_CURVES)
    }
    unasked = [pair for pair in done if not borne(pair[0].options.set_)]
    worst, outcome = max(unasked or done, key=lambda pair: pair[1].score.overload_longest_s)
    supply = f"{worst.options.phases} x {worst.options.breaker_a:g} A"
    return Tale(
        rows=rows,
        clairvoyant=row_of(CLAIRVOYANT, clairvoyants),
        added_trips=added,
        days=days,
        last_resorts=last_resorts,
        longest=f"{outcome.score.overload_longest_s:.2f} s on {worst.house.name}, {supply}, "
        f"car {worst.options.car}, {worst.options.plugged}",
        met=met,
    )


def by_run(outcomes: list[Outcome]) -> list[list[Outcome]]:
    """Returns them apart, as RUNS lists the runs of a day."""
    return [outcomes[which :: len(RUNS)] for which in range(len(RUNS))]
