"""The batch file: one JSON line a board, appended whole or not at all, by several stations at once.

A line is written in one call under a lock, after whatever a power cut left half was closed with a line's end; reading passes over
a torn line and says so. A reserve beside the file is given up when the disk is full, so that the last board is not lost.
"""

import errno
import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_tools.common.errors import BadInput

RESERVE_BYTES = 1 << 18

Line = dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """What a batch file holds: its boards, and how many lines nobody can read."""

    boards: list[Line]
    torn: int


def reserve(path: Path) -> None:
    """Keep room on the disk for what is to come. BadInput where there is none, before a board is touched."""
    beside = _reserve(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab"):
            pass
        if not beside.exists() or beside.stat().st_size < RESERVE_BYTES:
            with open(beside, "wb") as file:
                file.write(b"\0" * RESERVE_BYTES)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise BadInput(f"{path}: {why(error)}; no board was touched") from None


def give_up_reserve(path: Path) -> None:
    """Its room is for the last board's line and page."""
    _reserve(path).unlink(missing_ok=True)


def append(path: Path, line: Line) -> None:
    """Add a board. BadInput where even the reserve was not enough."""
    data = (json.dumps(line, separators=(",", ":")) + "\n").encode()
    try:
        _append(path, data)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise BadInput(f"{path}: {why(error)}; the board's result: {data.decode().strip()}") from None
        give_up_reserve(path)
        try:
            _append(path, data)
        except OSError as again:
            raise BadInput(f"{path}: {why(again)}; the board's result: {data.decode().strip()}") from None


def _append(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            data = b"\n" + data
        try:
            written = os.write(handle, data)
            if written < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def read(path: Path) -> Batch:
    """BadInput where there is no such file."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    boards, torn = [], 0
    for line in lines:
        if not line.strip():
            continue
        try:
            board = json.loads(line)
        except ValueError:
            board = None
        if isinstance(board, dict) and {"serial", "outcome", "steps"} <= set(board):
            boards.append(board)
        else:
            torn += 1
    return Batch(boards, torn)


def _reserve(path: Path) -> Path:
    return path.with_name(path.name + ".reserve")


def why(error: OSError) -> str:
    """In a person's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full: make room"
    return error.strerror or "cannot be written"
