"""Where the `headroom` program begins: from the first moment on, Ctrl-C and a request to terminate end it tidily."""

import os
import signal
import sys
from typing import NoReturn

from headroom_tools.common.errors import STOPPED

TERMINATED = 128 + signal.SIGTERM


def tidy_up(number: int, _frame: object) -> NoReturn:
    """Ends what is running by an exception, once: more of the same must not disturb the tidying up."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    if number == signal.SIGTERM:
        sys.exit(TERMINATED)
    raise KeyboardInterrupt


def main() -> None:
    """Runs the command."""
    if sys.stderr is None:  # 2>&-
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (until the program ends)
    try:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, tidy_up)
        from headroom_tools import cli

        status = cli.run()
    except KeyboardInterrupt:
        status = STOPPED
        sys.stderr.write("headroom: stopped, nothing was written\n")
    sys.exit(status)
