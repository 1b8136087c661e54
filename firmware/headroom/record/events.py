"""What happened: a ring of records, for the journal to store and ``log`` to tell."""

from headroom.record.ring import Ring

RAISED = 1  # fault ``code`` was raised for the ``value``-th time
CLEARED = 2  # fault ``code`` was cleared, by hand (1) or by itself (0)
OPENED_HOT = 3  # the contactor opened under load; ``code``: the fault that made it, 0 = the car ignored the stop
WOKEN = 4  # wake-up number ``value``
HELD = 5  # the button stopped the charge (1) or let it go on (0)
CONTRARY = 6  # row ``code`` of terms/contrary.py began to stand (1), or ended (0)

WIDTH = 4
SECONDS, KIND, CODE, VALUE = 0, 1, 2, 3


class Events(Ring):
    """The guard notes them; ``seconds`` is its clock."""

    def __init__(self):
        super().__init__(WIDTH)
        self.seconds = 0  # since the start
        self.part_ms = 0

    def pass_time(self, dt_ms):
        """Let the records' clock run."""
        self.part_ms += dt_ms
        while self.part_ms >= 1000:
            self.part_ms -= 1000
            self.seconds += 1

    def note(self, kind, code, value):
        """Write a record over the oldest."""
        ring, first = self.ring, self.place()
        ring[first + SECONDS] = self.seconds
        ring[first + KIND] = kind
        ring[first + CODE] = code
        ring[first + VALUE] = value
