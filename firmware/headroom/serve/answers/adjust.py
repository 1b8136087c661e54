"""Commands that change settings: get, set, save, undo, mode, boost.

Each is a generator of (line of text, fields for machines); ``desk`` is what it works on, ``typed`` what followed the command.
"""

from headroom.law import boost
from headroom.serve.answers import sentences
from headroom.serve.answers.settings_table import INSTALLER
from headroom.serve.answers.units import shown
from headroom.serve.store import journal
from headroom.serve.store.settings import RECORD
from headroom.serve.words import amps
from headroom.terms.refused import Refused


def get(desk, typed):
    """get [SETTING]."""
    settings = desk.settings
    for row in [settings.row(typed[0])] if typed else settings.table.TABLE:
        name, unit = row[0], row[1]
        value = settings.get(name)
        text = "%s = %s" % (name, shown(unit, value))
        if name in settings.staged:
            text += " (-> %s after save)" % shown(unit, settings.staged[name])
        yield text, {"name": name, "value": value, "unit": unit if isinstance(unit, str) else "one of"}


def stage(desk, typed):
    """set SETTING VALUE."""
    if len(typed) < 2:
        raise Refused("set SETTING VALUE, like set breaker_ma 25A; help settings lists them")
    settings = desk.settings
    row = settings.row(typed[0])
    if row[5] == INSTALLER:
        desk.pin.check()
    value = settings.stage(typed[0], " ".join(typed[1:]))
    yield _change(desk, row, value), {"name": row[0], "value": value}
    for line in settings.wrong():
        yield "save will refuse it like this: " + line, {"notice": line}


def _change(desk, row, value):
    unit = row[1]
    now = desk.settings.get(row[0])
    if value == now:
        return "%s is %s already" % (row[0], shown(unit, now))
    exact = " (%d %s)" % (value, unit) if isinstance(unit, str) and unit else ""
    return "%s: %s -> %s%s; save or undo" % (row[0], shown(unit, now), shown(unit, value), exact)


def save(desk, _):
    """save."""
    settings = desk.settings
    staged = settings.staged
    meters = desk.calibration.all
    calibrated = [each.name for each in meters.all if each.changed]
    if not staged and not calibrated and not desk.unreadable():
        yield "nothing to save", None
        return
    if calibrated or INSTALLER in [settings.row(name)[5] for name in staged]:
        desk.pin.check()
    if staged or not calibrated:
        keep(desk)
    if calibrated:
        meters.save()
        desk.keep_calibration()
        yield "calibration of %s" % ", ".join(calibrated), {"meters": calibrated}
    for name in sorted(staged):
        unit = settings.row(name)[1]
        yield "%s = %s" % (name, shown(unit, settings.get(name))), {"name": name, "value": settings.get(name)}
    if "dim_w" in staged or desk.charger.inputs.dim is not None:
        yield from _dimmed(settings.get)
    while desk.store.busy() and not desk.store.failed:
        yield None
    if desk.store.failed:
        yield "in force, but not stored: the flash refuses, and is tried again each minute", {"stored": False}


def _dimmed(get):
    """What it means when dim_w is less than a car on all phases needs; one on fewer gets more on each."""
    dim_ma = get("dim_w") * 1000 // get("mains_v") // get("phases")
    if dim_ma < get("min_ma"):
        told = (get("dim_w"), amps(dim_ma), amps(get("min_ma")))
        yield "while dimmed, a car on all phases pauses: dim_w %d W is %s on each, min_ma %s" % told, {"dim_ma": dim_ma}


def keep(desk):
    """Put what is staged in force and remember it; Refused when it contradicts itself."""
    settings = desk.settings
    before, staged = settings.values, settings.staged
    settings.save()
    desk.charger.apply_settings()
    desk.store.put(RECORD, settings.pack(), 2)
    for place, row in enumerate(settings.table.TABLE, 1):
        if row[0] in staged:
            told = (_sum(row[0]), len(staged) - 1, staged[row[0]], before[row[0]])
            return desk.journal.add(journal.SAVED, place, *told)
    return desk.journal.add(journal.SAVED, 0)


def saved(desk, place, mark, others, value, before):
    """What a save changed: its first setting in the table's order, and how many others; of another version's table nothing."""
    table = desk.settings.table.TABLE
    if not 0 < place <= len(table) or mark != _sum(table[place - 1][0]):
        return ""
    name, unit = table[place - 1][:2]
    more = ", and %d more" % others if others else ""
    return ": %s %s -> %s%s" % (name, shown(unit, before), shown(unit, value), more)


def _sum(name):
    """A byte that tells most names apart."""
    return sum(name.encode()) & 0xFF


def undo(desk, _):
    """undo."""
    meters = desk.calibration.all
    count = len(desk.settings.staged) + len([each for each in meters.all if each.changed])
    desk.settings.undo()
    meters.drop()
    text = "%d change%s dropped" % (count, "" if count == 1 else "s")
    yield text if count else "nothing was set", {"dropped": count}


def mode(desk, typed):
    """mode [normal | slow]."""
    settings = desk.settings
    if typed:
        staged, settings.staged = settings.staged, {}  # what is staged stays staged
        try:
            settings.stage("mode", " ".join(typed))
            if settings.staged:
                keep(desk)
        finally:
            settings.staged = staged
    value = settings.get("mode")
    name = settings.row("mode")[1][value]
    boosted = ", but " + sentences.boosted(desk.boost) if desk.boost.on() else ""
    yield "mode %s%s" % (name, boosted), {"name": "mode", "value": value}


def set_boost(desk, typed):
    """boost [HOURS | off]."""
    if (
        typed
        and typed != ["off"]
        and not (len(typed) == 1 and typed[0].isdigit() and 1 <= int(typed[0][:4]) <= boost.HOURS_MAX)
    ):
        raise Refused("boost, boost HOURS (1 to %d), or boost off" % boost.HOURS_MAX)
    desk.set_boost(0 if typed == ["off"] else int(typed[0][:4]) * boost.HOUR_MS if typed else boost.UNTIL_LEFT)
    whom = sentences.for_whom(desk.charger.verdict) if desk.boost.on() else ""
    yield sentences.boosted(desk.boost) + whom, {"boost": desk.boost.on()}
