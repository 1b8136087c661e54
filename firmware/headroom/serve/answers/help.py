"""``help`` on the console: from the table of commands and the table of settings."""

from headroom.serve.answers.secrets import secret
from headroom.serve.answers.settings_table import WHO
from headroom.serve.answers.units import nearest, shown
from headroom.serve.loader import part
from headroom.terms.refused import Refused

# after a command's own line: what may be typed, and in which range; after a setting's: when it is stretched
MORE = {
    "calibrate": (
        "calibrate: what each meter reads, and what was calibrated",
        "calibrate L1 10.0: so many A on a clamp meter around the same wire; 1 A or more, steady for 4 s, at most 20 % off",
        "calibrate CAR 10.0: the same for the clamp on the car, while it charges; where the board has one",
        "calibrate V 231.0: so many V on a voltmeter, 100 V or more; where the board measures the voltage",
        "calibrate phase: with nothing on but heaters, 500 W or more on each phase; where the board measures the voltage",
        "calibrate car: while a car charges and the house is quiet; any key stops it",
        "calibrate reset, calibrate reset L1: takes it all back; calibrate undo: as before the last save",
        "then save, or undo; best at two or three currents, at most three",
    ),
    "set": (
        "set breaker_ma 25A, or 25 A, or 25000; set resume_dwell_ms 59s, or 1min; set breaker_curve fastest",
        "help settings lists them; help breaker_ma tells from where to where, and who may change it",
        "then save, which checks them all together, or undo",
    ),
    "timetable": (
        "timetable alone reads it back; timetable mo-fr 23:30-05:30 off takes one window out, timetable off all",
        "days: mo-fr, sa,su, daily; from a window's end on, else counts; help precedence tells what counts before it",
        "while the clock is not certain, as after a power cut, the car may charge at any time",
    ),
    "need": (
        "counted from now, and with each car that comes anew; daily: each day anew; need alone tells how far it is",
        "typed again while one is under way it goes on with its count; need off first, and it counts from now",
        "the first minutes of each plug-in show what the car draws",
    ),
    "wiring": (
        "l2l3l1: rotated, a car with one phase draws on the supply's L2; l2: a charger on L2 alone, with phases 1",
        "l1-l2: between two lines of an IT grid, with phases 1 and mains_v 133",
    ),
    "rise_dwell_ms": ("each rise regretted within 30 s doubles it, up to 30 s",),
    "resume_dwell_ms": ("after a charge, 20 min for less than 0.45 A above min_ma",),
}


def help_about(service, typed):
    """help [COMMAND | settings | SETTING]."""
    if not typed:
        for name, after, sentence, _ in part("commands").TABLE:
            yield "%-9s %-18s %s" % (name, after, sentence), None
    elif typed[0] == "settings":
        for row in service.settings.table.TABLE:
            yield "%-16s %s" % (row[0], row[6]), None
    elif typed[0] == "precedence":
        for line in part("precedence").lines():
            yield line, None
    elif typed[0] in part("commands").names():
        for name, after, sentence, _ in part("commands").TABLE:
            if name == typed[0]:
                yield "%s: %s" % (" ".join((name, after)).strip(), sentence), None
        for line in MORE.get(typed[0], ()):
            yield line, None
    else:
        row = service.settings.row(typed[0])
        name, unit, default, low, high, who, sentence = row
        ceiling = service.settings.ceilings.get(name, high)
        yield "%s: %s" % (name, sentence), None
        if isinstance(unit, tuple):
            yield "one of %s; %s unless set" % (", ".join(unit), unit[default]), None
        else:
            here = " on this board" if ceiling < high else ""
            span = (shown(unit, low), shown(unit, min(high, ceiling)), here, shown(unit, min(default, ceiling)))
            yield "%s to %s%s; %s unless set" % span, None
        for line in MORE.get(name, ()):
            yield line, None
        yield "the %s changes it" % WHO[who], None


# words that people know from elsewhere, for what is called otherwise here
ELSEWHERE = {
    "stop": "pause", "start": "resume", "go": "resume", "continue": "resume", "charge": "boost", "now": "boost",
    "clock": "time", "date": "time", "schedule": "timetable", "timer": "timetable", "history": "log", "energy": "usage",
    "sun": "set solar only", "pv": "set solar only", "limit": "set household_ma", "restart": "reboot",
}  # fmt: skip


def no_word(_service, typed):
    """Nothing follows this command: ``pause 2h`` is no pause of two hours, ``undo hz`` no undo of one setting."""
    yield None
    raise Refused("%s stands alone, without '%s': help %s" % (typed[0], " ".join(typed[1:])[:20], typed[0]))


def no_such(service, typed):
    """No command: the one that is near it, the one that it is a word of, or how the setting of that name is changed."""
    name = typed[0].partition("=")[0]
    yield None
    table = service.settings.table.TABLE
    if name in [row[0] for row in table]:
        raise Refused("%s is a setting: get %s shows it, set %s VALUE changes it" % (name, name, name))
    hidden = secret(typed[0] + " ")
    name = name.lower()
    near = "" if hidden else ELSEWHERE.get(name) or nearest(name, part("commands").names()) or _word_of(name, table)
    told = ("..." if hidden else typed[0][:20], near + "? " if near else "")
    raise Refused("no command '%s': %shelp lists them" % told)


def _word_of(name, table):
    """The commands, or the settings, that have this word: ``mode slow`` for slow."""
    found = ["%s %s" % (each, name) for each, words in part("commands").WORDS.items() if name in words]
    found = found or ["set %s %s" % (row[0], name) for row in table if isinstance(row[1], tuple) and name in row[1]]
    return " or ".join(found)
