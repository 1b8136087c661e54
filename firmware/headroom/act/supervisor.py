"""The supervisor of the contactor's drive: an edge for each completed tick, to hardware that opens the contactor without them.

It needs nothing of the chip: a tick that hangs in Python, in C or in the flash, a panic and every kind of reset end the edges.
The board has the time (``SUPERVISOR_MS``); once it has opened, the contactor closes only when it was told to open before.
"""

import board
from machine import Pin


class Supervisor:
    """``feed`` when a tick is complete: the board's supervisor, and the chip's watchdog."""

    def __init__(self, watchdog):
        self.watchdog = watchdog
        self.pin = Pin(board.SUPERVISOR_PIN, Pin.OUT, value=0)
        self.level = 0

    def feed(self):
        """An edge."""
        self.level = 1 - self.level
        self.pin.value(self.level)
        self.watchdog.feed()
