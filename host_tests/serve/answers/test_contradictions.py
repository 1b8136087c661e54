"""Settings that cannot all be meant are named, two at a time."""

from headroom.sense.meters import table
from headroom.serve.answers.contradictions import AS_GROUP, cautions, contradictions, idle
from headroom.serve.answers.settings_table import TABLE
from headroom.terms import meters, wiring

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


def test_a_group_without_a_bus_is_named_though_the_bus_was_never_set():
    assert "set bus group" in told(group_no=1, group_safe_ma=0)[0]
    assert told(group_no=1, group_safe_ma=0, bus=AS_GROUP) == []


def test_a_meter_of_one_phase_cannot_measure_a_supply_of_three():
    for place, name in enumerate(meters.CHOICES.split(" ")):
        row = table.row(name)
        if row is None:
            continue
        found = [line for line in told(phases=3, bus=1, meter=place) if "sees one phase" in line]
        assert len(found) == (row.phases == 1), name
        assert not [line for line in told(phases=3, bus=1, meter=place, meter_role=meters.CHECK) if "one phase" in line]


def test_a_group_on_a_bus_that_is_too_slow_for_its_answers_is_refused():
    group = {"group_no": 1, "bus": AS_GROUP, "group_safe_ma": 0}
    (said,) = told(**group, bus_baud=9600)
    assert said == "bus_baud 9600 is too slow for a group: 19200 at least, on all"
    assert told(**group, bus_baud=19200) == told(**group, bus_baud=0) == told(bus_baud=9600) == []


def test_what_a_group_does_not_keep_for_its_members_is_refused_there():
    group = {"group_no": 1, "bus": AS_GROUP, "group_safe_ma": 0}
    for name, value in (("cap_w", 9000), ("asymmetry_ma", 20000)):
        assert told(**{name: value}) == []
        (said,) = told(**group, **{name: value})
        assert name in said
        assert "in a group" in said


def test_safe_shares_fit_the_smaller_breaker_of_a_phase():
    group = {"group_no": 1, "bus": AS_GROUP, "group_ma": 25000, "group_safe_ma": 6000, "breaker_l2_ma": 11000}
    (said,) = told(**group)
    assert "breaker_l2_ma is 11 A" in said
    for name, value in (("breaker_l2_ma", 12000), ("group_clamps", 1)):
        other = dict(group)
        other[name] = value
        assert told(**other) == []


def test_a_breaker_of_a_phase_that_the_charger_is_not_wired_to_would_limit_nothing():
    for phases, choice, wired in (
        (1, "straight", "1"),
        (1, "l2", "2"),
        (2, "l2l3", "23"),
        (3, "l2l3l1", "123"),
        (1, "l1-l3", "13"),
    ):
        place = wiring.CHOICES.split(" ").index(choice)
        for phase in "123":
            said = told(**{f"breaker_l{phase}_ma": 16000, "phases": phases, "wiring": place})
            if phase in wired:
                assert said == []
            else:
                why = f"breaker_l{phase}_ma 16 A: the charger is not wired to L{phase}, so it would limit nothing"
                assert said == [why + ": set it 0, or phases or wiring"]


def test_a_group_has_members_on_other_phases_than_its_leader():
    group = {"group_no": 1, "bus": AS_GROUP, "group_ma": 25000}
    assert told(**group, breaker_l2_ma=16000) == []


SERVED = {
    "night_from_h": ("night_w", {"night_w": 9000}),
    "night_to_h": ("night_w", {"night_w": 9000}),
    "cap_s": ("cap_w", {"cap_w": 9000}),
    "solar_sum": ("solar", {"solar": 1}),
    "solar_hold_ms": ("solar", {"solar": 3}),
    "summer_begins": ("summer_min", {"summer_min": 60}),
    "summer_ends": ("summer_min", {"summer_min": 60}),
    "bus_baud": ("bus", {"bus": 1}),
    "bus_parity": ("bus", {"bus": 2}),
    "bus_address": ("bus manager", {"bus": 3}),
    "remote_hold_ms": ("bus manager", {"bus": 3}),
    "remote_safe_ma": ("bus manager", {"bus": 3}),
    "meter_role": ("meter", {"meter": 3}),
    "meter_address": ("meter", {"meter": 3}),
    **dict.fromkeys(
        ["generic_function", "generic_form", "generic_amps", "generic_ma", "generic_watts", "generic_mw"],
        ("meter generic", {"meter": meters.GENERIC}),
    ),
    **dict.fromkeys(
        ["group_size", "group_ma", "group_safe_ma", "group_clamps", "group_share", "group_priority"],
        ("group_no", {"group_no": 1}),
    ),
}


def test_a_setting_that_counts_beside_another_says_so_until_that_is_set():
    for row in TABLE:
        name = row[0]
        if name not in SERVED:
            assert idle(name, {}) == ""
            continue
        other, enough = SERVED[name]
        assert idle(name, {}) == f"{name} counts once this is set: {other}"
        assert idle(name, enough) == ""
    assert idle("bus_address", {"bus": 1}) == idle("bus_address", {})
    assert idle("generic_ma", {"meter": 3}) == idle("generic_ma", {})


def test_a_charge_by_sun_outside_of_a_timetable_needs_a_timetable():
    assert "a timetable leaves less" in idle("solar", {"solar": 3})
    assert idle("solar", {"solar": 2}) == idle("exports", {"solar": 3}) == ""


def test_what_always_flows_is_not_looked_at_where_panels_may_cancel_it():
    assert idle("idle_ma", {"exports": 0}) == ""
    assert "exports no" in idle("idle_ma", {"exports": 1})


def test_a_safe_current_above_the_minimum_says_that_nobody_sees_the_house_meanwhile():
    assert cautions({}) == cautions({"trust_safe_ma": 6000, "min_ma": 6000}) == []
    (said,) = cautions({"trust_safe_ma": 6001, "min_ma": 6000})
    assert said.startswith("trust_safe_ma 6.0 A is above min_ma 6 A: in doubt it is offered for 60 s")
    (said,) = cautions({"trust_safe_ma": 16000, "min_ma": 8000, "trust_pause_ms": 3600000})
    assert said.startswith("trust_safe_ma 16 A is above min_ma 8 A: in doubt it is offered for 3600 s")
