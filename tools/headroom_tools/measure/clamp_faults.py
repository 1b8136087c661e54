"""Every fault of a clamp and its input, at random moments, against the whole firmware.

At waveform fidelity; of the faults that only the car's steps show, four trials of five are at rms fidelity.

Run as ``python -m headroom_tools.measure.clamp_faults [N]`` (`make clamp-faults`): N of each, 10 unless told. Boards come out
of the bag (bench/world/parts.py), loads and their shapes, the mains frequency, the car and the moment from the trial's seed.
Detected means that the verdict says so: ``verdict.doubt``, which bounds the offer in the same tick.
"""

import sys
import time
from collections import Counter
from typing import Any, NamedTuple

from headroom_tools.common import arguments, pool
from headroom_tools.common.ending import ended

START_MS = 30000  # for the car to begin
WAIT_MS = 3000  # for a fault that a window shows
SHOW_MS = 300000  # for one that only the car's steps show
STEP_MS = 15000  # the household changes its ceiling this often, so that the offer moves
CEILINGS_MA = (24000, 16000, 7000)
WAVEFORM_EVERY = 5  # of the trials that only the car's steps show, one in so many; the rest at rms fidelity
HOUSE_MS = 9000  # and something in the house is switched every one or two of these
BREAKER_MA, SMALL_BREAKER_MA = 25000, 10000
NAMES_SHOWN = 2


class Scene(NamedTuple):
    """One row of the table: a fault, and what is there when it happens."""

    what: str
    fault: str
    cars: tuple[str, ...]  # (car phases or 0 for none) of (charger phases), drawn from
    by_car: bool = False  # there before the car: only its steps show it
    board: str = "reference"
    settings: tuple[tuple[str, str], ...] = ()


ANY = ("0 of 1", "1 of 1", "0 of 3", "1 of 3", "3 of 3")
# a reading that is too large is cut, and a car that gives way takes it back within half a second
NO_CAR = ("0 of 1", "0 of 3")
EXPORTS = ("metered", (("exports", "yes"),))
SCENES = (
    Scene("clamp unplugged, one phase, no car", "clamp unplugged", ("0 of 1",)),
    Scene("clamp unplugged while a car draws there", "clamp unplugged", ("1 of 1", "1 of 3", "3 of 3")),
    Scene("burden missing", "burden missing", ANY),
    Scene("bias lost", "bias lost", ANY),
    Scene("input shorted to GND", "input shorted to GND", ANY),
    Scene("input shorted to 3.3 V", "input shorted to 3.3 V", ANY),
    Scene("clipped at the rails", "clipped at the rails", NO_CAR),
    Scene("frozen reading", "frozen reading", ANY),
    Scene("ADC fails for good", "ADC fails for good", ANY),
    Scene("storm of outliers", "storm of outliers", ANY),
    Scene("noisy", "noisy", ANY),
    Scene("more than the breaker passes", "more than the breaker passes", NO_CAR),
    Scene("* one of three clamps dead before the car", "clamp unplugged", ("3 of 3",), True),
    Scene("* less than the car draws, car on one phase", "jaw ajar, less than the car draws", ("1 of 1",), True),
    Scene("* less than the car draws, car on three", "jaw ajar, less than the car draws", ("3 of 3",), True),
    Scene("* clamps of two phases swapped", "clamps of two phases swapped", ("1 of 3",), True),
    # where panels may feed in, power that flows out is no sign of it; else it is
    Scene("* on backwards, exports yes, car on one phase", "clamp on backwards", ("1 of 3",), True, *EXPORTS),
    Scene("* on backwards, exports yes, car on three", "clamp on backwards", ("3 of 3",), True, *EXPORTS),
    Scene("on backwards, exports no, while a car draws", "clamp on backwards", ("3 of 3",), False, "metered"),
    Scene("unplugged while a car draws, exports yes", "clamp unplugged", ("1 of 1", "3 of 3"), False, *EXPORTS),
)


class Trial(NamedTuple):
    """How one trial went; ``ms`` is None when the fault was missed."""

    scene: int
    ms: int | None
    name: str
    steps: int  # of the offer, until it was told


def _table(
    random: Any,
    car_phases: int,
    phases: int,
    breaker_ma: int = BREAKER_MA,
    fidelity: str = "waveform",
    board: str = "reference",
    settings: tuple[tuple[str, str], ...] = (),
) -> Any:
    from bench import host
    from bench.table import Table
    from bench.world import parts, shapes

    made = parts.random(host.load(board, entry="board"), random)
    return Table(
        [(0, *[random.between(300, 3000) for _ in range(3)])],
        breaker_ma=breaker_ma,
        fidelity=fidelity,
        board=board,
        settings={"phases": phases, "charger_ma": 32000, "resume_dwell_ms": 5000, **dict(settings)},
        car_phases=max(car_phases, 1),
        car=("prompt", "plain")[random.between(0, 1)],
        plugged_ms=[[0, 1 << 40]] if car_phases else [],
        parts=made,
        shapes=tuple(shapes.NAMES[random.between(0, len(shapes.NAMES) - 1)] for _ in range(3)),
        mains_mhz=random.between(49500, 50500),
        seed=random.between(1, 1 << 20),
    )


def trial(task: tuple[int, int]) -> Trial:
    """One fault in one scene, from a seed."""
    from bench.world import broken_clamps as faults
    from bench.world.car import Random

    scene, seed = SCENES[task[0]], task[1]
    random = Random(task[0] * 100003 + seed + 1)
    car_phases, phases = map(int, scene.cars[random.between(0, len(scene.cars) - 1)].split(" of "))
    small = scene.fault == "more than the breaker passes"  # so that it does not clip
    fidelity = "rms" if scene.by_car and seed % WAVEFORM_EVERY else "waveform"
    breaker_ma = SMALL_BREAKER_MA if small else BREAKER_MA
    table = _table(random, car_phases, phases, breaker_ma, fidelity, scene.board, scene.settings)
    channel = random.between(0, (phases if car_phases != 1 else 1) - 1)
    if scene.fault.startswith("clamps"):
        channel = (0, 2)[random.between(0, 1)]
    if scene.by_car:
        return _by_car(task[0], table, channel, random)
    if car_phases:
        while table.chip.us < START_MS * 1000 and not table.world.car.drawn_ma:
            table.tick()
        table.live(8000)
    table.live(random.between(1000, 5000))
    doubt = table.charger.verdict.doubt
    if doubt:
        return Trial(task[0], None, f"false alarm: {name_of(doubt)}", 0)
    if car_phases and not table.world.car.drawn_ma:
        return Trial(task[0], None, "the car did not charge", 0)
    at_us = table.chip.us + random.between(0, 40000)
    table.world.script.append((at_us, lambda: faults.install(table.world, scene.fault, channel, random)))
    while table.chip.us < at_us + WAIT_MS * 1000:
        table.tick()
        if table.charger.verdict.doubt:
            return Trial(task[0], (table.chip.us - at_us) // 1000, name_of(table.charger.verdict.doubt), 0)
    return Trial(task[0], None, "not detected", 0)


def _by_car(scene: int, table: Any, channel: int, random: Any) -> Trial:
    """The fault is there before the car; the offer goes up and down, and the time counts from the car's last movement."""
    world, charger = table.world, table.charger
    low = list(world.house_ma)
    low[channel] = min(low[channel], 800)
    world.house_ma = low
    _install(table, SCENES[scene].fault, channel, random)
    offer_ma = drawn_ma = steps = ceiling = 0
    moved_us, house_us, household_us = 0, 1 << 40, 1 << 40
    while table.chip.us < SHOW_MS * 1000:
        table.tick()
        now_us = table.chip.us
        if charger.verdict.offer_ma != offer_ma:
            offer_ma = charger.verdict.offer_ma
            steps += 1
        if world.car.drawn_ma != drawn_ma:
            drawn_ma = world.car.drawn_ma
            moved_us = now_us
            if house_us > 1 << 39:
                house_us, household_us = now_us + HOUSE_MS * 1000, now_us + STEP_MS * 1000
        if now_us >= house_us:
            house_us += random.between(HOUSE_MS, 2 * HOUSE_MS) * 1000
            world.house_ma = low if world.house_ma != low else [ma + random.between(0, 1) * 6000 for ma in low]
        if now_us >= household_us:
            household_us += STEP_MS * 1000
            ceiling += 1
            charger.limits.household_ma = CEILINGS_MA[ceiling % len(CEILINGS_MA)] + random.between(0, 1000)
        if charger.verdict.doubt:
            return Trial(scene, (now_us - moved_us) // 1000, name_of(charger.verdict.doubt), steps)
    return Trial(scene, None, "not detected", steps)


def _install(table: Any, fault: str, channel: int, random: Any) -> None:
    """Break the clamp: its signal, or at rms fidelity what it says."""
    from bench.world import broken_clamps as faults

    if table.scan is None:
        faults.install(table.world, fault, channel, random)
        return
    percent = 0 if fault == "clamp unplugged" else random.between(20, 50)  # as in bench/world/broken_clamps.py
    other = (channel + 1) % 3

    def sees(grid_ma: list[int]) -> None:
        if fault.startswith("clamps"):
            grid_ma[channel], grid_ma[other] = grid_ma[other], grid_ma[channel]
        elif fault == "clamp on backwards":
            grid_ma[channel] = -grid_ma[channel]
        else:
            grid_ma[channel] = grid_ma[channel] * percent // 100

    table.scan.clamps = sees


def name_of(doubt: int) -> str:
    """A doubt's name, from the firmware that runs here."""
    return str(sys.modules["headroom.terms.meter_faults"].NAME[doubt])


def table_of(trials: list[Trial], number: int) -> list[str]:
    """The table's lines, with what was missed and why below."""
    lines = [f"{'':44}{'injected':>9}{'missed':>8}{'median':>9}{'worst':>9}{'> 1 s':>7}  named as"]
    for index, scene in enumerate(SCENES):
        mine = [found for found in trials if found.scene == index]
        times = sorted(found.ms for found in mine if found.ms is not None)
        names = Counter(found.name for found in mine if found.ms is not None).most_common(NAMES_SHOWN)
        named = ", ".join(f"{name} {count}" for name, count in names)
        figures = f"{times[len(times) // 2]:>6} ms{times[-1]:>6} ms" if times else f"{'-':>9}{'-':>9}"
        late = sum(ms > 1000 for ms in times)
        lines.append(f"{scene.what:44}{number:>9}{number - len(times):>8}{figures}{late:>7}  {named}")
    for found in trials:
        if found.ms is None:
            lines.append(f"MISSED: {SCENES[found.scene].what}: {found.name}")
    steps = [found.steps for found in trials if SCENES[found.scene].by_car and found.ms is not None]
    if steps:
        lines.append(
            f"* there before the car: told from the end of the car's step that showed it; {max(steps)} steps of the offer at most"
        )
    return lines


def main() -> None:
    """Prints the table; status 1 when a fault was missed."""
    asked = arguments.parser(__doc__)
    asked.add_argument("n", nargs="?", type=arguments.whole(1, 100_000), default=10, help="trials of each fault")
    number = asked.parse_args().n
    started = time.monotonic()
    tasks = [(scene, seed) for scene in range(len(SCENES)) for seed in range(number)]
    trials = list(pool.in_order(trial, tasks, pool.cores()))
    print("\n".join(table_of(trials, number)))
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(1 if any(found.ms is None for found in trials) else 0)


if __name__ == "__main__":
    ended(main)
