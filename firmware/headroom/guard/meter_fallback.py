"""What a doubtful meter is worth: a ceiling that falls in stages, and comes back by itself.

A clamp that fell off reads 0 A, and 0 A of load looks like all the headroom in the world. So from the first doubtful
window on, nothing is offered above what the car was charging with while all was well. A doubt that lasts holds the offer
there, then allows a safe current, then pauses. Good readings must last before the ceiling rises again, slowly. This is
the guard's: no law can offer more. meter_fallback.svg draws the stages.
"""

from headroom.guard import pilot
from headroom.guard.sight import longer_ms
from headroom.monitor.step_response import STOPS_MA, StepResponse
from headroom.terms import meter_faults
from headroom.terms.meter_faults import FIRST, HOLD, LAST, OK, PAUSE, SAFE
from headroom.terms.records import PHASES

RAISE_MS = 500  # a doubt must last this long: some twenty windows; a motor's inrush is over by then
FUSE_TIMES = 6  # a B breaker is open within 0.1 s at 5 In (IEC 60898-1 table 7): nothing carries more for long
SILENT_RAISE_MS = 300  # small currents are averages already
RAMP_MA_S = 1000  # on the way back it may rise by this much a second
SILENT_MS = 3000  # a car may draw nothing, between its last ampere and its S2, for less than this
WAITS_MS = 45000  # and behind a closed contactor, before its first: 10 to 40 s were seen (SmartEVSE-3 issue 19)
FELL_MS = 100  # a clamp is off at once, a car comes down over longer ...
FELL_MA = 5000  # ... from what the least offer lets it draw, and noise
SUNNY_IDLE_MA = 150  # where panels may cancel what is drawn, less is a clamp that is off only if it fell there at once
EXPORT_W = 100  # less may be an appliance's reactive part, and a clamp's phase error
CARRIES_MA = 3000  # a phase that clearly carries the car
BEFORE_MS = 2000  # what a phase carried before it fell silent is an average of this
UNBOUND_MA = 1 << 29


def beyond_breaker(ma, breaker_ma):
    """True for a current that the supply's breaker would long have cut off."""
    return ma > FUSE_TIMES * breaker_ma


def all_silent(grid_ma, phases, wired, idle_ma):
    """True when no phase that is wired carries what a house always draws."""
    for phase in range(phases):
        if wired >> phase & 1 and abs(grid_ma[phase]) >= idle_ma:
            return False
    return True


def silent_phase(grid_ma, phases, uses, idle_ma):
    """The last phase of the car's that carries nothing; -1: none."""
    silent = -1
    for phase in range(phases):
        if uses[phase] and abs(grid_ma[phase]) < idle_ma:
            silent = phase
    return silent


def another_carries(grid_ma, before_ma, phases, uses, lost):
    """True when the car draws as before on another phase than the one that is ``lost``.

    All of them falling is a car that stopped: what is left is the house's.
    """
    for phase in range(phases):
        now_ma = abs(grid_ma[phase])
        if uses[phase] and now_ma >= CARRIES_MA and (before_ma[phase] - now_ma) * 2 < before_ma[lost]:
            return True
    return False


class MeterFallback:
    """``step`` returns the ceiling; ``doubt`` (a row of meter_faults.py), ``phase`` and ``stage`` say why."""

    def __init__(self, limits):
        self.limits = limits
        self.response = StepResponse(limits)
        self.doubt = OK
        self.phase = 0
        self.stage = HOLD
        self.seen_ms = 0  # how long something has been doubtful
        self.silent_ms = 0  # how long the car's first phase has carried nothing
        self.carried_ms = 0  # between what carried a car there and silence
        self.before_ma = [0] * PHASES  # what the phases carried until one of the car's fell silent
        self.off = -1  # where panels feed in: the phase that did, until it carries anything again
        self.doubt_ms = 0  # since it was raised, as long as it lasted
        self.good_ms = 0  # since the last sign of it
        self.better_ms = 0  # since it was last as bad as what is told
        self.held_ma = limits.trust_safe_ma  # last known safe
        self.ramp_ma = UNBOUND_MA  # the ceiling on the way back

    def step(self, dt_ms, readings, in_force, wish_ma):
        """The highest offer in mA; ``wish_ma`` is what the law would like."""
        limits = self.limits
        if pilot.another_car(in_force.pilot_state, in_force.faults):
            self.response.forget()
        code = self._window(readings)
        if code == OK:
            self.response.directed = readings.power_ok
            self.response.step(dt_ms, readings.grid_ma, in_force.offer_ma if in_force.closed else 0)
            if self.limits.car_clamp and readings.car_ok and in_force.closed:
                self.response.beside(dt_ms, readings.car_ma)
            code = self._silence(dt_ms, readings.grid_ma, in_force.closed)
        if self.doubt == OK:
            if code == OK:
                self.seen_ms = max(self.seen_ms - dt_ms, 0)  # one window does not end it
                self.held_ma = min(wish_ma, in_force.offer_ma if in_force.closed else limits.trust_safe_ma)
                if self.ramp_ma < limits.charger_ma:
                    self.ramp_ma += RAMP_MA_S * dt_ms // 1000 + 1
                if self.silent_ms >= SILENT_MS:
                    return min(self.ramp_ma, max(limits.trust_safe_ma, STOPS_MA))  # what lets any car begin
                return self.ramp_ma if self.ramp_ma < limits.charger_ma else UNBOUND_MA
            self.seen_ms = longer_ms(self.seen_ms, dt_ms)
            if code == self.response.doubt:
                self.seen_ms = RAISE_MS  # the car's steps took their time already
            if self.seen_ms < (SILENT_RAISE_MS if code == meter_faults.UNPLUGGED else RAISE_MS):
                return min(max(self.held_ma, in_force.offer_ma), self.ramp_ma)
            self.doubt_ms = 0
            self.held_ma = min(self.held_ma, self.ramp_ma)
        self._last(dt_ms, code)
        ceiling_ma = 0
        if self.stage != PAUSE:
            ceiling_ma = self.held_ma if self.stage == HOLD else min(self.held_ma, limits.trust_safe_ma)
        if self.good_ms >= limits.trust_back_ms:
            self.doubt = OK
            self.seen_ms = 0
            self.ramp_ma = ceiling_ma
        return ceiling_ma

    def cause(self):
        """The doubt that bounds the offer, or will if the car does not begin."""
        return self.doubt or (meter_faults.UNPLUGGED if self.silent_ms >= SILENT_MS else OK)

    def left_ms(self):
        """How much longer the meter must be good until its doubt ends; 0: there is none, or it is not good now."""
        return max(self.limits.trust_back_ms - self.good_ms, 0) if self.doubt and self.good_ms else 0

    def _last(self, dt_ms, code):
        """The doubt goes on, or is on its way out; which stage is due."""
        limits = self.limits
        self.better_ms = longer_ms(self.better_ms, dt_ms)
        if code >= self.doubt:
            self.doubt = code
            self.better_ms = 0
        elif code and self.better_ms >= limits.trust_back_ms:
            if FIRST[code] != FIRST[self.doubt]:
                self.doubt_ms += limits.trust_hold_ms  # there was none, and there will be none
            self.doubt = code
            self.better_ms = 0
        if code:
            self.doubt_ms = min(longer_ms(self.doubt_ms, dt_ms), limits.trust_hold_ms + limits.trust_pause_ms)
            self.good_ms = 0
        else:
            self.good_ms = longer_ms(self.good_ms, dt_ms)
        after_ms = self.doubt_ms
        if FIRST[self.doubt] == HOLD:
            after_ms -= limits.trust_hold_ms
        self.stage = HOLD if after_ms < 0 else SAFE if after_ms < limits.trust_pause_ms else PAUSE
        self.stage = min(self.stage, LAST[self.doubt])

    def _window(self, readings):
        """The worst doubt that a window shows by itself, on the phases that are wired, or where the car shows."""
        limits = self.limits
        if not readings.grid_ok:
            self.phase = 0
            return meter_faults.STALE
        worst = OK
        watched = limits.wired | self.response.strays
        for phase in range(limits.phases):
            if not watched >> phase & 1:
                continue
            code = readings.quality[phase]
            if code == OK and beyond_breaker(readings.grid_ma[phase], limits.breaker_ma):
                code = meter_faults.TOO_MUCH
            elif code == OK and not limits.exports and readings.power_ok and readings.power_w[phase] < -EXPORT_W:
                code = meter_faults.BACKWARDS
            if code > worst:
                worst = code
                self.phase = phase
        return worst

    def _silence(self, dt_ms, grid_ma, closed):
        """What good windows show over time, and beside the car: clamps that carry too little."""
        limits, response = self.limits, self.response
        idle_ma = self._idle_ma()
        stops = response.may_stop()
        if response.doubt > meter_faults.UNPLUGGED:
            self.phase = response.phase
            return response.doubt
        lost = self._lost(dt_ms, grid_ma, closed and response.begun and not stops)
        if lost >= 0:
            self.phase = lost
            return meter_faults.SHORT_OF_CAR
        if self._first_off(dt_ms, grid_ma, closed, idle_ma, stops) or (
            not limits.exports and all_silent(grid_ma, limits.phases, limits.wired, idle_ma)
        ):
            self.phase = limits.lines[0]
            return meter_faults.UNPLUGGED
        self.phase = response.phase if response.doubt else self.phase
        return response.doubt

    def _first_off(self, dt_ms, grid_ma, closed, idle_ma, stops):
        """True where the phase that every car draws on carries nothing, and the car would be seen there."""
        limits, response = self.limits, self.response
        first = limits.lines[0]
        first_ma = abs(grid_ma[first])
        if not closed or first_ma >= idle_ma or (limits.exports and response.begun):
            self.silent_ms = 0
            self.carried_ms = 0 if first_ma >= FELL_MA else min(longer_ms(self.carried_ms, dt_ms), FELL_MS)
            return False
        self.silent_ms = min(longer_ms(self.silent_ms, dt_ms), WAITS_MS)
        if self.doubt == OK:
            self.phase = first
        uses, before_ma = response.uses, self.before_ma
        several = uses[0] + uses[1] + uses[2] > 1 and before_ma[first] >= CARRIES_MA
        if response.begun and several and not another_carries(grid_ma, before_ma, limits.phases, uses, first):
            response.stops()  # all of its phases fell together: no clamp does that
        if not response.begun:
            return self.silent_ms >= WAITS_MS
        return (
            self.silent_ms >= SILENT_MS
            or (self.carried_ms < FELL_MS and not stops and response.house_ma >= 2 * limits.idle_ma)
            or response.elsewhere()
        )

    def _idle_ma(self):
        """What a clamp that carries nothing reads less than; noise must not end a silence that is about to be told."""
        begun = self.seen_ms and self.doubt == OK
        return (SUNNY_IDLE_MA if self.limits.exports else self.limits.idle_ma) * (4 if begun else 3) // 3

    def _lost(self, dt_ms, grid_ma, draws):
        """The phase that was lost while the car ``draws``; -1: none."""
        uses, before_ma, phases = self.response.uses, self.before_ma, self.limits.phases
        silent = self.off
        if silent >= 0 and abs(grid_ma[silent]) < self._idle_ma():
            return silent
        self.off = -1
        if draws:
            silent = silent_phase(grid_ma, phases, uses, self._idle_ma())
            if silent >= 0:
                lost = another_carries(grid_ma, before_ma, phases, uses, silent)
                if self.limits.exports:  # and a car alone on one phase, but where the offer is made to leave nothing
                    alone = uses[0] + uses[1] + uses[2] == 1 and self.carried_ms < FELL_MS and not self.limits.solar
                    step_ma = abs(self.response.offer_ma - self.response.from_ma) if self.response.since_ms >= 0 else 0
                    lost = before_ma[silent] >= FELL_MA + step_ma and (lost or alone)  # further than a car that follows
                    self.off = silent if lost else -1
                return silent if lost else -1
        part = min(dt_ms, BEFORE_MS) if draws else BEFORE_MS
        for phase in range(phases):
            before_ma[phase] += (abs(grid_ma[phase]) - before_ma[phase]) * part // BEFORE_MS
        return -1
