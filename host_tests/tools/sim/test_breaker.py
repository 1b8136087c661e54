"""The bench's breaker: within IEC 60898-1, exact for whatever step, cold after a trip."""

import math

import pytest
from bench.world.breaker import CURVES, Breaker
from hypothesis import given
from hypothesis import strategies as st

HOUR_S = 3600.0


def first_trip_s(curve, x, preload=0.0, longest_s=HOUR_S):
    breaker = Breaker(16.0, curve)
    breaker.theta[0] = preload**2
    trips = breaker.advance(longest_s, [16.0 * x])
    return trips[0] if trips else math.inf


@pytest.mark.parametrize("curve", CURVES)
def test_113_percent_is_carried_for_an_hour(curve):
    assert first_trip_s(curve, 1.13 - 1e-9) == math.inf


@pytest.mark.parametrize("curve", CURVES)
def test_145_percent_trips_within_the_hour(curve):
    assert first_trip_s(curve, 1.45, preload=1.13 - 1e-9) < HOUR_S


@pytest.mark.parametrize("curve", CURVES)
def test_255_percent_cold_trips_between_one_second_and_a_minute(curve):
    assert 1.0 < first_trip_s(curve, 2.55) <= 60.2


@pytest.mark.parametrize(
    ("curve", "x", "preload", "seconds"),
    [
        ("fastest", 1.15, 0.8, 12.4),
        ("typical", 1.3, 0.8, 86),
        ("typical", 1.3, 1.0, 61),
        ("typical", 2.0, 0.8, 16),
        ("slow", 1.45, 1.0, 122),
    ],
)
def test_trip_times_of_the_project_table(curve, x, preload, seconds):
    assert first_trip_s(curve, x, preload) == pytest.approx(seconds, rel=0.02)


def test_the_magnetic_release_trips_within_a_tenth_of_a_second_at_five_times_the_rating():
    assert first_trip_s("slow", 5.0) == pytest.approx(0.1)
    assert first_trip_s("slow", 4.99) > 1.0


def test_a_short_peak_above_five_times_the_rating_does_not_trip():
    breaker = Breaker(16.0)
    for _ in range(10):
        assert breaker.advance(0.09, [100.0]) == []
        assert breaker.advance(0.01, [10.0]) == []


def test_after_a_trip_it_is_cold_and_the_next_trip_takes_the_cold_time():
    breaker = Breaker(16.0)
    breaker.theta[0] = 1.0
    first, second, third = breaker.advance(70.0, [16.0 * 2])
    assert first < second - first
    assert third - second == pytest.approx(second - first)


def test_a_trip_of_one_pole_opens_all_poles():
    breaker = Breaker(16.0, poles=3)
    assert breaker.advance(15.1, [16.0 * 2.55, 16.0, 0.0]) != []
    assert max(breaker.theta) < 0.05


def test_the_pole_that_is_ready_first_trips():
    alone, beside_a_slower_one = Breaker(16.0), Breaker(16.0, poles=3)
    expected = alone.advance(15.1, [16.0 * 2.55])
    assert beside_a_slower_one.advance(15.1, [16.0 * 1.5, 16.0 * 2.55, 16.0 * 1.4]) == expected


def test_each_pole_has_its_own_heat():
    breaker = Breaker(16.0, poles=3)
    breaker.advance(HOUR_S, [16.0, 8.0, 0.0])
    assert breaker.theta == pytest.approx([1.0, 0.25, 0.0])
    assert breaker.heat() == pytest.approx(1 / 1.44)


def test_peak_heat_is_one_once_it_tripped():
    breaker = Breaker(16.0)
    breaker.advance(HOUR_S, [16.0 * 1.3])
    breaker.advance(HOUR_S, [0.0])
    assert breaker.heat() < 1e-9
    assert breaker.peak_heat() == 1.0


load = st.lists(st.tuples(st.floats(0.05, 60.0), st.floats(0.0, 7.0)), min_size=1, max_size=8)


@given(st.sampled_from(sorted(CURVES)), load)
def test_one_long_step_is_the_same_as_many_short_ones(curve, stretches):
    at_once, in_pieces = Breaker(25.0, curve), Breaker(25.0, curve)
    for seconds, x in stretches:
        trips = at_once.advance(seconds, [25.0 * x])
        pieces = 7
        pieced = []
        for piece in range(pieces):
            start_s = seconds / pieces * piece
            pieced += [start_s + trip_s for trip_s in in_pieces.advance(seconds / pieces, [25.0 * x])]
        assert len(pieced) == pytest.approx(len(trips), abs=1)
        if len(pieced) == len(trips):
            assert pieced == pytest.approx(trips, abs=1e-6)
            assert in_pieces.theta == pytest.approx(at_once.theta, abs=1e-6)
        else:
            return


@given(st.sampled_from(sorted(CURVES)), st.floats(0.3, 4.9), st.floats(0.0, 0.99))
def test_the_closed_form_agrees_with_small_steps_of_the_differential_equation(curve, x, start_share):
    k, tau_s = CURVES[curve]
    breaker = Breaker(25.0, curve)
    breaker.theta[0] = theta = start_share * k * k
    step_s, now_s, tripped_s = tau_s / 4000, 0.0, math.inf
    while now_s < tau_s and tripped_s == math.inf:
        theta += (x * x - theta) / tau_s * step_s
        now_s += step_s
        if theta >= k * k:
            tripped_s = now_s
    trips = breaker.advance(tau_s, [25.0 * x])
    if tripped_s == math.inf:
        assert breaker.theta[0] == pytest.approx(theta, rel=1e-3, abs=1e-3)
    else:
        assert trips[0] == pytest.approx(tripped_s, rel=0.02, abs=2 * step_s)


@given(load, load)
def test_more_current_never_trips_later(first, second):
    lower, higher = Breaker(25.0), Breaker(25.0)
    now_s = 0.0
    for (seconds, x), (_, more) in zip(first, second, strict=False):
        lower_trips = lower.advance(seconds, [25.0 * x])
        higher_trips = higher.advance(seconds, [25.0 * (x + more)])
        if lower_trips:
            assert higher_trips
            assert higher_trips[0] <= lower_trips[0] + 1e-9
            return
        if higher_trips:
            return
        now_s += seconds
