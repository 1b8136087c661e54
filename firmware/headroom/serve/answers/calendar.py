"""Wall time, seconds since 2020-01-01 00:00, as people write and read it."""

from headroom.serve.clock import DAY_S

FIRST_YEAR = 2020
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def digits(text):
    """True for nothing but 0 to 9: other scripts have digits, too, and superscripts are some to Python."""
    return all(each in "0123456789" for each in text)


def leap(year):
    """True for a year of 366 days; right for 1901 to 2099."""
    return year % 4 == 0


def days_in(year, month):
    """Days of a month, 1 to 12."""
    return MONTHS[month - 1] + (1 if month == 2 and leap(year) else 0)


def parsed(text):
    """Seconds since 2020 of ``2026-11-24 19:12`` or ``2026-11-24T19:12:03``; None when it is no such time."""
    fields = text.replace("T", " ").replace("-", " ").replace(":", " ").split()
    if len(fields) not in (5, 6) or not all(digits(field) and len(field) <= 4 for field in fields):
        return None
    year, month, day, hour, minute = [int(field) for field in fields[:5]]
    second = int(fields[5]) if len(fields) == 6 else 0
    if not (FIRST_YEAR <= year <= 2053 and 1 <= month <= 12 and 1 <= day <= days_in(year, month)):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    days = day - 1
    for each in range(FIRST_YEAR, year):
        days += 366 if leap(each) else 365
    for each in range(1, month):
        days += days_in(year, each)
    return days * DAY_S + hour * 3600 + minute * 60 + second


def _dated(days):
    """(year, month, days of it that are over) of days since 2020."""
    year, month = FIRST_YEAR, 1
    while days >= (366 if leap(year) else 365):
        days -= 366 if leap(year) else 365
        year += 1
    while days >= days_in(year, month):
        days -= days_in(year, month)
        month += 1
    return year, month, days


def month_of(days):
    """Months since January 2020, of days since then."""
    year, month, _ = _dated(days)
    return (year - FIRST_YEAR) * 12 + month - 1


def written(wall_s):
    """``2026-11-24 19:12:03`` of seconds since 2020."""
    days, rest = divmod(wall_s, DAY_S)
    year, month, days = _dated(days)
    return "%d-%02d-%02d %02d:%02d:%02d" % (year, month, days + 1, rest // 3600, rest // 60 % 60, rest % 60)
