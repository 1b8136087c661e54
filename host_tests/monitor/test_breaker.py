"""The image of the supply breaker, and the last resort."""

from headroom.monitor import breaker
from headroom.monitor.breaker import FASTEST, FULL, SLOW, TYPICAL, Image, LastResort, heating, trips_at
from headroom.terms.records import Limits, Readings


def of_20_a(load_ma):
    """Where the heat of a 20 A breaker is heading under a load."""
    power = [0]
    heating((load_ma,), 1, 20000, power)
    return power


def seconds_to_trip(curve, load_percent, from_percent=0, tick_ms=20):
    """How long a 20 A breaker of this curve is taken to bear a load, in s; None beyond ten minutes."""
    k, tau_ms = breaker.CURVES[curve]
    image = Image(1)
    image.heat[0] = from_percent * from_percent
    power = of_20_a(200 * load_percent)
    for tick in range(600000 // tick_ms):
        image.step(tick_ms, power, 1, tau_ms)
        if image.heat[0] >= k * k // 100:
            return tick * tick_ms // 1000
    return None


def test_a_typical_breaker_bears_what_the_domain_notes_say():
    assert seconds_to_trip(TYPICAL, 130, 100) in (60, 61)
    assert seconds_to_trip(TYPICAL, 145, 100) in (30, 31)
    assert seconds_to_trip(TYPICAL, 255) in (14, 15)
    assert seconds_to_trip(TYPICAL, 115, 80) is None


def test_the_fastest_legal_one_trips_within_seconds():
    assert seconds_to_trip(FASTEST, 130, 100) == 2
    assert seconds_to_trip(FASTEST, 255) in (0, 1)
    assert seconds_to_trip(FASTEST, 112, 100) is None


def test_every_curve_stands_in_the_room_that_iec_60898_leaves():
    for curve in (TYPICAL, FASTEST, SLOW):
        assert seconds_to_trip(curve, 112, 100, tick_ms=1000) is None
        assert 1 <= seconds_to_trip(curve, 255, tick_ms=5) <= 60
    assert seconds_to_trip(FASTEST, 255, tick_ms=5) == 1
    assert seconds_to_trip(SLOW, 255) >= 58


def test_beyond_four_times_the_rating_the_bimetal_is_told_no_more():
    assert of_20_a(80000) == of_20_a(500000) == [16 * FULL]
    assert of_20_a(-40000) == of_20_a(40000) == [4 * FULL]


def test_a_cooling_bimetal_falls_to_what_the_load_says_and_not_below():
    image = Image(1)
    image.heat[0] = FULL
    for _ in range(1000):
        image.step(1000, of_20_a(10000), 1, 60000)
    assert FULL // 4 <= image.heat[0] <= FULL // 4 + 100
    image.heat[0] = FULL
    image.step(60000, of_20_a(0), 1, 60000)
    assert image.heat[0] == FULL // 2


def test_the_heat_to_come_counts_from_the_heat_there_is():
    image = Image(1)
    image.heat[0] = 5000
    assert image.heat_in(0, [11000], 30000, 60000) == 8000
    assert image.heat_in(0, [4000], 60000, 60000) == 5000


def test_the_contactor_opens_a_tick_and_its_release_before_the_breaker_trips():
    """AHEAD_MS ahead of the heat that is trusted, at 2.55 times the rating of a cold breaker."""
    k, tau_ms = 1130, 4600
    image, power, tripped_ms = Image(1), of_20_a(51000), 0
    while image.heat[0] < trips_at(k):
        image.step(20, power, 1, tau_ms)
        tripped_ms += 20
    point = Point(FASTEST)
    point.resort.image.heat = [0] * 3
    assert 120 <= tripped_ms - point.waits_ms((51000, 0, 0)) <= 200


def test_at_the_start_the_breaker_is_taken_for_cold_and_at_no_risk():
    point = LastResort(Limits())
    assert (point.image.heat, point.slow.heat, point.at_risk) == ([0] * 3, [0] * 3, False)


def test_short_ticks_lose_nothing():
    long, short = Image(1), Image(1)
    for _ in range(60):
        long.step(1000, of_20_a(26000), 1, 60000)
    for _ in range(12000):
        short.step(5, of_20_a(26000), 1, 60000)
    assert 0 <= long.heat[0] - short.heat[0] <= 100


def test_rated_current_is_full_heat():
    image = Image(1)
    for _ in range(600):
        image.step(1000, of_20_a(20000), 1, 60000)
    assert image.heat[0] == FULL


class Point:
    """A last resort on 20 A that has carried its rating for long."""

    def __init__(self, curve=TYPICAL, phases=1):
        self.limits = Limits()
        self.limits.breaker_ma = 20000
        self.limits.breaker_curve = curve
        self.limits.phases = phases
        self.resort = LastResort(self.limits)
        self.resort.image.heat = [FULL] * 3
        self.readings = Readings()

    def waits_ms(self, load_ma, closed=True, within_ms=20000):
        """How long until the contactor must open; None if it need not."""
        self.readings.grid_ma[:] = load_ma
        for ms in range(0, within_ms, 20):
            self.resort.step(20, self.readings, closed)
            if self.resort.at_risk:
                return ms
        return None


def test_a_typical_breaker_waits_for_the_car():
    assert Point().waits_ms((30000, 0, 0), within_ms=5500) is None


def test_the_fastest_does_not_and_the_contactor_opens_before_it_trips():
    waits_ms = Point(FASTEST).waits_ms((26000, 0, 0))
    assert 500 < waits_ms < 2400 - 150


def test_what_the_house_does_alone_is_not_the_contactors_business():
    assert Point(FASTEST).waits_ms((26000, 0, 0), closed=False) is None


def test_after_the_contactor_has_opened_the_risk_lasts_for_as_long_as_the_load_does():
    point = Point(FASTEST, phases=3)
    assert point.waits_ms((19000, 0, 30000)) is not None
    for _ in range(3000):
        point.resort.step(20, point.readings, False)
        assert point.resort.at_risk
    point.readings.grid_ma[2] = 20000
    point.resort.step(20, point.readings, False)
    assert not point.resort.at_risk
    assert point.waits_ms((19000, 0, 30000), closed=False) is None


def test_every_phase_that_is_wired_counts_whatever_the_law_believes_of_the_car():
    assert Point(FASTEST, phases=3).waits_ms((19000, 0, 30000)) is not None
    assert Point(FASTEST, phases=1).waits_ms((19000, 0, 30000)) is None


def test_at_the_rating_nothing_happens_however_long():
    assert Point(FASTEST).waits_ms((20000, 0, 0), within_ms=600000) is None


def test_the_margin_is_kept_from_what_trips():
    for k, _ in breaker.CURVES:
        assert trips_at(k) < k * k // 100


def test_the_last_ten_thousandth_of_heat_takes_its_time_too():
    image = Image(1)
    image.heat[0] = FULL - 1
    image.step(59999, of_20_a(20000), 1, 60000)
    assert image.heat[0] == FULL - 1
    image.step(1, of_20_a(20000), 1, 60000)
    assert image.heat[0] == FULL


def test_the_contactor_opens_where_the_trusted_heat_is_reached_and_not_below():
    """95 % of 1.2 squared; 150 ms at twice the rating are 150 / 60000 of the way to 4."""
    for heat, waits_ms in ((13615, 0), (13614, None)):
        point = Point()
        point.resort.image.heat[0] = heat
        point.readings.grid_ma[:] = (40000, 0, 0)
        point.resort.step(0, point.readings, True)
        assert point.resort.at_risk is (waits_ms == 0)
