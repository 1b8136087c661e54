"""Where the `headroom` program begins: from the first moment on, Ctrl-C and a request to terminate end it tidily."""

import signal
import sys

from headroom_tools.common.ending import leave_nothing, open_outputs, tidy_up
from headroom_tools.common.errors import STOPPED


def main() -> None:
    """Runs the command."""
    open_outputs()
    try:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, tidy_up)
        from headroom_tools import cli

        status = cli.run()
    except KeyboardInterrupt:
        status = STOPPED
        sys.stderr.write("headroom: stopped, nothing was written\n")
    finally:
        leave_nothing()
    sys.exit(status)
