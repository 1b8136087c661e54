"""Reasons, states and faults in words: what a person reads on the console and in the simulator's report."""

from headroom.guard import faults, pilot, session
from headroom.terms import meter_faults, reasons
from headroom.terms.apparent import apparent_va, factor_pct


def amps(ma):
    """``12345`` -> ``12.3 A``."""
    sign = "-" if ma <= -50 else ""
    tenths = (abs(ma) + 50) // 100
    return "%s%d.%d A" % (sign, tenths // 10, tenths % 10)


def milli(value, unit):
    """``12345`` -> ``12.35 A``."""
    hundredths = (abs(value) + 5) // 10
    return "%s%d.%02d %s" % ("-" if value <= -5 else "", hundredths // 100, hundredths % 100, unit)


def seconds(ms):
    """``30000`` -> ``30 s``."""
    return "%d s" % (ms // 1000)


def phases_named(phases):
    """``L1`` or ``L1 and L3`` of a set of phases."""
    return " and ".join(["L%d" % (phase + 1) for phase in range(3) if phases >> phase & 1])


def ready(version, board_name):
    """The first line of a charger that runs; `headroom flash` waits for it."""
    return "headroom %s on board %s ready" % (version, board_name)


# by terms/reasons.py: value and bound in A; lasted: bound in s; count and n: value and bound as they are;
# those of the law's optional features come from answers/said.py
SAYS: dict = {
    reasons.NO_CAR: "no car",
    reasons.RISE: "headroom back for %(lasted)s: %(value)s free on %(line)s",
    reasons.SHED: "%(line)s carries %(value)s of %(bound)s, what is left is the car's",
    reasons.PAUSE: "only %(value)s free on %(line)s, the car needs %(bound)s",
    reasons.RESUME: "%(value)s free on %(line)s for %(lasted)s",
    reasons.CEILING: "the charger's own limit, %(bound)s",
    reasons.NO_METER: "the supply's current is not known",
    reasons.CAR_DONE: "the car stopped by itself",
    reasons.WAIT: "waiting: %(value)s free on %(line)s, the car needs %(bound)s",
    reasons.INRUSH: "what came on %(line)s was an inrush, over in %(n)d ms: back to what is free, %(value)s",
    reasons.HOUSEHOLD: "the household's own ceiling, %(bound)s",
    reasons.IMPORT: "%(line)s carries %(value)s, the import limit is %(bound)s",
    reasons.UNFOLLOWED: "%(line)s carries %(value)s of %(bound)s after a cut: down to the least, to see what is the car's",
    reasons.CAR_CHECK: "calibrate car: %(bound)s for a while",
    reasons.DOUBT: "the meter is good again: at most %(bound)s so far",
    reasons.DERATED: "the charger is warm: %(bound)s",
    reasons.CABLE: "the cable's rating, %(bound)s",
    reasons.SIMPLIFIED: "a car without S2 gets %(bound)s at most",
    reasons.CHECKING: "checking before power",
    reasons.WAKING: "the car does not react: wake-up %(count)d",
    reasons.RETRY: "less than what did not hold: at most %(bound)s until that has held for a while",
    reasons.RESTLESS: "the car stops by itself, %(count)d times so far: next try in %(lasted)s, with the least",
    reasons.REMOTE: "limited from outside to %(bound)s",
    reasons.REMOTE_LOST: "the manager is silent: %(bound)s until it speaks again",
    reasons.HELD: "stopped by hand: the button or resume goes on",
    reasons.SHARED: "its own part of what the group has, %(bound)s",
    reasons.LEASED: "the group leaves %(bound)s",
    reasons.TURN: "the group leaves nothing at the moment: others have their turn",
    reasons.ALONE: "no leader of the group is heard: %(bound)s until one is",
}
MORE: dict = {}  # of what is read only where somebody asks for it: a text, or what makes one of value and bound


# by terms/contrary.py
CONTRARY = (
    "phases or wiring is wrong: the car draws on %(strays)s",
    "breaker_ma is below what the house alone draws",
    "hz is wrong: the mains have %(hz)d",
    "mains_v is wrong: %(volts)d V are measured",
)


CONTACTOR = ("open", "closed")


def because(reason, phase, value, bound):
    """The reason of a verdict with its numbers, one clause without a full stop."""
    if reason == reasons.FAULT:
        return faults.NAME[value]
    text = MORE.get(reason) or SAYS.get(reason, "starting")
    if callable(text):
        text = text(value, bound)
    if reason == reasons.SHED and value > bound:
        text = "rise on %(line)s: %(value)s > %(bound)s"
    elif value < 0 and (reason == reasons.WAIT or reason == reasons.PAUSE):
        value, text = -value, "%(line)s carries %(value)s too much, the car needs %(bound)s"
    elif reason == reasons.WAIT and value >= bound:
        text = "waiting to see whether %(value)s on %(line)s stays free"
    elif reason == reasons.RETRY and value == 0:
        text = "the supply's voltage stopped it again: next try in %(lasted)s"
    elif reason == reasons.DOUBT and value != meter_faults.OK:
        text = "the meter on %(line)s is in doubt (" + meter_faults.NAME[value] + "): at most %(bound)s"
    return text % {
        "line": "L%d" % (phase + 1),
        "value": amps(value),
        "bound": amps(bound),
        "lasted": seconds(bound),
        "count": value,
        "n": bound,
    }


# by terms/reasons.py: how a time that is left is told; a wait has none here
LEFT = {
    reasons.FAULT: ", over in %s if it stays away",
    reasons.DOUBT: ", rises in %s if it stays good",
}


def status(verdict, readings, phases):
    """The status line: session, pilot letter, offer, contactor, supply on so many phases."""
    supply = " ".join([amps(ma) for ma in readings.grid_ma[:phases]])
    closed = bool(verdict.closed)
    contactor = CONTACTOR[closed]
    if closed != bool(readings.contactor_closed):
        contactor = "told to be %s and found %s" % (contactor, CONTACTOR[not closed])
    return "%s %s offer %s contactor %s supply %s: %s" % (
        session.NAMES[verdict.session],
        pilot.LETTERS[verdict.pilot_state],
        amps(verdict.offer_ma),
        contactor,
        supply,
        because(verdict.reason, verdict.phase, verdict.value, verdict.bound),
    )


def contrary(verdict, readings):
    """The settings that contradict what is measured, one clause each."""
    figures = {
        "strays": phases_named(verdict.strays),
        "hz": (readings.mains_mhz + 500) // 1000,
        "volts": (readings.mains_mv + 500) // 1000,
    }
    return [text % figures for code, text in enumerate(CONTRARY) if verdict.contrary >> code & 1]


def status_fields(verdict, readings, mains_v):
    """What ``status`` tells machines; null: not measured."""
    measured = readings.power_ok
    apparent = list(readings.power_va) if measured else [apparent_va(ma, mains_v * 1000) for ma in readings.grid_ma]
    return {
        "session": session.NAMES[verdict.session],
        "pilot": pilot.LETTERS[verdict.pilot_state],
        "offer_ma": verdict.offer_ma,
        "closed": bool(verdict.closed),
        "found_closed": bool(readings.contactor_closed),
        "grid_ma": list(readings.grid_ma),
        "grid_ok": bool(readings.grid_ok),
        "mains_mv": readings.mains_mv if readings.mains_ok else None,
        "power_va": apparent,
        "power_w": list(readings.power_w) if measured else None,
        "factor_pct": [factor_pct(readings.power_w[i], apparent[i]) for i in range(3)] if measured else None,
        "contrary": contrary(verdict, readings),
        "fault": faults.NAME[verdict.fault] if verdict.fault else None,
        "why": because(verdict.reason, verdict.phase, verdict.value, verdict.bound),
    }
