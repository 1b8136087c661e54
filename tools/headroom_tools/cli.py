"""The `headroom` command: options in, one clear line or a table out. Heavy modules are loaded when a run needs them."""

import re
import signal
import sys
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from headroom_tools.boards import board_commands as boards
from headroom_tools.common import progress
from headroom_tools.common.ending import cannot_write
from headroom_tools.common.errors import STOPPED, BadInput, SimulatorFailed
from headroom_tools.common.knobs import knobs, takes
from headroom_tools.contest.campaign import Campaign
from headroom_tools.contest.versus import Contest
from headroom_tools.device import chip, device, explain, flash, integrate, tour
from headroom_tools.device import console_client as console
from headroom_tools.jig import command as jig
from headroom_tools.sim.installed import Installed
from headroom_tools.sim.options import Bench, Options, Site

COLUMNS = knobs(Options)["columns"][0]

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Headroom's tools for the PC: simulate the charger in your house before you build it.",
)


app.add_typer(boards.app, name="board")


def tell_version(wanted: bool) -> None:
    """Prints the version, which the firmware's own file holds, and ends."""
    if wanted:
        from headroom_tools.common.version import version

        print(f"headroom {version()}")
        raise typer.Exit


@app.callback()
def headroom(
    version: Annotated[
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Headroom's tools for the PC: simulate the charger in your house before you build it."""


app.add_typer(device.app, name="device")
app.add_typer(jig.app, name="jig")
app.command()(flash.flash)
app.command()(chip.chip)
app.command()(explain.explain)
app.command()(integrate.integrate)
app.command()(console.console)
app.command()(tour.tour)


@app.command()
@takes(Site)
def sim(options: Site) -> None:
    """Runs the real firmware in your house: how much the car gets, and what the breaker makes of it.

    \b
    Two lines of a trace that works (`headroom trace FILE` shows what is understood of yours):
    time,l1_w,l2_w,l3_w
    2026-01-15T18:30:00,1240,200,88

    Exit status: 0; 1 if the breaker tripped with the car's help; 2 for bad input; 3 if the simulator itself failed.
    """
    from headroom_tools import screen
    from headroom_tools.sim.simulate import run

    if options.chargers != 1:
        share(options)
        return
    if alone := options.of_a_group():
        raise BadInput(f"{alone[0]} is for a group: add --chargers 2, or more")
    with progress.progress() as watch:
        result = run(options, progress.warn, watch)
    die_when_nobody_reads()
    if str(options.json) == "-":
        screen.print_figures(result)
    else:
        screen.print_table(result, options.report)
    if result.score.trips:
        raise typer.Exit(1)


def share(options: Site) -> None:
    """Several chargers on one supply."""
    from headroom_tools import screen
    from headroom_tools.sim import group

    with progress.progress() as watch:
        done = group.run(group.asked(options), progress.warn, watch)
    die_when_nobody_reads()
    if str(options.json) == "-":
        screen.print_json(done.figures())
    else:
        sys.stdout.write("".join(f"{line}\n" for line in done.told()))


@app.command("trace")
def trace_(
    file: Annotated[Path, typer.Argument(help="What a house drew.", metavar="FILE")],
    columns: Annotated[str | None, typer.Option(help=COLUMNS.help, metavar=COLUMNS.metavar)] = None,
    volts: Annotated[int, typer.Option(help="Phase to neutral, 100 to 300 V.", metavar="V")] = 230,
    picture: Annotated[
        Path | None,
        typer.Option(help="Where to draw it, as .svg or .png; NAME-trace.svg here if not given.", metavar="OUT"),
    ] = None,
) -> None:
    """Shows what is understood of a trace, and what of it cannot be a house: in words and as a picture.

    Exit status: 0; 2 where the trace cannot be read.
    """
    from headroom_tools.sim.trace_command import show

    show(file, columns, volts, picture)


@app.command()
@takes(Contest)
def versus(contest: Contest) -> None:
    """Runs Headroom against the laws of other projects on the same bench, and prints who gives and risks how much.

    Exit status: 0; 1 if Headroom's breaker tripped more often than the clairvoyant's; 2 for bad input; 3 if the simulator
    failed.
    """
    from headroom_tools import screen
    from headroom_tools.contest.versus import refuse
    from headroom_tools.contest.versus_run import run
    from headroom_tools.sim.trace_command import tell_traces

    if contest.group:
        versus_of_sharing(contest)
        return
    refuse(contest)
    if tell_traces(contest.traces, contest.volts, contest.columns, progress.warn) or contest.solar is not None:
        tell_export(contest)
    with progress.counting() as watch:
        standings = run(contest, watch)
    die_when_nobody_reads()
    if str(contest.json) == "-":
        screen.print_json(standings.figures())
    else:
        screen.print_standings(standings, contest.report)
    if standings.headroom_tripped():
        raise typer.Exit(1)


def tell_export(given: Installed) -> None:
    """Tells what a charger does not know of a house that feeds in."""
    from headroom_tools.sim.installed import unseen_export

    unseen = unseen_export(given)
    if unseen is not None:
        progress.warn(unseen)


def versus_of_sharing(contest: Contest) -> None:
    """Several chargers on one supply: who gets what."""
    from headroom_tools import screen
    from headroom_tools.contest.versus_run import share as run

    with progress.counting() as watch:
        standing = run(contest, progress.warn, watch)
    die_when_nobody_reads()
    if str(contest.json) == "-":
        screen.print_json(standing.figures())
    else:
        screen.print_sharing(standing, contest.report)


@app.command()
@takes(Campaign)
def campaign(asked: Campaign) -> None:
    """Runs Headroom through generated house-days, nine supplies and every car model, and counts what went wrong.

    Exit status: 0; 1 if a breaker tripped more often than the clairvoyant's; 2 for bad input.
    """
    from headroom_tools import screen
    from headroom_tools.contest.campaign import refuse, run

    refuse(asked)
    if asked.solar is not None:
        tell_export(asked)
    with progress.counting() as watch:
        tale = run(asked, watch)
    die_when_nobody_reads()
    if str(asked.json) == "-":
        screen.print_json(tale.figures())
    else:
        screen.print_tale(tale)
    if any(tale.added_trips.values()):
        raise typer.Exit(1)


@app.command()
def picture(
    path: Annotated[Path, typer.Argument(help="Where to put it; the name ends in .png.", metavar="OUT")],
) -> None:
    """Draws the README's picture of the built-in evening."""
    from headroom_tools.sim.picture import draw

    with progress.progress() as watch:
        draw(path, progress.warn, watch)


@app.command()
def settings(
    path: Annotated[
        Path | None, typer.Argument(help="Where to put it; the screen if not given.", metavar="OUT")
    ] = None,
) -> None:
    """Writes the page of the charger's settings, made from the firmware's own table."""
    from headroom_tools.settings_page import page

    if path is None:
        sys.stdout.write(page())
    else:
        path.write_text(page(), encoding="utf-8")


@app.command()
@takes(Bench)
def bench(asked: Bench) -> None:
    """Runs one trace for supplies of 20, 25, 32 and 40 A with a 32 A car, and prints a table."""
    from headroom_tools import screen
    from headroom_tools.common import pool

    jobs = [
        Options(trace=asked.trace, columns=asked.columns, breaker_a=breaker_a, vm=asked.vm)
        for breaker_a in (20, 25, 32, 40)
    ]
    results = []
    with progress.counting() as watch:
        for result in pool.in_order(screen.quietly, [(job, job is jobs[0]) for job in jobs], pool.cores()):
            results.append(result)
            watch(len(results), len(jobs), "supplies")
    die_when_nobody_reads()
    screen.print_comparison([(job.breaker_a, result) for job, result in zip(jobs, results, strict=True)])
    if any(result.score.trips for result in results):
        raise typer.Exit(1)


def die_when_nobody_reads() -> None:
    """Lets a closed pipe end the program as it ends any other: there is nothing left to clean up."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def refuse_emptiness(arguments: list[str]) -> None:
    """BadInput where a name is empty, as a script's unset variable leaves it; or where there is nowhere to print to."""
    for before, argument in pairwise(arguments):
        if argument == "" or (argument.startswith("--") and argument.endswith("=")):
            named = before if argument == "" and before.startswith("-") else argument.rstrip("=") or "an argument"
            raise BadInput(f"{named} is empty: give it a value, or leave it out")
    if sys.stdout is None:
        raise BadInput("standard output is closed: there is nowhere to print to")


NO_NUMBER = re.compile(r"Invalid value for '([^']+)': '(.*)' is not a valid (float|int\w*)\.")


def no_number(error: typer.TyperException) -> str:
    """Returns the message of an error; for a value that is no number, what to give in its place."""
    message = error.format_message()
    found = NO_NUMBER.fullmatch(message)
    if not found:
        return message
    option, value, kind = found.groups()
    unit = getattr(getattr(error, "param", None), "metavar", None) or "N"
    number = "a number" if kind == "float" else "a whole number"
    return f"{option} {value}: give {number}" + ("." if unit == "N" else f" in {unit}, without the unit.")


def run() -> int:
    """Runs the command and returns its exit status; whatever goes wrong there is one line for it on stderr."""
    would_do: tuple[str, ...] = ()
    try:
        refuse_emptiness(sys.argv)
        status = app(prog_name="headroom", standalone_mode=False) or 0
        if status == STOPPED:
            raise KeyboardInterrupt
        sys.stdout.flush()
        return status
    except BadInput as error:
        message, status, would_do = str(error), error.status, error.would_do
    except SimulatorFailed as error:
        message, status = f"the simulator failed: {error}", error.status
    except OSError as error:
        message, status = cannot_write(error), BadInput.status
    except typer.TyperException as error:
        message, status = no_number(error), BadInput.status
        if not message:
            return status
        context = getattr(error, "ctx", None)
        message += f" See {context.command_path if context else 'headroom'} --help"
    sys.stderr.write(f"headroom: {message}\n")
    sys.stderr.writelines(f"    {line}\n" for line in would_do)
    return status
