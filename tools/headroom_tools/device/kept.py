"""What the build made is kept in the tools' own environment: ten boards on a jig, and a hundred tests, build it once.

Kept under what went in: the arguments, and the build's own files. Whatever changes makes another name, so nothing kept is ever
stale; what does not read back whole is made anew, and so is all where nothing can be written. Of several who want the same at
once one makes it, and the others wait for that. While it is made nothing is collected: trees by the million make no garbage
that is worth a seventh of the time.
"""

import contextlib
import fcntl
import functools
import gc
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

PLACE = Path(sys.prefix) / "built"
MOST = 40  # files, some 300 kB each: the oldest goes
DIGEST = 32
T = TypeVar("T")


def kept(make: Callable[..., T]) -> Callable[..., T]:
    """Returns ``make`` that keeps on disk what it returned for the same arguments; these are told apart by their ``repr``."""

    @functools.lru_cache(maxsize=8)
    @functools.wraps(make)
    def found(*args: Any) -> T:
        name = hashlib.sha256(repr((tools(), make.__qualname__, args)).encode()).hexdigest()
        with alone(PLACE / name):
            data = read(PLACE / name)
            if data is None:
                with uncollected():
                    made = make(*args)
                with contextlib.suppress(OSError):
                    write(PLACE / name, pickle.dumps(made))
                return made
        kept_before: T = pickle.loads(data)
        return kept_before

    return found


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time is in here for the same path, where there can be a file."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            fcntl.flock(stack.enter_context(open(path, "ab")), fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's search for garbage in circles."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@functools.cache
def tools() -> str:
    """Returns the digest of the build itself: the files of this folder, and the Python that runs them."""
    files = sorted(each for each in Path(__file__).parent.iterdir() if each.is_file())
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest() + sys.version


def read(path: Path) -> bytes | None:
    """Returns what was kept there, or None: nothing was, or not whole."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data[DIGEST:] if hashlib.sha256(data[DIGEST:]).digest() == data[:DIGEST] else None


def write(path: Path, data: bytes) -> None:
    """Keep ``data``, whole or not at all; OSError where that cannot be."""
    path.parent.mkdir(exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent)
    with open(handle, "wb") as file:
        file.write(hashlib.sha256(data).digest() + data)
    os.replace(beside, path)
    for old in sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-MOST]:
        old.unlink(missing_ok=True)
