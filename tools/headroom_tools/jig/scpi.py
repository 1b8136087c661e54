"""Instruments that speak SCPI, over pyvisa: any that has the words of SCPI-1999, at the addresses that the station file names.

A scanner's or relay box's channels, and words that an instrument says otherwise, stand in its section of the station file.
"""

import time
from typing import Any

from headroom_tools.jig.instruments import RELAYS, OutOfOrder
from headroom_tools.jig.measurement import Instrument

TIMEOUT_MS = 5000
# word: SCPI; {} stands for a channel, a current in A or mA, a kind
WORDS = {
    "close": "ROUT:CLOS (@{})",
    "open": "ROUT:OPEN (@{})",
    "voltage": "MEAS:VOLT:DC? (@{})",
    "select": "INST:NSEL {}",
    "current": "SOUR:CURR {}",
    "output": "OUTP ON",
    "frequency": "MEAS:FREQ?",
    "duty": "MEAS:PDUT?",
    "arm": "INIT",
    "interval": "FETC:TINT?",
    "residual": "SOUR:CURR:RES {},{}",
    "trip": "MEAS:TIME:TRIP?",
    "rise": "MEAS:RIS? {}",  # RIGOL Programming Guide DS1000E/D, 2010; a DS1000Z says MEAS:ITEM? RTIM,{}
    "fall": "MEAS:FALL? {}",
    "earth": "MEAS:RES:EART?",
    "insulation": "MEAS:RES:INS? 500",
    "temperature": "MEAS:TEMP?",
}
NONE_ABOVE = 9e36  # SCPI's word for "no measurement" is 9.91E37


class Wire:
    """An instrument at a VISA address. OutOfOrder, in one line, for all that can go wrong with it."""

    def __init__(self, manager: Any, address: str, words: dict[str, str]) -> None:
        self.address = address
        self.words = WORDS | words
        try:
            self.resource = manager.open_resource(
                address, timeout=TIMEOUT_MS, read_termination="\n", write_termination="\n"
            )
            self.identity = self.resource.query("*IDN?").strip()
        except Exception as error:
            raise OutOfOrder(
                f"instrument {address}: does not answer ({type(error).__name__}): is it on, and is that its address?"
            ) from None

    def say(self, word: str, *values: object) -> None:
        """Tell it something, and ask whether it took it."""
        try:
            self.resource.write(self.words[word].format(*values))
            said = self.resource.query("SYST:ERR?").strip()
        except Exception as error:
            raise OutOfOrder(f"instrument {self.address}: stopped answering ({type(error).__name__})") from None
        if not said.startswith(("0", "+0")):
            raise OutOfOrder(f"instrument {self.address} refuses {self.words[word].format(*values)!r}: {said}")

    def number(self, word: str, *values: object) -> float | None:
        """What it measured; None where it says that there is nothing."""
        question = self.words[word].format(*values)
        try:
            said = self.resource.query(question).strip()
        except Exception as error:
            raise OutOfOrder(f"instrument {self.address}: no answer to {question!r} ({type(error).__name__})") from None
        try:
            value = float(said)
        except ValueError:
            raise OutOfOrder(f"instrument {self.address} answers {said[:40]!r} to {question!r}: no number") from None
        return None if abs(value) > NONE_ABOVE else value


class ScpiRelays:
    """See Relays. ``channels``: "pilot B" to a channel; what stands in no position is open."""

    def __init__(
        self, wire: Wire, instrument: Instrument, channels: dict[str, str], counter: "ScpiCounter | None"
    ) -> None:
        self.wire = wire
        self.instrument = instrument
        self.channels = channels
        self.counter = counter

    def switch(self, relay: str, position: str) -> None:
        """Break before make."""
        if self.counter is not None:
            self.counter.arm()
        for each in RELAYS[relay]:
            if each != position and f"{relay} {each}" in self.channels:
                self.wire.say("open", self.channels[f"{relay} {each}"])
        if f"{relay} {position}" in self.channels:
            self.wire.say("close", self.channels[f"{relay} {position}"])
        elif position != RELAYS[relay][0]:
            raise OutOfOrder(f"station: relays have no channel for '{relay} {position}'")


class ScpiSource:
    """See CurrentSource."""

    def __init__(self, wire: Wire, instrument: Instrument) -> None:
        self.wire = wire
        self.instrument = instrument

    def drive(self, ma: tuple[int, ...]) -> None:
        """One output for each clamp."""
        for place, each in enumerate(ma, 1):
            self.wire.say("select", place)
            self.wire.say("current", f"{each / 1000:.3f}")
            self.wire.say("output")


class ScpiVoltmeter:
    """See Voltmeter."""

    def __init__(self, wire: Wire, instrument: Instrument, channels: dict[str, str]) -> None:
        self.wire = wire
        self.instrument = instrument
        self.channels = channels

    def mv(self, point: str) -> float | None:
        """The instrument tells volts."""
        if point not in self.channels:
            raise OutOfOrder(f"station: the voltmeter has no channel for '{point}'")
        volts = self.wire.number("voltage", self.channels[point])
        return None if volts is None else volts * 1000


class ScpiRcdTester:
    """See RcdTester: it tells the time in seconds."""

    def __init__(self, wire: Wire, instrument: Instrument) -> None:
        self.wire = wire
        self.instrument = instrument

    def trip_ms(self, ma: int, kind: str, within_ms: int) -> float | None:
        """The residual current is off again afterwards."""
        try:
            self.wire.say("residual", f"{ma / 1000:.4f}", kind.upper())
            until_s = time.monotonic() + within_ms / 1000
            while True:
                seconds = self.wire.number("trip")
                if seconds is not None or time.monotonic() > until_s:
                    return None if seconds is None or seconds * 1000 > within_ms else seconds * 1000
        finally:
            self.wire.say("residual", 0, kind.upper())


class ScpiCounter:
    """See Counter: Hz, percent, and seconds from the arming to the plug's end."""

    def __init__(self, wire: Wire, instrument: Instrument) -> None:
        self.wire = wire
        self.instrument = instrument

    def arm(self) -> None:
        """The stop-watch begins with the next relay."""
        self.wire.say("arm")

    def hz(self) -> float:
        """Nothing to count is 0."""
        return self.wire.number("frequency") or 0.0

    def duty_percent(self) -> float:
        """Of a steady pilot it is 0 or 100."""
        return self.wire.number("duty") or 0.0

    def dead_after_ms(self) -> float | None:
        """The plug was not dead: None."""
        seconds = self.wire.number("interval")
        return None if seconds is None else seconds * 1000


class ScpiScope:
    """See Scope: seconds on the wire, of the channel that the station file names."""

    def __init__(self, wire: Wire, instrument: Instrument, channel: str) -> None:
        self.wire = wire
        self.instrument = instrument
        self.channel = channel

    def edge_us(self, edge: str) -> float | None:
        """An edge that the scope cannot see is None."""
        seconds = self.wire.number(edge, self.channel)
        return None if seconds is None else seconds * 1000000


class ScpiTester:
    """See SafetyTester and Thermometer: ohm, ohm, degrees."""

    def __init__(self, wire: Wire, instrument: Instrument) -> None:
        self.wire = wire
        self.instrument = instrument

    def earth_mohm(self) -> float:
        """In ohm on the wire."""
        return self._there("earth") * 1000

    def insulation_kohm(self) -> float:
        """In ohm on the wire."""
        return self._there("insulation") / 1000

    def celsius(self) -> float:
        """As it is."""
        return self._there("temperature")

    def _there(self, word: str) -> float:
        value = self.wire.number(word)
        return float("nan") if value is None else value
