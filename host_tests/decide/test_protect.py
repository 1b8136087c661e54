"""Protection: each fault is raised after its time and cleared as its row says."""

from headroom.decide import pilot, protect
from headroom.decide.protect import Protect
from headroom.decide.records import Limits, Readings, Verdict

TICK_MS = 10


class Watched:
    """A healthy point that charges: PWM out, contactor closed, car in C."""

    def __init__(self):
        self.protect = Protect(Limits())
        self.readings = Readings()
        self.readings.pilot_ok = True
        self.readings.pilot_low_mv = -12000
        self.readings.contactor_closed = True
        self.verdict = Verdict()
        self.verdict.duty_u16 = 20000
        self.verdict.closed = True
        self.state = pilot.C

    def live(self, ms):
        """Let time pass; returns the name of the fault."""
        for _ in range(ms // TICK_MS):
            fault = self.protect.step(TICK_MS, self.readings, self.state, self.verdict)
        return protect.FAULTS[fault][0]


def test_a_healthy_charge_has_no_fault():
    assert Watched().live(3600000) == "none"


def test_residual_current_is_a_fault_at_once_and_stays():
    point = Watched()
    point.readings.residual_fault = True
    assert point.live(TICK_MS) == "residual current"
    point.readings.residual_fault = False
    point.state = pilot.A
    assert point.live(600000) == "residual current"
    point.protect.reset_by_person()
    assert point.live(TICK_MS) == "none"


def test_a_person_cannot_clear_what_is_still_there():
    point = Watched()
    point.readings.residual_fault = True
    point.live(TICK_MS)
    point.protect.reset_by_person()
    assert point.live(TICK_MS) == "residual current"


def test_a_weld_is_seen_when_the_contactor_should_be_open():
    point = Watched()
    point.verdict.closed = False
    assert point.live(190) == "none"
    assert point.live(TICK_MS) == "contactor welded"


def test_a_contactor_that_does_not_close_is_named():
    point = Watched()
    point.readings.contactor_closed = False
    assert point.live(200) == "contactor does not close"


def test_no_diode_no_power():
    point = Watched()
    point.readings.pilot_low_mv = -6000
    assert point.live(100) == "no diode in the car"
    point.readings.pilot_low_mv = -12000
    assert point.live(60000) == "no diode in the car"
    point.state = pilot.A
    assert point.live(2000) == "none"


def test_a_pilot_that_is_not_understood_is_a_fault_after_its_time():
    point = Watched()
    point.state = pilot.UNKNOWN
    assert point.live(90) == "none"
    assert point.live(TICK_MS) == "pilot not understood"
    point.state = pilot.B
    assert point.live(4990) == "pilot not understood"
    assert point.live(TICK_MS) == "none"


def test_heat_stops_and_comes_back_when_it_has_been_cool_for_a_minute():
    point = Watched()
    point.readings.temperature_c = 80
    assert point.live(2000) == "charger too hot"
    point.readings.temperature_c = 40
    assert point.live(59000) == "charger too hot"
    assert point.live(1000) == "none"
