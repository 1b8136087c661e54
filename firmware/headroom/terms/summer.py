"""Summer time by a rule of the household's own: how far it goes ahead, and the two Sundays on which it begins and ends.

A Sunday is one number: month, which one of the month (5: the last), hour. 3502: the last of March at 02 h, 11101: the first of
November at 01 h. Hours are those of the zone's own, winter time, so the European rule reads the same in spring and in autumn
(Directive 2000/84/EC: 01:00 UTC). Seconds are counted from 2020-01-01 00:00. In memory only where a rule is set.
"""

DAY_S = 86400
BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)  # days of a year before each month
NEVER_S = (1 << 30) - 1


def sunday_s(year, code):
    """When the Sunday of ``code`` is in that year (2020 to 2053)."""
    month = code // 1000
    leap = year % 4 == 0
    first = (year - 2020) * 365 + (year - 2017) // 4
    begins = first + BEFORE[month - 1] + (leap and month > 2)
    ends = first + BEFORE[month] + (leap and month > 1)
    day = begins + (4 - begins) % 7 + 7 * (code // 100 % 10 - 1)  # day 4, 2020-01-05, was a Sunday
    while day >= ends:
        day -= 7
    return day * DAY_S + code % 100 * 3600


def year_of(standard_s):
    """The year in which that second lies."""
    return 2020 + standard_s // DAY_S * 4 // 1461


def ahead_s(standard_s, rule):
    """How far the clock on the wall is ahead of winter time; ``rule``: (minutes, first Sunday, last Sunday)."""
    minutes, first, last = rule
    year = year_of(standard_s)
    begins_s, ends_s = sunday_s(year, first), sunday_s(year, last)
    south = ends_s < begins_s  # of the equator summer goes over the turn of the year
    between = min(begins_s, ends_s) <= standard_s < max(begins_s, ends_s)
    return minutes * 60 if between != south else 0


def turn_s(standard_s, rule):
    """When, after that second, the clock is next put forward or back."""
    found_s = NEVER_S
    for year in (year_of(standard_s), year_of(standard_s) + 1):
        for code in rule[1:]:
            at_s = sunday_s(year, code)
            if standard_s < at_s < found_s:
                found_s = at_s
    return found_s


def standard_of(wall_s, rule):
    """The winter time at which the wall shows ``wall_s``: of the hour that comes twice the first."""
    summer_s = wall_s - rule[0] * 60
    return summer_s if ahead_s(summer_s, rule) else wall_s
