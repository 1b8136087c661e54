"""For boards without a supervisor: a timer opens the contactor when ticks stop.

Its callback runs between two bytecodes (esp32 port, machine_timer.c: scheduled, no hard timers), so it ends a loop in Python,
not one in native code, in C or in the flash: there the watchdog's reset and boot.py open, some two seconds later.
"""

from time import ticks_diff, ticks_ms

import board
from machine import Pin, Timer

LATE_MS = 400  # a tick in which the flash tidies a folder up takes some 280 ms
LOOK_MS = 50


class Overseer:
    """``feed`` when a tick is complete: this timer, and the chip's watchdog."""

    def __init__(self, watchdog):
        self.watchdog = watchdog
        self.contactor = Pin(board.CONTACTOR_PIN)
        self.fed_ms = ticks_ms()
        self.timer = Timer(0, period=LOOK_MS, mode=Timer.PERIODIC, callback=self._look)

    def feed(self):
        """Ticks go on."""
        self.fed_ms = ticks_ms()
        self.watchdog.feed()

    def _look(self, _):
        if ticks_diff(ticks_ms(), self.fed_ms) > LATE_MS:
            self.contactor.value(0)
