"""The contactor, its auxiliary contact and its supervisor: contacts follow the coil after their time, unless they are broken."""


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


class Supervisor:
    """Hardware in the contactor's drive: a retriggerable monostable (74HC123) that each edge of its pin starts anew, and a
    flip-flop (74HC74) that the drive's rising edge sets and the monostable's end clears, until the drive rises again.
    """

    def __init__(self, hold_ms):
        self.hold_us = hold_ms * 1000
        self.level = 0
        self.until_us = 0  # the monostable's end
        self.driven = 0
        self.set = 0

    def pins(self, level, drive, us):
        """Its pin and the drive have these levels at ``us``; returns what reaches the coil."""
        if us >= self.until_us:
            self.set = 0
        if level != self.level:
            self.level = level
            self.until_us = us + self.hold_us
        if drive and not self.driven and us < self.until_us:
            self.set = 1
        self.driven = drive
        return 1 if drive and self.set else 0

    def leap(self, us):
        """The chip's clock leaps: the monostable's time goes with it."""
        self.until_us += us

    def ends_by(self, us):
        """True when the coil loses its drive by ``us`` for want of an edge."""
        return bool(self.set and self.driven) and us >= self.until_us
