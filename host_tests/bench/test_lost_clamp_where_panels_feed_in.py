"""A clamp comes off its conductor while a car charges, in a house with panels: what is silent at once is no sun."""

import pytest
from bench.table import Table

DAY = [(0, 2000, 2000, 2000)]
MEASURED = {"exports": "yes", "breaker_ma": 25000, "charger_ma": 16000}


def charging(board, phases, **scenario):
    """A house with panels and a car that draws what the charger may offer."""
    scenario = {"fidelity": "rms", "car_phases": phases, "car_ma": 16000, "settings": MEASURED, **scenario}
    table = Table(DAY, board=board, **scenario)
    table.live(60000)
    assert table.world.car.drawn_ma > 15000
    assert not table.charger.verdict.doubt
    return table


def unplug(table, phase, reads_ma=20):
    """That clamp is off: an rms run reads what is left of it."""

    def off(grid_ma):
        grid_ma[phase] = reads_ma

    table.scan.clamps = off


@pytest.mark.parametrize(
    ("board", "phases", "lost"),
    [("metered", 3, 0), ("metered", 3, 1), ("metered", 3, 2), ("metered", 1, 0), ("socket", 1, 0)],
)
def test_it_is_named_and_the_car_stays_at_the_safe_current_until_it_is_paused(board, phases, lost):
    table = charging(board, phases)
    unplug(table, lost)
    table.live(2000)
    assert table.charger.verdict.doubt
    assert table.charger.verdict.offer_ma <= 6000
    table.world.house_ma = [14000] * 3
    table.live(6000)
    worst_ma = 0
    for _ in range(40 * 600):
        table.tick()
        worst_ma = max(worst_ma, table.world.car.drawn_ma)
    assert worst_ma <= 6000
    assert table.charger.verdict.doubt


def watch(table, seconds):
    """Whether a clamp was in doubt in that time."""
    doubted = False
    for _ in range(40 * seconds):
        table.tick()
        doubted = doubted or bool(table.charger.verdict.doubt)
    return doubted


@pytest.mark.parametrize("phases", [1, 3])
def test_a_cloud_that_goes_and_brings_the_phase_through_nothing_is_no_clamp(phases):
    table = charging("metered", phases)
    for ampere in range(2, -24, -1):  # one more each second
        table.world.house_ma = [ampere * 1000, 2000, 2000]
        assert not watch(table, 1)


@pytest.mark.parametrize("phases", [1, 3])
def test_a_car_that_comes_down_to_just_what_the_panels_give_is_no_clamp(phases):
    table = charging("metered", phases, car="prompt")
    table.world.house_ma = [-10000] * 3
    assert not watch(table, 30)
    table.charger.settings.stage("household_ma", "10A")
    table.charger.settings.save()
    table.charger.apply_settings()
    assert not watch(table, 60)
    assert abs(table.charger.readings.grid_ma[0]) < 100


@pytest.mark.parametrize("phases", [1, 3])
def test_a_kettle_that_goes_off_at_just_what_the_panels_give_costs_some_seconds(phases):
    table = charging("metered", phases)
    table.world.house_ma = [-16000, 2000, 2000]
    watch(table, 5)
    assert table.charger.verdict.doubt  # nobody could tell it from a clamp until the car has moved
    watch(table, 60)
    assert not table.charger.verdict.doubt
    assert table.world.car.drawn_ma > 15000


@pytest.mark.parametrize("phases", [1, 3])
def test_a_car_that_stops_by_itself_is_no_clamp(phases):
    table = charging("metered", phases)
    table.world.house_ma = [0, 2000, 2000]
    assert not watch(table, 20)
    table.world.car.need_mams = table.world.car.taken_mams
    assert not watch(table, 60)
    assert table.world.car.drawn_ma == 0
