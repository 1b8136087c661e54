"""Protection: the clockwork that raises and clears faults as their rows in the table (faults.py) say.

Every fault runs on its own clock and none looks at another: no fault can mask one. What is raised is a set, bit n for
fault n. While nothing is wrong there is no step to make: ``causes`` and ``watched`` are both 0.
"""

from headroom.guard import faults, pilot
from headroom.guard.faults import AFTER_MS, BY_ITSELF, BY_PERSON, BY_TIME, CLEARS, EARTH, GONE_MS, OVERDRAW, REPEATS
from headroom.guard.sight import longer_ms

AGAIN_MS = 3600000  # what has used up its repeats is tried once more when its cause has been gone for so long
LONGEST_MS = max(GONE_MS)
PERSON_MS = 1000  # who ends what time would end waits for this only


class Protect:
    """``raised``: the set of faults in force; ``fresh`` and ``cleared``: what the last step changed in it."""

    def __init__(self):
        self.raised = 0
        self.fresh = 0
        self.cleared = 0
        self.watched = 0  # faults whose clocks run: cause present, or raised
        self.stays = 0  # of the raised ones, those that only a person clears
        self.late_ms = 0  # what the car draws is told so late: what it did meanwhile nobody knows
        self.lasted_ms = [0] * faults.COUNT
        self.gone_ms = [0] * faults.COUNT
        self.strikes = [0] * faults.COUNT

    def step(self, dt_ms, causes, pilot_state):
        """Advance by ``dt_ms`` with this set of causes; returns the set of raised faults."""
        self.fresh = self.cleared = 0
        watched = causes | self.watched
        code = 0
        while watched:
            if watched & 1:
                self._row(code, dt_ms, causes >> code & 1, pilot_state)
            watched >>= 1
            code += 1
        return self.raised

    def latch(self, stays):
        """Raise faults that stood before a reset: they stay until a person clears them."""
        stays &= (1 << faults.COUNT) - 2
        self.stays |= stays
        self.raised |= stays
        self.watched |= stays

    def clear_by_person(self):
        """Clear every fault whose cause has been gone for its time, whatever its row says."""
        for code in range(1, faults.COUNT):
            if self.raised >> code & 1 and self.wait_ms(code) == 0:
                self.strikes[code] = 0
                self._clear(code)

    def wait_ms(self, code):
        """How long a raised fault's cause must still stay away until a person may clear it; -1 while it is there."""
        if self.lasted_ms[code]:
            return -1
        return max((PERSON_MS if CLEARS[code] == BY_TIME else GONE_MS[code]) - self.gone_ms[code], 0)

    def left_ms(self, code):
        """The same for a fault that will clear by itself; 0: it will not, or its cause is there."""
        due_ms = self._due_ms(code)
        return 0 if due_ms < 0 or self.lasted_ms[code] else due_ms - self.gone_ms[code]

    def forgive(self):
        """A session went by without a fault: what happened before no longer counts."""
        for code in range(1, faults.COUNT):
            self.strikes[code] = 0

    def _due_ms(self, code):
        """How long a cause must stay away until its fault clears with the car there; -1: it does not."""
        if CLEARS[code] == BY_TIME:
            return GONE_MS[code]
        if CLEARS[code] != BY_ITSELF or self.stays >> code & 1:
            return -1
        if self.strikes[code] <= REPEATS[code]:
            return GONE_MS[code]
        return -1 if code == EARTH else AGAIN_MS

    def _row(self, code, dt_ms, present, pilot_state):
        bit = 1 << code
        if present:
            after_ms = AFTER_MS[code] + (self.late_ms if code == OVERDRAW else 0)
            self.watched |= bit
            self.gone_ms[code] = 0
            self.lasted_ms[code] = min(longer_ms(self.lasted_ms[code], dt_ms), after_ms + 1)
            if self.lasted_ms[code] >= after_ms and not self.raised & bit:
                self._raise(code)
            return
        self.lasted_ms[code] = 0
        if not self.raised & bit:
            self.watched &= ~bit
            return
        gone_ms = self.gone_ms[code] = min(longer_ms(self.gone_ms[code], dt_ms), LONGEST_MS)
        if gone_ms < GONE_MS[code]:
            return
        if pilot_state == pilot.A and not self.stays & bit:
            if CLEARS[code] == BY_ITSELF:
                self.strikes[code] = 0
            self._clear(code)
        elif 0 <= self._due_ms(code) <= gone_ms:
            self._clear(code)

    def _raise(self, code):
        bit = 1 << code
        self.raised |= bit
        self.fresh |= bit
        if self.strikes[code] <= REPEATS[code]:
            self.strikes[code] += 1
        if CLEARS[code] >= BY_PERSON or (CLEARS[code] != BY_ITSELF and self.strikes[code] > REPEATS[code]):
            self.stays |= bit

    def _clear(self, code):
        bit = ~(1 << code)
        self.raised &= bit
        self.watched &= bit
        self.stays &= bit
        self.cleared |= ~bit
        self.gone_ms[code] = 0
