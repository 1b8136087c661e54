"""What a run is worth: figures a person can check by hand, and laws that hold for every run."""

import pytest
from headroom_tools.sim.scenario import Scenario
from headroom_tools.sim.scoring import score
from headroom_tools.sim.stream import Change, Reaction, Segment
from hypothesis import given
from hypothesis import strategies as st


def segment(from_s, to_s, house_a=0.0, car_a=0.0, offered_a=0.0, closed=False, state="C"):
    house_a, car_a = (amps if isinstance(amps, tuple) else (amps, 0, 0) for amps in (house_a, car_a))
    return Segment(
        round(from_s * 1000),
        round(to_s * 1000),
        state,
        round(offered_a * 1000),
        closed,
        tuple(round(amps * 1000) for amps in house_a),
        tuple(round(amps * 1000) for amps in car_a),
    )


def test_energy_is_current_times_voltage_times_time(scenario):
    result = score([segment(0, 1800, car_a=10), segment(1800, 3600, car_a=20)], scenario(volts=200))
    assert result.energy_kwh == pytest.approx(3.0)
    assert result.duration_s == 3600


def test_the_energy_of_all_phases_counts(scenario):
    three = scenario(phases=3, car_phases=3, volts=200)
    assert score([segment(0, 3600, car_a=(10, 10, 10))], three).energy_kwh == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("house_a", "possible_a"),
    [(0, 25), (5, 20), (19, 6), (19.001, 0), (24, 0), (40, 0)],
)
def test_the_clairvoyant_gives_what_the_breaker_has_left_and_nothing_below_six_amperes(scenario, house_a, possible_a):
    result = score([segment(0, 3600, house_a=house_a)], scenario(volts=1000))
    assert result.clairvoyant_kwh == pytest.approx(possible_a)


def test_the_clairvoyant_gives_no_more_than_the_car_takes(scenario):
    assert score([segment(0, 3600)], scenario(volts=1000, car_ma=16_000)).clairvoyant_kwh == pytest.approx(16)


def test_with_a_three_phase_car_the_fullest_phase_counts(scenario):
    three = scenario(phases=3, car_phases=3, volts=1000)
    assert score([segment(0, 3600, house_a=(1, 15, 3))], three).clairvoyant_kwh == pytest.approx(30)


def test_with_a_one_phase_car_its_own_phase_counts(scenario):
    three = scenario(phases=3, car_phases=1, volts=1000)
    assert score([segment(0, 3600, house_a=(5, 24, 24))], three).clairvoyant_kwh == pytest.approx(20)


def test_only_plugged_in_time_is_possible_to_the_millisecond(scenario):
    evening = scenario(volts=1000, plugged_ms=((100, 1_800_100), (2_000_000, 2_000_500)))
    records = [segment(0, 1000, state="A"), segment(1000, 3600)]
    assert score(records, evening).clairvoyant_kwh == pytest.approx(25 * 1_800_500 / 3_600_000)


def test_no_more_than_the_need_is_possible_and_what_exceeds_it_is_no_merit(scenario):
    result = score([segment(0, 3600, car_a=20)], scenario(volts=1000, need_mwh=10_000_000))
    assert result.clairvoyant_kwh == 10
    assert result.energy_kwh == 20
    assert result.share == 1


def test_where_nothing_was_possible_there_is_no_share(scenario):
    assert score([segment(0, 3600, house_a=24)], scenario()).share is None


@pytest.mark.parametrize(
    ("house_a", "car_a", "overload_a"),
    [(20, 5, 0), (20, 8, 3), (30, 8, 8), (30, 0, 0), (10, 20, 5)],
)
def test_overload_is_what_the_car_puts_above_the_rating(scenario, house_a, car_a, overload_a):
    result = score([segment(0, 10, house_a=house_a, car_a=car_a)], scenario())
    assert result.overload_a == overload_a
    assert result.overload_s == (10 if overload_a else 0)


def test_overload_is_of_the_worst_phase(scenario):
    three = scenario(phases=3, car_phases=3)
    assert score([segment(0, 1, house_a=(0, 20, 22), car_a=(8, 8, 8))], three).overload_a == 5


def test_the_longest_overload_spans_segments_and_a_tenth_of_an_ampere_is_none(scenario):
    records = [
        segment(0, 2, house_a=20, car_a=8),
        segment(2, 3, house_a=20, car_a=7),
        segment(3, 5, house_a=20, car_a=5.1),
        segment(5, 6, house_a=20, car_a=5.2),
    ]
    result = score(records, scenario())
    assert (result.overload_s, result.overload_longest_s) == (4, 3)


def test_a_trip_that_the_house_alone_explains_is_not_the_cars(scenario):
    result = score([segment(0, 600, house_a=40, car_a=0)], scenario())
    assert result.trips == 0
    assert result.trips_without_car == result.trips_total > 0


def test_a_trip_that_the_house_makes_a_little_later_is_not_the_cars(scenario):
    result = score([segment(0, 60, house_a=19, car_a=6), segment(60, 120, house_a=40, car_a=6)], scenario())
    assert result.trips_total > 0
    assert result.trips == 0


def test_a_trip_without_one_of_the_house_near_it_is_the_cars(scenario):
    records = [
        segment(0, 120, house_a=40),
        segment(120, 1000, house_a=10),
        segment(1000, 1200, house_a=20, car_a=20),
    ]
    result = score(records, scenario())
    assert result.trips_without_car > 0
    assert result.trips == result.trips_total - result.trips_without_car > 0


@pytest.mark.parametrize(("gap_s", "own"), [(179, True), (-179, True), (181, False), (-181, False)])
def test_near_is_within_three_time_constants_before_or_after(gap_s, own):
    from array import array

    from headroom_tools.sim.scoring import near

    assert near(1000.0, array("d", [1000.0 + gap_s]), 180.0) == own


def test_the_breaker_curve_decides_about_trips(scenario):
    records = [segment(0, 30, house_a=20, car_a=12)]
    assert score(records, scenario(), "typical").trips == 0
    assert score(records, scenario(), "fastest").trips > 0


def test_heat_is_a_share_of_what_trips(scenario):
    assert score([segment(0, 3600, house_a=25)], scenario()).breaker_heat_peak == pytest.approx(1 / 1.44)


def test_a_pause_is_an_offer_that_falls_to_nothing_while_the_car_needs_it(scenario):
    records = [
        segment(0, 10, offered_a=16, car_a=16),
        segment(10, 20, offered_a=0),
        segment(20, 30, offered_a=0),
        segment(30, 40, offered_a=6),
        segment(40, 50, offered_a=0),
    ]
    assert score(records, scenario()).pauses == 2


def test_unplugging_is_no_pause(scenario):
    records = [segment(0, 10, offered_a=16), segment(10, 20, state="A")]
    assert score(records, scenario(plugged_ms=((0, 9_990),))).pauses == 0


def test_a_full_car_is_no_pause(scenario):
    records = [segment(0, 3600, offered_a=10, car_a=10), segment(3600, 3610, state="B")]
    day = ((0, 7_200_000),)
    assert score(records, scenario(volts=1000, need_mwh=10_000_000, plugged_ms=day)).pauses == 0
    assert score(records, scenario(volts=1000, need_mwh=11_000_000, plugged_ms=day)).pauses == 1


def test_each_closing_of_the_contactor_counts(scenario):
    records = [
        segment(t, t + 1, closed=closed) for t, closed in enumerate([True, True, False, False, True, False, True])
    ]
    assert score(records, scenario()).contactor_cycles == 3


def test_the_slowest_reaction_counts_and_other_records_change_nothing(scenario):
    assert (
        score(
            [Reaction(1, 40), Change(2, 0, 6000, "why"), Reaction(3, 75), Reaction(4, 50)], scenario()
        ).reaction_ms_max
        == 75
    )
    assert score([], scenario()).reaction_ms_max == 0


houses = st.lists(
    st.tuples(st.integers(1, 300_000), st.integers(0, 45_000), st.integers(0, 32_000)), min_size=1, max_size=40
)


def told(steps, car):
    now_ms, records = 0, []
    for span_ms, house_ma, wish_ma in steps:
        car_ma = car(house_ma, wish_ma)
        records.append(Segment(now_ms, now_ms + span_ms, "C", car_ma, car_ma > 0, (house_ma, 0, 0), (car_ma, 0, 0)))
        now_ms += span_ms
    return records


def on_the_bench(records, **changes):
    usual = {
        "breaker_ma": 25_000,
        "phases": 1,
        "volts": 230,
        "hz": 50,
        "car_ma": 32_000,
        "car_phases": 1,
        "plugged_ms": ((0, records[-1].to_ms),),
        "need_mwh": None,
        "duration_ms": records[-1].to_ms,
        "seed": 0,
        "fidelity": "rms",
    }
    return Scenario(**{**usual, **changes})


def left(house_ma):
    free_ma = min(32_000, 25_000 - house_ma)
    return free_ma if free_ma >= 6000 else 0


@given(houses)
def test_a_perfect_follower_has_all_that_was_possible(steps):
    records = told(steps, lambda house_ma, _: left(house_ma))
    result = score(records, on_the_bench(records))
    assert result.share in (None, 1.0)
    assert result.overload_a == 0


@given(houses)
def test_no_car_that_keeps_below_the_rating_beats_the_clairvoyant_or_trips_where_the_house_keeps_below_it_too(steps):
    records = told(steps, lambda house_ma, wish_ma: min(left(house_ma), wish_ma))
    result = score(records, on_the_bench(records))
    assert result.share is None or result.share <= 1
    assert result.energy_kwh <= result.clairvoyant_kwh + 1e-12
    assert result.overload_s == 0
    if all(house_ma <= 25_000 for _, house_ma, _ in steps):
        assert result.trips == 0


def test_a_breaker_that_the_car_warmed_and_the_house_then_trips_counts_against_the_car():
    records = told([(51_884, 182, 32_000), (38_461, 38_721, 0)], lambda house_ma, _: left(house_ma))
    result = score(records, on_the_bench(records))
    assert result.overload_s == 0
    assert (result.trips, result.trips_without_car) == (1, 0)


@given(houses, st.data())
def test_cutting_segments_up_changes_no_figure(steps, data):
    records = told(steps, lambda _, wish_ma: wish_ma)
    pieces = []
    for record in records:
        cut_ms = data.draw(st.integers(record.from_ms, record.to_ms))
        parts = [record._replace(to_ms=cut_ms), record._replace(from_ms=cut_ms)]
        pieces += [part for part in parts if part.to_ms > part.from_ms]
    whole, cut = (score(list_, on_the_bench(records)) for list_ in (records, pieces))
    for name in ("energy_kwh", "clairvoyant_kwh", "overload_a", "overload_s", "pauses", "contactor_cycles"):
        assert getattr(cut, name) == getattr(whole, name)
    assert cut.breaker_heat_peak == pytest.approx(whole.breaker_heat_peak)


@given(houses)
def test_without_a_car_every_trip_is_the_houses_own(steps):
    records = told(steps, lambda *_: 0)
    result = score(records, on_the_bench(records))
    assert result.trips == 0
    assert result.trips_total == result.trips_without_car


def test_overload_in_ampere_seconds_is_its_integral(scenario):
    records = [segment(0, 10, house_a=20, car_a=8), segment(10, 30, house_a=20, car_a=6), segment(30, 60)]
    assert score(records, scenario()).overload_as == pytest.approx(3 * 10 + 1 * 20)


def test_a_wait_is_the_time_without_offer_after_headroom_came_back_for_good(scenario):
    records = [
        segment(0, 100, house_a=24),
        segment(100, 140, house_a=5),
        segment(140, 800, house_a=5, offered_a=16, car_a=16),
    ]
    assert score(records, scenario()).wait_longest_s == 40


def test_headroom_that_goes_again_within_five_minutes_makes_no_wait(scenario):
    records = [segment(0, 100, house_a=24), segment(100, 390, house_a=5), segment(390, 3600, house_a=24)]
    assert score(records, scenario()).wait_longest_s == 0


def test_a_wait_that_never_ends_lasts_to_the_end(scenario):
    records = [segment(0, 100, house_a=24), segment(100, 900, house_a=5)]
    assert score(records, scenario()).wait_longest_s == 800


def test_a_pause_without_need_is_a_wait_too(scenario):
    records = [
        segment(0, 100, house_a=5, offered_a=16),
        segment(100, 350, house_a=5),
        segment(350, 900, house_a=5, offered_a=6),
    ]
    assert score(records, scenario()).wait_longest_s == 250


def test_half_an_ampere_above_the_least_is_the_laws_margin(scenario):
    records = [segment(0, 900, house_a=18.6), segment(900, 1000, house_a=24)]
    assert score(records, scenario()).wait_longest_s == 0


def test_the_clairvoyant_of_a_one_phase_car_on_three_phases_uses_one(scenario):
    one = scenario(phases=3, car_phases=3, car="one-phase", volts=1000)
    assert score([segment(0, 3600, house_a=(5, 24, 24))], one).clairvoyant_kwh == pytest.approx(20)


def test_a_spell_is_headroom_of_more_than_a_minute_after_there_was_none(scenario):
    records = [
        segment(0, 60, house_a=18.5),  # 6.5 A of 25 are free, for a minute only
        segment(60, 100, house_a=20),
        segment(100, 140, house_a=18.5),
        segment(140, 161, house_a=10),  # the first spell
        segment(161, 200, house_a=18.6),  # still 6 A
        segment(200, 300, house_a=10),  # the same
        segment(300, 301, house_a=19.1),
        segment(301, 400, house_a=10),  # the second
    ]
    assert score(records, scenario()).spells == 2
    assert score(records, scenario(need_mwh=0)).spells == 0


def test_each_stay_of_a_car_is_a_spell_of_its_own(scenario):
    stays = scenario(plugged_ms=((0, 100_000), (200_000, 300_000)))
    assert score([segment(0, 100), segment(100, 200, state="A"), segment(200, 300)], stays).spells == 2
