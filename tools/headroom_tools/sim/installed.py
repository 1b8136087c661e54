"""How the charger of a run is built, wired and set up, on which grid and under which roof: the same words for `headroom sim`,
versus and campaign.

What is set goes through the firmware's own console, line by line, before the run begins (bench/installer.py): its checks are the
checks, and what it refuses is bad input.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from bench import metered, orders
from bench.world.solar import SKIES

from headroom_tools.boards import board_commands
from headroom_tools.boards.board import load
from headroom_tools.common.errors import BadInput
from headroom_tools.common.knobs import Knob
from headroom_tools.sim.roof import read_kwp, refuse_roof

STRAIGHT = "straight"
CLOCK_FORM = "%Y-%m-%d %H:%M"
MOST_BYTES = 100_000

#: whose readings govern; a contest of laws has none, for each law there has a meter of its own
METER = Knob(
    "Whose readings of the supply govern: the charger's clamps, or a meter on a wire.",
    choices=metered.NAMES,
    key="meter",
)

#: (where it was asked for, a line of the console)
Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Installed:
    """The charger: its board, how it is wired, what it was told, and the grid and panels that it stands at."""

    board: Annotated[str, Knob("The charger's board; `headroom board list` names them.", "NAME", key="board")] = (
        "reference"
    )
    set_: Annotated[
        tuple[str, ...],
        Knob(
            "Set the charger up otherwise, as `set` on its console does; may be given several times.",
            "NAME=VALUE",
            option="--set",
        ),
    ] = ()
    settings: Annotated[
        Path | None, Knob("Lines for the charger's console, run before it begins; `save` puts in force.", "FILE")
    ] = None
    wiring: Annotated[
        str, Knob("The supply's phases on the charger's L1, L2, L3, such as l2l3l1, l2 or l1-l2 (IT grid).", "WIRING")
    ] = STRAIGHT
    line_ohm: Annotated[
        float | None,
        Knob(
            "Resistance of the line to the charger and back, 0 to 5 ohm; 0.4 if not given.",
            "OHM", low=0, high=5, unit="ohm", key="line_mohm", factor=1000,
        ),
    ] = None  # fmt: skip
    volts: Annotated[int, Knob("Phase to neutral, 100 to 300 V.", "V", low=100, high=300, unit="V", key="volts")] = 230
    hz: Annotated[int, Knob("Mains frequency, 50 to 60 Hz.", "HZ", low=50, high=60, unit="Hz", key="hz")] = 50
    solar: Annotated[
        str | None,
        Knob("Panels on the roof: their kWp, for generated days, or a trace of what they give.", "kWp|FILE"),
    ] = None
    sky: Annotated[str, Knob("What kind of days are generated for --solar.", choices=SKIES)] = "broken"
    clock: Annotated[
        str | None,
        Knob(
            "What the charger is told of the time at the start: the trace's own, or another; not given: nothing.",
            "trace|'YYYY-MM-DD HH:MM'",
        ),
    ] = None

    @property
    def lines(self) -> tuple[int, ...]:
        """Returns the supply's phases on the charger's terminals; of a straight one all three."""
        return (0, 1, 2) if self.wiring == STRAIGHT else orders.wired([self.wiring])[0]

    @property
    def between(self) -> bool:
        """Tells whether the car stands between two lines of an IT grid."""
        return "-" in self.wiring

    def wires(self, car_phases: int) -> int:
        """Returns how many phases of the charger are wired, the car's if nothing else is said."""
        return 1 if self.between else car_phases if self.wiring == STRAIGHT else len(self.lines)

    def told(self, clock: str | None) -> Lines:
        """Returns the console's lines, in order; clock: what to tell it as the time."""
        told = [] if clock is None else [("--clock", f"time {clock}")]
        for each in self.set_:
            name, _, value = each.partition("=")
            told.append((f"--set {each}", f"set {name.strip()} {value.strip()}"))
        if self.set_:
            told.append(("--set", "save"))
        return (*told, *file_lines(self.settings))


def clamps_of(board: str) -> int:
    """Returns how many phases a board sees; BadInput for one that is not there."""
    return int(load(board_commands.board_path(board))["PHASES"])


def refuse_installation(given: Installed, phases: int) -> None:
    """BadInput for what cannot be built like that on a supply of so many phases."""
    board = load(board_commands.board_path(given.board))
    clamps = clamps_of(given.board)
    if phases > clamps:
        raise BadInput(f"--board {given.board} sees {clamps} phase, and --phases is {phases}: choose another board")
    if given.wiring != STRAIGHT:
        refuse_wiring(given.wiring, phases)
    if given.line_ohm is not None and board["VOLTAGE_PIN"] is None:
        raise BadInput(
            f"--line-ohm has no effect on board {given.board}, which measures no voltage: add --board metered"
        )
    for each in given.set_:
        if not re.fullmatch(r"\s*\w+\s*=\s*\S.*", each):
            raise BadInput(
                f"--set {each!r}: give NAME=VALUE, such as breaker_ma=25A; headroom settings lists the names"
            )
    if given.clock not in (None, "trace"):
        try:
            datetime.strptime((given.clock or "").replace("T", " "), CLOCK_FORM)
        except ValueError:
            raise BadInput(f"--clock {given.clock}: give trace, or a time such as '2026-01-15 18:30'") from None
    refuse_roof(given.solar)
    file_lines(given.settings)


def refuse_dated_roof(given: Installed) -> None:
    """BadInput for a trace of panels over days that are generated, which have no date."""
    if given.solar is not None and read_kwp(given.solar) is None:
        raise BadInput(f"--solar {given.solar}: generated days have no date: give the panels' kWp, such as 6")


def unseen_export(given: Installed) -> str | None:
    """Returns what to say of a house that feeds in where this charger does not know it; None where it does."""
    if load(board_commands.board_path(given.board))["VOLTAGE_PIN"] is None:
        return (
            f"what is fed in looks like load to board {given.board}, which measures no voltage: --board metered "
            "--set exports=yes tells them apart"
        )
    if any(line.split()[:3] == ["set", "exports", "yes"] for _, line in given.told(None)):
        return None
    return "the house feeds in and the charger was not told: its clamps seem to be on backwards; add --set exports=yes"


def refuse_wiring(wiring: str, phases: int) -> None:
    """BadInput for a wiring that is none, or needs phases that the supply has not."""
    try:
        lines, _ = orders.wired([wiring])
    except ValueError:
        raise BadInput(
            f"--wiring {wiring}: give straight, or phases in the charger's order, such as l2l3l1, l2 or l1-l2"
        ) from None
    if max(lines) >= phases:
        raise BadInput(
            f"--wiring {wiring} needs three phases: a supply (--phases 3) and a board (--board) that have them"
        )


def file_lines(path: Path | None) -> Lines:
    """Returns a settings file's lines, each with its place; empty ones and comments are none."""
    if path is None:
        return ()
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"--settings {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(
            f"--settings {path}: it is no text: write the console's lines, such as set breaker_ma 25A"
        ) from None
    if len(text) > MOST_BYTES:
        raise BadInput(
            f"--settings {path}: it is too long for settings: give the console's lines, up to {MOST_BYTES} bytes"
        )
    lines = [(f"{path}:{number}", line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(where, line) for where, line in lines if line and not line.startswith("#")]
    if not lines:
        raise BadInput(f"--settings {path}: no line in it: write the console's, such as set breaker_ma 25A, and save")
    return tuple(lines)
