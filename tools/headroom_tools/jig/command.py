"""`headroom jig`: tests the boards in a fixture; `report` tells what came of a batch, `sheet` which steps there are."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from headroom_tools.common.errors import BadInput, Stopped
from headroom_tools.common.places import ROOT

OUT = ROOT / "out" / "jig"
STATION = Path("station.ini")
FAILED = 1
MISSING = "{} is not installed: .venv/bin/pip install -e '.[jig]', then the same again"

app = typer.Typer(
    help="Tests boards in a fixture: flash, numbered steps, PASS or FAIL, a line a board in a batch file."
)


@app.callback(invoke_without_command=True)
def jig(
    context: typer.Context,
    port: Annotated[str | None, typer.Option(help="Serial port of the fixture.", metavar="PORT")] = None,
    station: Annotated[Path, typer.Option(help="Which instruments, what is ordered.", metavar="FILE")] = STATION,
    serial_no: Annotated[
        str, typer.Option(help="A number, a label's text, or scan: read a label for each board.", metavar="N")
    ] = "",
    batch: Annotated[
        Path | None,
        typer.Option(help="Where each board's line goes; out/jig/batch.jsonl if not given.", metavar="FILE"),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for pages, labels and JUnit XML.", metavar="FOLDER")] = OUT,
    step: Annotated[
        list[int] | None, typer.Option("--step", help="Only this step; may be given several times.", metavar="N")
    ] = None,
    from_: Annotated[int, typer.Option("--from", help="Begin at this step.", metavar="N")] = 0,
    repeat: Annotated[int, typer.Option(help="Test each board so often.", metavar="N")] = 1,
    boards: Annotated[int, typer.Option(help="How many boards; 0 is until Ctrl-C.", metavar="N")] = 1,
    again: Annotated[bool, typer.Option("--again", help="A board of this session may come twice.")] = False,
    bench: Annotated[
        Path | None, typer.Option(help="Folder of the bench's device, for a station of the bench.", metavar="FOLDER")
    ] = None,
) -> None:
    """Puts firmware onto a board and tests it, step by step; safety first. With --boards 0 it waits for the next board by itself.

    Exit status: 0 when every board passed; 1 when one failed or was not tested; 2 where the station cannot work.
    """
    if context.invoked_subcommand is not None:
        return
    if port is None:
        raise BadInput("--port is missing: headroom jig --port PORT --station FILE")
    try:
        import pytest  # noqa: F401
    except ImportError:
        raise BadInput(MISSING.format("pytest")) from None
    from headroom_tools.jig import station as stations
    from headroom_tools.jig.session import Plan, Session

    if repeat < 1 or boards < 0:
        raise BadInput("--repeat: 1 or more; --boards: 0 or more")
    plan = Plan(
        port=port,
        batch=batch or out / "batch.jsonl",
        out=out,
        only=frozenset(step) if step else None,
        first=from_,
        number=serial_no,
        boards=boards,
        repeat=repeat,
        again=again,
    )
    try:
        failed = Session(stations.load(station, bench), plan, scan=scanned_line).run()
    except KeyboardInterrupt:
        raise Stopped(f"stopped; every board that was tested has its line in {plan.batch}") from None
    if failed:
        raise typer.Exit(FAILED)


def scanned_line() -> str:
    """What a scanner, which is a keyboard, types next. BadInput at its end."""
    sys.stderr.write("scan the board's label: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise BadInput("no label was scanned: standard input ended")
    return line.strip()


@app.command()
def report(
    batch: Annotated[Path, typer.Argument(help="A batch file.", metavar="BATCH")],
    html: Annotated[Path | None, typer.Option("--report", help="Write a page with plots.", metavar="OUT.html")] = None,
) -> None:
    """Tells yield by step, Cp and Cpk of each measurement, and drift over the batch's time."""
    from headroom_tools.jig import batch as batches
    from headroom_tools.jig import batch_report, capability
    from headroom_tools.jig.page import write

    read = batches.read(batch)
    print("\n".join(batch_report.told(read, capability.summary(read.boards))))
    if html is not None:
        write(html, batch_report.page(batch.name, read))


@app.command()
def sheet(
    page: Annotated[
        Path | None, typer.Option("--page", help="Write it as one page, for a printer.", metavar="OUT.html")
    ] = None,
    port: Annotated[str, typer.Option(help="The station's port, to stand on that page.", metavar="PORT")] = "PORT",
    station: Annotated[str, typer.Option(help="Its station file, the same.", metavar="FILE")] = "FILE",
) -> None:
    """Prints the work sheet: what an operator does, every step with its number, what is done, and what is allowed."""
    from headroom_tools.jig import sheet as sheets

    if page is None:
        sys.stdout.write(sheets.text(port, station))
    else:
        from headroom_tools.jig.page import write

        write(page, sheets.page(port, station))


@app.command()
def rehearse(
    boards: Annotated[int, typer.Option(help="How many; every third, from the second on, is broken.", metavar="N")] = 3,
    out: Annotated[Path, typer.Option(help="An empty folder for what comes of it.", metavar="FOLDER")] = OUT
    / "rehearsal",
) -> None:
    """Tests boards that have no hardware, one after the other at one port, as an operator would.

    Exit status: 0 when good boards passed and broken ones failed; 1 otherwise.
    """
    from headroom_tools.jig.rehearsal import rehearse as try_it

    try:
        wrong = try_it(out, boards)
    except KeyboardInterrupt:
        raise Stopped(f"stopped; what was tested is in {out}") from None
    print(f"{boards} boards, {wrong} of them judged wrongly; headroom jig report {out / 'batch.jsonl'}")
    if wrong:
        raise typer.Exit(FAILED)
