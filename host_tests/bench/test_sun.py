"""Panels on the whole firmware: a generated day of broken cloud, a house that feeds in, and clamps blamed for no cloud."""

from itertools import pairwise

import pytest
from bench.table import Table
from bench.world import solar
from headroom.terms import meter_faults

PEAK_W = 7000


def test_a_days_panels_give_what_a_days_panels_give():
    for sky, low_kwh, high_kwh in (("clear", 38, 55), ("broken", 22, 42), ("overcast", 5, 14)):
        for seed in range(5):
            rows = list(solar.day(seed, PEAK_W, sky))
            moments = [t_ms for t_ms, _ in rows]
            assert moments == sorted(set(moments))
            spans = pairwise([*rows, (solar.DAY_MS, 0)])
            kwh = sum(watts * (after - t_ms) for (t_ms, watts), (after, _) in spans) / 3.6e9
            assert low_kwh < kwh < high_kwh, (sky, seed, kwh)
            assert max(watts for _, watts in rows) <= PEAK_W
            assert not any(watts for t_ms, watts in rows if not solar.RISES_MS <= t_ms <= solar.SETS_MS + 60000)


def test_the_same_seed_makes_the_same_day_and_clouds_change_it_within_seconds():
    rows = list(solar.day(3, PEAK_W))
    assert rows == list(solar.day(3, PEAK_W)) != list(solar.day(4, PEAK_W))
    steps = [abs(after[1] - before[1]) for before, after in pairwise(rows) if after[0] - before[0] <= 1000]
    assert max(steps) > 700  # W a second: within 3 to 20 s most of it is gone


class Roof(Table):
    """Two hours around noon of a house that draws 2 A beside its panels; the doubts that were raised meanwhile."""

    def __init__(self, seed, phases=1, **settings):
        wires = 3 if phases == 3 else 1
        day = ((t_ms, watts * 1000 // 230 // wires) for t_ms, watts in solar.day(seed, PEAK_W * wires))
        begins_ms = 11 * 3600000
        rows = [
            (t_ms - begins_ms, *[2000 - (ma if phase < wires else 0) for phase in range(3)])
            for t_ms, ma in day
            if 0 <= t_ms - begins_ms < 7200000
        ]
        rows[0] = (0, *rows[0][1:])
        wanted = {"exports": "yes", "solar": "only", **settings}
        super().__init__(
            rows, fidelity="rms", board="metered", breaker_ma=35000, phases=phases, car_phases=phases, settings=wanted
        )
        self.doubts = set()
        self.offers = []

    def watch(self, ms):
        until_ms = self.world.t_ms + ms
        while self.world.t_ms < until_ms:
            self.tick()
            self.doubts.add(self.charger.verdict.doubt)
            self.offers.append(self.charger.verdict.offer_ma)
        return self.doubts - {meter_faults.OK}


@pytest.mark.parametrize("phases", [1, 3])
def test_clouds_raise_no_doubt_about_a_clamp_and_stop_no_charge(phases):
    for seed in (1, 2):
        roof = Roof(seed, phases)
        assert roof.watch(4 * 60000) == set()
        assert roof.charger.verdict.closed
        assert roof.watch(40 * 60000) == set()
        assert min(roof.offers[len(roof.offers) // 2 :]) >= 6000


def test_a_clamp_that_is_on_backwards_is_found_under_clouds_all_the_same():
    """By the steps of another ceiling; left to the sun alone it would take sun for load, and offer no more than the minimum."""
    roof = Roof(1, solar="off")

    def turned(grid_ma):
        grid_ma[0] = -grid_ma[0]

    roof.scan.clamps = turned
    found = set()
    for number in range(80):
        roof.charger.limits.household_ma = (16000, 8000)[number % 2]
        found |= roof.watch(15000)
    assert found == {meter_faults.BACKWARDS}


def test_a_clamp_that_is_on_backwards_gives_a_charge_by_sun_no_more_than_its_minimum():
    roof = Roof(1, solar="minimum")

    def turned(grid_ma):
        grid_ma[0] = -grid_ma[0]

    roof.scan.clamps = turned
    roof.watch(20 * 60000)
    assert max(roof.offers) == 6000
