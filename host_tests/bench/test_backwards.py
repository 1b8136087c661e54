"""A clamp on backwards on a board that knows the direction: named within a second, and not by a house with panels."""

from bench.table import Table
from bench.world import analog
from headroom.terms import meter_faults


def of_house(house_ma, exports, turned=None, breaker_ma=25000):
    """A metered board with a waiting car, and perhaps one clamp turned round."""
    settings = {"exports": "yes" if exports else "no", "resume_dwell_ms": 5000}
    table = Table(
        [(0, house_ma, house_ma, house_ma)],
        board="metered",
        settings=settings,
        car_phases=3,
        car_ma=16000,
        breaker_ma=breaker_ma,
    )
    if turned is not None:
        pin = table.module.board.CT_PINS[turned]
        table.chip.analog[pin] = analog.clamp(table.world, turned, sign=-1)
    return table


def test_it_is_named_within_a_second_where_nothing_feeds_in():
    for turned in range(3):
        table = of_house(3000, False)
        table.live(1000)
        assert table.charger.verdict.doubt == meter_faults.OK
        table.chip.analog[table.module.board.CT_PINS[turned]] = analog.clamp(table.world, turned, sign=-1)
        table.live(1000)
        assert table.charger.verdict.doubt == meter_faults.BACKWARDS
        assert table.charger.guard.fallback.phase == turned


def test_a_house_with_panels_is_not_doubted_and_its_export_is_headroom():
    table = of_house(-10000, True, breaker_ma=10000)
    table.live(3000)
    assert max(table.charger.readings.grid_ma) < -9000
    table.live(17000)
    assert table.charger.verdict.doubt == meter_faults.OK
    assert table.world.car.drawn_ma > 15500  # without the direction 10 A out look like 10 A in, and nothing is left
    assert max(table.charger.readings.grid_ma) < 10000


def test_with_panels_the_cars_own_rise_tells_it():
    table = of_house(-10000, True, turned=1)
    for _ in range(40):
        if not table.charger.verdict.doubt:
            table.live(1000)
    assert table.charger.verdict.doubt == meter_faults.BACKWARDS
    assert table.charger.guard.fallback.phase == 1
