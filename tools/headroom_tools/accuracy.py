"""How far the reading is off, on boards out of the bag: the firmware's own scan on the bench's analog world.

Run as ``python -m headroom_tools.accuracy [BOARDS]`` (`make accuracy`). A board is calibrated with three known currents,
at a frequency of its own, and then asked for a mean of one second at currents and load shapes drawn from its seed.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

CURRENTS_MA = (500, 1000, 2000, 5000, 10000, 16000, 25000, 40000, 63000, 80000, 100000)
CREST_LIMIT_MA = {"rectifier": 35000, "dimmer": 60000, "half-wave": 60000}  # beyond, the crest leaves the ADC
SHAPES = ("resistive", "harmonics", "motor", "rectifier", "dimmer", "half-wave")
CALIBRATED_MA = (5000, 10000, 30000)
CASES = 6  # a board, on each of its three clamps
SETTLE_MS, MEAN_MS = 300, 1000
JITTER_US = 400  # what a tick takes beside the scan varies by so much: windows do not fall into step with the mains
KINDS = ("ideal front end", "linear clamps", "clamps that bend like a measured SCT-013-000")


def board_errors(task: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """(kind, true mA, read mA, read mA when calibrated) of every case of one board."""
    kind, seed = task
    from bench import analog, host, parts
    from bench.car import Random
    from bench.table import Table

    dice = Random(1000 * kind + seed + 1)
    board = host.load(entry="board")
    made = parts.ideal(board) if kind == 0 else parts.random(board, dice, 0 if kind == 1 else 1024)
    mhz = dice.between(45000, 65000)
    table = Table([(0, 0, 0, 0)], plugged_ms=[], parts=made, seed=seed + 1)
    world, clamps = table.world, table.charger.scan.clamps

    def mean(ma: int, shape: str, mhz: int) -> list[int]:
        world.shape_names = (shape,) * 3
        world.house_ma = [ma, ma, ma]
        world.mains.set_mhz(mhz, table.chip.us)
        analog.wire(world)
        table.live(SETTLE_MS)
        until_us, sums, count = table.chip.us + MEAN_MS * 1000, [0, 0, 0], 0
        while table.chip.us < until_us:
            table.tick()
            table.chip.advance(dice.between(0, JITTER_US))
            count += 1
            for phase in range(3):
                sums[phase] += clamps[phase].raw_ma
        return [total // count for total in sums]

    points: list[list[tuple[int, int]]] = [[], [], []]
    for ma in CALIBRATED_MA:
        for phase, read in enumerate(mean(ma, "resistive", mhz)):
            points[phase].append((read, (ma - read) * 1000000 // read))
    corrected = sys.modules["headroom.sense.clamp"].corrected
    mean(10000, "resistive", mhz)  # time to find the mains cycle
    found = []
    for _ in range(CASES):
        shape = SHAPES[dice.between(0, len(SHAPES) - 1)]
        allowed = [ma for ma in CURRENTS_MA if ma <= CREST_LIMIT_MA.get(shape, 100000)]
        ma = allowed[dice.between(0, len(allowed) - 1)]
        for phase, read in enumerate(mean(ma, shape, mhz)):
            found.append((kind, ma, read, corrected(read, tuple(points[phase]))))
    return found


def percentile(values: list[float], percent: int) -> float:
    """The value that ``percent`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def main() -> None:
    """Prints the table."""
    boards = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    started = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(board_errors, [(kind, seed) for kind in range(len(KINDS)) for seed in range(boards)]))
    print(
        f"RMS current, mean of 1 s, {boards} boards a row, {CASES * 3} readings each; 0.5-100 A, 45-65 Hz, {len(SHAPES)} shapes"
    )
    print(f"{'':46}{'before, p99':>13}{'after, p50':>12}{'p99':>8}{'p99 from 5 A':>14}{'beyond 1 % + 0.1 A':>20}")
    for kind, name in enumerate(KINDS):
        cases = [case for found in results for case in found if case[0] == kind]
        before = [abs(read - ma) * 100 / ma for _, ma, read, _ in cases]
        after = [abs(good - ma) * 100 / ma for _, ma, _, good in cases]
        large = [abs(good - ma) * 100 / ma for _, ma, _, good in cases if ma >= 5000]
        beyond = sum(abs(good - ma) > ma // 100 + 100 for _, ma, _, good in cases) * 100 / len(cases)
        print(
            f"{name:46}{percentile(before, 99):>11.2f} %{percentile(after, 50):>10.2f} %{percentile(after, 99):>6.2f} %"
            f"{percentile(large, 99):>12.2f} %{beyond:>18.2f} %"
        )
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
