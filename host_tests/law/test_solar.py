"""Solar surplus: the car gets what would be fed in, a cloud costs no interruption, and no sun does not start it."""

import pytest
from bench.household import Household
from headroom import features
from headroom.guard import pilot
from headroom.law.solar import EACH, MARGIN_MA, MINIMUM, ONLY, START_MS, WINDOW
from headroom.terms import reasons
from headroom.terms.standard import FOLLOW_MS

MINUTE_MS = 60000


def roof(mode=ONLY, phases=1, each=0, hold_ms=10 * MINUTE_MS):
    home = Household(phases=phases)
    home.limits.exports, home.limits.solar = True, (mode, each, hold_ms)
    features.fit(home.limits, home.law.ceilings.more)
    home.tick_ms = 100
    return home


def feed(home, *ma):
    home.house_ma = [-each for each in ma] + [0] * (3 - len(ma))


def test_without_sun_nothing_is_offered_and_it_says_so():
    home = roof()
    feed(home, 2000)
    assert home.live(10 * MINUTE_MS) == 0
    assert (home.proposal.reason, home.proposal.value // 100, home.proposal.bound) == (reasons.NO_SUN, 20, 3000)


def test_half_of_the_minimum_is_worth_a_charge_from_a_little_more_on():
    for ma, offer_ma in ((3000, 0), (3000 + MARGIN_MA, 6000)):
        home = roof()
        feed(home, ma)
        assert home.live(5 * MINUTE_MS) == offer_ma


def test_the_suns_rise_is_followed_as_soon_as_a_car_may_have_followed_the_last():
    home = roof()
    feed(home, 7000)
    home.live(3 * MINUTE_MS)
    for ma in range(8000, 16000, 1000):  # a cloud's edge: an ampere a second
        feed(home, ma)
        home.live(1000)
    assert home.proposal.offer_ma >= 11000
    feed(home, 16000)
    assert home.live(FOLLOW_MS) >= 15500


def test_a_rise_of_the_sun_that_would_fill_the_fuse_waits_like_any_other():
    """Three phases: what two feed in would take the third near its rating, on which the house cycles."""
    home = roof(phases=3)
    home.house_ma = [-25000, -25000, 12000]
    home.live(3 * MINUTE_MS)
    home.house_ma[2] = 9000
    changes = home.changes
    home.live(1000)
    assert home.changes == changes
    home.live(FOLLOW_MS)
    assert home.changes == changes + 1


def test_the_car_gets_what_would_be_fed_in_and_no_more():
    home = roof()
    for ma in (9000, 14000, 7000, 20000):
        feed(home, ma)
        assert abs(home.live(3 * MINUTE_MS) - ma) <= 500, ma
        assert home.proposal.reason == reasons.SUN


def test_it_waits_until_the_sun_has_lasted():
    home = roof()
    home.live(MINUTE_MS)
    feed(home, 9000)
    assert home.live(START_MS - 2000) == 0
    assert home.live(3 * MINUTE_MS) > 8000


def test_a_sun_that_flickers_starts_nothing():
    home = roof()
    for _ in range(20):
        feed(home, 9000)
        home.live(START_MS // 2)
        feed(home, 2000)
        assert home.live(START_MS) == 0


def test_a_cloud_is_gone_through_at_the_minimum_and_shade_that_stays_ends_it():
    home = roof(hold_ms=10 * MINUTE_MS)
    feed(home, 12000)
    home.live(3 * MINUTE_MS)
    feed(home, 0)
    assert home.live(8 * MINUTE_MS) < 6500
    assert home.proposal.reason == reasons.SHADE
    assert home.live(3 * MINUTE_MS) == 0


def test_half_of_what_is_worth_a_charge_counts_as_half_a_shade_and_sun_takes_it_back():
    home = roof(hold_ms=10 * MINUTE_MS)
    feed(home, 12000)
    home.live(3 * MINUTE_MS)
    feed(home, 1500)
    assert 0 < home.live(18 * MINUTE_MS) < 6500
    feed(home, 12000)
    home.live(9 * MINUTE_MS)
    feed(home, 1500)
    assert 0 < home.live(17 * MINUTE_MS) < 6500
    assert home.live(4 * MINUTE_MS) == 0


def test_a_charge_that_was_dear_makes_the_next_begin_with_the_whole_minimum():
    """Under clouds that let 4 A through now and then, each time enough to go on."""
    home = roof(hold_ms=10 * MINUTE_MS)
    for _ in range(4):
        feed(home, 4000)
        assert home.live(5 * MINUTE_MS) == 6000
        feed(home, 0)
        assert home.live(4 * MINUTE_MS) == 6000
    assert home.live(12 * MINUTE_MS) == 0
    feed(home, 5000)
    assert home.live(10 * MINUTE_MS) == 0
    assert (home.proposal.reason, home.proposal.bound) == (reasons.NO_SUN, 6000)
    feed(home, 9000)
    home.live(60 * MINUTE_MS)
    assert home.proposal.offer_ma > 8500
    feed(home, 0)
    assert home.live(32 * MINUTE_MS) == 0
    feed(home, 4000)
    assert home.live(10 * MINUTE_MS) == 6000


def test_in_a_bright_hour_a_charge_goes_through_twice_the_shade_and_after_an_interruption_through_more():
    home = roof(hold_ms=10 * MINUTE_MS)
    for shade in (2, 3):
        feed(home, 9000)
        home.live(60 * MINUTE_MS)
        feed(home, -5000)
        assert home.live((10 * shade - 1) * MINUTE_MS) >= 6000
        assert home.live(2 * MINUTE_MS) == 0


def interrupted(times):
    """A charge by sun that came and went so often, with one car."""
    home = roof(hold_ms=MINUTE_MS)
    for _ in range(times):
        feed(home, 13000)
        while not home.proposal.offer_ma:
            home.live(MINUTE_MS)
        feed(home, 0)
        while home.proposal.offer_ma:
            home.live(MINUTE_MS)
    return home


@pytest.mark.parametrize(("times", "begins_ma"), [(2, 3000), (3, 6000), (5, 6000), (6, 12000)])
def test_who_was_interrupted_often_waits_for_more_sun(times, begins_ma):
    home = interrupted(times)
    home.live(MINUTE_MS)
    assert (home.proposal.reason, home.proposal.bound) == (reasons.NO_SUN, begins_ma)


def test_a_night_and_another_car_forgive_interruptions():
    home = interrupted(6)
    home.live(5 * 60 * MINUTE_MS)
    assert home.proposal.bound == 3000
    home = interrupted(6)
    home.verdict.pilot_state = pilot.A
    home.live(1000)
    home.verdict.pilot_state = pilot.C
    home.live(MINUTE_MS)
    assert home.proposal.bound == 3000


@pytest.mark.parametrize(("before_ma", "led"), [(16000, True), (8000, False)])
def test_where_the_sun_comes_out_its_next_seconds_are_offered_as_far_as_it_was_as_bright_of_late(before_ma, led):
    home = roof()
    feed(home, before_ma)
    home.live(3 * MINUTE_MS)
    feed(home, 7000)
    home.live(2 * MINUTE_MS)
    ahead_ma = []
    for ma in range(8000, 14000, 1000):  # a cloud's edge
        feed(home, ma)
        ahead_ma.append(home.live(1000) - ma)
    assert (max(ahead_ma) >= 1000) is led
    assert home.proposal.offer_ma <= max(before_ma, 13000)


def test_at_least_the_minimum_charges_without_sun_and_follows_it_where_there_is_more():
    home = roof(MINIMUM)
    assert home.live(2 * MINUTE_MS) == 6000
    feed(home, 11000)
    assert abs(home.live(2 * MINUTE_MS) - 11000) <= 300


def test_over_all_phases_together_one_may_feed_in_for_another():
    home = roof(phases=3)
    feed(home, 30000, 0, -3000)
    assert abs(home.live(3 * MINUTE_MS) - 9000) <= 300
    home = roof(phases=3, each=EACH)
    feed(home, 30000, 8000, 9000)
    assert abs(home.live(3 * MINUTE_MS) - 8000) <= 300
    feed(home, 30000, 0, 9000)
    assert home.live(15 * MINUTE_MS) == 0


@pytest.mark.parametrize("solar", [ONLY, MINIMUM, WINDOW])
def test_never_more_than_the_fuse_allows(solar):
    """Each phase by itself is full: what another feeds in does not help it."""
    home = roof(solar, phases=3)
    home.house_ma = [-40000, -40000, 15000]
    assert home.live(3 * MINUTE_MS) <= 10000 + 300
    assert home.live(1) or home.readings.grid_ma[2] <= 25000 + 300


def test_on_top_of_a_window_it_lowers_nothing_and_tells_the_timetable_what_it_may_leave():
    home = roof(WINDOW)
    feed(home, 9000)
    home.live(3 * MINUTE_MS)
    assert home.proposal.offer_ma == 32000
    assert abs(home.law.ceilings.lift_ma - 9000) < 300


def test_who_does_not_charge_by_the_sun_has_no_part_of_it():
    home = roof()
    assert "Solar" in {type(each).__name__ for each in home.law.ceilings.more}
    home.limits.solar = None
    features.fit(home.limits, home.law.ceilings.more)
    assert "Solar" not in {type(each).__name__ for each in home.law.ceilings.more}


def test_what_a_slow_meter_tells_of_a_cloud_is_followed_and_not_overshot():
    home = roof()
    home.tick_ms = 10000
    feed(home, 16000)
    home.live(10 * MINUTE_MS)
    feed(home, 10000)
    offers = [home.live(10000) for _ in range(6)]
    assert min(offers) >= 9000
