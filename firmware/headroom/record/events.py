"""What happened: the one table of kinds, and the ring in which the guard notes its own, for the journal to take over.

The journal keeps a kind's number on flash: append, never move one. ``log`` has its words: serve/answers/log_words.py.
"""

from headroom.record.ring import Ring

BOOT = 0  # code: why, as machine.reset_cause tells
SESSION = 1  # code: the new state; reason and numbers: of the verdict
RAISED = 2  # fault ``code`` was raised for the ``value``-th time
CLEARED = 3  # fault ``code`` was cleared, by hand (1) or by itself (0)
SAVED = 4  # settings were changed: see adjust.keep; code 0: none, they were only stored anew
STORE = 5  # code: 0 = settings unreadable, else errno of a write
LOCKED = 6  # wrong PINs; value: how many
OPENED_HOT = 7  # the contactor opened under load; code: the fault that made it, 0 = the car ignored the stop
WOKEN = 8  # wake-up number ``value``
HELD = 9  # somebody stopped the charge (1) or let it go on (0)
CALIBRATED = 10  # the calibration was changed
CAR_CHECKED = 11  # calibrate car; code: of law/carcheck.py, phase, value: mA followed, bound: phase instead
MISHAP = 12  # a part of the service failed; code: which, see serve/answers/texts.py; told once a start
DIMMED = 13  # by the grid operator's contact; code 1: begun, 0: over; value: W allowed, bound: s it lasted
CONTRARY = 14  # a setting contradicts what is measured; code: of terms/contrary.py, value: 1 it does, 0 no more
NEED = 15  # codes: serve/wishes.py; value: Wh missing; bound: Wh needed, or minutes until it will be delivered
BOOSTED = 16  # by the button: 1 on, 0 off
CLOCK = 17  # it was set; value: what it showed before, s since 2020, 0: nothing; code 1: and that was certain
URGENT = (RAISED, DIMMED)  # kept soon, not with the rest

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
