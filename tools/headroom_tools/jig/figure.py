"""A measured value on its limits, as a picture of one line: marginal zones, limits, the value's mark."""

from html import escape
from typing import Any

WIDTH, HEIGHT = 360, 22
INSET = 60  # pixels outside of the limits, for a value that is there
COLOURS = {"pass": "#15803d", "marginal": "#b45309", "fail": "#b91c1c"}


def bar(measurement: dict[str, Any]) -> str:
    """SVG of one measurement; a limit that there is not is an open end."""
    low, high, value = measurement["low"], measurement["high"], measurement["value"]
    start, end = _span(low, high, value, measurement["marginal_low"], measurement["marginal_high"])

    def x(number: float) -> float:
        part = (number - start) / (end - start) if end > start else 0.5
        return round(min(max(INSET + part * (WIDTH - 2 * INSET), 4), WIDTH - 4), 1)

    left = x(low) if low is not None else 4.0
    right = x(high) if high is not None else WIDTH - 4.0
    parts = [_zone(left, right, "#bbf7d0")]
    if measurement["marginal_low"] is not None and low is not None:
        parts.append(_zone(left, x(measurement["marginal_low"]), "#fde68a"))
    if measurement["marginal_high"] is not None and high is not None:
        parts.append(_zone(x(measurement["marginal_high"]), right, "#fde68a"))
    parts += [
        f'<line x1="{x(each)}" x2="{x(each)}" y1="2" y2="20" stroke="#334155"/>'
        for each in (low, high)
        if each is not None
    ]
    if value is not None:
        at, colour = x(value), COLOURS[measurement["outcome"]]
        parts.append(f'<path d="M {at} 5 l 5 6 l -5 6 l -5 -6 z" fill="{colour}" stroke="#ffffff"/>')
    title = f"<title>{escape(str(measurement['name']))}</title>"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">{title}{"".join(parts)}</svg>'


def _span(low: float | None, high: float | None, value: float | None, *marginal: float | None) -> tuple[float, float]:
    """What the picture's middle part covers: from limit to limit, or as far as the value and the marginal limit are."""
    there = [each for each in (low, high, *marginal) if each is not None]
    if low is None or high is None:
        there += [value] if value is not None else []
        there += [0.0]
    start, end = min(there), max(there)
    return (start - 1, end + 1) if start == end else (start, end)


def _zone(left: float, right: float, colour: str) -> str:
    return f'<rect x="{left}" y="6" width="{max(round(right - left, 1), 1)}" height="10" fill="{colour}"/>'
