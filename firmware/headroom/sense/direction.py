"""Which way a current flows: power says it, for a current's magnitude does not."""

from headroom.sense import kernel


def signed_ma(ma, flowing_w, mv):
    """A phase's current with its direction: as it is where power comes in, else the active export less what is reactive.

    So a car that adds ``x`` mA in phase leaves the wire at this plus ``x``, or below.
    """
    if flowing_w >= 0:
        return ma
    active_ma = min(-flowing_w * 10000 // (mv // 100), ma)
    whole, active = ma >> 4, active_ma >> 4  # squares stay small
    return (kernel.root(whole * whole - active * active) << 4) - active_ma
