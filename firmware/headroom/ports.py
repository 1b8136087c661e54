"""What the board's serial ports are for: that part of the composition root which only a household with a wire needs.

``plugged`` reads the settings and makes what they ask for: a meter in sense, a manager in serve with the guard's end of its
limit, or a bus for whoever shares a circuit. Who asks for nothing never reads this file, nor those that it reads.
"""

from time import ticks_diff, ticks_ms

from headroom import once
from headroom.record.energy import CAR
from headroom.sense import bus as buses
from headroom.sense.bus import METER, RS485
from headroom.terms import meter_faults, meters

NAMES = ("bus", "bus_baud", "bus_parity", "bus_address", "meter", "meter_role", "meter_address", "remote_hold_ms") + (
    "generic_function",
    "generic_form",
    "generic_amps",
    "generic_ma",
    "generic_watts",
    "generic_mw",
    "remote_safe_ma",
)
NONE, AS_METER, AS_GROUP, AS_MANAGER = range(4)  # setting bus
SPEEDS = {AS_GROUP: 115200, AS_MANAGER: 9600}  # unless set; a meter has its own
SEEN_TIMES = 3  # readings that must say so before the offer rises
METER_PART = 254  # among the parts that may fail: serve/answers/texts.py
FORSAKEN_MS = 5000  # a search that nobody has asked about for so long is over
NO_REGISTER = 65535


class Ports:
    """``bus``: what is open, or None; ``metered``, and the law's price for its ``age``; ``manager``, and its ``remote`` limit."""

    def __init__(self, get, key, mishap):
        self.key = key
        self.mishap = mishap
        self.bus = self.metered = self.manager = self.remote = self.margin = self.finder = self.billed = None
        self.new = True  # False: in this tick nothing newer was heard of the supply, nor told
        self.told = False  # settings came into force: they wait for no reading
        self.dimmed = False  # nor does the grid operator
        self.known = True  # False: what the supply's meter says is none of now, and nobody counts it
        self.looked_ms = ticks_ms()  # when somebody last asked how far the search is
        self.tuned = None  # speed and parity of ``bus``, to go back to
        use = get("bus")
        if use in SPEEDS and buses.fitted(RS485):
            self.tuned = get("bus_baud") or SPEEDS[use], max(get("bus_parity") - 1, 0)
            self.bus = buses.Bus(RS485, *self.tuned)

    def read(self, readings):
        """Once a tick, after the scan. What fails in it is a meter that is not read, and never the end of the tick."""
        try:
            self._read(readings)
        except Exception as error:
            self.new = True
            if self.metered is not None:
                self.metered.forget(readings)
            self.mishap(METER_PART, error)

    def _read(self, readings):
        if self.finder is not None:
            now_ms = ticks_ms()
            self.finder.step(now_ms)
            if ticks_diff(now_ms, self.looked_ms) > FORSAKEN_MS:
                self._found()
        if self.metered is not None:
            self.metered.read(readings, self.finder is None or self.metered.source.client is None)
            self.new = self.metered.new or self.metered.silent() or self.told or self.dimmed != readings.dimmed
            self.told, self.dimmed = False, readings.dimmed
            self.known = self.metered.measured()

    def count(self, dt_ms, energy, limits):
        """Count what the car's own meter has counted; False: there is none, and the charger reckons it."""
        meter = self.metered
        if self.billed is None or meter is None:
            return False
        self.billed.step(dt_ms, energy, limits.lines, CAR, meter.doubts.code == meter_faults.OK)
        return True

    def age_ms(self):
        """How old the supply's currents are; 0: a clamp tells them."""
        return 0 if self.metered is None or self.margin is None else self.metered.age_ms

    def heard(self):
        """What the meter says, as numbers by name; None: there is none."""
        if self.metered is None:
            return None
        meter, source = self.metered, self.metered.source
        asked = source.client
        if asked is None:
            counts = (source.telegrams, 0, 0, source.torn)
        else:
            counts = (asked.answered, asked.refused, asked.silent, source.bus.rtu.torn)
        told = {"age_ms": meter.age_ms, "readings": meter.count, "period_ms": meter.took_ms, "phases": source.phases}
        told.update({"ma": list(meter.ma), "w": list(source.w), "mv": list(source.mv), "wh": source.wh})
        told.update({"counts": counts, "doubt": meter.doubts.code})
        return told

    def look(self, begin, charger):
        """``meter scan``: begin it, "" or why not; then (whether it is done, what was found, what answered beside it).

        "join" or "lead" in place of True: see gathering.py.
        """
        get = charger.settings.get
        if begin and begin is not True:
            return once.read("headroom.gathering").gather(self, charger, begin == "lead")
        if begin:
            if not buses.fitted(RS485):
                return "this board has no RS-485 port"
            if get("bus") not in (NONE, AS_METER):
                return "the RS-485 port is a %s's: set bus none, save" % ("group", "manager")[get("bus") - AS_GROUP]
            from headroom.sense.meters.finder import FORMATS, Finder

            if self.bus is None:
                self.bus = buses.Bus(RS485, *FORMATS[0])
            self.finder = Finder(self.bus)
            self.looked()
            return ""
        finder = self.finder
        self.looked()
        if finder is None or not finder.done:
            return finder is None, (), ()
        self._found()
        known = [each[1:] for each in finder.found]
        return True, finder.found, [each for each in finder.heard if each not in known]

    def looked(self):
        """Somebody asks how far the search is."""
        self.looked_ms = ticks_ms()

    def _found(self):
        """The search is over: the bus is again what it was."""
        self.finder = None
        if self.tuned is None or self.bus is None:
            self.bus = None
        else:
            self.bus.tune(*self.tuned)


def whole(settings):
    """All values, also those that are as in the table: one look through it costs less than one for each."""
    values = {row[0]: row[2] for row in settings.table.TABLE}
    values.update(settings.values)
    return values


def plugged(charger, before):
    """What the settings in force ask for; ``before``: what was there, and stays if nothing of it was set anew.

    What is new is whole before it takes the place of what was there: where memory is short, that stays.
    """
    get = whole(charger.settings).get
    key = [get(name) for name in NAMES]
    if before is not None:
        before.told = True
        _dwell(charger.limits, get, before)
    if before is None or before.key != key:
        ports = made(charger, get, key)
        _exchange(charger, before, ports)
        _dwell(charger.limits, get, ports)
        before = ports
    return before


def _exchange(charger, before, ports):
    """From now on this manager's limit counts, it is answered, and this meter's age has its price.

    What needs memory comes first: a manager half taken away would never be taken away again.
    """
    remote, step, margin = _places(before)
    new_remote, new_step, new_margin = _places(ports)
    service, offer = charger.service, charger.guard.offer
    limits = _exchanged(offer.more, remote, new_remote)
    parts = tuple(_exchanged(service.parts, step, new_step))
    charger.more[:] = _exchanged(charger.more, margin, new_margin)
    offer.more, service.parts = limits, parts
    if before is not None and before.metered is not None:
        before.metered.forget(charger.readings)  # what only it told nobody knows any longer


def _places(ports):
    """What of them stands among the guard's limits, among the parts of serve and among the law's ceilings; None: nothing."""
    if ports is None:
        return None, None, None
    return ports.remote, None if ports.manager is None else ports.manager.step, ports.margin


def _exchanged(all, old, new):
    """Without the one, and with the other; None: there is none."""
    found = [each for each in all if each != old]
    if new is not None:
        found.append(new)
    return found


def _dwell(limits, get, ports):
    """The offer rises when some readings in a row say so, and no sooner than is set."""
    seen_ms = 0 if ports.margin is None else SEEN_TIMES * ports.metered.source.period_ms
    limits.rise_dwell_ms = max(get("rise_dwell_ms"), seen_ms)


def made(charger, get, key):
    """The ports as they were set."""
    ports = Ports(get, key, charger.service.mishap)
    if get("meter"):
        metered(ports, get, charger.limits)
    if get("bus") == AS_MANAGER and ports.bus is not None:
        from headroom.guard.remote import Remote
        from headroom.serve.manager.server import Manager

        ports.remote = Remote(get("remote_hold_ms"), get("remote_safe_ma"))
        ports.manager = Manager(ports.bus, charger, ports, get("bus_address"))
    return ports


def metered(ports, get, limits):
    """Make the meter of the settings, on the port that it needs; none where the board has no such port."""
    from headroom.sense.meters.metered import Metered

    which, role = get("meter"), get("meter_role")
    if which in (meters.P1, meters.P1_SLOW):
        if not buses.fitted(METER):
            return
        from headroom.sense.meters.p1 import P1

        _govern(ports, Metered(limits, P1(METER, which == meters.P1_SLOW), role))
    elif get("bus") == AS_METER and buses.fitted(RS485):
        from headroom.sense.meters.poll import Poll

        row = chosen(get)
        parity = get("bus_parity") - 1 if get("bus_parity") else row.parity
        ports.tuned = get("bus_baud") or row.baud, parity
        ports.bus = buses.Bus(RS485, *ports.tuned)
        _govern(ports, Metered(limits, Poll(ports.bus, row, get("meter_address")), role))


def _govern(ports, meter):
    ports.metered = meter
    if meter.role == meters.SUPPLY:
        from headroom.law.age import Age

        ports.margin = Age(meter.limits, meter.source.period_ms + meter.source.old_ms)
    elif meter.role == meters.CAR and (meter.source.counts or meter.source.row.watts):
        from headroom.record.billed import Billed

        ports.billed = Billed(meter.source)


def chosen(get):
    """The row of the table; the generic one as it was set. The table itself is forgotten again."""
    import sys

    from headroom.sense.meters import table

    row = table.row(meters.CHOICES.split(" ")[get("meter")])
    if get("meter") == meters.GENERIC:
        form = get("generic_form")
        row.function = get("generic_function")
        row.volts = None
        row.amps = table.Place("%s%d*%d" % (table.FORMS[form], get("generic_amps"), get("generic_ma")))
        row.watts = None
        if get("generic_watts") != NO_REGISTER:
            mw, parts = get("generic_mw"), 1000
            if mw % parts == 0:
                mw, parts = mw // parts, 1
            row.watts = table.Place("%s%d*%d/%d" % (table.FORMS[form], get("generic_watts"), mw, parts))
    sys.modules.pop(table.__name__, None)
    return row
