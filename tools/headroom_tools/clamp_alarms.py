"""False alarms of the metering: sound clamps in generated houses, every car, and no doubt may be raised.

Run as ``python -m headroom_tools.clamp_alarms [DAYS [PIECES]]`` (part of `make clamp-faults`): DAYS house-days at rms
fidelity, where the rules that look at currents over time can go wrong; and PIECES of ten minutes at waveform fidelity,
with boards out of the bag, every load shape and a drifting mains frequency, where the looks at single windows can.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

DAY_MS = 86400000
PIECE_MS = 600000
DRIFT_MS = 10000
DRIFT_MHZ = (49800, 50200)  # EN 50160 allows 1 %, 99.5 % of the time
SUPPLIES = ((1, 25), (3, 25), (1, 16), (3, 16), (1, 40))  # (phases, breaker in A)


def _scene(seed: int) -> dict[str, Any]:
    from bench.car import MODELS

    phases, breaker_a = SUPPLIES[seed % len(SUPPLIES)]
    cars = [name for name in sorted(MODELS) if phases == 3 or name != "one-phase"]
    return {
        "breaker_ma": breaker_a * 1000,
        "car_phases": phases,
        "settings": {"phases": phases, "charger_ma": 32000, "resume_dwell_ms": 59000},
        "car": cars[seed % len(cars)],
        "seed": seed + 1,
    }


def rms_day(seed: int) -> tuple[int, list[str]]:
    """(seconds run, doubts raised) of one house-day, noon to noon; the car comes at six and stays until eight."""
    from bench import houses
    from bench.run import Run
    from bench.table import Table

    scene = _scene(seed)
    found: list[str] = []

    class Watched(Run):
        """The runner's steps, without its records."""

        def __init__(self) -> None:
            rows = houses.day(seed + 1, scene["car_phases"], scene["breaker_ma"] // 1000)
            self.table = Table(
                rows, fidelity="rms", plugged_ms=[[DAY_MS // 4, DAY_MS * 5 // 6]], need_mwh=20000000, **scene
            )
            self.world, self.duration_ms = self.table.world, DAY_MS
            self.seen: object = None
            self.doubt = 0

        def report(self) -> bool:
            """True when the firmware changed something."""
            verdict = self.table.charger.verdict
            if verdict.doubt and not self.doubt:
                found.append(f"day {seed}, {scene['car']}, {self.world.t_ms // 1000} s: {_name(verdict.doubt)}")
            self.doubt = verdict.doubt
            seen = (verdict.offer_ma, verdict.closed, verdict.pilot_state)
            changed, self.seen = seen != self.seen, seen
            return changed

    watched: Any = Watched()
    watched.go_rms()
    return DAY_MS // 1000, found


def waveform_piece(seed: int) -> tuple[int, list[str]]:
    """(seconds run, doubts raised) of ten minutes of some evening, every conversion at its microsecond."""
    from bench import host, houses, parts, shapes
    from bench.car import Random
    from bench.table import Table

    random = Random(seed + 77)
    scene = _scene(seed)
    day = houses.day(seed + 1, scene["car_phases"], scene["breaker_ma"] // 1000)
    from_ms = random.between(0, DAY_MS - PIECE_MS)
    past = [row for row in day if row[0] <= from_ms]
    rows = [(0, *past[-1][1:]), *((row[0] - from_ms, *row[1:]) for row in day if row[0] > from_ms)]
    made = parts.random(host.load(entry="board"), random)
    made.vref_mv = random.between(1080, 1120)  # a chip further off does not understand the pilot
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
            found.append(f"piece {seed}, {names}, {table.chip.us // 1000000} s: {_name(table.charger.verdict.doubt)}")
        doubt = table.charger.verdict.doubt
    return PIECE_MS // 1000, found


def _name(doubt: int) -> str:
    return str(sys.modules["headroom.decide.quality"].NAME[doubt])


def main() -> None:
    """Prints what was run and every doubt; status 1 when there was one."""
    days, pieces = (int(sys.argv[at]) if len(sys.argv) > at else unless for at, unless in ((1, 30), (2, 12)))
    started = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        by_rms = list(pool.map(rms_day, range(days)))
        by_waveform = list(pool.map(waveform_piece, range(pieces)))
    for what, runs in (("days at rms fidelity", by_rms), ("pieces at waveform fidelity", by_waveform)):
        seconds = sum(run for run, _ in runs)
        doubts = [line for _, found in runs for line in found]
        print(f"{len(runs)} {what}, {seconds / 3600:.1f} h with sound clamps: {len(doubts)} false alarms")
        print("".join(f"  {line}\n" for line in doubts), end="")
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(1 if any(found for _, found in [*by_rms, *by_waveform]) else 0)


if __name__ == "__main__":
    main()
