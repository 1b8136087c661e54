"""Runs the charger; whatever happens, leaves the outputs safe and the REPL usable."""

import sys

from headroom.act import starts
from headroom.act.outputs import make_safe
from headroom.act.watchdog import CRASHED_MS, SAGGED_MS, SERVICE_MS, start
from headroom.sense.fitted import refusal


class BootLoop(Exception):
    """The charger starts again and again, and never lives for long."""


class Refused(Exception):
    """The board file cannot be true."""


try:
    try:
        bad_starts = starts.begin()
        if bad_starts >= starts.TOO_MANY:
            raise BootLoop
        if refusal():
            raise Refused
        from headroom.charger import Charger

        Charger().run()
    finally:
        make_safe()
except BootLoop:
    make_safe()
    sagged = starts.cause == starts.BROWN_OUT
    start(SAGGED_MS if sagged else SERVICE_MS)
    print(
        "headroom gave up after %d bad starts: contactor open, no current offered. Ctrl-D, or %s, tries again."
        % (bad_starts, "ten minutes" if sagged else "a day")
    )
except Refused:
    make_safe()
    start(SERVICE_MS)
    print("headroom refuses its board file, board.py: %s. Mend it, then headroom flash." % refusal())
except KeyboardInterrupt:
    make_safe()  # again: a second Ctrl-C may have cut the first one short
    start(SERVICE_MS)
    print("headroom stopped: contactor open, no current offered. Ctrl-D starts it again.")
except BaseException as error:
    make_safe()
    start(CRASHED_MS)
    print("headroom crashed: contactor open, no current offered. Restarts in a minute; please report this:")
    sys.print_exception(error)
