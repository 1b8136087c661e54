"""The socket lock: a motor that is driven for a moment towards locked or open, and stays where it was driven.

Times: esp32-evse drives 100 to 1000 ms, with a rest and retries (project's domain notes 2).
"""

import board
from machine import Pin

DRIVE_MS = 400
REST_MS = 600  # between two tries; the motor must not be driven steadily


class Lock:
    """``apply`` once a tick; tries again for as long as the position contact disagrees."""

    def __init__(self):
        self.towards_locked = Pin(board.LOCK_PIN, Pin.OUT, value=0)
        self.towards_open = Pin(board.LOCK_OPEN_PIN, Pin.OUT, value=0)
        self.contact = None if board.LOCK_FEEDBACK_PIN is None else Pin(board.LOCK_FEEDBACK_PIN, Pin.IN, Pin.PULL_UP)
        self.wanted = None
        self.driving_ms = 0
        self.resting_ms = 0

    def apply(self, wanted, dt_ms):
        """Bring the lock to ``wanted`` (True: locked)."""
        if wanted is not self.wanted:
            self.wanted = wanted
            self._drive()
        elif self.driving_ms > 0:
            self.driving_ms -= dt_ms
            if self.driving_ms <= 0:
                self.towards_locked.value(0)
                self.towards_open.value(0)
                self.resting_ms = REST_MS
        elif self.resting_ms > 0:
            self.resting_ms -= dt_ms
        elif self.contact is not None and (self.contact.value() == 0) is not wanted:
            self._drive()

    def _drive(self):
        self.towards_locked.value(0)
        self.towards_open.value(0)
        if self.wanted:
            self.towards_locked.value(1)
        else:
            self.towards_open.value(1)
        self.driving_ms = DRIVE_MS
