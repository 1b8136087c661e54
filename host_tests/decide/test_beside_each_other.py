"""What two things at once must not do: faults that hide each other, a rest that is counted twice, the last car's account."""

from bench import host
from bench.point import Point

host.load(entry="headroom.decide.guard")
from headroom.decide import faults, selftest, session

NOW = [code for code in range(1, faults.COUNT) if faults.OPENS[code] == faults.NOW]
POLITE = [code for code in range(1, faults.COUNT) if faults.OPENS[code] == faults.POLITELY]


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
