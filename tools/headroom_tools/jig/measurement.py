"""A measurement: name, value, unit, limits, marginal limits, outcome, and who measured it (the record of OpenHTF, without it)."""

import datetime
import math
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

NEAR_DAYS = 60  # an instrument's calibration ends so soon: a warning (Tinkerforge's reports warn 60 days before, too)


class Outcome(str, Enum):
    """In the order of their weight."""

    PASS = "pass"
    MARGINAL = "marginal"  # inside the limits, outside the marginal ones: it passes, and is worth a look
    FAIL = "fail"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Limit:
    """What a measurement may be. ``margin`` is the part of the span, at each end that has a limit, that is marginal."""

    unit: str
    low: float | None
    high: float | None
    why: str  # the standard and clause, the datasheet, or that it was chosen
    margin: float = 0.1

    def marginal(self) -> tuple[float | None, float | None]:
        """The marginal limits, inside the limits."""
        span = (
            self.high - self.low if self.low is not None and self.high is not None else abs(self.high or self.low or 0)
        )
        return (
            None if self.low is None else self.low + span * self.margin,
            None if self.high is None else self.high - span * self.margin,
        )

    def judge(self, value: float | None) -> Outcome:
        """A value that is none, or not a number, fails."""
        if value is None or math.isnan(value):
            return Outcome.FAIL
        if not _inside(value, self.low, self.high):
            return Outcome.FAIL
        return Outcome.PASS if _inside(value, *self.marginal()) else Outcome.MARGINAL

    def allowed(self) -> str:
        """In words, with the unit."""
        if self.low == self.high:
            return f"{short(self.low)} {self.unit}".strip()
        if self.low is None:
            return f"up to {short(self.high)} {self.unit}".strip()
        if self.high is None:
            return f"{short(self.low)} {self.unit} or more".strip()
        return f"{short(self.low)} to {short(self.high)} {self.unit}".strip()


def _inside(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def short(value: float | None) -> str:
    """A number for a person: no more digits than anybody measures, thousands apart."""
    if value is None:
        return "nothing"
    digits = 3 if abs(value) < 10 else 2 if abs(value) < 1000 else 0
    text = f"{value:,.{digits}f}".replace(",", " ")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class Instrument:
    """Who measured: a name, and until when its calibration counts; None: nothing is measured with it that needs one."""

    name: str
    calibrated_until: datetime.date | None = None

    def expired(self, today: datetime.date) -> bool:
        """An instrument past its date refuses to pass a board."""
        return self.calibrated_until is not None and today > self.calibrated_until

    def warning(self, today: datetime.date) -> str:
        """What to say of its date; nothing when that is far away."""
        if self.calibrated_until is None:
            return ""
        left = (self.calibrated_until - today).days
        if left < 0:
            return f"{self.name}: its calibration ended on {self.calibrated_until}: no board passes with it"
        return f"{self.name}: its calibration ends in {left} days" if left <= NEAR_DAYS else ""


@dataclass(frozen=True)
class Measurement:
    """One value against its limits."""

    name: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    marginal_low: float | None
    marginal_high: float | None
    outcome: Outcome
    instrument: str
    calibrated_until: str | None
    allowed: str

    def told(self) -> str:
        """One line for a person: measured against allowed."""
        measured = "nothing" if self.value is None else f"{short(self.value)} {self.unit}".strip()
        inside = self.value is not None and _inside(self.value, self.low, self.high)
        late = f"; {self.instrument}'s calibration ended on {self.calibrated_until}"
        return f"{self.name}: measured {measured}, allowed {self.allowed}{late if inside else ''}"

    def record(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self) | {"outcome": self.outcome.value}


def taken(name: str, value: float | None, limit: Limit, instrument: Instrument, today: datetime.date) -> Measurement:
    """Returns what comes of a value; an instrument past its calibration fails whatever it shows."""
    outcome = Outcome.FAIL if instrument.expired(today) else limit.judge(value)
    until = instrument.calibrated_until
    return Measurement(
        name,
        None if value is None or math.isnan(value) else value,
        limit.unit,
        limit.low,
        limit.high,
        *limit.marginal(),
        outcome,
        instrument.name,
        until.isoformat() if until else None,
        limit.allowed(),
    )


def worst(outcomes: list[Outcome]) -> Outcome:
    """Of none: a pass."""
    order = list(Outcome)
    return max(outcomes, key=order.index, default=Outcome.PASS)
