"""The journal's records in words: a row for each kind of record/events.py."""

from headroom.guard import faults, session
from headroom.record import events
from headroom.serve import words
from headroom.serve.answers import calendar, texts
from headroom.serve.clock import lasted
from headroom.serve.loader import module, part
from headroom.terms import reasons


def started(code, *_):
    """Why."""
    return "started after %s" % texts.RESETS.get(code, "reset %d" % code)


def entered(code, reason, phase, value, bound):
    """The session's new state, and why."""
    name = session.NAMES[code] if code < len(session.NAMES) else "state %d" % code
    return "%s: %s" % (name, words.because(reason, phase, value, bound))


def raised(code, *_):
    """A fault, and what to do."""
    return "fault: " + texts.fault(code) if code < faults.COUNT else "fault %d" % code


def cleared(code, _reason, _phase, value, _bound):
    """A fault that is over."""
    how = "cleared by hand: " if value else "over: "
    return how + faults.NAME[code] if code < faults.COUNT else "fault %d" % code


def opened_hot(code, *_):
    """The contactor opened under load, and for which fault."""
    why = faults.NAME[code] if 0 < code < faults.COUNT else "fault %d" % code if code else "the car ignored the stop"
    return "contactor opened under load: " + why


def held(_code, _reason, _phase, value, _bound):
    """Somebody paused the charge, or took that back."""
    return "stopped by hand" if value else "by hand: it may go on"


def stored(code, *_):
    """What the flash refused."""
    if code:
        return "flash write failed, error %d" % code
    return "what was stored could not be read: why tells which part"


def checked(code, _reason, phase, value, bound):
    """What ``calibrate car`` found."""
    return "calibrate car: " + texts.followed(code, phase, value, bound)


def dimmed(code, _reason, _phase, value, bound):
    """The grid operator's contact."""
    if code:
        return "dimmed by the grid operator to %d W" % value
    return "the grid operator's dimming is over: to %d W, for %s" % (value, lasted(bound))


def clock_set(code, _reason, _phase, value, _bound):
    """Somebody told another time: what stands above was noted under the clock before."""
    if not value:
        return "the clock was set; before it was not"
    return "the clock was set; it showed %s%s" % (calendar.written(value), "" if code else ", or later")


# a text, or what makes one of (code, reason, phase, value, bound)
WORDS: dict = {
    events.BOOT: started,
    events.SESSION: entered,
    events.RAISED: raised,
    events.CLEARED: cleared,
    events.SAVED: "settings changed",
    events.STORE: stored,
    events.LOCKED: "wrong PIN, %(value)d in a row",
    events.OPENED_HOT: opened_hot,
    events.WOKEN: "the car does not react: wake-up %(value)d",
    events.HELD: held,
    events.CALIBRATED: "calibration changed",
    events.CAR_CHECKED: checked,
    events.DIMMED: dimmed,
    events.CONTRARY: lambda code, _reason, _phase, value, _bound: texts.settled(code, value),
    events.NEED: lambda *told: part("wish_commands").happened(*told),
    events.BOOSTED: lambda code, *_: "boosted by the button" if code else "the button ends the boost",
    events.CLOCK: clock_set,
    events.MISHAP: lambda code, *_: "failed, and tried again: %s; status tells more" % texts.mishap(code),
}


def happening(kind, code, reason, phase, value, bound):
    """A journal record in words; of a kind that only a newer version knows, its numbers."""
    if reason > reasons.FAULT and reason not in words.MORE:  # perhaps of what was wished or asked for before the start
        part("said").tell()
        if reasons.TIMETABLE <= reason <= reasons.START_DELAY:
            words.MORE.update(module("headroom.serve.wishes").TELLS)
    told = WORDS.get(kind, "kind %(kind)d code %(code)d")
    if isinstance(told, str):
        return told % {"kind": kind, "code": code, "value": value}
    return told(code, reason, phase, value, bound)
