"""The campaign: every supply meets every car, figures are sums of runs, and a bounded share of it runs here."""

import dataclasses
from pathlib import Path

import pytest
from bench.world.car import MODELS
from headroom_tools.common.errors import BadInput
from headroom_tools.contest import any_setting
from headroom_tools.contest.campaign import ALL, SUPPLIES, Campaign, run, tale
from headroom_tools.contest.jobs import CLAIRVOYANT, Outcome
from headroom_tools.sim.scoring import score

NONE = {"typical": 0, "slow": 0, "fastest": 0}


def test_every_supply_meets_every_car():
    pairs = {(job.options.phases, job.options.breaker_a, job.options.car) for job in Campaign(days=1000).all_jobs()}
    assert len(pairs) == len(SUPPLIES) * len(MODELS)


def test_no_two_days_are_the_same_and_another_seed_makes_others():
    numbers = {job.house.day for seed in (0, 1) for job in Campaign(days=1000, seed=seed).all_jobs()}
    assert len(numbers) == 2000


def test_cars_come_in_the_afternoon_and_stay_as_long_as_asked():
    for job in Campaign(days=200, hours=4).all_jobs():
        comes, leaves = (int(text[:2]) * 60 + int(text[3:]) for text in job.options.plugged.split("-"))
        assert 15 * 60 <= comes <= 20 * 60 + 59
        assert (leaves - comes) % 1440 == 240


def tale_of(scenario, days, ours, clairvoyants):
    """ours, clairvoyants: trips per curve, each the same on all days."""
    jobs = Campaign(
        days=days
    ).all_jobs()  # each day thrice: told of a typical breaker, of the fastest, and the clairvoyant
    plain = score([], scenario())
    outcomes = [
        Outcome(
            dataclasses.replace(plain, overload_longest_s=0.0 if job.law == CLAIRVOYANT else float(number), pauses=1),
            clairvoyants if job.law == CLAIRVOYANT else ours,
            hot_openings=0,
            last_resorts=2,
            start_ms=0,
            series=[],
        )
        for number, job in enumerate(jobs)
    ]
    return tale(jobs, outcomes)


def test_the_tale_adds_up_and_names_the_worst_day(scenario):
    told = tale_of(scenario, len(MODELS) + 1, {"typical": 0, "slow": 0, "fastest": 1}, NONE)
    assert told.rows[-1].name == ALL
    assert told.rows[-1].pauses == len(MODELS) + 1
    assert told.rows[-1].trips["fastest"] == len(MODELS) + 1
    cars = {car: (2 if car == "plain" else 1) for car in MODELS} | {ALL: len(MODELS) + 1}
    assert {name: days for name, days in told.days.items() if name in cars} == cars
    assert sum(told.days[row.name] for row in told.met) == len(MODELS) + 1
    assert told.last_resorts[ALL] == (2 * len(MODELS) + 2,) * 2
    assert told.longest.startswith(f"{3 * len(MODELS) + 1}.00 s on day {len(MODELS)}")


def test_the_worst_day_is_none_on_which_the_charger_was_told_to_bear_an_overload(scenario):
    """On day 1 of seed 41 a plain house was 911 s over its rating: by what tolerance_pct 4 lets it."""
    plain = score([], scenario())
    jobs = Campaign(days=3, any_setting=True, seed=41).all_jobs()
    assert "overload borne by tolerance_pct" in jobs[3].met
    outcomes = [
        Outcome(
            dataclasses.replace(plain, overload_longest_s=911.0 if "tolerance_pct=4" in job.options.set_ else 5.0),
            NONE,
            hot_openings=0,
            last_resorts=0,
            start_ms=0,
            series=[],
        )
        for job in jobs
    ]
    told = tale(jobs, outcomes)
    assert told.longest.startswith("5.00 s on day 41000")
    (apart,) = [row for row in told.met if row.name == "overload borne by tolerance_pct"]
    assert apart.overload_longest_s == 911.0


def test_it_tells_how_often_each_supply_board_grid_and_mistake_was_met():
    jobs = Campaign(days=400, any_setting=True).all_jobs()
    met = {word for job in jobs for word in job.met}
    assert {f"supply {phases} x {breaker_a} A" for phases, breaker_a in SUPPLIES} <= met
    assert {f"mistake: {name}" for name in any_setting.MISTAKES} <= met
    assert {"IT grid", "line of 0.5 ohm or more", "wiring l2l3l1", "panels, broken", "board socket"} <= met
    assert "overload borne by tolerance_pct" in met


def test_a_trip_is_added_that_the_clairvoyant_does_not_have_on_the_same_day(scenario):
    told = tale_of(scenario, 3, {"typical": 1, "slow": 1, "fastest": 1}, {"typical": 0, "slow": 1, "fastest": 0})
    assert told.added_trips == {"typical": 3, "slow": 0, "fastest": 3}
    assert told.clairvoyant.trips == {"typical": 0, "slow": 3, "fastest": 0}


def test_a_small_campaign_adds_no_trip_on_any_breaker():
    told = run(Campaign(days=9, hours=1, jobs=1), lambda *_: None)
    assert told.rows[-1].trips == told.added_trips == NONE
    assert told.rows[-1].energy_kwh > 10


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--days", "0"], "--days 0 is out of range: give 1 to "),
        (["--hours", "13"], "--hours 13 is out of range: give 1 to "),
        (["--jobs", "-1"], "--jobs -1 is out of range: give 1 to 256 processes, or 0 for one on each core"),
        (["--jobs", "99999999"], "--jobs 99999999 is out of range: give 1 to 256 "),
        (["--seed", "-1"], "--seed -1 is out of range: give 0 to "),
    ],
)
def test_bad_input_is_one_line(headroom, arguments, said):
    outcome = headroom("campaign", *arguments)
    assert outcome.status == 2
    assert said in outcome.err
    assert outcome.err.count("\n") == 1


def test_the_command_is_in_the_makefile():
    text = (Path(__file__).resolve().parents[3] / "Makefile").read_text()
    assert "headroom campaign" in text
    assert "headroom versus" in text


def test_a_meter_goes_into_every_run_of_the_firmware_and_is_no_draw_of_any_setting():
    assert {job.options.meter for job in Campaign(days=3, meter="p1-10s").all_jobs()} == {"p1-10s"}
    with pytest.raises(BadInput, match="leave out --meter"):
        run(Campaign(any_setting=True, meter="p1"), lambda *_: None)
