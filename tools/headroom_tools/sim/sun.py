"""Whose energy the car's is, with panels on the roof; and what one who knows the future would have made of the same sun.

The clairvoyant gives what is fed in without the car, at once, and never less than 6 A while it charges: what the sun lacks to
that it buys, as everybody must. It buys no more and closes the contactor no more often than the charger that it is measured
against did: so nobody gets more than it, and neither buying nor switching pays by itself. It may switch at the edge of each span.

It is found by prices: for any price of a bought kWh, used - price x bought is the most over that many charges (a table over
spans and charges), and adding price x the kWh that may be bought bounds what may be used. The lowest of these bounds counts:
on the frontier it is exact, between two of its corners a little too high.

What went past the car is told by where it did: no charge was under way and the sun bore less than 6 A, or bore that; the offer
was below the sun; the car was below its offer.
"""

from array import array
from dataclasses import dataclass

from headroom_tools.sim.scenario import Scenario
from headroom_tools.sim.stream import Segment

MIN_OFFER_MA = 6000
MA_MS_V_PER_KWH = 3_600_000_000_000
SPAN_MS = 30_000
MOST_SPANS = 20_000
MOST_CHARGES = 60  # more of them cost time, and no sun has so many
DEAREST = 8.0  # kWh of surplus for a bought one: beyond that nobody buys
NARROWINGS = 12
LOST = ("dim", "waiting", "offer", "car")


@dataclass(frozen=True)
class BySun:
    """Energy in kWh: of the surplus that went into the car, that was there for it, that the clairvoyant uses, bought, and lost.

    lost_kwh: as LOST names it.
    """

    used_kwh: float
    surplus_kwh: float
    clairvoyant_kwh: float
    bought_kwh: float
    lost_kwh: tuple[float, ...]

    @property
    def share(self) -> float | None:
        """Returns the share of the clairvoyant's; None where there was no surplus that it could have used."""
        return self.used_kwh / self.clairvoyant_kwh if self.clairvoyant_kwh else None


class Sun:
    """Takes a run's segments; ``score`` at the end."""

    def __init__(self, scenario: Scenario) -> None:
        """Nothing yet."""
        self.scenario = scenario
        self.used = self.bought = 0  # mA x ms on all phases
        self.lost = dict.fromkeys(LOST, 0)
        self.span_ms = max(SPAN_MS, scenario.duration_ms // MOST_SPANS)
        spans = scenario.duration_ms // self.span_ms + 1
        self.may_use = array("d", bytes(8 * spans))  # in each span, of one who charges all through it
        self.must_buy = array("d", bytes(8 * spans))

    def take(self, now: Segment, drawn_ma: int, plugged_ms: int) -> None:
        """drawn_ma: what the car draws on all of its phases; plugged_ms: how long of it the car is there."""
        scenario = self.scenario
        surplus_ma = scenario.surplus_ma(now.house_ma)
        used_ma = min(drawn_ma, self._drawn_ma(max(surplus_ma, 0)))
        self.used += used_ma * (now.to_ms - now.from_ms)
        self.bought += (drawn_ma - used_ma) * (now.to_ms - now.from_ms)
        free_ma = min(scenario.car_ma, scenario.free_ma(now.house_ma))
        if not plugged_ms or free_ma < MIN_OFFER_MA:
            return
        may_use_ma = self._drawn_ma(max(min(surplus_ma, free_ma), 0))
        must_buy_ma = max(self._drawn_ma(MIN_OFFER_MA) - may_use_ma, 0)
        self._lose(now, may_use_ma, used_ma, plugged_ms)
        part = plugged_ms / (now.to_ms - now.from_ms)
        at_ms = now.from_ms
        while at_ms < now.to_ms:
            place = at_ms // self.span_ms
            until_ms = min((place + 1) * self.span_ms, now.to_ms)
            self.may_use[place] += may_use_ma * (until_ms - at_ms) * part
            self.must_buy[place] += must_buy_ma * (until_ms - at_ms) * part
            at_ms = until_ms

    def _lose(self, now: Segment, may_use_ma: int, used_ma: int, plugged_ms: int) -> None:
        lost_ma = max(may_use_ma - used_ma, 0)
        if not now.closed:
            self.lost["dim" if may_use_ma < self._drawn_ma(MIN_OFFER_MA) else "waiting"] += lost_ma * plugged_ms
            return
        late_ma = min(max(may_use_ma - self._drawn_ma(now.offered_ma), 0), lost_ma)
        self.lost["offer"] += late_ma * plugged_ms
        self.lost["car"] += (lost_ma - late_ma) * plugged_ms

    def _drawn_ma(self, ma: int) -> int:
        return self.scenario.energy_ma(self.scenario.given_to(ma))

    def score(self, need: int | None, charges: int) -> BySun:
        """need: mA x ms until the car is full; charges: how often the contactor closed."""
        possible = most_used(self.may_use, self.must_buy, self.bought, charges)
        surplus = sum(self.may_use)
        if need is not None:
            possible, surplus = min(possible, need), min(surplus, need)
        volts = self.scenario.volts
        each_kwh = (each * volts / MA_MS_V_PER_KWH for each in (self.used, surplus, possible, self.bought))
        used_kwh, surplus_kwh, possible_kwh, bought_kwh = each_kwh
        lost_kwh = tuple(self.lost[where] * volts / MA_MS_V_PER_KWH for where in LOST)
        return BySun(used_kwh, surplus_kwh, possible_kwh, bought_kwh, lost_kwh)


def most_used(may_use: "array[float]", must_buy: "array[float]", bought: float, charges: int) -> float:
    """Returns the most that can be used with so much bought in so many charges, or a little more than that."""
    spans = [pair for pair in zip(may_use, must_buy, strict=True) if pair != (0, 0)]
    charges = min(charges, MOST_CHARGES)

    def bound(price: float) -> float:
        return dearest(spans, price, charges) + price * bought

    low, high = 0.0, DEAREST
    for _ in range(NARROWINGS):
        lower, upper = low + (high - low) * 0.4, low + (high - low) * 0.6
        if bound(lower) <= bound(upper):
            high = upper
        else:
            low = lower
    return min(bound(low), bound(high), bound(0.0))


def dearest(spans: list[tuple[float, float]], price: float, charges: int) -> float:
    """Returns the most of used - price x bought in at most so many charges; in each span one charges, or does not."""
    waits = [0.0] * (charges + 1)  # the most so far, after so many charges, with none under way
    goes = [float("-inf")] * (charges + 1)  # ... and with the last of them under way
    for used, bought in spans:
        worth = used - price * bought
        for number in range(charges, 0, -1):
            goes[number] = max(goes[number], waits[number - 1]) + worth
            waits[number] = max(waits[number], goes[number])
    return max(waits)
