"""The guard: turns any proposal of the law, however wrong, into a safe verdict.

In this order, once a tick: what does the pilot say, which faults stand, what may be offered, what does the session do.
"""

from headroom.guard import faults, pilot, selftest, session
from headroom.guard.button import LONG, SHORT, Button
from headroom.guard.causes import Causes
from headroom.guard.meter_fallback import MeterFallback
from headroom.guard.offer import Offer
from headroom.guard.protect import Protect
from headroom.guard.retry import Retry
from headroom.guard.selftest import SelfTest
from headroom.guard.session import Session
from headroom.guard.sight import longer_ms
from headroom.monitor.breaker import LastResort
from headroom.monitor.contrary import Contrary
from headroom.monitor.excursions import Excursions
from headroom.record.blackbox import BlackBox
from headroom.record.events import CLEARED, CONTRARY, HELD, OPENED_HOT, RAISED, WOKEN, Events
from headroom.terms import contrary, meter_faults, reasons

DIODE_MS = 100  # the low plateau must have shown the diode this long before the contactor closes (Tinkerforge)
UNLOCK_MS = 5000  # a plug is released this long after a fault (EVerest unlock_in_state_f_timeout)
SWAP_MS = 3000  # a guess: nobody unplugs one car and plugs in another within this
SOUND_MS = 3600000  # an hour without a fault forgives as a session does: a car may stand plugged in for weeks


class Guard:
    """Pilot state, protection and session of one charging point."""

    def __init__(self, limits):
        self.limits = limits
        self.causes = Causes(limits)
        self.protect = Protect()
        self.last_resort = LastResort(limits)
        self.excursions = Excursions()
        self.fallback = MeterFallback(limits)
        self.retry = Retry(limits)
        self.contrary = Contrary(limits)
        self.offer = Offer(limits)
        self.lease = None  # lease.py, in a group
        self.session = Session(limits)
        self.selftest = SelfTest()
        self.presses = Button()
        self.events = Events()
        self.blackbox = BlackBox()
        self.held = False  # stopped at the charger's button, plug released
        self.off_ms = 0  # how long the pilot has been off; SWAP_MS: and what was held then is held no more
        self.diode_ms = 0
        self.troubled = False  # a fault was raised in this session
        self.sound_ms = SOUND_MS  # since the last fault was gone

    def judge(self, dt_ms, readings, proposal, in_force, verdict):
        """Refill ``verdict`` from what was seen while ``in_force`` was."""
        state = pilot.UNKNOWN
        if readings.pilot_ok:
            state = pilot.state_of(readings.pilot_high_mv, in_force.pilot_state)
        another = pilot.another_car(state, in_force.faults)
        if in_force.duty_u16 == pilot.STEADY_LOW_U16:
            another = True
            self._off(dt_ms)
        else:
            self.off_ms = 0
        if self.limits.residual_test:
            self._test(dt_ms, readings, another, in_force)
            verdict.residual_pulse = self.selftest.phase == selftest.PULSE
        may_flow = readings.contactor_closed or in_force.closed
        found = self._supply(dt_ms, readings, may_flow)
        trusted_ma = self.fallback.step(dt_ms, readings, in_force, proposal.offer_ma)
        verdict.doubt = self.fallback.doubt
        verdict.doubt_phase = self.fallback.phase
        self._contradicted(dt_ms, readings, proposal, verdict)
        self._watch(dt_ms, readings, state, found, in_force, verdict)
        if self.limits.button and (readings.button or self.presses.busy()):
            self._button(dt_ms, in_force.session, readings.button)
        in_force_ma = in_force.offer_ma
        self.offer.retry_ma = self.retry.step(dt_ms, self.protect.fresh, verdict.faults, in_force.closed, in_force_ma)
        if self.lease is not None:
            self.lease.step(dt_ms)
            self.offer.leased(self.lease, proposal.uses)
        simplified = self.session.simplified
        offer_ma = self.offer.step(dt_ms, proposal.offer_ma, trusted_ma, in_force_ma, readings, simplified)
        if self.held:
            offer_ma = 0  # its clocks run on: a limit from outside ends while nobody charges, too
        self._session(dt_ms, readings, state, another, offer_ma, in_force, verdict)
        if verdict.offer_ma != in_force_ma:
            self.offer.changed(in_force_ma, verdict.offer_ma)
        if self.lease is not None:
            self.lease.follow(dt_ms, verdict.offer_ma, verdict.closed or readings.contactor_closed)
        verdict.pilot_state = state
        verdict.lock = readings.contactor_closed or verdict.closed or self._lock(verdict)
        self._explain(proposal, offer_ma, verdict)
        self.events.pass_time(dt_ms)
        if verdict.session != in_force.session:
            if in_force.session == session.CHARGING and verdict.session == session.DONE:
                self.retry.stopped_by_itself()
            self._moved(state, in_force.closed and readings.contactor_closed, verdict)
        self.blackbox.step(dt_ms, self.events, readings, verdict)

    def _contradicted(self, dt_ms, readings, proposal, verdict):
        """What people are told of settings that contradict what is measured; nothing here changes the offer."""
        verdict.strays = self.fallback.response.strays & ~self.limits.wired
        self.contrary.step(dt_ms, readings, proposal.car_ma, verdict.strays)
        changed = verdict.contrary ^ self.contrary.stand
        if changed:
            verdict.contrary = self.contrary.stand
            for code in range(contrary.COUNT):
                if changed >> code & 1:
                    self.events.note(CONTRARY, code, verdict.contrary >> code & 1)

    def latched(self):
        """The set of faults that must outlive a reset; hand it to ``latch`` after one."""
        return self.protect.stays

    def latch(self, stays):
        """Take up the faults that stood before a reset; None: nobody knows which."""
        if stays is None:
            stays = 1 << faults.FAULT_MEMORY
            self._faults_changed(stays, 0)
        self.protect.latch(stays)

    def clear_by_person(self):
        """Somebody who looked at it clears what can be cleared; returns the set of faults that still stand."""
        protect = self.protect
        gone = protect.raised
        protect.clear_by_person()
        gone &= ~protect.raised
        for code in range(1, faults.COUNT):
            if gone >> code & 1:
                self.events.note(CLEARED, code, 1)
        if self.limits.residual_test:
            self.selftest.forget()
        return protect.raised

    def left_ms(self, reason, fault):
        """How much longer a cause must stay away, or the meter be good, until the guard lets go; 0: time does not decide."""
        if reason == reasons.FAULT:
            return self.protect.left_ms(fault)
        return self.fallback.left_ms() if reason == reasons.DOUBT else 0

    def hold(self, held):
        """Stop the charge and release the plug until it is let go on, or unplugged."""
        if held != self.held:
            self.events.note(HELD, 0, 1 if held else 0)
        self.held = held
        self.off_ms = SWAP_MS  # who presses while the pilot is off means the car that stands there

    def _off(self, dt_ms):
        """The pilot is off: nobody would see the session end, nor the car leave that was stopped by hand."""
        self.troubled = self.protect.raised != 0
        if self.off_ms < SWAP_MS:
            self.off_ms += dt_ms
            if self.off_ms >= SWAP_MS:
                self.held = False

    def _test(self, dt_ms, readings, another, in_force):
        waiting = in_force.session == session.PLUGGED or in_force.session == session.PAUSED
        allowed = waiting and not in_force.closed and not readings.contactor_closed
        self.selftest.step(dt_ms, allowed, readings.residual_fault)
        if another:
            self.selftest.forget()

    def _supply(self, dt_ms, readings, may_flow):
        """What the supply's watchers find, as a set of causes."""
        limits = self.limits
        found = 0
        self.last_resort.step(dt_ms, readings, may_flow)
        if self.last_resort.at_risk:
            found = 1 << faults.BREAKER
        limit_ma = limits.import_ma
        may_use = limits.wired | self.fallback.response.strays
        if limit_ma > 0 and self.excursions.step(dt_ms, readings.grid_ma, may_use, limit_ma, may_flow):
            found |= 1 << faults.IMPORT_LIMIT
        return found

    def _watch(self, dt_ms, readings, state, found, in_force, verdict):
        causes = found | self.causes.of(dt_ms, readings, state, in_force, self.protect.raised)
        if self.fallback.doubt and self.fallback.stage == meter_faults.PAUSE:
            causes |= 1 << faults.METER
        phase = self.selftest.phase if self.limits.residual_test else selftest.UNTESTED
        if phase == selftest.FAILED:
            if not self.protect.raised >> faults.RESIDUAL_TEST & 1:  # it failed just now: that it once did is no cause
                causes |= 1 << faults.RESIDUAL_TEST
        elif phase == selftest.PULSE or phase == selftest.RELEASE:
            causes &= ~(1 << faults.RESIDUAL)  # an answer, not an alarm
        protect = self.protect
        protect.late_ms = readings.car_age_ms
        raised = 0
        if causes or protect.watched:
            raised = protect.step(dt_ms, causes, state)
            if protect.fresh or protect.cleared:
                self._faults_changed(protect.fresh, protect.cleared)
        verdict.faults = raised
        if raised:
            self.sound_ms = 0
        elif self.sound_ms < SOUND_MS:
            self.sound_ms += dt_ms
            if self.sound_ms >= SOUND_MS:
                protect.forgive()
        if raised != in_force.faults:
            verdict.fault = faults.worst(raised)
        if not 0 < in_force.duty_u16 < pilot.STEADY_HIGH_U16 or not (
            readings.pilot_ok and pilot.diode_present(readings.pilot_low_mv)
        ):
            self.diode_ms = 0
        elif self.diode_ms < DIODE_MS:
            self.diode_ms = longer_ms(self.diode_ms, dt_ms)

    def _faults_changed(self, fresh, cleared):
        self.troubled = True
        for code in range(1, faults.COUNT):
            if fresh >> code & 1:
                self.events.note(RAISED, code, self.protect.strikes[code])
            elif cleared >> code & 1:
                self.events.note(CLEARED, code, 0)
        if fresh:
            self.blackbox.freeze(fresh)

    def _button(self, dt_ms, at, pressed):
        meant = self.presses.step(dt_ms, pressed)
        if meant == SHORT and at != session.IDLE:
            self.hold(not self.held)
        elif meant == LONG:
            self.clear_by_person()

    def _session(self, dt_ms, readings, state, another, offer_ma, in_force, verdict):
        severity = 0
        if verdict.faults:
            severity = faults.NOW if verdict.faults & faults.OPENS_NOW else faults.GRACEFULLY
        limits = self.limits
        checked = not limits.residual_test or self.selftest.phase == selftest.PASSED
        may_offer = checked and (not limits.lock or readings.locked)
        may_close = self.diode_ms >= DIODE_MS and not readings.contactor_closed
        seen = pilot.UNKNOWN if in_force.duty_u16 == 0 and state == pilot.F else state
        self.session.step(dt_ms, seen, another, offer_ma, severity, may_offer, may_close, verdict)
        if self.session.pilot == session.OFF or (self.protect.stays and not verdict.closed):
            verdict.duty_u16 = pilot.STEADY_LOW_U16
        else:
            verdict.duty_u16 = pilot.duty_u16(verdict.offer_ma)

    def _lock(self, verdict):
        """With the contactor open: locked from plug to unplug, but released after a fault and by the button."""
        if verdict.session == session.IDLE or self.held:
            return False
        return verdict.session != session.FAULT or self.session.in_state_ms < UNLOCK_MS

    def _moved(self, state, was_closed, verdict):
        if was_closed and not verdict.closed and (state == pilot.C or state == pilot.D):
            self.events.note(OPENED_HOT, verdict.fault, 0)
        if verdict.session == session.WAKING:
            self.events.note(WOKEN, 0, self.session.wakes)
        if verdict.session == session.IDLE:
            self.held = False
            self.retry.forget()
            if not self.troubled:
                self.protect.forgive()
            self.troubled = verdict.faults != 0

    def _explain(self, proposal, offer_ma, verdict):
        at = verdict.session
        if verdict.fault:
            self._because(verdict, reasons.FAULT, 0, verdict.fault, 0)
        elif at == session.IDLE:
            self._because(verdict, reasons.NO_CAR, 0, 0, 0)
        elif self.held:
            self._because(verdict, reasons.HELD, 0, 0, 0)
        elif at == session.WAKING:
            self._because(verdict, reasons.WAKING, 0, self.session.wakes, 0)
        elif at == session.DONE:
            self._because(verdict, reasons.CAR_DONE, 0, verdict.offer_ma, 0)
        elif self.offer.reason == reasons.DOUBT and proposal.offer_ma >= self.offer.limit_ma:
            self._because(verdict, reasons.DOUBT, self.fallback.phase, self.fallback.cause(), self.offer.limit_ma)
        elif offer_ma and (at == session.PLUGGED or at == session.PAUSED):
            self._because(verdict, reasons.CHECKING, 0, 0, 0)
        elif self.offer.reason == reasons.RETRY and self.retry.wait_ms:
            stops = self.retry.stops if self.retry.restless else 0
            self._because(verdict, reasons.RESTLESS if stops else reasons.RETRY, 0, stops, self.retry.wait_ms)
        elif proposal.offer_ma > self.offer.limit_ma:
            self._because(verdict, self.offer.reason, 0, self.offer.limit_ma, self.offer.limit_ma)
        else:
            self._because(verdict, proposal.reason, proposal.phase, proposal.value, proposal.bound)

    def _because(self, verdict, reason, phase, value, bound):
        verdict.reason = reason
        verdict.phase = phase
        verdict.value = value
        verdict.bound = bound
