"""`headroom tour`: what a stranger sees who flashes a charger, sets it up, plugs a car in and cuts the power, as a transcript.

Everything in it is real but the hardware: the same commands on the same serial port, against `headroom device`. What needs a
second board, or a meter, is shown on the bench, in a time of its own and without a serial port: the same firmware and consoles.
"""

import contextlib
import json
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import serial  # type: ignore[import-untyped]
import typer
from bench.beside import Boards

from headroom_tools.common.errors import SimulatorFailed
from headroom_tools.common.outputs import Output
from headroom_tools.device.device import Desk, desk
from headroom_tools.device.flash import flash_one

PATIENCE_S = 60
SPEED = "5"
CAR_MA = 15_000
CLEARED_MA = 13_000
KEPT_MS = 63_000  # by then energy is on the flash for the first time
SECOND_COMES_MS = (60_000, 140_000)
WHILE_MS = 90_000
JOINS_MS = 8000
MINUTE_WH = 120  # 25 A for the minute that a power cut may cost, and rounding


class Tour:
    """A transcript that is written as it happens."""

    def __init__(self, device: Desk, out: Callable[[str], None]) -> None:
        self.device = device
        self.out = out

    def say(self, text: str) -> None:
        """A heading."""
        self.out(f"\n# {text}")

    def flash(self) -> None:
        """Flash it, as `headroom flash` does."""
        self.out("$ headroom flash --port PORT --board reference")
        for line in flash_one(self.device.port, "reference", False, False, lambda _said, _done, _of: None):
            self.out(re.sub(r"; \d+ s\)", ")", line.replace(self.device.port, "PORT")))

    def console(self, line: str, wait_for: str = "") -> None:
        """Type a line on the console, and again until its answer holds ``wait_for``."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            answer = self._ask(line)
            if wait_for in answer:
                self.out(f"> {line}\n{answer}".rstrip())
                return
            time.sleep(0.2)
        raise SimulatorFailed(f"tour: {line!r} never answered {wait_for!r}, but {answer!r}")

    def _ask(self, line: str) -> str:
        with serial.Serial(self.device.port, 115200, timeout=0.2, exclusive=True) as wire:
            wire.write(b"\x15" + line.encode() + b"\r")
            heard = ""
            until_s = time.monotonic() + PATIENCE_S
            while time.monotonic() < until_s:
                heard += wire.read(1).decode("latin-1")
                found = re.search(re.escape(line) + r"\r+\n((?:.*?\n)??)> $", heard, re.DOTALL)
                if found:
                    return found[1].replace("\r", "").strip()
        raise SimulatorFailed(f"tour: no answer to {line!r}: {heard[-200:]!r}")

    def wh(self) -> int:
        """What house and car have taken so far on L1, without telling."""
        found = re.search(r"L1 (-?[\d.]+) kWh, ([\d.]+) kWh", self._ask("usage"))
        if not found:
            raise SimulatorFailed("tour: usage does not tell what L1 took")
        return round((float(found[1]) + float(found[2])) * 1000)

    def world(self, command: str) -> None:
        """Change the world around the charger."""
        self.device.tell(command)
        self.out(f"$ headroom device tell {command}")

    def look(self, seen: Callable[[dict[str, object]], bool]) -> None:
        """Wait until what happens at the socket fits, and show it."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            said = self.device.tell("look")
            if said.startswith("{") and seen(json.loads(said)):
                self.out(f"$ headroom device tell look\n{said}")
                return
            time.sleep(0.1)
        raise SimulatorFailed(f"tour: at the socket there is {said}")


def walk(device: Desk, out: Callable[[str], None]) -> None:
    """The whole tour. Raises SimulatorFailed where the charger does not do what it should."""
    tour = Tour(device, out)
    tour.say("A bare chip with MicroPython. Flash it.")
    tour.flash()
    tour.say("Set it up: the time, a 25 A supply, a 16 A circuit.")
    tour.console("version")
    tour.console("time 2026-11-24 18:30")
    for line in ("breaker_ma 25A", "charger_ma 16A", "resume_dwell_ms 5s", "status_ms 0"):
        tour.console(f"set {line}")
    tour.console("save", "saved: breaker_ma = 25 A")
    tour.say("Calibrate: with a heater on, the clamp meter on L1 shows 10.1 A.")
    tour.world("house 10")
    tour.console("calibrate L1 10.1", "save or undo")
    tour.console("save", "saved: calibration of L1")
    tour.world("house 2")
    tour.say("A car comes.")
    tour.world("plug 16")
    tour.look(lambda seen: int(str(seen["car_ma"])) > CAR_MA)
    tour.console("status", "charging")
    tour.console("why")
    tour.say("Is the clamp where it should be? The car itself tells.")
    tour.console("calibrate car", "ok")
    tour.look(lambda seen: int(str(seen["car_ma"])) > CAR_MA and int(str(seen["uptime_ms"])) > KEPT_MS)
    tour.say("Somebody starts the dryer.")
    tour.world("house 12")
    tour.look(lambda seen: int(str(seen["car_ma"])) < CLEARED_MA)
    tour.console("why")
    tour.console("log 3")
    tour.console("usage", "today")
    tour.say("The power goes, and comes back.")
    before_wh = tour.wh()
    tour.world("cut")
    tour.console("get breaker_ma", "breaker_ma = 25")
    tour.console("log 2", "power-on")
    tour.console("calibrate", "+")
    tour.console("usage", "today")
    lost_wh = before_wh - tour.wh()
    if not 0 <= lost_wh <= MINUTE_WH:
        raise SimulatorFailed(f"tour: the power cut cost {lost_wh} Wh of what the meter had counted")
    tour.look(lambda seen: int(str(seen["car_ma"])) > 0)
    tour.console("status", "charging")
    tour.say("Settings and calibration are as they were, energy to the last minute, and the car charges again.")


class Bench:
    """Boards beside each other, and what is typed on them."""

    def __init__(self, out: Callable[[str], None], boards: Boards) -> None:
        self.out = out
        self.boards = boards

    def on(self, board: int, line: str, wait_for: str = "") -> None:
        """Type a line on a board's console. Raises SimulatorFailed where its answer does not hold ``wait_for``."""
        answer = self.boards.ask(board, line)
        if wait_for not in answer:
            raise SimulatorFailed(f"tour: {line!r} does not answer {wait_for!r}, but {answer!r}")
        self.out(f"> {line}\n{answer}".rstrip())

    def later(self, board: int, wait_for: str) -> None:
        """What a board says by and by. Raises SimulatorFailed where it does not hold ``wait_for``."""
        self.boards.live(JOINS_MS)
        answer = self.boards.read(board)
        if wait_for not in answer:
            raise SimulatorFailed(f"tour: charger {board + 1} does not say {wait_for!r}, but {answer!r}")
        self.out(answer)

    def house(self, *amps: int) -> None:
        """What the house draws from now on, and a while with it."""
        self.boards.house_ma = [each * 1000 for each in amps]
        self.out(f"$ the house draws {' '.join(map(str, amps))} A")


def walk_beside(out: Callable[[str], None]) -> None:
    """A second board on the same circuit. Raises SimulatorFailed where they do not share."""
    bench = Bench(out, Boards(2, 32_000, plugged_ms=SECOND_COMES_MS))
    out("\n# A second board on the same 32 A circuit, RS-485 wired from one to the other. On charger 1:")
    bench.on(0, "group lead 2 32", "asking who wants to join")
    out("\n# On charger 2, whose clamps are around its own cable:")
    bench.on(1, "group join", "this is")
    out("\n# On charger 1, meanwhile:")
    bench.later(0, "save here and on each")
    bench.on(0, "save", "saved: group_no = 1")
    out("\n# And on charger 2:")
    bench.later(1, "save puts it in force")
    bench.on(1, "save", "saved: group_no = 2")
    out("\n# A car has come to charger 1 and takes 16 A. On charger 1:")
    bench.house(4, 2, 2)
    bench.boards.live(WHILE_MS)
    bench.on(0, "group", "leased 16.0 A drawn 16.0 A")
    out("\n# A second car comes, to charger 2: both share what the house leaves.")
    bench.boards.live(WHILE_MS)
    bench.on(0, "group", "an equal share")
    out("\n# On charger 2:")
    bench.on(1, "group", "led by number 1")
    bench.on(1, "why", "the group leaves")
    out("\n# The oven and the dryer: both give way. On charger 1:")
    bench.house(14, 2, 2)
    bench.boards.live(WHILE_MS // 6)
    bench.on(0, "group", "an equal share")
    bench.on(0, "why", "the group leaves")


def walk_metered(out: Callable[[str], None]) -> None:
    """A meter in place of the clamps. Raises SimulatorFailed where it is not found, or not read."""
    bench = Bench(out, Boards(1, 25_000, plugged_ms=(0,), meter="sdm630"))
    out("\n# Another house has a meter already: no clamps, RS-485 to the meter. What is it?")
    bench.house(5, 1, 0)
    bench.on(0, "pause")
    bench.boards.terminals[0].text()
    bench.on(0, "meter scan", "looking on the bus")
    bench.boards.live(WHILE_MS)
    found = bench.boards.terminals[0].text().rstrip("> \n")
    if found and "sdm630" not in found:
        raise SimulatorFailed(f"tour: meter scan found {found!r}")
    if found.strip():
        out(found.strip())
    for line in ("set bus meter", "set meter sdm630"):
        bench.on(0, line)
    bench.on(0, "save", "saved: meter = sdm630")
    bench.on(0, "resume")
    bench.boards.live(WHILE_MS)
    bench.on(0, "meter", "sdm630, supply:")
    bench.on(0, "status", "charging")


def tour(
    write: Annotated[Path | None, typer.Option(help="Write the transcript to a file, too.", metavar="OUT.txt")] = None,
    micropython: Annotated[
        str | None, typer.Option(help="Whose port's behaviour is played; the newest.", metavar="VERSION")
    ] = None,
) -> None:
    """Shows a stranger's first hours with a charger, in a minute: flash, set up, calibrate, charge, dryer, power cut; then a
    second board that shares the circuit, and a meter in place of the clamps.
    """
    lines: list[str] = []
    version = ("--micropython", micropython) if micropython else ()

    def out(text: str) -> None:
        lines.append(text)
        print(text, flush=True)

    with contextlib.ExitStack() as held:
        output = held.enter_context(Output(write, "--write")) if write is not None else None
        home = held.enter_context(tempfile.TemporaryDirectory())
        walk(held.enter_context(desk(Path(home), "--baud", "0", "--speed", SPEED, *version)), out)
        walk_beside(out)
        walk_metered(out)
        if output is not None:
            output.file.write("\n".join(lines).lstrip() + "\n")
            output.keep()
