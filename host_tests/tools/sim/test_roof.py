"""Panels in a simulation: what they give is taken off the house, and what became of it is counted."""

import json

import pytest
from headroom_tools.sim.roof import less
from headroom_tools.sim.scoring import Scorer
from headroom_tools.sim.stream import Segment
from headroom_tools.sim.sun import LOST
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HOUR_MS = 3_600_000
BOARD = ("--board", "metered", "--set", "exports=yes")


def sun_of(scenario, segments, **changes):
    end_ms = segments[-1].to_ms
    scorer = Scorer(scenario(roof=True, duration_ms=end_ms, plugged_ms=((0, end_ms),), **changes), "typical")
    for each in segments:
        scorer.take(each)
    return scorer.score().sun


def hour_of(house_a, car_a, number=0, closed=True):
    at_ms = number * HOUR_MS
    car_ma = round(car_a * 1000)
    return Segment(
        at_ms, at_ms + HOUR_MS, "C", car_ma, closed and car_ma > 0, (round(house_a * 1000), 0, 0), (car_ma, 0, 0)
    )


def test_what_is_fed_in_is_used_by_the_car_and_what_it_draws_besides_is_bought(scenario):
    sun = sun_of(scenario, [hour_of(-8, 10)])
    assert (sun.used_kwh, sun.surplus_kwh, sun.bought_kwh) == pytest.approx((1.84, 1.84, 0.46))
    assert sun.share == pytest.approx(1.0)


def test_there_is_no_more_surplus_than_the_car_can_take_and_who_never_charges_is_compared_with_nobody(scenario):
    low = sun_of(scenario, [hour_of(-5, 0)])
    assert (low.surplus_kwh, low.share) == (pytest.approx(5 * 0.23), None)
    assert sun_of(scenario, [hour_of(-50, 0)]).surplus_kwh == pytest.approx(32 * 0.23)


def test_over_all_phases_together_or_on_each(scenario):
    hour = Segment(0, HOUR_MS, "C", 0, False, (-30_000, 0, 3000), (0, 0, 0))
    together = sun_of(scenario, [hour], phases=3, car_phases=3)
    assert together.surplus_kwh == pytest.approx(27 * 0.23)
    assert sun_of(scenario, [hour], phases=3, car_phases=3, each=True).surplus_kwh == 0


def test_the_clairvoyant_buys_no_more_and_begins_no_more_charges(scenario):
    """10 A, an hour of shade with 2 A, 10 A: one charge through the shade buys 4 A x h, two charges buy nothing."""
    sky = (-10, -2, -10)
    through = sun_of(scenario, [hour_of(house, max(-house, 6), number) for number, house in enumerate(sky)])
    assert (through.used_kwh, through.bought_kwh) == pytest.approx((22 * 0.23, 4 * 0.23))
    assert through.share == pytest.approx(1.0)
    paused = [hour_of(-10, 10), hour_of(-2, 0, 1), hour_of(-10, 10, 2)]
    twice = sun_of(scenario, paused)
    assert (twice.bought_kwh, twice.share) == (0, pytest.approx(1.0, abs=0.001))
    once = sun_of(scenario, [hour_of(-10, 10), hour_of(-2, 0, 1), hour_of(-10, 0, 2)])
    assert (once.clairvoyant_kwh, once.share) == (pytest.approx(10 * 0.23, abs=0.01), pytest.approx(1.0, abs=0.01))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # it keeps nothing
@given(
    sky=st.lists(st.integers(0, 20), min_size=2, max_size=8), charging=st.lists(st.booleans(), min_size=8, max_size=8)
)
def test_nobody_gets_more_than_the_clairvoyant(scenario, sky, charging):
    """Whatever charges are made of whatever hours, by all who give what there is and never less than 6 A."""
    pairs = enumerate(zip(sky, charging, strict=False))
    sun = sun_of(scenario, [hour_of(-amps, max(amps, 6) if on else 0, number) for number, (amps, on) in pairs])
    assert sun.used_kwh <= sun.clairvoyant_kwh + 1e-6 <= sun.surplus_kwh + 2e-6
    assert sun.used_kwh + sum(sun.lost_kwh) == pytest.approx(sun.surplus_kwh)


def test_what_went_past_the_car_is_told_by_where_it_did(scenario):
    sky = [
        hour_of(-4, 0),
        hour_of(-9, 0, 1),
        hour_of(-9, 7, 2),
        hour_of(-9, 8, 3)._replace(car_ma=(7000, 0, 0)),
    ]
    sun = sun_of(scenario, sky)
    assert dict(zip(LOST, sun.lost_kwh, strict=True)) == pytest.approx(
        {"dim": 4 * 0.23, "waiting": 9 * 0.23, "offer": 3 * 0.23, "car": 0.23}
    )


def test_house_and_roof_change_each_at_its_own_time():
    house = [(0, 1000, 2000, 3000), (50, 4000, 2000, 3000)]
    fed = [(0, (500, 0, 0)), (20, (700, 0, 0)), (50, (0, 0, 0))]
    assert list(less(house, fed)) == [(0, 500, 2000, 3000), (20, 300, 2000, 3000), (50, 4000, 2000, 3000)]


def test_a_trace_of_panels_is_taken_off_the_house(headroom, trace_file):
    house = trace_file("time,l1_w\n2026-05-01T11:00:00,460\n2026-05-01T12:00:00,460\n")
    roof = trace_file("time,l1_w\n2026-05-01T10:00:00,0\n2026-05-01T11:10:00,3680\n", "roof.csv")
    outcome = headroom(
        "sim", "--trace", house, "--to", "12:00", "--solar", roof, *BOARD, "--set", "solar=only", "--json", "-"
    )
    assert outcome.status == 0, outcome.err
    figures = json.loads(outcome.out)
    assert figures["solar_surplus_kwh"] == pytest.approx((3.68 - 0.46) * 5 / 6, rel=0.01)
    assert figures["solar_share"] > 0.9
    assert figures["bought_kwh"] < 0.05


def test_a_generated_day_of_broken_cloud_gives_nearly_all_with_few_interruptions(headroom, trace_file):
    """The aim is 0.97 beside one who buys and switches no more; the steps of 5 s behind each cloud cost half of the rest."""
    house = trace_file("time,l1_w\n2026-04-15T10:00:00,300\n2026-04-15T13:00:00,300\n")
    outcome = headroom(
        "sim", "--trace", house, "--breaker-a", "35", "--solar", "7", *BOARD, "--set", "solar=only", "--json", "-"
    )
    figures = json.loads(outcome.out)
    assert 0.97 <= figures["solar_share"] <= 1
    assert figures["pauses"] <= 6
    assert figures["trips"] == 0
    assert figures["bought_kwh"] < 0.2 * figures["energy_kwh"]


@pytest.mark.parametrize(
    ("solar", "told"),
    [
        ("sunny", "--solar sunny: give the panels' kWp, such as 6, or a trace of what they give"),
        ("0", "--solar 0 is out of range: give above 0 to 100 kWp"),
        ("-3kWp", "--solar -3kWp is out of range: give above 0 to 100 kWp"),
        ("nan", "--solar nan is out of range: give above 0 to 100 kWp"),
    ],
)
def test_a_roof_that_is_none_is_refused(headroom, solar, told):
    outcome = headroom("sim", f"--solar={solar}")
    assert (outcome.status, outcome.err) == (2, f"headroom: {told}\n")


def test_a_trace_from_another_time_is_refused(headroom, trace_file):
    house = trace_file("time,l1_w\n2026-05-01T11:00:00,460\n2026-05-01T12:00:00,460\n")
    roof = trace_file("time,l1_w\n2025-05-01T10:00:00,0\n2025-05-01T11:10:00,3680\n", "roof.csv")
    outcome = headroom("sim", "--trace", house, "--solar", roof)
    assert outcome.status == 2
    assert "it has nothing from the time of the house, which begins at Fri 01 May, 11:00:00" in outcome.err


def test_solar_needs_a_board_that_knows_the_direction_and_panels_that_are_told(headroom):
    outcome = headroom("sim", "--solar", "5", "--set", "solar=only")
    assert (outcome.status, outcome.out) == (2, "")
    assert "cannot tell surplus from load" in outcome.err
    outcome = headroom("sim", "--solar", "5", "--board", "metered", "--set", "solar=only")
    assert "solar needs exports yes" in outcome.err
