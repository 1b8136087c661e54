"""What the runner (`tools/bench/run.py`) says, one line per happening in time order, as records.

R t_ms state offered_ma closed house1_ma car1_ma house2_ma car2_ma house3_ma car3_ma [drawn_ma]   the truth, until the next R
V t_ms from_ma to_ma reason in words                                                   the offer changed
Q t_ms reaction_ms                    an overload began; so much later the lower offer was on the pins
N t_ms code missing_wh of             what became of the household's need, as the charger's journal has it: see Need
P t_ms                                progress
W text                                a line of the firmware's console
Z t_ms                                the end
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from headroom_tools.common.errors import SimulatorFailed

ENDED_EARLY = "it ended before its time"


class Segment(NamedTuple):
    """Nothing changed from from_ms to to_ms. state: the pilot's letter; house_ma: of each phase; car_ma: what it adds to that.

    drawn_ma: what the car draws from each phase, where that is not what it adds: between two lines currents add as vectors.
    """

    from_ms: int
    to_ms: int
    state: str
    offered_ma: int
    closed: bool
    house_ma: tuple[int, int, int]
    car_ma: tuple[int, int, int]
    drawn_ma: tuple[int, ...] = ()


class Change(NamedTuple):
    """The firmware changed its offer, and why."""

    t_ms: int
    from_ma: int
    to_ma: int
    why: str


class Reaction(NamedTuple):
    """An overload began at t_ms; reaction_ms later the lower offer was on the pins."""

    t_ms: int
    reaction_ms: int


class Need(NamedTuple):
    """What became of a need: a word of NEEDS. of: Wh needed; where it is told to be late, or not, minutes until it is done."""

    t_ms: int
    what: str
    missing_wh: int
    of: int


#: the journal's codes (serve/wishes.py), and one for a run that ended before
NEEDS = ("delivered", "told late", "missed", "in time after all", "pending")


class Progress(NamedTuple):
    """Simulated time has come so far."""

    t_ms: int


Record: TypeAlias = Segment | Change | Reaction | Need | Progress


def read(lines: Iterable[str]) -> Iterator[Record]:
    """Yields the records in lines; SimulatorFailed if a line makes no sense or the end is missing."""
    before: list[str] | None = None
    before_ms = 0
    for line in lines:
        kind = line[:1]
        try:
            if kind == "R":
                fields = line.split()
                t_ms = int(fields[1])
                if before is not None and t_ms > before_ms:
                    yield segment(before_ms, t_ms, before)
                before, before_ms = fields, t_ms
            elif kind == "V":
                _, t_text, from_text, to_text, why = line.split(maxsplit=4)
                yield Change(int(t_text), int(from_text), int(to_text), why.strip())
            elif kind == "Q":
                _, t_text, reaction_text = line.split()
                yield Reaction(int(t_text), int(reaction_text))
            elif kind == "N":
                _, t_text, code, missing, of = line.split()
                yield Need(int(t_text), NEEDS[int(code)], int(missing), int(of))
            elif kind == "P":
                yield Progress(int(line[1:]))
            elif kind == "Z":
                t_ms = int(line[1:])
                if before is not None and t_ms > before_ms:
                    yield segment(before_ms, t_ms, before)
                return
            elif kind != "W":
                raise ValueError
        except (ValueError, IndexError):
            raise SimulatorFailed(f"it said something unknown: {line.strip()[:200]!r}") from None
    raise SimulatorFailed(ENDED_EARLY)


def segment(from_ms: int, to_ms: int, fields: list[str]) -> Segment:
    """Returns the segment that an R line, split into fields, describes."""
    _, _, state, offered, closed, house1, car1, house2, car2, house3, car3, *drawn = fields
    return Segment(
        from_ms,
        to_ms,
        state,
        int(offered),
        closed == "1",
        (int(house1), int(house2), int(house3)),
        (int(car1), int(car2), int(car3)),
        tuple(int(ma) for ma in drawn),
    )
