"""A guard by itself, with hand-made readings: for tests that read like a script.

The contactor follows the verdict, the pilot shows the car's state as the verdict's duty lets it be seen, and the
residual current module answers its test; set the attributes to make them lie. Import after the firmware is on the path.
"""

from headroom.guard import faults, pilot, session
from headroom.guard.guard import Guard
from headroom.terms.records import InForce, Limits, Proposal, Readings, Verdict

HIGH_MV = {"A": 12000, "B": 8978, "C": 5993, "D": 2930, "E": 0}


class Point:
    """``live`` lets time pass and returns the verdict; ``car`` is the letter that the car shows."""

    def __init__(self, **limits):
        self.limits = Limits()
        self.limits.button = True
        self.limits.charger_ma = 32000
        for name, value in limits.items():
            setattr(self.limits, name, value)
        self.guard = Guard(self.limits)
        self.readings = Readings()
        self.readings.grid_ok = True
        self.readings.pilot_ok = True
        self.proposal = Proposal()
        self.proposal.offer_ma = 16000
        self.verdict = Verdict()
        self.in_force = InForce()
        self.car = "A"
        self.high_mv = None  # instead of the car's
        self.low_mv = -12000
        self.follows = True  # the contactor does what it is told
        self.answers = True  # the residual current module answers its test
        self.locks = True
        self.tick_ms = 20

    def see(self):
        """Refill the readings from what was in force."""
        readings, verdict = self.readings, self.verdict
        mv = HIGH_MV[self.car] if self.high_mv is None else self.high_mv
        readings.pilot_high_mv = -12000 if verdict.duty_u16 == 0 else mv
        readings.pilot_low_mv = self.low_mv
        if self.follows:
            readings.contactor_closed = verdict.closed
        if self.limits.residual_test and self.answers:
            readings.residual_fault = verdict.residual_pulse
        if self.locks:
            readings.locked = verdict.lock

    def live(self, ms, car=None):
        """Let ``ms`` pass, with ``car`` from now on."""
        if car is not None:
            self.car = car
        for _ in range(max(ms // self.tick_ms, 1)):
            self.see()
            self.judge(self.tick_ms)
        return self.verdict

    def judge(self, dt_ms):
        """One tick of ``dt_ms`` with the readings as they are; the verdict of the last one is in force."""
        self.in_force.take(self.verdict)
        self.guard.judge(dt_ms, self.readings, self.proposal, self.in_force, self.verdict)

    def charge(self):
        """Plug in and charge."""
        self.live(4000, "A")
        self.live(4000, "B")
        verdict = self.live(1000, "C")
        assert verdict.closed, self.told()
        return verdict

    def told(self):
        """(session, pilot, fault) in words."""
        verdict = self.verdict
        return session.NAMES[verdict.session], pilot.LETTERS[verdict.pilot_state], self.fault()

    def fault(self):
        """Name of the fault that is told."""
        return faults.NAME[self.verdict.fault]

    def stands(self, code):
        """True while this fault stands."""
        return bool(self.verdict.faults >> code & 1)
