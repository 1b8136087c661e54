"""A chip's own figures, written into its board file: bench and conformance run at this board's price from then on."""

from pathlib import Path

from headroom_tools.boards.board import load, shown
from headroom_tools.boards.board_commands import problems
from headroom_tools.common.errors import BadInput
from headroom_tools.common.outputs import Output

MEASURED = "measured on a chip by `headroom chip`"


def rewritten(text: str, read_us: int, prices: tuple[int, ...]) -> str:
    """Returns a board file's text with these figures, and comments that no longer call them estimated."""
    lines: list[str] = []
    for line in text.splitlines():
        name = line.partition(" = ")[0]
        if name == "ADC_READ_US":
            line = f"ADC_READ_US = {read_us}  # one conversion with its driver: {MEASURED}"
        elif name == "TICK_CPU_US":
            while lines and lines[-1].startswith("#"):
                lines.pop()
            lines.append(
                f"# inputs, scan, law, guard, energy, serve of one tick, and a collection: {MEASURED}, 99th percentile"
            )
            line = f"TICK_CPU_US = ({', '.join(map(str, prices))})"
        lines.append(line)
    return "\n".join(lines) + "\n"


def write(path: Path, read_us: int, prices: tuple[int, ...]) -> None:
    """Put the figures into the board file. BadInput where its rules refuse them, and then it stays as it was."""
    text = rewritten(path.read_text("utf-8"), read_us, prices)
    with Output(path, "--write") as output:
        output.file.write(text)
        output.file.flush()
        assert output.beside is not None
        refused = problems(load(output.beside))
        refused = [line for line in refused if "NAME" not in line]  # it is not in its folder yet
        if refused:
            what = refused[0].partition(": ")[2] or refused[0]
            raise BadInput(f"{shown(path)}: these figures are refused, and it stays as it was: {what}")
        output.keep()
