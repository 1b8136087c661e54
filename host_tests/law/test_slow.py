"""Mode slow: the car's minimum, and for a car that draws nothing at that what it needs to begin, by name."""

import pytest
from bench.chip.terminal import Terminal
from bench.household import Household
from bench.table import Table
from headroom.guard import pilot
from headroom.law.slow import AGAIN_MS, MOST_MA
from headroom.terms import reasons

MINUTE_MS = 60000


def slow_home(needs_ma, **limits):
    """A house in which a car that draws nothing below ``needs_ma`` charges slowly."""
    home = Household()
    home.limits.slow = True
    for name, value in limits.items():
        setattr(home.limits, name, value)
    home.needs_ma = needs_ma
    return home


def live(home, ms):
    """Let time pass second by second; returns the highest offer."""
    most_ma = 0
    for _ in range(ms // 1000):
        home.car_max_ma = 32000 if home.understood_ma >= home.needs_ma else 0
        most_ma = max(most_ma, home.live(1000))
    return most_ma


def test_a_car_that_draws_at_its_minimum_never_gets_more():
    home = slow_home(6000)
    assert live(home, 10 * MINUTE_MS) == 6000
    assert (home.proposal.reason, home.drawn_ma) == (reasons.SLOW, 6000)


@pytest.mark.parametrize("needs_ma", [8000, 10000])
def test_a_car_that_draws_nothing_at_that_is_offered_what_it_needs_and_no_more(needs_ma):
    home = slow_home(needs_ma)
    offer_ma = live(home, 6 * MINUTE_MS)
    assert needs_ma <= offer_ma <= needs_ma + 500
    assert live(home, 20 * MINUTE_MS) == offer_ma == home.drawn_ma
    assert (home.proposal.reason, home.proposal.value, home.proposal.bound) == (reasons.SLOW, offer_ma, 6000)


def test_a_car_that_sleeps_is_offered_more_for_some_minutes_then_its_minimum_and_half_an_hour_later_once_more():
    home = slow_home(1 << 20)
    by_minute = [live(home, MINUTE_MS) for _ in range(45)]
    assert by_minute[0] == 6000
    assert max(by_minute) == MOST_MA
    tried = [minute for minute, most_ma in enumerate(by_minute) if most_ma > 6000]
    first = [minute for minute in tried if minute < 10]
    assert max(first) <= 6
    assert len(tried) > len(first), "once more"
    assert min(minute for minute in tried if minute >= 10) >= AGAIN_MS // MINUTE_MS
    home.needs_ma = 6000
    home.law.ceilings.more[0].tried_ms = 6 * MINUTE_MS
    home.live(10000)
    assert live(home, 20 * MINUTE_MS) == 6000, "it woke to its minimum"


def test_what_was_needed_is_remembered_through_a_pause_and_forgotten_with_the_car():
    home = slow_home(8000)
    live(home, 5 * MINUTE_MS)
    home.house_ma[0] = 24000
    live(home, MINUTE_MS)
    home.house_ma[0] = 0
    assert live(home, 10 * MINUTE_MS) == 8250 == home.drawn_ma
    home.verdict.pilot_state = pilot.A
    home.live(1000)
    home.verdict.pilot_state, home.needs_ma = pilot.C, 6000
    home.live(10000)
    assert live(home, 5 * MINUTE_MS) == 6000


@pytest.mark.parametrize(("limits", "most_ma"), [({"household_ma": 7000}, 7000), ({"charger_ma": 6000}, 6000)])
def test_it_is_a_ceiling_among_others_and_lifts_none(limits, most_ma):
    assert live(slow_home(8000, **limits), 20 * MINUTE_MS) == most_ma


def test_a_minimum_that_was_set_higher_is_where_it_begins():
    home = slow_home(8000, min_ma=8000)
    assert live(home, 10 * MINUTE_MS) == 8000 == home.drawn_ma
    assert live(slow_home(1 << 20, min_ma=9000), 40 * MINUTE_MS) == 9000
    assert live(slow_home(1 << 20, min_ma=13000), 10 * MINUTE_MS) == 13000


@pytest.mark.parametrize("board", ["reference", "socket"])
@pytest.mark.parametrize("car", ["needs-8", "needs-10"])
def test_on_the_whole_charger_such_a_car_charges_and_why_says_what_it_is_offered(board, car):
    terminal = Terminal()
    table = Table([(0, 2000, 0, 0)], port=terminal, fidelity="rms", board=board, breaker_ma=25000, phases=1, car_ma=16000,
                  car_phases=1, car=car, settings={"mode": "slow"})  # fmt: skip
    table.live_by_seconds(8 * MINUTE_MS)
    offer_ma = table.charger.verdict.offer_ma
    assert 0 <= offer_ma - int(car.split("-")[1]) * 1000 <= 500
    assert "mode slow: the car took nothing at less, so it is offered" in terminal.ask_all(table, "why")
    assert table.world.car.taken_mams > 0
