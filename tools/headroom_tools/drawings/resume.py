"""How long a paused car waits for what is free: the real ``Dwell`` is asked for every current."""

from importlib import import_module
from typing import Any

from headroom_tools.drawings.sheet import MARGIN, Sheet, amps_of, time_of

STEP_MS, STEP_MA, WIDEST_MA = 500, 50, 2500
LEFT, RIGHT, TOP, ROW, BAR = 20, 580, 104, 76, 38
LOOKS = ("teal", "blue", "amber", "red")  # the longer the wait


def charged(*minutes: float) -> Any:
    """A ``Dwell`` after charges of these lengths, each ended by a pause."""
    dwell = import_module("headroom.law.dwell").Dwell(import_module("headroom.terms.records").Limits())
    for each in minutes:
        dwell.step(int(each * 60000), True, True, True)
        dwell.paused()
    return dwell


def wait_ms(above_ma: int, *minutes: float) -> int:
    """How long so much above the minimum must be free until the car may begin."""
    dwell = charged(*minutes)
    ms = 0
    while not dwell.may_resume(STEP_MS, above_ma):
        ms += STEP_MS
    return ms + STEP_MS


def draw() -> str:
    """The drawing as SVG."""
    dwell = import_module("headroom.law.dwell")
    limits = import_module("headroom.terms.records").Limits()
    short = dwell.SHORT_ON_MS / 60000
    rows = (
        ("a car that has just come", ()),
        (f"after a charge of {time_of(dwell.SHORT_ON_MS)} or more", (short,)),
        ("after a shorter charge", (short / 3,)),
        (f"after {dwell.REPEATED} shorter ones in a row, or more", (short / 3,) * dwell.REPEATED),
    )
    table = [[wait_ms(ma, *minutes) for ma in range(0, WIDEST_MA, STEP_MA)] for _, minutes in rows]
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
        "A charge that ended soon says that it began too soon: the next",
        "waits longer for little, and no longer for plenty.",
    )
    return sheet.page(bottom + 124, "When a paused car goes on (law/dwell.py)")
