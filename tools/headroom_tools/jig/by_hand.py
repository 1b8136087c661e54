"""Instruments that a person reads: the station asks, and the person types what the display shows."""

import sys
from collections.abc import Callable

from headroom_tools.jig.instruments import OutOfOrder
from headroom_tools.jig.measurement import Instrument

TRIES = 3


def typed(question: str) -> float:
    """Returns a number that a person typed. OutOfOrder when nobody is there, or after TRIES that were none."""
    for _ in range(TRIES):
        sys.stderr.write(f"{question}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            break
        try:
            return float(line.strip().replace(",", "."))
        except ValueError:
            sys.stderr.write("a number, as the display shows it\n")
    raise OutOfOrder(f"nobody typed a number for: {question}")


class ByHand:
    """A safety tester and a thermometer; ``asked`` returns what a person says to a question."""

    def __init__(self, instrument: Instrument, asked: Callable[[str], float] = typed) -> None:
        self.instrument = instrument
        self.asked = asked

    def earth_mohm(self) -> float:
        """See SafetyTester."""
        return self.asked("tester: protective earth from inlet to plug, milliohm")

    def insulation_kohm(self) -> float:
        """See SafetyTester."""
        return self.asked("tester: insulation at 500 V, live parts together against earth, kiloohm")

    def celsius(self) -> float:
        """See Thermometer."""
        return self.asked("thermometer beside the board, degrees C")
