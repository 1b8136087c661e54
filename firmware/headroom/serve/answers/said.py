"""What `why` says of the ceilings that only some boards and households have: read once one of them is asked for (features.py)."""

from headroom.serve import words
from headroom.terms import reasons


def slow(ma, min_ma):
    """Of what is offered under mode slow."""
    if ma > min_ma:
        return "mode slow: the car took nothing at less, so it is offered %(value)s"
    return "mode slow: the car's minimum, %(bound)s"


def asymmetry(ma, bound_ma):
    """Of phases that differ."""
    if ma == bound_ma:
        return "one phase may carry %(bound)s more than another"
    return "%(line)s carries %(value)s more than another phase, %(bound)s allowed"


SAYS = {
    reasons.SLOW: slow,
    reasons.ASYMMETRY: asymmetry,
    reasons.TARIFF: "the tariff's mean of %(n)d W leaves %(value)s for all phases together",
    reasons.DIMMED: "dimmed by the grid operator to %(n)d W: %(value)s on each phase",
    reasons.VOLTAGE: "the line gives %(count)d V under this load, the least is %(n)d V: what it bears is the car's",
    reasons.TOTAL: "all phases carry %(count)d W of %(n)d W",
    reasons.SUN: "by sun: %(value)s of surplus on each phase",
    reasons.SHADE: "by sun, through a cloud: %(value)s of surplus",
    reasons.NO_SUN: "no sun: %(value)s of surplus, a charge begins with %(bound)s",
    reasons.GENTLE: "a gentle rise, %(n)d mA a second",
}


def tell():
    """From now on words.because knows them."""
    words.MORE.update(SAYS)
