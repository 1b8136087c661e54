"""What is wrong with a meter, by what it says and when: a pure judge, one code of terms/meter_faults.py at a time.

A meter that stands still shows an old house for ever; one that is slower than it says shows it for longer than the law has
paid for. So each has a name, and the guard lets the offer fall for any of them as for a clamp's.
"""

from headroom.terms import meter_faults

SILENT_PERIODS = 3  # so many readings may be missing, each for its own reason ...
SILENT_MS = 1500  # ... and as long a second or two is always borne: a meter that restarts, a burst of noise
REPEATS_MS = 10000  # volts and watts of a real supply are never the same for so long
REPEATS_TIMES = 8
LATE_TIMES = 3  # so much later than it says, a few times in a row
LATE_COUNT = 3
JUMP_PARTS = 2  # a step of twice the breaker's rating, there and back, is the meter's, not a load's
JUMP_KEEP_MS = 60000
APPARENT_PERCENT = (
    110  # active power is never more than volts times amperes (IEC 60050-131-11): what is, lies about one
)
APPARENT_W = 150
MOST_MA = 1000000  # no house draws that, and no breaker of one bears it for two readings
GARBLED_COUNT = 2
STILL_MA = 500  # below this the numbers of a quiet house may well repeat


class Doubts:
    """``look`` once a tick; ``code`` and ``phase`` tell."""

    def __init__(self, limits, phases, period_ms):
        self.limits = limits
        self.phases = phases
        self.period_ms = period_ms
        self.code = meter_faults.NO_ANSWER
        self.phase = 0
        self.print = -1
        self.same = 0  # readings that were like the one before
        self.since_ms = 0  # since the last reading
        self.still_ms = 0  # since one that was another
        self.late = 0
        self.garbled = 0
        self.before_ma = [0] * phases
        self.jumped_ma = [0] * phases  # what a reading jumped by ...
        self.jumps = 0
        self.jump_ms = 0  # ... and how long that is remembered
        self.begun = False

    def look(self, dt_ms, new, known, ma, w, mv, mark, charging=False):
        """``new``: a reading came, ``known``: with numbers, ``mark``: two with the same bytes have the same.

        ``charging``: the contactor is closed, and a house with a car on it is no quiet one.
        """
        self.since_ms = min(self.since_ms + dt_ms, 1 << 24)
        self.still_ms = min(self.still_ms + dt_ms, 1 << 24)
        self.jump_ms = max(self.jump_ms - dt_ms, 0)
        if not self.jump_ms:
            self.jumps = 0
        if new:
            self._reading(known, ma, w, mv, mark, charging)
        self.code = self._worst()

    def _worst(self):
        if not self.begun or self.since_ms > max(SILENT_PERIODS * self.period_ms, SILENT_MS):
            return meter_faults.NO_ANSWER
        if self.garbled >= GARBLED_COUNT:
            return meter_faults.GARBLED
        if self.jumps >= 2:
            return meter_faults.JUMPS
        if self.still_ms >= REPEATS_MS and self.same >= REPEATS_TIMES:
            return meter_faults.REPEATS
        if self.late >= LATE_COUNT:
            return meter_faults.LATE
        return meter_faults.OK

    def _reading(self, known, ma, w, mv, mark, charging):
        after_ms = self.still_ms if self.begun else 0
        changed = mark != self.print
        if changed or (self.code != meter_faults.REPEATS and not charging and self._quiet(ma)):
            late = self.begun and after_ms > LATE_TIMES * self.period_ms
            self.late = min(self.late + 1, LATE_COUNT) if late else max(self.late - 1, 0)
            self.still_ms = 0
            self.same = 0
        else:
            self.same = min(self.same + 1, REPEATS_TIMES)
        self.print = mark
        self.since_ms = 0
        good = known and not self._contradicts(ma, w, mv)
        self.garbled = 0 if good else GARBLED_COUNT if not known else min(self.garbled + 1, GARBLED_COUNT)
        if good and changed:  # one that is asked more often than it looks says each number several times
            self._jump(ma)
        self.begun = True

    def _quiet(self, ma):
        for phase in range(self.phases):
            if abs(ma[phase]) >= STILL_MA:
                return False
        return True

    def _contradicts(self, ma, w, mv):
        """More than any house draws, or more power than volts times amperes."""
        for phase in range(self.phases):
            volts = mv[phase] // 1000 if mv[phase] else self.limits.mains_v
            if (
                abs(ma[phase]) > MOST_MA
                or abs(w[phase]) > abs(ma[phase]) // 10 * volts // 100 * APPARENT_PERCENT // 100 + APPARENT_W
            ):
                self.phase = phase
                return True
        return False

    def _jump(self, ma):
        least_ma = JUMP_PARTS * self.limits.breaker_ma
        for phase in range(self.phases):
            step_ma = ma[phase] - self.before_ma[phase]
            if self.begun and abs(step_ma) > least_ma and abs(step_ma + self.jumped_ma[phase]) < least_ma:
                self.jumps = min(self.jumps + 1, 2)
                self.jump_ms = JUMP_KEEP_MS
                self.phase = phase
            self.jumped_ma[phase] = step_ma if abs(step_ma) > least_ma else 0
            self.before_ma[phase] = ma[phase]
