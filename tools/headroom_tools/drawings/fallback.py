"""What a meter in doubt costs over time: the real ``MeterFallback`` runs, and its ceiling is the curve."""

from importlib import import_module
from itertools import pairwise
from typing import Any

from headroom_tools.drawings.sheet import Sheet, amps_of, time_of

STEP_MS = 20
OFFER_MA, HOUSE_MA = 16000, 3000
BEFORE_MS, LONGER_MS, AFTER_MS = 2000, 10000, 4000
LEFT, RIGHT, TOP, BOTTOM = 70, 580, 120, 330


def limits_as_set() -> Any:
    """Limits with the settings that stand in the table."""
    limits = import_module("headroom.terms.records").Limits()
    for name, _, value, *_ in import_module("headroom.serve.answers.settings_table").TABLE:
        if hasattr(limits, name):
            setattr(limits, name, value)
    limits.charger_ma = OFFER_MA
    limits.breaker_ma = 25000
    limits.phases = 1
    return limits


def ceilings(code: int, doubtful_ms: int, until_ms: int) -> list[tuple[int, int]]:
    """(ms since the doubt began, highest offer in mA) for a clamp in doubt for so long."""
    records = import_module("headroom.terms.records")
    fallback = import_module("headroom.guard.meter_fallback").MeterFallback(limits_as_set())
    readings, verdict = records.Readings(), records.Verdict()
    readings.grid_ok = verdict.closed = True
    verdict.offer_ma = OFFER_MA
    verdict.pilot_state = import_module("headroom.guard.pilot").C
    told = []
    for ms in range(-BEFORE_MS, until_ms, STEP_MS):
        readings.grid_ma[0] = HOUSE_MA + verdict.offer_ma
        readings.quality[0] = code if 0 <= ms < doubtful_ms else 0
        verdict.offer_ma = min(fallback.step(STEP_MS, readings, verdict, OFFER_MA), OFFER_MA)
        verdict.closed = verdict.offer_ma > 0
        told.append((ms, verdict.offer_ma))
    return told


def draw() -> str:
    """The drawing as SVG."""
    quality, fallback = import_module("headroom.terms.meter_faults"), import_module("headroom.guard.meter_fallback")
    limits = limits_as_set()
    raised = fallback.RAISE_MS
    safe = raised + limits.trust_hold_ms
    pause = safe + limits.trust_pause_ms
    good = pause + LONGER_MS
    back = good + limits.trust_back_ms
    full = back + OFFER_MA * 1000 // fallback.RAMP_MA_S
    knots: tuple[int, ...] = (-BEFORE_MS, 0, raised, safe, pause, good, back, full, full + AFTER_MS)
    shares = (0, 50, 98, 166, 238, 306, 376, 440, 510)  # each stage as wide as its words need

    def across(ms: int) -> int:
        for (start, end), (left, right) in zip(pairwise(knots), pairwise(shares), strict=True):
            if ms <= end:
                return LEFT + left + (right - left) * (ms - start) // (end - start)
        return RIGHT

    def up(ma: int) -> int:
        return BOTTOM - (BOTTOM - TOP) * ma // OFFER_MA

    sheet = Sheet()
    for ma in (0, limits.trust_safe_ma, OFFER_MA):
        sheet.wire((LEFT, up(ma)), (RIGHT, up(ma)), look="axis")
        sheet.said(LEFT - 8, up(ma) + 5, amps_of(ma), anchor="end")
    for ms in knots[1:-1]:
        sheet.wire((across(ms), TOP - 46), (across(ms), BOTTOM + 12), look="link")
    stages = ("good", "", "hold", "safe", "pause", "good", "ramp")
    lengths = ("", time_of(raised), time_of(limits.trust_hold_ms), time_of(limits.trust_pause_ms), "so long",
               time_of(limits.trust_back_ms), f"{amps_of(fallback.RAMP_MA_S)}/s")  # fmt: skip
    for (start, end), stage, length in zip(pairwise(knots[:-1]), stages, lengths, strict=True):
        middle = (across(start) + across(end)) // 2
        sheet.said(middle, TOP - 30, stage, anchor="middle", look="", bold=True)
        sheet.said(middle, TOP - 12, length, anchor="middle")
    for code, look, lower in ((quality.CLIPPED, "other", 4), (quality.FROZEN, "curve", 0)):
        points: list[tuple[int, int]] = []
        for ms, ma in ceilings(code, good, full + AFTER_MS):
            point = (across(ms), up(ma) + lower)
            if len(points) > 1 and points[-1][1] == points[-2][1] == point[1]:
                points[-1] = point
            elif not points or point != points[-1]:
                points.append(point)
        sheet.wire(*points, look=look)
    sheet.arrow((across(0), BOTTOM + 50), (across(0), BOTTOM + 14))
    sheet.lines(across(0) - 40, BOTTOM + 68, "the clamp fails")
    sheet.arrow((across(good), BOTTOM + 50), (across(good), BOTTOM + 14))
    sheet.lines(across(good), BOTTOM + 68, "its readings are good", anchor="middle")
    sheet.wire((LEFT, BOTTOM + 98), (LEFT + 44, BOTTOM + 98), look="curve")
    sheet.said(LEFT + 56, BOTTOM + 103, "most doubts: first the offer is held")
    sheet.wire((LEFT, BOTTOM + 124), (LEFT + 44, BOTTOM + 124), look="other")
    sheet.said(LEFT + 56, BOTTOM + 129, "a doubt that hides how high the current is: no hold")
    sheet.said(LEFT, BOTTOM + 155, "Times are those of the settings as they come; not to scale.")
    return sheet.page(BOTTOM + 175, "A meter in doubt (guard/meter_fallback.py)")
