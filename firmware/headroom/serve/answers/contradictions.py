"""Settings that cannot all be meant: told at once, with which two disagree; a pure function over the values."""

from headroom.monitor.breaker import CURVES
from headroom.serve.words import phases_named
from headroom.terms import meters, wiring

LEAST_RISE_MA_S = 50  # a step is what five seconds allow, and one below 0.1 A is none
AS_GROUP = 2  # setting bus
BASE_MA = 1500  # what a house draws with nobody at home; a cap below that can never be kept by the car

SPEEDS = (2400, 4800, 9600, 19200, 38400, 57600, 115200)
GROUP_BAUD = 19200  # an answer comes before its leader asks the next: leader.py, TIMEOUT_MS
ON_BUS, FOR_MANAGER = 1, 3  # of setting bus
BY_WINDOW = 3  # of setting solar
NO_REGISTER, GENERIC_APART = 65535, 34  # sense/meters/table.py: 40 in one request, less a quantity on three phases
ONE_PHASE = (1, 2, 5, 10)  # of terms/meters.py
# (settings that count only where another is set: that one, its choice or 0 for any, as it is typed)
BESIDE = (
    ("night_from_h night_to_h", "night_w", 0, ""),
    ("cap_s", "cap_w", 0, ""),
    ("solar_sum solar_hold_ms", "solar", 0, ""),
    ("summer_begins summer_ends", "summer_min", 0, ""),
    ("bus_baud bus_parity", "bus", 0, ""),
    ("bus_address remote_hold_ms remote_safe_ma", "bus", FOR_MANAGER, " manager"),
    ("meter_role meter_address", "meter", 0, ""),
    (
        "generic_function generic_form generic_amps generic_ma generic_watts generic_mw",
        "meter",
        meters.GENERIC,
        " generic",
    ),
    ("group_size group_ma group_safe_ma group_clamps group_share group_priority", "group_no", 0, ""),
)


def amps(ma):
    """``12345`` -> ``12.3 A``, ``12000`` -> ``12 A``."""
    if ma % 1000 == 0:
        return "%d A" % (ma // 1000)
    return "%d.%d A" % (ma // 1000, ma % 1000 // 100)


def contradictions(values):
    """A list of sentences, empty when ``values`` (name: number) agree; a name that is missing contradicts nothing."""
    found = []
    get = values.get
    min_ma = get("min_ma", 6000)
    for name in ("breaker_ma", "charger_ma", "household_ma", "asymmetry_ma", "import_ma"):
        ceiling_ma = get(name)
        if ceiling_ma and ceiling_ma < min_ma:
            found.append(
                "%s %s is below min_ma %s: the car could never charge" % (name, amps(ceiling_ma), amps(min_ma))
            )
    found += _connection(get, min_ma)
    if get("import_ma", 0) > get("breaker_ma", 125000):
        found.append("import_ma %s is above breaker_ma: it would limit nothing" % amps(get("import_ma")))
    found += _wiring(get("phases", 1), get("wiring", wiring.STRAIGHT))
    if get("cap_s", 900) not in (900, 1800, 3600):
        found.append("cap_s %d: tariffs take the average over 900, 1800 or 3600 s" % get("cap_s"))
    tolerance = get("tolerance_pct", 0)
    bears = CURVES[get("breaker_curve", 0)][0] // 10 - 100
    if tolerance > bears:
        found.append("tolerance_pct %d is beyond what the breaker_curve bears, %d" % (tolerance, bears))
    found += _ports(get)
    if get("resume_dwell_ms", 59000) < get("rise_dwell_ms", 2000):
        found.append("resume_dwell_ms is shorter than rise_dwell_ms: a pause would end sooner than a rise begins")
    if get("hz", 50) not in (50, 60):
        found.append("hz %d: mains have 50 or 60" % get("hz"))
    if get("zone_min", 0) % 15:
        found.append(
            "zone_min %d min is no zone: they are quarters of an hour, 60 or 1h in Central Europe" % get("zone_min")
        )
    found += _summer(get("summer_min", 0), get("summer_begins", 0), get("summer_ends", 0))
    cap_w = get("cap_w", 0)
    if cap_w:
        cap_ma = cap_w * 1000 // get("mains_v", 230)
        if cap_ma < BASE_MA:
            found.append("cap_w %d W is less than a house draws by itself: nothing would be left for the car" % cap_w)
        elif cap_ma - BASE_MA < min_ma * get("phases", 1) and not get("cap_month"):  # a house's peak may leave more
            found.append(
                "cap_w %d W leaves %s beside the house, min_ma and phases need %s"
                % (cap_w, amps(cap_ma - BASE_MA), amps(min_ma * get("phases", 1)))
            )
    elif get("cap_month"):
        found.append("cap_month needs cap_w: the floor that is paid for anyway, 2500 in Flanders")
    if get("group_no"):
        found += _group(get)
    return found


def _group(get):
    """Of a charger in a group: whatever happens to the bus, the safe shares must fit the circuit."""
    found = []
    size, ma, safe_ma = get("group_size", 2), get("group_ma", 6000), get("group_safe_ma", 0)
    if get("group_no") > size:
        found.append("group_no %d is beyond group_size %d: they are numbered from 1" % (get("group_no"), size))
    if size * safe_ma > ma:
        found.append(
            "group_safe_ma %s for %d chargers is %s, group_ma is %s: with a broken bus that would be too much"
            % (amps(safe_ma), size, amps(size * safe_ma), amps(ma))
        )
    if get("bus", 0) != AS_GROUP:
        found.append("group_no %d needs the bus: set bus group" % get("group_no"))
    if 0 < get("bus_baud", 0) < GROUP_BAUD:
        found.append("bus_baud %d is too slow for a group: %d at least, on all" % (get("bus_baud"), GROUP_BAUD))
    if 0 < safe_ma < get("min_ma", 6000):
        found.append("group_safe_ma %s is below min_ma: set 0, which pauses, or min_ma at least" % amps(safe_ma))
    for phase in (1, 2, 3):
        own_ma = get("breaker_l%d_ma" % phase, 0)
        if 0 < own_ma < size * safe_ma and not get("group_clamps"):
            told = (amps(safe_ma), size, amps(size * safe_ma), phase, amps(own_ma))
            found.append("group_safe_ma %s for %d chargers is %s, breaker_l%d_ma is %s" % told)
    for name in ("cap_w", "asymmetry_ma"):
        if get(name):
            found.append("%s: in a group only this charger's own car would keep it: set %s 0" % (name, name))
    if ma > get("breaker_ma", 125000) and not get("group_clamps"):
        found.append("group_ma %s is above breaker_ma: it would limit nothing" % amps(ma))
    return found


def _connection(get, min_ma):
    """The same of what the connection is made of."""
    found = []
    lines = wiring.lines(get("wiring", wiring.STRAIGHT), get("phases", 1))
    for name in ("breaker_l1_ma", "breaker_l2_ma", "breaker_l3_ma"):
        own_ma = get(name, 0)
        if own_ma > get("breaker_ma", 125000):
            found.append("%s %s is above breaker_ma: it would limit nothing" % (name, amps(own_ma)))
        elif 0 < own_ma < min_ma:
            found.append("%s %s is below min_ma %s: the car could never charge" % (name, amps(own_ma), amps(min_ma)))
        if own_ma and not get("group_no") and not wiring.mask(lines) >> (int(name[9]) - 1) & 1:
            told = (name, amps(own_ma), name[9])
            found.append(
                "%s %s: the charger is not wired to L%s, so it would limit nothing: set it 0, or phases or wiring"
                % told
            )
    least_w = min_ma * get("phases", 1) * get("mains_v", 230) // 1000
    for name in ("total_w", "night_w"):
        if 0 < get(name, 0) < least_w:
            found.append("%s %d W is below what min_ma and phases need, %d W" % (name, get(name), least_w))
    if get("night_w", 0) and get("night_from_h", 0) == get("night_to_h", 8):
        found.append("night_w: the night ends when it begins: set night_from_h or night_to_h")
    if 0 < get("rise_ma_s", 0) < LEAST_RISE_MA_S:
        found.append("rise_ma_s %d: slower than %d it never rises; 0 for none" % (get("rise_ma_s"), LEAST_RISE_MA_S))
    if get("solar", 0) and not get("exports", 0):
        found.append("solar needs exports yes: until then what flows out is a clamp on backwards")
    return found


def is_sunday(code):
    """Whether a number says month, which Sunday, and hour, as terms/summer.py reads it."""
    return 1 <= code // 1000 <= 12 and 1 <= code // 100 % 10 <= 5 and code % 100 <= 23


def _summer(minutes, begins, ends):
    wrong = [
        "%s %d is no Sunday: month, which of it (5: the last), hour, like 3502" % (name, code)
        for name, code in (("summer_begins", begins), ("summer_ends", ends))
        if code and not is_sunday(code)
    ]
    if wrong:
        return wrong
    if minutes and not (begins and ends):
        return ["summer_min %d: set summer_begins and summer_ends, too, like 3502 and 10502" % minutes]
    if minutes and begins // 1000 == ends // 1000:
        return ["summer_begins and summer_ends are in the same month"]
    return []


def _ports(get):
    """Of what is wired to the serial ports."""
    found = []
    bus, meter, baud = get("bus", 0), get("meter", 0), get("bus_baud", 0)
    if baud and baud not in SPEEDS:
        found.append("bus_baud %d: it is one of %s" % (baud, ", ".join([str(speed) for speed in SPEEDS])))
    if bus == ON_BUS and meter in (meters.NONE, meters.P1, meters.P1_SLOW):
        found.append("bus is meter, and no meter is set that is read there: set meter sdm630, or set bus none")
    if bus != ON_BUS and meter not in (meters.NONE, meters.P1, meters.P1_SLOW):
        found.append("meter %s is read on the RS-485 port: set bus meter" % meters.CHOICES.split(" ")[meter])
    if meter and get("meter_role", 0) == meters.SUPPLY and meter in ONE_PHASE and get("phases", 1) > 1:
        text = "meter %s sees one phase, phases says %d: the others would not be measured"
        found.append(text % (meters.CHOICES.split(" ")[meter], get("phases")))
    apart = abs(get("generic_watts", 12) - get("generic_amps", 6))
    if meter == meters.GENERIC and get("generic_watts", 12) != NO_REGISTER and apart > GENERIC_APART:
        text = "generic_watts is %d registers from generic_amps: one request holds both up to %d; 65535 for none"
        found.append(text % (apart, GENERIC_APART))
    if bus == FOR_MANAGER and 0 < get("remote_safe_ma", 6000) < get("min_ma", 6000):
        found.append(
            "remote_safe_ma %s is below min_ma: set 0, which pauses, or min_ma" % amps(get("remote_safe_ma", 6000))
        )
    return found


def _wiring(phases, choice):
    if choice == wiring.STRAIGHT:
        return ["phases 2: which two? set wiring l1l2, or another pair; a charger on one has phases 1"] * (phases == 2)
    wires = 1 if choice >= wiring.BETWEEN else len(wiring.lines(choice, phases))
    if wires == phases:
        return []
    return [
        "wiring %s has %d, phases says %d: set phases %d" % (wiring.CHOICES.split(" ")[choice], wires, phases, wires)
    ]


def cautions(values):
    """What may be meant, and has a consequence that nobody would guess, in sentences; a missing name has its usual value."""
    get = values.get
    min_ma, safe_ma = get("min_ma", 6000), get("trust_safe_ma", 6000)
    if 0 < safe_ma < min_ma:
        text = (
            "min_ma %s is above trust_safe_ma %s: in doubt the car pauses, and where nothing else draws it never starts"
        )
        return [text % (amps(min_ma), amps(safe_ma))]
    if safe_ma > min_ma:
        text = (
            "trust_safe_ma %s is above min_ma %s: in doubt it is offered for %d s, whatever the house draws beside it"
        )
        return [text % (amps(safe_ma), amps(min_ma), get("trust_pause_ms", 60000) // 1000)]
    return []


def idle(name, values):
    """Why a setting has no effect beside the others, in a sentence; empty when it has."""
    get = values.get
    if name == "idle_ma" and get("exports", 0):
        return "idle_ma counts only with exports no: what is fed in may cancel what is drawn"
    if name == "solar" and get(name, 0) == BY_WINDOW:
        return "solar window counts where a timetable leaves less: timetable 23:30-05:30 32A, then timetable else 0"
    for names, other, choice, word in BESIDE:
        value = get(other, 0)
        if name in names.split(" ") and (value != choice if choice else not value):
            return "%s counts once this is set: %s%s" % (name, other, word)
    return ""


def unguarded(values, clamps):
    """What a wiring leaves out, in a sentence; empty when it is all of the phases that have clamps."""
    wired = wiring.mask(wiring.lines(values.get("wiring", wiring.STRAIGHT), min(values.get("phases", 1), clamps)))
    left = ((1 << clamps) - 1) & ~wired
    if not left:
        return ""
    text = "not wired then: %s; there a car needs no room to start and a clamp's doubts are not told; an overload is still cut"
    return text % phases_named(left)
