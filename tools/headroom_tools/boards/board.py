"""Read a board file without running it: literal values by name, and the line of each."""

import ast
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_tools.boards.board_schema import PIN_NAMES
from headroom_tools.common.errors import BadInput

BOARDS_DIR = Path(__file__).resolve().parents[3] / "boards"


@dataclass(frozen=True)
class Board:
    """The values of a board file and the line of each."""

    path: Path
    values: dict[str, Any]
    lines: dict[str, int]

    def __getitem__(self, name: str) -> Any:
        """The value of this name."""
        return self.values[name]

    def pins(self, name: str) -> tuple[int, ...]:
        """The GPIOs that this name is given; none where it is not fitted or no pin at all."""
        value = self.values.get(name) if name in PIN_NAMES else None
        return value if isinstance(value, tuple) else () if value is None else (value,)

    def fitted(self) -> list[tuple[str, int]]:
        """(name, pin) of every pin in use, in the schema's order."""
        return [(name, pin) for name in PIN_NAMES for pin in self.pins(name)]


def shown(path: Path) -> str:
    """The path as the person would type it who stands here; whole where that is outside the repository."""
    root = BOARDS_DIR.parent
    here = path.is_relative_to(root) and Path.cwd().is_relative_to(root)
    return os.path.relpath(path) if here else str(path)


def load(path: str | Path) -> Board:
    """Read a board file into a Board. Raises BadInput (file:line, what, what to do)."""
    path = Path(path)
    try:
        tree = ast.parse(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{shown(path)}: {error.strerror}") from None
    except SyntaxError as error:
        raise BadInput(f"{shown(path)}:{error.lineno or 1}: not Python: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError):
        raise BadInput(f"{shown(path)}:1: not Python text: write it as UTF-8 text") from None
    board = Board(path, {}, {})
    for statement in tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        name, value = _assignment(path, statement)
        if name in board.values:
            raise BadInput(
                f"{shown(path)}:{statement.lineno}: {name} is set a second time "
                f"(first on line {board.lines[name]}): keep one"
            )
        board.values[name] = value
        board.lines[name] = statement.lineno
    return board


def _assignment(path: Path, statement: ast.stmt) -> tuple[str, Any]:
    where = f"{shown(path)}:{statement.lineno}"
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            pass
        case _:
            raise BadInput(f"{where}: not a setting: a board file holds only lines like LED_PIN = 23")
    try:
        value = ast.literal_eval(statement.value)
    except (ValueError, TypeError, RecursionError, MemoryError):
        raise BadInput(f"{where}: {name} is not a plain value: write the number, text, tuple or None itself") from None
    return name, value
