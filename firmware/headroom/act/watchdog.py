"""Resets: the watchdog, fed by completed ticks only, so that a tick that hangs resets the chip; and those asked for."""

from machine import WDT, reset

__all__ = ("reset", "start")

TICK_MS = 1000  # a tick takes some 25 ms; a flash write some tens more
CRASHED_MS = 60000  # after a crash: time to read the traceback, then the charger starts again by itself
SERVICE_MS = 86400000  # after Ctrl-C somebody works on the chip; the watchdog cannot be stopped, only put off


def start(timeout_ms):
    """Start the watchdog, or give the running one a new timeout in ms; returns what must be fed."""
    return WDT(timeout=timeout_ms)
