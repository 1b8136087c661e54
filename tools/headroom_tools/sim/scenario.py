"""One run, described: what the person asked for, in the integers that the runner and the scoring work with."""

import re
from dataclasses import asdict, dataclass
from math import isqrt

from bench import metered
from bench.chip import ports
from bench.world.car import MODELS
from bench.world.world import BETWEEN_COS, LINE_MOHM

from headroom_tools.common.errors import BadInput
from headroom_tools.sim.clocks import DAY_MS, Clock

Intervals = tuple[tuple[int, int], ...]
ROOT_OF_3 = 1732  # per mille


@dataclass(frozen=True)
class Scenario:
    """The supply, the car, and how long. plugged_ms: when the car is plugged in, from the run's start, in order.

    car: a key of bench.world.car.MODELS; law: headroom or a key of bench.rivals.LAWS; settings: of the firmware, as pairs;
    told: lines for its console, each with where it was asked for; wiring: the supply's phases on the car's, between: or the two
    lines of an IT grid that it stands between; roof: panels feed in, each: and that counts on each phase by itself;
    micropython: whose port's behaviour the chip plays.
    A field is a key of the bench's DEFAULTS (bench/table.py).
    """

    breaker_ma: int
    phases: int
    volts: int
    hz: int
    car_ma: int
    car_phases: int
    plugged_ms: Intervals
    need_mwh: int | None
    duration_ms: int
    seed: int
    fidelity: str
    car: str = "plain"
    law: str = "headroom"
    settings: tuple[tuple[str, int | str], ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    board: str = "reference"
    wiring: tuple[int, ...] = (0, 1, 2)
    between: bool = False
    line_mohm: int = LINE_MOHM
    meter: str = metered.CLAMPS
    roof: bool = False
    each: bool = False
    micropython: str = ports.NEWEST

    @property
    def drawn_phases(self) -> int:
        """Returns on how many of the charger's phases this car draws."""
        return min(self.car_phases, int(MODELS[self.car].phases))

    @property
    def drawn(self) -> tuple[int, ...]:
        """Returns the supply's phases that this car draws on."""
        return self.wiring[:2] if self.between else self.wiring[: self.drawn_phases]

    @property
    def wanted_mwh(self) -> int | None:
        """Returns what is missing until this car is full, None if it never is."""
        permille = int(MODELS[self.car].need_permille)
        if self.need_mwh is None:
            return None if permille else 0
        return self.need_mwh * permille // 1000

    def free_ma(self, house_ma: tuple[int, ...]) -> int:
        """Returns what the breaker leaves for the car beside this house, on each of its phases."""
        return min(self._left_ma(house_ma[phase]) for phase in self.drawn)

    def _left_ma(self, house_ma: int) -> int:
        if not self.between:
            return self.breaker_ma - house_ma
        if abs(house_ma) >= self.breaker_ma:
            return self.breaker_ma - abs(house_ma)
        across = house_ma * house_ma * (1_000_000 - BETWEEN_COS * BETWEEN_COS) // 1_000_000
        return isqrt(self.breaker_ma * self.breaker_ma - across) - house_ma * BETWEEN_COS // 1000

    def surplus_ma(self, house_ma: tuple[int, ...]) -> int:
        """Returns what is fed in, as much for each of the car's phases; below 0: bought."""
        if self.each:
            return min(-house_ma[phase] for phase in self.drawn)
        return -sum(house_ma[: self.phases]) // len(self.drawn)

    def energy_ma(self, car_ma: tuple[int, ...]) -> int:
        """Returns what these currents of the car come to at the voltage of one phase: between two lines that is the root of 3."""
        return max(car_ma) * ROOT_OF_3 // 1000 if self.between else sum(car_ma)

    def given_to(self, given_ma: int) -> tuple[int, int, int]:
        """Returns the current on each phase of a car that takes so much."""
        first, second, third = (given_ma if phase in self.drawn else 0 for phase in range(3))
        return first, second, third

    def added_to(self, house_ma: tuple[int, ...], drawn_ma: tuple[int, int, int]) -> tuple[int, int, int]:
        """Returns what a car that draws so much adds to each line: between two lines currents add as vectors."""
        if not self.between:
            return drawn_ma
        one, two, three = (
            isqrt(house * house + drawn * drawn + 2 * house * drawn * BETWEEN_COS // 1000) - house if drawn else 0
            for house, drawn in zip(house_ma, drawn_ma, strict=True)
        )
        return one, two, three

    def for_runner(self, trace_path: str) -> dict[str, object]:
        """Returns what the runner reads from its scenario file."""
        return {**asdict(self), "settings": dict(self.settings), "trace": trace_path}


def read_plugged(text: str) -> tuple[int, int] | None:
    """Returns a daily window in ms of the day, or None for `always`; BadInput if text is neither."""
    if text == "always":
        return None
    start_text, dash, end_text = text.partition("-")
    start_ms, end_ms = time_of_day_ms(start_text), time_of_day_ms(end_text)
    if not dash or start_ms is None or end_ms is None:
        raise BadInput(f"--plugged {text}: give always, or a daily window such as 18:00-07:00")
    if start_ms == end_ms:
        raise BadInput(f"--plugged {text}: the window begins when it ends; for the whole day say always")
    return start_ms, end_ms


def time_of_day_ms(text: str) -> int | None:
    """Returns HH:MM or HH:MM:SS in ms since midnight, or None if text is no such time."""
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", text.strip(), re.ASCII)
    if found is None or int(found[1]) > 23:
        return None
    return ((int(found[1]) * 60 + int(found[2])) * 60 + int(found[3] or 0)) * 1000


def plugged_intervals(daily: tuple[int, int] | None, clock: Clock, start_ms: int, duration_ms: int) -> Intervals:
    """Returns when a car with that daily window (None: always) is plugged in during a run from start_ms, in run time."""
    if daily is None:
        return ((0, duration_ms),)
    opens_ms, closes_ms = daily
    length_ms = (closes_ms - opens_ms) % DAY_MS
    first_ms = opens_ms - clock.of_day_ms(start_ms) - DAY_MS
    intervals = []
    for from_ms in range(first_ms, duration_ms, DAY_MS):
        to_ms = min(from_ms + length_ms, duration_ms)
        if to_ms > 0:
            intervals.append((max(from_ms, 0), to_ms))
    return tuple(intervals)
