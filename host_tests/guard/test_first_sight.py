"""What is seen for the first time after a slow tick has been there for a window, not for the tick: nobody looked before."""

import pytest
from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults, pilot, session
from headroom.guard.button import NOTHING, SHORT, Button
from headroom.guard.faults import AFTER_MS, GONE_MS, NAME
from headroom.guard.protect import Protect
from headroom.guard.session import RECLOSE_MS
from headroom.guard.sight import WINDOW_MS
from headroom.terms import meter_faults

SLOW_MS = (70, 600, 1500)
BETWEEN_MV = -5000  # in no band
LASTING = [code for code in range(1, faults.COUNT) if AFTER_MS[code] > WINDOW_MS]


def one_tick(point, ms, car=None):
    """One tick of ``ms``."""
    usual_ms, point.tick_ms = point.tick_ms, ms
    point.live(ms, car)
    point.tick_ms = usual_ms
    return point.verdict


@pytest.mark.parametrize("ms", SLOW_MS)
def test_one_unreadable_window_opens_nothing_however_slow_its_tick(ms):
    point = Point()
    point.charge()
    point.readings.pilot_ok = False
    assert one_tick(point, ms).closed
    point.readings.pilot_ok = True
    assert point.live(1000).closed


@pytest.mark.parametrize("ms", [600, 1500])
def test_one_reading_of_c_closes_nothing_however_slow_its_tick(ms):
    point = Point()
    point.live(4000)
    point.live(RECLOSE_MS, "B")
    assert not one_tick(point, ms, "C").closed
    assert not point.live(400).closed
    assert point.live(200).closed


def test_one_reading_of_c_is_no_car_without_s2():
    point = Point()
    point.live(4000)
    one_tick(point, 600, "C")
    assert not point.guard.session.simplified


@pytest.mark.parametrize("code", LASTING, ids=lambda code: NAME[code])
def test_no_fault_that_must_last_is_raised_by_one_look(code):
    for ms in (*SLOW_MS, 10000):
        clock = Protect()
        assert clock.step(ms, 1 << code, pilot.C) == 0
        assert clock.step(AFTER_MS[code], 1 << code, pilot.C) == 1 << code, "but by two that are so far apart"


def test_a_look_in_which_no_time_passed_is_a_look_at_a_car_that_does_not_ask():
    """A window that ends early for the pilot makes a tick of less than a millisecond."""
    point = Point()
    point.charge()
    point.car = "B"
    point.see()
    point.judge(0)
    point.high_mv = BETWEEN_MV
    for _ in range(2):
        assert point.verdict.closed
        point.see()
        point.judge(20)
    assert not point.verdict.closed


def test_no_fault_clears_by_one_look_at_a_cause_that_is_gone():
    for code in range(1, faults.COUNT):
        if GONE_MS[code] > WINDOW_MS:
            clock = Protect()
            clock.latch(1 << code)
            clock.step(100000, 0, pilot.A)
            clock.clear_by_person()
            assert clock.raised, NAME[code]
            clock.step(GONE_MS[code], 0, pilot.A)
            clock.clear_by_person()
            assert not clock.raised, NAME[code]


def test_one_window_of_doubt_costs_nothing_and_one_good_one_ends_none():
    point = Point(trust_back_ms=1000)
    point.charge()
    point.readings.quality[0] = meter_faults.FROZEN
    assert one_tick(point, 1500).doubt == meter_faults.OK
    assert one_tick(point, 1500).doubt == meter_faults.FROZEN
    point.readings.quality[0] = meter_faults.OK
    assert one_tick(point, 1500).doubt == meter_faults.FROZEN
    assert one_tick(point, 1500).doubt == meter_faults.OK


def test_one_look_at_a_diode_is_not_enough_for_power():
    point = Point()
    point.live(4000)
    point.low_mv = -9900
    point.guard.causes.of = lambda *_: 0  # the fault is another rule's business
    point.live(1000, "C")
    point.low_mv = -12000
    assert not one_tick(point, 600).closed
    assert one_tick(point, 100).closed


def test_plateaus_that_were_not_seen_show_no_diode():
    point = Point()
    point.live(4000)
    point.live(1000, "B")
    point.readings.pilot_ok = False
    point.live(20)
    assert point.guard.diode_ms == 0


def test_a_bounce_of_the_button_is_no_press_however_slow_its_tick():
    for ms in SLOW_MS:
        button = Button()
        assert button.step(ms, True) == NOTHING
        assert button.step(ms, False) == NOTHING
        assert button.step(ms, True) == NOTHING
        assert button.step(ms, True) == NOTHING
        assert button.step(ms, False) in (SHORT, NOTHING)
        assert button.step(5000, True) == NOTHING, "nor a long one"


def test_a_car_that_leaves_c_in_a_slow_tick_is_not_waited_for():
    """The standard's 100 ms (sequence 8) run whether anybody looks or not."""
    for ms in SLOW_MS:
        point = Point()
        point.charge()
        assert not one_tick(point, ms, "B").closed


def test_a_car_without_s2_that_is_found_out_in_the_tick_that_would_close_gets_its_ten_amperes_first():
    point = Point()
    point.live(4000)
    for ms in (20, 100, 600, 600, 600, 600):
        verdict = one_tick(point, ms, "C")
        assert not verdict.closed or verdict.offer_ma <= 10000
    assert verdict.closed


def test_two_looks_far_apart_close_and_open_as_many_near_ones_do():
    point = Point()
    point.live(4000)
    point.live(RECLOSE_MS, "B")
    one_tick(point, 600, "C")
    assert one_tick(point, 600).session == session.CHARGING
    point.readings.pilot_ok = False
    one_tick(point, 70)
    assert not one_tick(point, 70).closed
