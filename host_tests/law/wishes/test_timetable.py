"""The weekly timetable minute by minute: midnight, the week's end, overlaps."""

from headroom.law.wishes.timetable import ALL_MA, DAY_MIN, WEEK_MIN, Timetable

MO_FR, SU = 0b0011111, 0b1000000
NIGHT = (MO_FR, 23 * 60 + 30, 360, 32000)  # 23:30 to 05:30 of the next day
TUESDAY, SATURDAY, MONDAY = 1 * DAY_MIN, 5 * DAY_MIN, 0


def at(minute_of_day, day=TUESDAY, windows=(NIGHT,), else_ma=0):
    return Timetable(windows, else_ma).at((day + minute_of_day) % WEEK_MIN)


def test_a_night_holds_from_its_first_minute_over_midnight_up_to_its_last():
    told = [at(minute) for minute in range(DAY_MIN)]
    expected = [32000] * 330 + [0] * (23 * 60 + 30 - 330) + [32000] * 30
    assert told == expected


def test_the_night_after_friday_ends_on_saturday_and_sunday_has_none():
    assert (at(329, SATURDAY), at(330, SATURDAY), at(23 * 60 + 45, SATURDAY)) == (32000, 0, 0)
    assert (at(0, MONDAY), at(23 * 60 + 30, MONDAY)) == (0, 32000)


def test_a_night_that_begins_on_sunday_goes_on_in_the_new_week():
    window = (SU, 23 * 60, 120, 10000)
    assert [at(minute, MONDAY, (window,)) for minute in (0, 59, 60)] == [10000, 10000, 0]


def test_without_windows_all_other_times_are_all_times():
    assert Timetable().at(0) == ALL_MA
    assert Timetable((), 6000).at(WEEK_MIN - 1) == 6000
    assert Timetable().until(17) == WEEK_MIN


def test_until_is_where_the_ceiling_may_next_change_and_never_later():
    table = Timetable((NIGHT, (SU, 600, 60, 6000)), 0)
    for minute in range(WEEK_MIN):
        span = table.until(minute)
        now = table.at(minute)
        assert 0 < span <= WEEK_MIN
        assert table.at((minute + span - 1) % WEEK_MIN) == now, minute
        if minute % 97 == 0:
            assert all(table.at((minute + each) % WEEK_MIN) == now for each in range(span))


def test_two_windows_with_a_minute_in_common_overlap_whichever_was_first():
    table = Timetable((NIGHT,))
    for other, clash in (
        ((MO_FR, 5 * 60, 60, 6000), True),  # into its morning
        ((MO_FR, 5 * 60 + 30, 60, 6000), False),
        ((MO_FR, 22 * 60, 90, 6000), False),
        ((MO_FR, 22 * 60, 91, 6000), True),
        ((MO_FR, 0, DAY_MIN, 6000), True),
        ((SU, 0, DAY_MIN, 6000), False),
        ((SU, 23 * 60, 120, 6000), False),
        ((1 << 5, 60, 60, 6000), True),  # Saturday morning is Friday's night
    ):
        assert bool(table.overlap(other)) is clash, other
        assert bool(Timetable((other,)).overlap(NIGHT)) is clash, other
