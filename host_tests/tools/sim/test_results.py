"""The figures as scripts and people get them."""

import json

import pytest
from headroom_tools.sim.results import Result, headlines, round_down_125
from headroom_tools.sim.scoring import score
from headroom_tools.sim.stream import Segment
from hypothesis import given
from hypothesis import strategies as st

PROMISED = [
    "duration_s",
    "energy_kwh",
    "clairvoyant_kwh",
    "share",
    "trips",
    "trips_without_car",
    "breaker_heat_peak",
    "overload_a",
    "overload_s",
    "pauses",
    "contactor_cycles",
    "reaction_ms_max",
    "trace_gaps",
    "speed_x",
    "vm",
    "fidelity",
]


def a_score(scenario):
    return score([Segment(0, 3_600_000, "C", 16_000, True, (5000, 0, 0), (16_000, 0, 0))], scenario())


def test_the_promised_keys_come_first_and_in_order(scenario):
    figures = Result(a_score(scenario), 2, 7654.3, "cpython", "rms").figures()
    assert list(figures)[: len(PROMISED)] == PROMISED
    assert figures["trace_gaps"] == 2
    assert figures["speed_x"] == 5000
    assert figures["energy_kwh"] == 3.68
    assert figures["share"] == 0.8


def test_the_headlines_name_what_counts(scenario):
    lines = {headline.name: headline.figure for headline in headlines(a_score(scenario))}
    assert lines["Energy into the car"] == "3.68 kWh"
    assert lines["Share of what was possible"] == "80.0 %"
    assert lines["Contactor closed"] == "1 ×"


def test_a_breaker_that_tripped_is_told_to_be_closed_again_at_once(scenario):
    def trips(house_a):
        records = [Segment(0, 60_000, "C", 16_000, True, (house_a * 1000, 0, 0), (16_000, 0, 0))]
        return next(each for each in headlines(score(records, scenario())) if each.name == "Breaker trips")

    assert trips(5).note == "that only the car explains"
    again = "; each time closed again at once, and cold"
    assert trips(30).note.endswith(again)
    assert trips(200).figure == "0"
    assert trips(200).note.endswith(" by the house alone" + again)


def test_the_worst_overload_comes_with_the_moment_it_began(scenario):
    records = [
        Segment(0, 1000, "C", 16_000, True, (5000, 0, 0), (16_000, 0, 0)),
        Segment(1000, 3000, "C", 16_000, True, (12_000, 0, 0), (16_000, 0, 0)),
        Segment(3000, 5000, "C", 16_000, True, (14_000, 0, 0), (16_000, 0, 0)),
        Segment(5000, 6000, "C", 16_000, True, (13_000, 0, 0), (16_000, 0, 0)),
    ]
    notes = {each.name: each.note for each in headlines(score(records, scenario()), when=lambda t_ms: f"at {t_ms} ms")}
    assert notes["Worst overload by the car"] == "at 3000 ms; 5.0 s at a stretch, 5 s in all"
    assert headlines(a_score(scenario), when=str)[2].note == "none"


@pytest.mark.parametrize(
    ("number", "rounded"),
    [(1, 1), (1.99, 1), (2, 2), (4.9, 2), (5, 5), (9.999, 5), (10, 10), (24681, 20_000), (0.7, 0.5)],
)
def test_speed_is_rounded_down_to_one_two_or_five(number, rounded):
    assert round_down_125(number) == rounded


@given(st.floats(1e-3, 1e7))
def test_the_rounded_speed_is_never_more_than_the_speed_and_never_less_than_a_third(number):
    assert number / 3 < round_down_125(number) <= number * (1 + 1e-6)


@pytest.mark.parametrize(
    ("need", "told", "summary"),
    [
        ("3kWh by 20:00", ["delivered"], "met"),
        ("30kWh by 19:30", ["told late", "missed"], "missed"),
        ("30kWh by 23:30", ["told late", "pending"], "pending"),
    ],
)
def test_what_became_of_a_need_is_told_with_its_time(headroom, trace_file, tmp_path, need, told, summary):
    house = trace_file("time,l1_w\n2026-05-01T18:00:00,460\n2026-05-01T20:30:00,460\n")
    lines = tmp_path / "lines.txt"
    lines.write_text(f"need {need}\n")
    wished = ("sim", "--trace", house, "--clock", "trace", "--settings", str(lines))
    figures = json.loads(headroom(*wished, "--json", "-").out)["needs"]
    assert [each["need"] for each in figures] == told
    last = figures[-1]
    if told == ["delivered"]:
        assert last["at"].startswith("Fri 01 May, 18:3")
        assert last["missing_kwh"] == 0
    else:
        assert last["missing_kwh"] > 3
    row = next(line for line in reversed(headroom(*wished).out.splitlines()) if line.startswith("Need"))
    assert row.split()[1] == summary
