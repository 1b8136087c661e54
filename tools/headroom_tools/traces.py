"""Reads what a house drew: the trace files people have, as one stream of rows in integer ms and mA.

Formats, recognised by their header line:

- the UCI "individual household electric power consumption" file as published (`;`, `Date;Time`, `?` for missing) and
  its comma variant (`Datetime`, `dd/mm/yyyy HH:MM:SS`): `Global_intensity`, A, one phase;
- plain CSV (`,` or `;`) with `t_s` (seconds) or `time` (ISO 8601) and `l1_a[,l2_a,l3_a]` in A or `l1_w[,...]` in W.

A row holds until the next. Rows of equal time are allowed, the last one holds. A missing value (`?` or nothing) is a gap:
the last known value holds. Tolerated: a byte order mark, CRLF, blank lines, `#` comment lines, quoted fields, other columns.
Files of any length: nothing is kept but the last row.
"""

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO

from headroom_tools.errors import BadInput

MAX_A = 1000.0
MAX_LINE = 65536
LONE_ROW_HOLDS_MS = 60_000
DAY_MS = 86_400_000
MISSING = ("", "?")

Currents = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """Currents in mA from t_ms on, in the trace's own time; gap: a value was missing here."""

    t_ms: int
    ma: Currents
    gap: bool


class Clock:
    """The trace's own way to tell the time, to and from ms: here seconds, with 0 at midnight."""

    form = "a number of seconds"
    dated = False

    def read(self, text: str) -> int:
        """Returns text in ms; ValueError if it is not in the trace's form."""
        seconds = read_number(text)
        if seconds < 0:
            raise ValueError("negative")
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
            raise ValueError("some times have an offset from UTC and some have none")
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


@dataclass(frozen=True)
class Layout:
    """Which columns hold what, as the header says."""

    delimiter: str
    clock: Clock
    time_columns: tuple[int, ...]
    value_columns: tuple[int, ...]
    to_a: float
    width: int


class Trace:
    """One trace file, open for one pass. phases: how many the file has."""

    def __init__(self, path: Path, volts: int) -> None:
        """Opens path and reads its header; BadInput if there is no trace in it. volts turns W into A."""
        self.path = path
        self.warnings: list[str] = []
        self.line = 0
        self.lines_used = 0
        self.cut_off = False
        self.file = self._open()
        self.lines = self._lines()
        try:
            self.layout = self._layout(volts)
        except BaseException:
            self.file.close()
            raise
        self.clock = self.layout.clock
        self.phases = len(self.layout.value_columns)

    def __enter__(self) -> "Trace":
        """Leaves the file open for the one pass over its rows."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the file."""
        self.file.close()

    def bad(self, what: str) -> BadInput:
        """Returns the error for the line that was read last."""
        return BadInput(f"{self.path}, line {self.line}: {what}")

    def rows(self) -> Iterator[Row]:
        """Yields every row in time order, the last known value in place of a missing one.

        Rows before the first known value are left out. BadInput names the first line that cannot be right.
        """
        layout = self.layout
        read_time = self._time_reader()
        last_ms: int | None = None
        known: list[int | None] = [None] * self.phases
        for fields in self._fields(layout):
            t_ms = read_time(fields)
            if last_ms is not None and t_ms < last_ms:
                raise self.bad(
                    f"time runs backwards, from {self.clock.write(last_ms)} to {self.clock.write(t_ms)}: "
                    "sort the rows; around a change of daylight-saving time, use UTC"
                )
            last_ms = t_ms
            gap = False
            for phase, column in enumerate(layout.value_columns):
                text = fields[column]
                if text.strip() in MISSING:
                    gap = True
                else:
                    known[phase] = self._milliamps(text)
            if None not in known:
                yield Row(t_ms, tuple(known), gap)  # type: ignore[arg-type]
        if last_ms is None:
            raise BadInput(f"{self.path}: there is a header but no row: nothing to simulate")
        if None in known:
            raise BadInput(f"{self.path}: not one row has a value in every current column: nothing to simulate")

    def _open(self) -> BinaryIO:
        try:
            if self.path.is_dir():
                raise BadInput(f"{self.path} is a directory: name a trace file in it")
            return self.path.open("rb")
        except FileNotFoundError:
            raise BadInput(f"{self.path}: no such file: check the name given to --trace") from None
        except OSError as error:
            raise BadInput(f"{self.path}: cannot be read: {error.strerror}") from None
        except ValueError as error:
            raise BadInput(f"{str(self.path)!r} is no file name: {error}") from None

    def _lines(self) -> Iterator[str]:
        while True:
            try:
                raw = self.file.readline(MAX_LINE)
            except OSError as error:
                raise BadInput(f"{self.path}: cannot be read: {error.strerror}") from None
            if not raw:
                return
            self.line += 1
            if len(raw) == MAX_LINE:
                raise self.bad(f"longer than {MAX_LINE} bytes: this is not a CSV file")
            self.cut_off = not raw.endswith(b"\n")
            try:
                text = raw.decode("utf-8-sig" if self.line == 1 else "utf-8")
            except UnicodeDecodeError:
                raise self.bad("not UTF-8 text: save the trace as plain CSV in UTF-8") from None
            if "\0" in text:
                raise self.bad("not text: save the trace as plain CSV in UTF-8")
            text = text.rstrip("\r\n")
            if text.strip() and not text.startswith("#"):
                self.lines_used += 1
                yield text

    def _layout(self, volts: int) -> Layout:
        header = next(self.lines, None)
        if header is None:
            raise BadInput(f"{self.path}: empty: nothing to simulate")
        delimiter = ";" if ";" in header else ","
        names = [name.strip().strip('"').strip().lower() for name in header.split(delimiter)]
        at = {name: names.index(name) for name in names}
        clock: Clock
        if "global_intensity" in at and ("datetime" in at or ("date" in at and "time" in at)):
            clock = UciClock()
            time_columns = (at["datetime"],) if "datetime" in at else (at["date"], at["time"])
            return Layout(delimiter, clock, time_columns, (at["global_intensity"],), 1.0, len(names))
        if "t_s" in at:
            clock, time_columns = Clock(), (at["t_s"],)
        elif "time" in at:
            clock, time_columns = WallClock(), (at["time"],)
        else:
            raise self.bad("no known time column: t_s, time (ISO 8601), Datetime, or Date and Time")
        for unit, to_a in (("a", 1.0), ("w", 1.0 / volts)):
            if f"l1_{unit}" in at:
                count = 1 + (f"l2_{unit}" in at) + (f"l2_{unit}" in at and f"l3_{unit}" in at)
                for name in (f"l{phase}_{each}" for phase in range(count + 1, 4) for each in "aw"):
                    if name in at:
                        raise self.bad(f"column {name} stands alone: give l1, l2 and l3, all in A or all in W")
                columns = tuple(at[f"l{phase}_{unit}"] for phase in range(1, count + 1))
                return Layout(delimiter, clock, time_columns, columns, to_a, len(names))
        raise self.bad("no known current column: l1_a (A), l1_w (W) or Global_intensity")

    def _fields(self, layout: Layout) -> Iterator[list[str]]:
        needed = 1 + max(layout.time_columns + layout.value_columns)
        reader = csv.reader(self.lines, delimiter=layout.delimiter)
        while True:
            used = self.lines_used
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self.bad(f"not CSV: {error}") from None
            if self.lines_used > used + 1:
                raise self.bad("a quote that was opened further up is not closed in its row")
            if len(fields) < layout.width and self.cut_off:
                self.warnings.append(f"{self.path}, line {self.line}: the last row is cut off, left out")
                return
            if len(fields) < needed:
                raise self.bad(f"{len(fields)} fields where {layout.width} belong")
            yield fields

    def _time_reader(self) -> Callable[[list[str]], int]:
        read, columns = self.clock.read, self.layout.time_columns

        def read_time(fields: list[str]) -> int:
            text = " ".join(fields[column].strip() for column in columns)
            try:
                return read(text)
            except (ValueError, OverflowError) as error:
                offset = f", {error}" if "offset" in str(error) else ""
                raise self.bad(f"{text[:40]!r} is not a time{offset}: expected {self.clock.form}") from None

        return read_time

    def _milliamps(self, text: str) -> int:
        try:
            number = read_number(text)
        except ValueError as error:
            raise self.bad(str(error)) from None
        amps = number * self.layout.to_a
        if amps < 0:
            raise self.bad(f"{text.strip()} is negative: a house's current has no sign here")
        if amps > MAX_A:
            raise self.bad(f"{text.strip()} is above {MAX_A:g} A: no house draws that")
        return round(amps * 1000)
