"""A finished run in the words and figures that people and scripts get."""

from collections.abc import Callable
from dataclasses import dataclass

from headroom_tools.sim.scoring import Score
from headroom_tools.sim.stream import Need
from headroom_tools.sim.sun import LOST, BySun

#: what the clock on the wall showed, and what became of a need then
Needs = tuple[tuple[str, Need], ...]
LATER = ("told late", "in time after all")
MOST_NEEDS = 8
ONE_CAR_S = 6.0  # what a car's five seconds and its ramp make


@dataclass(frozen=True)
class Result:
    """The figures of a run, and what they were measured under. speed_x: simulated seconds per second."""

    score: Score
    trace_gaps: int
    speed_x: float
    vm: str
    fidelity: str
    needs: Needs = ()

    def figures(self) -> dict[str, object]:
        """Returns what `--json` promises, in its order; what is not promised comes last."""
        score = self.score
        return {
            "duration_s": round(score.duration_s, 3),
            "energy_kwh": round(score.energy_kwh, 4),
            "clairvoyant_kwh": round(score.clairvoyant_kwh, 4),
            "share": None if score.share is None else round(score.share, 4),
            "trips": score.trips,
            "trips_without_car": score.trips_without_car,
            "breaker_heat_peak": round(score.breaker_heat_peak, 4),
            "overload_a": round(score.overload_a, 3),
            "overload_s": round(score.overload_s, 3),
            "pauses": score.pauses,
            "contactor_cycles": score.contactor_cycles,
            "reaction_ms_max": score.reaction_ms_max,
            "trace_gaps": self.trace_gaps,
            "speed_x": round_down_125(self.speed_x),
            "vm": self.vm,
            "fidelity": self.fidelity,
            "trips_total": score.trips_total,
            "overload_longest_s": round(score.overload_longest_s, 3),
            "overload_as": round(score.overload_as, 3),
            "wait_longest_s": round(score.wait_longest_s, 3),
            "spells": score.spells,
            **({} if score.sun is None else by_sun(score.sun)),
            **({"needs": [figures_of(when, need) for when, need in self.needs]} if self.needs else {}),
        }


def figures_of(when: str, need: Need) -> dict[str, object]:
    """Returns what `--json` promises of a need: of_kwh what was needed, done_min how long it will take yet."""
    of = {"done_min": need.of} if need.what in LATER else {"of_kwh": need.of / 1000}
    return {"at_s": need.t_ms / 1000, "at": when, "need": need.what, "missing_kwh": need.missing_wh / 1000, **of}


def by_sun(sun: BySun) -> dict[str, object]:
    """Returns what `--json` promises of a house with panels."""
    return {
        "solar_kwh": round(sun.used_kwh, 4),
        "solar_surplus_kwh": round(sun.surplus_kwh, 4),
        "solar_clairvoyant_kwh": round(sun.clairvoyant_kwh, 4),
        "solar_share": None if sun.share is None else round(sun.share, 4),
        "bought_kwh": round(sun.bought_kwh, 4),
        "solar_lost_kwh": {where: round(kwh, 4) for where, kwh in zip(LOST, sun.lost_kwh, strict=True)},
    }


@dataclass(frozen=True)
class Headline:
    """One figure that matters: what it is, the figure, and a line that puts it into proportion."""

    name: str
    figure: str
    note: str
    good: bool = True


def headlines(score: Score, needs: Needs = (), when: Callable[[int], str] | None = None) -> list[Headline]:
    """Returns the figures that matter most, for the table on the terminal and the top of the report.

    needs: what became of them, the last few: each with the clock on the wall.
    when: what the clock on the wall says so many ms after the start; without it no moment is told.
    """
    share = "–" if score.share is None else f"{score.share * 100:.1f} %"
    overload = f"{score.overload_longest_s:.1f} s at a stretch, {score.overload_s:.0f} s in all"
    if when:
        overload = f"{when(score.overload_at_ms)}; {overload}"
    own = f", {score.trips_without_car} by the house alone" if score.trips_without_car else ""
    sun = [] if score.sun is None else [sun_headline(score.sun)]
    again = "; each time closed again at once, and cold" if score.trips_total else ""
    return [
        Headline(
            "Energy into the car", f"{score.energy_kwh:.2f} kWh", f"{score.clairvoyant_kwh:.2f} kWh were possible"
        ),
        Headline("Share of what was possible", share, "100 % = knowing the future"),
        *sun,
        *(need_headline(*each) for each in needs[-MOST_NEEDS:]),
        Headline("Worst overload by the car", f"{score.overload_a:.1f} A", overload if score.overload_a else "none"),
        Headline("Breaker heat, at most", f"{score.breaker_heat_peak * 100:.0f} %", "100 % trips"),
        Headline("Breaker trips", str(score.trips), f"that only the car explains{own}{again}", score.trips == 0),
        Headline("Pauses", str(score.pauses), "less than 6 A were left"),
        Headline("Contactor closed", f"{score.contactor_cycles} ×", "operations that wear it"),
        Headline("Slowest reaction", f"{score.reaction_ms_max} ms", "from overload to lower offer"),
    ]


def why_over(score: Score, breaker_a: float) -> str:
    """Returns the sentence that says why the supply was above its rating with the car's part in it; empty where it was not."""
    if not score.overload_a:
        return ""
    most_a, long = f"{breaker_a + score.overload_a:.0f} A", f"{score.overload_longest_s:.1f} s at a stretch"
    what = f"Up to {most_a} on a {breaker_a:g} A supply, {long}: "
    why = "a car may take five seconds to follow the pilot (IEC 61851-1), and the house does not wait for it"
    if score.overload_longest_s > ONE_CAR_S:
        why += "; longer than that is the house's next step, or a car at its minimum that was stopped often before"
    heat = f"{score.breaker_heat_peak * 100:.0f} % of what trips it"
    return f"{what}{why}. A breaker bears that: this one came to {heat}." if not score.trips else f"{what}{why}."


def need_headline(when: str, need: Need) -> Headline:
    """Returns what became of a need."""
    missing = f"{need.missing_wh / 1000:.2f} kWh missing"
    if need.what in LATER:
        late = "will be late" if need.what == LATER[0] else "in time after all"
        return Headline("Need", late, f"told at {when}: {missing}, done in {need.of} min")
    if need.what == "delivered":
        return Headline("Need", "met", f"{need.of / 1000:.2f} kWh at {when}")
    said = f"{missing} of {need.of / 1000:.2f} when its hour came, {when}"
    if need.what == "pending":
        said = f"{missing} of {need.of / 1000:.2f} when the run ended"
    return Headline("Need", need.what, said, need.what != "missed")


def sun_headline(sun: BySun) -> Headline:
    """Returns what went into the car of the panels' surplus."""
    if sun.share is None:
        return Headline(
            "Surplus into the car", f"{sun.used_kwh:.2f} kWh", f"of {sun.surplus_kwh:.2f}; the car took none"
        )
    told = (
        f"of {sun.surplus_kwh:.2f}; {sun.bought_kwh:.2f} kWh were bought; "
        f"{sun.share * 100:.1f} % of who knows the future and buys and switches no more"
    )
    return Headline("Surplus into the car", f"{sun.used_kwh:.2f} kWh", told)


def round_down_125(number: float) -> float:
    """Returns the next of ..., 0.5, 1, 2, 5, 10, 20, 50, ... at or below number, which is above 0.

    Coarse on purpose: the same command with the same seed writes the same bytes, and no two runs take the same time.
    """
    digits = f"{number:e}"
    step = max(step for step in (1, 2, 5) if step <= float(digits[: digits.index("e")]))
    rounded = float(f"{step}{digits[digits.index('e') :]}")
    return int(rounded) if rounded >= 1 else rounded
