"""`headroom jig report`: a batch on the screen, and as a page with plots."""

import math
from pathlib import Path

from headroom_tools.jig.batch import Batch
from headroom_tools.jig.capability import CAPABLE, Capability, Summary, summary

WIDTH, HEIGHT, MARGIN = 520, 90, 8
BINS = 24


def told(batch: Batch, found: Summary) -> list[str]:
    """The batch in lines: boards, yield by step where one failed, measurements that are not capable or drift."""
    lines = [
        f"{_boards(found.boards)}: {found.passed} passed ({found.marginal} of them marginal), {found.failed} failed"
        + (f"; {found.not_tested} tests were broken off" if found.not_tested else "")
    ]
    if batch.torn:
        lines.append(
            f"{batch.torn} line{'s' if batch.torn > 1 else ''} of the file cannot be read: a power cut, or no board's line"
        )
    lines += ["", f"{'step':<50} {'yield':>8}  {'failed':>6} {'marginal':>8}"]
    lines += [
        f"{step.code}  {step.title:<45} {_percent(step.percent())}  {step.failed:>6} {step.marginal:>8}"
        for step in found.steps
    ]
    lines += ["", f"{'measurement':<20} {'mean':>10} {'sigma':>9}  {'Cp':>6} {'Cpk':>6}  {'drift per hour':>16}"]
    for each in found.measurements:
        flag = "  below 1.33" if (cpk := each.cpk()) is not None and cpk < CAPABLE else ""
        flag += "  drifts" if each.drifts() else ""
        lines.append(
            f"{each.name:<20} {each.mean():>10.5g} {each.sigma():>9.3g}  {_index(each.cp())} {_index(cpk)}  "
            f"{each.per_hour():>+10.3g} {each.unit}{flag}"
        )
    return lines


def _boards(count: int) -> str:
    return f"{count} board{'' if count == 1 else 's'}"


def _percent(value: float) -> str:
    return f"{'-':>8}" if math.isnan(value) else f"{value:>6.1f} %"


def _index(value: float | None) -> str:
    return f"{'-':>6}" if value is None else f"{'> 99':>6}" if value > 99 else f"{value:>6.2f}"


def page(name: str, batch: Batch) -> str:
    """One page with a histogram and a run chart of each measurement."""
    import jinja2

    found = summary(batch.boards)
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    template = jinja2.Environment(loader=loader, autoescape=True).get_template("batch.html.j2")
    return template.render(
        name=name,
        batch=batch,
        found=found,
        boards=_boards(found.boards),
        plot=plot,
        index=_index,
        percent=_percent,
        capable=CAPABLE,
    )


def plot(each: Capability) -> str:
    """SVG: every board's value in its order, limits, mean; on the right how often each value came."""
    values = [value for _, value in each.values]
    ends = [limit for limit in (each.low, each.high) if limit is not None]
    start, end = min(values + ends), max(values + ends)
    if start == end:
        start, end = start - 1, end + 1

    def y(value: float) -> float:
        return round(MARGIN + (end - value) / (end - start) * (HEIGHT - 2 * MARGIN), 1)

    across = WIDTH - 140
    parts = [
        f'<line x1="0" x2="{WIDTH}" y1="{y(limit)}" y2="{y(limit)}" stroke="#b91c1c" stroke-dasharray="5 3"/>'
        for limit in ends
    ]
    parts.append(
        f'<line x1="0" x2="{across}" y1="{y(each.mean())}" y2="{y(each.mean())}" stroke="#0f766e" stroke-width="0.8"/>'
    )
    for place, value in enumerate(values):
        x = round(MARGIN + place * (across - 2 * MARGIN) / max(len(values) - 1, 1), 1)
        bad = (each.low is not None and value < each.low) or (each.high is not None and value > each.high)
        parts.append(f'<circle cx="{x}" cy="{y(value)}" r="2.4" fill="{"#b91c1c" if bad else "#1e293b"}"/>')
    step = (end - start) / BINS
    counts = [0] * BINS
    for value in values:
        counts[min(int((value - start) / step), BINS - 1)] += 1
    tall = (HEIGHT - 2 * MARGIN) / BINS
    for place, count in enumerate(counts):
        if count:
            wide = round(110 * count / max(counts), 1)
            top = round(HEIGHT - MARGIN - (place + 1) * tall, 1)
            parts.append(
                f'<rect x="{across + 10}" y="{top}" width="{wide}" height="{max(round(tall - 0.5, 1), 1)}" fill="#0f766e"/>'
            )
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">{"".join(parts)}</svg>'
