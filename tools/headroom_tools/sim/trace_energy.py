"""Energy as current: what a row holds in Wh, or a counter that only grows, becomes the mean until the next row."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

MAX_A = 1000.0
HOLE_STEPS = 20  # times the usual one from row to row is no such time any more
MS_PER_H = 3_600_000


class Read(NamedTuple):
    """A row's figures, one for each phase, in A or Wh; None is missing. line: where it stands. empty: a cell of it is blank."""

    line: int
    t_ms: int
    figures: tuple[float | None, ...]
    empty: bool


def of_energy(reads: Iterator[Read], step_ms: int, bad: Callable[[str, int], Exception]) -> Iterator[Read]:
    """Yields the mean of rows that hold the Wh (at one volt) of their own time, which lasts until the next row."""
    before: Read | None = None
    long_ms = step_ms
    for read in reads:
        if before is not None:
            apart_ms = read.t_ms - before.t_ms
            if 0 < apart_ms < HOLE_STEPS * step_ms:
                long_ms = apart_ms
            yield mean(before, long_ms, bad)
        before = read
    if before is not None:
        yield mean(before, long_ms, bad)


def mean(read: Read, long_ms: int, bad: Callable[[str, int], Exception]) -> Read:
    """Returns a row's energy as the current that it is; bad makes the error where no house draws that."""
    amps = tuple(None if figure is None else figure * MS_PER_H / long_ms for figure in read.figures)
    for each in amps:
        if not possible(each):
            raise bad(
                f"this row's energy is a mean of {each:.0f} A, and no house draws above {MAX_A:g} A: is it a counter, or power? "
                "--columns unit=W or kind=counter",
                read.line,
            )
    return read._replace(figures=amps)


def of_counter(
    reads: Iterator[Read],
    signed: bool,
    backwards: Callable[[int, int, int], Exception],
    warn_once: Callable[[str, str, int], None],
) -> Iterator[Read]:
    """Yields the mean between the readings of a counter; one below the one before it is a new start, unless it is signed."""
    before: Read | None = None
    for read in reads:
        if before is not None and read.t_ms < before.t_ms:
            raise backwards(before.t_ms, read.t_ms, read.line)
        if before is not None and read.t_ms > before.t_ms:
            amps = tuple(
                None if old is None or new is None else (new - old) * MS_PER_H / (read.t_ms - before.t_ms)
                for old, new in zip(before.figures, read.figures, strict=True)
            )
            if not all(possible(each) and (signed or each is None or each >= 0) for each in amps):
                warn_once("restart", "the counter starts anew here: a gap", read.line)
                amps = (None,) * len(amps)
            yield before._replace(figures=amps)
        before = read


def possible(amps: float | None) -> bool:
    """Tells whether a house may draw that."""
    return amps is None or -MAX_A <= amps <= MAX_A
