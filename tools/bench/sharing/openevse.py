"""OpenEVSE's load sharing: equal shares with minimums, turns of half an hour where these do not fit.

Read: src/loadsharing_algorithm.cpp (computeAllocations, applyLoadSharingDemandCap). The budget is a number that the installer
sets: what the house draws is not in it, nor is any phase.
"""

from bench.sessions import MIN_MA
from bench.sharing.law import Law

PERIOD_MS = 2000  # of the controller
LATENCY_MS = 500  # assumed: of what a peer says over the network
ROTATION_MS = 1800000
MARGIN_MA = 250  # kDemandDetectMarginA, kDemandRecoveryMarginA
PROBE = 6  # kDemandProbeInterval
HOLD_OFF = 6  # kDemandOfferIncreaseHoldoff
SHARED_MA = 10  # what is left below this is not shared out


class Demand:
    """What one car takes of its offer (LoadSharingDemandState)."""

    def __init__(self):
        self.was_charging = False
        self.last_offer_ma = self.hold_off = 0
        self.forget()

    def forget(self):
        """Back to nothing known."""
        self.active = False
        self.cap_ma = self.probe = self.probed_ma = self.hold_off = 0

    def most_ma(self, most_ma, drawn_ma, offer_ma, charging):
        """The most it is reckoned to take."""
        if charging != self.was_charging:
            self.forget()
        self.was_charging = charging
        if not charging:
            self.last_offer_ma = 0
            return most_ma
        if self.last_offer_ma and offer_ma > self.last_offer_ma + 500:
            self.hold_off = HOLD_OFF
        self.last_offer_ma = offer_ma
        if self.hold_off:
            self.hold_off -= 1
        elif offer_ma > MIN_MA and 0 < drawn_ma < offer_ma - MARGIN_MA:
            self.cap_ma = min(self.cap_ma, drawn_ma) if self.active else drawn_ma
            self.active = True
            self.probe = 0
            self.probed_ma = drawn_ma
        if not self.active:
            return most_ma
        self.probe += 1
        rises = drawn_ma >= self.cap_ma + MARGIN_MA
        if self.probe >= PROBE:
            self.probe = 0
            rises = rises or drawn_ma > self.probed_ma + MARGIN_MA
            self.probed_ma = drawn_ma
        if rises:
            self.forget()
            return most_ma
        return max(min(MIN_MA, most_ma), min(most_ma, self.cap_ma))


class OpenEvse(Law):
    """A car in state B has its 6 A beside the budget: "intentional over-allocation". So one that its turn leaves without
    begins anew at once, is refused, and begins anew: by the code as it was read, which was not run.
    """

    source = "OpenEVSE/openevse_esp32_firmware 25974d38, of 2026 (a Labs preview)"
    setting = "group_max_current the breaker's, safety_factor 1"
    period_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def __init__(self, world):
        super().__init__(world)
        self.demands = [Demand() for _ in range(self.count)]
        self.turned_ms = self.now_ms
        self.turn = 0

    def look(self):
        """One round of the controller."""
        charging = []
        most_ma = [0] * self.count
        for place in range(self.count):
            here = self.places[place]
            demand = self.demands[place]
            most_ma[place] = demand.most_ma(here.most_ma, self.drawn_ma[place], here.offer_ma, here.charging)
            if not here.plugged:
                demand.forget()
                self.offer(place, 0)
            elif here.charging:
                charging.append(place)
            else:
                self.offer(place, MIN_MA)
        if not charging:
            return
        if self.now_ms - self.turned_ms >= ROTATION_MS:
            self.turn += 1
            self.turned_ms = self.now_ms
        charging.sort(key=lambda place: -self._priority(place))
        charging = self._rotated(charging)
        if len(charging) * MIN_MA <= self.limit_ma:
            self._equal(charging, most_ma)
        else:
            left_ma = self.limit_ma
            for place in charging:
                given_ma = MIN_MA if left_ma >= MIN_MA else 0
                left_ma -= given_ma
                self.offer(place, given_ma)

    def _priority(self, place):
        stay = self.places[place].stay
        return stay.priority if stay else 0

    def _rotated(self, charging):
        """Each run of equals begins with another one in each turn."""
        out = []
        while charging:
            run = [place for place in charging if self._priority(place) == self._priority(charging[0])]
            first = self.turn % len(run)
            out += run[first:] + run[:first]
            charging = charging[len(run) :]
        return out

    def _equal(self, charging, most_ma):
        given_ma = dict.fromkeys(charging, MIN_MA)
        left_ma = self.limit_ma - MIN_MA * len(charging)
        open_ = list(charging)
        while left_ma > SHARED_MA and open_:
            share_ma, left_ma = left_ma // len(open_), left_ma % len(open_)
            for place in list(open_):
                given_ma[place] += share_ma
                if given_ma[place] > most_ma[place]:
                    left_ma += given_ma[place] - most_ma[place]
                    given_ma[place] = most_ma[place]
                    open_.remove(place)
        for place in charging:
            self.offer(place, given_ma[place])
