"""Optional features: what a board or a household does not ask for is neither read from the flash nor kept in memory.

The imports stand inside, so that `headroom flash` leaves each module a file of its own, to be read when it is needed.
"""


def asked(limits):
    """The classes of the law's features that these limits ask for, in order: each a ceiling, see law/ceilings.py."""
    kinds: list = []
    if limits.slow:  # no more than the car needs
        from headroom.law.slow import Slow

        kinds.append(Slow)
    if limits.solar[0] and limits.exports:  # what the panels would feed in
        from headroom.law.solar import Solar

        kinds.append(Solar)
    if limits.dimmable:  # the grid operator's contact
        from headroom.law.dimming import Dimming

        kinds.append(Dimming)
    if limits.asymmetry_ma:  # what one phase may carry above another
        from headroom.law.asymmetry import Asymmetry

        kinds.append(Asymmetry)
    if limits.cap_w:  # the cap on the mean power
        from headroom.law.tariff import Tariff

        kinds.append(Tariff)
    if limits.voltage:  # what the line to the house bears
        from headroom.law.line import Line

        kinds.append(Line)
    if limits.total[0] or limits.total[1]:  # the power of the whole connection
        from headroom.law.total import Total

        kinds.append(Total)
    if limits.rise_ma_s:  # how fast the offer may rise
        from headroom.law.gentle import Gentle

        kinds.append(Gentle)
    return kinds


def through_resets():
    """The time through a reset, act/kept_time.py: where it was told."""
    from headroom.act.kept_time import through

    return through


def fit(limits, fitted):
    """Bring the list ``fitted`` to what ``limits`` ask for; one that stays keeps its state."""
    made = {type(each): each for each in fitted}
    # at once: where memory is too short for one of them, what was fitted stays
    fitted[:] = [made.get(kind) or kind(limits) for kind in asked(limits)]
