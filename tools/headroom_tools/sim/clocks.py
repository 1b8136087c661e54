"""How a trace tells the time, and what is a number in it: from text to integer ms and back."""

import math
from datetime import date, datetime, timedelta, timezone

DAY_MS = 86_400_000
MOST_S = 1e11  # the year 5138: a larger number of seconds is something else


class NoTime(ValueError):
    """Not a time, for a reason that is worth telling."""


class Clock:
    """The trace's own way to tell the time, to and from ms: here seconds, with 0 at midnight."""

    form = "a number of seconds"
    dated = False

    def read(self, text: str) -> int:
        """Returns text in ms; ValueError if it is not in the trace's form."""
        seconds = read_number(text)
        if seconds < 0:
            raise NoTime("it is negative")
        if seconds > MOST_S:
            raise NoTime("too many seconds: divide it by 1000 if it is ms")
        return round(seconds * 1000)

    def read_option(self, text: str) -> int:
        """Returns text in ms as a person gives it, who may leave out what goes without saying."""
        return self.read(text)

    def wall_ms(self, t_ms: int) -> int:
        """Returns ms since some midnight, as a clock on the wall counts them."""
        return t_ms

    def of_day_ms(self, t_ms: int) -> int:
        """Returns the wall clock's ms since midnight."""
        return self.wall_ms(t_ms) % DAY_MS

    def write(self, t_ms: int) -> str:
        """Returns t_ms as the trace would write it."""
        return f"{t_ms / 1000:.15g}"

    def label(self, t_ms: int) -> str:
        """Returns t_ms as a person reads it, to the second."""
        day, second = divmod(self.wall_ms(t_ms) // 1000, DAY_MS // 1000)
        return f"day {day + 1}, {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


class WallClock(Clock):
    """ISO 8601 dates; ms since 1970 of the wall clock where there is no offset, of UTC where there is one."""

    form = "ISO 8601, such as 2026-01-15T18:30:00"
    dated = True

    def __init__(self) -> None:
        """The first time that is read settles whether times carry an offset, and which one days go by."""
        self.offset: timedelta | None = None
        self.aware: bool | None = None

    def read(self, text: str) -> int:
        """Returns text in ms; ValueError if it is not a time or mixes offset and no offset."""
        moment = self.parse(text.strip())
        aware = moment.tzinfo is not None
        if self.aware is None:
            self.aware, self.offset = aware, moment.utcoffset()
        if aware != self.aware:
            raise NoTime("some times have an offset from UTC and some have none")
        return ms_since_1970(moment if aware else moment.replace(tzinfo=timezone.utc))

    def read_option(self, text: str) -> int:
        """Returns text in ms; without an offset it is in the trace's own."""
        moment = self.parse(text.strip())
        if self.offset is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone(self.offset))
        return self.read(moment.isoformat())

    def parse(self, text: str) -> datetime:
        """Returns one time; ValueError if it is none."""
        return datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in ("Z", "z") else text)

    def wall_ms(self, t_ms: int) -> int:
        """Returns ms since 1970 as the wall clock reads, in the offset of the trace's first row."""
        return t_ms + (self.offset // timedelta(milliseconds=1) if self.offset else 0)

    def write(self, t_ms: int) -> str:
        """Returns t_ms as the trace would write it."""
        return self.wall(t_ms).isoformat()

    def label(self, t_ms: int) -> str:
        """Returns t_ms as a person reads it, to the second."""
        return self.wall(t_ms).strftime("%a %d %b, %H:%M:%S")

    def wall(self, t_ms: int) -> datetime:
        """Returns what the clock on the wall shows."""
        return datetime(1970, 1, 1) + timedelta(milliseconds=self.wall_ms(t_ms))


class UciClock(WallClock):
    """`dd/mm/yyyy HH:MM:SS`, the same in both variants of the UCI file."""

    form = "dd/mm/yyyy HH:MM:SS"

    def __init__(self) -> None:
        """Remembers the last date: a file has few of them and many rows."""
        super().__init__()
        self.day_text, self.day_ms = "", 0

    def read_option(self, text: str) -> int:
        """Returns text in ms; Date;Time may be joined as the file has it."""
        return self.read(text.replace(";", " "))

    def read(self, text: str) -> int:
        """Returns text in ms; ValueError if it is not in the file's form."""
        day_text, _, time_text = text.strip().partition(" ")
        if day_text != self.day_text:
            day, month, year = day_text.split("/")
            self.day_ms = (date(int(year), int(month), int(day)) - date(1970, 1, 1)).days * DAY_MS
            self.day_text = day_text
        hours, minutes, seconds = time_text.split(":")
        h, m, s = int(hours), int(minutes), int(seconds)
        if not (0 <= h < 24 and 0 <= m < 60 and 0 <= s < 60):
            raise ValueError("no such time of day")
        return self.day_ms + ((h * 60 + m) * 60 + s) * 1000

    def write(self, t_ms: int) -> str:
        """Returns t_ms as the trace would write it."""
        return self.wall(t_ms).strftime("%d/%m/%Y %H:%M:%S")


def ms_since_1970(moment: datetime) -> int:
    """Returns an aware datetime in ms, exactly."""
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def read_number(text: str) -> float:
    """Returns a finite number; ValueError in words otherwise."""
    try:
        number = float(text)
    except ValueError:
        comma = " (write a point, not a comma)" if text.replace(",", "").strip().isdigit() else ""
        raise ValueError(f"{text.strip()[:40]!r} is not a number{comma}") from None
    if not math.isfinite(number) or "_" in text:
        raise ValueError(f"{text.strip()[:40]!r} is not a number")
    return number
