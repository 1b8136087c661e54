"""How far the reading is off, on boards out of the bag: the firmware's own scan on the bench's analog world.

Run as ``python -m headroom_tools.measure.accuracy [BOARDS]`` (`make accuracy`). A board is calibrated with three known currents,
at a frequency of its own, and then asked for a mean of one second at currents and load shapes drawn from its seed. A
board with a voltage input is calibrated at one known voltage, and for phase with a resistive load, and asked for watts.
"""

import importlib
import math
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from headroom_tools.common import arguments, pool
from headroom_tools.common.ending import ended

CURRENTS_MA = (500, 1000, 2000, 5000, 10000, 16000, 25000, 40000, 63000, 80000, 100000)
CREST_LIMIT_MA = {"rectifier": 35000, "dimmer": 60000, "half-wave": 60000}  # beyond, the crest leaves the ADC
SHAPES = ("resistive", "harmonics", "motor", "rectifier", "dimmer", "half-wave")
CALIBRATED_MA = (5000, 10000, 30000)
LAGS_DEG = (0, 26, -26, 45, -45, 60, -60)  # power factors 1, 0.9, 0.71 and 0.5, both ways
POWER_MA = (5000, 10000, 16000, 25000, 40000)
CASES = 6  # a board, on each of its three clamps
SETTLE_MS, MEAN_MS = 300, 1000
JITTER_US = 400  # what a tick takes beside the scan varies by so much: windows do not fall into step with the mains
IDEAL, LINEAR, BENT, METERED = range(4)
KINDS = ("ideal front end", "linear clamps", "clamps that bend like a measured SCT-013-000")
LARGE_MA = 5000
STEPPED_MA = 25000


class Case(NamedTuple):
    """One reading: what was asked for, what came before and after calibration."""

    kind: int
    what: str  # shape, or power factor
    mhz: int
    true: float
    raw: float
    good: float
    noise: float = 0.0  # standard deviation, in percent, that the converter's noise alone gives a mean of MEAN_MS

    def off(self, calibrated: bool = True) -> float:
        """Error in percent of the true value."""
        return abs((self.good if calibrated else self.raw) - self.true) * 100 / abs(self.true)


class Found(NamedTuple):
    """What one board gave; the last two in percent."""

    cases: list[Case]
    window_noise: list[float]
    second_window: list[float]


class Bench:
    """A board out of the bag on the bench, with its dice."""

    def __init__(self, kind: int, seed: int) -> None:
        """The board, not yet calibrated."""
        from bench import host
        from bench.table import Table
        from bench.world import parts
        from bench.world.car import Random

        self.dice = Random(1000 * kind + seed + 1)
        name = "metered" if kind == METERED else "reference"
        board = host.load(name, entry="board")
        made = parts.ideal(board) if kind == IDEAL else parts.random(board, self.dice, 1024 if kind == BENT else 0)
        self.mhz = self.dice.between(45000, 65000)
        self.table: Any = Table([(0, 0, 0, 0)], plugged_ms=[], parts=made, seed=seed + 1, board=name, line_mohm=0)
        self.scan = self.table.charger.scan
        self.noise_mv = made.noise_mv
        self.corrected = sys.modules["headroom.sense.clamp"].corrected
        self.points: list[list[tuple[int, int]]] = [[], [], []]

    def load(self, ma: int, shape: str = "resistive", lag_deg: int = 0) -> None:
        """A house that draws ``ma`` on every phase, and time to settle."""
        from bench.world import analog

        world = self.table.world
        world.shape_names = (shape,) * 3
        world.lag_mdeg = [lag_deg * 1000] * 3
        world.house_ma = [ma, ma, ma]
        world.mains.set_mhz(self.mhz, self.table.chip.us)
        analog.wire(world)
        self.table.live(SETTLE_MS)

    def windows(self, ms: int, read: Callable[[], list[int]]) -> list[list[int]]:
        """What ``read`` gives in every window of the next ``ms``, by phase."""
        until_us, rows = self.table.chip.us + ms * 1000, []
        while self.table.chip.us < until_us:
            self.table.tick()
            self.table.chip.advance(self.dice.between(0, JITTER_US))
            rows.append(read())
        return [list(column) for column in zip(*rows, strict=True)]

    def means(self, read: Callable[[], list[int]], ms: int = MEAN_MS) -> list[int]:
        """The same, its mean, of one second unless told."""
        return [round(statistics.mean(column)) for column in self.windows(ms, read)]

    def raw_ma(self) -> list[int]:
        """The last window without calibration."""
        return [clamp.raw_ma for clamp in self.scan.clamps]

    def power_w(self) -> list[int]:
        """The last window's watts."""
        return list(self.table.charger.readings.power_w)

    def noise(self, ma: int, windows: int) -> float:
        """What white noise does to the root of a mean square, in percent of ``ma``: sigma by the root of the samples."""
        window = importlib.import_module("headroom.sense.window")
        counts = self.noise_mv * 1000 / self.scan.line.uv_per_count
        samples: int = windows * self.scan.state[window.COUNT]
        percent: float = counts * self.scan.clamps[0].ua_per_count / 10 / ma
        return percent / math.sqrt(samples)

    def calibrate(self) -> None:
        """Three known currents, for as long as the console's ``calibrate`` measures."""
        measure_ms = importlib.import_module("headroom.serve.answers.calibrate").MEASURE_MS
        self.load(10000)  # time to find the mains cycle
        for ma in CALIBRATED_MA:
            self.load(ma)
            for phase, read in enumerate(self.means(self.raw_ma, measure_ms)):
                self.points[phase].append((read, (ma - read) * 1000000 // read))

    def calibrate_power(self) -> None:
        """Gains into the firmware, one known voltage, and the phase by a resistive load."""
        power = self.scan.power
        for clamp, points in zip(self.scan.clamps, self.points, strict=True):
            clamp.points = tuple(points)
        self.load(10000)
        read = self.means(lambda: [power.voltage.raw_ma])[0]
        power.voltage.points = ((read, (230000 - read) * 1000000 // read),)
        flowing = self.means(self.power_w)
        power.calibrating = True
        turned = self.means(lambda: list(power.turned_w))
        power.calibrating = False
        for phase, clamp in enumerate(self.scan.clamps):
            clamp.phase_mdeg = power.lead_mdeg(phase, flowing[phase], turned[phase])


def currents(task: tuple[int, int]) -> Found:
    """RMS errors of one board of this kind and seed; its noise from window to window, and its answer to a step."""
    kind, seed = task
    on = Bench(kind, seed)
    on.calibrate()
    cases = []
    for _ in range(CASES):
        shape = SHAPES[on.dice.between(0, len(SHAPES) - 1)]
        allowed = [ma for ma in CURRENTS_MA if ma <= CREST_LIMIT_MA.get(shape, 100000)]
        ma = allowed[on.dice.between(0, len(allowed) - 1)]
        on.load(ma, shape)
        rows = on.windows(MEAN_MS, on.raw_ma)
        alone = on.noise(ma, len(rows[0]))
        for phase, row in enumerate(rows):
            read = round(statistics.mean(row))
            cases.append(Case(kind, shape, on.mhz, ma, read, on.corrected(read, tuple(on.points[phase])), alone))
    on.load(10000)
    noise = [statistics.pstdev(column) * 100 / statistics.mean(column) for column in on.windows(MEAN_MS, on.raw_ma)]
    after_us = on.dice.between(0, 20000)
    on.table.world.script.append(
        (on.table.chip.us + after_us, lambda: setattr(on.table.world, "house_ma", [STEPPED_MA] * 3))
    )
    while on.table.world.script:
        on.table.tick()
    on.table.tick()
    settled = [on.corrected(read, tuple(on.points[phase])) for phase, read in enumerate(on.raw_ma())]
    second = [abs(read - STEPPED_MA) * 100 / STEPPED_MA for read in settled]
    return Found(cases, noise, second)


def powers(seed: int) -> Found:
    """Errors of real power on one board with a voltage input."""
    on = Bench(METERED, seed)
    on.calibrate()
    loads = [(lag, POWER_MA[on.dice.between(0, len(POWER_MA) - 1)]) for lag in LAGS_DEG]
    rows: list[list[list[int]]] = []
    for calibrated in (False, True):
        if calibrated:
            on.calibrate_power()
        rows.append([])
        for lag, ma in loads:
            on.load(ma, lag_deg=lag)
            rows[-1].append(on.means(on.power_w))
    cases = []
    for (lag, ma), raw, good in zip(loads, *rows, strict=True):
        factor = math.cos(math.radians(lag))
        for phase in range(3):
            cases.append(Case(METERED, f"{factor:.2f}", on.mhz, ma * 0.23 * factor, raw[phase], good[phase]))
    return Found(cases, [], [])


def percentile(values: list[float], percent: int) -> float:
    """The value that ``percent`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else math.nan


def cell(percent: float, width: int) -> str:
    """A cell of a table, ``width`` wide and two for the unit; an en dash where there was no reading."""
    return f"{'–':>{width + 2}}" if math.isnan(percent) else f"{percent:>{width}.2f} %"


def by_noise(cases: list[Case]) -> float:
    """The p99 that the converter's noise alone would give these readings, in percent: Gaussian, on boards of many a noise."""
    low, high = 0.0, 100.0
    while high - low > 0.001 and cases:
        middle = (low + high) / 2
        beyond = statistics.mean(math.erfc(middle / case.noise / math.sqrt(2)) for case in cases)
        low, high = (middle, high) if beyond > 0.01 else (low, middle)
    return high if cases else math.nan


def summary(cases: list[Case]) -> None:
    """The first table: every kind of board."""
    print(f"{'':46}{'before, p99':>13}{'after, p50':>12}{'p99':>8}{'p99 from 5 A':>14}{'beyond 1 % + 0.1 A':>20}")
    for kind, name in enumerate(KINDS):
        own = [case for case in cases if case.kind == kind]
        before = percentile([case.off(False) for case in own], 99)
        after = [case.off() for case in own]
        large = percentile([case.off() for case in own if case.true >= LARGE_MA], 99)
        beyond = sum(abs(case.good - case.true) > case.true / 100 + 100 for case in own) * 100 / len(own)
        print(
            f"{name:46}{cell(before, 11)}{cell(percentile(after, 50), 10)}{cell(percentile(after, 99), 6)}"
            f"{cell(large, 12)}{cell(beyond, 18)}"
        )


def split(title: str, cases: list[Case], key: Callable[[Case], Any]) -> None:
    """p99 after calibration, one column for each value of ``key``."""
    columns = sorted({key(case) for case in cases})
    print(f"\nRMS current after calibration, p99, {title}")
    print(f"{'':46}" + "".join(f"{column!s:>11}" for column in columns))
    for kind, name in enumerate(KINDS):
        cells = [percentile([c.off() for c in cases if c.kind == kind and key(c) == column], 99) for column in columns]
        print(f"{name:46}" + "".join(cell(each, 9) for each in cells))


def main() -> None:
    """Prints the tables."""
    asked = arguments.parser(__doc__)
    asked.add_argument("boards", nargs="?", type=arguments.whole(1, 100_000), default=200, help="of each kind")
    boards = asked.parse_args().boards
    started = time.monotonic()
    tasks = [(kind, seed) for kind in range(len(KINDS)) for seed in range(boards)]
    found = list(pool.in_order(currents, tasks, pool.cores()))
    metered = pool.in_order(powers, range((boards + 3) // 4), pool.cores())
    watts = [case for each in metered for case in each.cases]
    cases = [case for each in found for case in each.cases]
    print(
        f"RMS current, mean of 1 s, {boards} boards a row, {CASES * 3} readings each; 0.5-100 A, 45-65 Hz, {len(SHAPES)} shapes"
    )
    summary(cases)
    large = [case for case in cases if case.true >= LARGE_MA]
    split("by amperes", cases, lambda case: case.true / 1000)
    columns = [[c for c in cases if c.kind == LINEAR and c.true == ma] for ma in sorted({case.true for case in cases})]
    print(f"{'linear clamps, by the noise of 1 s alone':46}" + "".join(cell(by_noise(own), 9) for own in columns))
    split("from 5 A, by shape", large, lambda case: case.what)
    split("from 5 A, by Hz", large, lambda case: f"{case.mhz // 5000 * 5}-{case.mhz // 5000 * 5 + 5}")
    print("\nOne window alone")
    print(f"{'':46}{'noise at 10 A, p99':>20}{'second window after 10 -> 25 A, p99':>40}")
    for kind, name in enumerate(KINDS):
        own = [each for each in found if each.cases[0].kind == kind]
        noise = percentile([value for each in own for value in each.window_noise], 99)
        second = percentile([value for each in own for value in each.second_window], 99)
        print(f"{name:46}{noise:>18.2f} %{second:>38.2f} %")
    print(
        f"\nReal power with a voltage input, mean of 1 s, {(boards + 3) // 4} boards, 5-40 A, three phases, lag and lead"
    )
    print(f"{'power factor':46}{'before, p99':>13}{'after, p50':>12}{'p99':>8}{'beyond 1 % + 1 W':>18}")
    for factor in sorted({case.what for case in watts}, reverse=True):
        own_watts = [case for case in watts if case.what == factor]
        beyond = sum(abs(case.good - case.true) > case.true / 100 + 1 for case in own_watts) * 100 / len(own_watts)
        print(
            f"{factor:46}{percentile([c.off(False) for c in own_watts], 99):>11.2f} %"
            f"{percentile([c.off() for c in own_watts], 50):>10.2f} %"
            f"{percentile([c.off() for c in own_watts], 99):>6.2f} %{beyond:>16.2f} %"
        )
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    ended(main)
