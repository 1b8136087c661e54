"""Settings that cannot all be meant are named, two at a time."""

from headroom.decide.contradictions import contradictions

GOOD = {"breaker_ma": 25000, "charger_ma": 16000, "min_ma": 6000, "phases": 1}


def told(**changed):
    """What is said about good settings with these changes."""
    values = dict(GOOD)
    values.update(changed)
    return contradictions(values)


def test_good_settings_are_left_alone():
    assert told() == []
    assert told(cap_w=5000, tolerance_pct=20, household_ma=10000) == []


def test_a_minimum_above_a_ceiling():
    for name in ("breaker_ma", "charger_ma", "household_ma"):
        said = told(**{name: 7000, "min_ma": 8000})
        assert len(said) == 1
        assert name in said[0]
        assert "min_ma" in said[0]


def test_a_tolerance_beyond_the_breakers_own():
    assert "tolerance_pct" in told(tolerance_pct=21)[0]
    assert "breaker_curve" in told(tolerance_pct=14, breaker_curve=1)[0]
    assert told(tolerance_pct=13, breaker_curve=1) == []


def test_a_cap_that_the_house_alone_uses_up():
    assert "by itself" in told(cap_w=300)[0]


def test_a_cap_that_leaves_less_than_the_minimum():
    assert "min_ma" in told(cap_w=1600)[0]
    assert "phases" in told(cap_w=3000, phases=3)[0]


def test_several_are_all_told():
    assert len(told(min_ma=30000, tolerance_pct=40)) == 3


def test_a_frequency_that_no_mains_have():
    assert told(hz=55) == ["hz 55: mains have 50 or 60"]
    assert told(hz=50) == told(hz=60) == []
