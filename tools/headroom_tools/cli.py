"""The `headroom` command: options in, one clear line or a table out. Heavy modules are loaded when a run needs them."""

import signal
import sys
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from headroom_tools.boards import board_commands as boards
from headroom_tools.common import progress
from headroom_tools.common.ending import cannot_write
from headroom_tools.common.errors import STOPPED, BadInput, SimulatorFailed
from headroom_tools.device import chip, device, explain, flash, integrate, tour
from headroom_tools.device import console_client as console
from headroom_tools.jig import command as jig
from headroom_tools.sim.options import EVENING_PLUGGED

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Headroom's tools for the PC: simulate the charger in your house before you build it.",
)


app.add_typer(boards.app, name="board")


class Curve(str, Enum):
    """Breakers that IEC 60898-1 allows."""

    typical = "typical"
    fastest = "fastest"
    slow = "slow"


class Fidelity(str, Enum):
    """How closely the bench looks."""

    rms = "rms"
    waveform = "waveform"


class Vm(str, Enum):
    """What interprets the firmware."""

    micropython = "micropython"
    cpython = "cpython"


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

TraceOption = Annotated[
    Path | None,
    typer.Option("--trace", help="What the house draws; without it a built-in winter evening.", metavar="FILE"),
]
ColumnsOption = Annotated[
    str | None,
    typer.Option(
        "--columns",
        help="What the trace's header does not tell: time=, l1=, l2=, l3= (a column's name or number, or an entity), unit=, "
        "decimal=comma, tz=Europe/Brussels, dates=dmy, kind=counter.",
        metavar="NAME=VALUE,…",
    ),
]
PhasesOption = Annotated[int, typer.Option(help="Phases of the supply, 1 or 3.", metavar="1|3")]
CarOption = Annotated[str, typer.Option(help="How the car behaves; a wrong name lists the models.", metavar="MODEL")]
CarAOption = Annotated[float, typer.Option(help="What car and cable can take, 6 to 80 A.", metavar="A")]
CarPhasesOption = Annotated[int, typer.Option(help="Phases the car charges on, 1 or 3.", metavar="1|3")]
ReportOption = Annotated[
    Path | None, typer.Option(help="Write one self-contained page to look at.", metavar="OUT.html")
]
JobsOption = Annotated[int, typer.Option(help="Processes; 0 is one on each core.", metavar="N")]
VmOption = Annotated[Vm, typer.Option("--vm", help="What interprets the firmware; micropython is the real VM.")]


@app.command()
def sim(
    trace: TraceOption = None,
    columns: ColumnsOption = None,
    breaker_a: Annotated[float, typer.Option(help="Rating of the supply's breaker, 6 to 125 A.", metavar="A")] = 25,
    phases: PhasesOption = 1,
    volts: Annotated[int, typer.Option(help="Phase to neutral, 100 to 300 V.", metavar="V")] = 230,
    hz: Annotated[int, typer.Option(help="Mains frequency, 50 to 60 Hz.", metavar="HZ")] = 50,
    car_a: CarAOption = 32,
    car_phases: CarPhasesOption = 1,
    plugged: Annotated[
        str | None,
        typer.Option(
            help="When the car is there, daily, in the trace's own clock. "
            "Not given: always, but 18:00-07:00 in the built-in evening.",
            metavar="always|HH:MM-HH:MM",
        ),
    ] = None,
    need_kwh: Annotated[
        float | None, typer.Option(help="Energy until the car is full, over the whole run.", metavar="N")
    ] = None,
    breaker_curve: Annotated[Curve, typer.Option(help="How soon the breaker trips.")] = Curve.typical,
    fidelity: Annotated[Fidelity, typer.Option(help="rms for days, waveform for minutes.")] = Fidelity.rms,
    vm: VmOption = Vm.micropython,
    from_: Annotated[
        str | None, typer.Option("--from", help="Begin here, in the trace's own time form; or HH:MM.", metavar="T")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="End here, likewise.", metavar="T")] = None,
    series: Annotated[Path | None, typer.Option(help="Write one row a second as CSV.", metavar="OUT.csv")] = None,
    json: Annotated[
        str | None,
        typer.Option(
            help="Write the figures as JSON; - is standard output. speed_x is rounded down to 1, 2 or 5 times a power "
            "of ten, so that the same command writes the same bytes.",
            metavar="OUT|-",
        ),
    ] = None,
    report: ReportOption = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same run.", metavar="N")] = 0,
    car: CarOption = "plain",
    chargers: Annotated[
        int, typer.Option(help="So many whole firmwares on one bus, which share the supply; see group.md.", metavar="N")
    ] = 1,
    share: Annotated[
        str | None, typer.Option(help="Who of them gets what.", metavar="equal|priority|first|need")
    ] = None,
    bus_loss: Annotated[
        float | None, typer.Option(help="Part of the messages that is lost on the bus, 0 to 0.9.", metavar="P")
    ] = None,
    cars: Annotated[
        Path | None,
        typer.Option(
            help="A car for each charger: charger,plugged,need_kwh,car_a,phases,car,priority,wiring.", metavar="FILE"
        ),
    ] = None,
    group_a: Annotated[
        float | None,
        typer.Option(help="What the chargers may draw together, per phase; else the breaker's.", metavar="A"),
    ] = None,
    safe_a: Annotated[
        float | None,
        typer.Option(help="What each may draw while it hears no leader; else 6 A, if that fits.", metavar="A"),
    ] = None,
    leader_dies_min: Annotated[
        float | None, typer.Option(help="Cut the power of whoever leads each so many minutes.", metavar="MIN")
    ] = None,
) -> None:
    """Runs the real firmware in your house: how much the car gets, and what the breaker makes of it.

    \b
    Two lines of a trace that works (`headroom trace FILE` shows what is understood of yours):
    time,l1_w,l2_w,l3_w
    2026-01-15T18:30:00,1240,200,88

    Exit status: 0; 1 if the breaker tripped with the car's help; 2 for bad input; 3 if the simulator itself failed.
    """
    from headroom_tools import screen
    from headroom_tools.sim.options import Options
    from headroom_tools.sim.simulate import run

    of_a_group = {
        "--share": share,
        "--bus-loss": bus_loss,
        "--cars": cars,
        "--group-a": group_a,
        "--safe-a": safe_a,
        "--leader-dies-min": leader_dies_min,
    }
    if chargers != 1:
        from headroom_tools.sim import group

        for name, value, usual in (
            ("--hz", hz, 50),
            ("--breaker-curve", breaker_curve, Curve.typical),
            ("--fidelity", fidelity, Fidelity.rms),
            ("--car", car, "plain"),
        ):
            if value != usual:
                raise BadInput(
                    f"{name} does not go with --chargers: a car's model stands in --cars, all else is as usual"
                )
        with progress.progress() as watch:
            done = group.run(
                group.GroupOptions(
                    chargers=chargers,
                    share=share or "equal",
                    bus_loss=bus_loss or 0.0,
                    cars=cars,
                    group_a=group_a,
                    safe_a=safe_a,
                    leader_dies_min=leader_dies_min or 0.0,
                    trace=trace,
                    columns=columns,
                    breaker_a=breaker_a,
                    phases=phases,
                    volts=volts,
                    car_a=car_a,
                    car_phases=car_phases,
                    plugged=plugged or ("always" if trace else EVENING_PLUGGED),
                    need_kwh=need_kwh,
                    from_=from_,
                    to=to,
                    seed=seed,
                    vm=vm.value,
                    report=report,
                    series=series,
                    json=Path(json) if json not in (None, "-") else None,
                ),
                progress.warn,
                watch,
            )
        die_when_nobody_reads()
        if json == "-":
            screen.print_json(done.figures())
        else:
            sys.stdout.write("".join(f"{line}\n" for line in done.told()))
        return
    for name, given in of_a_group.items():
        if given is not None:
            raise BadInput(f"{name} is for a group: add --chargers 2, or more")
    options = Options(
        trace=trace,
        columns=columns,
        breaker_a=breaker_a,
        phases=phases,
        volts=volts,
        hz=hz,
        car_a=car_a,
        car_phases=car_phases,
        plugged=plugged,
        need_kwh=need_kwh,
        breaker_curve=breaker_curve.value,
        fidelity=fidelity.value,
        vm=vm.value,
        from_=from_,
        to=to,
        series=series,
        json=Path(json) if json not in (None, "-") else None,
        report=report,
        seed=seed,
        car=car,
    )
    with progress.progress() as watch:
        result = run(options, progress.warn, watch)
    die_when_nobody_reads()
    if json == "-":
        screen.print_figures(result)
    else:
        screen.print_table(result, report)
    if result.score.trips:
        raise typer.Exit(1)


@app.command("trace")
def trace_(
    file: Annotated[Path, typer.Argument(help="What a house drew.", metavar="FILE")],
    columns: ColumnsOption = None,
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
def versus(
    trace: Annotated[
        list[Path] | None, typer.Option(help="What a house draws; may be given several times.", metavar="FILE")
    ] = None,
    columns: ColumnsOption = None,
    days: Annotated[
        int | None,
        typer.Option(help="Generated household days; without --trace 3 are made, with it none.", metavar="N"),
    ] = None,
    seconds: Annotated[
        bool,
        typer.Option(
            "--seconds",
            help="Instead of days two-hour evenings seen at one second, and energy against overload as a curve.",
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same days and runs.", metavar="N")] = 0,
    breaker_a: Annotated[
        list[float] | None,
        typer.Option(help="Rating of the supply's breaker; may be given several times. Else 25 A.", metavar="A"),
    ] = None,
    phases: PhasesOption = 1,
    car: CarOption = "plain",
    car_a: CarAOption = 32,
    car_phases: CarPhasesOption = 1,
    plugged: Annotated[
        str | None,
        typer.Option(
            help="When the car is there. Not given: always in a trace, 17:00-07:00 on a generated day.",
            metavar="always|HH:MM-HH:MM",
        ),
    ] = None,
    vm: VmOption = Vm.micropython,
    json: Annotated[
        str | None, typer.Option(help="Write the figures as JSON; - is standard output.", metavar="OUT|-")
    ] = None,
    report: ReportOption = None,
    jobs: JobsOption = 0,
) -> None:
    """Runs Headroom against the laws of other projects on the same bench, and prints who gives and risks how much.

    Exit status: 0; 1 if Headroom's breaker tripped more often than the clairvoyant's; 2 for bad input; 3 if the simulator
    failed.
    """
    from headroom_tools import screen
    from headroom_tools.contest.versus import Contest, refuse
    from headroom_tools.contest.versus_run import run
    from headroom_tools.sim.trace_command import tell_traces

    contest = Contest(
        traces=tuple(trace or ()),
        columns=columns,
        days=days if days is not None else 0 if trace else 3,
        seconds=seconds,
        seed=seed,
        breakers_a=tuple(breaker_a or (25.0,)),
        phases=phases,
        car=car,
        car_a=car_a,
        car_phases=car_phases,
        plugged=plugged,
        vm=vm.value,
        jobs=jobs,
        json=Path(json) if json not in (None, "-") else None,
        report=report,
    )
    refuse(contest)
    tell_traces(contest.traces, columns, progress.warn)
    with progress.counting() as watch:
        standings = run(contest, watch)
    die_when_nobody_reads()
    if json == "-":
        screen.print_json(standings.figures())
    else:
        screen.print_standings(standings, report)
    if standings.headroom_tripped():
        raise typer.Exit(1)


@app.command()
def campaign(
    days: Annotated[int, typer.Option(help="Generated house-days, each with one car.", metavar="N")] = 1000,
    hours: Annotated[int, typer.Option(help="How long the car stays each day.", metavar="N")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same days and runs.", metavar="N")] = 0,
    vm: VmOption = Vm.micropython,
    json: Annotated[
        str | None, typer.Option(help="Print the figures as JSON instead of a table: give -", metavar="-")
    ] = None,
    jobs: JobsOption = 0,
) -> None:
    """Runs Headroom through generated house-days, nine supplies and every car model, and counts what went wrong.

    Exit status: 0; 1 if a breaker tripped more often than the clairvoyant's; 2 for bad input.
    """
    from headroom_tools import screen
    from headroom_tools.contest.campaign import Campaign, run

    if json not in (None, "-"):
        raise BadInput(f"--json {json}: only - is possible here")
    with progress.counting() as watch:
        tale = run(Campaign(days=days, hours=hours, seed=seed, vm=vm.value, jobs=jobs), watch)
    die_when_nobody_reads()
    if json == "-":
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
def bench(trace: TraceOption = None, columns: ColumnsOption = None, vm: VmOption = Vm.micropython) -> None:
    """Runs one trace for supplies of 20, 25, 32 and 40 A with a 32 A car, and prints a table."""
    from headroom_tools import screen
    from headroom_tools.common import pool
    from headroom_tools.sim.options import Options

    jobs = [Options(trace=trace, columns=columns, breaker_a=breaker_a, vm=vm.value) for breaker_a in (20, 25, 32, 40)]
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
        message, status = error.format_message(), BadInput.status
        if not message:
            return status
        context = getattr(error, "ctx", None)
        message += f" See {context.command_path if context else 'headroom'} --help"
    sys.stderr.write(f"headroom: {message}\n")
    sys.stderr.writelines(f"    {line}\n" for line in would_do)
    return status
