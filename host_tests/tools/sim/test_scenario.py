"""When the car is plugged in, and what the runner is told."""

import json

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.sim.clocks import DAY_MS, Clock
from headroom_tools.sim.scenario import plugged_intervals, read_plugged
from hypothesis import given
from hypothesis import strategies as st

HOUR_MS = 3_600_000


def test_always_is_one_interval_over_the_whole_run():
    assert plugged_intervals(read_plugged("always"), Clock(), 12 * HOUR_MS, 5 * HOUR_MS) == ((0, 5 * HOUR_MS),)


def test_a_window_past_midnight_repeats_daily_and_is_cut_to_the_run():
    intervals = plugged_intervals(read_plugged("18:00-07:00"), Clock(), 3 * HOUR_MS, 48 * HOUR_MS)
    assert intervals == (
        (0, 4 * HOUR_MS),
        (15 * HOUR_MS, 28 * HOUR_MS),
        (39 * HOUR_MS, 48 * HOUR_MS),
    )


def test_a_window_within_a_day():
    assert plugged_intervals(read_plugged("08:00-09:30"), Clock(), 0, 24 * HOUR_MS) == (
        (8 * HOUR_MS, 19 * HOUR_MS // 2),
    )


def test_a_window_outside_the_run_gives_no_interval():
    assert plugged_intervals(read_plugged("08:00-09:00"), Clock(), 10 * HOUR_MS, HOUR_MS) == ()


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 5 * DAY_MS), st.integers(1, 3 * DAY_MS), st.data())
def test_at_any_moment_the_car_is_plugged_in_when_the_clock_says_so(opens, closes, start_ms, duration_ms, data):
    if opens == closes:
        return
    text = f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
    intervals = plugged_intervals(read_plugged(text), Clock(), start_ms, duration_ms)
    t_ms = data.draw(st.integers(0, duration_ms - 1))
    minute = (start_ms + t_ms) % DAY_MS / 60_000
    by_the_clock = opens <= minute < closes if opens < closes else minute >= opens or minute < closes
    assert any(from_ms <= t_ms < to_ms for from_ms, to_ms in intervals) == by_the_clock


@pytest.mark.parametrize(
    "text", ["", "night", "18:00", "18:00-", "-07:00", "18-7", "24:00-07:00", "18:60-07:00", "18:00-07:00-09:00"]
)
def test_a_window_that_is_none_is_refused(text):
    with pytest.raises(BadInput, match="give always, or a daily window such as 18:00-07:00"):
        read_plugged(text)


def test_an_empty_window_is_refused():
    with pytest.raises(BadInput, match="begins when it ends"):
        read_plugged("07:00-07:00")


def test_the_runner_gets_integers_by_the_agreed_names(scenario):
    described = scenario(need_mwh=10_000_000, law="evcc", settings=(("rise_dwell_ms", 1000),)).for_runner("trace.txt")
    assert json.loads(json.dumps(described)) == {
        "micropython": "1.29",
        "fidelity": "rms",
        "meter": "clamps",
        "board": "reference",
        "breaker_ma": 25_000,
        "phases": 1,
        "volts": 230,
        "hz": 50,
        "car_ma": 32_000,
        "car_phases": 1,
        "plugged_ms": [[0, 3_600_000]],
        "need_mwh": 10_000_000,
        "duration_ms": 3_600_000,
        "seed": 0,
        "trace": "trace.txt",
        "car": "plain",
        "law": "evcc",
        "settings": {"rise_dwell_ms": 1000},
        "told": [],
        "wiring": [0, 1, 2],
        "between": False,
        "roof": False,
        "each": False,
        "line_mohm": 400,
    }
