"""The contactor and its auxiliary contact: contacts follow the coil after their time, unless they are broken."""


class Contactor:
    """``closed`` 0 or 1; ``read_back`` what the auxiliary contact says. Set attributes to break it."""

    def __init__(self, close_ms, open_ms):
        self.close_ms = close_ms
        self.open_ms = open_ms
        self.coil = 0
        self.closed = 0
        self.left_ms = 0  # until the contacts have followed the coil
        self.welded = False  # opens no more
        self.dead = False  # the coil is broken: closes no more
        self.dropped = False  # falls off by itself: held up by nothing
        self.read_back_stuck = None  # the auxiliary contact says this whatever happens
        self.opened_at_ms = None  # when the contacts last opened, and
        self.closed_at_ms = None  # closed

    def drive(self, coil):
        """The firmware drives the coil (0 or 1)."""
        if coil != self.coil:
            self.coil = coil
            self.left_ms = self.close_ms if coil else self.open_ms

    def moving(self):
        """True while the contacts have yet to follow."""
        return self.left_ms > 0

    def step(self, dt_ms, now_ms):
        """``dt_ms`` pass, up to ``now_ms``."""
        before = self.closed
        if self.left_ms > 0:
            self.left_ms -= dt_ms
            if self.left_ms <= 0:
                now_ms += self.left_ms
                self.left_ms = 0
                self.closed = self.coil
        if self.dropped or (self.dead and not before):
            self.closed = 0
        if self.welded and before:
            self.closed = 1
        if before != self.closed:
            if self.closed:
                self.closed_at_ms = now_ms
            else:
                self.opened_at_ms = now_ms

    def read_back(self):
        """What the auxiliary contact says: 1 = closed."""
        return self.closed if self.read_back_stuck is None else self.read_back_stuck
