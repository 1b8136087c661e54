"""For boards without a supervisor: a timer opens the contactor when ticks stop.

Its callback runs between two bytecodes (esp32 port, machine_timer.c: scheduled, there are no hard timers), so it ends a loop in
Python, not one in native code, in C or in the flash: there the watchdog's reset and boot.py open, some two seconds later.
"""

from time import ticks_diff, ticks_ms

from machine import Timer
from micropython import const

_LATE_MS = const(400)  # a tick in which littlefs tidies a folder up takes some 280 ms
_LOOK_MS = const(50)


def oversee(charger):
    """Watch over ``charger.ticked_ms``; the port keeps the timer (machine_timer.c, a list from a root pointer)."""

    def look(_):
        if ticks_diff(ticks_ms(), charger.ticked_ms) > _LATE_MS:
            charger.outputs.contactor.value(0)

    Timer(0, period=_LOOK_MS, callback=look)
