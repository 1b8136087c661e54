"""How long a paused car waits for what is free: the real ``Dwell`` is asked for every current."""

from importlib import import_module
from typing import Any

from headroom_tools.drawings.sheet import MARGIN, Sheet, amps_of, time_of

STEP_MS, STEP_MA, WIDEST_MA = 500, 50, 2500
LEFT, RIGHT, TOP, ROW, BAR = 20, 580, 104, 76, 38
LOOKS = ("teal", "blue", "amber", "red")  # the longer the wait


def interrupted(times: int) -> Any:
    """A ``Dwell`` of a car that was charging, and was stopped so many times."""
    dwell = import_module("headroom.law.dwell").Dwell(import_module("headroom.terms.records").Limits())
    for _ in range(times):
        dwell.step(STEP_MS, True, True, True)
        dwell.paused()
        dwell.step(STEP_MS, False, False, True)
    return dwell


def wait_ms(above_ma: int, times: int) -> int:
    """How long so much above the minimum must be free until the car may begin, where it has been free since it was stopped."""
    dwell = interrupted(times)
    ms = STEP_MS
    while not dwell.may_resume(STEP_MS, above_ma):
        dwell.step(STEP_MS, False, False, True)
        ms += STEP_MS
    return ms


def draw() -> str:
    """The drawing as SVG."""
    dwell = import_module("headroom.law.dwell")
    limits = import_module("headroom.terms.records").Limits()
    rows = [("a car that has just come", 0)] + [
        (f"after {times} interruption{'s' if times > 1 else ''}", times)
        for times in (1, dwell.FEW + 1, dwell.FEW + 2, dwell.MOST)
    ]
    table = [[wait_ms(ma, times) for ma in range(0, WIDEST_MA, STEP_MA)] for _, times in rows]
    known = sorted({wait for waits in table for wait in waits})
    sheet = Sheet()
    sheet.said(MARGIN, 60, "What is free, and for how long before it is offered again:")

    def across(ma: int) -> int:
        return LEFT + (RIGHT - LEFT) * ma // WIDEST_MA

    for row, ((words, _), waits) in enumerate(zip(rows, table, strict=True)):
        top = TOP + ROW * row
        sheet.said(MARGIN, top - 8, words, look="", bold=True)
        start = 0
        for place in range(1, len(waits) + 1):
            if place == len(waits) or waits[place] != waits[start]:
                left, right = across(start * STEP_MA), across(place * STEP_MA)
                look = LOOKS[known.index(waits[start]) * len(LOOKS) // len(known)]
                sheet.box(left, top, right - left, BAR, look=look)
                sheet.said((left + right) // 2, top + 25, time_of(waits[start]), anchor="middle", look="")
                start = place
    bottom = TOP + ROW * (len(rows) - 1) + BAR
    for ma in range(0, WIDEST_MA + 1, 500):
        sheet.wire((across(ma), bottom + 8), (across(ma), bottom + 16), look="axis")
        anchor = "start" if ma == 0 else "end" if ma == WIDEST_MA else "middle"
        sheet.said(across(ma), bottom + 34, amps_of(limits.min_ma + ma), anchor=anchor)
    sheet.lines(
        MARGIN,
        bottom + 64,
        f"Here min_ma is {amps_of(limits.min_ma)} and resume_dwell_ms {time_of(limits.resume_dwell_ms)}.",
        f"A car bears some ten interruptions: after {dwell.FEW} each next one waits longer.",
    )
    return sheet.page(bottom + 124, "When a paused car goes on (law/dwell.py)")
