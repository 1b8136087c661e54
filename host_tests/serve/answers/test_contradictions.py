"""Settings that cannot all be meant are named, two at a time."""

from headroom.serve.answers.contradictions import contradictions

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


def test_a_current_is_told_in_ampere_to_a_tenth_where_it_is_no_whole_one():
    for ma, amps in ((7000, "7 A"), (7500, "7.5 A"), (7750, "7.7 A")):
        assert told(charger_ma=ma, min_ma=9000) == [
            f"charger_ma {amps} is below min_ma 9 A: the car could never charge"
        ]


def test_a_name_that_is_missing_has_its_usual_value():
    assert contradictions({}) == []
    for name, fine, told_of in (
        ("charger_ma", 6000, 5999),
        ("resume_dwell_ms", 2000, 1999),
        ("rise_dwell_ms", 59000, 59001),
        ("cap_w", 1725, 1724),  # 1.5 A for the house, 6 A on one phase for the car
    ):
        assert contradictions({name: fine}) == []
        assert len(contradictions({name: told_of})) == 1


def test_a_pause_that_would_end_sooner_than_a_rise_begins():
    assert told(resume_dwell_ms=5000, rise_dwell_ms=5000) == []
    assert "rise_dwell_ms" in told(resume_dwell_ms=4999, rise_dwell_ms=5000)[0]


def test_a_cap_that_the_house_alone_uses_up():
    assert "by itself" in told(cap_w=300)[0]
    assert "by itself" in told(cap_w=344)[0]  # the house's 1.5 A are 345 W
    assert told(cap_w=345) == ["cap_w 345 W leaves 0 A beside the house, min_ma and phases need 6 A"]


def test_a_cap_that_leaves_less_than_the_minimum():
    assert "min_ma" in told(cap_w=1600)[0]
    assert told(cap_w=1724) == ["cap_w 1724 W leaves 5.9 A beside the house, min_ma and phases need 6 A"]
    assert contradictions({"cap_w": 1724}) == told(cap_w=1724)
    assert told(cap_w=3000, phases=3) == ["cap_w 3000 W leaves 11.5 A beside the house, min_ma and phases need 18 A"]


def test_several_are_all_told():
    assert len(told(min_ma=30000, tolerance_pct=40)) == 3


def test_a_frequency_that_no_mains_have():
    assert told(hz=55) == ["hz 55: mains have 50 or 60"]
    assert told(hz=50) == told(hz=60) == []
