"""What did not hold is tried with less; what the surroundings do strands nobody; a car that stops by itself waits."""

import pytest
from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults, retry
from headroom.guard.retry import CYCLES_MS, HOLD_MAX_MS, HOLD_MS, MORE_MA, MORE_MS, UNBOUND_MA, WAITS_MS, Retry
from headroom.serve import words
from headroom.terms.records import Limits


def watched(offer_ma=32000, closed_ms=1000, **limits):
    """A watch over a charge at this offer."""
    at = Limits()
    at.charger_ma = 32000
    for name, value in limits.items():
        setattr(at, name, value)
    watch = Retry(at)
    charge(watch, offer_ma, closed_ms)
    return watch


def charge(watch, offer_ma, ms):
    """``ms`` of a charge; returns the ceiling after it."""
    ceiling_ma = UNBOUND_MA
    for _ in range(ms // 1000):
        ceiling_ma = watch.step(1000, 0, 0, True, offer_ma)
    return ceiling_ma


def stop(watch, code):
    """A fault is raised, and is gone; returns the ceiling then."""
    watch.step(20, 1 << code, 1 << code, True, 0)
    return watch.step(20, 0, 0, False, 0)


def test_half_of_what_did_not_hold_is_tried_then_half_of_that_down_to_the_least():
    watch = watched()
    for ma in (16000, 8000, 6000, 6000):
        stop(watch, faults.UNDERVOLTAGE)
        watch.wait_ms = 0
        assert watch.step(20, 0, 0, False, 0) == ma
        charge(watch, ma, 2000)


def test_a_car_that_takes_too_much_twice_gets_the_least_until_it_leaves_for_there_nothing_is_left_to_follow():
    watch = watched()
    assert stop(watch, faults.OVERDRAW) == 16000
    charge(watch, 16000, 2000)
    assert stop(watch, faults.OVERDRAW) == 6000
    for _ in range(20):
        assert charge(watch, 6000, HOLD_MAX_MS) == 6000


def test_a_fault_of_another_kind_asks_for_no_less():
    for code in (faults.RESIDUAL, faults.HOT, faults.OVERVOLTAGE, faults.OVERVOLTAGE_NEAR, faults.EARTH):
        assert stop(watched(), code) == UNBOUND_MA, faults.NAME[code]


def test_meter_and_breaker_are_the_houses_doing_until_they_come_again_within_ten_minutes():
    for code in (faults.METER, faults.BREAKER):
        watch = watched()
        assert stop(watch, code) == UNBOUND_MA
        charge(watch, 32000, 601000)
        assert stop(watch, code) == UNBOUND_MA
        charge(watch, 32000, 598000)
        assert stop(watch, code) == 16000


def test_a_fault_without_power_says_nothing_of_the_offer():
    watch = watched(closed_ms=0)
    assert stop(watch, faults.OVERDRAW) == UNBOUND_MA


def test_what_held_for_five_minutes_grows_by_an_ampere_every_ten_seconds_and_the_next_time_it_must_hold_for_ten():
    watch = watched()
    stop(watch, faults.UNDERVOLTAGE)
    assert charge(watch, 16000, HOLD_MS - 1000) == 16000
    assert charge(watch, 16000, 1000) == 16000 + MORE_MA
    assert charge(watch, 17000, MORE_MS) == 16000 + 2 * MORE_MA
    stop(watch, faults.UNDERVOLTAGE)
    watch.wait_ms = 0
    assert charge(watch, 8000, 2 * HOLD_MS - 1000) == 8500
    assert charge(watch, 8000, 1000) == 9500


def test_it_is_bound_by_nothing_once_it_is_back_at_the_chargers_rating():
    watch = watched()
    stop(watch, faults.OVERDRAW)
    assert charge(watch, 16000, HOLD_MS + 15 * MORE_MS - 1000) == 31000
    assert charge(watch, 16000, 1000) == UNBOUND_MA


def test_only_a_charge_proves_that_it_holds():
    watch = watched()
    stop(watch, faults.OVERDRAW)
    for _ in range(HOLD_MS // 1000 + 10):
        assert watch.step(1000, 0, 0, False, 16000) == 16000
        assert watch.step(1000, 0, 0, True, 0) == 16000


def test_the_holds_are_at_most_an_hour_and_an_hour_without_a_stop_forgives():
    watch = watched()
    for _ in range(9):
        charge(watch, 32000, 1000)
        stop(watch, faults.UNDERVOLTAGE)
    assert watch.hold_ms == HOLD_MAX_MS
    watch.wait_ms = 0
    charge(watch, 6000, HOLD_MAX_MS + 26 * MORE_MS)
    assert watch.ceiling_ma == UNBOUND_MA
    assert watch.hold_ms == HOLD_MAX_MS
    charge(watch, 32000, HOLD_MAX_MS)
    stop(watch, faults.UNDERVOLTAGE)
    assert watch.hold_ms == HOLD_MS


def test_a_least_that_was_raised_meanwhile_is_offered_all_the_same():
    watch = watched(8000)
    assert stop(watch, faults.OVERDRAW) == 6000
    watch.limits.min_ma = 10000
    assert watch.step(20, 0, 0, False, 0) == 10000


@pytest.mark.parametrize("code", [faults.OVERVOLTAGE, faults.OVERVOLTAGE_NEAR, faults.UNDERVOLTAGE])
def test_from_its_second_stop_on_the_street_is_waited_for_longer_each_time(code):
    watch = watched()
    waited = []
    for _ in range(7):
        charge(watch, 32000, 2000)
        watch.step(20, 1 << code, 1 << code, True, 0)
        for _ in range(100):
            assert watch.step(1000, 0, 1 << code, False, 0) in (0, watch.ceiling_ma), (
                "a wait begins when the fault is gone"
            )
        ms = 0
        while watch.step(1000, 0, 0, False, 0) == 0:
            ms += 1000
        waited.append(ms)
    assert waited == [0, *WAITS_MS, WAITS_MS[-1], WAITS_MS[-1]]


def test_the_third_stop_of_the_cars_own_within_two_minutes_makes_it_wait_and_then_gets_it_the_least():
    for every_ms in (5000, 33000, 59000):
        watch = watched()
        for _ in range(2):
            watch.stopped_by_itself()
            assert charge(watch, 32000, every_ms) == UNBOUND_MA
        watch.stopped_by_itself()
        assert (watch.restless, watch.stops) == (True, 3)
        for _ in range(WAITS_MS[0] // 1000):
            assert watch.step(1000, 0, 0, False, 0) == 0
        assert watch.step(1000, 0, 0, False, 0) == 6000
    watch = watched()
    for _ in range(9):
        watch.stopped_by_itself()
        assert charge(watch, 32000, CYCLES_MS // 2) == UNBOUND_MA


def test_each_wait_for_the_car_is_longer_than_the_last():
    watch = watched()
    waits = []
    for _ in range(5):
        while not watch.wait_ms:
            watch.stopped_by_itself()
        waits.append(watch.wait_ms)
        while watch.step(1000, 0, 0, False, 0) == 0:
            pass
    assert waits == [*WAITS_MS, WAITS_MS[-1]]


def test_the_next_car_begins_anew():
    watch = watched()
    stop(watch, faults.OVERDRAW)
    for _ in range(3):
        watch.stopped_by_itself()
    watch.forget()
    assert watch.step(20, 0, 0, False, 0) == UNBOUND_MA
    watch.stopped_by_itself()
    watch.stopped_by_itself()
    assert not watch.wait_ms
    assert watch.stops == 2


def test_every_number_stays_small_over_a_year():
    watch = watched(32000, 0)
    for _ in range(365 * 24):
        watch.step(HOLD_MAX_MS, 0, 0, True, 32000)
        for name, value in vars(watch).items():
            assert name == "limits" or abs(value) < 1 << 30


def cycles(point, on_ms, off_ms, ms):
    """A car that opens and closes S2 by itself; returns how often the contactor closed, and what was said."""
    closings, said, was = 0, set(), point.verdict.closed
    for passed_ms in range(0, ms, point.tick_ms):
        point.car = "C" if passed_ms % (on_ms + off_ms) < on_ms else "B"
        verdict = point.live(point.tick_ms)
        closings += verdict.closed and not was
        was = verdict.closed
        said.add(words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound))
    return closings, said


def test_a_car_that_opens_s2_every_few_seconds_closes_the_contactor_a_handful_of_times_an_hour():
    for on_ms, off_ms in ((10000, 20000), (4500, 500)):
        point = Point()
        point.charge()
        closings, said = cycles(point, on_ms, off_ms, 3600000)
        assert closings < 25, "107 and 366 without this"
        assert "the car stops by itself, 3 times so far: next try in 59 s, with the least" in said


def test_a_car_that_calms_down_at_the_least_charges_and_gets_more_later():
    point = Point()
    point.charge()
    cycles(point, 10000, 20000, 120000)
    point.live(100000, "B")
    point.live(5000, "C")
    verdict = point.verdict
    assert (verdict.closed, verdict.offer_ma) == (True, 6000)
    text = words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound)
    assert text == "less than what did not hold: at most 6.0 A until that has held for a while"
    assert point.live(HOLD_MS + 11 * MORE_MS).offer_ma == 16000


def test_a_voltage_that_is_too_low_again_and_again_is_never_a_fault_for_the_night():
    point = Point()
    point.charge()
    point.readings.mains_ok = True
    hot = 0
    for _ in range(40):
        point.readings.mains_mv = 230000
        for _ in range(1000):
            if point.live(1000).closed:
                break
        else:
            raise AssertionError("stopped for good")
        point.readings.mains_mv = 206000
        point.live(5000)
        hot += 1
        assert not point.verdict.closed
    assert hot == 40
    assert point.guard.retry.ceiling_ma == 6000


def test_what_waits_for_the_street_says_so():
    point = Point()
    point.charge()
    point.readings.mains_ok = True
    for _ in range(2):
        point.readings.mains_mv = 254000
        point.live(6000)
        point.readings.mains_mv = 250000
        point.live(61000)
    verdict = point.verdict
    text = words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound)
    assert text.startswith("the supply's voltage stopped it again: next try in 5")


def test_its_numbers_are_in_order():
    assert retry.LESS & retry.HOUSE == retry.HOUSE
    assert list(WAITS_MS) == sorted(WAITS_MS)
