"""Optional features: what a board or a household does not ask for is neither read from the flash nor kept in memory.

Each maker returns its feature, or None where nobody asks for it. The imports stand inside, so that `headroom flash` leaves the
module a file of its own, to be read when it is needed.
"""


def tariff(limits):
    """The cap on the mean power, law/tariff.py."""
    if not limits.cap_w:
        return None
    from headroom.law.tariff import Tariff

    return Tariff(limits)


def asymmetry(limits):
    """What one phase may carry above another, law/asymmetry.py."""
    if not limits.asymmetry_ma:
        return None
    from headroom.law.asymmetry import Asymmetry

    return Asymmetry(limits)


def dimming(limits):
    """The grid operator's contact, law/dimming.py."""
    if not limits.dimmable:
        return None
    from headroom.law.dimming import Dimming

    return Dimming(limits)


def line(limits):
    """What the line to the house bears, law/line.py."""
    if not limits.voltage:
        return None
    from headroom.law.line import Line

    return Line(limits)


LAW = (dimming, asymmetry, tariff, line)  # each a ceiling: see law/ceilings.py


def fit(makers, limits, fitted):
    """Bring the list ``fitted`` to what ``limits`` ask for, in the order of ``makers``; a feature that stays keeps its state."""
    made = {type(each): each for each in fitted}
    del fitted[:]
    for maker in makers:
        each = maker(limits)
        if each is not None:
            fitted.append(made.get(type(each), each))
