"""A residual current module (RDC-DD) with TEST and FAULT, as a WA RCM14-03 behaves (project's domain notes 3.2, 3.3)."""

ANSWER_MS = 60  # from TEST to FAULT
RELEASE_MS = 300  # from the end of TEST to FAULT gone


class ResidualModule:
    """``tripped`` 0 or 1. Set attributes to break it, ``leak`` for a residual current of 6 mA and more."""

    def __init__(self):
        self.leak = False
        self.deaf = False  # does not answer to TEST
        self.stuck = False  # once it tripped, FAULT stays
        self.unplugged = False  # open collector: reads as tripped
        self.tripped = 0
        self.test = 0
        self.left_ms = 0

    def drive(self, test):
        """The firmware drives TEST."""
        if test != self.test:
            self.test = test
            self.left_ms = ANSWER_MS if test else RELEASE_MS

    def moving(self):
        """True while FAULT has yet to follow TEST."""
        return self.left_ms > 0

    def step(self, dt_ms):
        """``dt_ms`` pass."""
        answer = self.tripped
        if self.left_ms > 0:
            self.left_ms -= dt_ms
            if self.left_ms <= 0:
                self.left_ms = 0
                answer = self.test if not self.deaf else 0
        elif not self.test and not self.stuck:
            answer = 0
        if self.leak or self.unplugged or (self.stuck and self.tripped):
            answer = 1
        self.tripped = answer
