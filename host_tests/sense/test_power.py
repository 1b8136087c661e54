"""A mains voltage input: volts, watts, and which way they flow."""

from bench import host
from bench.table import Table
from bench.world import analog
from bench.world.car import Random

host.load("metered", "headroom.charger")
from headroom.sense.power import factor_of, signed_ma, watts


def readings_of(house_ma, lag_mdeg=0, ms=700, before=None, **scenario):
    """Means over half a second: (mV, mA of each phase, W of each phase), and the table."""
    table = Table([(0, house_ma, house_ma, house_ma)], board="metered", plugged_ms=[], line_mohm=0, **scenario)
    table.world.lag_mdeg = [lag_mdeg] * 3
    if before:
        before(table.world)
    analog.wire(table.world)
    table.live(ms)
    readings = table.charger.readings
    sums = [0] * 7
    for _ in range(20):
        table.tick()
        assert readings.mains_ok
        assert readings.power_ok
        values = [readings.mains_mv] + readings.grid_ma + readings.power_w  # noqa: RUF005 - MicroPython knows no star here
        for index in range(7):
            sums[index] += values[index]
    means = [total // 20 for total in sums]
    return means[0], means[1:4], means[4:], table


def near(value, wanted, percent=1):
    return abs(value - wanted) * 100 <= abs(wanted) * percent


def test_volts_and_watts_of_every_phase_at_power_factors_from_1_to_a_half():
    for lag_mdeg, factor in ((0, 1000), (30000, 866), (-45000, 707), (60000, 500)):
        mv, ma, power_w, _ = readings_of(10000, lag_mdeg)
        assert near(mv, 230000)
        for phase in range(3):
            assert near(ma[phase], 10000)
            assert near(power_w[phase], 2300 * factor // 1000)


def test_from_45_to_65_hz_whatever_was_set():
    for mhz in (45000, 65000):
        _, _, power_w, table = readings_of(10000, 60000, mains_mhz=mhz)
        assert abs(table.charger.readings.mains_mhz - mhz) < 100
        for phase in range(3):
            assert near(power_w[phase], 1150)


def test_a_frequency_that_leaps_is_followed_within_two_seconds():
    _, _, _, table = readings_of(10000, 30000)
    for mhz in (50200, 50500, 49600):
        table.world.mains.set_mhz(mhz, table.chip.us)
        table.live(2000)
        readings = table.charger.readings
        assert abs(readings.mains_mhz - mhz) < 60
        assert near(readings.power_w[2], 1992, 2)


def test_export_is_negative():
    _, ma, power_w, _ = readings_of(-8000)
    for phase in range(3):
        assert near(power_w[phase], -1840)
        assert near(ma[phase], -8000, 5)


def test_a_clamp_that_is_on_backwards_reads_export():
    def turned(world):
        world.chip.analog[world.board.CT_PINS[1]] = analog.clamp(world, 1, sign=-1)

    table = Table([(0, 8000, 8000, 8000)], board="metered", plugged_ms=[], line_mohm=0)
    turned(table.world)
    table.live(300)
    power_w = table.charger.readings.power_w
    assert near(power_w[0], 1840, 3)
    assert near(power_w[1], -1840, 3)


def test_the_voltage_follows_within_two_windows():
    _, _, _, table = readings_of(5000)
    for mv in (200000, 260000):
        table.world.volts_mv = mv
        table.tick()
        table.tick()
        assert near(table.charger.readings.mains_mv, mv, 2)


def test_without_voltage_there_is_no_direction_and_the_reading_is_0_volts():
    _, _, _, table = readings_of(-8000)
    table.world.volts_mv = 0
    table.live(200)
    readings = table.charger.readings
    assert readings.mains_ok
    assert readings.mains_mv < 5000
    assert not readings.power_ok
    assert near(readings.grid_ma[0], 8000, 3)


def test_a_board_without_the_input_knows_neither():
    table = Table([(0, 8000, 8000, 8000)], plugged_ms=[], line_mohm=0)
    table.live(200)
    assert not table.charger.readings.mains_ok
    assert not table.charger.readings.power_ok


def test_watts_are_the_product_to_half_a_watt_and_stay_small():
    dice = Random(8)
    for uw in (300, 30316, 250000):
        factor, shift = factor_of(uw)
        assert factor < 1 << 19
        for _ in range(200):
            square = dice.between(-(1 << 30) + 1, (1 << 30) - 1)
            exact = square * uw / 256000000
            assert abs(watts(square, factor, shift) - exact) <= 0.51 + abs(exact) / 100000


def test_a_car_added_to_an_exporting_phase_never_carries_more_than_reckoned():
    dice = Random(9)
    for _ in range(300):
        active_ma, reactive_ma, car_ma = dice.between(0, 40000), dice.between(0, 40000), dice.between(0, 80000)
        ma = int((active_ma**2 + reactive_ma**2) ** 0.5) + 1
        exported_w = active_ma * 230 // 1000
        reckoned_ma = signed_ma(ma, -exported_w, 230000) + car_ma
        carried_ma = ((car_ma - active_ma) ** 2 + reactive_ma**2) ** 0.5
        assert carried_ma <= abs(reckoned_ma) + 100 or carried_ma <= ma
