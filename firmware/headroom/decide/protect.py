"""Protection: faults as data, and the rules that raise and clear them.

One table says what each fault is, how the contactor opens and how the fault clears. Whatever is raised here, the
session offers nothing and the contactor opens.
"""

from headroom.decide import pilot

NONE = 0
PILOT_UNCLEAR = 1
DIODE = 2
RESIDUAL = 3
WELDED = 4
NOT_CLOSING = 5
HOT = 6
VENTILATION = 7
PILOT_SHORT = 8

CLEARS_GOOD = 0  # by itself, when the cause has been gone for a while
CLEARS_UNPLUG = 1  # when the car is unplugged and the cause is gone
CLEARS_PERSON = 2  # by a person only

# fault: (name, how it clears, ms the cause must last before the fault is raised, ms it must be gone before it clears)
FAULTS = (
    ("none", CLEARS_GOOD, 0, 0),
    ("pilot not understood", CLEARS_GOOD, 100, 5000),
    ("no diode in the car", CLEARS_UNPLUG, 100, 1000),
    ("residual current", CLEARS_PERSON, 0, 0),
    ("contactor welded", CLEARS_PERSON, 200, 0),
    ("contactor does not close", CLEARS_UNPLUG, 200, 1000),
    ("charger too hot", CLEARS_GOOD, 2000, 60000),
    ("car needs ventilation", CLEARS_UNPLUG, 500, 1000),
    ("pilot shorted", CLEARS_GOOD, 40, 30000),
)


class Protect:
    """Watches the readings; ``fault`` is the code of the first fault raised and not yet cleared."""

    def __init__(self, limits):
        self.limits = limits
        self.fault = NONE
        self.lasted_ms = [0] * len(FAULTS)  # how long each cause has been present
        self.gone_ms = 0  # how long the raised fault's cause has been absent

    def step(self, dt_ms, readings, pilot_state, verdict):
        """Advance by ``dt_ms``; ``verdict`` is what was in force during that time. Returns the fault code."""
        pwm = 0 < verdict.duty_u16 < pilot.STEADY_HIGH_U16
        plugged = pilot_state == pilot.B or pilot_state == pilot.C or pilot_state == pilot.D
        closed = readings.contactor_closed
        self._watch(dt_ms, PILOT_UNCLEAR, not readings.pilot_ok or pilot_state == pilot.UNKNOWN)
        self._watch(
            dt_ms,
            DIODE,
            pwm and plugged and readings.pilot_ok and not pilot.diode_present(readings.pilot_low_mv),
        )
        self._watch(dt_ms, RESIDUAL, readings.residual_fault)
        self._watch(dt_ms, WELDED, closed and not verdict.closed)
        self._watch(dt_ms, NOT_CLOSING, verdict.closed and not closed)
        self._watch(dt_ms, HOT, readings.temperature_c >= self.limits.temperature_stop_c)
        self._watch(dt_ms, VENTILATION, pilot_state == pilot.D and not self.limits.ventilation)
        self._watch(dt_ms, PILOT_SHORT, pilot_state == pilot.E)
        if self.fault != NONE:
            self._clear(dt_ms, pilot_state)
        return self.fault

    def reset_by_person(self):
        """Clear a fault that only a person may clear, unless its cause is still there."""
        if self.lasted_ms[self.fault] == 0:
            self.fault = NONE

    def _watch(self, dt_ms, fault, present):
        if not present:
            self.lasted_ms[fault] = 0
            return
        if self.lasted_ms[fault] <= FAULTS[fault][2]:
            self.lasted_ms[fault] += dt_ms
        if self.lasted_ms[fault] >= FAULTS[fault][2] and self.fault == NONE:
            self.fault = fault
            self.gone_ms = 0

    def _clear(self, dt_ms, pilot_state):
        if self.lasted_ms[self.fault] > 0:
            self.gone_ms = 0
            return
        self.gone_ms += dt_ms
        how = FAULTS[self.fault][1]
        if how == CLEARS_PERSON or self.gone_ms < FAULTS[self.fault][3]:
            return
        if how == CLEARS_GOOD or pilot_state == pilot.A:
            self.fault = NONE
