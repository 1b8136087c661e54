"""The charger's console as a program talks to it: `json on`, requests with an id, and one line for whatever goes wrong.

Nothing that is sent holds byte 3, which would stop the charger: a request is JSON, where it becomes \\u0003.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from types import TracebackType
from typing import Any

import serial  # type: ignore[import-untyped]

from headroom_tools.common.errors import BadInput
from headroom_tools.device.flash_port import opened

Line = dict[str, Any]

GREET_S = 10  # a board that opening the port has restarted is ready by then
AGAIN_S = 2  # a greeting that nobody answered is sent again
ANSWER_S = 10  # the longest between two lines of an answer
# longer ones, by the first words of a command
LONGER_S = {
    ("calibrate",): 60,  # car: its first step waits for the car's dwell, each later one for the car
    ("meter", "scan"): 300,  # every speed and parity; answers/meter.py says a minute or two
    ("group", "join"): 620,  # ten minutes for somebody to lead: answers/joining.py
    ("group", "lead"): 320,  # five for all to join
}
QUIET_S = 3  # a charger that sends no status by itself is asked for it this often
LEAVE_S = 1
REQUEST_BYTES = 250  # the chip's receive ring holds 260
GREETING = b"\x15json on\r"  # Ctrl-U: whatever somebody left half typed
STOP = b"\x1b\x15"  # Esc, and Ctrl-U: whatever comes after it is a line of its own
REPL = ">>> "
RESTARTED = "the charger started again: ask once more"
TRIES = 5  # a supply that flickers
READY = " ready"  # the end of the line that a charger says when it starts


def longest_s(command: str, usual_s: float) -> float:
    """Returns the longest that two lines of the answer to a command may be apart."""
    words = tuple(command.split())
    return LONGER_S.get(words[:2]) or LONGER_S.get(words[:1]) or usual_s


class ChargerRefused(Exception):
    """The charger understood and said no; the message is its own."""


class ChargerRestarted(ChargerRefused):
    """It started again, and knows nothing of what it was asked."""


class Link:
    """The console at ``name``, as a context manager: JSON inside, plain again outside. BadInput when it cannot be used.

    ``status`` is the last one it told; ``told`` gets every line that belongs to no answer, ``lost`` the reason when the
    device goes away; both are called from the reader's thread.
    """

    def __init__(self, name: str, answer_s: float = ANSWER_S) -> None:
        self.name = name
        self.answer_s = answer_s
        self.status: Line = {}
        self.told: Callable[[str], None] = lambda _text: None
        self.lost: Callable[[BadInput], None] = lambda _why: None
        self.gone: BadInput | None = None
        self.aside = False  # it was sent to MicroPython's prompt: nothing of ours is to be typed there
        self.plain: Queue[str] = Queue()
        self.answers: Queue[Line] = Queue()
        self.number = 0
        self.answering = False
        self.asked_s = self.heard_s = time.monotonic()
        self.closing = False
        self.writing = threading.Lock()
        self.wire = opened(
            name, lambda: serial.serial_for_url(name, baudrate=115200, exclusive=True, timeout=0.2, write_timeout=5)
        )
        self.reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Link":
        self.reader.start()
        try:
            self._greet()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.gone is None and not self.aside:
            self._drain()
            self._write(json.dumps({"do": "json off"}).encode() + b"\r")
            self._wait_for("json off", LEAVE_S)
        self._close()

    def ask(self, command: str) -> Iterator[Line]:
        """Yields the answer's lines. ChargerRefused in the charger's words; BadInput when it does not answer."""
        self.number += 1
        request = json.dumps({"id": self.number, "do": command}).encode() + b"\r"
        if len(request) > REQUEST_BYTES:
            raise ChargerRefused(f"too long: the charger takes lines of some {REQUEST_BYTES - 30} characters")
        if command.split()[:1] == ["json"]:
            raise ChargerRefused("this console speaks JSON with the charger already, and ends it when you leave")
        self._drain()
        self.answering = True
        try:
            self._write(request)
            yield from self._answer(command)
        finally:
            self.answering = False

    def stop(self) -> None:
        """End an answer that is under way, and harm nothing where none is."""
        self._write(STOP)

    def learn(self, command: str) -> list[Line]:
        """Returns a whole answer, asked for anew where the charger started again under it. Raises as ``ask`` does."""
        for _ in range(TRIES):
            with contextlib.suppress(ChargerRestarted):
                return list(self.ask(command))
        raise BadInput(f"{self.name}: the charger starts again and again: see what supplies it")

    def _answer(self, command: str) -> Iterator[Line]:
        wait_s = longest_s(command, self.answer_s)
        while True:
            try:
                line = self.answers.get(timeout=wait_s)
            except Empty:
                raise BadInput(f"{self.name}: no answer in {wait_s:g} s; see whether it runs") from None
            if self.gone is not None:
                raise self.gone
            unnamed = line.get("id") is None and line.get("ok") is False  # a line that it could not even read
            if line.get("id") != self.number and not unnamed:
                continue  # of an answer that nobody waits for any more
            if "ok" not in line:
                yield line
            elif line["ok"]:
                self.aside = command.split()[0] == "service"
                return
            elif line["error"] == RESTARTED:
                raise ChargerRestarted(RESTARTED)
            else:
                raise ChargerRefused(line["error"])

    def _greet(self) -> None:
        until_s = time.monotonic() + GREET_S
        while time.monotonic() < until_s:
            self._write(GREETING)
            try:
                while not self.answers.get(timeout=AGAIN_S).get("ok"):
                    pass
                return
            except Empty:
                pass
            if self.gone is not None:
                raise self.gone
            if REPL in self.plain.queue:
                raise BadInput(
                    f"{self.name}: MicroPython's prompt is here, not the charger: Ctrl-D there (mpremote) or the reset "
                    "button starts it; a board without the firmware needs `headroom flash`"
                )
        raise BadInput(
            f"{self.name}: no charger answers here: is it the board's port? A new board needs `headroom flash`"
        )

    def _write(self, data: bytes) -> None:
        try:
            with self.writing:
                self.wire.write(data)
        except (serial.SerialException, OSError):
            raise self._gone() from None

    def _read(self) -> None:
        rest = b""
        while not self.closing:
            try:
                rest += self.wire.read(max(1, self.wire.in_waiting))
                *lines, rest = rest.split(b"\n")
                for line in lines:
                    self._take(line.decode("utf-8", "replace").strip())
                self._poll()
            except (serial.SerialException, OSError, BadInput, TypeError):  # TypeError: closed under pyserial's hands
                if not self.closing:
                    self._lose()
                return
            if rest.decode("latin-1").endswith(REPL):
                self._take(rest.decode("latin-1"))
                rest = b""

    def _take(self, text: str) -> None:
        try:
            line = json.loads(text) if text.startswith("{") else None
        except ValueError:
            line = None
        if line is None:
            self._take_plain(text)
            return
        if "session" in line:
            self.status, self.heard_s = line, time.monotonic()
        if line.get("id") != "gauge" and "event" not in line:
            self.answers.put(line)

    def _take_plain(self, text: str) -> None:
        self.plain.put(text)
        if not text or text == ">" or "json o" in text:
            return
        self.told(text.removeprefix("> "))
        last = text.rpartition("\r")[2]  # before it: the line that was cut off
        if last.endswith(READY) and last.lstrip("> ").startswith("headroom "):  # it was started again
            self._write(GREETING)
            self.answers.put({"id": None, "ok": False, "error": RESTARTED})

    def _poll(self) -> None:
        """Where the setting status_ms is 0, nobody tells the gauge anything unasked; any key would end a long answer."""
        now_s = time.monotonic()
        if self.number and now_s - max(self.heard_s, self.asked_s) > QUIET_S and not self.aside and not self.answering:
            self.asked_s = now_s
            self._write(b'{"id": "gauge", "do": "status"}\r')

    def _drain(self) -> None:
        while not self.answers.empty():
            self.answers.get()

    def _wait_for(self, text: str, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            try:
                if text in self.plain.get(timeout=seconds):
                    return
            except Empty:
                return

    def _gone(self) -> BadInput:
        return BadInput(f"{self.name}: the device went away: is it plugged in? The charger itself goes on by itself")

    def _lose(self) -> None:
        self.gone = self._gone()
        self.answers.put({})  # wakes whoever waits
        self.lost(self.gone)

    def _close(self) -> None:
        self.closing = True
        if self.reader.is_alive():
            self.reader.join()
        self.wire.close()
