"""Words that only an answer needs: resets, a boost, what `calibrate car` found, watts, what to do about a doubt or a fault."""

from headroom.guard import faults, session
from headroom.law import carcheck
from headroom.serve import clock, words
from headroom.serve.answers import advice
from headroom.serve.words import amps
from headroom.terms import meter_faults
from headroom.terms.apparent import apparent_va, factor_pct

# guard/selftest.py: phases
TESTED = ("tested before the next charge", "being tested", "being tested", "passed", "FAILED")

# serve/console/service.py: parts
PARTS = (
    "keeping the latched faults",
    "keeping the black box",
    "the clock",
    "keeping a pause",
    "the journal",
    "keeping the journal",
    "the store",
    "keeping the charges",
    "the status line",
    "the console",
    "tidying up",
    "putting settings in force",
    "the wishes by the clock",
    "the month's peak",
    "the manager's port",
)

# machine.reset_cause() of the ESP32 port, and act/starts.py's BROWN_OUT
RESETS = {1: "power-on", 2: "a reset", 3: "the watchdog", 4: "deep sleep", 5: "a soft reset", 6: "a brown-out"}


# law/carcheck.py: what a phase's step says, or why there is no answer
FOLLOWED = {
    carcheck.OK: "%s followed by %s, expected 4.0 A: ok",
    carcheck.REVERSED: "%s went by %s, expected 4.0 A: the clamp is on backwards",
    carcheck.SILENT: "%s did not follow (%s): dead clamp, or around another circuit",
    carcheck.UNUSED: "%s did not follow (%s): this car does not use it, or its clamp is around another circuit",
    carcheck.EXTRA: "%s followed by %s, too, and the charger is not wired to it: clamps swapped, or phases or wiring set wrong",
}
SCALE = "%s followed by %s, expected 4.0 A: %d %% %s; check the clamp's ratio, or calibrate %s with a clamp meter"
NO_ANSWER = {
    carcheck.NO_CAR: "no car is charging",
    carcheck.NO_ROOM: "no room for 12 A",
    carcheck.RESTLESS: "the house on %s is restless: try again when it is quieter",
    carcheck.DOUBT: "the meter is in doubt: see status",
    carcheck.ENDED: "the charge ended meanwhile",
    carcheck.STOPPED: "stopped",
}


def followed(code, phase, ma, instead):
    """What `calibrate car` found on a phase, or why it found nothing."""
    line = "L%d" % (phase + 1)
    if code == carcheck.SWAPPED:
        return "L%d followed instead of %s: clamps swapped, or wiring is not as the charger is wired" % (
            instead + 1,
            line,
        )
    if code == carcheck.SCALE:
        off_pct = ((ma - carcheck.STEP_MA) * 100 + carcheck.STEP_MA // 2) // carcheck.STEP_MA
        text = SCALE % (line, amps(ma), abs(off_pct), "high" if off_pct > 0 else "low", line)
        return text if off_pct > 0 else text + "; or this car takes less than 12 A"
    if code in FOLLOWED:
        return FOLLOWED[code] % (line, amps(ma))
    text = NO_ANSWER.get(code, "nothing")
    return text % line if "%s" in text else text


def flow(readings, phases, mains_v):
    """Volts and watts of each phase where they are measured, else what they would be at the nominal voltage."""
    parts = []
    for phase in range(phases):
        if readings.power_ok:
            factor = factor_pct(readings.power_w[phase], readings.power_va[phase])
            text = "%d W" % readings.power_w[phase]
            if factor is not None:
                text += " (PF %s%d.%02d)" % ("-" if factor < 0 else "", abs(factor) // 100, abs(factor) % 100)
            parts.append(text)
        else:
            parts.append("%d VA" % apparent_va(readings.grid_ma[phase], mains_v * 1000))
    volts = "%d.%d V" % (readings.mains_mv // 1000, readings.mains_mv % 1000 // 100) if readings.mains_ok else ""
    if not readings.power_ok:
        parts[-1] += " at the nominal %d V: %s" % (mains_v, "measured " + volts if volts else "no voltage input")
        volts = ""
    hz = "%d.%d Hz" % (readings.mains_mhz // 1000, readings.mains_mhz % 1000 // 100)
    return " ".join([hz] + ([volts] if volts else []) + parts)


GROUP, METER = 255, 254  # no parts of this room: see charger.py and ports.py


def mishap(place):
    """What failed in this room."""
    if place == GROUP:
        return "the words to its group"
    if place == METER:
        return "reading the meter"
    return PARTS[place] if place < len(PARTS) else "part %d" % place


def boosted(boost):
    """What a boost does, and until when."""
    if not boost.on():
        return "no boost"
    until = "until the %s leaves" % ("car" if boost.came else "next car")
    if boost.left_ms > 0:
        until = "for " + clock.lasted(boost.left_ms // 1000)
    return "boost %s, or until a restart: the household's own ceiling, mode and times do not count" % until


def for_whom(verdict):
    """What to add to an answer about the charge while no car is there."""
    return "; no car now: it holds for the next one" if verdict.session == session.IDLE else ""


def doubt(code, phase):
    """What is wrong with a clamp, or a meter, and what to do: one sentence for a person."""
    word, what_to_do = advice.ROWS[code]
    whose = "meter" if code >= meter_faults.NO_ANSWER else "clamp on L%d" % (phase + 1)
    return "the %s is %s (%s): %s" % (whose, word, meter_faults.NAME[code], what_to_do)


# terms/contrary.py: what to do
SET_RIGHT = (
    "set wiring or phases as the charger is wired; meanwhile it is guarded there, too",
    "read the breaker's rating, and set breaker_ma; if that is right, the house overloads it",
    "set hz, save, and reboot",
    "set mains_v to the supply's nominal voltage, phase to neutral",
)


def contrary(verdict, readings):
    """The settings that contradict what is measured, and what to do: a sentence each."""
    stand = [text for code, text in enumerate(SET_RIGHT) if verdict.contrary >> code & 1]
    return ["%s: %s" % both for both in zip(words.contrary(verdict, readings), stand)]  # noqa: B905


def settled(code, stands):
    """A journal's record of one."""
    names = ("phases and wiring", "breaker_ma", "hz", "mains_v")
    if code >= len(names):
        return "setting %d" % code
    return names[code] + (
        " contradicts what is measured: status tells more" if stands else " agrees with what is measured again"
    )


def fault(code):
    """What a fault is, what to do, and how the lamp shows it: one sentence for a person."""
    flashes = "lamp: %d long, %d short" % (faults.long_flashes(code), faults.short_flashes(code))
    return "%s: %s (%s)" % (faults.NAME[code], advice.FAULTS[code][1], flashes)
