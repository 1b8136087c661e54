"""The grid operator's contact, from the pin to the pilot, on a board that has one."""

from bench.table import Table


def test_a_dimmed_charger_takes_no_more_than_the_operator_leaves_it_and_gets_it_back():
    table = Table(
        [(0, 1000, 1000, 1000)],
        board="metered",
        fidelity="rms",
        car_phases=3,
        breaker_ma=63000,
        settings={"resume_dwell_ms": 5000},
    )
    table.live(25000)
    assert table.world.car.drawn_ma > 10000
    table.world.dimmed = True
    table.live(7000)
    assert 5800 < table.world.car.drawn_ma <= 6087  # 4200 W on three phases at 230 V
    table.world.dimmed = False
    table.live(9000)
    assert table.world.car.drawn_ma > 10000
