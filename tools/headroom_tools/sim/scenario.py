"""One run, described: what the person asked for, in the integers that the runner and the scoring work with."""

import re
from dataclasses import dataclass

from bench.world.car import MODELS

from headroom_tools.common.errors import BadInput
from headroom_tools.sim.clocks import DAY_MS, Clock

Intervals = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Scenario:
    """The supply, the car, and how long. plugged_ms: when the car is plugged in, from the run's start, in order.

    car: a key of bench.world.car.MODELS; law: headroom or a key of bench.rivals.LAWS; settings: of the firmware, as pairs.
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

    @property
    def drawn_phases(self) -> int:
        """Returns on how many of the charger's phases this car draws."""
        return min(self.car_phases, int(MODELS[self.car].phases))

    @property
    def wanted_mwh(self) -> int | None:
        """Returns what is missing until this car is full, None if it never is."""
        permille = int(MODELS[self.car].need_permille)
        if self.need_mwh is None:
            return None if permille else 0
        return self.need_mwh * permille // 1000

    def for_runner(self, trace_path: str) -> dict[str, object]:
        """Returns what the runner reads from its scenario file."""
        return {
            "fidelity": self.fidelity,
            "board": "reference",
            "breaker_ma": self.breaker_ma,
            "phases": self.phases,
            "volts": self.volts,
            "hz": self.hz,
            "car_ma": self.car_ma,
            "car_phases": self.car_phases,
            "car": self.car,
            "law": self.law,
            "settings": dict(self.settings),
            "plugged_ms": [list(interval) for interval in self.plugged_ms],
            "need_mwh": self.need_mwh,
            "duration_ms": self.duration_ms,
            "seed": self.seed,
            "trace": trace_path,
        }


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
