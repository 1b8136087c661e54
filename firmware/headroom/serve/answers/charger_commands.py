"""Commands about the charger itself: its charge, faults, clock, PIN, version and restart.

Each is a generator of (line of text, fields for machines); ``service`` is what it works on, ``typed`` what followed the command.
"""

import gc

from headroom.guard import faults, session
from headroom.record import events
from headroom.serve import clock
from headroom.serve.answers import calendar, settings_commands, texts
from headroom.serve.console.pin import RECORD
from headroom.serve.loader import part
from headroom.terms.refused import Refused

MOVED_S = 60  # a clock that is told so much else than it showed is set; less, and it is put right


def pause(service, _):
    """pause."""
    service.charger.hold(True)
    whom = texts.for_whom(service.charger.verdict)
    yield "paused until resume, or until the car is unplugged" + whom, {"held": True}


def resume(service, _):
    """resume."""
    charger = service.charger
    text = "going on" if charger.held() else "nothing was paused"
    if charger.held():
        charger.hold(False)
    if charger.verdict.session == session.IDLE:
        text += "; no car now: the next one may charge"
    yield text, {"held": False}


def selftest(service, _):
    """selftest."""
    charger = service.charger
    if not charger.limits.residual_test:
        raise Refused("this board has no residual current module that can be tested")
    phase = texts.TESTED[charger.tested()]
    yield "residual current module: %s" % phase, {"residual": phase}


def clear(service, _):
    """clear."""
    before = service.charger.verdict.faults
    after = service.charger.clear()
    if not before:
        yield "there is no fault", None
    for code in range(1, faults.COUNT):
        if before >> code & 1 and not after >> code & 1:
            yield "cleared: %s; raised again if its cause shows again" % faults.NAME[code], {"fault": faults.NAME[code]}
    if after:
        code = faults.worst(after)
        left_ms = service.charger.wait_ms(code)
        if left_ms > 0:
            text = "still there for %d s at least: %s; its cause is gone, and has to stay so"
            raise Refused(text % ((left_ms + 999) // 1000, faults.NAME[code]))
        raise Refused("still there: " + texts.fault(code))


def tell_time(service, typed):
    """time [YYYY-MM-DD HH:MM[:SS][Z]]."""
    now = service.clock
    if typed:
        text = " ".join(typed).upper()
        utc = text.endswith("Z")
        wall_s = calendar.parsed(text[:-1] if utc else text)
        if wall_s is None:
            what = "'%s' is no time of 2020 to 2053" % " ".join(typed)[:20]
            raise Refused(what + ": write time YYYY-MM-DD HH:MM, like time 2026-11-24 19:12")
        standard_s = wall_s + service.settings.get("zone_min") * 60 if utc else now.standard_of(wall_s)
        if standard_s < 0:
            raise Refused("that is before 2020, where this clock begins")
        _set(service, now.wall_of(standard_s) if utc else wall_s, standard_s)
    text = "not set"
    if now.told:
        text = calendar.written(now.reckoned_s()) + (", summer time" if now.reckoned_s() != now.standard_s() else "")
        if not now.certain:
            text += ", or later: not certain since the start"
    fields = {"t": now.reckoned_s() if now.told else 0, "certain": now.certain, "uptime_s": now.uptime_s}
    yield "%s, up %s" % (text, clock.lasted(now.uptime_s)), fields


def _set(service, wall_s, standard_s):
    """The wall shows ``wall_s``; whoever counts by the clock hears of it."""
    now = service.clock
    before_s, showed_s, was = now.standard_s(), now.reckoned_s() if now.told else 0, now.certain
    service.energy_store.set_clock(wall_s)
    now.set_s = standard_s - now.uptime_s  # which of the hour that comes twice
    service.charger.time_kept(now.standard_s())
    by_s = now.standard_s() - before_s
    if not was or abs(by_s) >= MOVED_S:
        now.from_s = now.uptime_s
        service.journal.add(events.CLOCK, was, 0, 0, showed_s)
    part("asked").moved(service, by_s)
    if service.wishes:
        if by_s <= -MOVED_S:
            service.wishes.due_s = 0  # its hour may come again
        service.wishes.reckon()


def unlock(service, typed):
    """unlock PIN."""
    if len(typed) != 1 and not service.pin.lost:
        raise Refused("unlock PIN")
    was_open = service.pin.is_open()
    if not service.unlock(typed[0] if typed else ""):
        wait_ms = service.pin.wait_ms
        closed = "; the settings are closed" if was_open else ""
        raise Refused("wrong PIN%s" % (": wait %d s" % (wait_ms // 1000) if wait_ms > 0 else closed))
    yield opened(service), None


def opened(service):
    """That the installer's settings are open, and until when."""
    if not service.pin.hash:
        return "the installer's settings are open: no PIN is set"
    return "the installer's settings are open for %d minutes, or until lock" % ((service.pin.open_ms + 59999) // 60000)


def lock(service, _):
    """lock."""
    service.pin.lock()
    yield "locked" if not service.pin.is_open() else "no PIN is set: pin NEW NEW sets one", None


def pin(service, typed):
    """pin NEW NEW."""
    service.pin.check()
    if len(typed) != 2:
        raise Refused("a new PIN of 4 to 12 digits, twice since they are not shown: pin NEW NEW")
    if typed[0] != typed[1]:
        raise Refused("the two are not the same: no PIN was changed")
    service.change_pin(typed[0])
    if (yield from settings_commands.kept(service.store, (RECORD,))):
        yield "the PIN is changed and saved; " + opened(service), {"stored": True}
    else:
        yield "the PIN is changed" + settings_commands.NOT_SAVED, {"stored": False}


def json_lines(service, typed):
    """json on | off."""
    if typed not in (["on"], ["off"]):
        raise Refused("json on, or json off")
    service.console.json = typed == ["on"]
    yield "json %s" % typed[0], {"json": typed == ["on"]}


def version(service, _):
    """version."""
    gc.collect()
    free = gc.mem_free() if hasattr(gc, "mem_free") else 0
    number = yield from part("jig_commands").told(service)
    fields = {
        "version": service.charger.version,
        "board": service.charger.board_name,
        "free_bytes": free,
        "serial": number,
    }
    text = "headroom %(version)s on board %(board)s, %(free_bytes)d bytes free" % fields
    yield text + (", serial number %s" % number if number else ""), fields


def _now(command, typed):
    if typed not in ([], ["now"]):
        raise Refused("%s, or %s now" % (command, command))
    return bool(typed)


def reboot(service, typed):
    """reboot [now]."""
    service.leave("reboot", _now("reboot", typed))
    yield "starting again", None


def step_aside(service, typed):
    """service [now]."""
    service.leave("service", _now("service", typed))
    yield "stepping aside for mpremote", None
