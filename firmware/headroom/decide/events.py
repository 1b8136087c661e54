"""What happened: a ring of records in one list made once, for the journal to store and ``log`` to tell."""

SIZE = 32

RAISED = 1  # fault ``code`` was raised for the ``value``-th time
CLEARED = 2  # fault ``code`` was cleared
OPENED_HOT = 3  # the contactor opened under load; ``code``: the fault that made it, 0 = the car ignored the stop
WOKEN = 4  # wake-up number ``value``
HELD = 5  # the button stopped the charge (1) or let it go on (0)

WIDTH = 4
SECONDS, KIND, CODE, VALUE = 0, 1, 2, 3


class Events:
    """``total`` counts all there ever were; the last SIZE of them can be read with ``at``."""

    def __init__(self):
        self.total = 0
        self.seconds = 0  # since the start
        self.part_ms = 0
        self.ring = [0] * (SIZE * WIDTH)

    def pass_time(self, dt_ms):
        """Let the records' clock run."""
        self.part_ms += dt_ms
        while self.part_ms >= 1000:
            self.part_ms -= 1000
            self.seconds += 1

    def note(self, kind, code, value):
        """Write a record over the oldest."""
        ring, first = self.ring, self.total % SIZE * WIDTH
        ring[first + SECONDS] = self.seconds
        ring[first + KIND] = kind
        ring[first + CODE] = code
        ring[first + VALUE] = value
        self.total += 1

    def at(self, number):
        """Record ``number`` (0 = the first ever), or None when it was overwritten or is yet to come."""
        if self.total - SIZE <= number < self.total and number >= 0:
            first = number % SIZE * WIDTH
            return self.ring[first : first + WIDTH]
        return None
