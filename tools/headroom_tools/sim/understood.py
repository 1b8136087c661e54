"""What was understood of a trace, in one line, and what of it cannot be a house: nothing that parses is believed silently.

In bounded memory: a histogram of the current, and the least of every ten minutes.
"""

from array import array
from collections.abc import Sequence

from headroom_tools.sim.clocks import DAY_MS, Clock, WallClock
from headroom_tools.sim.trace_numbers import CURRENTS

BIN_MA = 100
LITTLE_MA = 500  # no house never draws more than this
MUCH_MA = 125_000  # the largest breaker of a household
COARSE_MS = 300_000
MOST_STEPS = 4096  # different times from row to row that are counted
MANY_ROWS = 50
WINDOW_MS = 600_000
LONE_MS = 60_000
CAR_WINDOWS = 12  # two hours
CAR_MA = 9000  # on one phase; 13 A is a boiler, too, and is asked about
CAR_ON_ALL_MA = 5500
STEADY_MA = 1200
COARSE_MA = 2000


class Phase:
    """One phase's figures so far."""

    def __init__(self) -> None:
        """Nothing was seen."""
        self.held_ms: dict[int, int] = {}
        self.low_ma = self.high_ma = self.last_ma = self.first_ma = 0
        self.rises = self.falls = self.zeros = 0
        self.least_step_ma = 0
        self.minima = array("i")
        self.window_ma: int | None = None

    def take(self, ma: int, first: bool) -> None:
        """Adds a row's current."""
        if first:
            self.low_ma = self.high_ma = self.last_ma = self.first_ma = ma
        elif ma > self.last_ma:
            self.rises += 1
        elif ma < self.last_ma:
            self.falls += 1
        self.last_ma = ma
        self.low_ma, self.high_ma = min(self.low_ma, ma), max(self.high_ma, ma)
        if ma:
            self.least_step_ma = min(self.least_step_ma or abs(ma), abs(ma))
        else:
            self.zeros += 1
        self.window_ma = ma if self.window_ma is None else min(self.window_ma, ma)

    def share_ma(self, share: float) -> int:
        """Returns the current that is not exceeded in so much of the time, to a tenth of an ampere."""
        total = sum(self.held_ms.values())
        so_far = 0
        for step in sorted(self.held_ms):
            so_far += self.held_ms[step]
            if so_far >= share * total:
                return step * BIN_MA
        return self.last_ma

    def only_rises(self) -> bool:
        """Tells whether this looks like a counter: it never falls, and grows little of what it is."""
        grown = self.last_ma - self.first_ma
        little = self.first_ma > 0 and grown < self.first_ma / 100
        return self.falls == 0 and self.rises > 2 and (self.rises >= MANY_ROWS or little)


class Understood:
    """Takes the rows in time order, and tells."""

    def __init__(self) -> None:
        """No row yet."""
        self.phases: list[Phase] = []
        self.rows = self.gaps = 0
        self.first_ms = self.last_ms = 0
        self.steps: dict[int, int] = {}
        self.window = 0
        self.before: tuple[int, ...] = ()
        self.gap_before = False
        self.holes_ms = self.export_ms = self.total_ms = 0

    def take(self, t_ms: int, currents: tuple[int, ...], gap: bool) -> None:
        """Adds a row."""
        first = not self.phases
        if first:
            self.phases = [Phase() for _ in currents]
            self.first_ms, self.window = t_ms, t_ms // WINDOW_MS
        else:
            self._hold(t_ms - self.last_ms)
        if t_ms // WINDOW_MS != self.window:
            self._close_windows(t_ms // WINDOW_MS)
        for phase, ma in zip(self.phases, currents, strict=True):
            phase.take(ma, first)
        self.rows += 1
        self.gaps += gap
        self.before, self.gap_before, self.last_ms = currents, gap, t_ms

    def _hold(self, long_ms: int, last: bool = False) -> None:
        """The row before has held so long."""
        if self.gap_before:
            self.holes_ms += long_ms
            return
        if long_ms:
            if not last and (long_ms in self.steps or len(self.steps) < MOST_STEPS):
                self.steps[long_ms] = self.steps.get(long_ms, 0) + 1
            self.total_ms += long_ms
            if min(self.before) < 0:
                self.export_ms += long_ms
        for phase, ma in zip(self.phases, self.before, strict=True):
            step = ma // BIN_MA
            phase.held_ms[step] = phase.held_ms.get(step, 0) + long_ms

    def _close_windows(self, window: int) -> None:
        for phase, ma in zip(self.phases, self.before, strict=True):
            least = ma if phase.window_ma is None else min(phase.window_ma, ma)
            phase.minima.append(least)
            phase.minima.extend([0 if self.gap_before else ma] * (window - self.window - 1))
            phase.window_ma = ma
        self.window = window

    @property
    def step_ms(self) -> int:
        """Returns the usual time from row to row."""
        total = sum(self.steps.values())
        so_far = 0
        for step_ms in sorted(self.steps):
            so_far += self.steps[step_ms]
            if 2 * so_far >= total:
                return step_ms
        return 0

    def tell(self, name: str, form: str, unit: str, clock: Clock, doubts: list[str]) -> list[str]:
        """Returns what was understood, and then each doubt, a line each."""
        if not self.phases:
            return []
        if self.before:
            self._hold(self.step_ms or LONE_MS, last=True)
            self.before = ()
        medians = " / ".join(f"{phase.share_ma(0.5) / 1000:.1f}" for phase in self.phases)
        peaks = " / ".join(f"{phase.high_ma / 1000:.1f}" for phase in self.phases)
        count = "one phase" if len(self.phases) == 1 else f"{len(self.phases)} phases"
        every = f", a row every {span(self.step_ms)}" if self.steps else ""
        gaps = {0: "no gaps", 1: "1 gap"}.get(self.gaps, f"{self.gaps} gaps")
        export = "no export"
        if self.export_ms or min(phase.low_ma for phase in self.phases) < 0:
            least_ma = min(phase.low_ma for phase in self.phases)
            export = f"export {100 * self.export_ms / max(self.total_ms, 1):.0f} % of the time, up to {-least_ma / 1000:.1f} A"
        line = (
            f"{name}: {form}; {span(self.last_ms - self.first_ms)} from {dated(clock, self.first_ms)}{zone_of(clock)}{every}; "
            f"{count}, median {medians} A, peak {peaks} A; {gaps}, {export}"
        )
        return [line, *(f"{name}: {doubt}" for doubt in [*doubts, *self._doubts(unit, clock)])]

    def _doubts(self, unit: str, clock: Clock) -> list[str]:
        phases = self.phases
        high_ma = max(phase.high_ma for phase in phases)
        step_ms = self.step_ms
        doubts = []
        if step_ms >= COARSE_MS:
            doubts.append(
                f"each row stands for {span(step_ms)}: what happens inside is not seen; expect a lower share and more overload "
                "than a simulation of this shows"
            )
        if high_ma < LITTLE_MA and self.rows > 1:
            cure = {"w": "kW read as W? --columns unit=kW", "a": "is it in A?"}.get(unit, f"is it in {unit}?")
            doubts.append(f"a house that never draws more than {high_ma * 0.23:.0f} W: {cure}")
        if high_ma > MUCH_MA:
            cure = {"a": "W or mA read as A?", "kw": "W read as kW?"}.get(
                unit, "a total of many houses, or another unit?"
            )
            doubts.append(f"{high_ma / 1000:.0f} A is more than a household's connection has: {cure}")
        elif len(phases) == 1 and high_ma > 63_000 and unit not in CURRENTS:
            doubts.append(
                f"{high_ma / 1000:.0f} A on one phase: a total of three? A charger is limited by each of them"
            )
        if any(phase.only_rises() for phase in phases):
            doubts.append("it only rises: a counter read as power? --columns unit=kWh reads one")
        if self.rows >= MANY_ROWS and all(phase.low_ma == phase.high_ma for phase in phases):
            doubts.append(f"all {self.rows} rows say the same: a meter that stands still?")
        if self.holes_ms:
            doubts.append(
                f"no values for {span(self.holes_ms)} in all: the last one holds there, which is no measurement"
            )
        if self.export_ms > 0.9 * self.total_ms > 0:
            doubts.append("nearly all of it is export: is the sign turned round?")
        for phase in phases:
            if unit.endswith("h") and phase.zeros and phase.least_step_ma > COARSE_MA:
                doubts.append(
                    f"a step of the counter is {phase.least_step_ma / 1000:.1f} A: too coarse for this time from row to row"
                )
                break
        doubts += self._car(clock)
        return doubts

    def _car(self, clock: Clock) -> list[str]:
        """Returns the doubt that a car was charged in this house while the trace was taken."""
        asked = [(phase.minima, CAR_MA, f" on L{number}") for number, phase in enumerate(self.phases, 1)]
        if len(self.phases) == 1:
            asked = [(self.phases[0].minima, CAR_MA, "")]
        elif len(self.phases) == 3:
            least = array("i", map(min, zip(*(phase.minima for phase in self.phases), strict=True)))
            asked.insert(0, (least, CAR_ON_ALL_MA, " on all phases"))
        for minima, load_ma, where in asked:
            found = steady_load(minima, load_ma)
            if found is not None:
                start, long, steady_ma = found
                when = dated(clock, (self.first_ms // WINDOW_MS + start) * WINDOW_MS)
                return [
                    f"about {steady_ma / 1000:.0f} A more{where} for {span(long * WINDOW_MS)} at a stretch, from {when}: a car "
                    "inside the trace? Leave it out, or it charges twice"
                ]
        return []


def steady_load(minima: Sequence[int], load_ma: int) -> tuple[int, int, int] | None:
    """Returns where in the least of every ten minutes a load of that size begins, how many windows it lasts without a
    change, and what it adds; None if there is none for two hours.
    """
    if len(minima) <= CAR_WINDOWS:
        return None
    base_ma = sorted(minima)[len(minima) // 5]
    best: tuple[int, int, int] | None = None
    start = 0
    low_ma = high_ma = 0
    for index, ma in enumerate([*minima, -1]):
        low_ma, high_ma = (min(low_ma, ma), max(high_ma, ma)) if index > start else (ma, ma)
        if ma >= base_ma + load_ma and high_ma - low_ma <= STEADY_MA:
            if index - start + 1 >= CAR_WINDOWS and (best is None or index - start + 1 > best[1]):
                best = (start, index - start + 1, low_ma - base_ma)
            continue
        start = index if ma >= base_ma + load_ma else index + 1
        low_ma = high_ma = ma
    return best


def span(ms: int) -> str:
    """Returns a time as a person says it."""
    for size_ms, word in ((DAY_MS, "days"), (3_600_000, "h"), (60_000, "min")):
        if ms >= (2 if word == "days" else 1) * size_ms:
            return f"{round(ms / size_ms, 1):g} {word}"
    return f"{ms / 1000:g} s"


def dated(clock: Clock, t_ms: int) -> str:
    """Returns a moment with its year where the clock knows it."""
    if isinstance(clock, WallClock):
        return clock.wall(t_ms).strftime("%a %d %b %Y, %H:%M:%S")
    return clock.label(t_ms)


def zone_of(clock: Clock) -> str:
    """Returns whose time a clock tells, for people."""
    if not isinstance(clock, WallClock):
        return ""
    zone = getattr(clock, "zone", None)
    if zone is not None:
        return f" ({zone})"
    if clock.offset is None:
        return " (local time)"
    hours = clock.offset.total_seconds() / 3600
    return f" (UTC{hours:+g} h)" if hours else " (UTC)"
