"""How soon an overload is on the pilot: steps of a house at any moment of the mains cycle, at waveform fidelity.

Run as ``python -m headroom_tools.measure.reaction`` (`make reaction`). From the step to the lower duty on the pin; a step within
the meter's own noise is told apart, for no window can show it by itself.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.world.car import Random

from headroom_tools.common.ending import ended
from headroom_tools.sim import runner, stream
from headroom_tools.sim.scenario import Scenario

BREAKER_MA, HOUSE_MA = 25000, 5000
CYCLES = 10
REST_MS, APART_MS = 48_000, 7_000  # until the car has all there is; between the steps, in which it follows
FULL_MA = 12500  # so much more house, and the next step would be a pause
PLAIN_MA = (1000, 4000)
SMALL_MA = (200, 400)
SMALL_EVERY = 3  # one step in so many is a small one
TICK_MS = 30  # an overload seen to begin so near to a step began with it


def steps(seed: int) -> list[tuple[int, int, int]]:
    """Returns (t_ms, by how much, then in all) of each step, at any ms of the mains cycle; a fall is negative."""
    random = Random(seed)
    found: list[tuple[int, int, int]] = []
    t_ms = 0
    for _ in range(CYCLES):
        t_ms += REST_MS
        more_ma = 0
        while True:
            low_ma, high_ma = PLAIN_MA if len(found) % SMALL_EVERY else SMALL_MA
            step_ma = random.between(low_ma, high_ma)
            if more_ma + step_ma > FULL_MA:
                break
            more_ma += step_ma
            found.append((t_ms + random.between(0, 999), step_ma, HOUSE_MA + more_ma))
            t_ms += APART_MS
        found.append((t_ms, -more_ma, HOUSE_MA))
    return found


def answers(events: list[tuple[int, int, int]]) -> list[int | None]:
    """Returns for each step after how many ms a lower offer was on the pilot, None where it was no overload."""
    duration_ms = events[-1][0] + APART_MS
    scenario = Scenario(
        breaker_ma=BREAKER_MA,
        phases=1,
        volts=230,
        hz=50,
        car_ma=32000,
        car_phases=1,
        plugged_ms=((0, duration_ms),),
        need_mwh=None,
        duration_ms=duration_ms,
        seed=1,
        fidelity="waveform",
        car="prompt",
    )
    _, command = runner.choose_vm("micropython", lambda line: print(f"headroom: {line}", file=sys.stderr))
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        trace = Path(folder) / "trace.txt"
        rows = [(0, HOUSE_MA), *((t_ms, ma) for t_ms, _, ma in events)]
        trace.write_text("".join(f"{t_ms} {ma} 0 0\n" for t_ms, ma in rows))
        with runner.running(command, scenario.for_runner(str(trace)), Path(folder)) as lines:
            answered = [each for each in stream.read(lines) if isinstance(each, stream.Reaction)]
    found: list[int | None] = []
    for from_ms, _, _ in events:
        mine = [each.reaction_ms for each in answered if abs(each.t_ms - each.reaction_ms - from_ms) <= TICK_MS]
        found.append(mine[0] if mine else None)
    return found


def main() -> None:
    """Prints the median and the slowest."""
    events = steps(1)
    found = answers(events)
    for what, (low_ma, high_ma) in (("a plain step", PLAIN_MA), ("a step near the noise", SMALL_MA)):
        soon = [ms for (_, ma, _), ms in zip(events, found, strict=True) if ms is not None and low_ma <= ma <= high_ma]
        if not soon:
            raise SystemExit("headroom: no overload was answered: the car did not charge")
        print(
            f"{what}, {low_ma / 1000:g} to {high_ma / 1000:g} A: p50 {median(soon):.0f} ms, p100 {max(soon)} ms "
            f"from the step to the lower offer on the pilot, {len(soon)} overloads at waveform fidelity"
        )


if __name__ == "__main__":
    ended(main)
