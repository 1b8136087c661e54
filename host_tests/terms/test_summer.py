"""Summer time by the household's four numbers, against the world's tables, and the clock on the wall through both changes."""

from datetime import datetime, timedelta, timezone

import pytest
from headroom.serve.answers.calendar import parsed, written
from headroom.serve.answers.contradictions import is_sunday
from headroom.serve.clock import Clock
from headroom.serve.summer import SummerClock
from headroom.terms.summer import ahead_s, turn_s

EUROPE, LONDON, NEW_YORK, SYDNEY = (60, 3502, 10502), (60, 3501, 10501), (60, 3202, 11101), (60, 10102, 4102)
FIRST = datetime(2020, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("zone", "zone_min", "rule"),
    [
        ("Europe/Berlin", 60, EUROPE),
        ("Europe/London", 0, LONDON),
        ("America/New_York", -300, NEW_YORK),
        ("Australia/Sydney", 600, SYDNEY),
    ],
)
def test_four_numbers_say_what_the_worlds_tables_say_at_every_hour_of_many_years(zone, zone_min, rule):
    zoneinfo = pytest.importorskip("zoneinfo")
    try:
        there = zoneinfo.ZoneInfo(zone)
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("this computer has no table of the world's zones")
    moment, step = datetime(2021, 1, 1, 0, 30, tzinfo=timezone.utc), timedelta(hours=1)
    while moment.year < 2037:
        offset_s = int(moment.astimezone(there).utcoffset().total_seconds())
        standard_s = int((moment - FIRST).total_seconds()) + zone_min * 60
        assert ahead_s(standard_s, rule) == offset_s - zone_min * 60, moment
        moment += step


@pytest.mark.parametrize("rule", [EUROPE, LONDON, NEW_YORK, SYDNEY])
def test_the_next_turn_is_where_the_time_ahead_changes(rule):
    now_s = parsed("2026-01-01 00:00")
    for _ in range(8):
        at_s = turn_s(now_s, rule)
        assert ahead_s(now_s, rule) == ahead_s(at_s - 1, rule) != ahead_s(at_s, rule)
        now_s = at_s


def test_what_is_no_sunday_is_known():
    assert all(is_sunday(code) for code in (3502, 10502, 11101, 1100, 12523))
    assert not any(is_sunday(code) for code in (0, 13502, 3602, 3002, 3524, 502))


def settings(rule):
    """The household's settings that say so."""
    return dict(zip(("summer_min", "summer_begins", "summer_ends"), rule or (0, 0, 0), strict=True))


def clock_at(text, rule):
    clock = SummerClock(Clock())
    clock.follow(settings(rule))
    clock.tell(parsed(text))
    return clock


def shown(clock):
    return written(clock.wall_s())[11:16]


def minutes_of(clock, minutes):
    for _ in range(minutes):
        yield shown(clock)
        clock.step(60000)


def test_in_spring_the_wall_goes_from_two_to_three_and_no_minute_is_told_twice():
    told = list(minutes_of(clock_at("2026-03-29 01:58", EUROPE), 5))
    assert told == ["01:58", "01:59", "03:00", "03:01", "03:02"]


def test_in_autumn_the_hour_from_two_comes_twice():
    told = list(minutes_of(clock_at("2026-10-25 02:58", EUROPE), 64))
    assert told[:4] == ["02:58", "02:59", "02:00", "02:01"]
    assert told[-3:] == ["02:59", "03:00", "03:01"]


def test_midnight_is_a_minute_like_any_other():
    assert list(minutes_of(clock_at("2026-12-31 23:59", EUROPE), 2)) == ["23:59", "00:00"]


def test_whatever_the_wall_shows_is_what_was_told():
    for text in ("2026-01-15 12:00", "2026-07-15 12:00", "2026-03-29 03:00", "2026-10-25 01:59", "2026-10-25 03:00"):
        for rule in (None, EUROPE, NEW_YORK, SYDNEY):
            assert written(clock_at(text, rule).wall_s()) == text + ":00"


def test_a_rule_that_is_set_later_moves_the_wall_only_from_the_next_change_on():
    clock = clock_at("2026-07-15 12:00", None)
    clock.follow(settings(EUROPE))
    assert shown(clock) == "12:00"
    clock.follow(settings(None))
    assert shown(clock) == "12:00"


def test_a_clock_that_was_never_told_runs_on_from_nothing_with_any_rule():
    clock = SummerClock(Clock())
    clock.follow(settings(EUROPE))
    clock.step(5000)
    assert (clock.reckoned_s(), clock.wall_s()) == (5, 0)
