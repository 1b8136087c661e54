"""``measure`` and ``serial``: what a test jig asks of a board, in the figures that the firmware itself works with.

Each is a generator of (line of text, fields for machines); ``service`` is what it works on, ``typed`` what followed the command.
The serial number is a record of the store like the settings: an update of the firmware keeps it, erasing the device does not.
"""

from headroom.serve.answers.copies import newest
from headroom.serve.loader import part
from headroom.terms.refused import Refused

RECORD = "serial"
LONGEST = 24  # characters
MARKS = "-._/"  # besides letters and digits


def measure(service, _):
    """measure: three lines, so that none needs a large block of memory."""
    charger = service.charger
    readings, verdict = charger.readings, charger.verdict
    pilot = {
        "pilot_high_mv": readings.pilot_high_mv,
        "pilot_low_mv": readings.pilot_low_mv,
        "pilot_state": verdict.pilot_state,
        "duty_u16": verdict.duty_u16,
        "offer_ma": verdict.offer_ma,
        "session_code": verdict.session,
        "told_closed": verdict.closed,
        "proximity_ohm": readings.proximity_ohm,
        "told_locked": verdict.lock,
    }
    yield "pilot %(pilot_high_mv)d mV and %(pilot_low_mv)d mV, duty %(duty_u16)d of 65536" % pilot, pilot
    inputs = {
        "contactor_closed": readings.contactor_closed,
        "residual_fault": readings.residual_fault,
        "earth_fault": readings.earth_fault,
        "locked": readings.locked,
        "button": readings.button,
        "temperature_c": readings.temperature_c,
        "rail_mv": readings.rail_mv,
        "mains_mv": readings.mains_mv,
        "mains_mhz": readings.mains_mhz,
        "supply_ma": list(readings.grid_ma),
    }
    yield "inputs: %(temperature_c)d C, logic supply %(rail_mv)d mV, mains %(mains_mv)d mV" % inputs, inputs
    counts = {
        "lived_ms": service.clock.lived_ms(),
        "busy_us": readings.busy_us,
        "fault_set": verdict.faults,
        "doubt": verdict.doubt,
        "mishaps": service.mishaps,
        "write_failures": service.store.failures,
        "unread_pin": readings.unread,
    }
    yield (
        "alive for %(lived_ms)d ms, a tick takes %(busy_us)d us beside its window, faults %(fault_set)d" % counts,
        counts,
    )


def serial(service, typed):
    """serial [NUMBER]: given once; another one needs the installer's PIN, where one is set."""
    now = yield from told(service)
    if not typed:
        yield "serial number %s" % (now or "not given"), {"serial": now}
        return
    wanted = typed[0]
    if (
        len(typed) > 1
        or len(wanted) > LONGEST
        or not all(each.isalpha() or each.isdigit() or each in MARKS for each in wanted)
    ):
        raise Refused(
            "a serial number has up to %d letters, digits and %s: serial HR-000123" % (LONGEST, " ".join(MARKS))
        )
    if wanted != now:
        if now:
            service.pin.check()
        service.store.put(RECORD, wanted.encode(), 2)
        stored = yield from part("settings_commands").kept(service.store, (RECORD,))
        if not stored:
            raise Refused("the flash refuses the serial number: see status")
    yield "serial number %s is stored" % wanted, {"serial": wanted}


def told(service):
    """Returns the number on the flash, "" where there is none: a copy a tick, and none in a tick that writes."""
    data = yield from newest(service, RECORD)
    return data.decode()
