"""`headroom trace`: what is understood of a trace, in words and as a picture, before anybody simulates with it."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from headroom_tools.common.errors import BadInput
from headroom_tools.common.outputs import Output
from headroom_tools.sim.report import Point, Thinned
from headroom_tools.sim.told import read_told
from headroom_tools.sim.traces import Row, Trace

POINTS = 6000
MOST_GAPS = 2000
STRIP = 72  # characters
BARS = "▁▂▃▄▅▆▇█"
INK, SOFT, GRID, GROUND, HOUSE, EXPORT, GAP = (
    "#18212d",
    "#5b6778",
    "#dde1e7",
    "#ffffff",
    "#4c9ccb",
    "#3a9d5d",
    "#f2c9b8",
)
VOLTS = (100, 300)


class Drawn:
    """Takes the rows in time order and keeps what a picture needs, in bounded memory."""

    def __init__(self) -> None:
        """No row yet."""
        self.thinned = Thinned(POINTS)
        self.gaps: list[tuple[int, int]] = []
        self.gap_ms: int | None = None
        self.last: Point = ()

    def take(self, row: Row) -> None:
        """Adds a row."""
        if self.gap_ms is not None and len(self.gaps) < MOST_GAPS:
            self.gaps.append((self.gap_ms, row.t_ms))
        self.gap_ms = row.t_ms if row.gap else None
        self.thinned.add((row.t_ms, *row.ma))
        self.last = (row.t_ms, *row.ma)

    def points(self) -> list[Point]:
        """Returns (t_ms, mA of each phase) in time order."""
        return [*self.thinned.all(), self.last]


def show(path: Path, columns: str | None, volts: int, picture: Path | None) -> None:
    """Reads path whole, prints what was understood, and draws it."""
    if not VOLTS[0] <= volts <= VOLTS[1]:
        raise BadInput(f"--volts {volts} is out of range: give {VOLTS[0]} to {VOLTS[1]} V")
    told = read_told(columns)
    place = picture or Path(f"{path.stem}-trace.svg")
    if place.suffix not in (".svg", ".png"):
        raise BadInput(f"--picture {place}: the name must end in .svg or .png")
    if place.resolve() == path.resolve():
        raise BadInput(f"--picture {place} is also the trace: name another file")
    drawn = Drawn()
    with Trace(path, volts, told) as trace:
        for row in trace.rows():
            drawn.take(row)
        lines = trace.all_told()
        points = drawn.points()
        with Output(place, "--picture") as output:
            draw(output, place.suffix[1:], trace, drawn, points, [line.removeprefix(f"{path}: ") for line in lines])
            output.keep()
    sys.stdout.writelines(f"{line}\n" for line in [*lines, *strips(points), f"picture: {place}"])


def tell_traces(paths: Iterable[Path], volts: int, columns: str | None, warn: Callable[[str], None]) -> bool:
    """Reads traces whole and tells what is understood of each; returns whether one of them feeds in."""
    told = read_told(columns)
    exports = False
    for path in paths:
        with Trace(path, volts, told) as trace:
            for row in trace.rows():
                exports = exports or min(row.ma) < 0
            for line in trace.all_told():
                warn(line)
    return exports


def strips(points: list[Point]) -> list[str]:
    """Returns for each phase a line of bars: the most of each stretch of time, as a share of the peak of all."""
    start_ms, end_ms = points[0][0], points[-1][0] + 1
    peak_ma = max(max(abs(ma) for ma in point[1:]) for point in points) or 1
    lines = []
    for phase in range(1, len(points[0])):
        most = [0] * STRIP
        held = points[0]
        at = 0
        for point in points:
            now = (point[0] - start_ms) * STRIP // (end_ms - start_ms)
            for cell in range(at + 1, now + 1):
                most[cell] = max(most[cell], held[phase])
            most[now] = max(most[now], point[phase])
            held, at = point, now
        bars = "".join(BARS[min(ma * len(BARS) // peak_ma, len(BARS) - 1)] for ma in most)
        lines.append(f"L{phase} {bars} {max(most) / 1000:.1f} A")
    return lines


def draw(output: Output, form: str, trace: Trace, drawn: Drawn, points: list[Point], lines: list[str]) -> None:
    """Draws the phases one below the other: import blue, export green, no values red."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise BadInput("the picture needs matplotlib: make setup installs it") from None
    import textwrap

    matplotlib.rcParams.update(
        {"font.family": "DejaVu Sans", "font.size": 9, "svg.hashsalt": "headroom", "svg.fonttype": "none"}
    )
    phases = trace.phases
    told = [part for line in lines for part in textwrap.wrap(line, 150, subsequent_indent="    ")]
    figure = Figure(figsize=(11, 1.6 + 0.2 * len(told) + 1.8 * phases), layout="constrained", facecolor=GROUND)
    figure.suptitle("\n".join(told), x=0.01, ha="left", color=INK, fontsize=9)
    all_axes = figure.subplots(phases, 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    start_ms = points[0][0]
    size_ms, unit = (86_400_000, "days") if points[-1][0] - start_ms > 3 * 86_400_000 else (3_600_000, "hours")
    if points[-1][0] - start_ms < 7_200_000:
        size_ms, unit = 60_000, "minutes"
    at = [(point[0] - start_ms) / size_ms for point in points]
    for phase, axes in enumerate(all_axes, 1):
        amps = [point[phase] / 1000 for point in points]
        axes.fill_between(at, [max(each, 0) for each in amps], step="post", color=HOUSE, linewidth=0.4)
        axes.fill_between(at, [min(each, 0) for each in amps], step="post", color=EXPORT, linewidth=0.4)
        for from_ms, to_ms in drawn.gaps:
            axes.axvspan((from_ms - start_ms) / size_ms, (to_ms - start_ms) / size_ms, color=GAP, linewidth=0)
        axes.set_ylabel(f"L{phase}, A", color=SOFT)
        axes.grid(color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(colors=SOFT, length=0)
        axes.spines[:].set_visible(False)
        axes.margins(x=0)
    all_axes[-1].set_xlabel(
        f"{unit} from {trace.clock.label(start_ms)}; red: no values, the last one holds", color=SOFT
    )
    metadata = {"Software": None} if form == "png" else {"Date": None, "Creator": None}
    figure.savefig(output.file.buffer, format=form, dpi=110, facecolor=GROUND, metadata=metadata)
