"""What somebody has told holds: a step too small for a new duty does not excuse it, nor does a breaker that bears more."""

import pytest
from bench import household as bench_household
from bench.household import Household
from headroom.law.ceilings import NEVER
from headroom.law.wishes.timetable import ALL_MA
from headroom.law.wishes.wishes import Wishes
from headroom.terms import reasons

TOLD_MA = 16000


def household(home, ma):
    home.limits.household_ma = ma


def dimmed(home, ma):
    home.readings.dimmed = True
    home.limits.dim_w = ma * home.limits.mains_v // 1000


def timetable(home, ma):
    home.law.ceilings.more[0].ceiling_ma = ma


LEAVES = {household: 32000, dimmed: 32000, timetable: ALL_MA}


@pytest.fixture(params=LEAVES)
def tell(request, monkeypatch):
    if request.param is timetable:
        monkeypatch.setattr(bench_household.features, "asked", lambda limits: [Wishes])
    return request.param


def charging(tell, before_ma, tolerance_pct=0, house_ma=0):
    """A car that has charged for two minutes with what was told before; then the house steps up, and the breaker bears it."""
    home = Household()
    home.limits.tolerance_pct = tolerance_pct
    home.tick()
    tell(home, before_ma)
    home.live(120000)
    home.house_ma[0] = house_ma
    home.live(3000)
    return home


@pytest.mark.parametrize("before_ma", [TOLD_MA + 100, TOLD_MA + 450, TOLD_MA + 500, 23000])
def test_a_ceiling_that_is_told_holds_within_a_second(tell, before_ma):
    home = charging(tell, before_ma)
    tell(home, TOLD_MA)
    assert home.live(1000) == home.live(60000) == TOLD_MA


@pytest.mark.parametrize("short_ma", [1, 40, 60])
def test_what_is_told_below_the_minimum_stops_the_car_however_little_is_missing(tell, short_ma):
    """Within the meter's doubt a reading does not; a person, or the grid operator, has none."""
    home = charging(tell, 23000)
    tell(home, home.limits.min_ma - short_ma)
    assert home.live(1000) == home.live(300000) == 0
    tell(home, home.limits.min_ma + 10)
    assert home.live(300000) >= home.limits.min_ma


@pytest.mark.parametrize("told_ma", [TOLD_MA, 0])
def test_it_holds_while_the_breaker_bears_more_than_its_rating(tell, told_ma):
    home = charging(tell, LEAVES[tell], tolerance_pct=20, house_ma=2000)
    assert home.proposal.offer_ma == 25000
    assert home.law.ceilings.tolerated
    tell(home, told_ma)
    assert home.live(1000) == told_ma


class Tariff:
    """A ceiling that moves: not told, but not the breaker's either."""

    free_ma = 32000

    def __init__(self, limits):
        pass

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        ceilings.lower(self.free_ma, reasons.TARIFF, 0, self.free_ma, 0)
        return NEVER


def test_what_the_breaker_bears_binds_no_other_ceiling(monkeypatch):
    monkeypatch.setattr(bench_household.features, "asked", lambda limits: [Tariff])
    home = charging(household, 32000, tolerance_pct=20, house_ma=2000)
    assert home.proposal.offer_ma == 25000
    home.law.ceilings.more[0].free_ma = 24000  # above what the rating leaves
    assert home.live(1000) == 24000
    assert home.proposal.reason == reasons.TARIFF
