"""The records that travel through a tick: made once, refilled every tick.

``Readings`` flows from sense to decide, ``Proposal`` from the law to the guard, ``Verdict`` from decide to act.
All numbers are integers inside +-2^30 with their unit in the name.
"""

PHASES = 3


class Limits:
    """The ratings and times that bound every decision; set by the installer, never by the law."""

    def __init__(self):
        self.breaker_ma = 16000  # supply breaker, per phase
        self.charger_ma = 16000  # lowest of board, cable and the charger's own circuit
        self.min_ma = 6000  # lowest current the pilot can express, IEC 61851-1 Table A.7
        self.phases = 1  # phases that the charger is wired to
        self.rise_dwell_ms = 5000  # headroom must have lasted this long before the offer rises
        self.resume_dwell_ms = 30000  # and this long before a paused car is offered current again
        self.ventilation = False  # state D may charge: the room is ventilated
        self.temperature_stop_c = 75


class Readings:
    """What one scan saw: RMS supply current per phase in mA, pilot plateaus in mV, inputs."""

    def __init__(self):
        self.grid_ma = [0] * PHASES
        self.grid_ok = False
        self.pilot_high_mv = 0
        self.pilot_low_mv = 0
        self.pilot_ok = False  # both plateaus (or the steady level) were really seen in this scan
        self.contactor_closed = False  # read-back of the auxiliary contact
        self.residual_fault = False
        self.temperature_c = 25


class Proposal:
    """What the law would like to offer, and why; 0 mA means pause."""

    def __init__(self):
        self.offer_ma = 0
        self.reason = 0
        self.phase = 0  # index of the phase that bound the offer
        self.value = 0  # the number that bound it, unit by reason
        self.bound = 0  # the bound it met, unit by reason


class Verdict:
    """What act carries out: the contactor, the offer, and the words for both."""

    def __init__(self):
        self.closed = False
        self.offer_ma = 0
        self.duty_u16 = 65535
        self.pilot_state = 0
        self.session = 0
        self.fault = 0
        self.reason = 0
        self.phase = 0
        self.value = 0
        self.bound = 0
