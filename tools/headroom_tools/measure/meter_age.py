"""What the age of a reading costs: the same nervous house, governed by clamps, by a Modbus meter and by a P1 port.

Run as ``python -m headroom_tools.measure.meter_age [MINUTES]``. The whole firmware in rms, 50 ms a tick, one car that takes all
it is offered; the house is a kettle, a hob and a dryer that come and go at random, the same for all. Energy is told as a share
of what clamps gave; an overload is the supply above its rating; its longest is what the promise is about.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bench.metered import NAMES, STEP_MS
from bench.table import Table
from bench.world.car import Random

from headroom_tools.common.ending import ended
from headroom_tools.common.errors import BadInput

BREAKER_MA = 25000
LOADS_MA = (0, 2200, 4400, 8700, 10000, 13000)  # nothing, iron, small hob zone, kettle, dryer, hob
MINUTES = 30


@dataclass
class Cost:
    """What one of them came to."""

    meter: str
    mams: int = 0  # what the car got, in mA ms
    over_ms: int = 0
    longest_ms: int = 0
    over_mams: int = 0


def house(minutes: int, seed: int = 3) -> Iterator[tuple[int, int, int, int]]:
    """A base of 1.5 A and two loads of LOADS_MA, each for 20 to 200 s."""
    random = Random(seed)
    at = [0, 0]
    now = [0, 0]
    ms = 0
    while ms < minutes * 60000:
        for load in range(2):
            if at[load] <= ms:
                now[load] = LOADS_MA[random.between(0, len(LOADS_MA) - 1)]
                at[load] = ms + random.between(20000, 200000)
        yield ms, 1500 + min(sum(now), BREAKER_MA - 3000), 0, 0
        ms = min(at)


def charger(meter: str, minutes: int) -> Table:
    """A charger whose supply is told by ``meter``."""
    table = Table(house(minutes), fidelity="rms", breaker_ma=BREAKER_MA, meter=meter)
    assert table.scan is not None
    table.scan.step_ms = STEP_MS
    return table


def cost(meter: str, minutes: int = MINUTES) -> Cost:
    """Lives through the house."""
    table, found, lasts_ms = charger(meter, minutes), Cost(meter), 0
    table.world.judge.rules = []  # what it would stop is what is counted here
    while table.chip.us < minutes * 60000000:
        table.tick()
        world = table.world
        found.mams += world.car.drawn_ma * STEP_MS
        over_ma = world.line_ma(0, world.car.drawn_ma) - BREAKER_MA
        lasts_ms = lasts_ms + STEP_MS if over_ma > 0 else 0
        if over_ma > 0:
            found.over_ms += STEP_MS
            found.over_mams += over_ma * STEP_MS
        found.longest_ms = max(found.longest_ms, lasts_ms)
    return found


def main() -> None:
    """Prints a line for each."""
    minutes = sys.argv[1] if len(sys.argv) > 1 else str(MINUTES)
    if not minutes.isdigit() or not int(minutes):
        raise BadInput(f"meter_age [MINUTES]: {minutes!r} is no number of minutes")
    print(f"{minutes} minutes of a nervous house on {BREAKER_MA // 1000} A, one car: what the age of a reading costs")
    best = 0
    for meter in NAMES:
        found = cost(meter, int(minutes))
        best = best or found.mams
        print(
            f"  {meter:7} energy {found.mams / best:.3f} of clamps', over for {found.over_ms / 1000:.1f} s, "
            f"at most {found.longest_ms / 1000:.1f} s at once, {found.over_mams / 1000000:.0f} A s"
        )


if __name__ == "__main__":
    ended(main)
