"""A group's run as one HTML file to look at: the supply, and a lane for each charger with the reason of its changes."""

from typing import IO

from headroom_tools.common.pages import template
from headroom_tools.sim.report import plotly_js


def write(file: IO[str], told: list[str], data: dict[str, object]) -> None:
    """Writes the whole page; it loads nothing from anywhere. data: what the page's script draws."""
    page = template("headroom_tools.sim", "group_report.html.j2").render(
        title=told[0],
        told=[line for line in told[1:] if not line.startswith("time")],
        data=data,
        plotly=plotly_js(),
    )
    file.write(page)
