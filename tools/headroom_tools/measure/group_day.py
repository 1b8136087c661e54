"""A day of a garage: `python -m headroom_tools.measure.group_day [CHARGERS [HOURS]]`, with bad luck on its bus.

As many chargers share 63 A on three phases with a large household (bench/world/houses.py), from noon on. Cars come between three
in the afternoon and ten in the evening, want 8 to 22 kWh and leave between six and nine; one in four draws on one phase, on
phases in turn. One frame in twenty is lost on its way to each listener, and whoever leads loses its power every ten minutes. What
is printed is what `headroom sim --chargers` prints of such a run.
"""

import sys
import tempfile
from pathlib import Path

from bench.world import houses
from bench.world.car import Random

from headroom_tools.sim import group
from headroom_tools.sim.group import GroupOptions

BREAKER_A = 63
SEED = 19
START = "2026-01-15T12:00:00"
MINUTE_MS = 60000
ROTATED = ("l1l2l3", "l2l3l1", "l3l1l2")


def trace() -> str:
    """Returns the household's day, a row at each change."""
    rows = ["time,l1_a,l2_a,l3_a"]
    for t_ms, *currents in houses.day(SEED, 3, BREAKER_A):
        hours, rest = divmod(t_ms + houses.NOON_MS, houses.HOUR_MS)
        minutes, ms = divmod(rest, MINUTE_MS)
        told = f"2026-01-{15 + hours // 24:02}T{hours % 24:02}:{minutes:02}:{ms / 1000:06.3f}"
        rows.append(",".join([told, *(f"{ma / 1000:.2f}" for ma in currents)]))
    return "\n".join(rows) + "\n"


def cars(count: int) -> str:
    """Returns the file of cars: who comes when, wants how much and leaves when."""
    rows = ["charger,plugged,need_kwh,car_a,phases,car,wiring"]
    random = Random(SEED)
    for number in range(1, count + 1):
        comes, leaves = random.between(15 * 60, 22 * 60), random.between(6 * 60, 9 * 60)
        phases = 1 if number % 4 == 0 else 3
        need = random.between(8, 22) // (1 if phases == 3 else 2)
        wiring = ROTATED[number // 4 % 3]
        plugged = f"{comes // 60:02}:{comes % 60:02}-{leaves // 60:02}:{leaves % 60:02}"
        rows.append(f"{number},{plugged},{need},{16 if phases == 3 else 32},{phases},plain,{wiring}")
    return "\n".join(rows) + "\n"


def main(arguments: list[str]) -> int:
    """Runs it and prints what came of it."""
    count, hours = [int(each) for each in [*arguments, *("32", "24")[len(arguments) :]]]
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        day, garage = Path(folder) / "day.csv", Path(folder) / "cars.csv"
        day.write_text(trace())
        garage.write_text(cars(count))
        options = GroupOptions(
            chargers=count,
            breaker_a=float(BREAKER_A),
            phases=3,
            car_phases=3,
            bus_loss=0.05,
            leader_dies_min=10.0,
            trace=day,
            cars=garage,
            to=None if hours >= 24 else f"2026-01-{15 + (12 + hours) // 24:02}T{(12 + hours) % 24:02}:00",
        )
        done = group.simulate(options, print, lambda *_: None)
        print("\n".join(done.told()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
