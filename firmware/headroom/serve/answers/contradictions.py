"""Settings that cannot all be meant: told at once, with which two disagree; a pure function over the values."""

from headroom.monitor.breaker import CURVES

BASE_MA = 1500  # what a house draws with nobody at home; a cap below that can never be kept by the car


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
    tolerance = get("tolerance_pct", 0)
    bears = CURVES[get("breaker_curve", 0)][0] // 10 - 100
    if tolerance > bears:
        found.append("tolerance_pct %d is beyond what the breaker_curve bears, %d" % (tolerance, bears))
    if get("resume_dwell_ms", 59000) < get("rise_dwell_ms", 2000):
        found.append("resume_dwell_ms is shorter than rise_dwell_ms: a pause would end sooner than a rise begins")
    if get("hz", 50) not in (50, 60):
        found.append("hz %d: mains have 50 or 60" % get("hz"))
    cap_w = get("cap_w", 0)
    if cap_w:
        cap_ma = cap_w * 1000 // get("mains_v", 230)
        if cap_ma < BASE_MA:
            found.append("cap_w %d W is less than a house draws by itself: nothing would be left for the car" % cap_w)
        elif cap_ma - BASE_MA < min_ma * get("phases", 1):
            found.append(
                "cap_w %d W leaves %s beside the house, min_ma and phases need %s"
                % (cap_w, amps(cap_ma - BASE_MA), amps(min_ma * get("phases", 1)))
            )
    return found
