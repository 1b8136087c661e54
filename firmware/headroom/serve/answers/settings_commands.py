"""Commands that change settings: get, set, save, undo, mode, boost.

Each is a generator of (line of text, fields for machines); ``service`` is what it works on, ``typed`` what followed the command.
"""

from headroom.law import boost
from headroom.record import events
from headroom.serve.answers.settings_table import INSTALLER
from headroom.serve.answers.units import number, shown
from headroom.serve.loader import part
from headroom.serve.store.calibration import RECORD as CALIBRATION
from headroom.serve.store.settings import RECORD
from headroom.serve.words import amps
from headroom.terms.refused import Refused


def get(service, typed):
    """get [SETTING]."""
    settings = service.settings
    for row in [settings.row(typed[0])] if typed else settings.table.TABLE:
        name, unit = row[0], row[1]
        value = settings.get(name)
        text = "%s = %s" % (name, shown(unit, value))
        if name in settings.staged:
            text += " (-> %s after save)" % shown(unit, settings.staged[name])
        yield text, {"name": name, "value": value, "unit": unit if isinstance(unit, str) else "one of"}


def stage(service, typed):
    """set SETTING VALUE."""
    typed = " ".join(typed).replace("=", " ", 1).split()  # as it is written elsewhere: set breaker_ma=25A
    if len(typed) < 2:
        raise Refused("set SETTING VALUE, like set breaker_ma 25A; help settings lists them")
    settings = service.settings
    row = settings.row(typed[0])
    if row[5] == INSTALLER:
        service.pin.check()
    value = settings.stage(typed[0], " ".join(typed[1:]))
    yield change(service, row, value), {"name": row[0], "value": value}
    for line in settings.wrong():
        yield "save will refuse it like this: " + line, {"notice": line}
    for line in settings.cautions(row[0]):
        yield line, {"notice": line}


def change(service, row, value):
    """What a staged value changes, in words."""
    unit = row[1]
    now = service.settings.get(row[0])
    if value == now:
        return "%s is %s already" % (row[0], shown(unit, now))
    exact = " (%d %s)" % (value, unit) if isinstance(unit, str) and unit else ""
    exact = "" if exact == " (%s)" % shown(unit, value) else exact
    return "%s: %s -> %s%s; save or undo" % (row[0], shown(unit, now), shown(unit, value), exact)


def save(service, _):
    """save."""
    settings, store = service.settings, service.store
    names = sorted(settings.staged)
    meters = service.calibration.all
    calibrated = [each.name for each in meters.all if each.changed]
    if not names and not calibrated and not service.unreadable():
        yield "nothing to save", None
        return
    locked = [name for name in names if settings.row(name)[5] == INSTALLER] + ["calibration"] * bool(calibrated)
    if locked and not service.pin.is_open():
        service.pin.check(
            ", ".join(locked) + " is the installer's to change: unlock PIN and save, or undo drops it all"
        )
    if names or not calibrated:
        keep(service)
    if calibrated:
        meters.save()
        service.keep_calibration()
    stored = yield from kept(store, (RECORD, CALIBRATION))
    word = "saved: " if stored else "in force, not saved: "
    if calibrated:
        yield word + "calibration of %s" % ", ".join(calibrated), {"meters": calibrated, "stored": stored}
    for name in names:
        text = "%s = %s" % (name, shown(settings.row(name)[1], settings.get(name)))
        yield word + text, {"name": name, "value": settings.get(name), "stored": stored}
    if not names and not calibrated:
        yield word + "the settings as they are", {"stored": stored}
    if "zone_min" in names and service.clock.told:
        time = part("calendar").written(service.clock.reckoned_s())
        yield "the clock stays at %s: where your wall shows another time, tell it again" % time, {"notice": time}
    if "dim_w" in names or (service.charger.limits.dimmable and ("min_ma" in names or "phases" in names)):
        yield from _dimmed(settings.get)
    if not stored:
        yield (
            "the flash refuses, and is tried again each minute: until status tells no more of it, a power cut takes it back",
            None,
        )


NOT_SAVED = "; in force, not saved: the flash refuses, and is tried again each minute"


def kept(store, records):
    """Wait until all of these are on the flash: True; or until that refuses: False."""
    failures = store.failures
    yield None  # what is urgent is put before what waits for a flash that refused
    while any(store.waits(record) for record in records):
        if store.failures != failures or (store.failed and store.wait_ms > 0):
            return False
        yield None
    return True


def _dimmed(get):
    """What it means when dim_w is less than a car on all phases needs; one on fewer gets more on each."""
    dim_ma = get("dim_w") * 1000 // get("mains_v") // get("phases")
    if dim_ma < get("min_ma"):
        told = (get("dim_w"), amps(dim_ma), amps(get("min_ma")))
        yield "while dimmed, a car on all phases pauses: dim_w %d W is %s on each, min_ma %s" % told, {"dim_ma": dim_ma}


def keep(service):
    """Put what is staged in force and remember it; Refused when it contradicts itself."""
    settings = service.settings
    staged = settings.staged
    values = settings.checked()
    code, told = 0, (0, 0, 0, 0)
    for place, row in enumerate(settings.table.TABLE, 1):
        if row[0] in staged and not code:
            code, told = place, (_sum(row[0]), len(staged) - 1, staged[row[0]], settings.get(row[0]))
    service.store.put(RECORD, settings.pack(values), 2)
    service.stale = True
    settings.save(values)
    service.journal.add(events.SAVED, code, *told)


def saved(service, place, mark, others, value, before):
    """What a save changed: its first setting in the table's order, and how many others; of another version's table nothing."""
    table = service.settings.table.TABLE
    if not 0 < place <= len(table) or mark != _sum(table[place - 1][0]):
        return ""
    row = table[place - 1]
    name, unit = row[0], row[1]
    more = ", and %d more" % others if others else ""
    return ": %s %s -> %s%s" % (name, shown(unit, before), shown(unit, value), more)


def _sum(name):
    """A byte that tells most names apart."""
    return sum(name.encode()) & 0xFF


def undo(service, _):
    """undo."""
    meters = service.calibration.all
    count = len(service.settings.staged) + len([each for each in meters.all if each.changed])
    service.settings.undo()
    meters.unstage()
    text = "%d change%s dropped" % (count, "" if count == 1 else "s")
    yield text if count else "nothing was set", {"dropped": count}


def mode(service, typed):
    """mode [normal | slow]."""
    settings, changed = service.settings, False
    if typed:
        staged, settings.staged = settings.staged, {}  # what is staged stays staged
        try:
            if typed == ["pause"]:
                raise Refused("mode is normal or slow; to stop the charge: pause")
            settings.stage("mode", " ".join(typed))
            if settings.staged:
                keep(service)
                changed = True
        finally:
            settings.staged = staged
    told = ""
    if changed:
        told = "; saved" if (yield from kept(service.store, (RECORD,))) else NOT_SAVED
    value = settings.get("mode")
    name = settings.row("mode")[1][value]
    boosted = ", but " + part("texts").boosted(service.boost) if service.boost.on() else ""
    yield "mode %s%s%s" % (name, boosted, told), {"name": "mode", "value": value}


def set_boost(service, typed):
    """boost [HOURS | off]."""
    left_ms = boost.UNTIL_LEFT
    if typed == ["off"]:
        left_ms = 0
    elif typed:
        last = typed[-1].lower()
        if len(typed) == 1 and last[-1] == "h":
            typed = [last[:-1]]  # 2h
        elif len(typed) == 2 and last in ("h", "hour", "hours"):
            typed = typed[:1]
        hours = number(typed[0], boost.HOURS_MAX)
        if not hours or len(typed) > 1:
            raise Refused("boost, boost HOURS (1 to %d), or boost off" % boost.HOURS_MAX)
        left_ms = hours * boost.HOUR_MS
    service.set_boost(left_ms)
    whom = part("texts").for_whom(service.charger.verdict) if service.boost.on() else ""
    if service.boost.on() and service.charger.held():
        whom += "; it is paused by hand: the button or resume goes on"
    yield part("texts").boosted(service.boost) + whom, {"boost": service.boost.on()}
