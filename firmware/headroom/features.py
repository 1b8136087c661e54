"""Optional features: what a board or a household does not ask for is neither read from the flash nor kept in memory.

Each chooser returns the feature's class, or None where nobody asks for it. The imports stand inside, so that `headroom flash`
leaves the module a file of its own, to be read when it is needed.
"""


def tariff(limits):
    """The cap on the mean power, law/tariff.py."""
    if not limits.cap_w:
        return None
    from headroom.law.tariff import Tariff

    return Tariff


def asymmetry(limits):
    """What one phase may carry above another, law/asymmetry.py."""
    if not limits.asymmetry_ma:
        return None
    from headroom.law.asymmetry import Asymmetry

    return Asymmetry


def dimming(limits):
    """The grid operator's contact, law/dimming.py."""
    if not limits.dimmable:
        return None
    from headroom.law.dimming import Dimming

    return Dimming


def line(limits):
    """What the line to the house bears, law/line.py."""
    if not limits.voltage:
        return None
    from headroom.law.line import Line

    return Line


def total(limits):
    """The power of the whole connection, law/total.py."""
    if not (limits.total[0] or limits.total[1]):
        return None
    from headroom.law.total import Total

    return Total


def gentle(limits):
    """How fast the offer may rise, law/gentle.py."""
    if not limits.rise_ma_s:
        return None
    from headroom.law.gentle import Gentle

    return Gentle


def solar(limits):
    """What the panels would feed in, law/solar.py."""
    if not (limits.solar[0] and limits.exports):
        return None
    from headroom.law.solar import Solar

    return Solar


def through_resets():
    """The time through a reset, act/kept_time.py: where it was told."""
    from headroom.act.kept_time import through

    return through


LAW = (solar, dimming, asymmetry, tariff, line, total, gentle)  # each a ceiling: see law/ceilings.py


def fit(choosers, limits, fitted):
    """Bring the list ``fitted`` to what ``limits`` ask for, in the order of ``choosers``; one that stays keeps its state."""
    made = {type(each): each for each in fitted}
    found = []
    for chooser in choosers:
        kind = chooser(limits)
        if kind is not None:
            found.append(made.get(kind) or kind(limits))
    fitted[:] = found  # at once: where memory is too short for one of them, what was fitted stays
