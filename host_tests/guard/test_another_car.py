"""A pilot that is off, earthed or not understood shows nobody who leaves: whoever stands there then may be another car."""

import pytest
from bench import host

host.load()
from bench.point import HIGH_MV, Point
from headroom.guard import faults, pilot, session
from headroom.guard.guard import SWAP_MS
from headroom.guard.selftest import PASSED
from headroom.guard.session import STEADY_MS, WAKE_AFTER_MS, WAKES_MS
from headroom.terms import meter_faults


def latched(point):
    """A fault that stays stands, and the pilot is off."""
    answers, point.answers = point.answers, False
    point.readings.residual_fault = True
    point.live(100)
    point.readings.residual_fault = False
    point.live(2000)
    point.answers = answers
    assert point.verdict.duty_u16 == 0


def off(point, car):
    """A spell with a latched fault's F, ended by a person; then ``car``."""
    latched(point)
    point.car = car
    point.guard.clear_by_person()


def earthed(point, car):
    """A spell in which the pilot was earthed; then ``car``."""
    point.live(1000, "E")
    point.live(31000, car)
    assert point.verdict.faults == 0


def not_understood(point, car):
    """A spell between the bands; then ``car``."""
    point.high_mv = -5000
    point.live(1000)
    point.high_mv = None
    point.live(6000, car)
    assert point.verdict.faults == 0


SPELLS = (off, earthed, not_understood)


@pytest.fixture(params=SPELLS, ids=lambda spell: spell.__name__)
def spell(request):
    """Each spell in which a car may change."""
    return request.param


def charging(**limits):
    """A car with S2 that charges with 31 A."""
    point = Point(**limits)
    point.proposal.offer_ma = 31000
    point.charge()
    return point


def test_a_car_without_s2_that_came_meanwhile_gets_ten_amperes(spell):
    point = charging()
    spell(point, "C")
    most_ma = 0
    for _ in range(1000):
        verdict = point.live(20)
        most_ma = max(most_ma, verdict.offer_ma if verdict.closed else 0)
    assert most_ma == 10000


def test_a_car_without_s2_that_came_in_the_third_wake_up_gets_ten_amperes():
    point = Point()
    point.proposal.offer_ma = 31000
    point.live(4000)
    while point.verdict.session != session.WAKING or point.guard.session.wakes < 3:
        point.live(1000, "B")
    point.live(10000)
    assert point.verdict.pilot_state == pilot.F
    assert point.live(WAKES_MS[2] + STEADY_MS, "C").offer_ma <= 10000
    assert point.verdict.closed


def test_a_car_with_s2_that_came_meanwhile_is_not_held_to_ten_amperes(spell):
    point = Point()
    point.proposal.offer_ma = 31000
    point.live(4000)
    assert point.live(2000, "C").offer_ma == 10000
    spell(point, "B")
    point.live(STEADY_MS + 100)
    assert point.live(2000, "C").offer_ma == 31000


def test_the_residual_current_module_is_tested_for_it(spell):
    point = charging(residual_test=True)
    point.guard.selftest.in_phase_ms = 1000000
    spell(point, "B")
    point.live(10000)
    assert point.guard.selftest.phase == PASSED
    assert point.guard.selftest.in_phase_ms < 100000, "passed anew"


def test_it_sees_twelve_volts_for_three_seconds_before_an_offer():
    point = charging()
    off(point, "B")
    assert point.live(STEADY_MS).offer_ma == 0
    assert point.live(100).offer_ma == 31000


def test_it_is_woken_as_often_as_the_one_before_was():
    point = Point()
    point.live(4000)
    point.live(10 * WAKE_AFTER_MS, "B")
    assert point.guard.session.wakes == 3
    off(point, "B")
    point.live(2 * WAKE_AFTER_MS, "B")
    assert point.guard.session.wakes > 0
    assert point.verdict.session in (session.WAKING, session.OFFERED)
    assert point.guard.session.wakes < 3


def test_a_wake_up_does_not_begin_the_count_anew():
    point = Point()
    point.live(4000)
    point.live(20 * WAKE_AFTER_MS, "B")
    assert (point.guard.session.wakes, point.verdict.session) == (3, session.OFFERED)


def test_what_the_cars_steps_have_shown_of_the_clamps_is_forgotten(spell):
    point = charging()
    response = point.guard.fallback.response
    response.uses[:] = [True, True, True]
    response.suspect, response.times = meter_faults.SHORT_OF_CAR, 2
    spell(point, "B")
    point.live(20)
    assert (response.uses, response.times) == ([False] * 3, 0)


def test_a_pause_by_hand_ends_with_the_car_that_it_was_for():
    point = charging()
    point.guard.hold(True)
    point.live(7000, "B")
    latched(point)
    point.live(SWAP_MS)
    point.guard.clear_by_person()
    assert point.live(STEADY_MS + 100, "B").offer_ma == 31000


def test_a_pause_by_hand_and_what_was_learnt_of_a_car_end_with_it_though_a_fault_stands():
    point = charging()
    point.guard.hold(True)
    point.live(7000, "B")
    point.guard.retry.ceiling_ma = 8000
    point.readings.earth_fault = True
    point.live(1000)
    point.live(1000, "A")
    assert not point.guard.held
    point.readings.earth_fault = False
    point.live(1000, "B")
    assert point.live(60000 + STEADY_MS, "B").offer_ma == 31000


def test_a_pause_by_hand_while_the_pilot_is_off_is_for_the_car_that_stands_there():
    point = charging()
    latched(point)
    point.guard.hold(True)
    point.live(SWAP_MS)
    point.guard.clear_by_person()
    assert point.live(STEADY_MS + 100, "B").offer_ma == 0


def test_a_pause_by_hand_outlives_the_moment_of_f_after_a_fault():
    point = charging()
    point.guard.hold(True)
    point.live(1000)
    point.high_mv = -5000
    point.live(1000)
    point.high_mv = None
    assert point.live(60000, "C").offer_ma == 0
    assert point.guard.held


def test_a_fault_of_the_session_before_does_not_keep_the_next_ones_strikes():
    point = charging()
    off(point, "B")
    point.live(20)
    assert not point.guard.troubled


def test_one_window_that_is_not_understood_changes_no_car():
    point = Point(residual_test=True)
    point.proposal.offer_ma = 31000
    point.charge()
    point.live(1000, "B")
    point.high_mv = (HIGH_MV["B"] + HIGH_MV["C"]) // 2
    point.live(20)
    point.high_mv = None
    assert point.guard.selftest.phase == PASSED
    assert point.live(2500, "C").offer_ma == 31000


def test_every_state_and_fault_that_may_hide_a_change_is_told():
    unclear = 1 << faults.PILOT_UNCLEAR
    for state, raised, expected in (
        (pilot.A, 0, True),
        (pilot.B, 0, False),
        (pilot.C, unclear, False),
        (pilot.D, 0, False),
        (pilot.E, 0, True),
        (pilot.F, 0, True),
        (pilot.UNKNOWN, 0, False),
        (pilot.UNKNOWN, unclear << 1, False),
        (pilot.UNKNOWN, unclear, True),
    ):
        assert pilot.another_car(state, raised) is expected
