"""The law: down at once, up when headroom has lasted, pause below the minimum, resume with dwell."""

from headroom.decide import reasons
from headroom.decide.balance import MARGIN_MA, Balance
from headroom.decide.records import Limits, Proposal, Readings, Verdict

TICK_MS = 25


class House:
    """A law with a supply of 25 A and a car that follows at once."""

    def __init__(self, phases=1):
        self.limits = Limits()
        self.limits.breaker_ma = 25000
        self.limits.charger_ma = 32000
        self.limits.phases = phases
        self.law = Balance(self.limits)
        self.readings = Readings()
        self.readings.grid_ok = True
        self.verdict = Verdict()
        self.proposal = Proposal()
        self.house_ma = [0, 0, 0]
        self.car_follows = True

    def live(self, ms):
        """Let time pass; the offer is on the pilot and the car takes it."""
        for _ in range(ms // TICK_MS):
            drawn = self.verdict.offer_ma if self.verdict.closed and self.car_follows else 0
            for phase in range(3):
                self.readings.grid_ma[phase] = self.house_ma[phase] + (drawn if phase < self.limits.phases else 0)
            self.law.propose(TICK_MS, self.readings, self.verdict, self.proposal)
            self.verdict.offer_ma = self.proposal.offer_ma
            self.verdict.closed = self.proposal.offer_ma > 0
        return self.proposal.offer_ma


def test_the_first_offer_waits_for_the_dwell_and_is_what_is_free():
    house = House()
    house.house_ma[0] = 10000
    assert house.live(29900) == 0
    assert house.live(200) == 15000 - MARGIN_MA
    assert house.proposal.reason == reasons.RESUME


def test_an_overload_is_answered_in_the_tick_that_shows_it_by_what_is_missing():
    house = House()
    house.house_ma[0] = 10000
    house.live(60000)
    house.house_ma[0] = 14000
    assert house.live(TICK_MS) == 25000 - 14000 - MARGIN_MA
    assert house.proposal.reason == reasons.SHED
    assert (house.proposal.value, house.proposal.bound) == (14000 + 15000 - MARGIN_MA, 25000)


def test_one_overload_is_cut_once_while_the_car_has_yet_to_follow():
    house = House()
    house.house_ma[0] = 10000
    house.live(60000)
    drawn = house.verdict.offer_ma
    house.house_ma[0] = 14000
    offer = house.live(TICK_MS)
    house.car_follows = False
    house.house_ma[0] = 14000 + drawn
    assert house.live(4000) == offer


def test_headroom_is_given_back_after_the_dwell():
    house = House()
    house.house_ma[0] = 15000
    house.live(60000)
    house.house_ma[0] = 5000
    before = house.verdict.offer_ma
    assert house.live(4900) == before
    assert house.live(300) == 20000 - MARGIN_MA
    assert house.proposal.reason == reasons.RISE


def test_the_chargers_own_rating_is_a_ceiling():
    house = House()
    house.limits.charger_ma = 16000
    assert house.live(60000) == 16000


def test_less_than_the_minimum_is_a_pause():
    house = House()
    house.house_ma[0] = 10000
    house.live(60000)
    house.house_ma[0] = 19500
    assert house.live(TICK_MS) == 0
    assert house.proposal.reason == reasons.PAUSE


def test_a_pause_ends_when_enough_was_free_for_the_dwell():
    house = House()
    house.house_ma[0] = 24000
    assert house.live(60000) == 0
    house.house_ma[0] = 15000
    assert house.live(29900) == 0
    assert house.live(200) > 0


def test_every_dip_starts_the_dwell_anew():
    house = House()
    house.house_ma[0] = 15000
    house.live(20000)
    house.house_ma[0] = 22000
    house.live(TICK_MS)
    house.house_ma[0] = 15000
    assert house.live(29900) == 0


def test_the_fullest_phase_binds():
    house = House(phases=3)
    house.house_ma = [5000, 12000, 8000]
    assert house.live(60000) == 13000 - MARGIN_MA
    assert house.proposal.phase == 1


def test_phases_that_the_charger_is_not_wired_to_do_not_bind():
    house = House(phases=1)
    house.house_ma = [5000, 24000, 24000]
    assert house.live(60000) == 20000 - MARGIN_MA


def test_an_unknown_supply_offers_nothing():
    house = House()
    house.live(60000)
    house.readings.grid_ok = False
    assert house.live(TICK_MS) == 0
    assert house.proposal.reason == reasons.NO_METER
