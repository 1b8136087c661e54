"""What counts as wrong: each reading just inside and just outside its bound."""

from bench import host

host.load()
from headroom.guard import faults, pilot
from headroom.guard.causes import CODED_MS, Causes
from headroom.terms.records import Limits, Readings, Verdict

PWM = 17476  # 16 A
STEADY, OFF = 65535, 0


class Scene:
    """A healthy charge; change what you like, then ask what is ``wrong``."""

    def __init__(self, **changes):
        self.limits = Limits()
        self.readings = Readings()
        self.verdict = Verdict()
        self.raised = 0
        self.state = pilot.C
        self.dt_ms = 20
        self.readings.pilot_ok = self.readings.contactor_closed = self.readings.locked = True
        self.readings.pilot_high_mv, self.readings.pilot_low_mv = 6000, -12000
        self.readings.proximity_ohm = 220
        self.verdict.closed = self.verdict.lock = True
        self.verdict.duty_u16 = PWM
        self.verdict.offer_ma = 16000
        self.causes = Causes(self.limits)
        self.change(**changes)

    def change(self, **changes):
        """Set limits, readings, or what was in force, by name."""
        for name, value in changes.items():
            owners = (self.readings, self.limits, self.verdict, self)
            owner = next(owner for owner in owners if hasattr(owner, name))
            setattr(owner, name, value)
        return self

    def wrong(self):
        """The faults whose cause is present."""
        found = self.causes.of(self.dt_ms, self.readings, self.state, self.verdict, self.raised)
        return [code for code in range(faults.COUNT) if found >> code & 1]


def wrong(**changes):
    """What is wrong with a healthy charge after these changes."""
    return Scene(**changes).wrong()


def test_a_healthy_charge_has_no_cause():
    assert wrong() == []
    assert wrong(closed=False, contactor_closed=False) == []


def test_the_pilot_says_what_is_wrong():
    for state, code in (
        (pilot.UNKNOWN, faults.PILOT_UNCLEAR),
        (pilot.E, faults.PILOT_SHORT),
        (pilot.F, faults.PILOT_STUCK),
        (pilot.D, faults.VENTILATION),
    ):
        assert wrong(state=state) == [code]
    assert wrong(state=pilot.A) == wrong(state=pilot.B) == []
    assert wrong(state=pilot.D, ventilation=True) == []


def test_a_pilot_that_is_off_must_be_off():
    assert wrong(duty_u16=OFF, state=pilot.F) == []
    assert wrong(duty_u16=OFF, state=pilot.C) == [faults.PILOT_STUCK]
    assert wrong(duty_u16=STEADY, state=pilot.F) == [faults.PILOT_STUCK]


def test_no_diode_shows_in_the_low_half_of_a_pwm_only():
    assert wrong(pilot_low_mv=-10000) == []
    assert wrong(pilot_low_mv=-9999) == [faults.DIODE]
    for duty in (1, STEADY - 1):
        assert wrong(pilot_low_mv=-6000, duty_u16=duty) == [faults.DIODE]
    assert wrong(pilot_low_mv=-6000, duty_u16=STEADY) == []
    assert wrong(pilot_low_mv=-6000, duty_u16=OFF, state=pilot.F) == []
    assert wrong(pilot_low_mv=-6000, duty_u16=OFF) == [faults.PILOT_STUCK]
    assert wrong(pilot_low_mv=-6000, pilot_ok=False) == []
    assert wrong(pilot_low_mv=-6000, state=pilot.A) == []
    assert wrong(pilot_low_mv=-6000, state=pilot.B) == [faults.DIODE]
    assert wrong(pilot_low_mv=-6000, state=pilot.D, ventilation=True) == [faults.DIODE]
    assert wrong(pilot_low_mv=-6000, state=pilot.E) == [faults.PILOT_SHORT]


def test_plateaus_that_lie_together_were_not_measured():
    assert wrong(pilot_low_mv=5501) == [faults.ADC_FROZEN]
    assert wrong(pilot_low_mv=5500) == [faults.DIODE]


def test_the_contactor_must_be_where_it_was_told_to_be():
    assert wrong(closed=False) == [faults.WELDED]
    scene = Scene(contactor_closed=False)
    assert scene.wrong() == [faults.NOT_CLOSING]
    assert scene.change(contactor_closed=True).wrong() == []
    assert scene.change(contactor_closed=False).wrong() == [faults.READBACK]
    assert scene.change(closed=False).wrong() == []
    assert scene.change(closed=True).wrong() == [faults.NOT_CLOSING], "a new command, which it never followed"
    scene = Scene()
    scene.wrong()
    scene.change(closed=False).wrong()
    assert scene.change(closed=True, contactor_closed=False).wrong() == [faults.NOT_CLOSING]


def test_inputs_that_alarm():
    assert wrong(residual_fault=True) == [faults.RESIDUAL]
    assert wrong(earth_fault=True) == [faults.EARTH]
    assert wrong(temperature_ok=False) == [faults.TEMPERATURE_SENSOR]
    assert wrong(temperature_ok=False, temperature_c=120) == [faults.TEMPERATURE_SENSOR], "its word is worth nothing"
    assert wrong(clock_ok=False) == [faults.CLOCK]


def test_a_tick_has_a_budget_beside_its_window():
    assert wrong(busy_us=15000) == []
    assert wrong(busy_us=15001) == [faults.LATE]


def test_the_supply_voltage_has_a_window():
    for millivolts, found in (
        (206999, [faults.UNDERVOLTAGE]), (207000, []), (253000, []), (253001, [faults.OVERVOLTAGE_NEAR]),
        (258060, [faults.OVERVOLTAGE_NEAR]), (258061, [faults.OVERVOLTAGE, faults.OVERVOLTAGE_NEAR]),
    ):  # fmt: skip
        assert wrong(mains_ok=True, mains_mv=millivolts) == found
        assert wrong(mains_ok=False, mains_mv=millivolts) == []


def test_a_car_may_exceed_its_offer_by_one_ampere_or_a_tenth():
    for offer_ma, most_ma in ((6000, 7000), (10000, 11000), (16000, 17600), (32000, 35200)):
        assert wrong(car_ok=True, offer_ma=offer_ma, car_ma=most_ma) == []
        assert wrong(car_ok=True, offer_ma=offer_ma, car_ma=most_ma + 1) == [faults.OVERDRAW]
    assert wrong(car_ok=False, car_ma=40000) == []
    assert wrong(car_ok=True, car_ma=40000, offer_ma=0) == [], "a polite stop has its own end"
    assert wrong(car_ok=True, car_ma=40000, closed=False, contactor_closed=False) == []


def test_a_car_that_comes_down_by_an_ampere_follows_an_earlier_cut():
    scene = Scene(car_ok=True, car_ma=31000, offer_ma=32000)
    assert scene.wrong() == []
    scene.change(offer_ma=16000)
    for car_ma, found in (
        (31000, [faults.OVERDRAW]), (30001, [faults.OVERDRAW]), (30000, []), (30000, [faults.OVERDRAW]),
        (29001, [faults.OVERDRAW]), (31000, [faults.OVERDRAW]), (29000, []), (17600, []), (17601, [faults.OVERDRAW]),
        (16601, []), (17601, [faults.OVERDRAW]),
    ):  # fmt: skip
        assert scene.change(car_ma=car_ma).wrong() == found, car_ma


def test_the_rail_may_sag_by_a_tenth():
    assert wrong(rail_mv=2970) == []
    assert wrong(rail_mv=2969) == [faults.RAIL]


def test_heat_has_a_stop_and_ten_kelvin_of_hysteresis():
    hot = 1 << faults.HOT
    assert wrong(temperature_c=74) == []
    assert wrong(temperature_c=75) == [faults.HOT]
    assert wrong(temperature_c=65, raised=hot) == [faults.HOT]
    assert wrong(temperature_c=64, raised=hot) == []
    assert wrong(temperature_c=70, raised=~hot) == [], "other faults move nothing"


def test_a_clock_may_stand_for_seven_ticks():
    scene = Scene(dt_ms=0)
    assert [scene.wrong() for _ in range(9)] == [[]] * 7 + [[faults.CLOCK]] * 2
    assert scene.change(dt_ms=1).wrong() == []
    scene.change(dt_ms=0)
    assert [scene.wrong() for _ in range(8)] == [[]] * 7 + [[faults.CLOCK]]


def test_a_socket_needs_a_cable_it_understands():
    for ohm, found in ((79, [faults.PROXIMITY]), (80, []), (4500, []), (4501, [faults.PROXIMITY])):
        assert wrong(socket=True, proximity_ohm=ohm) == found
        assert wrong(socket=False, proximity_ohm=ohm) == []
    empty = {"socket": True, "proximity_ohm": 100000, "closed": False, "contactor_closed": False, "dt_ms": CODED_MS}
    for state in (pilot.B, pilot.C):
        assert wrong(state=state, **empty) == [faults.PROXIMITY]
    assert wrong(state=pilot.D, ventilation=True, **empty) == [faults.PROXIMITY]
    assert wrong(state=pilot.A, **empty) == []
    assert wrong(state=pilot.A, socket=True, proximity_ohm=100000) == [faults.PROXIMITY], "closed on an empty socket"
    assert wrong(state=pilot.A, socket=True, proximity_ohm=10, closed=False, contactor_closed=False) == [
        faults.PROXIMITY
    ]


def test_a_lock_that_is_told_to_hold_must_hold():
    assert wrong(socket=True, lock=True, locked=False) == [faults.LOCK]
    scene = Scene(socket=True, locked=False)
    scene.limits.lock = True
    scene.verdict.lock = False
    assert scene.wrong() == []
    scene.limits.lock, scene.verdict.lock = False, True
    assert scene.wrong() == []


def test_a_voltage_that_was_too_low_is_back_one_percent_above_its_limit():
    for millivolts, found in ((209069, [faults.UNDERVOLTAGE]), (209070, [])):
        assert wrong(mains_ok=True, mains_mv=millivolts, raised=1 << faults.UNDERVOLTAGE) == found
        assert wrong(mains_ok=True, mains_mv=millivolts, raised=1 << faults.OVERVOLTAGE) == []
