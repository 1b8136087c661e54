"""What a batch tells: yield by step, capability of each measurement, drift over its time. Pure functions on the batch's lines.

Cp = (USL - LSL) / 6 sigma, Cpk = the nearer limit's distance from the mean / 3 sigma (project's facts F2); with one limit there
is only Cpk. Boards that were not tested whole count for nothing here.
"""

import datetime
import math
from dataclasses import dataclass
from typing import Any

CAPABLE = 1.33
FEWEST = 5  # boards: of fewer a sigma says nothing
DRIFT_PART = 0.1  # of the span, or of the limit's distance, in a batch: worth a word

Line = dict[str, Any]


@dataclass(frozen=True)
class StepYield:
    """How a step went."""

    code: int
    title: str
    passed: int
    marginal: int
    failed: int

    def percent(self) -> float:
        """Of the boards that came so far."""
        ran = self.passed + self.marginal + self.failed
        return 100 * (self.passed + self.marginal) / ran if ran else math.nan


@dataclass(frozen=True)
class Capability:
    """One measurement over the batch: ``values`` as (seconds since the first board, value)."""

    name: str
    unit: str
    low: float | None
    high: float | None
    values: tuple[tuple[float, float], ...]

    def mean(self) -> float:
        """Of all."""
        return sum(value for _, value in self.values) / len(self.values)

    def sigma(self) -> float:
        """Of a sample."""
        mean = self.mean()
        return math.sqrt(sum((value - mean) ** 2 for _, value in self.values) / max(len(self.values) - 1, 1))

    def cp(self) -> float | None:
        """None: it has one limit, or too few boards."""
        if self.low is None or self.high is None or self.low == self.high:
            return None
        return self._over(self.high - self.low, 6)

    def cpk(self) -> float | None:
        """None: it has too few boards, or limits that allow one value only."""
        if self.low == self.high:
            return None
        mean = self.mean()
        near = [self.high - mean] if self.high is not None else []
        near += [mean - self.low] if self.low is not None else []
        return self._over(min(near), 3)

    def _over(self, span: float, sigmas: int) -> float | None:
        if len(self.values) < FEWEST:
            return None
        sigma = self.sigma()
        return span / (sigmas * sigma) if sigma else math.inf

    def per_hour(self) -> float:
        """How fast the mean moves: the slope of the straight line through all values."""
        times = [at for at, _ in self.values]
        middle, mean = sum(times) / len(times), self.mean()
        spread = sum((at - middle) ** 2 for at in times)
        return 3600 * sum((at - middle) * (value - mean) for at, value in self.values) / spread if spread else 0.0

    def drifts(self) -> bool:
        """It moves by a good part of what it may in the batch's time, and by more than chance makes of its spread."""
        times = [at for at, _ in self.values]
        moved = abs(self.per_hour()) * (max(times) - min(times)) / 3600
        if self.low is not None and self.high is not None:
            room = self.high - self.low
        else:
            room = abs((self.high if self.high is not None else self.low or 0) - self.mean())
        chance = 3 * self.sigma() * math.sqrt(12 / len(self.values))  # of the slope of as many values that do not move
        return len(self.values) >= FEWEST and moved > DRIFT_PART * room and moved > chance


@dataclass(frozen=True)
class Summary:
    """A batch in figures."""

    boards: int
    passed: int
    marginal: int  # of the passed ones
    failed: int
    not_tested: int
    steps: list[StepYield]
    measurements: list[Capability]


def summary(boards: list[Line]) -> Summary:
    """Of the boards that were tested whole; one that was tested again counts with its last test."""
    last: dict[str, Line] = {}
    tested = [each for each in boards if each.get("whole") and each["outcome"] in ("pass", "fail")]
    for place, each in enumerate(tested):
        last[each.get("chip") or f"board {place}"] = each
    lines = list(last.values())
    passed = [each for each in lines if each["outcome"] == "pass"]
    return Summary(
        len(lines),
        len(passed),
        sum(any(step["outcome"] == "marginal" for step in each["steps"]) for each in passed),
        len(lines) - len(passed),
        sum(each["outcome"] == "not tested" for each in boards),
        _steps(lines),
        _measurements(lines),
    )


def _steps(lines: list[Line]) -> list[StepYield]:
    found: dict[int, tuple[str, list[str]]] = {}
    for line in lines:
        for step in line["steps"]:
            found.setdefault(step["code"], (step["title"], []))[1].append(step["outcome"])
    return [
        StepYield(code, title, outcomes.count("pass"), outcomes.count("marginal"), outcomes.count("fail"))
        for code, (title, outcomes) in sorted(found.items())
    ]


def _measurements(lines: list[Line]) -> list[Capability]:
    began = [datetime.datetime.fromisoformat(line["began"]) for line in lines]
    first = min(began, default=datetime.datetime.min)
    found: dict[str, tuple[Line, list[tuple[float, float]]]] = {}
    for line, at in zip(lines, began, strict=True):
        for step in line["steps"]:
            for each in step["measurements"]:
                if each["value"] is not None:
                    seconds = (at - first).total_seconds()
                    found.setdefault(each["name"], (each, []))[1].append((seconds, each["value"]))
    return [
        Capability(name, each["unit"], each["low"], each["high"], tuple(values))
        for name, (each, values) in found.items()
    ]
