"""EREC G100: excursions are counted, too many lock the charger out, and the lock-out outlives a reset."""

from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults
from headroom.monitor.excursions import Excursions

LIMIT_MA = 20000


def over(watched, seconds, ma=25000, closed=True, tick_ms=100):
    """Whether the charger was to be locked out in these seconds."""
    found = False
    for _ in range(seconds * 1000 // tick_ms):
        found = watched.step(tick_ms, (ma, 0, 0), 1, LIMIT_MA, closed) or found
    return found


def under(watched, seconds):
    assert not over(watched, seconds, 15000, tick_ms=5000)


def test_an_excursion_of_less_than_15_seconds_does_not_count():
    watched = Excursions()
    for _ in range(20):
        assert not over(watched, 14)
        under(watched, 5)
    assert watched.count == 0


def test_one_of_a_minute_locks_out():
    watched = Excursions()
    assert not over(watched, 59)
    assert watched.count == 1
    assert over(watched, 1)


def test_the_second_within_ten_minutes_locks_out():
    watched = Excursions()
    assert not over(watched, 16)
    under(watched, 580)
    assert over(watched, 16)


def test_the_third_within_a_day_locks_out_and_no_earlier():
    watched = Excursions()
    for _ in range(2):
        assert not over(watched, 16)
        under(watched, 700)
    assert over(watched, 16)


def test_after_a_day_they_are_forgotten():
    watched = Excursions()
    for _ in range(2):
        assert not over(watched, 16)
        under(watched, 700)
    under(watched, 86400)
    assert not over(watched, 16)


def test_a_second_one_that_is_not_the_first_locks_out_too():
    watched = Excursions()
    assert not over(watched, 16)
    under(watched, 86400)
    assert not over(watched, 16)
    under(watched, 300)
    assert over(watched, 16)


def counted_at(*seconds):
    """Whether the charger was to be locked out by the last of excursions that count at these seconds."""
    watched = Excursions()
    told, now_s = False, 0
    for second in seconds:
        assert not told
        watched.step((second - 15 - now_s) * 1000, (0, 0, 0), 1, LIMIT_MA, True)
        told = watched.step(15000, (25000, 0, 0), 1, LIMIT_MA, True)
        now_s = second
    assert watched.count == len(seconds)
    return told


def test_ten_minutes_and_a_day_are_over_to_the_second():
    assert counted_at(100, 699)
    assert not counted_at(100, 700)
    assert counted_at(100, 1000, 86499)
    assert not counted_at(100, 1000, 86500)
    assert counted_at(100, 1000, 86500, 87399)
    assert not counted_at(100, 1000, 86500, 87400)


def test_it_is_15_seconds_to_the_millisecond_and_anew_each_time():
    watched = Excursions()
    for turn in range(3):
        watched.step(14999, (25000, 0, 0), 1, LIMIT_MA, True)
        assert watched.count == turn
        watched.step(1, (25000, 0, 0), 1, LIMIT_MA, True)
        assert watched.count == turn + 1
        watched.step(700000, (0, 0, 0), 1, LIMIT_MA, True)


def test_time_passes_in_short_ticks_as_in_long_ones():
    watched = Excursions()
    assert not over(watched, 16)
    assert not over(watched, 600, 15000, tick_ms=300)
    assert not over(watched, 16)


def test_the_limit_itself_is_no_excursion():
    watched = Excursions()
    assert not over(watched, 100, LIMIT_MA)
    assert not over(watched, 14, LIMIT_MA + 1)
    assert over(watched, 46, LIMIT_MA + 1)


def test_an_excursion_that_goes_on_is_told_once():
    watched = Excursions()
    told = [watched.step(1000, (25000, 0, 0), 1, LIMIT_MA, True) for _ in range(200)]
    assert told.count(True) == 1


def test_its_clock_stays_a_small_integer_for_ever():
    watched = Excursions()
    for _ in range(1100):
        watched.step(1000000000, (0, 0, 0), 1, LIMIT_MA, True)
    assert 0 < watched.seconds < 1 << 30


def test_what_the_house_does_without_the_car_is_not_the_chargers():
    assert not over(Excursions(), 100, closed=False)


def test_the_lock_out_stays_across_a_reset_until_a_person_clears_it_or_four_hours_have_passed():
    point = Point(import_ma=LIMIT_MA, breaker_ma=63000)
    point.charge()
    point.readings.grid_ma[0] = 25000
    point.live(59000)
    assert not point.verdict.faults
    point.live(1100)
    assert point.fault() == "import limit exceeded too often"
    assert point.verdict.offer_ma == 0
    point.live(7000, "B")
    assert not point.verdict.closed
    point.readings.grid_ma[0] = 1000
    point.tick_ms = 1000
    point.live(600000, "B")
    point.tick_ms = 20
    assert point.stands(faults.IMPORT_LIMIT)
    again = Point(import_ma=LIMIT_MA)
    again.guard.latch(point.guard.latched())
    again.live(10000, "B")
    assert again.stands(faults.IMPORT_LIMIT)
    point.guard.clear_by_person()
    assert point.live(5000, "B").faults == 0
    again.tick_ms = 1000
    again.live(14400000 - 15000, "B")
    assert again.stands(faults.IMPORT_LIMIT)
    assert again.live(10000, "B").faults == 0
    assert again.live(10000, "C").closed
