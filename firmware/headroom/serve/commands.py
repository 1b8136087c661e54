"""The console's commands: one table, and a generator for each that yields (line of text, fields for machines).

``desk`` is what they work on; see serve/desk.py.
"""

import gc

from headroom.decide import faults, pilot, session
from headroom.decide.blackbox import COLUMNS, ROWS
from headroom.decide.power import apparent_va, factor_pct
from headroom.serve import boost, calibrate, clock, journal, usage, words
from headroom.serve.settings import Refused, row_of, shown
from headroom.serve.settings_table import INSTALLER, WHO

# fmt: off
# name, what follows it, one sentence
TABLE = (
    ("help", "[COMMAND | settings | SETTING]", "this list, or more about one thing"),
    ("status", "", "what the charger does now"),
    ("why", "", "what sets the current on offer, and whatever else is wrong"),
    ("log", "[N | offers | box]", "the last 20 happenings, or N; the last offers and why; box: around the last fault"),
    ("usage", "[hours | days]", "what house and car took today, this week, per hour; or in each hour of 7 days, each of 42 days"),
    ("get", "[SETTING]", "a setting in force, or all of them"),
    ("set", "SETTING VALUE", "check a new value and keep it ready for save: set breaker_ma 25A"),
    ("calibrate", "[L1 AMPS | phase | undo | reset | car]", "the clamps: by meter, by heaters, as before, none; by the car"),
    ("mode", "[normal | slow]", "slow: the car gets its minimum, until it is set to normal again"),
    ("boost", "[HOURS | off]", "ignore the household's own ceiling and mode until the car leaves, or for so many hours"),
    ("save", "", "put what was set in force, and remember it"),
    ("undo", "", "forget what was set and not saved"),
    ("pause", "", "stop the charge and release the plug, as the button does"),
    ("resume", "", "take that back; unplugging does, too"),
    ("selftest", "", "how the residual current module's test went; it is tested anew before the next charge"),
    ("clear", "", "clear a fault that only a person may clear, once its cause is gone"),
    ("time", "[YYYY-MM-DD HH:MM]", "the clock; after a power cut it is late until it is told again"),
    ("unlock", "PIN", "open the installer's settings for ten minutes"),
    ("lock", "", "close them again"),
    ("pin", "NEW", "a new PIN of 4 to 12 digits; one that is lost: service, then mpremote rm :/data/pin.0 :/data/pin.1"),
    ("json", "on | off", "one JSON object a line, for machines"),
    ("version", "", "what runs here"),
    ("reboot", "[now]", "start again; now: even while a car is charging"),
    ("service", "[now]", "stop charging and step aside for mpremote; outputs are safe"),
)
# fmt: on

WORDS = {
    "mode": ("normal", "slow"),
    "boost": ("off",),
    "usage": ("hours", "days"),
    "json": ("on", "off"),
}  # what may follow, for the tab key


def names():
    """The commands' names."""
    return [row[0] for row in TABLE]


class Commands:
    """``run`` finds a command and gives its generator."""

    def __init__(self, desk):
        self.desk = desk

    def run(self, typed):
        """The answer to a line of words, as a generator; Refused for no command or too many words."""
        if typed[0] not in names():
            raise Refused("no command '%s': help lists them" % typed[0][:20])
        return getattr(self, "do_" + typed[0])(typed[1:])

    def complete(self, text):
        """What the last word of ``text`` may become."""
        typed = text.split(" ")
        if len(typed) == 1:
            choices = names()
        elif len(typed) == 2 and typed[0] in ("get", "set", "help"):
            choices = [row[0] for row in self.desk.settings.table]
        elif len(typed) == 3 and typed[0] == "set":
            choices = [row[1] for row in self.desk.settings.table if row[0] == typed[1] and isinstance(row[1], tuple)]
            choices = choices[0] if choices else ()
        elif len(typed) == 2:
            choices = WORDS.get(typed[0], ())
        else:
            choices = ()
        return [each for each in choices if each.startswith(typed[-1])]

    def do_help(self, typed):
        """help [COMMAND | settings | SETTING]."""
        if not typed:
            for name, after, sentence in TABLE:
                yield "%-9s %-18s %s" % (name, after, sentence), None
        elif typed[0] == "settings":
            for row in self.desk.settings.table:
                yield "%-16s %s" % (row[0], row[6]), None
        elif typed[0] in names():
            for name, after, sentence in TABLE:
                if name == typed[0]:
                    yield "%s %s: %s" % (name, after, sentence), None
        else:
            row = row_of(typed[0], self.desk.settings.table)
            name, unit, default, low, high, who, sentence = row
            yield "%s: %s" % (name, sentence), None
            if isinstance(unit, tuple):
                yield "one of %s; %s unless set" % (", ".join(unit), unit[default]), None
            else:
                span = (shown(unit, low), shown(unit, high), shown(unit, default))
                yield "%s to %s; %s unless set" % span, None
            yield "the %s changes it" % WHO[who], None

    def do_status(self, _):
        """status."""
        yield self.desk.status_line(), self.desk.status_fields()
        charger = self.desk.charger
        yield words.flow(charger.readings, charger.limits.phases, charger.limits.mains_v), None
        for line in self.desk.notices():
            yield line, {"notice": line}

    def do_why(self, _):
        """why."""
        verdict = self.desk.charger.verdict
        because = words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound)
        yield because, {"reason": verdict.reason, "value": verdict.value, "bound": verdict.bound}
        yield from self._offers(3)
        for line in self.desk.notices():
            yield line, {"notice": line}

    def do_log(self, typed):
        """log [N | offers | box]."""
        last = 20
        if typed == ["box"]:
            yield from box(self.desk.charger.guard.blackbox)
            return
        if typed == ["offers"]:
            yield from self._offers(32)
            return
        if typed:
            if not typed[0].isdigit():
                raise Refused("log N: how many lines, at most %d" % journal.SHARE)
            last = int(typed[0][:4])
        for record in self.desk.journal.records(last):
            wall_s, uptime_s, boot, kind, code, reason, phase, value, bound = record
            text = happening(kind, code, reason, phase, value, bound)
            when = clock.written(wall_s) if wall_s else "boot %d + %s" % (boot, clock.lasted(uptime_s))
            yield (
                "%s  %s" % (when, text),
                {"t": wall_s, "uptime_s": uptime_s, "boot": boot, "kind": kind, "code": code},
            )

    def _offers(self, last):
        """The last changes of the offer, oldest first: when, from, to, why."""
        changes = self.desk.charger.law.history
        now = self.desk.clock
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

    def do_usage(self, typed):
        """usage [hours | days]."""
        if typed not in ([], ["hours"], ["days"]):
            raise Refused("usage, usage hours, or usage days")
        return usage.answer(self.desk.ledger, typed, self.desk.charger)

    def do_calibrate(self, typed):
        """calibrate [L1 10.0 | undo | reset [L1] | car]."""
        return calibrate.answer(self.desk, typed)

    def do_get(self, typed):
        """get [SETTING]."""
        settings = self.desk.settings
        for row in [row_of(typed[0], settings.table)] if typed else settings.table:
            name, unit = row[0], row[1]
            value = settings.get(name)
            text = "%s = %s" % (name, shown(unit, value))
            if name in settings.staged:
                text += " (-> %s after save)" % shown(unit, settings.staged[name])
            yield text, {"name": name, "value": value, "unit": unit if isinstance(unit, str) else "one of"}

    def do_set(self, typed):
        """set SETTING VALUE."""
        if len(typed) < 2:
            raise Refused("set SETTING VALUE, like set breaker_ma 25A; help settings lists them")
        settings = self.desk.settings
        row = row_of(typed[0], settings.table)
        if row[5] == INSTALLER:
            self.desk.pin.check()
        value = settings.stage(typed[0], " ".join(typed[1:]))
        yield self._change(row, value), {"name": row[0], "value": value}

    def _change(self, row, value):
        unit = row[1]
        now = self.desk.settings.get(row[0])
        if value == now:
            return "%s is %s already" % (row[0], shown(unit, now))
        exact = " (%d %s)" % (value, unit) if isinstance(unit, str) and unit else ""
        return "%s: %s -> %s%s; save or undo" % (row[0], shown(unit, now), shown(unit, value), exact)

    def do_save(self, _):
        """save."""
        settings = self.desk.settings
        staged = settings.staged
        meters = self.desk.calibration.all
        calibrated = [each.name for each in meters.all if each.changed]
        if not staged and not calibrated and not self.desk.unreadable():
            raise Refused("nothing was set: set SETTING VALUE first")
        if calibrated or INSTALLER in [row_of(name, settings.table)[5] for name in staged]:
            self.desk.pin.check()
        if staged or not calibrated:
            self.desk.save()
        if calibrated:
            meters.save()
            self.desk.keep_calibration()
            yield "calibration of %s" % ", ".join(calibrated), {"meters": calibrated}
        for name in sorted(staged):
            unit = row_of(name, settings.table)[1]
            yield "%s = %s" % (name, shown(unit, settings.get(name))), {"name": name, "value": settings.get(name)}

    def do_undo(self, _):
        """undo."""
        meters = self.desk.calibration.all
        count = len(self.desk.settings.staged) + len([each for each in meters.all if each.changed])
        self.desk.settings.undo()
        meters.drop()
        yield "%d change%s dropped" % (count, "" if count == 1 else "s"), {"dropped": count}

    def do_mode(self, typed):
        """mode [normal | slow]."""
        settings = self.desk.settings
        if typed:
            self.desk.set_now("mode", " ".join(typed))
        value = settings.get("mode")
        name = row_of("mode", settings.table)[1][value]
        boosted = ", but " + self.desk.boost.told() if self.desk.boost.on() else ""
        yield "mode %s%s" % (name, boosted), {"name": "mode", "value": value}

    def do_boost(self, typed):
        """boost [HOURS | off]."""
        if typed and typed != ["off"] and not (typed[0].isdigit() and 1 <= int(typed[0][:4]) <= boost.HOURS_MAX):
            raise Refused("boost, boost HOURS (1 to %d), or boost off" % boost.HOURS_MAX)
        self.desk.set_boost(0 if typed == ["off"] else int(typed[0][:4]) * boost.HOUR_MS if typed else boost.UNTIL_LEFT)
        yield self.desk.boost.told(), {"boost": self.desk.boost.on()}

    def do_pause(self, _):
        """pause."""
        self.desk.charger.guard.hold(True)
        yield "paused until resume, or until the car is unplugged", {"held": True}

    def do_resume(self, _):
        """resume."""
        self.desk.charger.guard.hold(False)
        yield "going on", {"held": False}

    def do_selftest(self, _):
        """selftest."""
        charger = self.desk.charger
        if not charger.limits.residual_test:
            raise Refused("this board has no residual current module that can be tested")
        phase = words.TESTED[charger.guard.selftest.phase]
        if not charger.verdict.closed:
            charger.guard.selftest.forget()
        yield "residual current module: %s" % phase, {"residual": phase}

    def do_clear(self, _):
        """clear."""
        before = self.desk.charger.verdict.faults
        after = self.desk.charger.guard.clear_by_person()
        if not before:
            yield "there is no fault", None
        for code in range(1, faults.COUNT):
            if before >> code & 1 and not after >> code & 1:
                yield "cleared: %s" % faults.NAME[code], {"fault": faults.NAME[code]}
        if after:
            raise Refused("still there: " + words.fault(faults.worst(after)))

    def do_time(self, typed):
        """time [YYYY-MM-DD HH:MM]."""
        now = self.desk.clock
        if typed:
            wall_s = clock.parsed(" ".join(typed))
            if wall_s is None:
                raise Refused("time YYYY-MM-DD HH:MM, like time 2026-11-24 19:12")
            self.desk.ledger.tell(wall_s)
        text = "not set"
        if now.told:
            text = clock.written(now.reckoned_s()) + ("" if now.certain else " or later: not certain since the start")
        fields = {"t": now.reckoned_s() if now.told else 0, "certain": now.certain, "uptime_s": now.uptime_s}
        yield "%s, up %s" % (text, clock.lasted(now.uptime_s)), fields

    def do_unlock(self, typed):
        """unlock PIN."""
        if not self.desk.unlock(typed[0] if typed else ""):
            wait_ms = self.desk.pin.wait_ms
            raise Refused("wrong PIN%s" % (": wait %d s" % (wait_ms // 1000) if wait_ms > 0 else ""))
        yield (
            "the installer's settings are open%s" % (" for ten minutes" if self.desk.pin.hash else ": no PIN is set"),
            None,
        )

    def do_lock(self, _):
        """lock."""
        self.desk.pin.lock()
        yield "locked" if not self.desk.pin.is_open() else "no PIN is set: pin NEW sets one", None

    def do_pin(self, typed):
        """pin NEW."""
        self.desk.change_pin(typed[0] if typed else "")
        yield "the PIN is changed", None

    def do_json(self, typed):
        """json on | off."""
        if typed not in (["on"], ["off"]):
            raise Refused("json on, or json off")
        self.desk.console.json = typed == ["on"]
        yield "json %s" % typed[0], {"json": typed == ["on"]}

    def do_version(self, _):
        """version."""
        gc.collect()
        free = gc.mem_free() if hasattr(gc, "mem_free") else 0
        fields = {"version": self.desk.charger.version, "board": self.desk.charger.board_name, "free_bytes": free}
        yield "headroom %(version)s on board %(board)s, %(free_bytes)d bytes free" % fields, fields

    def do_reboot(self, typed):
        """reboot [now]."""
        self.desk.leave("reboot", typed == ["now"])
        yield "starting again", None

    def do_service(self, typed):
        """service [now]."""
        self.desk.leave("service", typed == ["now"])
        yield "stepping aside for mpremote", None


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
