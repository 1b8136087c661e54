"""Boards out of the bag on the jig: does every good one pass, and every one with a part out of tolerance fail?

Run as ``python -m headroom_tools.jig.bag [BOARDS]`` (`make jig-boards`). A board's analog front end is drawn as `make accuracy`
draws it, its other parts from GOOD; every fourth board has one part from BAD, which is out of its own tolerance by so much that
the board is out of the sheet's limits. Only steps that such parts can fail are run, on a device that was flashed once.
"""

import datetime
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from headroom_tools.boards.board import load
from headroom_tools.boards.board_commands import board_path
from headroom_tools.common import arguments
from headroom_tools.common.ending import ended
from headroom_tools.device.device import Desk, desk
from headroom_tools.jig import station, worksheet
from headroom_tools.jig.bench_instruments import patiently
from headroom_tools.jig.dut import Board
from headroom_tools.jig.rehearsal import SPEED, STATION

BOARD = "reference"
FIRST = {100, 110, 120, 130}
STEPS = {230, 240, 250, 260, 270, 310, 320, 321, 322, 400, 420}
EVERY = 4

# part: what it is in a good board; the tolerances of the parts, inside of what the standards allow
GOOD = {
    "pilot_high_mv": (11700, 12300),
    "pilot_low_mv": (-12300, -11700),
    "pilot_source_ohm": (980, 1020),
    "duty_ppm": (-500, 1500),
    "contactor_open_ms": (8, 45),
    "trip_dc_plus_ua": (3300, 5700),
    "trip_dc_minus_ua": (3300, 5700),
    "trip_ac_ua": (16000, 28000),
    "ntc_c": (-2, 2),
}
# part, its clamp, what it is in a bad board
BAD = (
    ("pilot_high_mv", "", (10900, 11350)),
    ("pilot_high_mv", "", (12650, 12900)),
    ("pilot_low_mv", "", (-11350, -10900)),
    ("pilot_source_ohm", "", (1320, 1500)),
    ("duty_ppm", "", (6000, 20000)),
    ("contactor_open_ms", "", (110, 180)),
    ("trip_dc_plus_ua", "", (6500, 9000)),
    ("trip_dc_minus_ua", "", (6500, 9000)),
    ("trip_ac_ua", "", (32000, 60000)),
    ("ntc_c", "", (8, 15)),
    ("clamp_ppm", " L1", (160000, 260000)),
    ("clamp_ppm", " L2", (-300000, -160000)),
    ("clamp_ppm", " L3", (160000, 260000)),
)


class Found(NamedTuple):
    """What became of one board."""

    seed: int
    broken: str
    failed: tuple[int, ...]
    marginal: tuple[str, ...]
    said: str


def broken_part(seed: int, dice: random.Random) -> str:
    """A bad board's part, as the bench is told; "" for a good board."""
    if seed % EVERY:
        return ""
    name, clamp, span = BAD[seed // EVERY % len(BAD)]
    return f"part {name} {dice.randint(*span)}{clamp}"


def judged(running: Desk, place: station.Station, seed: int) -> Found:
    """Draw a board and run the sheet on it."""
    dice = random.Random(seed)
    broken = broken_part(seed, dice)
    parts = [f"part {name} {dice.randint(*span)}" for name, span in GOOD.items()]
    for command in ("mend", f"bag {seed}", *parts, *([broken] if broken else []), "cut"):
        patiently(running.home, command)
    results = sheet(running, place, STEPS)
    failed = [each for each in results if each.outcome == "fail"]
    marginal = [m.name for each in results for m in each.measurements if m.outcome.value == "marginal"]
    said = "; ".join(f"{each.step.code}: {each.said}" for each in failed)
    return Found(seed, broken, tuple(each.step.code for each in failed), tuple(marginal), said)


def sheet(running: Desk, place: station.Station, only: set[int]) -> list[worksheet.StepResult]:
    """Runs these steps on the board that is there."""
    with Board(running.port) as board:
        pins = load(board_path(BOARD)).values
        today = datetime.date.today()
        jig = worksheet.Jig(
            board, place, pins, lambda there: there or "HR-000001", lambda: "none", today, lambda _line: None
        )
        made = worksheet.Sheet(jig, set(only))
        worksheet.run(made, None)
    return made.results


def told(found: list[Found]) -> list[str]:
    """Both counts, the marginal ones, and every board that was judged wrongly."""
    good = [each for each in found if not each.broken]
    bad = [each for each in found if each.broken]
    passed = [each for each in good if not each.failed]
    lines = [
        f"{len(good)} good boards: {len(passed)} passed, {sum(bool(each.marginal) for each in passed)} of them marginal; "
        f"{len(good) - len(passed)} failed",
        f"{len(bad)} boards with a part out of tolerance: {sum(bool(each.failed) for each in bad)} failed, "
        f"{sum(not each.failed for each in bad)} passed",
    ]
    marginal = Counter(name.partition(".")[0] for each in passed for name in each.marginal)
    lines += [f"marginal in good boards: {name} {count}" for name, count in marginal.most_common()]
    lines += [f"wrong: board {each.seed}, good, fails: {each.said}" for each in good if each.failed]
    lines += [f"wrong: board {each.seed}, {each.broken}, passes" for each in bad if not each.failed]
    return lines


def main() -> None:
    """Print what came of so many boards. Exit status 1 where one was judged wrongly."""
    parser = arguments.parser(__doc__)
    parser.add_argument("boards", nargs="?", type=arguments.whole(1, 10000), default=200, metavar="BOARDS")
    count = parser.parse_args().boards
    found = []
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder), "--baud", "0", "--speed", SPEED) as running:
        place = station.load(STATION, Path(folder))
        sheet(running, place, FIRST)
        for seed in range(1, count + 1):
            found.append(judged(running, place, seed))
            if sys.stderr.isatty() or seed % 20 == 0:
                sys.stderr.write(f"{seed} of {count}\n")
    print("\n".join(told(found)))
    if any(bool(each.broken) != bool(each.failed) for each in found):
        sys.exit(1)


if __name__ == "__main__":
    ended(main)
