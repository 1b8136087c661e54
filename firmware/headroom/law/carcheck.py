"""`calibrate car`: the offer steps 8, 12, 8 A, and the supply must follow by 4 A on the car's phases and on no other.

That proves clamp, phase, scale to a tenth and, where the voltage is measured, direction, without tools. It only ever lowers
what the law proposes, for one tick at a time; law and guard stay in charge. A car with one phase uses the
charger's L1, with two L1 and L2.
"""

from headroom.guard import session
from headroom.terms import reasons
from headroom.terms.records import PHASES, Proposal
from headroom.terms.standard import FOLLOW_MS

LOW_MA = 8000
STEP_MA = 4000
SPARE_MA = 100  # the offer in force is this near: the pilot's steps are finer
REACH_MS = 30000  # an offer may take so long to get there, else there is no room for it
SETTLE_MS = 2 * FOLLOW_MS  # the car has followed, and had as long again to ramp
LOOK_MS = 3000
RESTLESS_MA = 1000  # a house that moves by more within a look tells nothing
DRIFT_MA = 400  # nor does one that carries so much more, or less, after the step than before: half of it is in the step
FOLLOWS_MA = STEP_MA // 2
SCALE_PART = 10  # more than a tenth off: wrong scale; what a car draws less than offered it draws less at 8 and at 12 A

LOOKS = 3  # low, high, low

# Of a phase
NOTHING, OK, SCALE, REVERSED, SILENT, SWAPPED, UNUSED, EXTRA = range(8)
# Of the whole: why there is no answer
RUNNING, NO_CAR, NO_ROOM, RESTLESS, DOUBT, ENDED, STOPPED = range(10, 17)


class CarCheck:
    """One check: ``start``, then ``bounded`` once a tick while it is ``running``; ``outcome`` 0: it is through, see ``found``."""

    def __init__(self, limits):
        self.limits = limits
        self.proposal = Proposal()  # the law's, lowered
        self.outcome = 0
        self.phase = 0  # the one that was restless
        self.drawn_ma = 0  # what the car drew where there was no room
        self.look = 0
        self.stage_ms = 0
        self.there_ms = 0  # since the offer is in force
        self.looked_ms = 0
        self.total = [0] * PHASES  # mA ms of this look
        self.low = [0] * PHASES
        self.high = [0] * PHASES
        self.seen = [[0] * PHASES for _ in range(LOOKS)]  # mean mA of each look
        self.followed_ma = [0] * PHASES
        self.found = [NOTHING] * PHASES
        self.instead = [0] * PHASES  # SWAPPED: the phase that followed

    def offer_ma(self):
        """The step that is on."""
        low_ma = max(LOW_MA, self.limits.min_ma)
        return low_ma + STEP_MA if self.look == 1 else low_ma

    def running(self):
        """Nobody knows the outcome yet."""
        return self.outcome == RUNNING

    def start(self, verdict, proposal):
        """Begin, or find at once that it cannot be."""
        self.look = 1
        high_ma = self.offer_ma()
        self.look = 0
        self._clear()
        self.outcome = RUNNING
        if verdict.session != session.CHARGING:
            self._end(NO_CAR)
        elif proposal.offer_ma < high_ma:
            self.drawn_ma = max(proposal.car_ma)
            self._end(NO_ROOM)

    def stop(self):
        """Somebody wants it no more."""
        if self.outcome == RUNNING:
            self._end(STOPPED)

    def bounded(self, dt_ms, readings, verdict, proposal):
        """The law's proposal, lowered to the step that is on; once the car has followed, look at the supply."""
        if self.outcome == RUNNING:
            self._step(dt_ms, readings, verdict)
        if self.outcome != RUNNING or proposal.offer_ma <= self.offer_ma():
            return proposal
        lowered = self.proposal
        lowered.offer_ma = lowered.value = lowered.bound = self.offer_ma()
        lowered.reason = reasons.CAR_CHECK
        lowered.uses = proposal.uses
        return lowered

    def _step(self, dt_ms, readings, verdict):
        step_ma = self.offer_ma()
        self.stage_ms += dt_ms
        if verdict.session != session.CHARGING or verdict.faults:
            self._end(ENDED)
        elif verdict.doubt or not readings.grid_ok:
            self._end(DOUBT)
        elif abs(verdict.offer_ma - step_ma) > SPARE_MA:
            self.there_ms = 0
            if self.stage_ms > REACH_MS:
                self._end(NO_ROOM)
        else:
            self.there_ms += dt_ms
            if self.there_ms >= SETTLE_MS:
                self._look(dt_ms, readings)

    def _look(self, dt_ms, readings):
        for phase in range(PHASES):
            ma = readings.grid_ma[phase]
            self.total[phase] += ma * dt_ms
            self.low[phase] = min(self.low[phase], ma)
            self.high[phase] = max(self.high[phase], ma)
        self.looked_ms += dt_ms
        if self.looked_ms < LOOK_MS:
            return
        for phase in range(PHASES):
            self.seen[self.look][phase] = self.total[phase] // self.looked_ms
            if self.high[phase] - self.low[phase] > RESTLESS_MA:
                self.phase = phase
                self._end(RESTLESS)
        self.look += 1
        if self.look == LOOKS and self.outcome == RUNNING:
            self._judge()
        else:
            self._clear()

    def _clear(self):
        self.stage_ms = self.there_ms = self.looked_ms = 0
        for phase in range(PHASES):
            self.total[phase] = 0
            self.low[phase] = 1 << 29
            self.high[phase] = -(1 << 29)

    def _judge(self):
        before, during, after = self.seen
        for phase in range(PHASES):
            if abs(before[phase] - after[phase]) > DRIFT_MA:
                self.phase = phase
                self._end(RESTLESS)
                return
            self.followed_ma[phase] = during[phase] - (before[phase] + after[phase]) // 2
        lines = self.limits.lines
        found, instead = judged([self.followed_ma[phase] for phase in lines], self.limits.wires)
        for place in range(PHASES):
            self.found[lines[place]] = found[place]
            self.instead[lines[place]] = lines[instead[place]]
        self._end(0)

    def _end(self, outcome):
        self.outcome = outcome


def judged(followed_ma, wired):
    """What each phase's step says (OK, ...), and for SWAPPED which one followed; in the charger's order, of which the first
    ``wired`` are wired.
    """
    moved = [phase for phase in range(PHASES) if abs(followed_ma[phase]) >= FOLLOWS_MA]
    found = [NOTHING] * PHASES
    instead = [0] * PHASES
    for phase in range(PHASES):
        ma = followed_ma[phase]
        others = [other for other in moved if other >= wired or (len(moved) == 1 and other != phase)]
        if phase in moved and phase >= wired:
            found[phase] = EXTRA if 0 in moved else NOTHING
        elif ma <= -FOLLOWS_MA:
            found[phase] = REVERSED
        elif phase in moved:
            found[phase] = OK if abs(ma - STEP_MA) * SCALE_PART <= STEP_MA else SCALE
        elif phase >= wired:
            continue
        elif phase == 0 and others:
            found[phase], instead[phase] = SWAPPED, others[0]
        elif phase == 0 or (len(moved) > 1 and moved[-1] > phase):
            found[phase] = SILENT
        else:
            found[phase] = UNUSED
    if found[0] == SWAPPED:
        found[instead[0]] = NOTHING
    return found, instead
