"""The offer's hard limits: cable, board, circuit, temperature, a car without S2; and how often it may change.

Whatever the law proposes passes through here. Everything is rounded down.
"""

from headroom.guard import pilot, proximity
from headroom.terms import reasons
from headroom.terms.standard import FOLLOW_MS

SIMPLIFIED_MA = 10000  # a car without S2 may draw 10 A at most: IEC 61851-1 A.2.3
SETTLE_MS = FOLLOW_MS  # upward again only when the car has followed ...
UNLEASED_MA = 1 << 29  # in no group
TAKE_BACK_MS = 1000  # ... but a cut so young may be taken back, once: an inrush, over before the car has moved


def derated_ma(limits, temperature_c):
    """The charger's rating up to ``temperature_derate_c``; from there a straight line to 6 A at the stop.

    Not to the household's minimum: one as high as the rating would leave no line. What falls below that, pauses.
    """
    over_c = temperature_c - limits.temperature_derate_c
    if over_c <= 0:
        return limits.charger_ma
    span_c = limits.temperature_stop_c - limits.temperature_derate_c
    if over_c >= span_c:
        return pilot.MIN_OFFER_MA
    return pilot.MIN_OFFER_MA + (limits.charger_ma - pilot.MIN_OFFER_MA) * (span_c - over_c) // span_c


class Offer:
    """``step`` bounds a proposal; ``limit_ma`` is the lowest limit and ``reason`` the one that set it."""

    def __init__(self, limits):
        self.limits = limits
        self.limit_ma = 0
        self.reason = reasons.CEILING
        self.more = []  # ceilings that not every household has: each lowers the limit by ``lower``
        self.retry_ma = 1 << 29  # what is tried after something did not hold, see retry.py
        self.leased_ma = UNLEASED_MA  # what the group leaves, see lease.py ...
        self.lease_reason = reasons.LEASED  # ... and why
        self.settled_ms = SETTLE_MS  # since the offer on the pilot last changed
        self.before_ma = 0  # the settled offer that the cuts since then began with; 0: there is none to go back to

    def step(self, dt_ms, proposal_ma, trusted_ma, in_force_ma, readings, simplified):
        """Returns what may be offered instead of ``in_force_ma``: 0, or a current that the pilot has a code for.

        ``trusted_ma``: what the meter's word is worth, see meter_fallback.py.
        """
        limits = self.limits
        if self.settled_ms < SETTLE_MS:
            self.settled_ms += dt_ms
        self.limit_ma = limits.charger_ma
        self.reason = reasons.CEILING
        self.lower(trusted_ma, reasons.DOUBT)
        self.lower(self.retry_ma, reasons.RETRY)
        self.lower(self.leased_ma, self.lease_reason)
        if readings.temperature_c > limits.temperature_derate_c:
            self.lower(derated_ma(limits, readings.temperature_c), reasons.DERATED)
        if limits.socket:
            self.lower(max(proximity.cable_ma(readings.proximity_ohm), 0), reasons.CABLE)
        if simplified:
            self.lower(SIMPLIFIED_MA, reasons.SIMPLIFIED)
        for each in self.more:
            each.bound(dt_ms, self)
        offer_ma = proposal_ma
        if offer_ma > self.limit_ma:
            offer_ma = self.limit_ma
        if offer_ma < limits.min_ma:
            return 0
        if offer_ma == in_force_ma:
            return offer_ma
        takes_back = offer_ma <= self.before_ma and self.settled_ms <= TAKE_BACK_MS
        if in_force_ma and offer_ma > in_force_ma and self.settled_ms < SETTLE_MS and not takes_back:
            return max(in_force_ma, limits.min_ma)  # a minimum that was raised meanwhile does not wait
        return pilot.codable_ma(offer_ma)

    def leased(self, lease, uses):
        """In a group: what its lease leaves to a car on the phases ``uses``."""
        self.leased_ma = lease.offer_ma(uses, self.limits.min_ma)
        if lease.left_ms and not lease.alone:
            self.lease_reason = reasons.LEASED if self.leased_ma else reasons.TURN
        else:
            self.lease_reason = reasons.ALONE

    def changed(self, from_ma, to_ma):
        """The offer on the pilot is another one."""
        if to_ma == 0 or to_ma > from_ma:
            self.before_ma = 0
        elif self.settled_ms >= SETTLE_MS:
            self.before_ma = from_ma
        elif self.settled_ms > TAKE_BACK_MS:
            self.before_ma = 0
        self.settled_ms = 0

    def lower(self, ma, reason):
        """One ceiling."""
        if ma < self.limit_ma:
            self.limit_ma = ma
            self.reason = reason
