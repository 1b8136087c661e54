"""Runs the charger; whatever happens, leaves the outputs safe and the REPL usable."""

import sys

from headroom.act.outputs import make_safe
from headroom.act.watchdog import CRASHED_MS, SERVICE_MS, start

try:
    try:
        from headroom.charger import Charger

        Charger().run()
    finally:
        make_safe()
except KeyboardInterrupt:
    make_safe()  # again: a second Ctrl-C may have cut the first one short
    start(SERVICE_MS)
    print("headroom stopped: contactor open, no current offered. Ctrl-D starts it again.")
except BaseException as error:
    make_safe()
    start(CRASHED_MS)
    print("headroom crashed: contactor open, no current offered. Restarts in a minute; please report this:")
    sys.print_exception(error)
