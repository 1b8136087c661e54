"""Commands that tell: status, why, log.

Each is a generator of (line of text, fields for machines); ``desk`` is what it works on, ``typed`` what followed the command.
"""

from headroom.decide import faults, pilot, session
from headroom.decide.blackbox import COLUMNS, ROWS
from headroom.decide.power import apparent_va, factor_pct
from headroom.serve import clock, journal, words
from headroom.serve.settings import Refused


def status(desk, _):
    """status."""
    yield desk.status_line(), desk.status_fields()
    charger = desk.charger
    yield words.flow(charger.readings, charger.limits.phases, charger.limits.mains_v), None
    for line in desk.notices():
        yield line, {"notice": line}


def why(desk, _):
    """why."""
    verdict = desk.charger.verdict
    because = words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound)
    yield because, {"reason": verdict.reason, "value": verdict.value, "bound": verdict.bound}
    yield from _offers(desk, 3)
    for line in desk.notices():
        yield line, {"notice": line}


def log(desk, typed):
    """log [N | offers | box]."""
    last = 20
    if typed == ["box"]:
        yield from box(desk.charger.guard.blackbox)
        return
    if typed == ["offers"]:
        yield from _offers(desk, 32)
        return
    if typed:
        if not typed[0].isdigit():
            raise Refused("log N: how many lines, at most %d" % journal.SHARE)
        last = int(typed[0][:4])
    for record in desk.journal.records(last):
        wall_s, uptime_s, boot, kind, code, reason, phase, value, bound = record
        text = happening(kind, code, reason, phase, value, bound)
        when = clock.written(wall_s) if wall_s else "boot %d + %s" % (boot, clock.lasted(uptime_s))
        yield (
            "%s  %s" % (when, text),
            {"t": wall_s, "uptime_s": uptime_s, "boot": boot, "kind": kind, "code": code},
        )


def _offers(desk, last):
    """The last changes of the offer, oldest first: when, from, to, why."""
    changes = desk.charger.law.history
    now = desk.clock
    for number in range(max(changes.total - last, 0), changes.total):
        record = changes.at(number)
        if record is None:
            continue
        seconds, from_ma, to_ma, reason, phase, value, bound = record
        ago_s = changes.seconds - seconds
        wall_s = now.wall_s() - ago_s if now.wall_s() else 0
        when = clock.written(wall_s) if wall_s else "%s ago" % clock.lasted(ago_s)
        text = words.because(reason, phase, value, bound)
        yield (
            "%s  %s -> %s: %s" % (when, words.amps(from_ma), words.amps(to_ma), text),
            {"t": wall_s, "ago_s": ago_s, "from_ma": from_ma, "to_ma": to_ma, "why": text},
        )


def box(blackbox):
    """The black box: a line of column names, then one for each row, oldest first."""
    if not blackbox.frozen_rows:
        raise Refused("there was no fault since the last start")
    yield "of: %s" % words.fault(faults.worst(blackbox.cause)), {"faults": blackbox.cause}
    yield " ".join(COLUMNS), None
    for index in range(blackbox.frozen_rows):
        row = blackbox.frozen[(blackbox.frozen_from + index) % ROWS]
        yield " ".join([str(value) for value in row]), {"row": list(row)}


def happening(kind, code, reason, phase, value, bound):
    """A journal record in words."""
    if kind == journal.BOOT:
        return "started after %s" % words.RESETS.get(code, "reset %d" % code)
    if kind == journal.SESSION:
        name = session.NAMES[code] if code < len(session.NAMES) else "state %d" % code
        return "%s: %s" % (name, words.because(reason, phase, value, bound))
    if kind == journal.FAULT or kind == journal.CLEARED:
        if code >= faults.COUNT:
            return "fault %d" % code
        return "fault: " + words.fault(code) if kind == journal.FAULT else "over: " + faults.NAME[code]
    if kind == journal.OPENED_HOT:
        return "contactor opened under load: " + (faults.NAME[code] if code else "the car ignored the stop")
    if kind == journal.WOKEN:
        return "the car does not react: wake-up %d" % value
    if kind == journal.HELD:
        return "stopped by the button" if value else "the button lets it go on"
    if kind == journal.CAR_CHECKED:
        return "calibrate car: " + words.followed(code, phase, value, bound)
    if kind == journal.CALIBRATED:
        return "calibration changed"
    if kind == journal.SAVED:
        return "settings changed"
    if kind == journal.STORE:
        return (
            "flash write failed, error %d" % code if code else "what was stored could not be read: why tells which part"
        )
    if kind == journal.LOCKED:
        return "wrong PIN, %d in a row" % value
    return "kind %d code %d" % (kind, code)


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
        "why": words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound),
    }
