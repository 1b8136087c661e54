"""A group's run as one HTML file to look at: the supply, and a lane for each charger with the reason of its changes."""

from typing import IO

from headroom_tools.sim.group import Score
from headroom_tools.sim.house import House
from headroom_tools.sim.report import Thinned, plotly_js, shown

MAX_POINTS = 4000
MAX_MARKS = 300  # of each charger
PHASE = 0  # L1 is drawn


def write(file: IO[str], told: list[str], score: Score, house: House) -> None:
    """Writes the whole page; it loads nothing from anywhere. The same run writes the same bytes but for its speed."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("headroom_tools.sim", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("group_report.html.j2").render(
        title=told[0],
        told=[line for line in told[1:] if not line.startswith("time")],
        data=data(score, house),
        plotly=plotly_js(),
    )
    file.write(page)


def data(score: Score, house: House) -> dict[str, object]:
    """Returns what the page's script draws: columns of integers, times in ms from the start of the run."""
    thinned = Thinned(MAX_POINTS)
    for lane in score.lanes:
        thinned.add((lane[0], lane[1 + PHASE], lane[4 + PHASE], *lane[7:]))
    points = [*thinned.all(), (score.t_ms, *thinned.all()[-1][1:])]
    columns = [list(column) for column in zip(*points, strict=True)]
    marks: list[list[list[object]]] = [[] for _ in score.cars]
    for t_ms, place, from_ma, to_ma, why in score.changes:
        if shown(from_ma) != shown(to_ma):
            marks[place].append([t_ms, to_ma, f"{shown(from_ma)} → {shown(to_ma)}: {why}"])
    return {
        "zero_ms": house.clock.wall_ms(house.start_ms),
        "dated": house.clock.dated,
        "limit_ma": score.breaker_ma,
        "group_ma": score.options.group_ma,
        "t": columns[0],
        "house": columns[1],
        "group": columns[2],
        "cars": columns[3:],
        "marks": [each[:: len(each) // MAX_MARKS + 1] for each in marks],
    }
