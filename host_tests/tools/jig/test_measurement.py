"""A measurement against its limits: pass, marginal or fail; and who measured."""

import datetime
import math

import pytest
from headroom_tools.jig.limits import LIMITS, limit
from headroom_tools.jig.measurement import NEAR_DAYS, Instrument, Limit, Outcome, short, taken, worst

TODAY = datetime.date(2026, 11, 29)
VOLTS = Limit("mV", 11400, 12600, "test")  # marginal within 120 of either
METER = Instrument("meter")


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (12000, "pass"),
        (11520, "pass"),
        (11519, "marginal"),
        (11400, "marginal"),
        (11399.9, "fail"),
        (12480, "pass"),
        (12481, "marginal"),
        (12600, "marginal"),
        (12600.1, "fail"),
        (None, "fail"),
        (math.nan, "fail"),
        (math.inf, "fail"),
    ],
)
def test_a_value_passes_inside_the_marginal_limits_and_fails_outside_of_the_limits(value, outcome):
    assert VOLTS.judge(value).value == outcome


@pytest.mark.parametrize(
    ("limit", "good", "marginal", "bad"),
    [(Limit("ms", None, 100, ""), 89, 91, 101), (Limit("kohm", 1000, None, "", 0.5), 1501, 1499, 999)],
)
def test_a_limit_may_have_one_side(limit, good, marginal, bad):
    assert [limit.judge(value).value for value in (good, marginal, bad)] == ["pass", "marginal", "fail"]


def test_a_good_value_of_an_instrument_past_its_date_is_told_as_what_it_is():
    late = Instrument("meter", TODAY - datetime.timedelta(days=1))
    assert taken("pilot_high", 12000, VOLTS, late, TODAY).told().endswith("; meter's calibration ended on 2026-11-28")
    assert "calibration" not in taken("pilot_high", 11000, VOLTS, METER, TODAY).told()


def test_an_instrument_past_its_date_passes_no_board():
    until = TODAY - datetime.timedelta(days=1)
    assert taken("pilot_high", 12000, VOLTS, Instrument("meter", until), TODAY).outcome is Outcome.FAIL
    assert taken("pilot_high", 12000, VOLTS, Instrument("meter", TODAY), TODAY).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "no board passes with it"), (0, "ends in 0 days"), (NEAR_DAYS, "60 days"), (NEAR_DAYS + 1, "")],
)
def test_an_instrument_near_its_date_warns(days, said):
    warning = Instrument("meter", TODAY + datetime.timedelta(days=days)).warning(TODAY)
    assert said in warning
    assert bool(warning) == bool(said)


def test_what_failed_is_told_as_measured_against_allowed():
    found = taken("pilot_high", 11000, VOLTS, METER, TODAY)
    assert found.told() == "pilot_high: measured 11 000 mV, allowed 11 400 to 12 600 mV"
    assert taken("pilot_high", None, VOLTS, METER, TODAY).told().startswith("pilot_high: measured nothing, allowed")


def test_the_record_has_value_unit_limits_marginal_limits_outcome_and_instrument():
    until = datetime.date(2027, 5, 31)
    assert taken("pilot_high", 12590, VOLTS, Instrument("meter", until), TODAY).record() == {
        "name": "pilot_high",
        "value": 12590,
        "unit": "mV",
        "low": 11400,
        "high": 12600,
        "marginal_low": 11520,
        "marginal_high": 12480,
        "outcome": "marginal",
        "instrument": "meter",
        "calibrated_until": "2027-05-31",
        "allowed": "11 400 to 12 600 mV",
    }


def test_the_worst_of_several_counts():
    assert worst([]) is Outcome.PASS
    assert worst([Outcome.PASS, Outcome.FAIL, Outcome.MARGINAL]) is Outcome.FAIL
    assert worst([Outcome.MARGINAL, Outcome.PASS]) is Outcome.MARGINAL


def test_every_limit_has_a_reason_and_room_between_its_marginal_limits():
    for name, each in LIMITS.items():
        assert len(each.why) > 10, name
        low, high = each.marginal()
        assert low is None or high is None or low <= high, name
    assert limit("gain.L1.5A") is LIMITS["gain"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (12000, "12 000"),
        (-12600.4, "-12 600"),
        (0.02, "0.02"),
        (-0.0004, "0"),
        (998.402, "998.4"),
        (20, "20"),
        (0, "0"),
    ],
)
def test_a_number_is_told_with_no_more_digits_than_anybody_measures(value, told):
    assert short(value) == told
