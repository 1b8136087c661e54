"""A board is data: read boards/NAME/board.py without running it, and refuse what the hardware cannot do.

`load` parses the file by `ast` and keeps line numbers; `problems` gives one line for each refusal, before anything is
energised. `app` is `headroom board ...`.
"""

import ast
import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import typer

from headroom_tools import wiring
from headroom_tools.board_rules import RELATIONS, choices
from headroom_tools.board_schema import PIN_NAMES, SCHEMA, pin_refusal

BOARDS_DIR = Path(__file__).resolve().parents[2] / "boards"
PATTERN = "reference"


class BoardError(ValueError):
    """A board that cannot be read; its text is the one line to show."""


@dataclass(frozen=True)
class Board:
    """The values of a board file and the line of each."""

    path: Path
    values: dict
    lines: dict

    def __getitem__(self, name):
        return self.values[name]

    def fitted(self):
        """(name, pin) of every pin in use, in the schema's order."""
        for name in PIN_NAMES:
            value = self.values.get(name)
            for pin in value if isinstance(value, tuple) else (value,):
                if pin is not None:
                    yield name, pin


def shown(path):
    """The path as a person in the repository would type it."""
    root = BOARDS_DIR.parent
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def board_path(name):
    """The board file of this name. Raises BoardError if there is none."""
    if name not in names():
        raise BoardError(f"no board {name!r} in {shown(BOARDS_DIR)}/: there is {', '.join(names()) or 'none'}")
    return BOARDS_DIR / name / "board.py"


def names():
    """Every board in the repository, by name."""
    return sorted(path.parent.name for path in BOARDS_DIR.glob("*/board.py"))


def load(path):
    """Read a board file into a Board. Raises BoardError (file:line, what, what to do)."""
    path = Path(path)
    try:
        tree = ast.parse(path.read_bytes())
    except OSError as error:
        raise BoardError(f"{shown(path)}: {error.strerror}") from None
    except SyntaxError as error:
        raise BoardError(f"{shown(path)}:{error.lineno or 1}: not Python: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError):
        raise BoardError(f"{shown(path)}:1: not Python text: write it as UTF-8 text") from None
    board = Board(path, {}, {})
    for statement in tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        name, value = _assignment(path, statement)
        if name in board.values:
            raise BoardError(
                f"{shown(path)}:{statement.lineno}: {name} is set a second time "
                f"(first on line {board.lines[name]}): keep one"
            )
        board.values[name] = value
        board.lines[name] = statement.lineno
    return board


def _assignment(path, statement):
    where = f"{shown(path)}:{statement.lineno}"
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        raise BoardError(f"{where}: not a setting: a board file holds only lines like LED_PIN = 23")
    name = targets[0].id
    try:
        value = ast.literal_eval(statement.value)
    except (ValueError, TypeError, RecursionError, MemoryError):
        raise BoardError(
            f"{where}: {name} is not a plain value: write the number, text, tuple or None itself"
        ) from None
    return name, value


def problems(board):
    """Every reason to refuse this board, one line each, in the order of the file."""
    found = [*_name_problems(board), *_value_problems(board)]
    suspect = {name for name, _ in found}
    for needed, rule in RELATIONS:
        if suspect.isdisjoint(needed) and all(name in board.values for name in needed):
            found += rule(board)
    found.sort(key=lambda problem: board.lines.get(problem[0], 0))
    return [f"{shown(board.path)}:{board.lines.get(name, 1)}: {text}" for name, text in found]


def _name_problems(board):
    missing = [name for name in SCHEMA if name not in board.values]
    for name in board.values:
        if name not in SCHEMA:
            near = difflib.get_close_matches(name, missing or SCHEMA, 1)
            hint = f"did you mean {near[0]}?" if near else "see `headroom board names`"
            yield name, f"{name} is not a name the firmware reads: {hint}"
    for name in missing:
        none = " (None where not fitted)" if SCHEMA[name].optional else ""
        yield name, f"{name} is missing: {SCHEMA[name].meaning}; add it{none}"


def _value_problems(board):
    for name, row in SCHEMA.items():
        if name not in board.values:
            continue
        value = board[name]
        reason = _type_problem(row, value) or _range_problem(row, value)
        if reason:
            yield name, f"{name} = {value!r}: {reason}"
            continue
        for pin in value if row.type is tuple else (value,):
            reason = name in PIN_NAMES and pin is not None and pin_refusal(name, pin)
            if reason:
                yield name, f"{name} = {value!r}: GPIO{pin} is {reason}; {choices(board, name)}"


def _type_problem(row, value):
    if value is None and row.optional:
        return None
    if type(value) is not row.type:
        words = {int: "a whole number", str: "text in quotes", bool: "True or False"}
        wanted = words.get(row.type, "a tuple of pins such as (32,)")
        return f"write {wanted}" + (" or None" if row.optional else "") + f" ({row.meaning})"
    if row.type is tuple and not all(type(pin) is int for pin in value):
        return "write a tuple of pins such as (32,)"
    return None


def _range_problem(row, value):
    if isinstance(row.allowed, range) and value not in row.allowed:
        return f"out of range {row.allowed[0]} to {row.allowed[-1]} ({row.meaning})"
    if isinstance(row.allowed, tuple) and value not in row.allowed:
        return f"write {' or '.join(repr(word) for word in row.allowed)}"
    return None


app = typer.Typer(no_args_is_help=True, help="Boards: what is fitted, where, and whether it can work.")


def _refuse(*lines):
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(2)


def _sound(name):
    """The board of this name; ends the command with one line a problem if it has any."""
    try:
        board = load(board_path(name))
    except BoardError as error:
        _refuse(error)
    found = problems(board)
    if found:
        _refuse(*found)
    return board


def picture_path(board):
    """Where the wiring picture of this board lies."""
    return board.path.with_name("wiring.svg")


@app.command("list")
def list_boards():
    """Every board here and what it is for."""
    for name in names():
        board = _sound(name)
        typer.echo(
            f"{name:12} {board['CHIP']}, {board['PHASES']} phase{'s' * (board['PHASES'] > 1)}, {board['CABLE']}, "
            f"{board['MAX_OFFER_MA'] // 1000} A, supply up to {board['MAX_BREAKER_MA'] // 1000} A, "
            f"{len(list(board.fitted()))} pins in use"
        )


@app.command("names")
def list_names():
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
def check(name: str):
    """Refuse a board that cannot work, with the line and what to do."""
    board = _sound(name)
    picture = picture_path(board)
    if picture.exists() and picture.read_text(encoding="utf-8") != wiring.svg(board):
        _refuse(f"{shown(picture)}:1: older than board.py: run `headroom board wiring {name}`")
    typer.echo(f"{shown(board.path)}: good, {len(list(board.fitted()))} pins in use")


@app.command()
def new(name: str):
    """Start a board of your own as a copy of the reference board."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", name):
        _refuse(f"{name!r} is no board name: write up to 32 of a-z, 0-9, - and _, a letter first")
    folder = BOARDS_DIR / name
    if folder.exists():
        _refuse(f"{shown(folder)} is there already: choose another name, or edit its board.py")
    pattern = board_path(PATTERN).read_text(encoding="utf-8")
    folder.mkdir()
    (folder / "board.py").write_text(pattern.replace(PATTERN, name), encoding="utf-8")
    typer.echo(
        f"{shown(folder)}/board.py is a copy of {PATTERN}. Next:\n"
        f"  1. edit it: pins, ratings, None for what is not fitted (`headroom board names` tells each)\n"
        f"  2. headroom board check {name}\n"
        f"  3. headroom board wiring {name}, and look at the picture\n"
        f"  4. headroom flash --board {name} --port PORT"
    )


@app.command("wiring")
def draw(name: str):
    """Draw boards/NAME/wiring.svg from the board's data."""
    board = _sound(name)
    picture = picture_path(board)
    picture.write_text(wiring.svg(board), encoding="utf-8", newline="\n")
    typer.echo(f"{shown(picture)}: drawn")


if __name__ == "__main__":
    app()
