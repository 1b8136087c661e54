"""How a trace tells the time, found by looking at its first times, or told: dates of every country, epochs, zones.

Sources: ISO 8601; Unix time in s, ms, us or ns; days since 1899-12-30 (spreadsheets); abbreviations of zones as the IANA
database has them, without those that several zones share (IST, CST of China).
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from headroom_tools.common.errors import BadInput
from headroom_tools.sim.clocks import DAY_MS, Clock, NoTime, WallClock, read_number

HOUR_MS = 3_600_000
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120,
    "eest": 180, "msk": 180, "sast": 120, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "jst": 540, "awst": 480, "aest": 600, "aedt": 660, "acst": 570, "acdt": 630, "nzst": 720, "nzdt": 780,
}  # fmt: skip
MONTH_NAMES = (
    "jan gen ene janv", "feb fév febr fevr", "mar mär mrz mrt mars", "apr avr abr", "may mai mei mag", "jun juin giu",
    "jul juil lug", "aug août ago aou", "sep sept set", "oct okt ott", "nov", "dec dez déc dic",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, 1) for name in names.split()}
DATE = re.compile(r"(\d{1,4})\s?[-/.\s]\s?(\d{1,2}|[^\W\d_]{3,10})\.?\s?[-/.\s,]\s?(\d{2,4})")
SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
MOMENT = re.compile(
    r"(?P<date>\d{1,4}\s?[-/.\s]\s?(?:\d{1,2}|[^\W\d_]{3,10})\.?\s?[-/.\s,]\s?\d{2,4}|\d{8})"
    r"(?:(?:[T\s,]|$)[\s,-]*(?P<time>.*))?"
)
TIME = re.compile(
    r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(?:([AaPp])\.?[Mm]\.?)?\s*"
    r"(Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2}|[A-Za-z]{2,5}(?:[+-]\d{1,2})?)?",
    re.ASCII,
)
EPOCHS = ((1e8, 1e10, 1e3, "s"), (1e11, 1e13, 1.0, "ms"), (1e14, 1e16, 1e-3, "us"), (1e17, 1e19, 1e-6, "ns"))


class ZoneClock(WallClock):
    """A wall clock that may be in a zone. zone: whose time it is; told by a person, else None."""

    def __init__(self, zone: ZoneInfo | None = None) -> None:
        """zone: what times without an offset are in."""
        super().__init__()
        self.zone = zone
        self.last_ms: int | None = None
        self.cached: dict[int, int] = {}

    def from_local(self, local_ms: int) -> int:
        """Returns UTC ms of what the clock on the wall shows, of an hour that comes twice the one that follows on."""
        if self.zone is None:
            return local_ms
        t_ms = local_ms - self._offset_at(local_ms, 0)
        if self.last_ms is not None and t_ms < self.last_ms:
            later_ms = local_ms - self._offset_at(local_ms, 1)
            if later_ms >= self.last_ms:
                t_ms = later_ms
        self.last_ms = t_ms
        return t_ms

    def _offset_at(self, local_ms: int, fold: int) -> int:
        key = local_ms // 900_000 * 2 + fold
        if key not in self.cached:
            if len(self.cached) > 4096:
                self.cached.clear()
            moment = datetime(1970, 1, 1) + timedelta(milliseconds=local_ms)
            offset = self.zone.utcoffset(moment.replace(fold=fold)) if self.zone else None
            self.cached[key] = (offset or timedelta()) // timedelta(milliseconds=1)
        return self.cached[key]

    def wall_ms(self, t_ms: int) -> int:
        """Returns ms since 1970 as the wall clock reads."""
        if self.zone is None:
            return super().wall_ms(t_ms)
        moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=t_ms)
        return t_ms + (moment.astimezone(self.zone).utcoffset() or timedelta()) // timedelta(milliseconds=1)


class EpochClock(ZoneClock):
    """Unix time; days go by the zone told, else by UTC."""

    def __init__(self, to_ms: float, unit: str, zone: ZoneInfo | None) -> None:
        """to_ms: a unit's ms."""
        super().__init__(zone)
        self.to_ms = to_ms
        self.form = f"Unix time in {unit}"
        self.offset = timedelta()

    def read(self, text: str) -> int:
        """Returns text in ms; ValueError if it is no time of this century or so."""
        exact = self.to_ms < 1 and text.isdigit()
        t_ms = int(text) // round(1 / self.to_ms) if exact else round(read_number(text) * self.to_ms)
        if not 0 <= t_ms < 10**13:
            raise NoTime("not between 1970 and 2286")
        return t_ms

    def read_option(self, text: str) -> int:
        """Returns text in ms: as the file has it, or as a date."""
        try:
            return self.read(text)
        except ValueError:
            return DateClock("ymd", self.zone or ZoneInfo("UTC")).read(text)


class SerialClock(ZoneClock):
    """A spreadsheet's days since 1899-12-30, in local time."""

    form = "a spreadsheet's days, such as 46037.75"

    def read(self, text: str) -> int:
        """Returns text in ms."""
        days = read_number(text.replace(",", "."))
        if not 20_000 <= days < 90_000:
            raise NoTime("not between 1954 and 2146")
        return self.from_local(round((days - 25_569) * DAY_MS / 1000) * 1000)


class OfDayClock(Clock):
    """HHMM or HH:MM without a date, of one day and what follows it."""

    form = "HHMM"

    def __init__(self) -> None:
        """Day one."""
        self.last_ms = -1

    def read(self, text: str) -> int:
        """Returns text in ms since the first midnight."""
        bare = text.strip().replace(":", "")
        if not (bare.isascii() and bare.isdigit() and len(bare) in (3, 4, 6)):
            raise NoTime("no HHMM")
        bare = bare.zfill(4).ljust(6, "0")
        hours, minutes, seconds = int(bare[:2]), int(bare[2:4]), int(bare[4:])
        if hours > 23 or minutes > 59 or seconds > 59:
            raise NoTime("no such time of day")
        t_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000
        if self.last_ms >= 0:
            while t_ms < self.last_ms - 12 * HOUR_MS:
                t_ms += DAY_MS
        self.last_ms = t_ms
        return t_ms

    def read_option(self, text: str) -> int:
        """Returns text in ms, of the first day."""
        return OfDayClock().read(text)


class DateClock(ZoneClock):
    """Dates with or without a time, in one order of day, month and year; offsets, abbreviations, AM and PM."""

    def __init__(self, order: str, zone: ZoneInfo | None = None, autumn: bool = False) -> None:
        """order: ymd, dmy or mdy. autumn: in the night that ends summer time, the clock may be set back an hour."""
        super().__init__(zone)
        self.order = order
        self.autumn = autumn
        self.set_back = False
        self.latest_ms: int | None = None
        self.days: dict[str, int] = {}
        self.form = {"ymd": WallClock.form, "dmy": "dd/mm/yyyy HH:MM:SS", "mdy": "mm/dd/yyyy HH:MM:SS"}[order]

    def read(self, text: str) -> int:
        """Returns text in ms; ValueError if it is not a time or mixes offset and no offset."""
        found = MOMENT.fullmatch(text.strip())
        if found is None:
            raise ValueError("no time")
        day_ms = self.days.get(found["date"])
        if day_ms is None:
            if len(self.days) > 64:
                self.days.clear()
            day_ms = self.days[found["date"]] = read_date(found["date"], self.order)
        of_day_ms, offset_min = read_time_of_day(found["time"] or "")
        aware = offset_min is not None
        if self.aware is None:
            self.aware = aware
            self.offset = None if offset_min is None else timedelta(minutes=offset_min)
        if aware != self.aware:
            raise NoTime("some times have an offset from UTC and some have none")
        if offset_min is not None:
            return day_ms + of_day_ms - offset_min * 60_000
        return self._followed(self.from_local(day_ms + of_day_ms))

    def _followed(self, t_ms: int) -> int:
        """Returns t_ms, an hour later once the clock was set back in an autumn night."""
        if not self.autumn or self.zone is not None:
            return t_ms
        if not self.set_back and self.latest_ms is not None and 0 < self.latest_ms - t_ms <= HOUR_MS:
            self.set_back = ends_summer_time(t_ms)
        if self.set_back:
            t_ms += HOUR_MS
        self.latest_ms = t_ms
        return t_ms

    def read_option(self, text: str) -> int:
        """Returns text in ms; without an offset it is in the trace's own; an ISO date will do, too."""
        other = DateClock("ymd" if text[:4].isdigit() else self.order, self.zone)
        t_ms = other.read(text)
        if not other.aware and self.offset is not None:
            t_ms -= self.offset // timedelta(milliseconds=1)
        return t_ms


def ends_summer_time(local_ms: int) -> bool:
    """Tells whether a wall clock's time lies in a night that ends summer time, in Europe or in North America."""
    moment = datetime(1970, 1, 1) + timedelta(milliseconds=local_ms)
    sunday = moment.weekday() == 6 and moment.hour < 4
    return sunday and ((moment.month == 10 and moment.day > 24) or (moment.month == 11 and moment.day < 8))


def read_date(text: str, order: str) -> int:
    """Returns a date in ms since 1970; ValueError if there is none such."""
    found = SOLID.fullmatch(text)
    if found:
        year, month, day = found.groups()
    else:
        found = DATE.fullmatch(text)
        if found is None:
            raise ValueError("no date")
        first, second, third = found.groups()
        if len(first) == 4:
            year, month, day = first, second, third
        elif order == "mdy" and second.isdigit():
            month, day, year = first, second, third
        else:
            day, month, year = first, second, third
    if not month.isdigit():
        number = MONTHS.get(month.lower()) or MONTHS.get(month.lower()[:3])
        if number is None:
            raise NoTime(f"no month {month}")
        month = str(number)
    years = int(year) + (2000 if len(year) == 2 else 0)
    if not 1970 <= years < 2200:
        raise NoTime("not between 1970 and 2200")
    return (date(years, int(month), int(day)) - date(1970, 1, 1)).days * DAY_MS


def read_time_of_day(text: str) -> tuple[int, int | None]:
    """Returns ms since midnight and the offset from UTC in minutes, None if there is none."""
    if not text:
        return 0, None
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError("no time of day")
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[5]:
        if not 1 <= hours <= 12:
            raise NoTime("no such time of day")
        hours = hours % 12 + (12 if found[5] in "pP" else 0)
    if minutes > 59 or seconds > 60 or hours > 24 or (hours == 24 and minutes + seconds):
        raise NoTime("no such time of day")
    of_day_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "0")[:3].ljust(3, "0"))
    return of_day_ms, read_offset(found[6])


def read_offset(text: str | None) -> int | None:
    """Returns an offset from UTC in minutes: +01:00, +0100, CEST, GMT+1."""
    if not text:
        return None
    name = text.rstrip("+-0123456789:").lower()
    digits = text[len(name) :]
    if name and name not in ZONES:
        raise NoTime(f"no known zone {text}: name it with --columns tz=Europe/Brussels, and cut this off")
    minutes = ZONES.get(name, 0)
    if digits:
        sign = -1 if digits[0] == "-" else 1
        bare = digits[1:].replace(":", "")
        hours, rest = (int(bare[:-2]), int(bare[-2:])) if len(bare) > 2 else (int(bare), 0)
        minutes += sign * (hours * 60 + rest)
    if abs(minutes) > 24 * 60:
        raise NoTime("no such offset from UTC")
    return minutes


def find_zone(name: str) -> ZoneInfo:
    """Returns a zone of the IANA database; BadInput if there is none such."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise BadInput(f"--columns tz={name}: no such time zone: give one such as Europe/Brussels or UTC") from None


def choose(samples: Sequence[str], name: str, zone: ZoneInfo | None, dates: str | None, autumn: bool) -> Clock:
    """Returns the clock that reads samples, the first times of a column called name, in file order.

    NoTime, in words, where they can be read in no way, or in several.
    """
    texts = [text.strip() for text in samples if text.strip()]
    if not texts:
        raise NoTime("there is none")
    if all(is_number(text) for text in texts):
        return of_numbers([read_number(text.replace(",", ".")) for text in texts], name, zone)
    if zone is None and dates is None and not autumn and all(reads(WallClock(), text) for text in texts[:50]):
        return WallClock()
    if all(re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text) for text in texts):
        return OfDayClock()
    fitting = []
    for order in (dates,) if dates else ("ymd", "dmy", "mdy"):
        clock = DateClock(order, zone, autumn)
        try:
            times = [clock.read(text) for text in texts]
        except (ValueError, OverflowError):
            continue
        fitting.append((untidy(times), order))
    if not fitting:
        DateClock(dates or "dmy", zone).read(texts[0])
        raise NoTime("the first times have different forms")
    american = any(re.search(r"\d\s*[AaPp]\.?[Mm]", text) and "/" in text for text in texts)
    best = min(fitting, key=lambda each: (each[0], each[1] != "ymd", (each[1] == "mdy") != american))
    return DateClock(best[1], zone, autumn)


def untidy(times: list[int]) -> int:
    """Returns how far times are from running on: days and months in the wrong places make them jump."""
    return sum(abs(after - before) // DAY_MS for before, after in pairwise(times))


def of_numbers(numbers: list[float], name: str, zone: ZoneInfo | None) -> Clock:
    """Returns the clock for times that are numbers."""
    for low, high, to_ms, unit in EPOCHS:
        if all(low <= number < high for number in numbers):
            return EpochClock(to_ms, unit, zone)
    if re.search(r"(^|[\s_(\[-])(s|sec|secs|seconds?|sekunden?|t)([\s)\]]|$)", name):
        return Clock()
    if all(20_000 <= number < 90_000 for number in numbers) and any(number % 1 for number in numbers):
        return SerialClock(zone)
    raise NoTime("a number: seconds belong in a column called t_s")


def is_number(text: str) -> bool:
    """Tells whether a time is written as a number."""
    try:
        read_number(text.replace(",", "."))
    except ValueError:
        return False
    return not (len(text) == 8 and SOLID.fullmatch(text) and "1970" < text < "2100")


def reads(clock: Clock, text: str) -> bool:
    """Tells whether a clock can read text."""
    try:
        clock.read(text)
    except (ValueError, OverflowError):
        return False
    return True
