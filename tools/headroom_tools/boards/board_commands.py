"""A board is data: refuse what its hardware cannot do, one line each, before anything is energised.

`app` is `headroom board ...`.
"""

import difflib
import re
from pathlib import Path
from typing import Any, NoReturn

import typer

from headroom_tools.boards import board as board_file
from headroom_tools.boards import wiring
from headroom_tools.boards.board import Board, load, shown
from headroom_tools.boards.board_rules import RELATIONS, Problems, choices
from headroom_tools.boards.board_schema import SCHEMA, Name, pin_refusal
from headroom_tools.common.ending import ended
from headroom_tools.common.errors import BadInput
from headroom_tools.common.outputs import Output

PATTERN = "reference"
PINS_WANTED = "a tuple of pins such as (32,)"


def board_path(name: str) -> Path:
    """The board file of this name. Raises BadInput if there is none."""
    if name not in names():
        raise BadInput(f"no board {name!r} in {shown(board_file.BOARDS_DIR)}/: there is {', '.join(names()) or 'none'}")
    return board_file.BOARDS_DIR / name / "board.py"


def names() -> list[str]:
    """Every board in the repository, by name."""
    return sorted(path.parent.name for path in board_file.BOARDS_DIR.glob("*/board.py"))


def problems(board: Board) -> list[str]:
    """Every reason to refuse this board, one line each, in the order of the file."""
    found = [*_name_problems(board), *_value_problems(board)]
    suspect = {name for name, _ in found}
    for needed, rule in RELATIONS:
        if suspect.isdisjoint(needed) and all(name in board.values for name in needed):
            found += rule(board)
    found.sort(key=lambda problem: board.lines.get(problem[0], 0))
    return [f"{shown(board.path)}:{board.lines.get(name, 1)}: {text}" for name, text in found]


def _name_problems(board: Board) -> Problems:
    missing = [name for name in SCHEMA if name not in board.values]
    for name in board.values:
        if name not in SCHEMA:
            near = difflib.get_close_matches(name, missing or SCHEMA, 1)
            hint = f"did you mean {near[0]}?" if near else "see `headroom board names`"
            yield name, f"{name} is not a name the firmware reads: {hint}"
    for name in missing:
        none = " (None where not fitted)" if SCHEMA[name].optional else ""
        yield name, f"{name} is missing: {SCHEMA[name].meaning}; add it{none}"


def _value_problems(board: Board) -> Problems:
    for name, row in SCHEMA.items():
        if name not in board.values:
            continue
        value = board[name]
        reason = _type_problem(row, value) or _range_problem(row, value)
        if reason:
            yield name, f"{name} = {value!r}: {reason}"
            continue
        for pin in board.pins(name):
            refusal = pin_refusal(name, pin)
            if refusal:
                yield name, f"{name} = {value!r}: GPIO{pin} is {refusal}; {choices(board, name)}"


def _type_problem(row: Name, value: Any) -> str | None:
    if value is None and row.optional:
        return None
    if type(value) is not row.type:
        words = {int: "a whole number", str: "text in quotes", bool: "True or False"}
        wanted = words.get(row.type, PINS_WANTED)
        return f"write {wanted}" + (" or None" if row.optional else "") + f" ({row.meaning})"
    if isinstance(value, tuple) and not all(type(pin) is int for pin in value):
        return f"write {PINS_WANTED}"
    return None


def _range_problem(row: Name, value: Any) -> str | None:
    if isinstance(row.allowed, range) and value not in row.allowed:
        return f"out of range {row.allowed[0]} to {row.allowed[-1]} ({row.meaning})"
    if isinstance(row.allowed, tuple) and value not in row.allowed:
        return f"write {' or '.join(repr(word) for word in row.allowed)}"
    return None


app = typer.Typer(no_args_is_help=True, help="Boards: what is fitted, where, and whether it can work.")


def _refuse(*lines: object) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(2)


def _sound(name: str) -> Board:
    """The board of this name; ends the command with one line a problem if it has any."""
    try:
        board = load(board_path(name))
    except BadInput as error:
        _refuse(error)
    found = problems(board)
    if found:
        _refuse(*found)
    return board


def _write(path: Path, text: str) -> None:
    try:
        with Output(path, "file") as output:
            output.file.write(text)
            output.keep()
    except BadInput as error:
        _refuse(error)


def picture_path(board: Board) -> Path:
    """Where the wiring picture of this board lies."""
    return board.path.with_name("wiring.svg")


@app.command("list")
def list_boards() -> None:
    """Every board here and what it is for."""
    for name in names():
        try:
            board = load(board_path(name))
            refused = bool(problems(board))
        except BadInput:
            refused = True
        if refused:
            typer.echo(f"{name:12} refused: `headroom board check {name}` tells why")
            continue
        typer.echo(
            f"{name:12} {board['CHIP']}, {board['PHASES']} phase{'s' * (board['PHASES'] > 1)}, {board['CABLE']}, "
            f"{board['MAX_OFFER_MA'] // 1000} A, supply up to {board['MAX_BREAKER_MA'] // 1000} A, "
            f"{len(board.fitted())} pins in use"
        )


@app.command("names")
def list_names() -> None:
    """Every name a board file holds, and what it means."""
    for name, row in SCHEMA.items():
        if isinstance(row.allowed, range):
            allowed = f"{row.allowed[0]} to {row.allowed[-1]}"
        elif isinstance(row.allowed, tuple):
            allowed = " or ".join(map(repr, row.allowed))
        else:
            allowed = row.allowed or row.type.__name__
        typer.echo(f"{name:32} {allowed + ' or None' * row.optional:24} {row.meaning}")


@app.command()
def check(name: str) -> None:
    """Refuse a board that cannot work, with the line and what to do."""
    board = _sound(name)
    picture = picture_path(board)
    if picture.exists() and picture.read_bytes() != wiring.svg(board).encode():
        _refuse(f"{shown(picture)}:1: older than board.py: run `headroom board wiring {name}`")
    typer.echo(f"{shown(board.path)}: good, {len(board.fitted())} pins in use")


@app.command()
def new(name: str) -> None:
    """Start a board of your own as a copy of the reference board."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", name):
        _refuse(f"{name!r} is no board name: write up to 32 of a-z, 0-9, - and _, a letter first")
    folder = board_file.BOARDS_DIR / name
    if folder.exists():
        _refuse(f"{shown(folder)} is there already: choose another name, or edit its board.py")
    pattern = _sound(PATTERN).path.read_text(encoding="utf-8")
    try:
        folder.mkdir()
    except OSError as error:
        _refuse(f"{shown(folder)} cannot be made: {error.strerror}")
    _write(folder / "board.py", pattern.replace(PATTERN, name))
    typer.echo(
        f"{shown(folder)}/board.py is a copy of {PATTERN}. Next:\n"
        f"  1. edit it: pins, ratings, None for what is not fitted (`headroom board names` tells each)\n"
        f"  2. headroom board check {name}\n"
        f"  3. headroom board wiring {name}, and look at the picture\n"
        f"  4. headroom flash --board {name} --port PORT"
    )


@app.command("wiring")
def draw(name: str) -> None:
    """Draw boards/NAME/wiring.svg from the board's data."""
    board = _sound(name)
    picture = picture_path(board)
    _write(picture, wiring.svg(board))
    typer.echo(f"{shown(picture)}: drawn")


if __name__ == "__main__":
    ended(app)
