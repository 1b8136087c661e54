"""What a person sees on the terminal when it is done: the figures as a table, or as JSON."""

import json
from pathlib import Path

from headroom_tools.common.progress import warn
from headroom_tools.contest.campaign import Tale
from headroom_tools.contest.sharing import Standing
from headroom_tools.contest.versus import CONTESTANTS, LATENCY, Row, Standings, curve, remarks
from headroom_tools.sim.options import Options
from headroom_tools.sim.results import Result, headlines
from headroom_tools.sim.simulate import run

TABLE_WIDTH = 150
CURVE_FROM, CURVE_CELLS = 0.7, 60
VERSUS_HEADINGS = (
    "kWh", "share", "trips t/s/f", "worst A", "A·s over", "s over", "longest s", "pauses", "closings", "hot", "wait s",
)  # fmt: skip
VERSUS_NOTE = (
    "share: of what a clairvoyant gives. trips t/s/f: added on a typical, a slow, the fastest legal breaker. over: what the "
    "car puts above the limit.\nhot: contactor opened under load. wait: nothing offered although 6.5 A were free for good."
)


def quietly(job: tuple[Options, bool]) -> Result:
    """Runs one simulation of several of the same trace that run at once: only one of them tells its warnings."""
    options, warns = job
    return run(options, warn if warns else lambda _line: None, lambda _now_ms, _end_ms, _state: None)


def print_figures(result: Result) -> None:
    """Prints the figures as JSON and nothing else."""
    print_json(result.figures())


def print_json(figures: dict[str, object]) -> None:
    """Prints figures as JSON and nothing else."""
    print(json.dumps(figures, indent=2))


def print_table(result: Result, report: Path | None) -> None:
    """Prints the figures that matter, and where the report is."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right", style="bold")
    table.add_column(style="dim")
    for headline in headlines(result.score, result.needs):
        table.add_row(headline.name, headline.figure, headline.note, style=None if headline.good else "red")
    table.add_row("Speed", f"{result.speed_x:.0f} ×", f"real time, {result.vm}, fidelity {result.fidelity}")
    console.print(table)
    if report is not None:
        console.print(f"Report: {report}", soft_wrap=True, markup=False)


def print_comparison(results: list[tuple[float, Result]]) -> None:
    """Prints one row for each supply, as a Markdown table."""
    print(
        "| supply | energy | possible | share | trips | house alone | heat | overload | pauses | closings a day "
        "| spells a day | longest wait | reaction | speed |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for breaker_a, result in results:
        score = result.score
        share = "–" if score.share is None else f"{score.share:.3f}"
        print(
            f"| {breaker_a:g} A | {score.energy_kwh:.1f} kWh | {score.clairvoyant_kwh:.1f} kWh | {share} | {score.trips} "
            f"| {score.trips_without_car} | {score.breaker_heat_peak:.2f} | {score.overload_a:.1f} A, "
            f"{score.overload_longest_s:.1f} s | {score.pauses} | {score.contactor_cycles * 86400 / score.duration_s:.1f} "
            f"| {score.spells * 86400 / score.duration_s:.1f} "
            f"| {score.wait_longest_s:.0f} s | {score.reaction_ms_max} ms | {result.speed_x:.0f} × |"
        )


def print_standings(standings: Standings, report: Path | None) -> None:
    """Prints one table for each supply, and what more energy than Headroom's costs."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = TABLE_WIDTH
    for supply in standings.supplies:
        table = Table(title=f"{supply.breaker_a:g} A supply", title_justify="left", box=None, padding=(0, 2, 0, 0))
        table.add_column("")
        for heading in VERSUS_HEADINGS:
            table.add_column(heading, justify="right")
        for row in supply.rows:
            style = "bold" if row.name.startswith("Headroom") else "red" if row.trips["typical"] else None
            table.add_row(row.name, *cells(row), style=style)
        console.print(table)
        for line in remarks(supply.rows):
            console.print(line, soft_wrap=True, markup=False)
        if standings.contest.seconds:
            console.print(drawn_curve(supply.rows), soft_wrap=True, markup=False)
        console.print()
    console.print(VERSUS_NOTE, soft_wrap=True, markup=False)
    console.print(
        f"\nThe laws, the code that was read for them, their meter, and what was set. {LATENCY}", soft_wrap=True
    )
    width = max(len(of.name) for of in CONTESTANTS)
    for of in CONTESTANTS:
        console.print(f"{of.name:{width}}  {of.source}; meter: {of.meter}; {of.told}", soft_wrap=True, markup=False)
    if report is not None:
        console.print(f"Report: {report}", soft_wrap=True, markup=False)


def drawn_curve(rows: list[Row]) -> str:
    """Returns a line for each law, least overload first: its share as a bar from CURVE_FROM on, * as in the first line."""
    lines = [
        f"Energy against overload, bars from {CURVE_FROM:.2f} of what is possible; * no law gives as much by less:"
    ]
    for point in curve(rows):
        share = point.row.share or 0.0
        bar = "#" * min(max(round((share - CURVE_FROM) * CURVE_CELLS / (1 - CURVE_FROM)), 0), CURVE_CELLS)
        lines.append(
            f"{point.row.overload_as:9.0f} A·s {share:.3f} {'*' if point.on_curve else ' '} {bar:{CURVE_CELLS}}  {point.row.name}"
        )
    return "\n".join(lines)


SHARING_HEADINGS = (
    "kWh", "unmet kWh", "cars short", "least", "Jain", "changes", "closings", "wait s", "A·s over", "longest s", "worst A",
)  # fmt: skip
SHARING_NOTE = (
    "kWh: into all cars. unmet: asked for, and not had. cars short: sessions that got less than 99 % of their need; least: the\n"
    "smallest part that one of them got. Jain: index of fairness over these parts, 1 where all are alike. changes, closings: of\n"
    "a pilot and of a contactor, a day and charger. wait: the longest until a first ampere. over: what cars put above the rating."
)


def print_sharing(standing: Standing, report: Path | None) -> None:
    """Prints a table of sharing laws for each supply."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = TABLE_WIDTH
    for breaker_a, rows in standing.supplies:
        title = (
            f"{standing.chargers} chargers on 3 x {breaker_a:g} A, {len(standing.sessions)} sessions that need "
            f"{rows[0].need_kwh:.1f} kWh; no more than {rows[0].possible_kwh:.1f} kWh possible"
        )
        table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
        table.add_column("")
        for heading in SHARING_HEADINGS:
            table.add_column(heading, justify="right")
        for row in rows:
            table.add_row(row.name, *row.cells(), style="bold" if row.name.startswith("Headroom") else None)
        console.print(table)
        console.print()
    console.print(SHARING_NOTE, soft_wrap=True, markup=False)
    console.print("\nWhat was read or run, and what was set:", markup=False)
    rows = standing.supplies[0][1]
    width = max(len(row.name) for row in rows)
    for row in rows:
        console.print(f"{row.name:{width}}  {row.source}; {row.setting}", soft_wrap=True, markup=False)
    for line in standing.notes():
        console.print(line, soft_wrap=True, markup=False)
    if report is not None:
        console.print(f"Report: {report}", soft_wrap=True, markup=False)


def cells(row: Row) -> list[str]:
    """Returns a row's figures under VERSUS_HEADINGS."""
    return [
        f"{row.energy_kwh:.1f}",
        "–" if row.share is None else f"{row.share:.3f}",
        "/".join(str(row.trips[curve]) for curve in ("typical", "slow", "fastest")),
        f"{row.overload_a:.1f}",
        f"{row.overload_as:.0f}",
        f"{row.overload_s:.0f}",
        f"{row.overload_longest_s:.1f}",
        str(row.pauses),
        str(row.closings),
        str(row.hot_openings),
        f"{row.wait_longest_s:.0f}",
    ]


def print_tale(tale: Tale) -> None:
    """Prints one row for each car model."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = TABLE_WIDTH
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("car")
    for heading in ("days", *VERSUS_HEADINGS, "last resort t/f"):
        table.add_column(heading, justify="right")
    for row in tale.rows:
        bad = row.trips["typical"] or row.trips["slow"] or row.trips["fastest"]
        figures = [str(tale.days[row.name]), *cells(row), "/".join(map(str, tale.last_resorts[row.name]))]
        table.add_row(row.name, *figures, style="red" if bad else None)
    table.add_row(tale.clairvoyant.name, "", *cells(tale.clairvoyant), "")
    console.print(table)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("met")
    for heading in ("days", *VERSUS_HEADINGS):
        table.add_column(heading, justify="right")
    for row in tale.met:
        table.add_row(row.name, str(tale.days[row.name]), *cells(row))
    console.print(table)
    console.print(f"Longest over the limit: {tale.longest}", soft_wrap=True, markup=False)
    added = "/".join(str(tale.added_trips[curve]) for curve in ("typical", "slow", "fastest"))
    console.print(f"Trips that the clairvoyant does not have on the same day, t/s/f: {added}", soft_wrap=True)
    console.print(VERSUS_NOTE, soft_wrap=True, markup=False)
