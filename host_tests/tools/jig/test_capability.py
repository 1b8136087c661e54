"""A batch in figures: yield by step, Cp and Cpk, drift; on the screen and as a page."""

import datetime
import math
import random

import pytest
from headroom_tools.jig import batch, batch_report
from headroom_tools.jig.capability import Capability, summary

BEGAN = datetime.datetime(2026, 11, 29, 8, 0)


def measured(value, name="pilot_high", outcome="pass"):
    return {
        "name": name, "value": value, "unit": "mV", "low": 11400, "high": 12600, "marginal_low": 11520,
        "marginal_high": 12480, "outcome": outcome, "instrument": "meter", "calibrated_until": None, "allowed": "",
    }  # fmt: skip


def board(number, outcome="pass", steps=(("pass", 12000),), **more):
    return {
        "serial": f"HR-{number}", "outcome": outcome, "board": "reference", "chip": f"chip {number}", "whole": True,
        "began": (BEGAN + datetime.timedelta(minutes=number)).isoformat(), "ended": BEGAN.isoformat(),
        "steps": [
            {"code": 230 + place, "title": f"Step {place}", "outcome": said, "said": "", "cause": "", "look": "",
             "seconds": 1.0, "measurements": [measured(value, f"pilot_{place}", said)]}
            for place, (said, value) in enumerate(steps)
        ],
    } | more  # fmt: skip


def capability(values, low=0.0, high=12.0, apart_s=60):
    return Capability("x", "V", low, high, tuple((place * apart_s, value) for place, value in enumerate(values)))


def test_cp_and_cpk_are_those_of_the_books():
    found = capability([5, 7, 5, 7, 6])
    assert found.mean() == 6
    assert found.sigma() == pytest.approx(1)
    assert found.cp() == pytest.approx(2)
    assert found.cpk() == pytest.approx(2)
    off = capability([8, 10, 8, 10, 9])
    assert off.cp() == pytest.approx(2)
    assert off.cpk() == pytest.approx(1)


@pytest.mark.parametrize(("low", "high", "cpk"), [(None, 12, 2), (0, None, 2), (3, None, 1)])
def test_with_one_limit_there_is_only_cpk(low, high, cpk):
    found = capability([5, 7, 5, 7, 6], low, high)
    assert found.cp() is None
    assert found.cpk() == pytest.approx(cpk)


def test_of_few_boards_or_equal_values_there_is_no_number_to_believe():
    assert capability([6, 6.1, 6.2, 6.3]).cpk() is None
    assert math.isinf(capability([6] * 8).cpk())
    assert capability([0] * 8, 0, 0).cpk() is None


def test_a_drift_is_told_and_noise_is_none():
    dice = random.Random(1)
    creeping = capability([5 + place * 0.05 + dice.gauss(0, 0.2) for place in range(60)])
    assert creeping.drifts()
    assert creeping.per_hour() == pytest.approx(3, abs=0.4)
    for seed in range(50):
        dice = random.Random(seed)
        assert not capability([dice.gauss(6, 0.8) for _ in range(60)]).drifts(), seed


def test_yield_is_counted_by_step_over_the_boards_that_came_so_far():
    boards = [
        board(1, steps=(("pass", 12000), ("pass", 12000))),
        board(2, steps=(("pass", 12000), ("marginal", 12590))),
        board(3, "fail", steps=(("pass", 12000), ("fail", 13000))),
        board(4, "fail", steps=(("fail", 11000), ("skipped", None))),
    ]
    found = summary(boards)
    assert (found.boards, found.passed, found.marginal, found.failed) == (4, 2, 1, 2)
    assert [(step.code, step.passed, step.marginal, step.failed) for step in found.steps] == [
        (230, 3, 0, 1),
        (231, 1, 1, 1),
    ]
    assert [round(step.percent(), 1) for step in found.steps] == [75, 66.7]


def test_a_board_that_was_mended_counts_with_its_last_test_and_broken_off_or_partial_tests_do_not_count():
    boards = [
        board(1, "fail", steps=(("fail", 11000),)),
        board(2) | {"chip": "chip 1"},
        board(3, "not tested"),
        board(4, "fail") | {"whole": False},
    ]
    found = summary(boards)
    assert (found.boards, found.passed, found.failed, found.not_tested) == (1, 1, 0, 1)


def test_the_report_tells_it_and_draws_it(tmp_path, headroom):
    dice = random.Random(3)
    path, page = tmp_path / "batch.jsonl", tmp_path / "report.html"
    for number in range(30):
        batch.append(path, board(number, steps=(("pass", 12000 + dice.gauss(0, 200)), ("pass", 12000 + number * 10))))
    with path.open("a") as file:
        file.write('{"torn')
    outcome = headroom("jig", "report", path, "--report", page)
    assert outcome.status == 0
    lines = outcome.out.splitlines()
    assert lines[:2] == [
        "30 boards: 30 passed (0 of them marginal), 0 failed",
        "1 line of the file cannot be read: a power cut, or no board's line",
    ]
    assert any("230  Step 0" in line and "100.0 %" in line for line in lines)
    (spread,) = [line for line in lines if line.startswith("pilot_0")]
    (creeps,) = [line for line in lines if line.startswith("pilot_1")]
    assert "below 1.33" in spread
    assert "drifts" in creeps
    assert "drifts" not in spread
    text = page.read_text()
    assert text.count("<circle") == 60
    assert "30 boards: 30 passed" in text


def test_an_empty_batch_and_one_board_are_told_too(tmp_path, headroom):
    path = tmp_path / "batch.jsonl"
    path.touch()
    assert headroom("jig", "report", path).out.startswith("0 boards: 0 passed")
    batch.append(path, board(1))
    assert headroom("jig", "report", path).out.startswith("1 board: 1 passed")
    assert "HR" not in batch_report.page("one", batch.read(path))
    assert headroom("jig", "report", tmp_path / "none").status == 2
