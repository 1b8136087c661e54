"""Is a board in the fixture? Asked without disturbing what runs on it: anything that is at the port echoes an empty line."""

import contextlib
import errno
import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import serial  # type: ignore[import-untyped]

from headroom_tools.common.errors import BadInput

BUSY = "another program has {}: a console, or another jig: end it"
POLL_S = 0.5
SURE = 2  # looks in a row that agree: contacts bounce
ANSWER_S = 1.5
NUDGE = (
    b"\x15\r"  # Ctrl-U: of whatever is half typed; then an empty line, which the firmware and MicroPython both answer
)


@contextlib.contextmanager
def held(port: str) -> Iterator[None]:
    """One jig at a port: between two steps nobody has it open, and another one would take it. BadInput: there is one."""
    place = Path(tempfile.gettempdir()) / f"headroom-jig{str(Path(port).resolve()).replace('/', '-')}.lock"
    lock = os.open(place, os.O_CREAT | os.O_RDWR, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BadInput(BUSY.format(port)) from None
    finally:
        os.close(lock)


class Busy(Exception):
    """Another program has the port."""


def present(port: str) -> bool:
    """True when something at the port answers, or talks by itself. Busy: nobody can know."""
    try:
        with serial.serial_for_url(port, baudrate=115200, exclusive=True, timeout=0.1, write_timeout=1) as wire:
            until_s = time.monotonic() + ANSWER_S
            wire.write(NUDGE)
            while time.monotonic() < until_s:
                if wire.read(1):
                    return True
    except OSError as error:  # pyserial's own errors, too
        if error.errno in (errno.EAGAIN, errno.EBUSY):  # of its lock, and of a terminal in exclusive mode
            raise Busy from None
    except ValueError:
        pass
    return False


def wait(port: str, wanted: bool, notice: Callable[[str], None], look: Callable[[str], bool] = present) -> None:
    """Returns once a board has come, or the last one has gone; told once: another program has the port."""
    agreed = told = 0
    while agreed < SURE:
        try:
            agreed = agreed + 1 if look(port) is wanted else 0
        except Busy:
            agreed = 0
            if not told:
                notice(BUSY.format(port))
            told = 1
        if agreed < SURE:
            time.sleep(POLL_S)
