"""The button: a short press stops the charge and releases the plug, or takes that back; two boost; a long one clears faults.

A short press waits for a moment whether another follows.
"""

from headroom.guard.sight import longer_ms

NOTHING, SHORT, LONG = 0, 1, 2

SHORT_MS = 50  # shorter is contact bounce
LONG_MS = 3000
AGAIN_MS = 500  # a second press begins this soon after the first, or is one of its own


class Button:
    """``step`` once a tick; returns SHORT when one press stayed alone, LONG once while it is held; ``doubles`` counts pairs."""

    def __init__(self):
        self.pressed_ms = 0
        self.since_ms = 0  # a press that may become a pair was let go this long ago; 0: there is none
        self.doubles = 0

    def busy(self):
        """Whether it needs ``step``, though nobody presses."""
        return self.pressed_ms or self.since_ms

    def step(self, dt_ms, pressed):
        """What the person meant by it so far."""
        before_ms = self.pressed_ms
        if self.since_ms and not pressed and not before_ms:
            self.since_ms += dt_ms
            if self.since_ms > AGAIN_MS:
                self.since_ms = 0
                return SHORT
            return NOTHING
        if pressed:
            self.pressed_ms = min(longer_ms(before_ms, dt_ms), LONG_MS)
            if before_ms < LONG_MS <= self.pressed_ms:
                self.since_ms = 0
                return LONG
            return NOTHING
        self.pressed_ms = 0
        if SHORT_MS <= before_ms < LONG_MS:
            if self.since_ms:
                self.since_ms = 0
                self.doubles += 1
            else:
                self.since_ms = 1
        return NOTHING
