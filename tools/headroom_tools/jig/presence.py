"""Is a board in the fixture? Asked without disturbing what runs on it: anything that is at the port echoes an empty line."""

import time
from collections.abc import Callable

import serial  # type: ignore[import-untyped]

POLL_S = 0.5
SURE = 2  # looks in a row that agree: contacts bounce
ANSWER_S = 1.5
NUDGE = (
    b"\x15\r"  # Ctrl-U: of whatever is half typed; then an empty line, which the firmware and MicroPython both answer
)


def present(port: str) -> bool:
    """True when something at the port answers, or talks by itself."""
    try:
        with serial.serial_for_url(port, baudrate=115200, exclusive=True, timeout=0.1, write_timeout=1) as wire:
            until_s = time.monotonic() + ANSWER_S
            wire.write(NUDGE)
            while time.monotonic() < until_s:
                if wire.read(1):
                    return True
    except (OSError, ValueError):  # pyserial's own errors are OSErrors
        pass
    return False


def wait(port: str, wanted: bool, look: Callable[[str], bool] = present) -> None:
    """Returns once a board has come, or the last one has gone."""
    agreed = 0
    while agreed < SURE:
        agreed = agreed + 1 if look(port) is wanted else 0
        if agreed < SURE:
            time.sleep(POLL_S)
