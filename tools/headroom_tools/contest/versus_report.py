"""The contest as one HTML page: a table, energy against overload, bars, and one evening with all laws in it."""

from typing import IO

from headroom_tools.common.pages import template
from headroom_tools.contest.jobs import CLAIRVOYANT
from headroom_tools.contest.versus import CONTESTANTS, LATENCY, Standings, Supply, remarks
from headroom_tools.sim.report import plotly_js


def write(file: IO[str], standings: Standings) -> None:
    """Writes the whole page. The same standings write the same bytes."""
    contest = standings.contest
    houses = contest.houses()
    page = template("headroom_tools.contest", "versus.html.j2").render(
        contest=contest,
        houses=len(houses),
        first=houses[0].name,
        supplies=[
            {"breaker_a": supply.breaker_a, "rows": supply.rows, "remarks": remarks(supply.rows)}
            for supply in standings.supplies
        ],
        contestants={of.name: of for of in CONTESTANTS},
        latency=LATENCY,
        data=[picture_data(supply) for supply in standings.supplies],
        plotly=plotly_js(),
    )
    file.write(page)


def picture_data(supply: Supply) -> dict[str, object]:
    """Returns what the page's script draws for one supply: figures per law, and the first house's currents."""
    evening = [
        {
            "law": name,
            "start_ms": outcome.start_ms,
            "t": [point[0] for point in outcome.series],
            "house": [point[1] for point in outcome.series],
            "car": [point[2] for point in outcome.series],
        }
        for house, name, outcome in supply.runs
        if house == supply.runs[0][0]
    ]
    return {
        "breaker_a": supply.breaker_a,
        "clairvoyant": CLAIRVOYANT,
        "laws": [row.figures() for row in supply.rows],
        "evening": evening,
    }
