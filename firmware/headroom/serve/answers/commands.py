"""The console's commands: one table. Each is answered by a generator that yields (line of text, fields for machines).

``service`` is what they work on, see service.py. This file, and those with the answers, are in memory only while
somebody asks: see loader.py.
"""

# fmt: off
# name, what follows it, one sentence, module and function that answer: (service, words that followed)
TABLE = (
    ("help", "[COMMAND | settings | SETTING | precedence]", "this list, or more about one thing", "help.help_about"),
    ("status", "", "what the charger does now", "reports.status"),
    ("why", "", "what sets the current on offer, and whatever else is wrong", "reports.why"),
    ("log", "[N | offers | box]", "the last 20 happenings, or N; the last offers and why; box: around the last fault",
     "reports.log"),
    ("usage", "[hours | days]", "what house and car took today, this week, per hour; or in each hour of 7 days, each of 42 days",
     "usage.answer"),
    ("sessions", "[csv]", "the last 50 charges: when, how much, how it ended; csv: with both readings of the counter",
     "sessions.answer"),
    ("get", "[SETTING]", "a setting in force, or all of them", "settings_commands.get"),
    ("set", "SETTING VALUE", "check a new value and keep it ready for save: set breaker_ma 25A", "settings_commands.stage"),
    ("profile", "[COUNTRY]", "what is common in a country: fuse, voltage, rules; staged like set, in force after save",
     "profiles.answer"),
    ("calibrate", "[L1 AMPS | phase | undo | reset | car]", "the clamps: by meter, by heaters, as before, none; by the car",
     "calibrate.answer"),
    ("meter", "[scan]", "the meter on a wire: what it says and how old that is; scan: who answers there", "meter.answer"),
    ("group", "[join [NUMBER SIZE AMPS] | lead SIZE AMPS]",
     "the chargers on one circuit, a line each; join, and lead on one of them: number those that wait; or join by hand",
     "group.answer"),
    ("mode", "[normal | slow]", "slow: the car gets its minimum, until it is set to normal again", "settings_commands.mode"),
    ("boost", "[HOURS | off]",
     "ignore the household's own ceiling, mode and times until the car leaves, for so many hours, or until a restart",
     "settings_commands.set_boost"),
    ("timetable", "[DAYS HH:MM-HH:MM AMPS | else AMPS | off]",
     "when the car may charge, and with how much: timetable mo-fr 23:30-05:30 32A, timetable else 0", "wish_commands.timetable"),
    ("need", "[ENERGY by HH:MM [daily] | off]",
     "so much by then, in the timetable's windows if it fits: need 20kWh by 07:00", "wish_commands.need"),
    ("save", "", "put what was set in force, and remember it", "settings_commands.save"),
    ("undo", "", "forget what was set and not saved", "settings_commands.undo"),
    ("pause", "", "stop the charge and release the plug, as the button does", "charger_commands.pause"),
    ("resume", "", "take that back; unplugging does, too", "charger_commands.resume"),
    ("selftest", "", "how the residual current module's test went; it is tested anew before the next charge",
     "charger_commands.selftest"),
    ("clear", "", "clear a fault that only a person may clear, once its cause is gone", "charger_commands.clear"),
    ("time", "[YYYY-MM-DD HH:MM | ...Z]", "the clock; Z: in UTC; after a power cut it is late until it is told again",
     "charger_commands.tell_time"),
    ("unlock", "PIN", "open the installer's settings for ten minutes", "charger_commands.unlock"),
    ("lock", "", "close them again", "charger_commands.lock"),
    ("pin", "NEW NEW",
     "a new PIN of 4 to 12 digits, typed twice; one that is lost: service, then mpremote rm :/data/pin.0 :/data/pin.1",
     "charger_commands.pin"),
    ("json", "on | off", "one JSON object a line, for machines", "charger_commands.json_lines"),
    ("version", "", "what runs here", "charger_commands.version"),
    ("serial", "[NUMBER]", "the board's serial number; or give it one, once", "jig_commands.serial"),
    ("measure", "", "what the board measures now, in its own figures: for a test jig", "jig_commands.measure"),
    ("reboot", "[now]", "start again; now: even while a car is charging", "charger_commands.reboot"),
    ("service", "[now]", "stop charging and step aside for mpremote; outputs are safe", "charger_commands.step_aside"),
)
# fmt: on

WORDS = {
    "log": ("offers", "box"),
    "usage": ("hours", "days"),
    "sessions": ("csv",),
    "calibrate": ("phase", "undo", "reset", "car"),
    "meter": ("scan",),
    "profile": ("be", "de", "fr", "it", "nl", "no", "se", "uk", "us"),
    "mode": ("normal", "slow"),
    "boost": ("off",),
    "timetable": ("else", "off"),
    "need": ("off",),
    "group": ("join", "lead"),
    "json": ("on", "off"),
    "reboot": ("now",),
    "service": ("now",),
}  # what may follow, for the tab key


def names():
    """The commands' names."""
    return [row[0] for row in TABLE]


def answers(typed):
    """Module and function that answer a command, and the words for it; for one that is none, who says so."""
    for row in TABLE:
        if row[0] == typed[0]:
            if typed[1:] and not row[1]:
                return ["help", "no_word", typed]
            return row[3].split(".") + [typed[1:]]
    return ["help", "no_such", typed]


def completions(service, text):
    """What the last word of ``text`` may become."""
    table = service.settings.table.TABLE
    typed = text.split(" ")
    if len(typed) == 1:
        choices = names()
    elif len(typed) == 2 and typed[0] in ("get", "set", "help"):
        choices = [row[0] for row in table]
        if typed[0] == "help":
            choices += names() + ["settings", "precedence"]
    elif len(typed) == 3 and typed[0] == "set":
        choices = [row[1] for row in table if row[0] == typed[1] and isinstance(row[1], tuple)]
        choices = choices[0] if choices else ()
    elif len(typed) == 2:
        choices = WORDS.get(typed[0], ())
    else:
        choices = ()
    return [each for each in choices if each.startswith(typed[-1])]
