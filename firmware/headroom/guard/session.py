"""The session: from plug to unplug, which state the charger is in, and when the contactor may be closed (session.svg).

Source of the times: IEC 61851-1 Annex A, Table A.6 (sequences quoted beside them; project's domain notes 1.4, 1.5).
Unverified, for no public source quotes them: the 3 s that a car has to stop (9, 10.1), the 100 ms of E (12).
"""

from headroom.guard import pilot
from headroom.guard.faults import NOW
from headroom.guard.offer import SIMPLIFIED_MA
from headroom.guard.sight import longer_ms

IDLE = 0
PLUGGED = 1  # a car is there, nothing offered yet: checks run, or the law has nothing to give
OFFERED = 2  # PWM says how much; the car has not asked yet
CHARGING = 3  # contactor closed
STOPPING = 4  # offer withdrawn, the car has its seconds to stop drawing
PAUSED = 5  # plugged and open, nothing offered: headroom is missing
DONE = 6  # the car stopped by itself; the offer stays for it to come back
FAULT = 7
WAKING = 8  # a car that does not react to its offer is woken by an interruption of the pilot
NAMES = ("idle", "plugged", "offered", "charging", "stopping", "paused", "done", "fault", "waking")

CLOSE_AFTER_MS = 500  # state C must hold so long (a BMW iX3 blips for 250 ms); 3 s allowed, sequence 4
OPEN_AFTER_MS = 30  # after C -> B; 100 ms allowed (sequence 8), the very instant has tripped RCDs in the field
STOP_MS = 6000  # polite stop: then open under load (sequence 10.2)
RECLOSE_MS = 2000  # rest of an opened contactor; Tinkerforge takes 5 s, but sequence 4 allows no more than 3 s
STEADY_MS = 3000  # +12 V without PWM lasts at least this long between two offers (EVerest T_STEP_X1)
FAULT_F_MS = 330  # state F after a fault under power, Table A.5: 300, and the tick that ends it may be quicker to act
SIMPLIFIED_MS = 200  # a car that shows C this long without having shown B has no S2 (A.2.3)
WAKE_AFTER_MS = 30000  # in B with an offer before the car is taken to sleep (EVerest LEGACY_WAKEUP_TIMEOUT)
# Length of each wake-up (A.5.3 asks for one of 4 s; some cars need 30 s: Tinkerforge). The first is a plain
# interruption of the offer, which harms nobody; the others are state F, which a few old cars take amiss.
WAKES_MS = (4000, 4000, 30000)

STEADY, PWM, OFF = 0, 1, 2  # what the pilot does: +12 V, the offer, or -12 V (state F)


class Session:
    """State machine of one plug-in; ``step`` writes ``closed``, ``offer_ma`` and ``session`` into the verdict."""

    def __init__(self, limits):
        self.limits = limits
        self.state = IDLE
        self.pilot = STEADY
        self.in_state_ms = 0
        self.ready_ms = 0  # how long the car has asked for power without a break
        self.left_ms = 0  # how long since it was seen not to ask; a slow tick in full: sequence 8 gives 100 ms
        self.open_ms = 0  # how long the contactor has been told to be open
        self.steady_ms = 0  # how long the pilot has been steady
        self.off_ms = 0  # how much longer state F must be shown
        self.wakes = 0  # wake-ups since the car last charged or was plugged in
        self.unplugged = True  # the car may have been away, and has shown nothing else since
        self.simplified = False  # it showed C and never B: a car without S2

    def step(self, dt_ms, pilot_state, another, offer_ma, severity, may_offer, may_close, verdict):
        """Advance by ``dt_ms``. UNKNOWN stands for a pilot that cannot be read: it changes nothing by itself.

        ``another``: the car may have gone and another one come; what this one has shown is forgotten.
        ``offer_ma``: what may be offered, 0 to pause. ``severity``: of the faults that stand, 0, NOW or POLITELY.
        ``may_offer``: every check before power is passed. ``may_close``: and the pilot has shown a diode.
        """
        self._count(dt_ms, pilot_state, another)
        if severity == NOW:
            self._fault(pilot_state)
        elif pilot_state == pilot.A:
            self._go(IDLE)
        elif pilot_state == pilot.E or pilot_state == pilot.F:
            self._go(FAULT if severity or self.off_ms > 0 else PLUGGED)
        elif severity:
            self._withdraw(FAULT)
        elif self.state == FAULT:
            if self.off_ms <= 0:
                self._go(PLUGGED)
        elif self.state == CHARGING:
            if self.left_ms >= OPEN_AFTER_MS:
                self._go(DONE if offer_ma else PAUSED)
            elif offer_ma == 0:
                self._go(STOPPING)
        elif self.state == STOPPING:
            self._withdraw(PAUSED)
        else:
            self._open(pilot_state, offer_ma, may_offer, may_close)
        self._write(offer_ma, verdict)

    def _count(self, dt_ms, pilot_state, another):
        if pilot_state == pilot.C or (pilot_state == pilot.D and self.limits.ventilation):
            self.left_ms = 0
            if self.ready_ms < CLOSE_AFTER_MS:
                self.ready_ms = longer_ms(self.ready_ms, dt_ms)
        else:
            self.ready_ms = 0
            if self.left_ms < OPEN_AFTER_MS and (self.left_ms or pilot_state != pilot.UNKNOWN):
                self.left_ms += max(dt_ms, 1)  # a look in which no time passed is one
        if self.in_state_ms < WAKE_AFTER_MS:
            self.in_state_ms += dt_ms
        if self.state == CHARGING or self.state == STOPPING:
            self.open_ms = 0
        elif self.open_ms < RECLOSE_MS:
            self.open_ms += dt_ms
        if self.pilot != STEADY or (another and pilot_state != pilot.A):
            self.steady_ms = 0
        elif self.steady_ms < STEADY_MS:
            self.steady_ms += dt_ms
        if self.off_ms > 0:
            self.off_ms -= dt_ms
        if another:
            self.unplugged = True
            self.simplified = False
            if self.state != WAKING:  # a wake-up that ended the count of them would wake a sleeping car for ever
                self.wakes = 0
        elif pilot_state == pilot.B:
            self.unplugged = False
            self.simplified = False
        elif self.unplugged and self.ready_ms >= SIMPLIFIED_MS:
            self.unplugged = False
            self.simplified = True

    def _fault(self, pilot_state):
        """A car that leaves has left, whatever stands: the next one is another."""
        if self.state == CHARGING or self.state == STOPPING:
            self.off_ms = FAULT_F_MS
        self._go(IDLE if pilot_state == pilot.A and self.off_ms <= 0 else FAULT)

    def _withdraw(self, then):
        """Offer first, contactor later: ``then`` is where an open contactor leads."""
        if self.state == CHARGING and self.left_ms < OPEN_AFTER_MS:
            self._go(STOPPING)
        elif self.state != STOPPING or self.left_ms >= OPEN_AFTER_MS or self.in_state_ms >= STOP_MS:
            self._go(then)

    def _open(self, pilot_state, offer_ma, may_offer, may_close):
        """The contactor is open and no fault stands."""
        state = self.state
        if state == WAKING:
            if self.in_state_ms >= WAKES_MS[self.wakes - 1]:
                self._go(PLUGGED)
        elif offer_ma == 0 or not may_offer:
            if state == OFFERED or state == DONE:
                self._go(PAUSED)
            elif state == IDLE and pilot_state != pilot.UNKNOWN:
                self._go(PLUGGED)
        elif pilot_state == pilot.UNKNOWN:
            return
        elif state == OFFERED or state == DONE:
            fits = offer_ma <= SIMPLIFIED_MA or not self.simplified  # it may have been found out just now
            if self.ready_ms >= CLOSE_AFTER_MS and self.open_ms >= RECLOSE_MS and may_close and fits:
                self.wakes = 0
                self._go(CHARGING)
            elif state == OFFERED and self.in_state_ms >= WAKE_AFTER_MS and self.wakes < len(WAKES_MS):
                self.wakes += 1
                self._go(WAKING)
        elif self.steady_ms >= STEADY_MS:
            if state == PAUSED and self.in_state_ms >= WAKE_AFTER_MS:
                self.wakes = 0  # it may have fallen asleep meanwhile
            self._go(OFFERED)
        elif state == IDLE:
            self._go(PLUGGED)

    def _write(self, offer_ma, verdict):
        state = self.state
        if state == CHARGING or state == OFFERED or state == DONE:
            verdict.offer_ma = offer_ma
            self.pilot = PWM if offer_ma else STEADY
        else:
            verdict.offer_ma = 0
            off = self.off_ms > 0 if state == FAULT else state == WAKING and self.wakes > 1
            self.pilot = OFF if off else STEADY
        verdict.closed = state == CHARGING or state == STOPPING
        verdict.session = state

    def _go(self, state):
        if state != self.state:
            self.state = state
            self.in_state_ms = 0
            if state == IDLE:
                self.wakes = 0
