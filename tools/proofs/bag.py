"""Boards out of the bag on the jig: does every good one pass, and every one with a part out of tolerance fail?

A board's analog front end is drawn as `make accuracy`
draws it, its other parts from GOOD; every fourth board has one part from BAD, which is out of its own tolerance by so much that
the board is out of the sheet's limits. Of a good board the steps that such parts can fail are run, of a bad one the step of its
part: the jig's own, on the whole firmware (near.py). Every board is a new one; half of them are reference boards, half metered.

Usage: python tools/proofs/bag.py [BOARDS] [--keep FILE]: what was found is kept there, and a run that was broken off goes on
"""

import json
import multiprocessing
import random
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "tools")]
from headroom_tools.common import arguments
from headroom_tools.common.ending import ended
from headroom_tools.jig import worksheet

from proofs import near

STEPS = {210, 220, 225, 230, 240, 250, 255, 260, 270, 300, 310, 320, 321, 322, 400, 410, 415, 420}
EVERY = 4

# part: what it is in a good board; the tolerances of the parts, inside of what the standards allow
GOOD = {
    "pilot_high_mv": (11700, 12300),
    "pilot_low_mv": (-12300, -11700),
    "pilot_source_ohm": (980, 1020),
    "pilot_hz": (995, 1005),
    "duty_ppm": (-500, 1500),
    "edge_us": (2, 8),
    "contactor_open_ms": (8, 45),
    "trip_dc_plus_ua": (3300, 5700),
    "trip_dc_minus_ua": (3300, 5700),
    "trip_ac_ua": (16000, 28000),
    "ntc_c": (-2, 2),
    "earth_mohm": (20, 70),
    "insulation_kohm": (5000, 50000),
}


class Bad(NamedTuple):
    """A part of a bad board: which, at which clamp, what it is, and which step has to fail with it."""

    part: str
    low: int
    high: int
    step: int
    clamp: str = ""


BAD = (
    Bad("pilot_high_mv", 10900, 11350, 230),
    Bad("pilot_high_mv", 12650, 12900, 230),
    Bad("pilot_low_mv", -11350, -10900, 240),
    Bad("pilot_source_ohm", 1320, 1500, 260),
    Bad("pilot_hz", 900, 970, 240),
    Bad("duty_ppm", 6000, 20000, 250),
    Bad("edge_us", 14, 30, 255),
    Bad("contactor_open_ms", 110, 180, 310),
    Bad("contactor_close_ms", 300, 600, 300),
    Bad("trip_dc_plus_ua", 6500, 9000, 320),
    Bad("trip_dc_minus_ua", 6500, 9000, 321),
    Bad("trip_ac_ua", 32000, 60000, 322),
    Bad("ntc_c", 8, 15, 420),
    Bad("earth_mohm", 120, 400, 210),
    Bad("insulation_kohm", 100, 900, 220),
    Bad("rail_mv", 2700, 3100, 225),
    Bad("clamp_ppm", 160000, 260000, 400, " L1"),
    Bad("clamp_ppm", -300000, -160000, 400, " L2"),
    Bad("clamp_ppm", 160000, 260000, 400, " L3"),
    Bad("bias_mv", 900, 1050, 400, " L1"),
)
METERED = (
    Bad("volts_ppm", 90000, 150000, 410),
    Bad("volts_ppm", -150000, -90000, 410),
    Bad("clamp_lead_mdeg", 9000, 15000, 415, " L2"),
    Bad("clamp_lead_mdeg", -9000, -4000, 415, " L3"),
)
BOARDS = {"reference": BAD, "metered": (*METERED, *BAD)}


class Found(NamedTuple):
    """What became of one board."""

    seed: int
    board: str
    broken: str
    step: int  # that has to fail; 0 of a good board
    failed: tuple[int, ...]
    marginal: tuple[str, ...]
    said: str


def board_of(seed: int) -> str:
    """Which board a seed draws: one after the other, EVERY of each."""
    return tuple(BOARDS)[(seed - 1) // EVERY % len(BOARDS)]


def broken_part(seed: int) -> Bad | None:
    """A bad board's part; None of a good board."""
    if seed % EVERY:
        return None
    bad = BOARDS[board_of(seed)]
    return bad[(seed - 1) // EVERY // len(BOARDS) % len(bad)]


def parts(seed: int) -> tuple[list[str], str]:
    """What the bench is told of a board's parts, and which of that is its bad part; "" of a good board."""
    dice = random.Random(seed)
    told = [f"part {name} {dice.randint(*span)}" for name, span in GOOD.items()]
    bad = broken_part(seed)
    return told, f"part {bad.part} {dice.randint(bad.low, bad.high)}{bad.clamp}" if bad else ""


def judged(seed: int) -> Found:
    """Draw a board and run the sheet on it."""
    good, broken = parts(seed)
    board, place = near.fixture(board_of(seed), (f"bag {seed}", *good, *([broken] if broken else [])))
    bad = broken_part(seed)
    results = worksheet.tried(board, place, {bad.step} if bad else STEPS)
    failed = [each for each in results if each.outcome != "skipped" and each.outcome not in worksheet.GOOD]
    marginal = [m.name for each in results for m in each.measurements if m.outcome.value == "marginal"]
    said = "; ".join(f"{each.step.code}: {each.said}" for each in failed)
    return Found(
        seed,
        place.board,
        broken,
        bad.step if bad else 0,
        tuple(each.step.code for each in failed),
        tuple(marginal),
        said,
    )


def kept(path: Path | None) -> list[Found]:
    """What earlier runs found, each board once."""
    if path is None or not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [Found(*(tuple(each) if isinstance(each, list) else each for each in row)) for row in rows]
    return list({each.seed: each for each in found}.values())


def right(found: Found) -> bool:
    """A good board passes; a bad one fails, and the step of its part is among those that fail."""
    return found.step in found.failed if found.step else not found.failed


def one_line(found: Found) -> str:
    """A board as it is done: what it was, and what came out."""
    failed = "fails " + ", ".join(map(str, found.failed)) if found.failed else "passes"
    marginal = f", {len(found.marginal)} marginal" * bool(found.marginal)
    return f"board {found.seed}, {found.board}, {found.broken or 'good'}: {failed}{marginal}"


def kinds(measurements: tuple[str, ...]) -> set[str]:
    """Of `gain.L1.5A` and `gain.L2.5A`: gain."""
    return {name.partition(".")[0] for name in measurements}


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
    for board in BOARDS:
        marginal = Counter(name for each in passed if each.board == board for name in kinds(each.marginal))
        lines += [f"marginal in good boards, {board}: {name} {count}" for name, count in marginal.most_common()]
    lines += [f"wrong: {one_line(each)}: {each.said}".rstrip(": ") for each in found if not right(each)]
    return lines


def main() -> None:
    """Print what came of so many boards. Exit status 1 where one was judged wrongly."""
    parser = arguments.parser(__doc__)
    parser.add_argument("boards", nargs="?", type=arguments.whole(1, 10000), default=200, metavar="BOARDS")
    parser.add_argument("--keep", type=Path, metavar="FILE")
    parser.add_argument("--jobs", type=arguments.whole(1, 64), default=len(BOARDS), metavar="N")
    given = parser.parse_args()
    count = given.boards
    found = [each for each in kept(given.keep) if each.seed <= count]
    left = sorted(set(range(1, count + 1)) - {each.seed for each in found})
    with multiprocessing.Pool(given.jobs, maxtasksperchild=EVERY) as workers:
        for each in workers.imap_unordered(judged, left):
            found.append(each)
            if given.keep:
                with open(given.keep, "a", encoding="utf-8") as file:
                    file.write(json.dumps(each) + "\n")
            sys.stderr.write(one_line(each) + "\n")
    found.sort()
    print("\n".join(told(found)))
    if len(found) < count or not all(map(right, found)):
        sys.exit(1)


if __name__ == "__main__":
    ended(main)
