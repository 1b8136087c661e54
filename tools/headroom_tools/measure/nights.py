"""How a need is met on random nights, beside one who knows the future (tools/bench/nights.py): a page's figures.

Usage: python -m headroom_tools.measure.nights [NIGHTS [WHOLE [MIXED]]]: so many with the wishes alone, with the whole firmware,
and with that and other limits, wishes and changes of the clock. A night of the whole firmware takes some ten seconds.
"""

import subprocess
import sys
from typing import NamedTuple

from headroom_tools.common.ending import ended
from headroom_tools.common.errors import SimulatorFailed
from headroom_tools.common.places import ROOT
from headroom_tools.sim import runner

SCRIPT = ROOT / "tools" / "bench" / "nights.py"
EARLY_MIN = 60
NEAR_PART = (
    0.03  # so near to what was possible chance decides: a clairvoyant has no ramps, no dwells and no dips of the line
)


class Night(NamedTuple):
    """A line of the bench."""

    number: int
    need_wh: int
    possible_wh: int
    delivered_wh: int
    counted_wh: int
    cheap_possible_wh: int
    cheap_wh: int
    told_min: int
    alarms: int
    stay_min: int

    @property
    def met(self) -> bool:
        """Whether it was delivered by its hour, by the charger's own counter."""
        return self.counted_wh >= self.need_wh

    @property
    def told(self) -> bool:
        """Whether it was told to be late early enough: an hour before, or within minutes where the car came later than that."""
        return self.told_min >= min(EARLY_MIN, self.stay_min - 10)


def nights(how: str, count: int, first: int = 0) -> list[Night]:
    """Runs them, from that number on; in a MicroPython VM where there is one."""
    vm = runner.micropython()
    command = [vm, "-X", "emit=native", "-X", "heapsize=64m"] if vm else [sys.executable]
    result = subprocess.run([*command, str(SCRIPT), how, str(first), str(count)], capture_output=True, text=True)
    if result.returncode:
        raise SimulatorFailed((result.stdout + result.stderr).strip().splitlines()[-1])
    lines = [line.split() for line in result.stdout.splitlines() if line.startswith("N ")]
    return [Night(*map(int, line[1:11])) for line in lines]


def told(title: str, found: list[Night]) -> str:
    """Returns the figures in words."""
    can = [night for night in found if night.possible_wh >= night.need_wh * (1 + NEAR_PART)]
    cannot = [night for night in found if night.possible_wh < night.need_wh]
    near = [night for night in found if night not in can and night not in cannot]
    missed = [night for night in found if not night.met]
    cheap = sum(night.cheap_wh for night in can)
    possible = sum(night.cheap_possible_wh for night in can)
    need = sum(night.need_wh for night in can)
    lines = [
        f"{title}: {len(found)} nights",
        f"  a clairvoyant can meet the need with {NEAR_PART:.0%} to spare on {len(can)}: met on {sum(night.met for night in can)}"
        + "".join(f"; missed: night {night.number} by {night.need_wh - night.counted_wh} Wh" for night in can if not night.met),
        f"  with less to spare on {len(near)}: met on {sum(night.met for night in near)}",
        f"  it cannot on {len(cannot)}",
        f"  missed on {len(missed)}, told an hour before on {sum(night.told for night in missed)}"
        + "".join(f"; night {night.number}: {night.told_min} min" for night in missed if not night.told),
        f"  told to be late, and in time after all: on {sum(bool(night.alarms) for night in found if night.met)}",
    ]  # fmt: skip
    if need:
        lines.append(
            f"  of the needed energy in the cheap window: {cheap / need:.3f}, clairvoyant {possible / need:.3f}: "
            f"{cheap / possible:.3f} of that"
        )
    return "\n".join(lines)


def main() -> None:
    """Prints the figures."""
    given = [int(each) for each in sys.argv[1:4]]
    counts = [*given, *(300, 0, 0)[len(given) :]]
    titles = (
        ("wish", "the wishes alone"),
        ("whole", "the whole firmware"),
        ("mixed", "the whole firmware, with all else"),
    )
    for (how, title), count in zip(titles, counts, strict=True):
        if count:
            print(told(title, nights(how, count)))


if __name__ == "__main__":
    ended(main)
