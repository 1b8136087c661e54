"""The guard: turns any proposal of the law, however wrong, into a safe verdict."""

from headroom.decide import pilot, reasons, session
from headroom.decide.protect import Protect
from headroom.decide.session import Session


class Guard:
    """Pilot state, protection and session of one charging point."""

    def __init__(self, limits):
        self.protect = Protect(limits)
        self.session = Session(limits)

    def judge(self, dt_ms, readings, proposal, verdict):
        """Refill ``verdict`` for the coming tick from what the last one saw."""
        state = pilot.UNKNOWN
        if readings.pilot_ok:
            state = pilot.state_of(readings.pilot_high_mv, verdict.pilot_state)
        fault = self.protect.step(dt_ms, readings, state, verdict)
        self.session.step(dt_ms, state, proposal.offer_ma, fault, verdict)
        verdict.pilot_state = state
        verdict.fault = fault
        verdict.duty_u16 = pilot.duty_u16(verdict.offer_ma)
        self._explain(proposal, verdict)

    def _explain(self, proposal, verdict):
        if verdict.fault:
            self._because(verdict, reasons.FAULT, 0, verdict.fault, 0)
        elif verdict.session == session.IDLE:
            self._because(verdict, reasons.NO_CAR, 0, 0, 0)
        elif verdict.session == session.DONE:
            self._because(verdict, reasons.CAR_DONE, 0, verdict.offer_ma, 0)
        else:
            self._because(verdict, proposal.reason, proposal.phase, proposal.value, proposal.bound)

    def _because(self, verdict, reason, phase, value, bound):
        verdict.reason = reason
        verdict.phase = phase
        verdict.value = value
        verdict.bound = bound
