"""One sampling window, as the real loop took it on the bench with every conversion at its microsecond."""

import math
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from bench.table import Table

from headroom_tools.drawings.sheet import MARGIN, Sheet

SETTLED_MS = 8000  # a car has come and charges by then
SPAN_US = 700  # of the window, seen from near
LEFT, RIGHT = 20, 580


class Window(NamedTuple):
    """What was converted when, in us from the window's start."""

    window_us: int
    rounds_us: list[int]  # when each round began
    clamps: list[tuple[int, int, int]]  # (begun, ended, phase)
    pilots: list[tuple[int, int]]  # (begun, ended)
    rises_us: list[float]  # where the pilot's pulses begin
    high_us: float  # and how long each is


def taken() -> Window:
    """A window of the reference board, with a car that charges on three phases."""
    table = Table(
        [(0, 6000, 6000, 6000)],
        breaker_ma=50000,
        phases=3,
        car_phases=3,
        car_ma=32000,
        settings={"resume_dwell_ms": 5000},
    )
    table.live(SETTLED_MS)
    scan, chip = table.charger.scan, table.chip
    seen: list[tuple[int, int, int]] = []

    def timed(read: Callable[[], int], phase: int) -> Callable[[], int]:
        def one() -> int:
            begun = chip.us
            counts = read()
            seen.append((begun, chip.us, phase))
            return counts

        return one

    scan.readers = tuple(timed(read, phase) for phase, read in enumerate(scan.readers))
    scan.read_pilot = timed(scan.read_pilot, -1)
    begun_us = chip.us
    scan.read(table.charger.readings, table.charger.outputs.duty_u16)
    return _window(table, scan, begun_us, seen)


def _window(table: Any, scan: Any, begun_us: int, seen: list[tuple[int, int, int]]) -> Window:
    at = import_module("headroom.sense.window")
    phases = len(scan.clamps)
    clamps = [(start - begun_us, end - begun_us, what) for start, end, what in seen if 0 <= what < phases]
    pilots = [(start - begun_us, end - begun_us) for start, end, what in seen if what < 0]
    count = scan.state[at.COUNT]
    period_us = scan.plateaus.period_tenth_us / 10
    edge_us = scan.plateaus.edge_us - scan.state[at.START_US] + scan.plateaus.edge_tenth_us / 10
    window_us = scan.cycle.period_us
    rises = [edge_us + turn * period_us for turn in range(-1, int(window_us / period_us) + 2)]
    high_us = period_us * table.charger.outputs.duty_u16 / 65536
    return Window(window_us, list(scan.samples[:count]), clamps, pilots, rises, high_us)


def draw() -> str:
    """The drawing as SVG."""
    window = taken()
    sheet = Sheet()
    steps = [after - before for before, after in zip(window.rounds_us, window.rounds_us[1:], strict=False)]
    parted = [at for at in range(8, len(steps)) if _pilot_in(window, at)]
    at = parted[0]
    from_us = window.rounds_us[at] - SPAN_US * 2 // 5
    _whole(sheet, window, from_us)
    _near(sheet, window, at, from_us, steps[at] - min(steps))
    return sheet.page(540, "One sampling window (sense/window.py)")


def _pilot_in(window: Window, at: int) -> bool:
    """A pilot sample of the low plateau parts the clamp conversions of this round."""
    start, end = window.rounds_us[at], window.rounds_us[at + 1]
    return any(start + 10 < begun < end and not _high(window, begun) for begun, _ in window.pilots)


def _high(window: Window, us: float) -> bool:
    return any(0 <= us - rise < window.high_us for rise in window.rises_us)


def _whole(sheet: Sheet, window: Window, from_us: int) -> None:
    def across(us: float) -> int:
        return round(LEFT + (RIGHT - LEFT) * us / window.window_us)

    middle = 120
    sheet.said(MARGIN, 62, f"{window.window_us / 1000:.1f} ms, one whole mains cycle: {len(window.rounds_us)} rounds")
    sheet.wire((LEFT, middle), (RIGHT, middle), look="axis")
    sheet.wire(
        *[(x, middle - round(42 * math.sin((x - LEFT) / (RIGHT - LEFT) * 2 * math.pi))) for x in range(LEFT, RIGHT, 4)],
        look="sine",
    )
    for begun, _ in window.pilots:
        x = across(begun)
        top = 200 if _high(window, begun) else 212
        sheet.box(x - 3, top, 6, 12, look="teal" if top == 200 else "amber")
    sheet.wire((LEFT, 224), (RIGHT, 224), look="axis")
    left, right = across(from_us), across(from_us + SPAN_US)
    sheet.said(right + 10, 190, f"the pilot's samples, {len(window.pilots)} of them: high, low, in turn")
    sheet.box(left, 74, right - left, 154, look="link")
    sheet.wire((left, 228), (LEFT, 262), look="link")
    sheet.wire((right, 228), (RIGHT, 262), look="link")


def _near(sheet: Sheet, window: Window, at: int, from_us: int, longer_us: int) -> None:
    def across(us: float) -> int:
        return round(LEFT + (RIGHT - LEFT) * (min(max(us, from_us), from_us + SPAN_US) - from_us) / SPAN_US)

    sheet.said(MARGIN, 282, f"{SPAN_US / 1000:g} ms of it from near; the pilot, and what is converted:")
    high, low = 300, 336
    points = [(LEFT, high if _high(window, from_us) else low)]
    for rise in window.rises_us:
        for edge, before, after in ((rise, low, high), (rise + window.high_us, high, low)):
            if from_us < edge < from_us + SPAN_US:
                points += [(across(edge), before), (across(edge), after)]
    sheet.wire(*points, (RIGHT, points[-1][1]), look="curve")
    top = 356
    for begun, ended, phase in window.clamps:
        if from_us <= begun and ended <= from_us + SPAN_US:
            sheet.box(across(begun), top, across(ended) - across(begun), 36, look="grey")
            sheet.text((across(begun) + across(ended)) // 2, top + 24, f"L{phase + 1}", size=15, anchor="middle")
    for begun, ended in window.pilots:
        if from_us <= begun and ended <= from_us + SPAN_US:
            sheet.box(across(begun), top, across(ended) - across(begun), 36, look="amber")
            sheet.text((across(begun) + across(ended)) // 2, top + 24, "P", size=15, anchor="middle", bold=True)
    start, end = across(window.rounds_us[at]), across(window.rounds_us[at + 1])
    sheet.wire((start, top + 44), (start, top + 52), (end, top + 52), (end, top + 44))
    sheet.said((start + end) // 2, top + 72, f"a stretch: {longer_us} us longer", anchor="middle", look="", bold=True)
    sheet.lines(
        MARGIN,
        top + 106,
        "A round converts each clamp in turn. A pilot sample (P) is due at an instant",
        "that is known beforehand, in the middle of a plateau: the round waits for it.",
        "The round that it makes longer is a stretch: the sums of all samples are",
        "corrected for what lies under it (sense/sample_times.py).",
    )
