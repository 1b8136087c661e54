"""Turns a trace and the part of it that is wanted into what the runner reads: plain integers from 0 ms on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from headroom_tools.common.errors import BadInput
from headroom_tools.sim.clocks import DAY_MS, Clock
from headroom_tools.sim.scenario import time_of_day_ms
from headroom_tools.sim.traces import LONE_ROW_HOLDS_MS, Currents, Row, Trace

RUNNER_PHASES = 3


@dataclass(frozen=True)
class House:
    """What a run of the trace has: start_ms in the trace's own time, how long, and how many rows lacked a value."""

    clock: Clock
    start_ms: int
    duration_ms: int
    gaps: int


def prepare(trace: Trace, from_text: str | None, to_text: str | None, phases: int, file: IO[str]) -> House:
    """Writes the wanted part of trace to file, `t_ms l1_ma l2_ma l3_ma` a line, and returns what it is.

    The run begins with the first row or at from_text, and ends at to_text or when the last row has held as long as the
    row before it (a minute if there is only one). BadInput if that is no time at all.
    """
    rows = trace.rows()
    first = next(rows)
    clock = trace.clock
    start_ms = first.t_ms if from_text is None else moment_ms(clock, "--from", from_text, first.t_ms)
    if start_ms < first.t_ms:
        trace.warnings.append(f"--from {from_text} is before the trace: it begins at {clock.write(first.t_ms)}")
        start_ms = first.t_ms
    stop_ms = None if to_text is None else moment_ms(clock, "--to", to_text, start_ms + 1)
    if stop_ms is not None and stop_ms <= start_ms:
        raise BadInput(f"--to {to_text} is not after the start at {clock.write(start_ms)}: nothing to simulate")
    tell_phases(trace, phases)

    end_ms = gaps = 0
    written: Currents = ()
    for row, until_ms in held(first, rows):
        if stop_ms is not None and row.t_ms >= stop_ms:
            break
        end_ms = until_ms
        if until_ms <= start_ms:
            continue
        gaps += row.gap
        if row.ma[:phases] != written:
            written = row.ma[:phases]
            padded = written + (0,) * (RUNNER_PHASES - len(written))
            file.write(f"{max(row.t_ms - start_ms, 0)} {padded[0]} {padded[1]} {padded[2]}\n")
    if end_ms <= start_ms:
        raise BadInput(f"--from {from_text} is past the end of the trace at {clock.write(end_ms)}")
    if stop_ms is not None and stop_ms > end_ms:
        of_day_ms = time_of_day_ms(to_text or "")
        if from_text is not None and of_day_ms is not None and of_day_ms < clock.of_day_ms(start_ms):
            raise BadInput(
                f"--to {to_text} comes before --from {from_text}, and the trace ends before {to_text} of the next day, "
                f"at {clock.write(end_ms)}"
            )
        trace.warnings.append(f"--to {to_text} is past the end of the trace: the run ends at {clock.write(end_ms)}")
    return House(clock, start_ms, min(end_ms, stop_ms or end_ms) - start_ms, gaps)


def held(first: Row, others: Iterator[Row]) -> Iterator[tuple[Row, int]]:
    """Yields each row with the time until which it holds; of rows at the same time the last one."""
    row, held_ms = first, LONE_ROW_HOLDS_MS
    for following in others:
        if following.t_ms > row.t_ms:
            held_ms = following.t_ms - row.t_ms
            yield row, following.t_ms
        row = following
    yield row, row.t_ms + held_ms


def moment_ms(clock: Clock, option: str, text: str, earliest_ms: int) -> int:
    """Returns the time that an option names; HH:MM[:SS] alone is the first such time from earliest_ms on."""
    of_day_ms = time_of_day_ms(text)
    if of_day_ms is not None:
        return earliest_ms + (of_day_ms - clock.of_day_ms(earliest_ms)) % DAY_MS
    try:
        return clock.read_option(text)
    except (ValueError, OverflowError):
        raise BadInput(f"{option} {text} is not a time of this trace: give {clock.form}, or HH:MM") from None


def tell_phases(trace: Trace, phases: int) -> None:
    """Adds a warning where the trace has not the phases that the supply has."""
    if trace.phases > phases:
        trace.warnings.insert(0, f"{trace.path} has {trace.phases} phases, only l1 is used: --phases 3 takes all")
    elif trace.phases < phases:
        idle = "L2 and L3 carry" if trace.phases == 1 else "L3 carries"
        trace.warnings.insert(0, f"{trace.path} has {trace.phases} of {phases} phases: {idle} nothing but the car")
