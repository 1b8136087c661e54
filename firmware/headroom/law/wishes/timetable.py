"""The weekly timetable: windows with a ceiling each, and one ceiling for all other times. Minutes of the week, from Monday 00:00.

A window is (days, from, length, ma): bit n of ``days`` is the day on which it begins, Monday first; minutes of the day; minutes,
up to 1440, so one that begins at 23:30 may end on the next day; mA, 0 is nothing. Pure: what time it is, the caller says.
"""

DAY_MIN, WEEK_MIN = 1440, 10080
ALL_MA = 80000  # beyond any charger: no ceiling
WINDOWS_MAX = 8


class Timetable:
    """``at`` a minute of the week, and ``until`` when that holds."""

    def __init__(self, windows=(), else_ma=ALL_MA):
        self.windows = list(windows)
        self.else_ma = else_ma

    def at(self, minute):
        """The ceiling in mA."""
        window = self.window(minute)
        return self.else_ma if window is None else window[3]

    def window(self, minute):
        """The window in which that minute lies, or None."""
        day, of_day = minute // DAY_MIN, minute % DAY_MIN
        yesterday = (day + 6) % 7
        for window in self.windows:
            days, begins, length, _ = window
            if days >> day & 1 and begins <= of_day < begins + length:
                return window
            if days >> yesterday & 1 and of_day + DAY_MIN < begins + length:
                return window
        return None

    def until(self, minute):
        """In how many minutes, at the latest a week, a window may begin or end."""
        least = WEEK_MIN
        for days, begins, length, _ in self.windows:
            for day in range(7):
                if days >> day & 1:
                    away = (day * DAY_MIN + begins - minute) % WEEK_MIN
                    if 0 < away < least:
                        least = away
                    away = (day * DAY_MIN + begins + length - minute) % WEEK_MIN
                    if 0 < away < least:
                        least = away
        return least

    def overlap(self, new):
        """The window that has a minute in common with ``new``, or None."""
        probe = Timetable((new,))
        for window in self.windows:
            there = Timetable((window,))
            for day in range(7):
                if new[0] >> day & 1 and there.window(day * DAY_MIN + new[1]):
                    return window
                if window[0] >> day & 1 and probe.window(day * DAY_MIN + window[1]):
                    return window
        return None
