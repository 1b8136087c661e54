"""The grid operator's contact, from the pin to the pilot, on a board that has one."""

from bench.table import Table


def test_a_dimmed_charger_takes_no_more_than_the_operator_leaves_it_and_all_of_it_back():
    for car_phases, dimmed_ma in ((1, 18261), (3, 6087)):
        table = Table([(0, 1000, 1000, 1000)], board="metered", car_phases=car_phases, breaker_ma=63000)
        table.live(90000)
        assert table.world.car.drawn_ma > 30000
        table.world.dimmed = True
        table.live(7000)
        assert dimmed_ma - 200 < table.world.car.drawn_ma <= dimmed_ma  # 4200 W at 230 V
        table.world.dimmed = False
        table.live(90000)
        assert table.world.car.drawn_ma > 30000
