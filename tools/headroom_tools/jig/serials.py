"""Serial numbers: given, scanned from a label, or drawn from a counter file; never one twice.

A counter file holds the number that was drawn last. A number is told only after the file that says so is on the disk, under a
lock that other stations wait for: a power cut may lose a number, and never gives one again.
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from headroom_tools.common.errors import BadInput

LABEL = re.compile(r"T:([^;]+);V:([^;]+);S:([^;]+);B:(\d{4}-\d{2})")
NUMBER = re.compile(r"[A-Za-z0-9._/-]{1,24}")
DIGITS = 6


@dataclass(frozen=True)
class Label:
    """What stands on a board's label: type (a board of ours), hardware version, serial number, month of building."""

    board: str
    hardware: str
    number: str
    built: str

    def text(self) -> str:
        """As a scanner reads it."""
        return f"T:{self.board};V:{self.hardware};S:{self.number};B:{self.built}"


def scanned(text: str) -> Label:
    """BadInput for what is no label."""
    found = LABEL.fullmatch(text.strip())
    if not found:
        raise BadInput(f"{text.strip()[:60]!r} is no label: it reads T:TYPE;V:VERSION;S:NUMBER;B:YYYY-MM")
    return Label(found[1], found[2], checked(found[3]), found[4])


def checked(number: str) -> str:
    """A serial number that the board will take. BadInput for another."""
    if not NUMBER.fullmatch(number):
        raise BadInput(f"serial number {number[:40]!r}: up to 24 letters, digits and - . _ /")
    return number


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def draw(path: Path, prefix: str) -> str:
    """The next number of a counter file. BadInput where it cannot be kept: then none was given."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            last = _last(path)
            beside = path.with_name(path.name + ".new")
            with open(beside, "w", encoding="ascii") as file:
                file.write(f"{last + 1}\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise BadInput(f"counter {path}: {error.strerror}; no serial number was drawn") from None
    return checked(f"{prefix}{last + 1:0{DIGITS}}")


def _last(path: Path) -> int:
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return 0
    except UnicodeDecodeError:
        text = ""
    if not text.isdigit():
        raise BadInput(f"counter {path}: it holds no number: write the last one that was used into it")
    return int(text)
