"""Instruments of the bench: they act on the world around `headroom device`, by the words that `headroom device tell` has.

A bench thing: the firmware knows nothing of it, and neither do the steps. Its times are the board's own.
"""

import contextlib
import json
import time
from pathlib import Path
from typing import Any

from headroom_tools.common.errors import BadInput
from headroom_tools.device.device import Busy, ask
from headroom_tools.jig.measurement import Instrument

NOTED = "noted"  # what the device says while the chip runs no program: then nothing moves, and nothing can be seen
PAUSE_S = 0.02
PATIENCE_S = 60
TRIES = 6  # of ten seconds each
PILOT = {
    "no diode": ("fault short off", "fault diode on", "jig state B"),
    "short": ("fault diode off", "jig state B", "fault short on"),
}


def patiently(home: Path, command: str) -> str:
    """As ``ask``, on a machine that is busy with other things. BadInput after a minute without an answer."""
    for _ in range(TRIES - 1):
        with contextlib.suppress(Busy):
            return ask(home, command)
    return ask(home, command)


class Bench:
    """All instruments in one, at the device whose flash lies in ``home``."""

    def __init__(self, home: Path, instrument: Instrument) -> None:
        self.home = home
        self.instrument = instrument

    def tell(self, command: str) -> str:
        """Returns the device's answer. BadInput: it refuses."""
        answer = patiently(self.home, command)
        if answer.startswith("error "):
            raise BadInput(f"bench: {answer[6:]}")
        return answer

    def pause(self) -> None:
        """Between two looks."""
        time.sleep(PAUSE_S)

    def probe(self) -> dict[str, Any]:
        """What can be seen, once a program runs on the chip."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            answer = self.tell("probe")
            if not answer.startswith(NOTED):
                seen: dict[str, Any] = json.loads(answer)
                return seen
            self.pause()
        raise BadInput(f"bench: no program runs on the chip at {self.home}")

    def switch(self, relay: str, position: str) -> None:
        """See Relays."""
        if relay == "pilot":
            for command in PILOT.get(position, ("fault short off", "fault diode off", f"jig state {position}")):
                self.tell(command)
        elif relay == "cable":
            self.tell(f"jig cable {0 if position == 'open' else position}")
        else:
            self.tell(f"jig {'aux' if relay == 'auxiliary' else relay} {position}")

    def drive(self, ma: tuple[int, ...]) -> None:
        """See CurrentSource."""
        self.tell("house " + " ".join(f"{each / 1000:.3f}" for each in ma))

    def mv(self, point: str) -> float | None:
        """See Voltmeter."""
        seen = self.probe()
        if point.startswith("plug"):
            return float(seen["plug_mv"][int(point[-1]) - 1])
        value = seen[{"mains": "mains_mv", "lamp": "lamp_mv"}.get(point, point.replace(" ", "_") + "_mv")]
        return None if value is None else float(value)

    def trip_ms(self, ma: int, kind: str, within_ms: int) -> float | None:
        """See RcdTester."""
        begun_ms = self.probe()["now_ms"]
        try:
            self.tell(f"jig leak {ma} {kind}")
            while (seen := self.probe())["now_ms"] - begun_ms <= within_ms:
                if seen["opened_after_ms"] is not None and seen["opened_after_ms"] >= 0:
                    return float(seen["opened_after_ms"])
                self.pause()
            return None
        finally:
            self.tell(f"jig leak 0 {kind}")

    def hz(self) -> float:
        """See Counter."""
        return float(self.probe()["pilot_mhz"] / 1000)

    def duty_percent(self) -> float:
        """See Counter."""
        return float(self.probe()["pilot_ppm"] / 10000)

    def edge_us(self, edge: str) -> float | None:
        """See Scope: the bench's edges are alike."""
        us = self.probe()["edge_us"]
        return None if us is None else float(us)

    def dead_after_ms(self) -> float | None:
        """See Counter."""
        after_ms = self.probe()["opened_after_ms"]
        return None if after_ms is None or after_ms < 0 else float(after_ms)

    def earth_mohm(self) -> float:
        """See SafetyTester."""
        return float(self.probe()["earth_mohm"])

    def insulation_kohm(self) -> float:
        """See SafetyTester."""
        return float(self.probe()["insulation_kohm"])

    def celsius(self) -> float:
        """See Thermometer."""
        return float(self.probe()["ambient_c"])
