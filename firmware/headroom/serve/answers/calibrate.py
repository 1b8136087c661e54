"""``calibrate`` on the console.

``all`` is the board's ``headroom.sense.calibrations.Calibrations``: new points are staged there, ``save`` puts them in force.
"""

from headroom.law import carcheck
from headroom.serve import words
from headroom.serve.answers import settings_commands, texts
from headroom.serve.answers.units import scaled
from headroom.serve.store.calibration import RECORD
from headroom.serve.words import milli
from headroom.terms.refused import Refused

MEASURE_MS = 4000  # a point is the mean of so long ...
STEADY_PART = 20  # ... in which no reading was off by more than this part of it ...
STEADY_MIN = 300  # ... or by this, in mA
MEASURING = "measuring %s for 4 s: keep the current steady; Esc stops"
HEATER_W = 500  # less and noise would be calibrated
USE = "calibrate, calibrate L1 10.0, calibrate phase, calibrate undo, calibrate reset [L1], or calibrate car"
HINT = "clamp meter on the same wire, steady current: calibrate L1 10.0; best at two or three currents; then save"

CAR_HINT = "without tools, while a car charges and the house is quiet: calibrate car, 8, 12 and 8 A, a minute; any key stops it"


def answer(service, typed):
    """What ``calibrate`` says; None while it measures, False while the car is tried."""
    if not typed:
        return state(service)
    if typed == ["car"]:
        return car(service)
    if typed == ["undo"]:
        return undo(service)
    if typed == ["phase"]:
        return phase(service)
    if typed[0] == "reset" and len(typed) <= 2:
        return reset(service, [named(service, typed[1])] if len(typed) == 2 else service.calibration.all.all)
    if len(typed) != 2 and not (len(typed) == 3 and typed[2].upper() in ("A", "V")):
        raise Refused(USE)
    return point(service, named(service, typed[0]), typed[1])


def named(service, name):
    """The calibration of a meter; Refused for none."""
    for each in service.calibration.all.all:
        if each.name == name.upper():
            return each
    names = ", ".join([each.name for each in service.calibration.all.all])
    raise Refused("no meter '%s' here, but %s: %s" % (name[:20], names, USE))


def state(service):
    """A line for each meter, and what to do."""
    for each in service.calibration.all.all:
        points = each.points()
        told = ["%s %s" % (milli(read, each.unit), percent(gain_ppm)) for read, gain_ppm in points]
        text = "%s reads %s, %s" % (each.name, milli(each.read_ma(), each.unit), ", ".join(told) or "not calibrated")
        fields = {"meter": each.name, "read": each.read_ma(), "points": [list(each) for each in points]}
        if each.name[0] == "L" and service.calibration.all.directed():
            fields["lead_mdeg"] = lead_mdeg = each.lead_mdeg()
            text += ", leads by %s" % milli(lead_mdeg, "degrees")
        yield text + (": save or undo" if each.changed else ""), fields
    yield HINT, None
    yield CAR_HINT, None


def point(service, each, text):
    """Measure for a while and stage a point."""
    service.pin.check()
    true = scaled(text.upper().rstrip(each.unit), 1000)
    if true is None:
        raise Refused("'%s' is no value in %s: calibrate %s 10.0" % (text[:20], each.unit, each.name))
    yield MEASURING % each.name, None
    clock = service.clock
    begun_ms = clock.lived_ms()
    total = count = 0
    low, high = 1 << 29, 0
    while clock.lived_ms() - begun_ms < MEASURE_MS:
        if not service.charger.readings.grid_ok or not each.fine():
            raise Refused("the reading of %s is in doubt: calibrate nothing with it; status tells more" % each.name)
        read = each.raw_ma()
        total += read
        count += 1
        low, high = min(low, read), max(high, read)
        yield None
    read = total // count
    if high - low > max(read // STEADY_PART, STEADY_MIN) * 2:
        spread = "%s to %s" % (milli(low, each.unit), milli(high, each.unit))
        car = ", or stop the car with pause first" if service.charger.verdict.closed else ""
        raise Refused("%s is not steady, %s: wait until it is%s, and try again" % (each.name, spread, car))
    shown_ma = each.corrected(read)
    wrong = each.take_point(read, true)
    if wrong:
        raise Refused(wrong)
    gain_ppm = dict(each.staged)[read]
    text = "%s reads %s%s for %s: %s; save or undo"
    raw = "" if shown_ma == read else " (%s uncalibrated)" % milli(read, each.unit)
    fields = {"meter": each.name, "read": read, "true": true, "gain_ppm": gain_ppm}
    yield text % (each.name, milli(shown_ma, each.unit), raw, milli(true, each.unit), percent(gain_ppm)), fields


def car(service):
    """Step the offer of the car that charges, and tell what the supply made of it."""
    check = service.charger.check_car()
    look = -1
    try:
        while check.outcome == carcheck.RUNNING:
            if check.look != look:
                look = check.look
                yield "offering %s" % words.amps(check.offer_ma()), {"offer_ma": check.offer_ma()}
            yield False  # not yet, and any key stops it
    finally:
        check.stop()
    if check.outcome:
        told = texts.followed(check.outcome, check.phase, 0, 0)
        if check.outcome == carcheck.NO_ROOM:
            verdict = service.charger.verdict
            drawn = words.amps(check.drawn_ma)
            told += ": %s is offered, the car draws %s: " % (words.amps(verdict.offer_ma), drawn)
            told += words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound) + service.when(
                service.clock.uptime_s
            )
        raise Refused(told)
    for phase, code in enumerate(check.found):
        if code:
            told = texts.followed(code, phase, check.followed_ma[phase], check.instead[phase])
            yield (
                told,
                {
                    "meter": "L%d" % (phase + 1),
                    "followed_ma": check.followed_ma[phase],
                    "as_expected": code == carcheck.OK,
                },
            )


def phase(service):
    """Measure for a while, with nothing on but heaters, and stage every clamp's lead."""
    service.pin.check()
    meters = service.calibration.all
    if not meters.directed() or not service.charger.readings.power_ok:
        raise Refused("a clamp's phase shows only beside a voltage input, and this board measures no voltage")
    flowing, turned, count = [0, 0, 0], [0, 0, 0], 0
    clamps = len(meters.turned_w())
    begun_ms = service.clock.lived_ms()
    meters.turn(True)
    try:
        yield MEASURING % "each clamp", None
        while service.clock.lived_ms() - begun_ms < MEASURE_MS:
            count += 1
            for index in range(clamps):
                flowing[index] += service.charger.readings.power_w[index]
                turned[index] += meters.turned_w()[index]
            yield None
    finally:
        meters.turn(False)
    for index, each in enumerate(meters.all[:clamps]):
        if flowing[index] < HEATER_W * count:
            yield "%s carries too little: %d W of heaters or more" % (each.name, HEATER_W), {"meter": each.name}
            continue
        lead_mdeg = meters.lead_mdeg(index, flowing[index], turned[index])
        wrong = each.lead(lead_mdeg)
        text = "%s leads by %s; save or undo" % (each.name, milli(lead_mdeg, "degrees"))
        yield wrong or text, {"meter": each.name, "lead_mdeg": lead_mdeg}


def undo(service):
    """Back to the calibration before the last save."""
    service.pin.check()
    if service.calibration.all.as_before():
        raise Refused("nothing else was in force before: calibrate reset, and save, takes all back")
    service.calibration.all.back()
    service.keep_calibration()
    stored = yield from settings_commands.kept(service.store, (RECORD,))
    yield (
        "as it was before the last save" + ("; in force, and saved" if stored else settings_commands.NOT_SAVED),
        {"stored": stored},
    )
    yield from state(service)


def reset(service, chosen):
    """Stage no calibration at all."""
    service.pin.check()
    for each in chosen:
        each.reset()
        yield "%s: not calibrated; save or undo" % each.name, {"meter": each.name}


def percent(ppm):
    """``12300`` -> ``+1.2 %``."""
    tenths = (abs(ppm) + 500) // 1000
    return "%s%d.%d %%" % ("-" if ppm <= -500 else "+", tenths // 10, tenths % 10)
