"""The settings come into force: ratings, and optional features.

What a board or a household does not ask for is neither read from the flash nor kept in memory: the imports stand inside, so that
`headroom flash` leaves each module a file of its own, to be read when it is needed. So is this one, each time: nobody keeps it.
"""

from headroom import once
from headroom.monitor.breaker import ALIKE

HOUSEHOLD_MAX_MA = 80000  # beyond any charger: no ceiling


def rate(limits, settings, boosted):
    """What everybody has of the settings into the limits, never above the board's own ratings."""
    values, most = settings.values, settings.ceilings
    wiring = once.read("headroom.terms.wiring")
    lines = wiring.lines(values["wiring"], min(values["phases"], most["phases"]))
    all_lines, wired = wiring.all_of(lines), wiring.mask(lines)
    group_ma = settings.get("group_ma") if values.get("group_no") else 0
    # from here on nothing wants memory: all of it comes into force, or nothing
    limits.lines = all_lines
    limits.wires = len(lines)
    limits.wired = wired
    limits.between = values["wiring"] >= wiring.BETWEEN
    limits.breaker_ma = min(values["breaker_ma"], most["breaker_ma"])
    limits.charger_ma = min(values["charger_ma"], most["charger_ma"])
    limits.tolerance_pct = values["tolerance_pct"]
    limits.household_ma = HOUSEHOLD_MAX_MA if boosted else values["household_ma"]
    limits.dim_w = values["dim_w"]
    limits.import_ma = values["import_ma"]
    limits.breaker_curve = values["breaker_curve"]
    limits.mains_v = values["mains_v"]
    limits.mains_low_mv = limits.mains_v * 900
    limits.mains_high_mv = limits.mains_v * 1100
    limits.hz = values["hz"]
    limits.min_ma = values["min_ma"]
    limits.rise_dwell_ms = values["rise_dwell_ms"]
    limits.resume_dwell_ms = values["resume_dwell_ms"]
    limits.exports = bool(values["exports"])
    limits.idle_ma = 0 if limits.exports else values["idle_ma"]  # what is fed in may cancel what is drawn
    limits.trust_hold_ms = values["trust_hold_ms"]
    limits.trust_safe_ma = values["trust_safe_ma"]
    limits.trust_pause_ms = values["trust_pause_ms"]
    limits.trust_back_ms = values["trust_back_ms"]
    limits.group_ma = group_ma


def asked(limits):
    """The classes of the law's features that these limits ask for, in order: each a ceiling, see law/ceilings.py."""
    kinds: list = []
    if limits.slow:  # no more than the car needs
        from headroom.law.slow import Slow

        kinds.append(Slow)
    if limits.solar:  # what the panels would feed in
        from headroom.law.solar import Solar
        from headroom.monitor.clouds import Clouds

        kinds.append(Solar)
        limits.clouds = Clouds()
    if limits.dimmable:  # the grid operator's contact
        from headroom.law.dimming import Dimming

        kinds.append(Dimming)
    if limits.asymmetry_ma:  # what one phase may carry above another
        from headroom.law.asymmetry import Asymmetry

        kinds.append(Asymmetry)
    if limits.cap:  # the cap on the mean power
        from headroom.law.tariff import Tariff

        kinds.append(Tariff)
    if limits.voltage:  # what the line to the house bears
        from headroom.law.line import Line

        kinds.append(Line)
    if limits.total:  # the power of the whole connection
        from headroom.law.total import Total

        kinds.append(Total)
    if limits.rise_ma_s:  # how fast the offer may rise
        from headroom.law.gentle import Gentle

        kinds.append(Gentle)
    return kinds


def kept_s(standard_s, now_s):
    """The time through a reset, act/kept_time.py: where it was told."""
    from headroom.act import starts
    from headroom.act.kept_time import through

    lost = starts.cause == starts.PWRON_RESET or starts.cause == starts.BROWN_OUT
    return through(starts.RTC().memory, standard_s, now_s, lost)


def bring(limits, get, boosted, month):
    """Settings that few households have into the limits; ``get``: of the values in force, what is not there is as in the table.

    What is not asked for is None, and costs no memory. A boost leaves the sun out; ``month``: serve/month.py, where one is kept.
    """
    own_ma = (get("breaker_l1_ma", 0), get("breaker_l2_ma", 0), get("breaker_l3_ma", 0))
    limits.own_ma = own_ma if any(own_ma) else ALIKE
    limits.cap = None
    if get("cap_w"):
        limits.cap = (get("cap_w"), get("cap_s"), month.peak if month is not None and get("cap_month") else None)
    limits.asymmetry_ma = get("asymmetry_ma")
    limits.total = None
    limits.slow = bool(get("mode")) and not boosted
    limits.solar = limits.clouds = None
    if get("solar", 0) and get("exports") and not boosted:
        limits.solar = (get("solar", 0), get("solar_sum", 0), get("solar_hold_ms", 600000))
    if get("total_w", 0) or get("night_w", 0):
        limits.total = (get("total_w", 0), get("night_w", 0), get("night_from_h", 0), get("night_to_h", 8))
    limits.rise_ma_s = get("rise_ma_s", 0)


def made(limits, fitted):
    """What ``limits`` ask for; what of it is ``fitted`` keeps its state."""
    there = {type(each): each for each in fitted}
    return [there.get(kind) or kind(limits) for kind in asked(limits)]


def fit(limits, fitted):
    """Bring the list ``fitted`` to what ``limits`` ask for: at once, so where memory is short for one, all stays as it was."""
    fitted[:] = made(limits, fitted)


def follow(limits, fitted, settings, service, margin):
    """The settings come into force: see ``rate`` and ``bring``; and `why` gets the words for what is fitted now.

    The household's wishes by the clock, which ``service`` keeps, come after all of them, and then ``margin``, the price of a
    meter's age. All or, where memory is too short for any of it, nothing: what is fitted never meets limits that are not its own.
    """
    boosted = service.boost.on()
    rate(limits, settings, boosted)
    before = limits.own_ma, limits.cap, limits.asymmetry_ma, limits.total, limits.slow, limits.solar, limits.clouds
    rise_ma_s = limits.rise_ma_s
    try:
        bring(limits, settings.values.get, boosted, service.month)
        anew = made(limits, fitted)
        if anew:
            once.read("headroom.serve.answers.said").tell()
        if service.wishes is not None:
            anew.append(service.wishes.wishes)
        if margin is not None:
            anew.append(margin)
        fitted[:] = anew
    except Exception as error:
        limits.own_ma, limits.cap, limits.asymmetry_ma, limits.total, limits.slow, limits.solar, limits.clouds = before
        limits.rise_ma_s = rise_ma_s
        raise error  # a bare one has no native form, and the bench is compiled
