"""The law: what the supply has left for the car.

Down at once, by exactly what is missing; up when headroom has lasted; paused below the car's minimum and resumed with
dwell. It proposes only: nothing here is trusted by the guard (session, protect), which has the last word.
"""

from headroom.decide import reasons
from headroom.decide.draw import Draw

MARGIN_MA = 100  # aim this far below the limit, so that the meter's noise does not cross it
WORTH_MA = 500  # a smaller rise is not worth a new duty
NEAR_MA = 1500  # a car that draws this much less than offered has no use for more


class Balance:
    """Proposes an offer per tick from the supply's readings; deterministic, elapsed time is an argument."""

    def __init__(self, limits):
        self.limits = limits
        self.draw = Draw()
        self.free_ma = 0  # lowest headroom for the car seen during the dwell
        self.free_for_ms = 0

    def propose(self, dt_ms, readings, verdict, proposal):
        """Refill ``proposal``; ``verdict`` is what is in force since the last tick."""
        limits = self.limits
        offer_ma = proposal.offer_ma
        self.draw.step(dt_ms, readings.grid_ma[0], verdict.offer_ma, verdict.closed)
        if not readings.grid_ok:
            self._set(proposal, 0, reasons.NO_METER, 0, 0, 0)
            return
        phase = 0
        load_ma = readings.grid_ma[0]
        for index in range(1, limits.phases):
            if readings.grid_ma[index] > load_ma:
                load_ma = readings.grid_ma[index]
                phase = index
        room_ma = limits.breaker_ma - load_ma
        free_ma = self.draw.car_ma + room_ma - MARGIN_MA
        if offer_ma == 0:
            self._resume(dt_ms, free_ma, phase, proposal)
        elif free_ma < offer_ma and (room_ma < 0 or free_ma < offer_ma - WORTH_MA):
            self._shed(free_ma, load_ma, phase, proposal)
        else:
            self._rise(dt_ms, free_ma, phase, proposal)

    def _shed(self, free_ma, load_ma, phase, proposal):
        if free_ma < self.limits.min_ma:
            self._set(proposal, 0, reasons.PAUSE, phase, free_ma, self.limits.min_ma)
        else:
            self._set(proposal, free_ma, reasons.SHED, phase, load_ma, self.limits.breaker_ma)

    def _rise(self, dt_ms, free_ma, phase, proposal):
        limits = self.limits
        ceiling_ma = limits.charger_ma
        wanted_ma = min(free_ma, ceiling_ma)
        worth = wanted_ma >= proposal.offer_ma + WORTH_MA or (wanted_ma == ceiling_ma and wanted_ma > proposal.offer_ma)
        if not worth or self.draw.car_ma < proposal.offer_ma - NEAR_MA:
            self.free_for_ms = 0
            return
        self._lasting(dt_ms, wanted_ma)
        if self.free_for_ms >= limits.rise_dwell_ms:
            if self.free_ma >= ceiling_ma:
                self._set(proposal, ceiling_ma, reasons.CEILING, phase, ceiling_ma, ceiling_ma)
            else:
                self._set(proposal, self.free_ma, reasons.RISE, phase, self.free_ma, limits.rise_dwell_ms)

    def _resume(self, dt_ms, free_ma, phase, proposal):
        limits = self.limits
        if free_ma < limits.min_ma:
            self._set(proposal, 0, reasons.WAIT, phase, free_ma, limits.min_ma)
            return
        self._lasting(dt_ms, min(free_ma, limits.charger_ma))
        if self.free_for_ms >= limits.resume_dwell_ms:
            self._set(proposal, self.free_ma, reasons.RESUME, phase, self.free_ma, limits.resume_dwell_ms)

    def _lasting(self, dt_ms, free_ma):
        if self.free_for_ms == 0 or free_ma < self.free_ma:
            self.free_ma = free_ma
        self.free_for_ms += dt_ms

    def _set(self, proposal, offer_ma, reason, phase, value, bound):
        proposal.offer_ma = offer_ma
        proposal.reason = reason
        proposal.phase = phase
        proposal.value = value
        proposal.bound = bound
        self.free_for_ms = 0
