"""Energy: nothing is lost in short steps, the rings forget in order, and a power cut costs less than a Wh."""

from headroom.decide.energy import DAYS, HOURS, LENGTH, Meter


def test_steps_of_any_length_lose_nothing():
    meter = Meter()
    exact = 0  # W ms
    for step in range(20000):
        dt_ms, watts = 24 + step % 7, 137 + step % 5000
        meter.add(dt_ms, watts, 0)
        exact += dt_ms * watts
    assert meter.wh == exact // 3600000
    assert meter.rest_uwh == exact * 5 // 18 % 1000000


def test_one_watt_in_steps_of_100_ms_is_one_watt_hour_an_hour():
    meter = Meter()
    for _ in range(36000):
        meter.add(100, 1, 0)
    assert (meter.wh, meter.rest_uwh, meter.rest_18th) == (1, 0, 0)


def test_export_counts_down():
    meter = Meter()
    for _ in range(3600):
        meter.add(1000, -2000, 0)
    assert meter.wh == -2000


def test_each_hour_and_day_has_its_own_total_and_the_rings_forget_the_oldest():
    meter = Meter()
    for hour in range(HOURS + 3):
        for _ in range(1200):
            meter.add(3000, 1000 + hour, hour)
    for hour in range(3, HOURS + 3):
        assert abs(meter.hours[hour % HOURS] - 1000 - hour) <= 1
    assert sum(meter.days) == meter.wh


def test_a_month_without_power_leaves_empty_hours_behind_it():
    meter = Meter()
    for _ in range(1200):
        meter.add(3000, 5000, 0)
    meter.add(1000, 0, 24 * (DAYS + 5))
    assert sum(meter.hours) == 0
    assert sum(meter.days) == 0
    assert meter.wh == 5000


def test_what_was_packed_comes_back_and_anything_else_is_refused():
    meter, other = Meter(), Meter()
    for _ in range(1200):
        meter.add(3000, -700, 5)
    data = meter.pack()
    assert len(data) == LENGTH
    assert other.unpack(data)
    assert (other.wh, other.hour, other.hours, other.days) == (meter.wh, meter.hour, meter.hours, meter.days)
    for broken in (b"", data[:-1], b"\xff" + data[1:]):
        assert not other.unpack(broken)
    assert other.wh == meter.wh


def test_everything_stays_in_the_chips_small_ints():
    meter = Meter()
    for watts in (60000, -60000):
        assert abs(watts * 3000 * 5 + 17) < 1 << 30
        meter.add(3000, watts, 0)
