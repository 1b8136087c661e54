"""Reads what a house drew: the trace files people have, as one stream of rows in integer ms and mA.

Formats, recognised by their header line:

- the UCI "individual household electric power consumption" file as published (`;`, `Date;Time`, `?` for missing) and
  its comma variant (`Datetime`, `dd/mm/yyyy HH:MM:SS`): `Global_intensity`, A, one phase;
- plain CSV (`,` or `;`) with `t_s` (seconds) or `time` (ISO 8601) and `l1_a[,l2_a,l3_a]` in A or `l1_w[,...]` in W.

A row holds until the next. Rows of equal time are allowed, the last one holds. A missing value (`?` or nothing) is a gap:
the last known value holds. The first equal time and the first empty value are warned of. Tolerated: a byte order mark, CRLF,
blank lines, `#` comment lines, quoted fields, other columns.
Files of any length: nothing is kept but the last row.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from headroom_tools.common.errors import BadInput
from headroom_tools.sim.clocks import DAY_MS, Clock, NoTime, UciClock, WallClock, read_number

MAX_A = 1000.0
MAX_LINE = 65536
LONE_ROW_HOLDS_MS = 60_000
LONGEST_MS = 3660 * DAY_MS  # of a trace: ten years
MISSING = ("", "?")
KNOWN = (
    "t_s",
    "time",
    "datetime",
    "date",
    "global_intensity",
    *(f"l{phase}_{unit}" for phase in (1, 2, 3) for unit in "aw"),
)

Currents = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """Currents in mA from t_ms on, in the trace's own time; gap: a value was missing here."""

    t_ms: int
    ma: Currents
    gap: bool


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
        self.warned: set[str] = set()
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
        first_ms = 0
        known: list[int | None] = [None] * self.phases
        for fields in self._fields(layout):
            try:
                t_ms = read_time(fields)
                values = [self._milliamps(fields[column]) for column in layout.value_columns]
            except BadInput:
                if not self.cut_off:
                    raise
                self._leave_out_last()
                break
            if last_ms is not None and t_ms < last_ms:
                raise self.bad(
                    f"time runs backwards, from {self.clock.write(last_ms)} to {self.clock.write(t_ms)}: "
                    "sort the rows; around a change of daylight-saving time, use UTC"
                )
            if last_ms is None:
                first_ms = t_ms
            elif t_ms - first_ms > LONGEST_MS:
                raise self.bad("more than ten years after the first row: is a time in ms where seconds belong?")
            elif t_ms - last_ms > DAY_MS:
                self._warn_once(
                    "hole", f"no row in the {(t_ms - last_ms) / DAY_MS:.1f} days before it: the last value holds"
                )
            elif t_ms == last_ms:
                self._warn_once("equal", "the same time as the row before it: the last of such rows holds")
            last_ms = t_ms
            if None in values and not all(fields[column].strip() for column in layout.value_columns):
                self._warn_once("empty", "an empty value: the last one holds")
            known = [old if new is None else new for old, new in zip(known, values, strict=True)]
            if None not in known:
                yield Row(t_ms, tuple(known), None in values)  # type: ignore[arg-type]
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
            if len(raw) == MAX_LINE and b"\r" not in raw:
                raise self.bad(f"longer than {MAX_LINE} bytes: this is not a CSV file")
            self.cut_off = not raw.endswith(b"\n")
            try:
                text = raw.decode("utf-8-sig" if self.line == 1 else "utf-8")
            except UnicodeDecodeError:
                raise self.bad("not UTF-8 text: save the trace as plain CSV in UTF-8") from None
            if "\0" in text:
                raise self.bad("not text: save the trace as plain CSV in UTF-8")
            text = text.rstrip("\r\n")
            if "\r" in text:
                raise self.bad("lines end in CR alone, as on an old Mac: save the trace with LF or CRLF")
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
        for name in KNOWN:
            if names.count(name) > 1:
                raise self.bad(f"column {name} stands there twice: leave one of them out")
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
        for phase in (1, 2, 3):
            if f"l{phase}_a" in at and f"l{phase}_w" in at:
                raise self.bad(f"columns l{phase}_a and l{phase}_w tell the same twice: leave one of them out")
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
                self._leave_out_last()
                return
            if len(fields) < needed or any(fields[layout.width :]):
                comma = (
                    " (a decimal comma? Write a point)"
                    if len(fields) > layout.width and layout.delimiter == ","
                    else ""
                )
                raise self.bad(f"{len(fields)} fields where {layout.width} belong{comma}")
            yield fields

    def _warn_once(self, kind: str, what: str) -> None:
        if kind not in self.warned:
            self.warned.add(kind)
            self.warnings.append(f"{self.path}, line {self.line}: {what}")

    def _leave_out_last(self) -> None:
        self.warnings.append(f"{self.path}, line {self.line}: the last row is cut off, left out")

    def _time_reader(self) -> Callable[[list[str]], int]:
        read, columns = self.clock.read, self.layout.time_columns

        def read_time(fields: list[str]) -> int:
            text = " ".join(fields[column].strip() for column in columns)
            try:
                return read(text)
            except (ValueError, OverflowError) as error:
                reason = f", {error}" if isinstance(error, NoTime) else ""
                raise self.bad(f"{text[:40]!r} is not a time{reason}: expected {self.clock.form}") from None

        return read_time

    def _milliamps(self, text: str) -> int | None:
        if text.strip() in MISSING:
            return None
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
