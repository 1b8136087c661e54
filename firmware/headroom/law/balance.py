"""The law: from what is free to what is offered.

Down at once, by exactly what is missing; up when headroom has lasted; paused below the car's minimum and resumed with
dwell. It proposes only: nothing here is trusted by the guard (session, protect), which has the last word.
"""

from headroom.guard import pilot
from headroom.law.car_current import FOLLOW_DOWN_MS, CarCurrent
from headroom.law.ceilings import OVER_MA, UNBOUND_MA, Ceilings, rated
from headroom.law.dwell import FEW, LONGEST_MS, RESUME_MARGIN_MA, Dwell
from headroom.law.noise_filter import NoiseFilter
from headroom.monitor.breaker import CURVES, FULL, Image, heating, smaller
from headroom.terms import meter_faults, reasons
from headroom.terms.records import PHASES
from headroom.terms.standard import FOLLOW_MS

COARSE_STEP_MA = 500  # a smaller change is not worth a new duty ...
FINE_STEP_MA = 100  # ... unless it has been there for a while
FINE_STEP_MS = 15000
SPARE_MA = 2500  # a car that draws this much less than offered has no use for more ...
DRAWS_MA = 1000  # ... but one that draws nothing may need more to begin: some do 8 or 10 A
SETTLE_MS = FOLLOW_MS  # no offer goes up sooner after another
INRUSH_MS = 1000  # a motor starts in less; what is gone by then was no load
INRUSH_REST_MS = 60000  # one is believed this often: else a car that follows at once would be taken for it for ever
CREEP_PART = 2  # after so much of a long dwell so much of what is free is offered, and again each SETTLE_MS
START_MS = 15000  # a car that was offered current again has the contactor closed by then
BEARS_PART = (
    20  # a twentieth above its rating a breaker carries for ever: 1.13 In for an hour is the least (IEC 60898-1)
)
SHORT_MS = 500  # too little is free for this long before the car is stopped: at the minimum until then
# A second stop has a price: as long as what the supply is over has not come to so much the car stays at its minimum. In
# thousandths of the rating x ms: 20 A s at 25 A; each stop after the second is worth twice that.
PRICE = 800000
PAYS_BACK = 40  # while nothing is over, what was paid is given back by so many thousandths


class Balance:
    """Proposes an offer per tick from the supply's readings; deterministic, elapsed time is an argument."""

    def __init__(self, limits):
        self.limits = limits
        self.wired = limits.wired
        self.supply = NoiseFilter(PHASES)
        self.car = CarCurrent(PHASES, limits, self.supply.step_ma)
        self.car.forget(limits.wired)
        self.ceilings = Ceilings(limits)
        self.dwell = Dwell(limits)
        self.image = Image(PHASES)
        self.power = [0] * PHASES
        self.lowest_ma = 0  # of what was free since the dwell began ...
        self.lowest_phase = 0  # ... and where
        self.lasted_ms = 0  # how long enough was free for a step up
        self.short_ms = 0  # how long less than the minimum has been free, by more than the meter's own doubt
        self.paid = 0  # for not stopping, see PRICE
        self.breaker_ma = 0  # the smallest of the phases that the car uses
        self.hot = False  # half of what the breaker bears above its rating is used up, or soon will be
        self.before_ma = 0  # the offer that the last cut took away ...
        self.least_ma = 0  # ... the least that was free then, or the minimum ...
        self.drawn_ma = 0  # ... and what the car drew
        self.cut_ms = INRUSH_MS  # since then
        self.cut_load_ma = 0  # what the supply carried then, if the car was on its way up; 0: it was not
        self.inrush_ms = INRUSH_REST_MS  # since an inrush was believed

    def propose(self, dt_ms, readings, verdict, proposal):
        """Refill ``proposal``; ``verdict`` is what is in force since the last tick."""
        limits = self.limits
        if limits.wired != self.wired:
            self.wired = limits.wired
            self.car.wire(limits.wired)  # what was not wired until now may carry the car
        wants = verdict.pilot_state == pilot.C or verdict.pilot_state == pilot.D
        self.dwell.step(dt_ms, verdict.closed, verdict.offer_ma > 0, wants)
        self.cut_ms = min(self.cut_ms + dt_ms, INRUSH_MS)
        self.inrush_ms = min(self.inrush_ms + dt_ms, INRUSH_REST_MS)
        if verdict.pilot_state == pilot.A:
            self.car.forget(limits.wired)
            self.dwell.begin()
        elif verdict.pilot_state >= pilot.E:
            self.car.forget(limits.wired)  # a pilot that is off or earthed shows no A: another car may have come unseen
        if not readings.grid_ok or readings.quality[0] == meter_faults.NO_ANSWER:
            self.dwell.may_resume(dt_ms, -1)
            self._blind(dt_ms, readings, verdict, proposal)
            return
        self.supply.step(dt_ms, readings.grid_ma, limits.phases)
        rating_ma = rated(limits)
        self.car.step(dt_ms, self.supply.ma, limits.phases, verdict.offer_ma, verdict.closed, rating_ma)
        self.ceilings.find(dt_ms, self.supply, self.car, self._hold_ma(dt_ms), readings, verdict)
        proposal.uses = self.car.uses_mask()
        proposal.car_ma = self.car.car_ma
        free_ma = self.ceilings.free_ma
        short = free_ma < limits.min_ma - OVER_MA or self._told_to_stop()
        # a house that pulses is short too
        self.short_ms = max(min(self.short_ms + (dt_ms if short else -dt_ms), SHORT_MS), 0)
        over = max((limits.min_ma - free_ma) * 1000 // self.breaker_ma, -PAYS_BACK)
        self.paid = min(max(self.paid + over * dt_ms, 0), 2 * PRICE)
        if proposal.offer_ma == 0 or self._withdraws_resume(free_ma, verdict):
            self.paid = 0
            self._resume(dt_ms, free_ma, proposal)
        elif verdict.pilot_state == pilot.A and not short:
            self._offer_to_next_car(free_ma, proposal)
        elif free_ma < proposal.offer_ma:
            self._fall(dt_ms, free_ma, proposal)
        else:
            self._rise(dt_ms, free_ma, proposal, verdict.closed)
        if proposal.reason == reasons.NO_METER and 0 < proposal.offer_ma > free_ma - COARSE_STEP_MA:
            self._bound(proposal, proposal.offer_ma)  # it is known again, and gives no more

    def _blind(self, dt_ms, readings, in_force, proposal):
        """The offer stays, and the guard lets it fall in stages; what the meter has no part in binds as ever."""
        ceilings, limits = self.ceilings, self.limits
        ceilings.blind(dt_ms, self.supply, self.car, readings, in_force)
        if ceilings.free_ma >= proposal.offer_ma:
            self._set(proposal, proposal.offer_ma, reasons.NO_METER, 0, 0, 0)
        elif ceilings.free_ma >= limits.min_ma:
            self._bound(proposal, ceilings.free_ma)
        else:
            self._bound(proposal, 0)

    def _hold_ma(self, dt_ms):
        """From here on the supply is over: its rating, or more where the breaker is known to bear it.

        Tolerant: never more than half of what lies between the heat of rated current and that which trips, reckoned to
        the moment when the slowest car has followed.
        """
        limits = self.limits
        rating_ma = limits.breaker_ma
        k, tau_ms = CURVES[limits.breaker_curve]
        heating(self.supply.ma, limits.phases, rating_ma, self.power, limits.own_ma)
        self.image.step(dt_ms, self.power, limits.phases, tau_ms)
        half = FULL + (k * k // 100 - FULL) // 2
        hottest, self.breaker_ma = 0, rating_ma
        for phase in range(limits.phases):
            if self.car.uses[phase]:
                self.breaker_ma = smaller(self.breaker_ma, limits.own_ma[phase])
                hottest = max(hottest, self.image.heat_in(phase, self.power, FOLLOW_DOWN_MS, tau_ms))
        self.hot = hottest > half
        return rating_ma if self.hot else rating_ma + rating_ma // 100 * limits.tolerance_pct

    def _offer_to_next_car(self, free_ma, proposal):
        """With no car there is nothing to wait for: the next one begins with what is free, not with the last one's offer."""
        self.lasted_ms = self.short_ms = 0
        self._bound(proposal, max(free_ma, self.limits.min_ma))

    def _fall(self, dt_ms, free_ma, proposal):
        limits = self.limits
        self.lasted_ms = 0
        if self.ceilings.tolerated:
            self.short_ms = 0
        elif self.short_ms >= SHORT_MS and not self._bears(free_ma):
            self.dwell.paused()
            self._stop(proposal, reasons.PAUSE, free_ma)
        elif (
            self.ceilings.over
            or free_ma <= proposal.offer_ma - COARSE_STEP_MA
            or self.ceilings.told_ma < proposal.offer_ma
        ):
            offer_ma = max(self._unfollowed(free_ma), limits.min_ma)
            following = self.car.most_ma > proposal.offer_ma and self.ceilings.told_ma >= proposal.offer_ma
            if offer_ma < proposal.offer_ma - (FINE_STEP_MA if following else 0):
                self._remember(proposal.offer_ma, max(free_ma, limits.min_ma))
                if self.ceilings.reason not in reasons.BY_SUN:
                    self.dwell.fell(offer_ma)
                reason = reasons.UNFOLLOWED if offer_ma < min(free_ma, proposal.offer_ma) else self.ceilings.reason
                self._because(proposal, offer_ma, reason, self.ceilings.value, self.ceilings.bound)

    def _told_to_stop(self):
        """What somebody has told is no reading: a little less than the minimum is too little."""
        return self.ceilings.told_ma < self.limits.min_ma

    def _bears(self, free_ma):
        """A car that was interrupted stays at its minimum until that has come to the price of a stop, and one that was
        interrupted often for as long as it is no more than a twentieth above the rating.
        """
        limits, ceilings, felt = self.limits, self.ceilings, self.dwell.felt
        if ceilings.reason != reasons.SHED or self._told_to_stop() or ceilings.beside_ma < limits.min_ma - OVER_MA:
            return False
        if felt >= FEW and limits.min_ma - free_ma <= self.breaker_ma // BEARS_PART:
            return True
        return not self.hot and self.paid < PRICE * min(felt, 2)

    def _unfollowed(self, free_ma):
        """A cut that has not shown on the supply was taken from a draw that was none: cut to the minimum, and see.

        So was one from a car on its way up after which the supply still rises: the house's step was taken for the car's.
        """
        car = self.car
        risen_ma = self.ceilings.load_ma - self.cut_load_ma
        if self.ceilings.over and self.cut_load_ma and self.cut_ms < INRUSH_MS and risen_ma >= COARSE_STEP_MA:
            return self.limits.min_ma
        due_ma = self.drawn_ma - car.offer_ma
        if self.ceilings.over and car.settled and due_ma >= COARSE_STEP_MA and car.fell_ma < due_ma // 2:
            return self.limits.min_ma
        return free_ma

    def _remember(self, offer_ma, free_ma):
        if self.cut_ms < INRUSH_MS:
            self.least_ma = min(self.least_ma, free_ma)
        else:
            self.before_ma = offer_ma
            self.least_ma = free_ma
            self.cut_ms = 0
            rising = not self.car.settled and self.car.most_ma <= offer_ma
            self.cut_load_ma = self.ceilings.load_ma if rising else 0
        self.drawn_ma = self.car.most_ma

    def _rise(self, dt_ms, free_ma, proposal, closed):
        offer_ma = proposal.offer_ma
        if self._was_inrush(free_ma, offer_ma):
            self._because(proposal, min(self.before_ma, free_ma), reasons.INRUSH, free_ma, self.cut_ms)
            self.cut_ms = INRUSH_MS
            self.inrush_ms = 0
            return
        drawn_ma = self.car.most_ma
        contented = closed and DRAWS_MA <= drawn_ma < offer_ma - SPARE_MA and self.car.since_ms >= FOLLOW_DOWN_MS
        if contented or drawn_ma > offer_ma or free_ma < offer_ma + FINE_STEP_MA:
            self.lasted_ms = 0
            return
        self._lasting(dt_ms, free_ma)
        dwell_ms = self.dwell.rise_ms if self.lowest_ma >= offer_ma + COARSE_STEP_MA else FINE_STEP_MS
        if self.car.since_ms < SETTLE_MS:
            return
        # the sun is followed at once where the supply has plenty left after the rise
        room_ma = rated(self.limits) - self.ceilings.load_ma - self.limits.min_ma
        if self.ceilings.reason in reasons.BY_SUN and COARSE_STEP_MA <= free_ma - offer_ma <= room_ma:
            self._bound(proposal, free_ma)
            self.lasted_ms = self.drawn_ma = 0
            return
        part_ma = (self.lowest_ma - offer_ma) // CREEP_PART
        if self.lasted_ms >= dwell_ms:
            self.dwell.rose(offer_ma, self.lowest_ma, self.lasted_ms)
            self._up(proposal, reasons.RISE)
        elif self.lasted_ms >= max(dwell_ms // CREEP_PART, SETTLE_MS) and part_ma >= COARSE_STEP_MA:
            self.dwell.rose(offer_ma, offer_ma + part_ma, self.lasted_ms)
            self._because(proposal, offer_ma + part_ma, reasons.RISE, self.lowest_ma, self.lasted_ms)

    def _was_inrush(self, free_ma, offer_ma):
        """Half or more of what the last cut took is free again before the car has moved: a motor runs once it has started."""
        if self.cut_ms >= INRUSH_MS or self.inrush_ms < INRUSH_REST_MS or self.car.fell_ma:
            return False
        back_ma = self.before_ma - max((self.before_ma - self.least_ma) // 2, FINE_STEP_MA)
        return free_ma >= back_ma > offer_ma

    def _withdraws_resume(self, free_ma, verdict):
        """A car was just offered current again, its contactor is still open, and it would not be offered any now."""
        if verdict.closed or not self.dwell.margin_ms or self.car.since_ms >= START_MS:
            return False
        return free_ma < self.limits.min_ma + RESUME_MARGIN_MA and self.ceilings.reason in reasons.WOBBLE

    def _resume(self, dt_ms, free_ma, proposal):
        """Plenty must have been free for the dwell; what is just enough is likely to go again, and waits longer."""
        min_ma = self.limits.min_ma
        if free_ma >= min_ma - OVER_MA and not self._told_to_stop():
            free_ma = max(free_ma, min_ma)  # what would not stop a car does not end its wait
        above_ma = free_ma - min_ma
        dawns = self.ceilings.dawns and self.ceilings.reason == reasons.NO_SUN
        self.dwell.late = self.ceilings.needed > 1
        if dawns or (above_ma >= 0 and self.ceilings.reason not in reasons.WOBBLE):
            above_ma = UNBOUND_MA  # a rating does not wobble
        may_resume = self.dwell.may_resume(dt_ms, above_ma) and not dawns
        if above_ma >= 0 and not dawns and self.ceilings.shared_ma >= min_ma:
            may_resume = True  # the group has waited already: what it leaves here it leaves to nobody else
        proposal.left_ms = max(self.dwell.left_ms(), 0)
        if above_ma >= 0 and not dawns:
            self._lasting(dt_ms, free_ma)
        else:
            self.lasted_ms = 0
        if may_resume:
            self._up(proposal, reasons.RESUME)
        else:
            self._stop(proposal, reasons.WAIT, free_ma)

    def _stop(self, proposal, reason, free_ma):
        """Nothing is offered, because of the supply or of the ceiling that leaves too little."""
        min_ma = self.limits.min_ma
        if free_ma < min_ma and self.ceilings.reason != reasons.SHED:
            self._bound(proposal, 0)
        else:
            self._because(proposal, 0, reason, free_ma, min_ma)

    def _up(self, proposal, reason):
        of_the_moment = self.lowest_ma < self.ceilings.free_ma and self.ceilings.reason not in reasons.BY_SUN
        if self.ceilings.reason == reasons.SHED or of_the_moment:
            self._set(proposal, self.lowest_ma, reason, self.lowest_phase, self.lowest_ma, self.lasted_ms)
        else:
            self._bound(proposal, self.lowest_ma)
        self.lasted_ms = self.drawn_ma = 0

    def _lasting(self, dt_ms, free_ma):
        if self.lasted_ms == 0 or free_ma < self.lowest_ma:
            self.lowest_ma = free_ma
            self.lowest_phase = self.ceilings.phase
        self.lasted_ms = min(self.lasted_ms + dt_ms, LONGEST_MS)

    def _bound(self, proposal, offer_ma):
        """The offer is what the lowest ceiling leaves, and that is its reason."""
        ceilings = self.ceilings
        self._because(proposal, offer_ma, ceilings.reason, ceilings.value, ceilings.bound)

    def _because(self, proposal, offer_ma, reason, value, bound):
        self._set(proposal, offer_ma, reason, self.ceilings.phase, value, bound)

    def _set(self, proposal, offer_ma, reason, phase, value, bound):
        proposal.offer_ma = offer_ma
        proposal.reason = reason
        proposal.phase = phase
        proposal.value = value
        proposal.bound = bound
