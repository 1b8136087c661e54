"""Commands that tell: status, why, log.

Each is a generator of (line of text, fields for machines); ``service`` is what it works on, ``typed`` what followed the command.
"""

import struct

from headroom.guard import causes, faults, pilot, session
from headroom.record import events
from headroom.record.blackbox import COLUMNS, ROWS, SIZE
from headroom.serve import clock, words
from headroom.serve.answers import calendar, texts
from headroom.serve.console import pin
from headroom.serve.loader import part
from headroom.serve.store import blackbox_store, journal, settings
from headroom.serve.store.energy_store import TOTALS
from headroom.terms.refused import Refused

LEGEND = (
    "second, ms: since the start; faults: bit n is fault n, named behind its row; reason: number in terms/reasons.py; "
    "closed to locked: 1 yes, 0 no; rows are 0.25 s apart"
)
NEVER_SET_UP = (
    "not set up: breaker_ma and charger_ma are 6 A from the factory; set breaker_ma, set charger_ma, then save"
)
OTHER_BOARD = (
    "a fault before anything was set up: is this board %s? flashed for another one, inputs read what is not there"
)
UNREAD = (
    "GPIO%d sends the pilot and reads no edge: look for a short there, flash another MicroPython, or move PILOT_PWM_PIN"
)
BEGINS_MA, LIES_S, TAKES_MA = 10000, 60, 1000
TAKES_NOTHING = (
    "the car takes nothing of %s: it is full, waits for its own timer, or needs 8 or 10 A to begin: set min_ma to that"
)
PIN_OPEN = "no PIN is set: anybody here can change the breaker's rating; pin NEW NEW sets one"


def status(service, _):
    """status."""
    yield service.status_line(), service.status_fields()
    charger = service.charger
    yield texts.flow(charger.readings, charger.limits.phases, charger.limits.mains_v), None
    for line in notices(service):
        yield line, {"notice": line}


def why(service, _):
    """why."""
    verdict, now_s = service.charger.verdict, service.clock.uptime_s
    because = words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound)
    yield because + service.when(now_s), {"reason": verdict.reason, "value": verdict.value, "bound": verdict.bound}
    yield from _offers(service, 3, now_s)
    for line in notices(service):
        yield line, {"notice": line}


def log(service, typed):
    """log [N | offers | box]."""
    last = 20
    if typed == ["box"]:
        yield from box(service, service.charger.box)
        return
    if typed == ["offers"]:
        yield from _offers(service, 32, service.clock.uptime_s)
        return
    if typed:
        last = part("units").number(typed[0], journal.SHARE)
        if not last or len(typed) > 1:
            raise Refused("log N: how many lines, 1 to %d; log offers; or log box" % journal.SHARE)
    yield None
    while service.writing:  # no part is read in a tick that writes
        yield None
    happening = part("log_words").happening
    for record in service.journal.records(last):
        wall_s, uptime_s, boot, kind, code, reason, phase, value, bound = record
        text = happening(kind, code, reason, phase, value, bound)
        if kind == events.SAVED and code:
            yield None
            while service.writing:
                yield None
            text += part("settings_commands").saved(service, code, reason, phase, value, bound)
        when = calendar.written(wall_s) if wall_s else "boot %d + %s" % (boot, clock.lasted(uptime_s))
        yield (
            "%s  %s" % (when, text),
            {"t": wall_s, "uptime_s": uptime_s, "boot": boot, "kind": kind, "code": code},
        )


def notices(service):
    """What is wrong besides the verdict, in words."""
    charger, verdict = service.charger, service.charger.verdict
    for code in faults.TOLD:
        if verdict.faults >> code & 1:
            yield texts.fault(code)
    busy_us = charger.readings.busy_us
    if busy_us > causes.BUSY_MAX_US:
        yield "a tick takes %d ms beside its window, %d are allowed" % (busy_us // 1000, causes.BUSY_MAX_US // 1000)
    if charger.readings.unread:
        yield UNREAD % charger.readings.unread
    if verdict.doubt:
        yield texts.doubt(verdict.doubt, verdict.doubt_phase)
    yield from texts.contrary(verdict, charger.readings)
    yield from part("contradictions").cautions(service.settings.values)
    if not service.settings.stored and settings.RECORD not in service.store.damaged:
        yield NEVER_SET_UP
        if verdict.faults:
            yield OTHER_BOARD % charger.board_name
    if settings.RECORD in service.store.damaged:
        yield "the stored settings cannot be read: the lowest ratings are in force; set them and save"
    if "wishes" in service.store.damaged:
        yield "the stored timetable and need cannot be read: none is in force; wish them again"
    for name in service.settings.dropped:
        yield "the stored %s is not allowed here: its lowest value is in force; set it and save" % name
    if service.store.failed:
        yield "the flash cannot be written (error %d): nothing is remembered across a power cut" % service.store.failed
    if service.calibration.lost:
        yield "the stored calibration cannot be used: none is in force; calibrate anew, or calibrate reset and save"
    for name in service.energy_store.lost:
        what = "energy totals" if name == TOTALS else "usage of the last hours and days"
        yield "the stored %s cannot be read: counted anew" % what
    waiting = sorted(service.settings.staged) + [
        "calibration of " + each.name for each in service.calibration.all.all if each.changed
    ]
    if waiting:
        yield "not in force, save or undo: " + ", ".join(waiting)
    if service.boost.on():
        yield texts.boosted(service.boost)
    if _takes_nothing(service):
        yield TAKES_NOTHING % words.amps(verdict.offer_ma)
    if service.wishes:
        yield from part("wish_commands").notices(service)
    if service.month and service.clock.certain and service.month.peak.ma:
        watts = service.month.peak.ma * service.settings.values["mains_v"] // 1000
        yield "this month's highest mean: %s; up to most of that the car costs no more" % words.milli(watts, "kW")
    if charger.held() and verdict.session == session.IDLE:
        yield "paused: the next car waits until resume"
    if service.mishaps != service.mishaps_told:
        service.mishaps_told = service.mishaps
        told = (service.mishaps, texts.mishap(service.mishap_part), service.mishap_kind.__name__)
        yield "failed since the start, and tried again: %d times, last %s (%s); charging was not touched" % told
    if service.pin.lost:
        yield pin.LOST
    elif not service.pin.hash and not service.pin_told:
        service.pin_told = True  # once a start is enough
        yield PIN_OPEN


def _takes_nothing(service):
    """Whether a car has let an offer lie with which not every car begins."""
    charger, last = service.charger, service.history.at(service.history.total - 1)
    verdict = charger.verdict
    lies = 0 < verdict.offer_ma < BEGINS_MA and verdict.pilot_state in (pilot.B, pilot.C, pilot.D)
    return lies and last and service.clock.uptime_s - last[0] >= LIES_S and charger.drawn_ma() < TAKES_MA


def _offers(service, last, now_s):
    """The last changes of the offer, oldest first: when, from, to, why; all ages are as of ``now_s``.

    What happened before the clock was set is told by its age, which no clock moves.
    """
    changes, now = service.history, service.clock
    now_wall_s = now.wall_s() and now.wall_s() - now.uptime_s + now_s
    for number in range(max(changes.total - last, 0), changes.total):
        record = changes.at(number)
        if record is None:
            continue
        seconds, from_ma, to_ma, reason, phase, value, bound = record
        ago_s = max(now_s - seconds, 0)
        wall_s = now_wall_s - ago_s if now_wall_s and seconds >= now.from_s else 0
        when = calendar.written(wall_s) if wall_s else "%s ago" % clock.lasted(ago_s)
        text = words.because(reason, phase, value, bound)
        before, after = words.amps(from_ma), words.amps(to_ma)
        if before == after:
            before, after = "%d mA" % from_ma, "%d mA" % to_ma
        yield (
            "%s  %s -> %s: %s" % (when, before, after, text),
            {"t": wall_s, "ago_s": ago_s, "from_ma": from_ma, "to_ma": to_ma, "why": text},
        )


def recall(service, blackbox):
    """No fault yet: the box of before the start, a copy a tick; one that cannot be read, or of another form, is left alone."""
    data = yield from part("copies").newest(service, blackbox_store.RECORD)
    if len(data) == blackbox_store.LENGTH:
        ends = struct.unpack_from(blackbox_store.ENDS, data, ROWS * SIZE)
        blackbox.frozen_from, blackbox.frozen_rows, blackbox.cause = ends
        blackbox.frozen[:] = data[: ROWS * SIZE]


def box(service, blackbox):
    """The black box: a line of column names, one for each row, oldest first, and what cannot be guessed of them."""
    if not blackbox.boxes:
        yield from recall(service, blackbox)
    if not blackbox.frozen_rows:
        raise Refused("there was no fault yet")
    when = "" if blackbox.boxes else "before the last start, "
    yield "%sof: %s" % (when, texts.fault(faults.worst(blackbox.cause))), {"faults": blackbox.cause}
    names = COLUMNS.split()
    yield aligned(names, names), None
    for row in blackbox.rows():
        told = list(row)
        told[4], told[5] = pilot.LETTERS[row[4]], session.NAMES[row[5]]
        stand = [faults.NAME[code] for code in faults.TOLD if row[15] >> code & 1]
        yield (aligned(names, told) + "  " + ", ".join(stand)).rstrip(), {"row": row}
    yield LEGEND, None


def aligned(names, cells):
    """``cells`` under their names."""
    return " ".join(["%*s" % (max(len(name), 8), cells[place]) for place, name in enumerate(names)])
