"""`--solar`: what panels give is taken off what the house draws: generated for so many kWp, or read from a trace of its own."""

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from bench.world import solar

from headroom_tools.common.errors import BadInput
from headroom_tools.sim.clocks import DAY_MS, Clock

MOST_KWP = 100.0
#: a larger roof feeds in on all phases: VDE-AR-N 4105 allows 4.6 kVA on one (project's domain notes, 6.4)
ONE_PHASE_W = 4600

#: (ms from the run's start, mA fed in on each phase)
Fed = tuple[int, tuple[int, ...]]


def read_kwp(text: str) -> float | None:
    """Returns the number that `--solar` gives, with or without its unit; None for the name of a file."""
    number = text.lower().removesuffix("kwp").strip()
    try:
        return float(number)
    except ValueError:
        return None


def refuse_roof(text: str | None) -> None:
    """BadInput for a roof that is none."""
    if text is None:
        return
    kwp = read_kwp(text)
    if kwp is None and not Path(text).exists():
        raise BadInput(f"--solar {text}: give the panels' kWp, such as 6, or a trace of what they give")
    if kwp is not None and not 0 < kwp <= MOST_KWP:
        raise BadInput(f"--solar {text} is out of range: give above 0 to {MOST_KWP:.0f} kWp")


def put_on(
    text: str,
    sky: str,
    seed: int,
    volts: int,
    phases: int,
    trace_file: Path,
    clock: Clock,
    start_ms: int,
    duration_ms: int,
) -> None:
    """Takes it off trace_file, which holds the house as the runner reads it: t_ms and mA on three phases a line."""
    kwp = read_kwp(text)
    if kwp is None:
        fed = from_trace(Path(text), volts, phases, clock, start_ms, duration_ms)
    else:
        fed = generated(round(kwp * 1000), sky, seed, volts, phases, clock.of_day_ms(start_ms), duration_ms)
    house = [tuple(map(int, line.split())) for line in trace_file.read_text().splitlines()]
    with trace_file.open("w") as file:
        for t_ms, one, two, three in less(house, fed):
            file.write(f"{t_ms} {one} {two} {three}\n")


def less(house: Iterable[tuple[int, ...]], fed: Iterable[Fed]) -> Iterator[tuple[int, int, int, int]]:
    """Yields the house's rows less what is fed in, one for each moment at which either changes."""
    house_ma: tuple[int, ...] = (0, 0, 0)
    fed_ma: tuple[int, ...] = (0, 0, 0)
    changes = heapq.merge(((row[0], 0, row[1:]) for row in house), ((t_ms, 1, ma) for t_ms, ma in fed))
    for t_ms, together in groupby(changes, key=lambda change: change[0]):
        for _, whose, ma in together:
            if whose:
                fed_ma = ma
            else:
                house_ma = ma
        one, two, three = (drawn - given for drawn, given in zip(house_ma, fed_ma, strict=True))
        yield t_ms, one, two, three


def generated(
    peak_w: int, sky: str, seed: int, volts: int, phases: int, of_day_ms: int, duration_ms: int
) -> Iterator[Fed]:
    """Yields a generated roof, each day another one."""
    wires = 3 if phases == 3 and peak_w > ONE_PHASE_W else 1
    for number in range((of_day_ms + duration_ms - 1) // DAY_MS + 1):
        before: Fed = (0, (0, 0, 0))
        for t_ms, watts in solar.day(seed + number, peak_w, sky):
            ma = watts * 1000 // volts // wires
            now = (t_ms + number * DAY_MS - of_day_ms, tuple(ma if phase < wires else 0 for phase in range(3)))
            if before[0] < 0 <= now[0]:
                yield 0, before[1]
            if 0 <= now[0] < duration_ms:
                yield now
            before = now


def from_trace(path: Path, volts: int, phases: int, clock: Clock, start_ms: int, duration_ms: int) -> Iterator[Fed]:
    """Yields what a trace says, by its own clock; whichever sign it has. BadInput where that is another time than the house's."""
    from headroom_tools.sim.traces import Trace

    begins_ms = clock.wall_ms(start_ms)
    met = False
    with Trace(path, volts) as trace:
        held: tuple[int, ...] = (0, 0, 0)
        for row in trace.rows():
            t_ms = trace.clock.wall_ms(row.t_ms) - begins_ms
            ma = tuple(abs(each) for each in row.ma[:phases])
            ma += (0,) * (3 - len(ma))
            if t_ms < 0:
                held = ma
                continue
            if t_ms >= duration_ms:
                break
            if not met:
                yield 0, held
            met = True
            yield t_ms, ma
    if not met:
        raise BadInput(
            f"--solar {path}: it has nothing from the time of the house, which begins at {clock.label(start_ms)}"
        )
