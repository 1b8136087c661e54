"""`headroom explain`: what a crash report of a device says, with the files and lines of the source.

`headroom flash` makes one module of a room's (device/linking.py), with what the board can reach (device/reaching.py), so a
traceback names that module and its lines; and it gives the firmware's names others (device/naming.py). They are
made again here from this clone's firmware, and looked up.
"""

import ast
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import ROOT
from headroom_tools.device.flash import FIRMWARE, facts, module, sources, squeezed
from headroom_tools.device.linking import Names
from headroom_tools.device.walking import walk

FRAME = re.compile(r'(?P<before>.*)File "(?P<module>headroom[\w.]*|shelf)", line (?P<line>\d+), in (?P<function>\S+)')
BOARD = re.compile(r"headroom crashed on board ([\w-]+):")  # what main.py says
QUOTED = re.compile(r"'(\w+)'")
WORD = re.compile(r"\w+")


def explained(report: str, board: str) -> tuple[list[str], int]:
    """Returns a report's lines with the source's files and lines in them, and how many were found."""
    texts = sources()
    files = {module(name): (name, file) for name, file in squeezed(tuple(texts.items()), facts(board)).items()}
    told, count, said, names = [], 0, "", Names()
    for line in report.splitlines():
        frame = FRAME.search(line)
        if frame is None or frame["module"] not in files:
            told.append(meant(line, said, names))
            continue
        name, file = files[frame["module"]]
        number = int(frame["line"])
        source, row = (name, number) if not file.lines else file.lines.get(number, ("", 0))
        rows = texts.get(source, "").splitlines()
        if not 0 < row <= len(rows):
            told.append(f"{line}  (no such line in this clone's firmware)")
            continue
        where = (FIRMWARE / source).relative_to(ROOT)
        found = file.joined.get(number, [row])
        there, names = [rows[each - 1].strip() for each in found], file.names
        said = " ".join(there)
        which = f"line {found[0]}" if len(found) == 1 else f"one of lines {', '.join(map(str, found))}"
        told += [f'{frame["before"]}File "{where}", {which}, in {around(texts[source], found[-1])}']
        told += [f"    {each}" for each in there]
        count += 1
    return told, count


def around(text: str, row: int) -> str:
    """Returns the name of the innermost function around a line of a source, as Python tells it."""
    found = "<module>"
    for node in walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.Lambda) and node.lineno <= row <= (node.end_lineno or 0):
            found = node.name if isinstance(node, ast.FunctionDef) else "<lambda>"
    return found


def meant(line: str, said: str, names: Names) -> str:
    """Returns a line with what it quotes as the source calls it: of all that are called so, what stands where it happened."""
    every = [*names.attributes.items(), *names.globals.items()]

    def source(quoted: re.Match[str]) -> str:
        old = sorted({old for old, new in every if new == quoted[1] and old in WORD.findall(said)})
        return f"'{' or '.join(old) or quoted[1]}'"

    return QUOTED.sub(source, line)


def explain(
    report: Annotated[
        Path | None, typer.Argument(help="A file with what the device said; without it, what is typed or piped in.")
    ] = None,
    board: Annotated[
        str, typer.Option(help="The board that it runs, where the report does not say it.", metavar="NAME")
    ] = "reference",
) -> None:
    """Reads a device's crash report and tells the file and line of the source where it happened.

    The clone must have the version that the device runs: `version` on its console tells it.

    Exit status: 0; 2 if the report has no line of the firmware.
    """
    if report is not None and not report.is_file():
        raise BadInput(f"{report}: no such file")
    said = sys.stdin.read() if report is None else report.read_text("utf-8", "replace")
    named = BOARD.search(said)
    told, count = explained(said, named[1] if named else board)
    if not count:
        raise BadInput("no line of this firmware in that report: paste all from Traceback on, as the device printed it")
    print("\n".join(told))
