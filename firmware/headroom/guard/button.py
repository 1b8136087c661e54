"""The button: a short press stops the charge and releases the plug, or takes that back; a long one clears faults."""

from headroom.guard.sight import longer_ms

NOTHING, SHORT, LONG = 0, 1, 2

SHORT_MS = 50  # shorter is contact bounce
LONG_MS = 3000


class Button:
    """``step`` once a tick; returns SHORT when let go in time, LONG once while it is held."""

    def __init__(self):
        self.pressed_ms = 0

    def step(self, dt_ms, pressed):
        """What the person meant by it so far."""
        before_ms = self.pressed_ms
        if pressed:
            self.pressed_ms = min(longer_ms(before_ms, dt_ms), LONG_MS)
            return LONG if before_ms < LONG_MS <= self.pressed_ms else NOTHING
        self.pressed_ms = 0
        return SHORT if SHORT_MS <= before_ms < LONG_MS else NOTHING
