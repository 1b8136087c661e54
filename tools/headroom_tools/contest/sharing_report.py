"""The contest of sharing laws as one HTML page: a table, energy and fairness, and what each car drew by a law."""

from typing import IO

from headroom_tools.common.pages import template
from headroom_tools.contest.sharing import NOON_MS, Standing
from headroom_tools.sim.report import plotly_js


def write(file: IO[str], standing: Standing) -> None:
    """Writes the whole page. The same standing writes the same bytes."""
    page = template("headroom_tools.contest", "sharing.html.j2").render(
        chargers=standing.chargers,
        sessions=len(standing.sessions),
        seed=standing.contest.seed,
        supplies=[{"breaker_a": breaker_a, "rows": rows} for breaker_a, rows in standing.supplies],
        notes=standing.notes(),
        data=[
            {
                "need": rows[0].need_kwh,
                "zero_ms": NOON_MS,
                "rows": [
                    {"name": row.name, "energy": row.energy_kwh, "jain": row.jain, "series": row.series} for row in rows
                ],
            }
            for _, rows in standing.supplies
        ],
        plotly=plotly_js(),
    )
    file.write(page)
