"""Reads what a house drew: the trace files people have, as one stream of rows in integer ms and mA.

Which files: the table in trace_formats.py, or what a person tells (told.py). A row holds until the next. Rows of equal
time are allowed, the last one holds. A missing value (`?`, `unavailable`, nothing) is a gap, and so is a hole in the time:
the last known value holds. Energy becomes the mean power until the next row. Negative is export.

Files of any length: nothing is kept but the first rows, unless the newest row comes first. A file of stacked entities is
read once for each entity, side by side.
"""

import heapq
import math
from array import array
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise
from pathlib import Path

from headroom_tools.sim.clocks import DAY_MS, Clock, NoTime, UciClock, WallClock
from headroom_tools.sim.trace_energy import HOLE_STEPS, MAX_A, Read, of_counter, of_energy
from headroom_tools.sim.trace_formats import (
    Layout,
    Part,
    Told,
    by_told,
    choose_entities,
    find_time,
    no_trace,
    phase_of,
    place_of,
    recognise,
    time_as_told,
    unit_of,
    without_header,
)
from headroom_tools.sim.trace_numbers import CURRENTS, ENERGIES, UNITS, Numbers
from headroom_tools.sim.trace_text import BadTrace, Line, TextFile, split
from headroom_tools.sim.trace_times import DateClock, OfDayClock, choose, find_zone
from headroom_tools.sim.understood import Understood, span

LONE_ROW_HOLDS_MS = 60_000
LONGEST_MS = 3660 * DAY_MS  # of a trace: ten years
HEAD = 3000  # rows that are looked at before the first is read
HEADER_WITHIN = 30  # lines, of which the first may be about the file
SHORTEST_HOLE_MS = 1_800_000
LEFT_OUT_MS = 60_000  # so much at the beginning without a value is told
MOST_TURNED = 5_000_000  # rows that are kept to be turned round
MOST_ENTITIES = 1000
WILD_MEAN_A = 200.0  # energy that would be more in each row is a counter's
COUNTER_RISES = 20  # and so is what never falls in so many
CLASSIC = frozenset(
    (
        "t_s",
        "time",
        "datetime",
        "date",
        "global_intensity",
        *(f"l{phase}_{unit}" for phase in (1, 2, 3) for unit in "aw"),
    )
)

UNIT_NAMES = {
    "w": "W",
    "kw": "kW",
    "a": "A",
    "ma": "mA",
    "va": "VA",
    "kva": "kVA",
    "wh": "Wh",
    "kwh": "kWh",
    "mwh": "MWh",
}

Currents = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """Currents in mA from t_ms on, in the trace's own time; gap: a value was missing here."""

    t_ms: int
    ma: Currents
    gap: bool


class Trace:
    """One trace file, open for one pass. phases: how many the file has."""

    def __init__(self, path: Path, volts: int, told: Told | None = None) -> None:
        """Opens path and reads its first rows; BadInput if there is no trace in it. volts turns W into A."""
        self.path = path
        self.volts = volts
        self.told = told or Told()
        self.warnings: list[str] = []
        self.warned: set[str] = set()
        self.zone = find_zone(self.told.zone) if self.told.zone else None
        self.understood = Understood()
        self.bare = False  # a figure stood without its unit
        self.text = TextFile(path)
        try:
            self._begin()
        except BaseException:
            self.text.close()
            raise

    def _begin(self) -> None:
        self.header: list[str] = []
        self.parts: tuple[Part, ...] = ()
        self.numbers = Numbers(self.told.decimal)
        self.layout, self.delimiter, texts = self._layout()
        self.lines = self._fields(self.text, texts)
        self.head = list(islice(self.lines, HEAD))
        if self.layout.entity is not None:
            self._choose_entities()
        self.units = self._units()
        self.phases = 1 + max(part.phase for part in self.parts) if self.parts else len(self.layout.columns)
        self._learn_numbers()
        self.clock = self._clock()
        self.most = {
            unit: MAX_A / size if unit in CURRENTS else MAX_A * self.volts / size for unit, size in UNITS.items()
        }
        self.most.update(dict.fromkeys(ENERGIES, math.inf))
        self.kind = self._kind()
        self.step_ms, self.turned = self._step()

    def __enter__(self) -> "Trace":
        """Leaves the file open for the one pass over its rows."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the file."""
        self.text.close()

    @property
    def line(self) -> int:
        """Returns the number of the line that was read last."""
        return self.text.line

    def bad(self, what: str, line: int | None = None) -> BadTrace:
        """Returns the error for a line, else for the one that was read last."""
        return self.text.bad(what, line)

    def rows(self) -> Iterator[Row]:
        """Yields every row in time order, the last known value in place of a missing one.

        Rows before the first known value are left out. BadInput names the first line that cannot be right.
        """
        last_ms: int | None = None
        first_ms = 0
        begun_ms: int | None = None
        known: list[int | None] = [None] * self.phases
        hole_ms = max(HOLE_STEPS * self.step_ms, SHORTEST_HOLE_MS)
        for line, t_ms, figures, empty in self._levels():
            if last_ms is None:
                first_ms = t_ms
            elif t_ms < last_ms:
                raise self._backwards(last_ms, t_ms, line)
            elif t_ms - first_ms > LONGEST_MS:
                raise self.bad("more than ten years after the first row: is a time in ms where seconds belong?", line)
            elif t_ms - last_ms > hole_ms and None not in known:
                long_ms = t_ms - last_ms
                long = f"{long_ms / DAY_MS:.1f} days" if long_ms > DAY_MS else f"{long_ms / 3_600_000:.1f} hours"
                self._warn_once("hole", f"no row in the {long} before it: the last value holds", line)
                yield self._seen(Row(last_ms + self.step_ms, tuple(known), True))  # type: ignore[arg-type]
            elif t_ms == last_ms:
                self._warn_once("equal", "the same time as the row before it: the last of such rows holds", line)
            last_ms = t_ms
            if empty:
                self._warn_once("empty", "an empty value: the last one holds", line)
            for phase, amps in enumerate(figures):
                if amps is not None:
                    known[phase] = round(amps * 1000)
            if None not in known:
                if begun_ms is None:
                    begun_ms = t_ms
                    if begun_ms - first_ms >= LEFT_OUT_MS:
                        left_out = span(begun_ms - first_ms)
                        self._warn_once(
                            "begin", f"the {left_out} before it lack a value on one phase at least: left out", line
                        )
                yield self._seen(Row(t_ms, tuple(known), None in figures))  # type: ignore[arg-type]
        if last_ms is None:
            raise BadTrace(f"{self.path}: there is a header but no row: nothing to simulate")
        if None in known:
            raise BadTrace(f"{self.path}: not one row has a value in every current column: nothing to simulate")

    def _seen(self, row: Row) -> Row:
        self.understood.take(row.t_ms, row.ma, row.gap)
        return row

    def findings(self) -> list[str]:
        """Returns, once the rows are read, in a line what was understood, and then what makes it doubtful."""
        layout, numbers = self.layout, self.numbers
        doubts = list(layout.notes)
        unit = self.units[0]
        if layout.assumed and self.bare:
            doubts.append(f"no unit stands there, {unit.upper()} is assumed: if it is not, --columns unit=kW, unit=A …")
        if numbers.grouped:
            doubts.append(
                f"{numbers.grouped!r} is read as {numbers.grouped.replace('.', '').replace(',', '')}: thousands"
            )
        if isinstance(self.clock, DateClock) and self.clock.set_back:
            doubts.append(
                "the clock is set back an hour in an autumn night: times after it are told in summer time; "
                "--columns tz=Europe/Brussels (or where it is) tells both"
            )
        how = {"counter": ", a counter's mean", "energy": ", energy of each row"}.get(self.kind, "")
        volts = "" if unit in CURRENTS else f" at {self.volts} V"
        spelled = ", decimal comma" if numbers.comma and not numbers.point else ""
        form = f"{layout.name}, {UNIT_NAMES.get(unit, unit)}{volts}{how}{spelled}"
        return self.understood.tell(str(self.path), form, unit, self.clock, doubts)

    def all_told(self) -> list[str]:
        """Returns what was understood, then what was found amiss, a line each."""
        understood, *doubts = self.findings()
        return [understood, *self.warnings, *doubts]

    # What is where -----------------------------------------------------------------------------------------------

    def _layout(self) -> tuple[Layout, str, Iterator[str]]:
        """Returns the layout, the delimiter, and the lines from the first row on."""
        texts = self.text.texts()
        first: list[tuple[int, str]] = []
        for text in islice(texts, HEADER_WITHIN):
            first.append((self.text.line, text))
        if not first:
            raise BadTrace(f"{self.path}: empty: nothing to simulate")
        last_line = self.text.line
        self.text.line = first[0][0]
        marked = first[0][1].lower().removeprefix("sep=") if first[0][1].lower().startswith("sep=") else ""
        if marked:
            first = first[1:]
        for at, (line, text) in enumerate(first):
            self.text.line = line
            for delimiter in delimiters(text, marked):
                fields = split(text, delimiter)
                names = [name.strip().strip('"').strip().lower() for name in fields]
                if at == 0 and not self.told.phases and (what := no_trace(names)):
                    raise self.bad(what)
                layout = self._of_header(names)
                if (
                    layout is None
                    and self.told.time
                    and not self.told.phases
                    and set(map(str.lower, self.told.time)) <= set(names)
                ):
                    layout = recognise(time_as_told(names, self.told, self.bad))
                if layout is None and at == 0 and not self.told.phases:
                    layout = without_header(fields, delimiter)
                    if layout is not None:
                        if self.told.time:
                            raise self.bad(
                                "--columns tells the time, and no header is there: tell l1 as well, by number"
                            )
                        return layout, delimiter, self._from(first, at, last_line, texts)
                elif layout is not None:
                    self.header = fields
                    if self.told.time and not self.told.phases:
                        layout = recognise(time_as_told(names, self.told, self.bad)) or layout
                    return layout, delimiter, self._from(first, at + 1, last_line, texts)
        self.text.line, text = first[0] if first else (self.text.line, "")
        raise self._no_columns(text, delimiters(text, marked)[0])

    def _from(self, first: list[tuple[int, str]], at: int, last_line: int, texts: Iterator[str]) -> Iterator[str]:
        cut_off = self.text.cut_off
        for index, (line, text) in enumerate(first[at:], at):
            self.text.line = line
            self.text.cut_off = cut_off and index == len(first) - 1
            self.text.lines_used += 1
            yield text
        self.text.line = max(last_line, self.text.line)
        yield from texts

    def _of_header(self, names: list[str]) -> Layout | None:
        if len(names) < 2:
            return None
        if self.told.phases and not self._stacked(names):
            known = any(word.lower() in names for word in (*self.told.time, *self.told.phases))
            numbered = all(word.isdigit() for word in self.told.phases)
            if known or numbered:
                return by_told(names, self.told, self.bad)
            return None
        for name in CLASSIC:
            if names.count(name) > 1:
                raise self.bad(f"column {name} stands there twice: leave one of them out")
        for phase in (1, 2, 3):
            if f"l{phase}_a" in names and f"l{phase}_w" in names:
                raise self.bad(f"columns l{phase}_a and l{phase}_w tell the same twice: leave one of them out")
        for unit in "aw":
            if f"l1_{unit}" in names:
                count = next((phase for phase in (1, 2) if f"l{phase + 1}_{unit}" not in names), 3)
                for name in (f"l{phase}_{each}" for phase in range(count + 1, 4) for each in "aw"):
                    if name in names:
                        raise self.bad(f"column {name} stands alone: give l1, l2 and l3, all in A or all in W")
        return recognise(names)

    def _stacked(self, names: list[str]) -> bool:
        """Tells whether the file stacks entities, and the told phases are such."""
        layout = recognise(names)
        return (
            layout is not None
            and layout.entity is not None
            and not any(word.lower() in names for word in self.told.phases)
        )

    def _no_columns(self, text: str, delimiter: str) -> BadTrace:
        names = [name.strip().strip('"').strip().lower() for name in split(text, delimiter)]
        if self.told.phases:
            by_told(names, self.told, self.bad)
        for word in self.told.time:
            place_of(word, "time", names, self.bad)
        if text.lstrip()[:1] in "{[<" and text:
            kind = "an HTML page" if text.lstrip().startswith("<") else "JSON"
            return self.bad(f"{kind}: export the trace as CSV")
        if find_time(names) is None and not self.told.time:
            what = "no known time column: t_s, time (ISO 8601), Datetime, or Date and Time"
        elif any(unit_of(name) or phase_of(name) for name in names):
            what = "no column that is surely the house's current: tell them, --columns time=…,l1=…,unit=W"
        else:
            what = "no known current column: l1_a (A), l1_w (W) or Global_intensity"
        return self.bad(what)

    def _choose_entities(self) -> None:
        """Looks through a stacked file for its entities, and picks the house's."""
        layout = self.layout
        assert layout.entity is not None
        assert layout.value is not None
        seen: dict[str, int] = {}
        for line in self._again():
            name = line.fields[layout.entity].strip()
            if name not in seen:
                if len(seen) >= MOST_ENTITIES:
                    raise self.bad(
                        f"more than {MOST_ENTITIES} entities: is column {layout.entity + 1} the entity?", line.number
                    )
                seen[name] = 0
            cell = line.fields[layout.value]
            seen[name] += any(char.isdigit() for char in cell)
        self.parts, why = choose_entities(seen, self.told, layout.kind)
        if not seen:
            raise BadTrace(f"{self.path}: there is a header but no row: nothing to simulate")
        if not self.parts:
            raise BadTrace(f"{self.path}: {why}: tell them, --columns l1=NAME,l2=NAME,l3=NAME")

    def _units(self) -> list[str]:
        """Returns the unit of each column, or of each part of a stacked file."""
        layout, told = self.layout, self.told
        if not self.parts:
            return [told.unit or column.unit for column in layout.columns]
        units = []
        for part in self.parts:
            unit = told.unit or unit_of(part.entity.lower())
            if not unit and layout.unit_column is not None:
                cells = (line.fields[layout.unit_column] for line in self._again() if self._is(line, part))
                unit = next(cells, "").strip().lower()
            if unit not in UNITS:
                unit = "kwh" if layout.kind in ("energy", "counter") else "w"
                if layout.kind == "level":
                    self.layout = replace(self.layout, assumed=True)
                    current = any(word in part.entity.lower() for word in ("current", "strom_", "_amp"))
                    unit = "a" if current else "w"
            units.append(unit)
        return units

    def _is(self, line: Line, part: Part) -> bool:
        assert self.layout.entity is not None
        return line.fields[self.layout.entity].strip() == part.entity

    def _cells(self, line: Line) -> list[str]:
        """Returns the cells of a row that hold the house's values."""
        if self.parts:
            assert self.layout.value is not None
            ours = any(self._is(line, part) for part in self.parts)
            return [line.fields[self.layout.value]] if ours else []
        return [line.fields[index] for column in self.layout.columns for index in (*column.plus, *column.minus)]

    def _learn_numbers(self) -> None:
        for line in self.head if not self.parts else islice(self._again(), 10 * HEAD):
            for cell in self._cells(line):
                self.numbers.look(cell)

    def _clock(self) -> Clock:
        layout = self.layout
        kinds: dict[str, Callable[[], Clock]] = {"uci": UciClock, "seconds": Clock, "of day": OfDayClock}
        if layout.seconds:
            return Clock()
        if layout.clock in kinds and self.zone is None:
            return kinds[layout.clock]()
        zone = self.zone or (find_zone("UTC") if layout.clock == "utc" else None)
        samples = [self._time_text(line.fields) for line in self.head if not line.cut_off]
        name = " ".join(self.header[index].lower() for index in layout.time) if self.header else ""
        for some in (samples, samples[:1]):
            try:
                return choose(some, name, zone, self.told.dates, layout.autumn)
            except (ValueError, OverflowError) as error:
                reason = error
        if not samples:
            return WallClock()
        form = WallClock.form if self.told.dates is None else DateClock(self.told.dates).form
        why = f", {reason}" if isinstance(reason, NoTime) else ""
        raise self.bad(f"{samples[0][:40]!r} is not a time{why}: expected {form}", self.head[0].number)

    def _time_text(self, fields: list[str]) -> str:
        return " ".join(fields[index].strip() for index in self.layout.time)

    def _kind(self) -> str:
        """Returns how the figures are meant: what is energy may be a counter's, which only grows."""
        kind = self.layout.kind
        unit = self.units[0]
        if self.told.kind:
            kind = self.told.kind
        elif unit in ENERGIES and kind in ("level", "grown"):
            kind = "grown"
        elif unit not in ENERGIES:
            return "level"
        if kind != "grown":
            return kind
        reads = [read for read in islice(self._first_reads(), HEAD) if read.figures[0] is not None]
        figures = [read.figures[0] or 0.0 for read in reads]
        steps = sorted(abs(after.t_ms - before.t_ms) for before, after in pairwise(reads)) or [LONE_ROW_HOLDS_MS]
        step_ms = max(steps[len(steps) // 2], 1)
        wild = bool(figures) and max(figures) * 3_600_000 / step_ms > WILD_MEAN_A
        rises = sum(after > before for before, after in pairwise(figures))
        falls = sum(after < before for before, after in pairwise(figures))
        return "counter" if wild or (min(rises, falls) == 0 and rises + falls >= COUNTER_RISES) else "energy"

    def _first_reads(self) -> Iterator[Read]:
        """Yields what the first rows hold, as far as they can be read."""
        if self.parts:
            source = self._stack_of(self.parts[0], 0, self._again())
        else:
            source = self._of_lines(iter(self.head), self._fresh_clock())
        try:
            yield from source
        except BadTrace:
            return

    def _fresh_clock(self) -> Clock:
        """Returns a clock as it is before the first row, for a further pass."""
        return copy(self.clock)

    def _step(self) -> tuple[int, bool]:
        """Returns what the time from row to row usually is, and whether the newest row comes first."""
        times = [read.t_ms for read in islice(self._first_reads(), HEAD)]
        steps = [after - before for before, after in pairwise(times) if after != before]
        turned = len(steps) > 1 and all(step < 0 for step in steps)
        sizes = sorted(abs(step) for step in steps) or [LONE_ROW_HOLDS_MS]
        return sizes[len(sizes) // 4], turned

    # Rows --------------------------------------------------------------------------------------------------------

    def _again(self) -> Iterator[Line]:
        """Yields the rows from the first on, in a pass of its own."""
        if not self.path.is_file():
            raise BadTrace(f"{self.path}: this kind of file is read several times: save it as a file first")
        other = Trace.__new__(Trace)
        other.__dict__.update(self.__dict__)
        other.text = TextFile(self.path)
        try:
            _, _, texts = other._layout()
            yield from other._fields(other.text, texts)
        finally:
            other.text.close()

    def _fields(self, text: TextFile, texts: Iterator[str]) -> Iterator[Line]:
        """Yields the rows that are whole; blank ones and repeated headers are left out."""
        layout = self.layout
        stacked = (layout.entity, layout.value, layout.unit_column) if layout.entity is not None else ()
        places = [index for index in (*layout.time, *stacked) if index is not None]
        places += [index for column in layout.columns for index in (*column.plus, *column.minus)]
        needed = 1 + max(places)
        for line in text.rows(texts, self.delimiter):
            fields = line.fields
            if len(fields) < layout.width and line.cut_off:
                self._leave_out_last(line.number)
                return
            if len(fields) < needed or any(fields[layout.width :]):
                if not any(field.strip() for field in fields):
                    continue
                decimal_comma = len(fields) > layout.width and self.delimiter == ","
                comma = " (a decimal comma? Write a point)" if decimal_comma else ""
                raise text.bad(f"{len(fields)} fields where {layout.width} belong{comma}")
            if not fields[places[0]].strip() and not any(field.strip() for field in fields):
                continue
            if fields == self.header or all(field.lstrip()[:1] in ("", "[") for field in fields):
                continue
            yield line

    def _leave_out_last(self, line: int) -> None:
        self._warn_once("cut off", "the last row is cut off, left out", line)

    def _warn_once(self, kind: str, what: str, line: int) -> None:
        if kind not in self.warned:
            self.warned.add(kind)
            self.warnings.append(f"{self.path}, line {line}: {what}")

    def _read_time(self, line: Line, clock: Clock) -> int:
        text = self._time_text(line.fields)
        try:
            return clock.read(text)
        except (ValueError, OverflowError) as error:
            reason = f", {error}" if isinstance(error, NoTime) else ""
            raise self.bad(f"{text[:40]!r} is not a time{reason}: expected {clock.form}", line.number) from None

    def _number(self, text: str, unit: str, line: int) -> float | None:
        """Returns a cell's figure in A, in Wh at so many volts where it is energy, None if it is missing."""
        try:
            found = self.numbers.read(text, self.most.get(unit, math.inf))
        except ValueError as error:
            raise self.bad(str(error), line) from None
        if found is None or found[0] == self.layout.nothing:
            return None
        number, own = found
        self.bare = self.bare or not own
        used = own or unit
        figure = number * UNITS[used]
        if used in CURRENTS:
            return figure
        return figure / self.volts

    def _amps(self, line: Line) -> tuple[float | None, ...]:
        figures: list[float | None] = []
        for column, unit in zip(self.layout.columns, self.units, strict=True):
            if len(column.plus) == 1 and not column.minus:
                figures.append(self._number(line.fields[column.plus[0]], unit, line.number))
                continue
            plus = [self._number(line.fields[index], unit, line.number) for index in column.plus]
            minus = [self._number(line.fields[index], unit, line.number) for index in column.minus]
            if None in plus or None in minus:
                figures.append(None)
            else:
                figures.append(sum(plus) - sum(minus))  # type: ignore[arg-type]
        return tuple(figures)

    def _of_lines(self, lines: Iterator[Line], clock: Clock) -> Iterator[Read]:
        """Yields the figures of rows that hold all phases."""
        seconds = self.layout.seconds
        for index, line in enumerate(lines):
            try:
                t_ms = index * 1000 if seconds else self._read_time(line, clock)
                figures = self._amps(line)
            except BadTrace:
                if not line.cut_off:
                    raise
                self._leave_out_last(line.number)
                return
            if self.kind_is_level:
                self._refuse_wild(figures, line)
            empty = None in figures and any(not cell.strip() for cell in self._cells(line))
            yield Read(line.number, t_ms, figures, empty)

    @property
    def kind_is_level(self) -> bool:
        """Tells whether figures are currents, as soon as that is known."""
        return self.units[0] not in ENERGIES

    def _refuse_wild(self, figures: tuple[float | None, ...], line: Line) -> None:
        for index, amps in enumerate(figures):
            if amps is not None and not -MAX_A <= amps <= MAX_A:
                if self.parts:
                    assert self.layout.value is not None
                    cell = line.fields[self.layout.value]
                else:
                    cell = line.fields[self.layout.columns[index].plus[0]]
                raise self.bad(f"{cell.strip()[:40]} is above {MAX_A:g} A: no house draws that", line.number)

    def _stack_of(self, part: Part, number: int, lines: Iterator[Line]) -> Iterator[Read]:
        """Yields one entity's figures."""
        assert self.layout.value is not None
        clock = self._fresh_clock()
        clock_seen = self.clock
        for line in lines:
            if not self._is(line, part):
                continue
            try:
                t_ms = self._read_time(line, clock)
                figure = self._number(line.fields[self.layout.value], self.units[number], line.number)
            except BadTrace:
                if not line.cut_off:
                    raise
                self._leave_out_last(line.number)
                return
            if isinstance(clock_seen, WallClock) and isinstance(clock, WallClock) and clock_seen.aware is None:
                clock_seen.aware, clock_seen.offset = clock.aware, clock.offset
            if self.kind_is_level:
                self._refuse_wild((figure,), line)
            yield Read(line.number, t_ms, (figure,), not line.fields[self.layout.value].strip())

    def _in_order(self, reads: Iterator[Read]) -> Iterator[Read]:
        """Yields reads oldest first, where the newest comes first: they are kept for that."""
        if not self.turned:
            yield from reads
            return
        lines, times, figures = array("q"), array("q"), array("d")
        width = 0
        for read in reads:
            if len(lines) >= MOST_TURNED:
                raise self.bad(
                    f"the newest row comes first, and there are more than {MOST_TURNED} rows: sort them by time",
                    read.line,
                )
            width = len(read.figures)
            lines.append(read.line)
            times.append(read.t_ms)
            figures.extend(math.nan if figure is None else figure for figure in read.figures)
        for index in range(len(lines) - 1, -1, -1):
            some = figures[index * width : (index + 1) * width]
            yield Read(
                lines[index], times[index], tuple(None if figure != figure else figure for figure in some), False
            )

    def _levels(self) -> Iterator[Read]:
        """Yields currents in A: energy as the mean until the next row."""
        if self.parts:
            yield from self._merged()
            return
        reads = self._in_order(self._of_lines(chain(self.head, self.lines), self.clock))
        yield from self._as_level(reads)

    def _as_level(self, reads: Iterator[Read]) -> Iterator[Read]:
        if self.kind == "counter":
            signed = any(column.minus for column in self.layout.columns)
            reads = of_counter(reads, signed, self._backwards, self._warn_once)
        elif self.kind == "energy":
            reads = of_energy(reads, self.step_ms, self.bad)
        if not self.layout.ends:
            yield from reads
            return
        for read in reads:
            yield read._replace(t_ms=read.t_ms - self.step_ms)

    def _merged(self) -> Iterator[Read]:
        """Yields the phases of a stacked file, side by side in time order."""
        streams = []
        for number, part in enumerate(self.parts):
            reads = self._as_level(self._in_order(self._stack_of(part, number, self._again())))
            streams.append(self._numbered(reads, number))
        parts = [0.0 if self.kind == "energy" else None for _ in self.parts]
        heap: Iterator[tuple[int, int, Read]] = heapq.merge(*streams, key=lambda each: each[0])
        pending: tuple[int, int] | None = None
        gap = empty = False
        for t_ms, number, read in heap:
            if pending is not None and t_ms != pending[0]:
                yield self._together(pending, parts, gap, empty)
                gap = empty = False
                if self.kind == "energy":
                    parts = [0.0] * len(parts)
            pending = (t_ms, read.line)
            figure = read.figures[0]
            gap, empty = gap or figure is None, empty or read.empty
            if figure is not None:
                parts[number] = figure
        if pending is not None:
            yield self._together(pending, parts, gap, empty)

    def _numbered(self, reads: Iterator[Read], number: int) -> Iterator[tuple[int, int, Read]]:
        last_ms: int | None = None
        for read in reads:
            if last_ms is not None and read.t_ms < last_ms:
                raise self._backwards(last_ms, read.t_ms, read.line)
            last_ms = read.t_ms
            yield read.t_ms, number, read

    def _together(self, pending: tuple[int, int], parts: list[float | None], gap: bool, empty: bool) -> Read:
        sums: list[float | None] = [0.0] * self.phases
        for part, figure in zip(self.parts, parts, strict=True):
            so_far = sums[part.phase]
            sums[part.phase] = None if figure is None or so_far is None else so_far + part.sign * figure
        if gap:
            sums = [None] * self.phases
        return Read(pending[1], pending[0], tuple(sums), empty)

    def _backwards(self, last_ms: int, t_ms: int, line: int) -> BadTrace:
        clock = self.clock
        cure = "around a change of daylight-saving time, use UTC"
        if isinstance(clock, WallClock) and self.zone is None and clock.offset is None:
            cure += ", or name the zone: --columns tz=Europe/Brussels"
        return self.bad(
            f"time runs backwards, from {clock.write(last_ms)} to {clock.write(t_ms)}: sort the rows; {cure}", line
        )


def delimiters(text: str, marked: str = "") -> list[str]:
    """Returns what may separate the fields of this line, likeliest first."""
    if marked:
        return [marked[0]]
    if ";" in text:
        return [";"]
    if "\t" in text:
        return ["\t"]
    if "|" in text:
        return ["|"]
    return [",", " "] if "," in text else [" ", ","] if " " in text.strip() else [","]
