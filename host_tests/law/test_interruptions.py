"""A car counts its interruptions, and takes the charger for broken after some ten: from the fourth on the law is reluctant."""

import pytest
from bench import household
from bench.household import Household
from headroom.guard import pilot
from headroom.law.dwell import FEW, FORGIVEN_MS, MOST, NIGHT_MS, RELUCTANT_MS
from headroom.monitor.breaker import FASTEST
from headroom.terms import reasons

QUIET_MA, BUSY_MA = 10000, 26000


@pytest.fixture(autouse=True)
def _coarse(monkeypatch):
    """Hours, in ticks of half a second."""
    monkeypatch.setattr(household, "TICK_MS", 500)


def interrupted(times, breaker_ma=25000, busy_s=10):
    """A household whose car has just been stopped so often in this plug-in, and whose house is busy for so long after it."""
    home = Household(breaker_ma=breaker_ma)
    home.house_ma[0] = QUIET_MA
    for _ in range(times):
        home.house_ma[0] = QUIET_MA
        wait_s(home)
        home.live(1000)
        home.house_ma[0] = breaker_ma + BUSY_MA - 25000
        for _ in range(busy_s):
            home.live(1000)
    assert home.law.dwell.felt == times
    return home


def wait_s(home):
    """Seconds until an offer."""
    for seconds in range(1, 8000):
        if home.live(1000):
            return seconds
    return None


def test_three_interruptions_change_nothing_each_further_one_doubles_the_wait_and_after_the_eighth_it_is_two_hours():
    waits = []
    for times in range(1, MOST + 1):
        home = interrupted(times)
        home.house_ma[0] = QUIET_MA
        waits.append(wait_s(home))
    assert waits[:3] == [59, 59, 59]
    for waited_s, wait_of_s in zip(waits[3:7], (236, 472, 944, 1888), strict=True):
        assert wait_of_s - 10 <= waited_s <= wait_of_s, "it began when the car was stopped"
    assert waits[7] == RELUCTANT_MS // 1000


def test_what_the_house_does_meanwhile_does_not_begin_the_longer_wait_anew():
    """It spreads the interruptions over the stay; that headroom lasts is asked as after the first of them."""
    home = interrupted(5, busy_s=400)
    home.house_ma[0] = QUIET_MA
    assert 60 < wait_s(home) < 472 - 390
    home = interrupted(5, busy_s=600)
    home.house_ma[0] = QUIET_MA
    assert wait_s(home) == 59
    home = interrupted(MOST, busy_s=600)
    home.house_ma[0] = QUIET_MA
    assert wait_s(home) == RELUCTANT_MS // 1000, "but after the last of them it must have lasted as long"


def test_a_need_that_will_be_late_waits_as_if_there_had_been_few_and_after_the_eighth_no_longer_than_five_minutes():
    """Who does not try misses it for sure."""
    for times, expected_s in ((1, 59), (5, 59), (MOST - 1, 59), (MOST, 300)):
        home = interrupted(times)
        home.law.ceilings.needed = 2
        home.house_ma[0] = QUIET_MA
        assert wait_s(home) == expected_s, times


@pytest.mark.parametrize("minutes", [(3, 2), (1, 4), (10, 5), (30, 4), (61, 4)])
def test_a_house_that_cycles_all_night_interrupts_the_car_at_most_eight_times(minutes):
    home = Household()
    quiet, busy = minutes
    pauses, was = 0, 0
    for minute in range(13 * 60):
        home.house_ma[0] = QUIET_MA if minute % (quiet + busy) < quiet else BUSY_MA
        for _ in range(6):
            offer_ma = home.live(10000)
            pauses += was > 0 and offer_ma == 0
            was = offer_ma
    assert pauses <= MOST
    assert home.law.dwell.felt <= MOST


def test_from_the_fourth_on_a_twentieth_above_the_rating_stops_nobody():
    for times, stopped in ((0, True), (FEW - 1, True), (FEW, False)):
        home = interrupted(times)
        home.house_ma[0] = QUIET_MA
        wait_s(home)
        home.live(120000)
        home.house_ma[0] = 25000 - 6000 + 1200
        assert (home.live(600000) == 0) == stopped
        if not stopped:
            assert home.proposal.offer_ma == home.limits.min_ma
            home.house_ma[0] += 100
            assert home.live(180000) == 0, "a little more only for as long as the breaker is cooler than at its rating"


@pytest.mark.parametrize(("times", "price_as"), [(0, 0), (1, 20), (2, 40), (5, 40)])
def test_a_car_that_was_interrupted_stays_at_its_minimum_until_that_has_come_to_the_price_of_a_stop(times, price_as):
    for over_a in (2, 5):
        home = interrupted(times)
        home.house_ma[0] = QUIET_MA
        wait_s(home)
        home.live(120000)
        home.house_ma[0] = 25000 - 6000 + over_a * 1000
        seconds = next(second for second in range(60) if home.live(1000) == 0)
        assert price_as / over_a - 1 <= seconds <= price_as / over_a + 1


def test_what_was_paid_is_given_back_slowly_so_a_house_that_pulses_pays_once():
    home = interrupted(1)
    home.house_ma[0] = QUIET_MA
    wait_s(home)
    home.live(120000)
    for _ in range(8):
        home.house_ma[0] = 25000 - 6000 + 4000
        home.live(2000)
        home.house_ma[0] = QUIET_MA
        home.live(2000)
    assert home.law.dwell.felt == 2


def test_a_breaker_that_is_hot_or_fast_is_not_let_bear_it():
    home = interrupted(2)
    home.house_ma[0] = QUIET_MA
    wait_s(home)
    home.limits.breaker_curve = FASTEST
    home.live(120000)
    home.house_ma[0] = 25000 - 6000 + 4000
    assert home.live(3000) == 0


def test_more_than_a_twentieth_above_is_borne_for_its_price_only_however_cool_the_breaker():
    home = interrupted(FEW)
    home.house_ma[0] = QUIET_MA
    wait_s(home)
    home.car_max_ma = 6000
    home.live(300000)
    home.house_ma[0] = home.limits.breaker_ma * 21 // 20 - 6000 + 200
    home.live(20000)
    assert home.live(12000) == 0


def borne(times, house_ma, **limits):
    """The same household with these limits, its car back on its minimum and a little more than that missing."""
    home = interrupted(times, breaker_ma=63000, busy_s=20)
    home.house_ma[0] = QUIET_MA
    wait_s(home)
    home.live(120000)
    home.house_ma[0] = house_ma
    home.live(60000)
    for name, value in limits.items():
        setattr(home.limits, name, value)
    return home


def test_what_a_phase_bears_is_a_part_of_its_own_breaker_not_of_the_houses():
    house_ma = QUIET_MA + 800
    home = borne(FEW, house_ma, own_ma=(house_ma + 6000 - 700, 0, 0))
    assert home.live(60000) == 6000, "a twentieth of 16.1 A is 0.8 A"
    home = borne(FEW, house_ma, own_ma=(house_ma + 6000 - 2500, 0, 0))
    assert home.live(60000) == 0, "a twentieth of 63 A is 3.2 A, and 2.5 A are a sixth of 14.3"


@pytest.mark.parametrize(
    ("dimmed", "ceiling"),
    [
        (True, {"dim_w": 1150}),  # 5 A
        (False, {"total": (63100 * 230 // 1000, 0, 0, 8)}),
        (False, {"household_ma": 5000}),
    ],
    ids=["dimmed", "the connection's power", "the household"],
)
def test_that_the_breaker_bears_it_is_no_excuse_to_whom_else_the_minimum_is_too_much(dimmed, ceiling):
    """The supply leaves less than they do, so it is the reason that is told: they bind all the same."""
    house_ma = 63000 - 6000 + 1200
    home = borne(FEW, house_ma)
    assert home.live(60000) == 6000
    home = borne(FEW, house_ma, **ceiling)
    home.readings.dimmed = dimmed
    assert home.live(2000) == 0


def test_another_ceiling_than_the_supplys_is_never_borne():
    home = interrupted(FEW)
    home.house_ma[0] = QUIET_MA
    wait_s(home)
    home.limits.import_ma = 15500
    assert home.live(2000) == 0
    assert home.proposal.reason == reasons.IMPORT


def test_the_next_car_begins_anew():
    home = interrupted(5)
    home.verdict.pilot_state = pilot.A
    home.live(500)
    home.verdict.pilot_state = pilot.B
    assert home.law.dwell.felt == 0


def test_a_car_that_stays_for_longer_than_a_night_has_one_forgiven_an_hour():
    home = interrupted(2)
    home.law.dwell.plugged_ms = NIGHT_MS
    home.live(FORGIVEN_MS - 1000)
    assert home.law.dwell.felt == 2
    home.live(1000)
    assert home.law.dwell.felt == 1
    home.live(2 * FORGIVEN_MS)
    assert home.law.dwell.felt == 0


def test_a_car_that_stops_by_itself_is_not_interrupted_and_one_that_the_guard_stops_is():
    for state, felt in ((pilot.B, 0), (pilot.C, 1)):
        home = Household()
        home.house_ma[0] = QUIET_MA
        wait_s(home)
        home.live(1000)
        home.verdict.pilot_state, home.verdict.closed = state, False
        home.law.propose(500, home.readings, home.verdict, home.proposal)
        assert home.law.dwell.felt == felt


def test_what_a_group_leaves_to_its_leaders_own_car_is_taken_at_once_for_the_group_has_waited():
    home = interrupted(5)
    home.house_ma[0] = QUIET_MA
    home.law.ceilings.shared_ma = 8000
    assert wait_s(home) == 1
    home = interrupted(5)
    home.house_ma[0] = QUIET_MA
    home.law.ceilings.shared_ma = 0
    assert wait_s(home) > 400
