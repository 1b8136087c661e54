"""What two things at once must not do: faults that hide each other, a rest that is counted twice, the last car's account."""

from bench import host
from bench.point import Point

host.load(entry="headroom.guard.guard")
from headroom.guard import faults, selftest, session
from headroom.law.carcheck import CarCheck
from headroom.monitor.breaker import LastResort
from headroom.monitor.excursions import Excursions
from headroom.terms.records import Limits, Proposal, Readings, Verdict

NOW = [code for code in range(1, faults.COUNT) if faults.OPENS[code] == faults.NOW]
POLITE = [code for code in range(1, faults.COUNT) if faults.OPENS[code] == faults.GRACEFULLY]


def test_a_fault_that_opens_now_does_so_beside_every_polite_one():
    for polite in POLITE:
        for now in NOW:
            point = Point()
            point.charge()
            point.guard.latch(1 << polite | 1 << now)
            assert not point.live(20).closed, (faults.NAME[polite], faults.NAME[now])


def test_a_polite_one_by_itself_lets_the_car_stop_first():
    for polite in POLITE:
        point = Point()
        point.charge()
        point.guard.latch(1 << polite)
        verdict = point.live(20)
        assert (verdict.closed, verdict.offer_ma) == (True, 0), faults.NAME[polite]


def test_the_contactors_rest_begins_when_it_opens_and_not_when_the_stop_does():
    point = Point()
    point.charge()
    point.proposal.offer_ma = 0
    assert point.live(5000).closed, "the car takes its time to stop"
    point.proposal.offer_ma = 16000
    point.live(session.OPEN_AFTER_MS + 20, "B")
    assert not point.verdict.closed
    point.car = "C"
    rested_ms = 0
    while not point.live(20).closed:
        rested_ms += 20
        assert rested_ms < 4000
    assert rested_ms >= session.RECLOSE_MS - 40


def test_a_car_that_came_after_another_left_is_shown_to_have_a_diode_by_itself():
    point = Point()
    point.charge()
    point.live(1000, "B")
    point.live(1000, "A")
    point.low_mv = 0
    point.live(8000, "C")
    assert not point.verdict.closed
    assert point.guard.diode_ms == 0


def test_a_car_that_came_after_another_left_is_charged_on_a_self_test_of_its_own():
    point = Point(residual_test=True)
    point.live(2000, "A")
    point.live(6000, "B")
    assert point.guard.selftest.phase == selftest.PASSED
    point.live(2000, "A")
    point.answers = False
    point.readings.residual_fault = False
    verdict = point.live(8000, "B")
    assert point.stands(faults.RESIDUAL_TEST)
    assert verdict.offer_ma == 0


def test_a_car_without_s2_is_found_out_also_when_it_comes_after_one_with():
    point = Point()
    point.charge()
    point.live(1000, "A")
    verdict = point.live(8000, "C")
    assert (verdict.closed, verdict.offer_ma) == (True, 10000)


def test_an_alarm_of_the_residual_current_module_after_its_test_is_an_alarm():
    point = Point(residual_test=True)
    point.live(2000, "A")
    point.live(6000, "B")
    assert point.live(1000, "C").closed
    point.answers = False
    point.readings.residual_fault = True
    assert not point.live(20).closed
    assert point.stands(faults.RESIDUAL)


def test_the_plug_is_held_while_the_contacts_are_closed_whatever_the_session_says():
    point = Point(lock=True, socket=True)
    point.readings.proximity_ohm = 220
    point.charge()
    point.follows = False  # welded
    for at in ("C", "B", "A"):
        assert point.live(8000, at).lock, at


def test_the_supply_is_judged_by_the_nominal_voltage_of_the_place():
    for volts, code in ((120, 0), (104, faults.UNDERVOLTAGE), (134, faults.OVERVOLTAGE_NEAR)):
        point = Point(mains_low_mv=108000, mains_high_mv=132000)
        point.readings.mains_ok = True
        point.readings.mains_mv = volts * 1000
        point.live(5000, "A")
        assert point.verdict.faults == (1 << code if code else 0), volts


def test_the_logic_supply_is_judged_by_the_boards_own():
    for rail_mv, stands in ((2850, False), (2700, True)):
        point = Point(rail_mv=3100)
        point.readings.rail_mv = rail_mv
        point.live(1000, "A")
        assert point.stands(faults.RAIL) is stands, rail_mv


def test_a_slow_breaker_still_hot_from_what_the_named_one_has_forgotten_puts_it_at_risk():
    limits, readings = Limits(), Readings()
    last_resort = LastResort(limits)
    for seconds, percent, closed in ((1800, 130, False), (55, 50, False), (1, 120, True)):
        readings.grid_ma[0] = limits.breaker_ma * percent // 100
        for _ in range(seconds):
            last_resort.step(1000, readings, closed)
    assert last_resort.at_risk


def test_an_excursion_on_any_phase_that_the_car_may_use_counts_and_on_no_other():
    for phase in range(3):
        grid_ma = [1000] * 3
        grid_ma[phase] = 17000
        for uses in range(8):
            excursions = Excursions()
            locks_out = [excursions.step(1000, grid_ma, uses, 16000, True) for _ in range(61)]
            assert any(locks_out) == bool(uses >> phase & 1), (phase, uses)


def test_calibrate_car_only_ever_lowers_what_the_law_proposes():
    readings, verdict, proposal = Readings(), Verdict(), Proposal()
    readings.grid_ok = True
    verdict.session, verdict.offer_ma = session.CHARGING, 8000
    for offer_ma in (0, 6000, 7900, 8000, 20000):
        proposal.offer_ma = 20000
        check = CarCheck(Limits())
        check.start(verdict, proposal)
        proposal.offer_ma = offer_ma
        assert check.bounded(20, readings, verdict, proposal).offer_ma == min(offer_ma, 8000)
