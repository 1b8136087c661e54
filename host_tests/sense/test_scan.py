"""The scan reads what the bench's analog world carries, at waveform fidelity."""

from bench.table import Table


def scan_of(house_ma, ms=200, **scenario):
    """Readings after ``ms`` with a constant house (L1, L2, L3)."""
    table = Table([(0,) + tuple(house_ma)], **scenario)  # noqa: RUF005 - MicroPython knows no star here
    table.live(ms)
    return table.charger.readings


def test_the_current_is_within_two_percent():
    for ma in (2000, 10000, 25000, 63000):
        readings = scan_of((ma, ma // 2, ma), plugged_ms=[])
        assert abs(readings.grid_ma[0] - ma) < ma // 50 + 150
        assert abs(readings.grid_ma[1] - ma // 2) < ma // 50 + 150
        assert abs(readings.grid_ma[2] - ma) < ma // 50 + 150


def test_at_60_hz_too():
    readings = scan_of((10000, 10000, 10000), plugged_ms=[], hz=60)
    assert abs(readings.grid_ma[0] - 10000) < 300


def test_the_plateaus_of_a_car_in_b_are_read_at_every_duty():
    for offer_a in (6, 10, 16, 25, 32):
        table = Table([(0, 0, 0, 0)], car_ma=offer_a * 1000, breaker_ma=63000)
        table.live(31000)
        readings = table.charger.readings
        assert readings.pilot_ok
        assert table.charger.verdict.offer_ma == offer_a * 1000
        assert abs(readings.pilot_high_mv - 8980) < 500 or abs(readings.pilot_high_mv - 5996) < 500
        assert abs(readings.pilot_low_mv + 12000) < 500
