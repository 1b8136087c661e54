"""Where every program here begins and ends: Ctrl-C and a request to terminate end it tidily, and the status is the program's own.

Python writes out what is left when it ends; where that fails (a full disk, a closed pipe) it takes 120 for the status. So
nothing is left to it.
"""

import contextlib
import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from headroom_tools.common.errors import STOPPED

TERMINATED = 128 + signal.SIGTERM
CANNOT_WRITE = 2


class Unheard(io.FileIO):
    """Standard error that nobody can read: what cannot be said there is no reason to fail."""

    def write(self, data: Any, /) -> int:
        """As any file's, without its errors."""
        try:
            return super().write(data)
        except OSError:
            return len(data)


class Missing(io.TextIOBase):
    """Standard output that was closed before the program began: nothing can be told there, and that is an error."""

    def write(self, _text: str, /) -> int:
        """Refuses."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def tidy_up(number: int, _frame: object) -> NoReturn:
    """Ends what is running by an exception, once: more of the same must not disturb the tidying up."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    if number == signal.SIGTERM:
        sys.exit(TERMINATED)
    raise KeyboardInterrupt


def open_outputs() -> None:
    """Makes both outputs such that a program may write to them, whatever they are."""
    if sys.stderr is None:  # 2>&-
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (until the program ends)
    elif not sys.stderr.isatty():
        unheard = io.BufferedWriter(Unheard(sys.stderr.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(unheard, sys.stderr.encoding, "backslashreplace", line_buffering=True)
    if sys.stdout is None:  # >&-
        sys.stdout = Missing()


def leave_nothing() -> None:
    """What cannot be written goes nowhere, before Python tries."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def cannot_write(error: OSError) -> str:
    """Returns what to say of an output that cannot be written."""
    return f"{error.filename or 'cannot write'}: {error.strerror}, nothing was written"


def ended(work: Callable[[], object]) -> NoReturn:
    """Does the work of a module that runs as a program, and ends it: status 2, in one line, where it cannot be told."""
    open_outputs()
    status: Any = 0
    try:
        try:
            work()
        except SystemExit as end:
            status = end.code
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = STOPPED
    except OSError as error:
        sys.stderr.write(f"headroom: {cannot_write(error)}\n")
        status = CANNOT_WRITE
    finally:
        leave_nothing()
    sys.exit(status)
