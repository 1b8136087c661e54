"""The socket lock: a motor that needs its time in one direction, and a position contact."""

DRIVE_MS = 250


class Lock:
    """``locked`` 0 or 1. Set ``jammed`` for a bolt that does not move."""

    def __init__(self):
        self.locked = 0
        self.jammed = False
        self.towards = None  # 1 locked, 0 open, None: not driven
        self.driven_ms = 0

    def drive(self, towards_locked, towards_open):
        """The firmware drives the motor's two inputs."""
        towards = None if towards_locked == towards_open else towards_locked
        if towards != self.towards:
            self.towards = towards
            self.driven_ms = 0

    def step(self, dt_ms):
        """``dt_ms`` pass."""
        if self.towards is not None:
            self.driven_ms += dt_ms
            if self.driven_ms >= DRIVE_MS and not self.jammed:
                self.locked = self.towards
