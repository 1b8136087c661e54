"""What the tests with a device on the desk share: the real mpremote, and the port as a plain file."""

import os
import re
import select
import subprocess
import sys
import tempfile
import termios
import time
import tty
from contextlib import contextmanager
from pathlib import Path

from headroom_tools.device import device, flash

ROOT = Path(__file__).resolve().parents[3]
PC = flash.Chip("linux", "this PC", (1, 26, 0), 6 | 3 << 8 | 2 << 10, 1 << 20)  # what the device's VM takes
PATIENCE_S = 60  # for a machine that is busy with other things; nothing is measured with it


def mpremote(desk, *arguments):
    """Returns what the real mpremote printed; its failure is the test's."""
    program = Path(sys.executable).parent / "mpremote"
    result = subprocess.run(
        [program, "connect", desk.port, *arguments], capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def copy_firmware(desk, board="reference"):
    """The firmware as flashed, without `headroom flash`: some quarter of the sources' bytes, and a start without a compiler."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in flash.build(board, PC).items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        mpremote(desk, "fs", "cp", "-r", f"{folder}/.", ":")


@contextmanager
def installed(board="reference"):
    """A device five times as quick, of its own, that has just started the firmware."""
    options = ("--baud", "0", "--speed", "5", "--board", board)
    with tempfile.TemporaryDirectory() as home, device.desk(Path(home), *options) as running:
        copy_firmware(running, board)
        running.tell("reset")
        yield running


class Wire:
    """The device's serial port, opened as a terminal program does."""

    def __init__(self, desk):
        self.end = os.open(desk.port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.end)
        termios.tcflush(self.end, termios.TCIOFLUSH)
        self.heard = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.end)

    def send(self, text):
        """Into the port, all at once."""
        os.write(self.end, text.encode("latin-1"))

    def until(self, pattern):
        """Waits until the pattern is heard, and returns the match."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            found = re.search(pattern, self.heard, re.DOTALL)
            if found:
                self.heard = self.heard[found.end() :]
                return found
            if select.select([self.end], [], [], 0.2)[0]:
                self.heard += os.read(self.end, 4096).decode("latin-1")
        raise AssertionError(f"{pattern!r} never came: {self.heard[-500:]!r}")
