"""The residual current module is tested before each session and once a day; what does not answer gives no power."""

from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults, session
from headroom.guard.selftest import (
    FAILED,
    GOOD_FOR_MS,
    PASSED,
    PULSE,
    RELEASE,
    RELEASE_MS,
    RESPONSE_MS,
    UNTESTED,
    SelfTest,
)

TICK_MS = 20


def plugged():
    """A point with a module, just plugged in."""
    point = Point(residual_test=True)
    point.live(4000)
    return point


def pulses(point, ms, car):
    """How many test pulses went out in ``ms``."""
    count = 0
    was = point.verdict.residual_pulse
    for _ in range(ms // TICK_MS):
        pulse = point.live(TICK_MS, car).residual_pulse
        count += pulse and not was
        was = pulse
    return count


def test_a_module_that_answers_gives_power():
    point = plugged()
    assert pulses(point, 3000, "B") == 1
    assert point.verdict.offer_ma == 16000
    assert point.verdict.faults == 0
    assert point.live(1000, "C").closed


def test_nothing_is_offered_before_the_test_is_through():
    point = plugged()
    point.answers = False
    for _ in range(RESPONSE_MS // TICK_MS):
        assert point.live(TICK_MS, "B").offer_ma == 0
    assert point.verdict.residual_pulse or point.verdict.faults


def test_a_module_that_does_not_answer_is_a_fault_until_unplugged():
    point = plugged()
    point.answers = False
    point.live(RESPONSE_MS + 100, "B")
    assert point.verdict.faults == 1 << faults.RESIDUAL_TEST
    assert not point.verdict.residual_pulse
    assert not point.live(60000, "C").closed
    point.live(2000, "A")
    assert point.verdict.faults == 0


def test_a_module_that_does_not_let_go_is_a_fault():
    point = plugged()
    point.answers = False
    point.live(60, "B")
    point.readings.residual_fault = True
    point.live(RELEASE_MS - 100)
    assert point.verdict.faults == 0
    point.live(200)
    assert point.stands(faults.RESIDUAL_TEST)
    assert point.stands(faults.RESIDUAL), "and outside a test its output is an alarm"


def test_a_module_that_has_tripped_is_not_tested_but_believed():
    point = plugged()
    point.answers = False
    point.readings.residual_fault = True
    assert pulses(point, 3000, "B") == 0
    assert point.verdict.fault == faults.RESIDUAL


def test_each_session_tests_anew():
    point = plugged()
    pulses(point, 3000, "B")
    assert pulses(point, 3000, "A") == 0
    assert pulses(point, 3000, "B") == 1


def test_a_car_that_pulls_out_during_the_test_is_no_alarm():
    point = plugged()
    point.live(40, "B")
    assert point.verdict.residual_pulse
    point.live(3000, "A")
    assert point.verdict.faults == 0
    assert not point.verdict.residual_pulse


def test_never_under_load_and_again_after_a_day():
    point = plugged()
    point.tick_ms = 1000
    point.live(10000, "B")
    point.live(5000, "C")
    assert point.verdict.closed
    assert pulses(point, GOOD_FOR_MS // 40, "C") == 0
    point.tick_ms = 20000
    point.live(GOOD_FOR_MS, "C")
    point.tick_ms = TICK_MS
    point.proposal.offer_ma = 0
    point.live(1000, "C")
    assert point.verdict.session == session.STOPPING
    assert not point.verdict.residual_pulse
    assert pulses(point, 3000, "B") == 1


def test_within_a_day_a_pause_needs_no_new_test():
    point = plugged()
    point.live(4000, "B")
    point.live(1000, "C")
    point.proposal.offer_ma = 0
    assert pulses(point, 5000, "B") == 0


def test_a_failure_that_returns_needs_a_person():
    point = plugged()
    point.answers = False
    for _ in range(3):
        assert point.guard.latched() == 0
        point.live(3000, "B")
        latched = point.guard.latched()
        point.live(3000, "A")
    assert latched == 1 << faults.RESIDUAL_TEST


def test_each_phase_ends_to_the_millisecond():
    test = SelfTest()
    test.step(1, False, False)
    assert test.phase == UNTESTED
    test.step(1, True, True)
    assert test.phase == UNTESTED, "an alarm is not tested"
    test.step(1, True, False)
    assert test.phase == PULSE
    test.step(999, True, False)
    assert test.phase == PULSE
    test.step(1, True, False)
    assert test.phase == FAILED
    test.step(1 << 20, True, False)
    assert test.phase == FAILED
    test.forget()
    test.step(1, True, False)
    test.step(1, True, True)
    assert test.phase == RELEASE
    test.step(1499, True, True)
    assert test.phase == RELEASE
    test.step(1, True, True)
    assert test.phase == FAILED


def test_a_pass_is_good_for_a_day():
    test = SelfTest()
    for answer in (False, True, False):
        test.step(1, True, answer)
    assert test.phase == PASSED
    test.step(86399999, True, False)
    assert test.phase == PASSED
    test.step(1, False, False)
    assert test.phase == PASSED, "not while it may not be tested"
    test.step(1, True, False)
    assert test.phase == UNTESTED
    for answer in (False, True, False):
        test.step(1, True, answer)
    test.step(86399999, True, False)
    test.step(1, True, False)
    assert test.phase == UNTESTED


def test_a_test_that_was_broken_off_is_none():
    test = SelfTest()
    test.step(1, True, False)
    test.step(1, False, False)
    assert test.phase == RELEASE
    test.step(1, False, False)
    assert test.phase == UNTESTED


def test_forgetting_leaves_a_running_test_alone_and_the_timer_stops_after_a_day():
    test = SelfTest()
    test.step(1, True, False)
    test.forget()
    assert test.phase == PULSE
    test.step(1, True, True)
    test.forget()
    assert test.phase == RELEASE
    test.step(1, True, False)
    for _ in range(40):
        test.step(GOOD_FOR_MS // 2, False, False)
    assert test.in_phase_ms <= 2 * GOOD_FOR_MS


def test_a_test_that_was_cut_off_by_an_unplug_is_not_passed_by_the_next_plug():
    point = plugged()
    point.answers = False
    while not point.verdict.residual_pulse:
        point.live(TICK_MS, "B")
    point.live(TICK_MS, "A")
    assert point.live(RESPONSE_MS - 100, "B").offer_ma == 0
    assert point.guard.selftest.phase != PASSED
    point.live(RESPONSE_MS)
    assert point.stands(faults.RESIDUAL_TEST)


def test_an_answer_for_a_car_that_left_meanwhile_is_none_for_the_next():
    test = SelfTest()
    test.step(20, True, False)
    test.step(20, True, True)
    assert test.phase == RELEASE
    test.forget()
    test.step(20, True, False)
    assert test.phase == UNTESTED
