"""Runs the charger; whatever happens, leaves the outputs safe and the REPL usable."""

import gc
import sys

import shelf  # noqa: F401 (the modules of headroom lie there)

# isort: split
from headroom import once
from headroom.act import starts
from headroom.act.outputs import make_safe
from headroom.act.watchdog import CRASHED_MS, SAGGED_MS, SERVICE_MS, start

START_BYTES = 8192  # the start collects after so many: what stays lies together, and so does what is free


class BootLoop(Exception):
    """The charger starts again and again, and never lives for long."""


class Refused(Exception):
    """The board file cannot be true."""


try:
    try:
        bad_starts = starts.begin()
        if bad_starts >= starts.TOO_MANY:
            raise BootLoop
        wrong = once.read("headroom.sense.fitted").refusal()
        if wrong:
            raise Refused(wrong)
        collects = hasattr(gc, "threshold")  # CPython's is another
        usual = gc.threshold() if collects else 0
        if collects:
            gc.threshold(START_BYTES)
        from headroom.charger import Charger

        charger = Charger()
        if collects:
            gc.threshold(usual)
        charger.run()
    finally:
        make_safe()
        charger = None  # type: ignore[assignment]  # what it has taken is free for whoever comes now
except BootLoop:
    make_safe()
    sagged = starts.cause == starts.BROWN_OUT
    start(SAGGED_MS if sagged else SERVICE_MS)
    print(
        "headroom gave up after %d bad starts: contactor open, no current offered. Ctrl-D, or %s, tries again."
        % (bad_starts, "ten minutes" if sagged else "a day")
    )
except Refused as refused:
    make_safe()
    start(SERVICE_MS)
    print("headroom refuses its board file, board.py: %s. Mend it, then headroom flash." % refused)
except KeyboardInterrupt:
    make_safe()  # again: a second Ctrl-C may have cut the first one short
    start(SERVICE_MS)
    print("headroom stopped: contactor open, no current offered. Ctrl-D starts it again.")
except BaseException as error:
    make_safe()
    start(CRASHED_MS)
    print("headroom crashed on board %s: contactor open, no current offered. Restarts in a minute; please report this:"
          % getattr(sys.modules.get("board"), "NAME", "?"))  # fmt: skip
    sys.print_exception(error)
