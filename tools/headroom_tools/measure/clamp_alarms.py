"""False alarms of the metering: sound clamps in generated houses, every car, and no doubt may be raised.

Run as ``python -m headroom_tools.measure.clamp_alarms [DAYS [PIECES]]`` (part of `make clamp-faults`): every car model on each of
DAYS house-days at rms fidelity, an hour of the evening and ten minutes before and after, where the rules that look at
currents over time can go wrong: 42 days are a month with the car there. And PIECES of ten minutes at waveform fidelity,
with boards out of the bag, every load shape and a drifting mains frequency, where the looks at single windows can.
"""

import dataclasses
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from headroom_tools.common import arguments, pool
from headroom_tools.common.ending import ended
from headroom_tools.measure.clamp_faults import name_of

DAY_MS = 86400000
PIECE_MS = 600000
DRIFT_MS = 10000
DRIFT_MHZ = (49800, 50200)  # EN 50160 allows 1 %, 99.5 % of the time
NEARLY_FULL = "nearly full"  # the plain car, which takes no more than ...
NEARLY_FULL_MA = (1500, 4000)  # ... so much on one phase, whatever it is offered: chosen
SUPPLIES = ((3, 25), (1, 25), (3, 16), (3, 35), (1, 16), (3, 20), (1, 40))  # (phases, breaker in A)


def _cars() -> list[str]:
    from bench.world.car import MODELS

    return [*MODELS, NEARLY_FULL]


def rms_stay(task: tuple[int, int]) -> tuple[int, list[str]]:
    """(seconds run, doubts raised) of one car model's stay on one house-day."""
    from bench.run import Run
    from bench.world.car import Random

    from headroom_tools.contest.campaign import Campaign
    from headroom_tools.contest.jobs import CURVE, generated, told_of

    car, day = _cars()[task[0]], task[1]
    phases, breaker_a = SUPPLIES[day % len(SUPPLIES)]
    full = car == NEARLY_FULL
    model = "one-phase" if full and phases == 3 else "plain" if full else car
    job = Campaign().job(day, model, phases, breaker_a, "headroom", told_of(CURVE))
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        trace_file = Path(folder) / "trace.txt"
        options = dataclasses.replace(job.options, seed=day * len(_cars()) + task[0] + 1)
        scenario, _ = generated(dataclasses.replace(job, options=options), trace_file)
        if full:
            scenario = dataclasses.replace(scenario, car_ma=Random(day + 1).between(*NEARLY_FULL_MA))
        watched: Any = _watched(Run)(scenario.for_runner(str(trace_file)))
        watched.go_rms()
    return scenario.duration_ms // 1000, [
        f"day {day}, {phases} x {breaker_a} A, {car}, {line}" for line in watched.found
    ]


def _watched(run: Any) -> Any:
    """The runner's steps, without its records."""

    class Watched(run):  # type: ignore[misc]
        def __init__(self, scenario: dict[str, Any]) -> None:
            super().__init__(scenario)
            self.found: list[str] = []
            self.doubt = 0
            self.record: tuple[int, bool, int] | None = None

        def report(self) -> bool:
            """True when the firmware changed something."""
            verdict = self.table.charger.verdict
            if verdict.doubt and not self.doubt:
                self.found.append(f"{self.world.t_ms // 1000} s: {name_of(verdict.doubt)}")
            self.doubt = verdict.doubt
            record = (verdict.offer_ma, verdict.closed, verdict.pilot_state)
            changed = bool(record != self.record)
            self.record = record
            return changed

    return Watched


def _scene(seed: int) -> dict[str, Any]:
    from bench.world.car import MODELS

    phases, breaker_a = SUPPLIES[seed % len(SUPPLIES)]
    cars = [name for name in MODELS if phases == 3 or name != "one-phase"]
    return {
        "breaker_ma": breaker_a * 1000,
        "car_phases": phases,
        "settings": {"phases": phases, "charger_ma": 32000, "resume_dwell_ms": 59000},
        "car": cars[seed % len(cars)],
        "seed": seed + 1,
    }


def waveform_piece(seed: int) -> tuple[int, list[str]]:
    """(seconds run, doubts raised) of ten minutes of some evening, every conversion at its microsecond."""
    from bench import host
    from bench.table import Table
    from bench.world import houses, parts, shapes
    from bench.world.car import Random

    random = Random(seed + 77)
    scene = _scene(seed)
    day = houses.day(seed + 1, scene["car_phases"], scene["breaker_ma"] // 1000)
    from_ms = random.between(0, DAY_MS - PIECE_MS)
    past = [row for row in day if row[0] <= from_ms]
    rows = [(0, *past[-1][1:]), *((row[0] - from_ms, *row[1:]) for row in day if row[0] > from_ms)]
    made = parts.random(host.load(entry="board"), random)
    names = tuple(shapes.NAMES[random.between(0, len(shapes.NAMES) - 1)] for _ in range(3))
    table = Table(rows, parts=made, shapes=names, **scene)
    table.charger.limits.resume_dwell_ms = 5000
    found: list[str] = []
    doubt = drift_us = 0
    while table.chip.us < PIECE_MS * 1000:
        table.tick()
        if table.chip.us >= drift_us:
            drift_us += DRIFT_MS * 1000
            table.world.mains.set_mhz(random.between(*DRIFT_MHZ), table.chip.us)
        if table.charger.verdict.doubt and not doubt:
            found.append(f"piece {seed}, {names}, {table.chip.us // 1000000} s: {name_of(table.charger.verdict.doubt)}")
        doubt = table.charger.verdict.doubt
    return PIECE_MS // 1000, found


def table_of(tasks: list[tuple[int, int]], stays: list[tuple[int, list[str]]]) -> list[str]:
    """The table's lines: what was run with each car model, and the doubts."""
    lines = [f"{'at rms fidelity':16}{'stays':>7}{'hours':>8}{'false alarms':>14}"]
    done = list(zip(tasks, stays, strict=True))
    for number, car in enumerate([*_cars(), "all"]):
        mine = [stay for task, stay in done if number in (task[0], len(_cars()))]
        alarms = sum(len(found) for _, found in mine)
        lines.append(f"{car:16}{len(mine):>7}{sum(seconds for seconds, _ in mine) / 3600:>8.1f}{alarms:>14}")
    return lines + [f"  {line}" for _, found in stays for line in found]


def main() -> None:
    """Prints what was run and every doubt; status 1 when there was one."""
    asked = arguments.parser(__doc__)
    asked.add_argument("days", nargs="?", type=arguments.whole(1, 100_000), default=42)
    asked.add_argument("pieces", nargs="?", type=arguments.whole(1, 100_000), default=4)
    told = asked.parse_args()
    days, pieces = told.days, told.pieces
    started = time.monotonic()
    tasks = [(car, day) for car in range(len(_cars())) for day in range(days)]
    stays = list(pool.in_order(rms_stay, tasks, pool.cores()))
    by_waveform = list(pool.in_order(waveform_piece, range(pieces), pool.cores()))
    print("\n".join(table_of(tasks, stays)))
    alarms = [line for _, found in by_waveform for line in found]
    minutes = sum(seconds for seconds, _ in by_waveform) // 60
    print(f"at waveform fidelity: {minutes} minutes, {len(alarms)} false alarms")
    print("".join(f"  {line}\n" for line in alarms) + f"{time.monotonic() - started:.0f} s")
    sys.exit(1 if alarms or any(found for _, found in stays) else 0)


if __name__ == "__main__":
    ended(main)
