"""Reasons, states and faults in words: what a person reads on the console and in the simulator's report."""

from headroom.decide import carcheck, faults, pilot, quality, reasons, session
from headroom.decide.power import apparent_va, factor_pct

# decide/selftest.py: phases
TESTED = ("not tested yet", "being tested", "being tested", "passed", "FAILED")

# machine.reset_cause() of the ESP32 port, and act/starts.py's BROWN_OUT
RESETS = {1: "power-on", 2: "a reset", 3: "the watchdog", 4: "deep sleep", 5: "a soft reset", 6: "a brown-out"}


def amps(ma):
    """``12345`` -> ``12.3 A``."""
    sign = "-" if ma < 0 else ""
    tenths = (abs(ma) + 50) // 100
    return "%s%d.%d A" % (sign, tenths // 10, tenths % 10)


def seconds(ms):
    """``30000`` -> ``30 s``."""
    return "%d s" % (ms // 1000)


def ready(version, board_name):
    """The first line of a charger that runs; `headroom flash` waits for it."""
    return "headroom %s on board %s ready" % (version, board_name)


def because(reason, phase, value, bound):
    """The reason of a verdict with its numbers, one clause without a full stop."""
    line = "L%d" % (phase + 1)
    if reason == reasons.SHED and value > bound:
        return "rise on %s: %s > %s" % (line, amps(value), amps(bound))
    if reason == reasons.SHED:
        return "%s carries %s of %s" % (line, amps(value), amps(bound))
    if reason == reasons.RISE:
        return "headroom back for %s: %s free on %s" % (seconds(bound), amps(value), line)
    if reason == reasons.PAUSE:
        return "only %s free on %s, the car needs %s" % (amps(value), line, amps(bound))
    if reason == reasons.RESUME:
        return "%s free on %s for %s" % (amps(value), line, seconds(bound))
    if reason == reasons.CEILING:
        return "the charger's own limit, %s" % amps(bound)
    if reason == reasons.WAIT:
        return "waiting: %s free on %s, the car needs %s" % (amps(value), line, amps(bound))
    if reason == reasons.HOUSEHOLD:
        return "the household's own ceiling, %s" % amps(bound)
    if reason == reasons.CAR_CHECK:
        return "calibrate car: %s for a while" % amps(bound)
    if reason == reasons.SLOW:
        return "mode slow: the car's minimum, %s" % amps(bound)
    if reason == reasons.TARIFF:
        return "the tariff's mean of %d W leaves %s for all phases together" % (bound, amps(value))
    if reason == reasons.ASYMMETRY and value == bound:
        return "one phase may carry %s more than another" % amps(bound)
    if reason == reasons.ASYMMETRY:
        return "%s carries %s more than another phase, %s allowed" % (line, amps(value), amps(bound))
    if reason == reasons.DIMMED:
        return "dimmed by the grid operator to %d W: %s on each phase" % (bound, amps(value))
    if reason == reasons.IMPORT:
        return "%s carries %s, the import limit is %s" % (line, amps(value), amps(bound))
    if reason == reasons.UNFOLLOWED:
        return "%s carries %s of %s after a cut: down to the least, to see what is the car's" % (
            line,
            amps(value),
            amps(bound),
        )
    if reason == reasons.INRUSH:
        return "what came on %s was an inrush, over in %d ms: back to what is free, %s" % (line, bound, amps(value))
    if reason == reasons.NO_METER:
        return "the supply's current is not known"
    if reason == reasons.DOUBT and value == quality.FINE:
        return "the meter is good again: at most %s so far" % amps(bound)
    if reason == reasons.DOUBT:
        return "the meter on %s is in doubt (%s): at most %s" % (line, quality.NAME[value], amps(bound))
    if reason == reasons.FAULT:
        return faults.NAME[value]
    if reason == reasons.DERATED:
        return "the charger is warm: %s" % amps(bound)
    if reason == reasons.CABLE:
        return "the cable's rating, %s" % amps(bound)
    if reason == reasons.SIMPLIFIED:
        return "a car without S2 gets %s at most" % amps(bound)
    if reason == reasons.CHECKING:
        return "checking before power"
    if reason == reasons.WAKING:
        return "the car does not react: wake-up %d" % value
    if reason == reasons.HELD:
        return "stopped by the button"
    if reason == reasons.CAR_DONE:
        return "the car stopped by itself"
    if reason == reasons.NO_CAR:
        return "no car"
    return "starting"


# decide/carcheck.py: what a phase's step says, or why there is no answer
FOLLOWED = {
    carcheck.OK: "%s followed by %s, expected 4.0 A: ok",
    carcheck.SCALE: "%s followed by %s, expected 4.0 A: wrong scale, or a car that takes no more",
    carcheck.REVERSED: "%s went by %s, expected 4.0 A: the clamp is on backwards",
    carcheck.SILENT: "%s did not follow (%s): dead clamp, or around another circuit",
    carcheck.UNUSED: "%s did not follow (%s): this car does not use it, or its clamp is around another circuit",
    carcheck.EXTRA: "%s followed by %s, too, and the charger is not wired to it: clamps swapped, or phases set wrong",
}
NO_ANSWER = {
    carcheck.NO_CAR: "no car is charging",
    carcheck.NO_ROOM: "no room for 12 A, or the car's offer did not get there",
    carcheck.RESTLESS: "the house on %s is restless: try again when it is quieter",
    carcheck.DOUBT: "the meter is in doubt: see status",
    carcheck.ENDED: "the charge ended meanwhile",
    carcheck.STOPPED: "stopped",
}


def followed(code, phase, ma, instead):
    """What `calibrate car` found on a phase, or why it found nothing."""
    line = "L%d" % (phase + 1)
    if code == carcheck.SWAPPED:
        return "L%d followed instead of %s: clamps swapped" % (instead + 1, line)
    if code in FOLLOWED:
        return FOLLOWED[code] % (line, amps(ma))
    text = NO_ANSWER.get(code, "nothing")
    return text % line if "%s" in text else text


def status(verdict, readings):
    """The status line: session, pilot letter, offer, contactor, supply."""
    supply = " ".join([amps(ma) for ma in readings.grid_ma])
    return "%s %s offer %s contactor %s supply %s: %s" % (
        session.NAMES[verdict.session],
        pilot.LETTERS[verdict.pilot_state],
        amps(verdict.offer_ma),
        "closed" if verdict.closed else "open",
        supply,
        because(verdict.reason, verdict.phase, verdict.value, verdict.bound),
    )


def flow(readings, phases, mains_v):
    """Volts and watts of each phase where they are measured, else what they would be at the nominal voltage."""
    parts = []
    for phase in range(phases):
        if readings.power_ok:
            factor = factor_pct(readings.power_w[phase], readings.power_va[phase])
            sign = "-" if factor < 0 else ""
            parts.append("%d W (PF %s%d.%02d)" % (readings.power_w[phase], sign, abs(factor) // 100, abs(factor) % 100))
        else:
            parts.append("%d VA" % apparent_va(readings.grid_ma[phase], mains_v * 1000))
    volts = "%d.%d V" % (readings.mains_mv // 1000, readings.mains_mv % 1000 // 100) if readings.mains_ok else ""
    if not readings.power_ok:
        parts[-1] += " at the nominal %d V: %s" % (mains_v, "measured " + volts if volts else "no voltage input")
        volts = ""
    hz = "%d.%d Hz" % (readings.mains_mhz // 1000, readings.mains_mhz % 1000 // 100)
    return " ".join([hz] + ([volts] if volts else []) + parts)


def doubt(code, phase):
    """What is wrong with a clamp, and what to do: one sentence for a person."""
    return "the clamp on L%d is %s (%s): %s" % (phase + 1, quality.WORD[code], quality.NAME[code], quality.ADVICE[code])


def fault(code):
    """What a fault is, what to do, and how the lamp shows it: one sentence for a person."""
    flashes = "lamp: %d long, %d short" % (faults.long_flashes(code), faults.short_flashes(code))
    return "%s: %s (%s)" % (faults.NAME[code], faults.ADVICE[code], flashes)
