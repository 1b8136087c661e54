"""The jig's steps against its faults: does each step fail when its fault is there, and which others fail with it?

A row for each fault: the whole sheet from 200 to 599 runs on a new board that has it (near.py). Without a fault every board
passes. What needs a chip that runs MicroPython (its heap, its flash, its prompt: 500, 510, 520) is tried on the bench's device,
by host_tests/tools/jig/test_jig.py.

Usage: python tools/proofs/jig_faults.py [BOARD…]
"""

import multiprocessing
import sys
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "tools")]
from headroom_tools.common import arguments
from headroom_tools.common.ending import ended
from headroom_tools.jig import worksheet

from proofs import near

# board: step, what is broken, which other steps fail with it. A step that says nothing without a failed one is passed over.
FAULTS: dict[str, tuple[tuple[int, str, tuple[int, ...]], ...]] = {
    "reference": (
        (200, "fault pole on", ()),
        (210, "part earth_mohm 150", ()),
        (220, "part insulation_kohm 500", ()),
        (225, "part rail_mv 2950", ()),
        (230, "part pilot_high_mv 11200", (260,)),
        (240, "part pilot_low_mv -11000", ()),
        (240, "part pilot_hz 950", ()),
        (250, "part duty_ppm 8000", ()),
        (255, "part edge_us 15", ()),
        (260, "part pilot_source_ohm 1300", (270,)),
        (270, "part pilot_source_ohm 1300", (260,)),
        (280, "fault relays on", (290,)),
        (290, "fault relays on", (280,)),
        (295, "fault deaf on", (240, 250, 255, 260, 280)),
        (300, "fault line on", ()),
        (300, "fault contactor on", (260,)),
        (310, "part contactor_open_ms 120", (340,)),
        (320, "part trip_dc_plus_ua 7000", ()),
        (321, "part trip_dc_minus_ua 7000", ()),
        (322, "part trip_ac_ua 40000", ()),
        (340, "fault monitor on", ()),
        (350, "fault aux on", (260, 300)),
        (400, "part clamp_ppm 150000 L2", ()),
        (400, "clamp L1 swapped", ()),
        (420, "part ntc_c 10", ()),
        (430, "fault lamp on", ()),
        (440, "fault button on", ()),
    ),
    "metered": ((410, "part volts_ppm 80000", ()), (415, "clamp L1 backwards", (400,))),
    "socket": ((450, "part pullup_percent 25", ()), (460, "fault lock on", (240, 250, 255, 260, 280, 295))),
    "minimal": (),
}
ON_A_CHIP = (
    (500, "part tick_cpu_us 14800"),
    (510, "part flash_erase_us 420000"),
    (520, "fault bus on"),
)
STEPS = set(range(200, 600)) - {step for step, _ in ON_A_CHIP}


class Row(NamedTuple):
    """A fault and what came of it."""

    board: str
    step: int  # 0: no fault
    broken: str
    also: tuple[int, ...]
    failed: tuple[int, ...] = ()
    said: str = ""

    def right(self) -> bool:
        """The step fails, and those with it that are known to."""
        return set(self.failed) == ({self.step, *self.also} if self.step else set())

    def told(self) -> str:
        """One line."""
        others = ", ".join(str(code) for code in self.failed if code != self.step) or "no other"
        came = "passes" if not self.failed else "fails" if self.step in self.failed else "DOES NOT FAIL"
        line = f"{self.board:<10} {self.step or '-':>4}  {self.broken or 'no fault':<28} {came}; with it: {others}"
        return line if self.right() else f"{line}   NOT AS KNOWN: {self.said}"


def tried(row: Row) -> Row:
    """The sheet on a new board with this fault."""
    board, place = near.fixture(row.board, (row.broken,) if row.broken else ())
    results = worksheet.tried(board, place, STEPS)
    failed = [each for each in results if each.outcome not in (*worksheet.GOOD, "skipped")]
    said = "; ".join(f"{each.step.code}: {each.said}" for each in failed)
    return row._replace(failed=tuple(each.step.code for each in failed), said=said)


def rows(boards: tuple[str, ...]) -> list[Row]:
    """All faults, after each board without one."""
    return [Row(board, step, broken, also) for board in boards for step, broken, also in ((0, "", ()), *FAULTS[board])]


def main() -> None:
    """Print a row for each fault. Exit status 1 where one came out otherwise than it is known to."""
    parser = arguments.parser(__doc__)
    parser.add_argument("boards", nargs="*", choices=(*FAULTS, []), metavar="BOARD")
    boards = tuple(parser.parse_args().boards) or tuple(FAULTS)
    wrong = 0
    with multiprocessing.Pool(2, maxtasksperchild=1) as workers:
        for row in workers.imap(tried, rows(boards)):
            print(row.told(), flush=True)
            wrong += not row.right()
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    ended(main)
