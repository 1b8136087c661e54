"""What a connection has besides its breaker: a total power by day and by night, breakers of single phases, a gentle rise."""

from itertools import pairwise

from bench.household import Household
from headroom import features
from headroom.law.total import cap_now_w
from headroom.monitor.breaker import FULL, LastResort, heating
from headroom.terms import reasons
from headroom.terms.records import Limits, Readings

HOUR_S = 3600


def household(phases=3, **limits):
    home = Household(phases=phases)
    for name, value in limits.items():
        setattr(home.limits, name, value)
    features.fit(home.limits, home.law.ceilings.more)
    return home


def test_the_total_power_is_shared_by_the_phases_that_the_car_uses():
    home = household(total=(13800, 0, 0, 8))  # 60 A on three phases together
    home.house_ma = [2000, 10000, 6000]
    assert abs(home.live(60000) - 14000) < 300
    assert (home.proposal.reason, home.proposal.bound) == (reasons.TOTAL, 13800)
    home.car_phases = [0]
    home = household(phases=1, total=(3680, 0, 0, 8))
    home.house_ma = [4000, 0, 0]
    assert abs(home.live(60000) - 12000) < 300


def test_a_house_that_takes_more_is_answered_at_once_and_one_that_takes_all_pauses_the_car():
    home = household(total=(13800, 0, 0, 8))
    home.live(60000)
    home.house_ma = [12000, 7000, 5000]
    home.live(100)
    assert abs(home.proposal.offer_ma - 12000) < 300
    home.house_ma = [18000, 12000, 15000]
    home.live(1000)
    assert (home.proposal.offer_ma, home.proposal.reason) == (0, reasons.TOTAL)


def test_what_one_phase_feeds_in_another_may_draw():
    home = household(total=(4140, 0, 0, 8), exports=True)
    home.house_ma = [-12000, 0, 0]
    assert abs(home.live(60000) - 10000) < 300


def test_by_night_another_power_holds_and_while_the_clock_is_not_told_the_lower_one():
    limits = Limits()
    limits.total = (4600, 9200, 22, 6)
    for hour in range(24):
        expected_w = 9200 if hour >= 22 or hour < 6 else 4600
        assert cap_now_w(limits, 5 * 86400 + hour * HOUR_S) == expected_w, hour
        assert cap_now_w(limits, 5 * 86400 + hour * HOUR_S + 3599) == expected_w, hour
    assert cap_now_w(limits, 0) == 4600
    limits.total = (4600, 9200, 0, 8)
    assert [cap_now_w(limits, 86400 * 3 + hour * HOUR_S) for hour in (0, 7, 8, 23)] == [9200, 9200, 4600, 4600]
    limits.total = (4600, 0, 0, 8)
    assert cap_now_w(limits, 86400 * 3) == 4600


def test_a_limit_by_night_alone_holds_by_night_and_while_the_clock_is_not_told():
    home = household(total=(0, 6900, 22, 6))
    home.house_ma = [3000, 3000, 3000]
    for hour, expected_ma in ((21, 22000), (22, 7000), (5, 7000), (6, 22000)):
        home.readings.wall_s = 5 * 86400 + hour * HOUR_S
        assert abs(home.live(60000) - expected_ma) < 300, hour
    home.readings.wall_s = 0
    assert abs(home.live(60000) - 7000) < 300


def test_a_phase_with_a_smaller_breaker_of_its_own_bounds_the_car_on_it():
    home = household(own_ma=(0, 16000, 0))
    home.house_ma = [4000, 4000, 4000]
    assert abs(home.live(60000) - 12000) < 300
    home.house_ma = [4000, 9000, 4000]
    home.live(100)
    assert abs(home.proposal.offer_ma - 7000) < 300
    assert (home.proposal.reason, home.proposal.phase, home.proposal.bound) == (reasons.SHED, 1, 16000)


def test_the_image_of_a_smaller_breaker_is_its_own_and_a_larger_one_changes_nothing():
    power = [0, 0, 0]
    heating((16000, 16000, 16000), 3, 20000, power, (0, 16000, 40000))
    assert power == [6400, FULL, 6400]


def test_the_last_resort_opens_for_the_smaller_breaker_and_only_for_it():
    for own_ma, at_risk in (((0, 0, 0), False), ((0, 10000, 0), True)):
        limits, readings = Limits(), Readings()
        limits.breaker_ma, limits.phases, limits.own_ma = 25000, 3, own_ma
        resort = LastResort(limits)
        readings.grid_ma[:] = (2000, 22000, 2000)
        seen = False
        for _ in range(60000 // 25):
            resort.step(25, readings, True)
            seen = seen or resort.at_risk
        assert seen == at_risk


def test_a_gentle_rise_goes_by_so_much_in_five_seconds_and_begins_at_the_minimum():
    home = household(phases=1, rise_ma_s=200)
    home.live(30000)
    offers = []
    for _ in range(120):
        offers.append(home.live(1000))
    assert offers[0] == 6000
    for second in range(5, len(offers)):
        assert offers[second] - offers[second - 5] <= 1000
    assert offers[-1] > 14000
    assert home.proposal.reason in (reasons.GENTLE, reasons.RISE)


def test_a_car_that_draws_nothing_below_8_a_is_offered_more_after_a_minute_step_by_step():
    home = household(phases=1, rise_ma_s=200)
    home.car_max_ma = 0
    for _ in range(90):
        assert home.live(1000) <= 6000
    offers = []
    for _ in range(120):
        offers.append(home.live(1000))
        home.car_max_ma = 32000 if home.proposal.offer_ma >= 8000 else 0
    assert home.drawn_ma > 12000
    assert all(after - before <= 1000 for before, after in pairwise(offers))


def test_down_it_goes_at_once():
    home = household(phases=1, rise_ma_s=200)
    home.live(120000)
    before_ma = home.proposal.offer_ma
    home.house_ma = [15000, 0, 0]
    home.live(100)
    assert abs(home.proposal.offer_ma - 10000) < 300 < before_ma - 10000
