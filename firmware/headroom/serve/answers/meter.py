"""The answer to ``meter``: what the meter on a wire says, how old that is, and how well it is heard; and ``meter scan``."""

from headroom.serve.answers import texts
from headroom.serve.words import amps
from headroom.terms import meter_faults, meters
from headroom.terms.refused import Refused

PARITIES = ("none", "odd", "even")
NONE = "no meter is read: set meter sdm630 (or another: help meter), set bus meter, save; or meter scan"


def answer(service, typed):
    """meter [scan]."""
    parts = service.settings.parts
    if parts is not None and "RS485_RX_PIN" not in parts and "METER_RX_PIN" not in parts:
        raise Refused("this board has no port for a meter: it measures with its clamps")
    if typed == ["scan"]:
        yield from scan(service)
        return
    if typed:
        raise Refused("meter, or meter scan")
    heard = service.charger.heard()
    if heard is None:
        yield NONE, {"meter": None}
        return
    name = meters.CHOICES.split(" ")[service.settings.get("meter")]
    role = meters.ROLES.split(" ")[service.settings.get("meter_role")]
    if not heard["readings"]:
        yield "%s, %s: has not answered yet" % (name, role), heard
    else:
        age, period = _tenths(heard["age_ms"]), _tenths(heard["period_ms"])
        yield "%s, %s: %s s old, %d readings, one in %s s" % (name, role, age, heard["readings"], period), heard
        for phase in range(heard["phases"]):
            volts = "%d.%d V" % (heard["mv"][phase] // 1000, heard["mv"][phase] // 100 % 10)
            told = (
                phase + 1,
                amps(heard["ma"][phase]),
                heard["w"][phase],
                volts if heard["mv"][phase] else "no voltage",
            )
            yield "L%d  %s  %d W  %s" % told, None
        if heard["wh"]:
            yield "its own count: %d.%d kWh" % (heard["wh"] // 1000, heard["wh"] // 100 % 10), None
    yield "heard: %d answers, %d refusals, %d silences, %d bytes that were none" % heard["counts"], None
    if heard["doubt"] != meter_faults.OK:
        yield texts.doubt(heard["doubt"], 0), {"notice": meter_faults.NAME[heard["doubt"]]}


def scan(service):
    """Look on the bus for whoever answers: some ten seconds at each speed."""
    charger = service.charger
    if charger.verdict.closed:
        raise Refused("meter scan: the contactor is closed; pause first: while it looks, no meter is read")
    refused = charger.look(True)
    if refused:
        raise Refused("meter scan: " + refused)
    yield "looking on the bus, a minute or two", None
    seen = charger.look(False)
    while not seen[0]:
        yield None
        seen = charger.look(False)
    _, found, silent = seen
    for name, address, baud, parity in found:
        text = "%s at address %d, %d baud, parity %s" % (name, address, baud, PARITIES[parity])
        yield text, {"meter": name, "address": address, "baud": baud, "parity": parity}
    for address, baud, parity in silent:
        text = "address %d, %d baud, parity %s: something answers, and it is none of the table: meter generic"
        yield text % (address, baud, PARITIES[parity]), None
    if not found and not silent:
        yield "nobody answers: are A and B the right way round, is the meter's Modbus on?", None


def _tenths(ms):
    return "%d.%d" % (ms // 1000, ms % 1000 // 100)
