"""What a person sees on the terminal: progress while it runs, warnings, and the figures as a table."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headroom_tools.results import Result, headlines
from headroom_tools.sim import Watch

REFRESH_S = 0.1


def warn(line: str) -> None:
    """Says one line on stderr."""
    sys.stderr.write(f"headroom: {line}\n")


@contextmanager
def progress() -> Iterator[Watch]:
    """Gives what is to be told how far the run is: a bar on stderr, or nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _now_ms, _end_ms, _state: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    shown = 0.0
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("starting")

        def watch(now_ms: int, end_ms: int, state: str) -> None:
            nonlocal shown
            if time.monotonic() - shown >= REFRESH_S:
                shown = time.monotonic()
                hours, minutes = divmod(now_ms // 60_000, 60)
                said = f"{hours:3}:{minutes:02} h simulated, state {state}"
                bar.update(task, completed=now_ms, total=end_ms, description=said)

        yield watch


def print_figures(result: Result) -> None:
    """Prints the figures as JSON and nothing else."""
    print(json.dumps(result.figures(), indent=2))


def print_table(result: Result, report: Path | None) -> None:
    """Prints the figures that matter, and where the report is."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right", style="bold")
    table.add_column(style="dim")
    for headline in headlines(result.score):
        table.add_row(headline.name, headline.figure, headline.note, style=None if headline.good else "red")
    table.add_row("Speed", f"{result.speed_x:.0f} ×", f"real time, {result.vm}, fidelity {result.fidelity}")
    console.print(table)
    if report is not None:
        console.print(f"Report: {report}", soft_wrap=True, markup=False)


def print_comparison(results: list[tuple[int, Result]]) -> None:
    """Prints one row for each supply, as a Markdown table."""
    print("| supply | energy | possible | share | trips | house alone | heat | overload | pauses | reaction | speed |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for breaker_a, result in results:
        score = result.score
        share = "–" if score.share is None else f"{score.share:.3f}"
        print(
            f"| {breaker_a} A | {score.energy_kwh:.1f} kWh | {score.clairvoyant_kwh:.1f} kWh | {share} | {score.trips} "
            f"| {score.trips_without_car} | {score.breaker_heat_peak:.2f} | {score.overload_a:.1f} A, "
            f"{score.overload_longest_s:.1f} s | {score.pauses} | {score.reaction_ms_max} ms | {result.speed_x:.0f} × |"
        )
