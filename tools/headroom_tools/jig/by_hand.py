"""Instruments that a person reads: the station asks, and the person types what the display shows, with its unit.

A display shows ohm where the sheet says milliohm: a number alone would pass a board whose earth is a thousand times too high.
"""

import re
import sys
from collections.abc import Callable

from headroom_tools.jig.instruments import OutOfOrder
from headroom_tools.jig.measurement import Instrument

TRIES = 3
SHOWN = re.compile(
    r"[<>]?\s*(-?\d+(?:[.,]\d+)?)\s*(\D*)"
)  # ">999 Mohm" is above a tester's range: the end of it counts
MILLIOHM = {"mohm": 1.0, "ohm": 1e3}
KILOOHM = {"kohm": 1.0, "Mohm": 1e3, "Gohm": 1e6}
DEGREES = {"C": 1.0, "": 1.0}


def typed(question: str, units: dict[str, float]) -> float:
    """Returns what a person typed, in the unit that counts 1. OutOfOrder when nobody is there, or after TRIES that were none."""
    for _ in range(TRIES):
        sys.stderr.write(f"{question}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            break
        found = SHOWN.fullmatch(line.strip())
        unit = found[2].strip().replace("Ω", "ohm").replace("Ohm", "ohm") if found else None
        if found and unit in units:
            return float(found[1].replace(",", ".")) * units[unit]
        sys.stderr.write(f"as the display shows it, with its unit: {', '.join(each for each in units if each)}\n")
    raise OutOfOrder(f"nobody typed what it shows: {question}")


class ByHand:
    """A safety tester and a thermometer; ``asked`` returns what a person says to a question, in the unit that counts 1."""

    def __init__(self, instrument: Instrument, asked: Callable[[str, dict[str, float]], float] = typed) -> None:
        self.instrument = instrument
        self.asked = asked

    def earth_mohm(self) -> float:
        """See SafetyTester."""
        return self.asked("tester: protective earth from inlet to plug, such as 0.06 ohm", MILLIOHM)

    def insulation_kohm(self) -> float:
        """See SafetyTester."""
        return self.asked("tester: insulation at 500 V, live parts together against earth, such as 20 Mohm", KILOOHM)

    def celsius(self) -> float:
        """See Thermometer."""
        return self.asked("thermometer beside the board, such as 21.5 C", DEGREES)
