"""The car's own steps as a test of the clamps: when the offer moves, the right phases must follow, and far enough.

A car is wired to L1, to L1 and L2, or to all three of the charger's terminals (``limits.lines`` names the supply's phases in
that order), and moves all of its phases by the same. So a step of the offer that
shows on another set of phases, or smaller on one than on the others, speaks against a clamp; so does a car that follows
from one offer to another on a supply that carries less than the lower of them. Where the direction is known, a clamp
that moves the other way is on backwards.

A house looks like this as well: a hob on two phases goes off, the offer goes up by as much, the hob comes back before
the car has moved. So a step speaks against a clamp only if that one carries less than the car would draw, and the phases
that followed carry as much; and only TIMES of them raise a doubt, less those that spoke for it or against another.
"""

from headroom.terms import meter_faults
from headroom.terms.records import PHASES
from headroom.terms.standard import FOLLOW_MS

SMOOTH_MS = 100  # a current is smoothed by this, but for what moves further than noise does:
LEAP_MA = 1000
LEAST_MA = 1200  # a step this small proves nothing
WOBBLE_MA = 400  # less is no movement
STILL_MS = 500  # a movement is over when nothing has moved for so long
WAIT_UP_MS = 60000  # a car takes up more when it likes ...
WAIT_DOWN_MS = FOLLOW_MS + 1500  # ... and gives up in time, but for its ramp
SPARE_MA = 500  # what meter and car are off by at a full follow
BEGINS_MA = 5000  # a car that begins takes more than this, on each of its phases
STOPS_MA = 10500  # cars are known that draw nothing below 10 A: an offer that fell to less may have stopped one
LATE_MS = FOLLOW_MS  # later than that no car begins
TIMES_SHORT = 2  # where what followed did so by less than the offer's step: a house that caused it moves by all of it
PART = 64  # a clamp that sees less than its car sees the same part of every step ...
PART_OFF = 5  # ... give or take so many 64ths
TIMES = 3  # steps against a clamp; a hob's zone can cross two, going on and off again
DRIFT_MS = 1500
DRIFT_PART = 6  # so much of a movement, before the offer moved at all, and it was not the car's
BESIDE_MS = 3000  # as long must a supply carry less than the car's own clamp shows: a meter may be as late
TIMES_STRAY = 2  # steps that show on a phase that is not wired, less those that do not
BETWEEN_PART = (
    8  # on an IT grid a line beside a lagging load moves by little: 78 degrees apart, by a fifth of the car's step
)


def least_beside(drawn_ma):
    """Less than this no phase carries on which a car draws so much, and nothing is fed in."""
    return drawn_ma * 3 // 4 - SPARE_MA


def short(low_ma, low_offer_ma, moved_ma, step_ma):
    """True when a supply carries less than the car that followed: ``low_ma`` at the lower of two offers.

    A car that moved by no more than the offer's step was drawing what it was offered, before and after. One that
    moved by all of it shows that the clamp sees all of it: the rest comes from the roof.
    """
    if low_offer_ma == 0 or moved_ma * 4 > step_ma * 3:
        return False
    return low_ma < least_beside(low_offer_ma)


class StepResponse:
    """``uses``: the car was seen to draw there; ``doubt`` (a row of meter_faults.py) and ``phase``; ``strays``: see Verdict.

    Phases are the supply's, sets of those that followed are in the charger's order. ``house_ma``: its L1 without the car.
    ``begun``: since the contactor closed, the car was seen to draw.
    """

    def __init__(self, limits):
        self.limits = limits
        self.level_ma = [0] * PHASES
        self.base_ma = [0] * PHASES  # when the offer moved
        self.low_ma = [0] * PHASES  # since then
        self.high_ma = [0] * PHASES
        self.mark_ma = [0] * PHASES  # where the last movement ended
        self.old_ma, self.older_ma = [0] * PHASES, [0] * PHASES  # once and twice DRIFT_MS ago, at most
        self.drift_ma = [0] * PHASES  # how far the current had moved in that time when the offer moved
        self.aged_ms = 0
        self.uses = [False] * PHASES
        self.house_ma = 0
        self.begun = False
        self.offer_ma = 0  # in force, through a closed contactor
        self.from_ma = 0  # before the offer moved
        self.since_ms = -1  # since it moved; -1: nothing to wait for
        self.still_ms = 0
        self.further = False  # it went on the way it went before the car came to rest
        self.rested = True  # before it moved, it had waited long enough
        self.doubt = self.suspect = meter_faults.OK
        self.phase = self.suspect_phase = 0
        self.suspect_part = self.earlier_part = 0  # of the step that it saw, in PARTs, where that tells it from a house
        self.times = 0  # steps that spoke against it, less those that did not
        self.stopped = False  # the car gave up more than a low offer asked for
        self.seen = 7  # bit n: phase n followed the last time
        self.directed = False  # the currents have a direction
        self.strays = self.straying = 0
        self.short_ms = 0  # how long L1 has carried less than the car's own clamp shows
        self.stray_times = 0  # steps that showed on the phases ``straying``, less those that did not

    def forget(self):
        """The car was unplugged."""
        self.doubt = self.suspect = meter_faults.OK
        self.times = 0
        self.stopped = False
        self.seen = 7
        for phase in range(PHASES):
            self.uses[phase] = False

    def may_stop(self):
        """True while the car may be stopping, or has stopped, because of the offer."""
        return (
            self.offer_ma == 0 or self.stopped or (self.since_ms >= 0 and self.offer_ma < min(self.from_ma, STOPS_MA))
        )

    def beside(self, dt_ms, drawn_ma):
        """A clamp of the car's own shows ``drawn_ma``: no step is needed to see that the supply's shows less."""
        first = self.limits.lines[0]
        if self.limits.exports or self.level_ma[first] >= least_beside(drawn_ma):
            self.short_ms = 0
            return
        self.short_ms += min(dt_ms, BESIDE_MS)
        if self.short_ms >= BESIDE_MS:
            self.short_ms = BESIDE_MS
            self.doubt, self.phase = meter_faults.SHORT_OF_CAR, first

    def elsewhere(self):
        """True while the car's last steps showed on other phases than L1 only."""
        return self.suspect != meter_faults.OK and self.suspect_phase == self.limits.lines[0] and self.suspect_part == 0

    def step(self, dt_ms, grid_ma, offer_ma):
        """Follow one window; ``offer_ma`` is 0 while the contactor is open."""
        moved = False
        part = min(dt_ms, 1000)  # longer would leave the small ints
        levels_ma, lows_ma, highs_ma = self.level_ma, self.low_ma, self.high_ma
        for phase in range(self.limits.phases):
            level_ma = levels_ma[phase]
            off_ma = grid_ma[phase] - level_ma
            if abs(off_ma) > max(LEAP_MA, abs(level_ma) >> 4):
                level_ma = grid_ma[phase]
            else:
                level_ma += off_ma * part // (part + SMOOTH_MS)
            levels_ma[phase] = level_ma
            if level_ma < lows_ma[phase]:
                lows_ma[phase] = level_ma
            if level_ma > highs_ma[phase]:
                highs_ma[phase] = level_ma
            if abs(level_ma - self.mark_ma[phase]) > max(WOBBLE_MA, abs(level_ma) >> 5):
                self.mark_ma[phase] = level_ma
                moved = True
        self.aged_ms += dt_ms
        if self.aged_ms >= DRIFT_MS:
            self.aged_ms = 0
            self.older_ma, self.old_ma = self.old_ma, self.older_ma
            for phase in range(PHASES):
                self.old_ma[phase] = levels_ma[phase]
        if moved and not self.begun:
            self.begun = self._begins()
        if offer_ma != self.offer_ma:
            self._moves(offer_ma)
        elif self.since_ms >= 0:
            self.since_ms += dt_ms
            self.still_ms = 0 if moved else self.still_ms + dt_ms
            if self.still_ms >= STILL_MS and self._step() >= LEAST_MA and self._whole():
                self._judge()
            elif self.since_ms > (WAIT_UP_MS if self.offer_ma > self.from_ma else WAIT_DOWN_MS):
                self.since_ms = -1
                if self.from_ma - self.offer_ma >= LEAST_MA and self.rested and self.doubt == meter_faults.OK:
                    self.suspect = meter_faults.OK  # what followed before did not follow now: it was the house
                    self.times = 0

    def _moves(self, offer_ma):
        """The offer moved: measure from here, unless it goes on, or turns back by a part before the car has moved."""
        if self.offer_ma == 0:
            self.house_ma = self.level_ma[self.limits.lines[0]]
            self.begun = False
        waits, up = self.since_ms >= 0, self.offer_ma > self.from_ma
        shows = self._step() >= LEAST_MA
        self.further = waits and (offer_ma > self.offer_ma) == up
        if not self.further and (shows or not waits or (offer_ma > self.from_ma) != up):
            if waits and shows:
                self._judge()  # it turns back before all had come to rest: phases of one car have moved alike so far
            self.from_ma = self.offer_ma
            self.rested = not waits
            for phase in range(PHASES):
                self.base_ma[phase] = self.low_ma[phase] = self.high_ma[phase] = self.level_ma[phase]
                self.drift_ma[phase] = self.level_ma[phase] - self.older_ma[phase]
        self.offer_ma = offer_ma
        self.stopped = False
        self.since_ms = self.still_ms = 0

    def _step(self):
        """How far the phase that moved most has moved: the way the offer did, or either way where that can be told."""
        most_ma = 0
        for phase in range(self.limits.phases):
            moved_ma = self.moved(phase)
            most_ma = max(most_ma, abs(moved_ma) if self.directed else moved_ma)
        return most_ma

    def _begins(self):
        """True when L1 has risen, or two others as a car does, or one by just what is offered: else it may be the house's."""
        count = 0
        for place in range(self.limits.phases):
            phase = self.limits.lines[place]
            rise_ma = self.level_ma[phase] - self.base_ma[phase]
            if rise_ma >= (BEGINS_MA if place else LEAST_MA):
                count += 1 if place and abs(rise_ma - self.offer_ma) * 16 > self.offer_ma else 2
        return count > 1

    def stops(self):
        """The car stopped by itself behind a closed contactor: what it draws next begins from here."""
        self.begun = False
        for phase in range(PHASES):
            self.base_ma[phase] = self.level_ma[phase]

    def moved(self, phase):
        """By how much that phase moved with the offer."""
        moved_ma = self.level_ma[phase] - self.base_ma[phase]
        return moved_ma if self.offer_ma > self.from_ma else -moved_ma

    def _whole(self):
        """False while what moved may have followed the offer before, and the car is yet to follow this one."""
        step_ma = abs(self.offer_ma - self.from_ma)
        lead_ma = self._step()
        if self.limits.clouds is not None and self.limits.clouds.hide(self, lead_ma):
            return False
        if not self.further or self.since_ms >= LATE_MS or lead_ma * 4 >= step_ma * 3:
            return True
        return self.suspect == meter_faults.SHORT_OF_CAR and self._alike(lead_ma * PART // step_ma)

    def _judge(self):
        lead_ma = self._step()
        step_ma = abs(self.offer_ma - self.from_ma)
        sun = self.limits.clouds is not None and self.limits.clouds.may_be(self)
        self.since_ms = -1
        if lead_ma > step_ma + step_ma // 4 + SPARE_MA:
            self.stopped = self.offer_ma < min(self.from_ma, STOPS_MA)
            return  # no car moves further than its offer, but to nothing
        followed = parts = 0  # bit n: phase n
        back = -1
        lines, between = self.limits.lines, self.limits.between
        for place in range(self.limits.phases):
            phase = lines[place]
            moved_ma = self.moved(phase)
            span_ma = self.high_ma[phase] - self.low_ma[phase]
            if moved_ma * 4 >= lead_ma * 3 or (between and moved_ma * BETWEEN_PART >= lead_ma):
                followed |= 1 << place
            elif self.directed and moved_ma * -4 >= lead_ma * 3:
                back = phase
            elif span_ma > moved_ma + WOBBLE_MA and span_ma * 4 > lead_ma:
                return  # the house moved as well
            elif moved_ma > WOBBLE_MA and moved_ma * 8 > lead_ma:
                parts |= 1 << place
        if back < 0:
            wired = (1 << self.limits.wires) - 1
            if followed & wired:
                self._strays(followed & ~wired)
                followed &= wired  # a phase beside those that are wired speaks against no clamp
            self._against(followed, parts & wired, lead_ma, step_ma)
        elif lead_ma * 2 >= step_ma and not self._drifted(back, lead_ma) and (followed or not sun):
            # what followed beside it tells it from the house
            self._suspect(meter_faults.BACKWARDS, back, 1 if followed else 2)

    def _drifted(self, phase, lead_ma):
        """It moved before the offer did: a cloud, which the offer follows where panels feed in."""
        return self.limits.exports and abs(self.drift_ma[phase]) * DRIFT_PART >= lead_ma

    def _against(self, followed, parts, lead_ma, step_ma):
        """Whom these phases speak against, if anybody."""
        together = followed & (followed - 1)
        lines = self.limits.lines
        code, place = meter_faults.OK, 0
        if (not together and parts & ~1) or (not followed & 1 and self._three()):
            return  # as likely the house
        if parts:
            code = meter_faults.SHORT_OF_CAR
            place = 0 if parts & 1 else 1 if parts & 2 else 2
        elif not followed & 1:
            code = self._silent(lines[0]) if together else meter_faults.WRONG_PHASE
        elif followed == 5:
            code, place = self._silent(lines[1]), 1
        elif self._short(step_ma):
            return
        elif followed == 3 and self.limits.wires == PHASES and abs(self.level_ma[lines[2]]) < self.limits.idle_ma:
            code, place = meter_faults.UNPLUGGED, 2  # few cars use two phases
        if code == meter_faults.OK:
            if not self.rested and self.suspect == meter_faults.BACKWARDS:
                return  # a turned clamp that still shows the rise before seems to follow this fall
            self.doubt = meter_faults.OK
            self._clears()
            if self.from_ma == 0:
                self._suspect(
                    meter_faults.SHORT_OF_CAR, lines[0], TIMES, lead_ma * PART // step_ma
                )  # or it takes no more
            for each in range(PHASES):
                self.uses[lines[each]] = bool(followed & self.seen & 1 << each)
            self.seen = followed
        elif self._plausible(followed, lines[place], min(self.offer_ma, self.from_ma) + lead_ma):
            self._suspect(code, lines[place])

    def _three(self):
        """True where the car was seen on all three phases: what moves without its first is the house's, or that one is lost."""
        return self.uses[0] and self.uses[1] and self.uses[2]

    def _silent(self, phase):
        """Of a phase that did not move with the two others: one that carries nothing, or the house but not the car."""
        alive = abs(self.level_ma[phase]) > self.limits.idle_ma > 0
        return meter_faults.OTHERS if alive else meter_faults.SHORT_OF_CAR

    def _strays(self, extra):
        """Beside the phases that are wired these followed, in the charger's order: a wrong setting, or the house, once."""
        phases = 0
        for place in range(PHASES):
            if extra >> place & 1:
                phases |= 1 << self.limits.lines[place]
        if phases and phases == self.straying:
            self.stray_times = min(self.stray_times + 1, TIMES_STRAY)
        elif self.stray_times > 0:
            self.stray_times -= 1
        if self.stray_times == 0:
            self.straying = phases
            self.stray_times = 1 if phases else 0
            self.strays = 0
        elif self.stray_times >= TIMES_STRAY:
            self.strays = phases

    def _short(self, step_ma):
        """True where L1 carried less than the car; the house may have gone back on what the car moved."""
        up = self.offer_ma > self.from_ma
        first = self.limits.lines[0]
        low_ma, high_ma = (self.base_ma if up else self.low_ma)[first], (self.high_ma if up else self.base_ma)[first]
        if not short(low_ma, min(self.offer_ma, self.from_ma), high_ma - low_ma, step_ma):
            return False
        if self._drifted(first, high_ma - low_ma):
            return True
        self._suspect(meter_faults.SHORT_OF_CAR, first, TIMES_SHORT, (high_ma - low_ma) * PART // step_ma)
        return True

    def _carried(self, phase, most):
        """What the phase carried at the higher of the two offers, or at the lower."""
        return (self.level_ma if (self.offer_ma > self.from_ma) == most else self.base_ma)[phase]

    def _plausible(self, followed, against, drawn_ma):
        """True if ``against`` carried less at the higher offer than a car that draws ``drawn_ma``, and the others did not."""
        least_ma = drawn_ma * 7 // 8 - SPARE_MA
        for place in range(PHASES):
            if followed >> place & 1 and not self.directed and self._carried(self.limits.lines[place], True) < least_ma:
                return False
        return self._carried(against, True) < drawn_ma * 3 // 4 - SPARE_MA

    def _suspect(self, code, phase, times=TIMES, part=0):
        """A step spoke against a clamp; one that sees a part of the car may have seen too little of a step to tell."""
        if phase == self.suspect_phase:
            if code == meter_faults.OTHERS and self.suspect == meter_faults.SHORT_OF_CAR:
                code = meter_faults.SHORT_OF_CAR
            elif code == meter_faults.SHORT_OF_CAR and self.suspect == meter_faults.OTHERS:
                self.suspect = code
        if code != self.suspect or phase != self.suspect_phase:
            if self.times > 1:
                self.times -= 1
                return
            self.times = 0
            self.suspect, self.suspect_phase = code, phase
            self.suspect_part = part
        self.times = self.times + 1 if self._alike(part) else 1
        self.earlier_part, self.suspect_part = self.suspect_part, part
        if self.times >= times:
            self.doubt, self.phase = code, phase

    def _alike(self, part):
        """One of the last two steps may have been the house's."""
        return abs(part - self.suspect_part) <= PART_OFF or abs(part - self.earlier_part) <= PART_OFF

    def _clears(self):
        """A step spoke for the clamps."""
        self.times = max(self.times - 1, 0)
        if self.times == 0:
            self.suspect = meter_faults.OK
