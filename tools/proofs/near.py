"""A board in the fixture with nothing between: the jig's own steps on the whole firmware, in this process, at waveform fidelity.

No port, no VM, no mpremote: steps at MicroPython's prompt cannot be run. The console is the real one, at 115 200 baud; time is
the bench's, and passes while somebody asks, and while an instrument looks again.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "tools")]
from bench import deeds
from bench.chip import chip as chips
from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom_tools.common.errors import BadInput
from headroom_tools.device.console_link import GREETING, ChargerRefused, ChargerRestarted
from headroom_tools.jig import bench_instruments, dut, station
from headroom_tools.jig.measurement import Instrument

PATIENCE_TICKS = 4000
RELAY_TICKS = 2
ROLES = (*station.ROLES, *station.MORE)


class Link:
    """The console, as console_link's, without a wire."""

    def __init__(self, board: str) -> None:
        self.terminal = Terminal()
        self.table = Table([], port=self.terminal, files=RamFiles(), world=deeds.world, board=board)
        self.bench = deeds.Bench(self.table.world)
        self.number = 0
        self._begin()

    def power_cut(self) -> None:
        """Off and on again: what the chip reads at its start only is read anew."""
        self.table.reset(chips.PWRON_RESET)
        self._begin()

    def tick(self) -> None:
        """One tick of the firmware, and a new start where it asked for one."""
        self.table.tick()
        if self.table.charger.service.left():
            self.table.reset(chips.HARD_RESET)
            self._begin()
            raise ChargerRestarted("it started again")

    def _begin(self) -> None:
        self.table.charger.started()
        self.table.charger.service.ready()
        self.terminal.send(GREETING)
        while not any(line.get("ok") for line in self._lines()):
            self.table.tick()

    def _lines(self) -> list[dict[str, Any]]:
        """What it has said since the last look, as far as it is JSON."""
        *whole, rest = bytes(self.terminal.received).split(b"\n")
        self.terminal.received[:] = rest
        return [json.loads(each) for each in whole if each.startswith(b"{")]

    def ask(self, command: str) -> Iterator[dict[str, Any]]:
        """See console_link.Link."""
        self.number += 1
        self.terminal.send(json.dumps({"id": self.number, "do": command}).encode() + b"\r")
        for _ in range(PATIENCE_TICKS):
            self.tick()
            for line in self._lines():
                if line.get("id") != self.number:
                    continue
                if "ok" not in line:
                    yield line
                elif line["ok"]:
                    return
                else:
                    raise ChargerRefused(line["error"])
        raise BadInput(f"no answer to {command!r}")

    def learn(self, command: str) -> list[dict[str, Any]]:
        """See console_link.Link."""
        while True:
            try:
                return list(self.ask(command))
            except ChargerRestarted:
                pass


class NearBoard(dut.Board):
    """See dut.Board."""

    def __init__(self, board: str) -> None:
        super().__init__("/dev/null")
        self.near = Link(board)

    def console(self) -> Any:
        """Always there."""
        return self.near

    def hang_up(self) -> None:
        """Nothing to give back."""


class NearBench(bench_instruments.Bench):
    """See bench_instruments.Bench."""

    def __init__(self, near: Link) -> None:
        super().__init__(Path(), Instrument("bench"))
        self.near = near

    def tell(self, command: str) -> str:
        """Carried out at once."""
        answer: str = self.near.bench.hear(command)
        if answer.startswith("error "):
            raise BadInput(f"bench: {answer[6:]}")
        return answer

    def switch(self, relay: str, position: str) -> None:
        """As a relay does, which takes its time; a board in a socket reads the cable's coding before it sees the car."""
        super().switch(relay, position)
        for _ in range(RELAY_TICKS):
            self.pause()

    def pause(self) -> None:
        """A tick passes."""
        with contextlib.suppress(ChargerRestarted):
            self.near.tick()


def fixture(board: str, told: tuple[str, ...] = ()) -> tuple[NearBoard, station.Station]:
    """A board out of the box, made as the bench is told, and a station around it."""
    there = NearBoard(board)
    bench = NearBench(there.near)
    for command in told:
        bench.tell(command)
    there.near.power_cut()
    return there, station.Station(name="near", board=board, **dict.fromkeys(ROLES, bench))
