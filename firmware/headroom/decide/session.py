"""The session: from plug to unplug, which state the charger is in, and when the contactor may be closed.

Source of the times: IEC 61851-1 Annex A, Table A.6 (sequences quoted beside them).
"""

from headroom.decide import pilot

IDLE = 0
PLUGGED = 1  # a car is there, nothing offered yet
OFFERED = 2  # PWM says how much; the car has not asked yet
CHARGING = 3  # contactor closed
STOPPING = 4  # offer withdrawn, the car has its seconds to stop drawing
PAUSED = 5  # plugged and open, nothing offered: headroom is missing
DONE = 6  # the car stopped by itself; the offer stays for it to come back
FAULT = 7
NAMES = ("idle", "plugged", "offered", "charging", "stopping", "paused", "done", "fault")

CLOSE_AFTER_MS = (
    500  # state C must hold before the contactor closes (a BMW iX3 blips for 250 ms); 3 s allowed, sequence 4
)
OPEN_AFTER_MS = 30  # after C -> B; 100 ms allowed (sequence 8), the very instant has tripped RCDs in the field
STOP_MS = 6000  # polite stop: then open under load (sequence 10.2)


class Session:
    """State machine of one plug-in; ``step`` writes ``closed`` and ``offer_ma`` into the verdict."""

    def __init__(self, limits):
        self.limits = limits
        self.state = IDLE
        self.in_state_ms = 0
        self.ready_ms = 0  # how long the car has asked for power without a break
        self.left_ms = 0  # how long since it stopped asking

    def step(self, dt_ms, pilot_state, proposal_ma, fault, verdict):
        """Advance by ``dt_ms`` and refill ``verdict``; ``proposal_ma`` is any integer, 0 means pause."""
        self.in_state_ms += dt_ms
        ready = pilot_state == pilot.C or (pilot_state == pilot.D and self.limits.ventilation)
        self.ready_ms = self.ready_ms + dt_ms if ready else 0
        self.left_ms = 0 if ready else self.left_ms + dt_ms
        offer_ma = min(proposal_ma, self.limits.charger_ma)
        if offer_ma < self.limits.min_ma:
            offer_ma = 0
        if fault:
            self._go(FAULT)
        elif pilot_state == pilot.A:
            self._go(IDLE)
        elif pilot_state != pilot.UNKNOWN:
            self._plugged(pilot_state, offer_ma, ready)
        elif self.state == CHARGING and offer_ma == 0:
            self._go(STOPPING)
        closed = self.state == CHARGING or self.state == STOPPING
        offering = self.state == CHARGING or self.state == OFFERED or self.state == DONE
        verdict.closed = closed
        verdict.offer_ma = offer_ma if offering else 0
        verdict.session = self.state
        self.ready_ms = min(self.ready_ms, CLOSE_AFTER_MS)
        self.left_ms = min(self.left_ms, STOP_MS)
        self.in_state_ms = min(self.in_state_ms, 1 << 29)

    def _plugged(self, pilot_state, offer_ma, ready):
        """A car is there and its state is understood."""
        state = self.state
        if pilot_state == pilot.E or pilot_state == pilot.F:
            self._go(PLUGGED)
        elif state == CHARGING:
            if self.left_ms >= OPEN_AFTER_MS:
                self._go(DONE if offer_ma else PAUSED)
            elif offer_ma == 0:
                self._go(STOPPING)
        elif state == STOPPING:
            if self.left_ms >= OPEN_AFTER_MS or self.in_state_ms >= STOP_MS:
                self._go(PAUSED)
        elif offer_ma == 0:
            if state != PLUGGED:
                self._go(PLUGGED if state == IDLE or state == FAULT else PAUSED)
        elif state == OFFERED or state == DONE:
            if ready and self.ready_ms >= CLOSE_AFTER_MS:
                self._go(CHARGING)
        else:
            self._go(OFFERED)

    def _go(self, state):
        if state != self.state:
            self.state = state
            self.in_state_ms = 0
