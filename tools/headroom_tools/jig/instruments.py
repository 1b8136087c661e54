"""What a station's instruments can do: a few methods each. Drivers: scpi.py, bench_instruments.py, by_hand.py.

Voltages in mV, currents in mA, times in ms. A point is a place that the voltmeter's scanner reaches; see ``POINTS``.
"""

from typing import Protocol

from headroom_tools.common.errors import BadInput
from headroom_tools.jig.measurement import Instrument

# relay: its positions, the first is rest. A cable's coding is a resistor by its ohm, or open.
RELAYS = {
    "pilot": ("A", "B", "C", "D", "no diode", "short"),
    "earth": ("closed", "open"),
    "auxiliary": ("free", "held"),
    "button": ("free", "pressed"),
    "cable": ("open", "1500", "680", "220", "100"),
}
POINTS = ("pilot high", "pilot low", "plug L1", "plug L2", "plug L3", "mains", "lamp", "supply")


class OutOfOrder(BadInput):
    """An instrument does not do what it should: the station's trouble, and no board's."""


class Relays(Protocol):
    """The resistor switch: the car's side of the pilot, the cable's coding, and what else the jig can open and close."""

    instrument: Instrument

    def switch(self, relay: str, position: str) -> None:
        """Into a position of RELAYS; the counter's stop-watch begins."""


class CurrentSource(Protocol):
    """Drives a current through the wire in each clamp."""

    instrument: Instrument

    def drive(self, ma: tuple[int, ...]) -> None:
        """One for each clamp."""


class Voltmeter(Protocol):
    """With a scanner."""

    instrument: Instrument

    def mv(self, point: str) -> float | None:
        """At one of POINTS; None: nothing is there to measure (a plateau of a pilot that has none)."""


class RcdTester(Protocol):
    """Drives a residual current and takes the time until the plug is dead."""

    instrument: Instrument

    def trip_ms(self, ma: int, kind: str, within_ms: int) -> float | None:
        """``kind`` is dc or ac; a negative DC is the other polarity. None: it did not trip in time."""


class Counter(Protocol):
    """Frequency, duty, and the time from a relay's move to a dead plug."""

    instrument: Instrument

    def hz(self) -> float:
        """Of the pilot; 0 while it is steady."""

    def duty_percent(self) -> float:
        """Of the pilot."""

    def dead_after_ms(self) -> float | None:
        """From the last move of a relay; None: the plug is live."""


class Scope(Protocol):
    """Looks at the pilot's edges, where a station has one."""

    instrument: Instrument

    def edge_us(self, edge: str) -> float | None:
        """``edge`` is rise or fall: how long from 10 to 90 % of it; None: there is none to see."""


class SafetyTester(Protocol):
    """Earth continuity and insulation."""

    instrument: Instrument

    def earth_mohm(self) -> float:
        """From the inlet's earth to the plug's."""

    def insulation_kohm(self) -> float:
        """At 500 V, all live parts together against earth."""


class Thermometer(Protocol):
    """Beside the board."""

    instrument: Instrument

    def celsius(self) -> float:
        """Of the air."""
