"""Which part of a trace is run, and what the runner gets of it."""

import io

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.sim.house import prepare
from headroom_tools.sim.traces import Trace
from hypothesis import given
from hypothesis import strategies as st

MINUTES = "t_s,l1_a\n" + "".join(f"{60 * minute},{minute + 1}\n" for minute in range(10))
UCI = "Date;Time;Global_intensity\n" + "".join(f"16/12/2006;17:{minute}:00;{minute}\n" for minute in range(20, 30))


def prepared(path, from_text=None, to_text=None, phases=1):
    file = io.StringIO()
    with Trace(path, 230) as trace:
        house = prepare(trace, from_text, to_text, phases, file)
    return house, file.getvalue().splitlines(), trace.warnings


def complaint(*arguments):
    with pytest.raises(BadInput) as told:
        prepared(*arguments)
    return str(told.value)


def test_the_whole_trace_is_run_and_its_last_row_holds_as_long_as_the_row_before(trace_file):
    house, lines, warnings = prepared(trace_file("t_s,l1_a\n100,1\n110,2\n130,3\n"))
    assert lines == ["0 1000 0 0", "10000 2000 0 0", "30000 3000 0 0"]
    assert house.duration_ms == 50_000
    assert warnings == []


def test_a_lone_row_holds_for_a_minute(trace_file):
    assert prepared(trace_file("t_s,l1_a\n100,1\n"))[0].duration_ms == 60_000


def test_of_rows_at_the_same_time_the_last_one_holds(trace_file):
    house, lines, _ = prepared(trace_file("t_s,l1_a\n0,1\n0,2\n5,3\n5,4\n"))
    assert lines == ["0 2000 0 0", "5000 4000 0 0"]
    assert house.duration_ms == 10_000


def test_rows_that_change_nothing_are_not_passed_on(trace_file):
    house, lines, _ = prepared(trace_file("t_s,l1_a\n0,1\n60,1\n120,2\n"))
    assert lines == ["0 1000 0 0", "120000 2000 0 0"]
    assert house.duration_ms == 180_000


def test_from_within_a_row_takes_the_row_that_holds_and_to_ends_within_one(trace_file):
    house, lines, warnings = prepared(trace_file(MINUTES), "90", "200")
    assert lines == ["0 2000 0 0", "30000 3000 0 0", "90000 4000 0 0"]
    assert (house.start_ms, house.duration_ms, warnings) == (90_000, 110_000, [])


@pytest.mark.parametrize("from_text", ["16/12/2006 17:25:00", "16/12/2006;17:25:00", "17:25:00", "17:25"])
def test_from_takes_the_traces_own_time_form_or_a_time_of_day(trace_file, from_text):
    house, lines, _ = prepared(trace_file(UCI), from_text)
    assert lines[0] == "0 25000 0 0"
    assert house.duration_ms == 300_000


def test_a_time_of_day_for_to_is_the_first_after_the_start(trace_file):
    days = "t_s,l1_a\n" + "".join(f"{3600 * hour},{hour}\n" for hour in range(60))
    house, lines, _ = prepared(trace_file(days), "36000", "10:00")
    assert lines[0] == "0 10000 0 0"
    assert house.duration_ms == 24 * 3_600_000


def test_from_without_an_offset_is_in_the_traces_offset(trace_file):
    path = trace_file("time,l1_a\n2026-01-15T17:00:00+01:00,1\n2026-01-15T18:00:00+01:00,2\n")
    for from_text in ("2026-01-15T18:00:00", "2026-01-15T17:00:00Z", "18:00"):
        assert prepared(path, from_text)[1] == ["0 2000 0 0"]


def test_gaps_are_counted_where_the_run_is(trace_file):
    path = trace_file("t_s,l1_a\n0,1\n60,?\n120,2\n180,\n240,?\n300,3\n")
    assert prepared(path)[0].gaps == 3
    assert prepared(path, "120", "240")[0].gaps == 1
    assert prepared(path, "60", "120")[0].gaps == 1


def test_rows_after_the_end_are_not_even_read(trace_file):
    assert prepared(trace_file(MINUTES + "nonsense,1\n"), None, "120")[0].duration_ms == 120_000


@pytest.mark.parametrize(
    ("from_text", "to_text", "told"),
    [
        ("600", None, "--from 600 is past the end of the trace at 600"),
        ("120", "120", "--to 120 is not after the start at 120: nothing to simulate"),
        (None, "0", "--to 0 is not after the start at 0: nothing to simulate"),
        ("now", None, "--from now is not a time of this trace: give a number of seconds, or HH:MM"),
        (None, "nan", "--to nan is not a time of this trace: give a number of seconds, or HH:MM"),
    ],
)
def test_a_part_that_is_none_is_refused(trace_file, from_text, to_text, told):
    assert complaint(trace_file(MINUTES), from_text, to_text) == told


def test_a_part_that_sticks_out_is_cut_with_a_warning(trace_file):
    house, _, warnings = prepared(trace_file("t_s,l1_a\n60,1\n120,2\n"), "0", "999")
    assert house.duration_ms == 120_000
    assert warnings == [
        "--from 0 is before the trace: it begins at 60",
        "--to 999 is past the end of the trace: the run ends at 180",
    ]


def test_a_trace_whose_only_row_is_cut_off_is_refused(trace_file):
    assert "header but no row" in complaint(trace_file("t_s,l1_a\n0"))


def test_phases_that_the_trace_lacks_carry_nothing_with_a_warning(trace_file):
    _, lines, warnings = prepared(trace_file("t_s,l1_a\n0,1\n"), phases=3)
    assert lines == ["0 1000 0 0"]
    assert len(warnings) == 1
    assert warnings[0].endswith("has 1 of 3 phases: L2 and L3 carry nothing but the car")


def test_phases_that_the_supply_lacks_are_left_out_with_a_warning(trace_file):
    _, lines, warnings = prepared(trace_file("t_s,l1_a,l2_a,l3_a\n0,1,2,3\n"), phases=1)
    assert lines == ["0 1000 0 0"]
    assert len(warnings) == 1
    assert warnings[0].endswith("has 3 phases, only l1 is used: --phases 3 takes all")


def test_three_phases_are_passed_on(trace_file):
    _, lines, warnings = prepared(trace_file("t_s,l1_a,l2_a,l3_a\n0,1,2,3\n"), phases=3)
    assert lines == ["0 1000 2000 3000"]
    assert warnings == []


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), min_size=1, max_size=30),
    st.integers(0, 500),
    st.integers(1, 500),
)
def test_at_every_second_the_runner_has_the_row_that_holds(tmp_path_factory, steps, start_s, length_s):
    rows, t_s = [], 0
    for step_s, amps in steps:
        t_s += step_s
        rows.append((t_s, amps))
    path = tmp_path_factory.getbasetemp() / "part.csv"
    path.write_text("t_s,l1_a\n" + "".join(f"{t},{a}\n" for t, a in rows))
    try:
        house, lines, _ = prepared(path, str(start_s), str(start_s + length_s))
    except BadInput:
        return
    given_to_runner = [tuple(map(int, line.split())) for line in lines]
    assert given_to_runner[0][0] == 0
    for second in range(house.duration_ms // 1000):
        at_s = house.start_ms // 1000 + second
        expected = [amps for t, amps in rows if t <= at_s][-1]
        held = [ma for t, ma, _, _ in given_to_runner if t <= second * 1000][-1]
        assert held == expected * 1000


def test_a_from_that_comes_after_its_to_in_a_trace_of_one_day_is_refused(trace_file):
    path = trace_file("time,l1_a\n2026-01-15T08:00,1\n2026-01-15T23:00,2\n")
    told = complaint(path, "20:00", "19:00")
    assert told.startswith("--to 19:00 comes before --from 20:00, and the trace ends before 19:00 of the next day")
    assert prepared(path, "08:00", "20:00")[0].duration_ms == 12 * 3_600_000
