"""A car counts its interruptions, and takes the charger for broken after some ten: from the fourth on the law is reluctant."""

import pytest
from bench import household
from bench.household import Household
from headroom.guard import pilot
from headroom.law.dwell import FEW, FORGIVEN_MS, MOST, NIGHT_MS, RELUCTANT_MS
from headroom.terms import reasons

QUIET_MA, BUSY_MA = 10000, 26000


@pytest.fixture(autouse=True)
def _coarse(monkeypatch):
    """Hours, in ticks of half a second."""
    monkeypatch.setattr(household, "TICK_MS", 500)


def interrupted(times, breaker_ma=25000):
    """A household whose car has just been stopped so often in this plug-in."""
    home = Household(breaker_ma=breaker_ma)
    home.house_ma[0] = QUIET_MA
    for _ in range(times):
        home.house_ma[0] = QUIET_MA
        wait_s(home)
        home.live(1000)
        home.house_ma[0] = BUSY_MA
        for _ in range(600):
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
    assert waits == [59, 59, 59, 236, 472, 944, 1888, RELUCTANT_MS // 1000]


def test_a_need_that_will_be_late_waits_as_if_there_had_been_few_and_after_the_eighth_no_longer_than_five_minutes():
    """Who does not try misses it for sure."""
    for times, expected_s in ((1, 59), (5, 59), (MOST - 1, 59), (MOST, 300)):
        home = interrupted(times)
        home.law.ceilings.late = True
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


def test_more_than_a_twentieth_above_is_never_borne_however_cool_the_breaker():
    home = interrupted(FEW)
    home.house_ma[0] = QUIET_MA
    wait_s(home)
    home.car_max_ma = 6000
    home.live(300000)
    home.house_ma[0] = home.limits.breaker_ma * 21 // 20 - 6000 + 200
    home.live(2000)
    assert home.live(3000) == 0


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
    assert wait_s(home) > 60
