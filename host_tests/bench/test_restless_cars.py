"""Cars that open and close S2 by themselves, and a street whose voltage does: on the whole bench, counted by the hour."""

import pytest
from bench.table import Table


def hour(table, each=lambda passed_ms: None):
    """Live an hour; returns how often the contacts closed, and the faults that stood in it."""
    closings, was, faults = 0, table.world.contactor, 0
    for passed_ms in range(0, 3600000, 100):
        each(passed_ms)
        table.scan.step_ms = 100
        table.tick()
        closings += table.world.contactor and not was
        was = table.world.contactor
        faults |= table.charger.verdict.faults
    return closings, faults


@pytest.mark.parametrize("car", ["restless", "chatters"])
def test_a_car_that_stops_by_itself_closes_the_contactor_a_handful_of_times_an_hour(car):
    table = Table([(0, 2000, 2000, 2000)], fidelity="rms", car=car, settings={"resume_dwell_ms": 5000})
    closings, faults = hour(table)
    assert closings < 25, "more than a hundred without a limit"
    assert faults == 0


def test_a_cold_battery_is_cured_by_the_least_and_has_all_of_it_within_the_hour():
    table = Table([(0, 2000, 2000, 2000)], fidelity="rms", car="restless", settings={"resume_dwell_ms": 5000})
    hour(table)
    assert table.world.car.drawn_ma > 20000


def test_a_car_that_follows_after_twenty_seconds_is_stopped_twice_and_then_charges_with_the_least_all_night():
    house = [(240000 * n + at, ma, 0, 0) for n in range(15) for at, ma in ((0, 1000), (120000, 12000))]
    table = Table(house, board="socket", fidelity="rms", car="late", settings={"resume_dwell_ms": 5000})
    hour(table)
    taken_mams = table.world.car.taken_mams
    for at_s in range(0, 3600, 240):  # the house goes on like that
        for house_ma in (1000, 12000):
            table.world.house_ma = (house_ma, 0, 0)
            table.live(120000)
        assert table.world.contactor, at_s
    assert not table.charger.verdict.faults
    assert table.world.car.taken_mams - taken_mams > 6000 * 3500 * 1000


def street(table, passed_ms):
    """Noon: for a few minutes above 253 V, for a few minutes below."""
    table.world.volts_mv = 254000 if passed_ms % 300000 < 30000 else 252000


def test_a_sunny_street_stops_the_charge_now_and_then_and_never_for_good():
    table = Table(
        [(0, 500, 500, 500)], board="metered", fidelity="rms", line_mohm=0, settings={"resume_dwell_ms": 5000}
    )
    closings, _ = hour(table, lambda passed_ms: street(table, passed_ms))
    assert 2 <= closings <= 6, "a dozen before it is latched without a limit"
    table.world.volts_mv = 240000
    table.live(700000)
    assert table.world.contactor


def test_the_car_is_the_cure_of_a_voltage_that_its_own_current_lowers():
    """Above the limit nothing may be closed (IET 722.411.4.1); once it is closed, the car brings the voltage down."""
    table = Table([(0, 500, 500, 500)], board="metered", fidelity="rms", volts=252, settings={"resume_dwell_ms": 5000})
    table.live(60000)
    assert table.world.contactor
    table.world.volts_mv = 260000
    closings, faults = hour(table)
    assert (closings, faults) == (0, 0)
    assert table.world.mains_mv() < 251000
