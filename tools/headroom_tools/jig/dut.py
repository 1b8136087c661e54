"""The board in the fixture, as the jig talks to it: the console while the firmware runs, the real mpremote at the prompt.

Deadlines are by the board's own clock, which its console tells: a board that is slow to talk fails nothing by that alone. Only
one whose clock stands still for STALLED_S of ours is given up.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from headroom_tools.common.errors import BadInput
from headroom_tools.device.console_link import ChargerRefused, Link
from headroom_tools.device.flash import Watch, flash_one
from headroom_tools.jig.codes import told

STALLED_S = 60
MPREMOTE_S = 600  # the longest that any call of it may take: ten times what a slow board needs
AT_PROMPT = "MicroPython's prompt is here"  # how the console's client says that no firmware runs
GREETINGS = 4  # of a console that is slow to start

Line = dict[str, Any]


class Stalled(BadInput):
    """The board's clock does not run on: pulled off, or hung."""


class Late(AssertionError):
    """What should have happened by now, by the board's own clock, has not."""


class Board:
    """One board at a serial port, as a context manager."""

    def __init__(self, port: str) -> None:
        self.port = port
        self.link: Link | None = None
        self.newest_ms = 0  # of its time, since it was started by us
        self.starts = 0  # that nobody asked for

    def __enter__(self) -> "Board":
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    # the console --------------------------------------------------------------------------------------------------

    def console(self) -> Link:
        """Opened when first needed. BadInput: nobody answers."""
        if self.link is None:
            for attempt in range(GREETINGS):
                link = Link(self.port, STALLED_S)
                try:
                    self.link = link.__enter__()
                    break
                except BadInput as error:
                    if attempt == GREETINGS - 1 or not ("no charger answers" in str(error) or AT_PROMPT in str(error)):
                        raise
                    if AT_PROMPT in str(error):
                        self.mpremote("reset")
        assert self.link is not None
        return self.link

    def hang_up(self) -> None:
        """Give the port back."""
        link, self.link = self.link, None
        if link is not None:
            with contextlib.suppress(BadInput):
                link.__exit__(None, None, None)

    def ask(self, command: str) -> list[Line]:
        """Returns the answer's lines. ChargerRefused in the board's words."""
        return [dict(line) for line in self.console().ask(command)]

    def tell(self, *commands: str) -> None:
        """Several, one after the other."""
        for command in commands:
            self.ask(command)

    def measure(self) -> Line:
        """The board's own figures, all in one."""
        figures: Line = {}
        for line in self.console().learn("measure"):
            figures |= line
        if figures["lived_ms"] < self.newest_ms:
            self.starts += 1
        self.newest_ms = figures["lived_ms"]
        return figures

    def forget_starts(self) -> int:
        """Returns how often it started by itself since this was last asked."""
        starts, self.starts = self.starts, 0
        return starts

    def means(self, take: Callable[[Line], list[float]], times: int) -> list[float]:
        """Returns the mean of ``times`` looks at some figures."""
        rows = [take(self.measure()) for _ in range(times)]
        return [sum(column) / times for column in zip(*rows, strict=True)]

    def until(self, seen: Callable[[Line], bool], within_ms: int, what: str) -> Line:
        """Returns the first figures that fit. Late: none did within so long of the board's time."""
        figures = self.measure()
        begun_ms = newest_ms = figures["lived_ms"]
        moved_s = time.monotonic()
        while not seen(figures):
            if figures["lived_ms"] - begun_ms > within_ms:
                stands = told(figures.get("fault_set", 0))
                raise Late(
                    f"not within {within_ms / 1000:g} s: {what}" + f"; the board has fault '{stands}'" * bool(stands)
                )
            if figures["lived_ms"] != newest_ms:
                newest_ms, moved_s = figures["lived_ms"], time.monotonic()
            elif time.monotonic() - moved_s > STALLED_S:
                raise Stalled(f"{self.port}: the board's clock stands still; is it still in the fixture?")
            figures = self.measure()
        return figures

    def rest(self, ms: int) -> Line:
        """Let so much of the board's time pass."""
        begun_ms = self.measure()["lived_ms"]
        return self.until(lambda now: now["lived_ms"] - begun_ms >= ms, ms + 60000, "time passes")

    def restart(self) -> None:
        """Start the firmware anew, as a person does, and wait until it answers."""
        lived_ms, starts = self.measure()["lived_ms"], self.starts
        with contextlib.suppress(ChargerRefused):
            self.ask("reboot now")
            self.until(lambda now: now["lived_ms"] < lived_ms, 10000, "the board starts again")
        self.starts = starts
        self.hang_up()
        self.console()

    # the prompt ---------------------------------------------------------------------------------------------------

    def mpremote(self, *arguments: str) -> str:
        """Returns what the real mpremote printed. BadInput with its last line."""
        self.hang_up()
        self.newest_ms = 0
        program = Path(sys.executable).parent / "mpremote"
        try:
            done = subprocess.run(
                [program, "connect", self.port, *arguments], capture_output=True, text=True, timeout=MPREMOTE_S
            )
        except subprocess.TimeoutExpired:
            raise Stalled(
                f"{self.port}: mpremote waited for {MPREMOTE_S} s; is the board still in the fixture?"
            ) from None
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
            raise BadInput(f"{self.port}: mpremote: {said}")
        return done.stdout

    def execute(self, program: str) -> str:
        """Returns what a program printed that ran on the board's chip, the firmware not running."""
        return self.mpremote("exec", program).replace("\r", "").strip()

    def flash(self, board: str, watch: Watch) -> str:
        """Put the firmware on it; returns what `headroom flash` says."""
        self.hang_up()
        self.newest_ms = 0
        return flash_one(self.port, board, False, False, watch)[-1]
