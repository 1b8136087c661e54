"""Resets: the watchdog, fed by completed ticks only, so that a tick that hangs resets the chip; and those asked for."""

from machine import WDT, reset

__all__ = ("reset", "start")

# The longest tick: 60 ms of scan, arithmetic and a collection, some 180 ms of reads in which littlefs tidies a folder up, and an
# erase, 45 ms or, of an old flash at its data sheet's worst, 400 ms
TICK_MS = 700
CRASHED_MS = 60000  # after a crash: time to read the traceback, then the charger starts again by itself
SAGGED_MS = 600000  # after brown-outs in a row: the supply is better soon, or it is the contactor that pulls it down
SERVICE_MS = 86400000  # after Ctrl-C somebody works on the chip; the watchdog cannot be stopped, only put off


def start(timeout_ms):
    """Start the watchdog, or give the running one a new timeout in ms; returns what must be fed."""
    return WDT(timeout=timeout_ms)
