"""Reasons, states and faults in words: what a person reads on the console and in the simulator's report."""

from headroom.decide import faults, pilot, quality, reasons, session
from headroom.decide.power import apparent_va, factor_pct


def amps(ma):
    """``12345`` -> ``12.3 A``."""
    sign = "-" if ma < 0 else ""
    tenths = (abs(ma) + 50) // 100
    return "%s%d.%d A" % (sign, tenths // 10, tenths % 10)


def seconds(ms):
    """``30000`` -> ``30 s``."""
    return "%d s" % (ms // 1000)


def ready(version, board_name):
    """The first line of a charger that runs; `headroom flash` waits for it."""
    return "headroom %s on board %s ready" % (version, board_name)


def because(reason, phase, value, bound):
    """The reason of a verdict with its numbers, one clause without a full stop."""
    line = "L%d" % (phase + 1)
    if reason == reasons.SHED and value > bound:
        return "rise on %s: %s > %s" % (line, amps(value), amps(bound))
    if reason == reasons.SHED:
        return "%s carries %s of %s" % (line, amps(value), amps(bound))
    if reason == reasons.RISE:
        return "headroom back for %s: %s free on %s" % (seconds(bound), amps(value), line)
    if reason == reasons.PAUSE:
        return "only %s free on %s, the car needs %s" % (amps(value), line, amps(bound))
    if reason == reasons.RESUME:
        return "%s free on %s for %s" % (amps(value), line, seconds(bound))
    if reason == reasons.CEILING:
        return "the charger's own limit, %s" % amps(bound)
    if reason == reasons.WAIT:
        if value >= bound:
            return "waiting: %s free on %s, offered once that has lasted" % (amps(value), line)
        return "waiting: %s free on %s, the car needs %s" % (amps(value), line, amps(bound))
    if reason == reasons.HOUSEHOLD:
        return "the household's own ceiling, %s" % amps(bound)
    if reason == reasons.CAR_CHECK:
        return "calibrate car: %s for a while" % amps(bound)
    if reason == reasons.SLOW:
        return "mode slow: the car's minimum, %s" % amps(bound)
    if reason == reasons.TARIFF:
        return "the tariff's mean of %d W leaves %s for all phases together" % (bound, amps(value))
    if reason == reasons.ASYMMETRY and value == bound:
        return "one phase may carry %s more than another" % amps(bound)
    if reason == reasons.ASYMMETRY:
        return "%s carries %s more than another phase, %s allowed" % (line, amps(value), amps(bound))
    if reason == reasons.DIMMED:
        return "dimmed by the grid operator to %d W: %s on each phase" % (bound, amps(value))
    if reason == reasons.IMPORT:
        return "%s carries %s, the import limit is %s" % (line, amps(value), amps(bound))
    if reason == reasons.UNFOLLOWED:
        return "%s carries %s of %s after a cut: down to the least, to see what is the car's" % (
            line,
            amps(value),
            amps(bound),
        )
    if reason == reasons.INRUSH:
        return "what came on %s was an inrush, over in %d ms: back to what is free, %s" % (line, bound, amps(value))
    if reason == reasons.NO_METER:
        return "the supply's current is not known"
    if reason == reasons.DOUBT and value == quality.FINE:
        return "the meter is good again: at most %s so far" % amps(bound)
    if reason == reasons.DOUBT:
        return "the meter on %s is in doubt (%s): at most %s" % (line, quality.NAME[value], amps(bound))
    if reason == reasons.FAULT:
        return faults.NAME[value]
    if reason == reasons.DERATED:
        return "the charger is warm: %s" % amps(bound)
    if reason == reasons.CABLE:
        return "the cable's rating, %s" % amps(bound)
    if reason == reasons.SIMPLIFIED:
        return "a car without S2 gets %s at most" % amps(bound)
    if reason == reasons.CHECKING:
        return "checking before power"
    if reason == reasons.WAKING:
        return "the car does not react: wake-up %d" % value
    if reason == reasons.HELD:
        return "stopped by hand: the button or resume goes on"
    if reason == reasons.CAR_DONE:
        return "the car stopped by itself"
    if reason == reasons.NO_CAR:
        return "no car"
    return "starting"


def status(verdict, readings):
    """The status line: session, pilot letter, offer, contactor, supply."""
    supply = " ".join([amps(ma) for ma in readings.grid_ma])
    return "%s %s offer %s contactor %s supply %s: %s" % (
        session.NAMES[verdict.session],
        pilot.LETTERS[verdict.pilot_state],
        amps(verdict.offer_ma),
        "closed" if verdict.closed else "open",
        supply,
        because(verdict.reason, verdict.phase, verdict.value, verdict.bound),
    )


def status_fields(verdict, readings, mains_v):
    """What ``status`` tells machines; null: not measured."""
    measured = readings.power_ok
    apparent = list(readings.power_va) if measured else [apparent_va(ma, mains_v * 1000) for ma in readings.grid_ma]
    return {
        "session": session.NAMES[verdict.session],
        "pilot": pilot.LETTERS[verdict.pilot_state],
        "offer_ma": verdict.offer_ma,
        "closed": bool(verdict.closed),
        "grid_ma": list(readings.grid_ma),
        "grid_ok": bool(readings.grid_ok),
        "mains_mv": readings.mains_mv if readings.mains_ok else None,
        "power_va": apparent,
        "power_w": list(readings.power_w) if measured else None,
        "factor_pct": [factor_pct(readings.power_w[i], apparent[i]) for i in range(3)] if measured else None,
        "fault": faults.NAME[verdict.fault] if verdict.fault else None,
        "why": because(verdict.reason, verdict.phase, verdict.value, verdict.bound),
    }
