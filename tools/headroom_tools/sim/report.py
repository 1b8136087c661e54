"""The run as one HTML file to look at: zoomable, self-contained, works offline.

`Collector` keeps what the picture needs in bounded memory, `write` puts it into `report.html.j2`.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from headroom_tools.common.pages import template
from headroom_tools.sim.clocks import Clock
from headroom_tools.sim.results import Headline
from headroom_tools.sim.scenario import Scenario
from headroom_tools.sim.scoring import Scorer
from headroom_tools.sim.stream import Change, Record, Segment

MAX_POINTS = 16_000
MAX_MARKS = 2000
MAX_TABLE = 500
LONGEST_PIECE_MS = 10_000

Point = tuple[int, ...]


def in_pieces(records: Iterable[Record]) -> Iterator[Record]:
    """Yields the records with long segments cut up, so that the breaker's heat between them becomes visible."""
    for record in records:
        if isinstance(record, Segment):
            while record.to_ms - record.from_ms > LONGEST_PIECE_MS:
                cut_ms = record.from_ms + LONGEST_PIECE_MS
                yield record._replace(to_ms=cut_ms)
                record = record._replace(from_ms=cut_ms)
        yield record


class Thinned:
    """Points (t_ms, figures...) in time order, thinned when they get too many.

    Of each stretch of time the points with the lowest and the highest of every figure stay, so no peak is lost.
    """

    def __init__(self, limit: int) -> None:
        """limit: about how many points there are at the end."""
        self.limit = limit
        self.points: list[Point] = []
        self.stretch_ms = 0

    def add(self, point: Point) -> None:
        """Adds a point unless it says what the last one said."""
        if self.points and self.points[-1][1:] == point[1:]:
            return
        self.points.append(point)
        if len(self.points) >= 4 * self.limit:
            self._thin()

    def all(self) -> list[Point]:
        """Returns what is left of the points."""
        if self.stretch_ms or len(self.points) > self.limit:
            self._thin()
        return self.points

    def _thin(self) -> None:
        span_ms = self.points[-1][0] - self.points[0][0]
        self.stretch_ms = max(self.stretch_ms, span_ms // self.limit, 1)
        kept = self._extremes()
        while len(kept) > self.limit:
            self.stretch_ms *= 2
            kept = self._extremes()
        self.points = kept

    def _extremes(self) -> list[Point]:
        kept: list[Point] = []
        stretch: list[Point] = []
        for point in self.points:
            if stretch and point[0] // self.stretch_ms != stretch[0][0] // self.stretch_ms:
                kept += extremes(stretch)
                stretch = []
            stretch.append(point)
        return kept + extremes(stretch)


def extremes(points: list[Point]) -> list[Point]:
    """Returns those of some points that hold the lowest or highest of a figure, in order."""
    chosen = set()
    for figure in range(1, len(points[0])):
        column = [point[figure] for point in points]
        chosen.add(column.index(min(column)))
        chosen.add(column.index(max(column)))
    return [points[index] for index in sorted(chosen)]


class Collector:
    """Takes records in time order and keeps what the report shows of them."""

    def __init__(self, scenario: Scenario, scorer: Scorer) -> None:
        """scorer is asked for the breaker's heat: let it take each record after this."""
        self.phases = scenario.phases
        self.scorer = scorer
        self.thinned = Thinned(MAX_POINTS)
        self.last: Point = ()
        self.changes: list[tuple[int, int, Change]] = []
        self.changes_seen = 0

    def take(self, record: Record) -> None:
        """Adds one record."""
        if isinstance(record, Segment):
            figures = (*record.house_ma[: self.phases], *record.car_ma[: self.phases], record.offered_ma)
            heat = round(self.scorer.trips.breaker.heat() * 1000)
            self.thinned.add((record.from_ms, *figures, heat))
            self.last = (record.to_ms, *figures)
        elif isinstance(record, Change):
            self._keep_change(record)

    def _keep_change(self, change: Change) -> None:
        if shown(change.from_ma) == shown(change.to_ma):
            return
        self.changes_seen += 1
        pause_or_resume = 0 in (change.from_ma, change.to_ma)
        weight = abs(change.to_ma - change.from_ma) + (1_000_000 if pause_or_resume else 0)
        entry = (weight, -self.changes_seen, change)
        if len(self.changes) < MAX_MARKS:
            heapq.heappush(self.changes, entry)
        else:
            heapq.heappushpop(self.changes, entry)

    def points(self) -> list[Point]:
        """Returns (t_ms, house_ma per phase, car_ma per phase, offered_ma, heat in thousandths) in time order."""
        points = self.thinned.all()
        if not self.last:
            return points
        return [*points, (*self.last, round(self.scorer.trips.breaker.heat() * 1000))]

    def biggest_changes(self, count: int) -> list[Change]:
        """Returns up to count changes in time order: pauses and resumptions first, then the largest."""
        chosen = heapq.nlargest(count, self.changes)
        return [change for _, _, change in sorted(chosen, key=lambda entry: -entry[1])]


def shown(ma: int) -> str:
    """Returns an offer as the report says it: a change that this does not show is none."""
    return f"{ma / 1000:.1f} A" if ma else "nothing"


@dataclass(frozen=True)
class About:
    """What the report says about the run besides its figures."""

    title: str
    supply: str
    footer: str
    start_ms: int
    clock: Clock
    why_over: str = ""


def write(file: IO[str], about: About, scenario: Scenario, collector: Collector, headlines: list[Headline]) -> None:
    """Writes the whole page. The same run writes the same bytes."""
    tabled = collector.biggest_changes(MAX_TABLE)
    page = template("headroom_tools.sim", "report.html.j2").render(
        about=about,
        headlines=headlines,
        rows=[
            (
                change.t_ms,
                about.clock.label(about.start_ms + change.t_ms),
                shown(change.from_ma),
                shown(change.to_ma),
                change.to_ma > change.from_ma,
                change.why,
            )
            for change in tabled
        ],
        left_out=collector.changes_seen - len(tabled),
        data=picture_data(about, scenario, collector),
        plotly=plotly_js(),
    )
    file.write(page)


def picture_data(about: About, scenario: Scenario, collector: Collector) -> dict[str, object]:
    """Returns what the page's script draws: columns of integers, times in ms from the start of the run."""
    columns = [list(column) for column in zip(*collector.points(), strict=True)]
    phases = scenario.phases
    marks = collector.biggest_changes(MAX_MARKS)
    return {
        "zero_ms": about.clock.wall_ms(about.start_ms),
        "dated": about.clock.dated,
        "limit_ma": scenario.breaker_ma,
        "car_ma": scenario.car_ma,
        "t": columns[0],
        "house": columns[1 : 1 + phases],
        "car": columns[1 + phases : 1 + 2 * phases],
        "offered": columns[-2],
        "heat": columns[-1],
        "marks": [[change.t_ms, change.from_ma, change.to_ma, change.why] for change in marks],
        "trips": [round(trip_s * 1000) for trip_s in collector.scorer.trips.trips_s[:MAX_MARKS]],
    }


def plotly_js() -> str:
    """Returns plotly.min.js as the plotly package ships it, without the cost of importing that package."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly")
    return (Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
