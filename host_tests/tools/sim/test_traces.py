"""Which traces are read, and what each bad one is told."""

from datetime import datetime, timedelta

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.sim.clocks import UciClock, WallClock
from headroom_tools.sim.traces import Row, Trace
from hypothesis import given
from hypothesis import strategies as st

UCI = (
    "Date;Time;Global_active_power;Global_reactive_power;Voltage;Global_intensity;Sub_metering_1;Sub_metering_2;Sub_metering_3\n"
    "16/12/2006;17:24:00;4.216;0.418;234.840;18.400;0.000;1.000;17.000\n"
    "16/12/2006;17:25:00;?;?;?;?;?;?;\n"
    "16/12/2006;17:26:00;5.360;0.436;233.630;23.000;0.000;1.000;16.000\n"
)
UCI_COMMAS = (
    "Datetime,Global_active_power,Voltage,Global_intensity\n"
    "16/12/2006 17:24:00,4.216,234.840,18.400\n"
    "16/12/2006 17:25:00,5.360,233.630,23.000\n"
)


def read(path, volts=230):
    with Trace(path, volts) as trace:
        return list(trace.rows()), trace


def currents(path, volts=230):
    return [row.ma for row in read(path, volts)[0]]


def complaint(path):
    with pytest.raises(BadInput) as told:
        read(path)
    message = str(told.value)
    assert "\n" not in message
    return message.replace(str(path), "FILE")


def read_or_complaint(path):
    try:
        return read(path)
    except BadInput:
        return complaint(path)


def test_the_uci_file_is_read_as_published_and_a_gap_holds_the_last_value(trace_file):
    rows, trace = read(trace_file(UCI))
    start = rows[0].t_ms
    assert rows == [
        Row(start, (18_400,), False),
        Row(start + 60_000, (18_400,), True),
        Row(start + 120_000, (23_000,), False),
    ]
    assert trace.clock.write(start) == "16/12/2006 17:24:00"
    assert trace.warnings == []


def test_the_comma_variant_of_the_uci_file_is_read_the_same(trace_file):
    rows, trace = read(trace_file(UCI_COMMAS))
    assert [row.ma for row in rows] == [(18_400,), (23_000,)]
    assert trace.clock.write(rows[1].t_ms) == "16/12/2006 17:25:00"


def test_seconds_and_amperes(trace_file):
    rows, _ = read(trace_file("t_s,l1_a\n0,1.5\n0.5,2\n"))
    assert rows == [Row(0, (1500,), False), Row(500, (2000,), False)]


def test_three_phases_in_any_column_order(trace_file):
    assert currents(trace_file("l3_a,note,t_s,l2_a,l1_a\n3,x,0,2,1\n")) == [(1000, 2000, 3000)]


def test_watts_become_amperes_at_the_given_voltage(trace_file):
    assert currents(trace_file("t_s,l1_w\n0,2300\n"), volts=230) == [(10_000,)]
    assert currents(trace_file("t_s,l1_w\n0,2300\n"), volts=115) == [(20_000,)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-01-15T17:00:00", "2026-01-15T17:00:01"),
        ("2026-01-15 17:00:00", "2026-01-15 17:00:01"),
        ("2026-01-15T17:00:00Z", "2026-01-15T17:00:01Z"),
        ("2026-01-15T23:59:59+01:00", "2026-01-15T23:00:00+00:00"),
        ("2026-01-15T17:00:00.000", "2026-01-15T17:00:01.000"),
    ],
)
def test_iso_times(trace_file, first, second):
    rows, _ = read(trace_file(f"time,l1_a\n{first},1\n{second},2\n"))
    assert rows[1].t_ms - rows[0].t_ms == 1000


def test_with_an_offset_days_go_by_the_first_rows_wall_clock(trace_file):
    rows, trace = read(trace_file("time,l1_a\n2026-01-15T18:00:00+01:00,1\n"))
    assert trace.clock.of_day_ms(rows[0].t_ms) == 18 * 3_600_000


def test_what_spreadsheets_and_editors_add_is_tolerated(trace_file):
    content = b'\xef\xbb\xbf# a comment\r\n"t_s";"l1_a"\r\n"0";"1"\r\n\r\n# another\r\n60;2\r\n\r\n\r\n'
    assert currents(trace_file(content)) == [(1000,), (2000,)]


def test_rows_at_the_same_time_are_allowed_and_told_once(trace_file):
    rows, trace = read(trace_file("t_s,l1_a\n0,1\n0,2\n0,3\n"))
    assert [row.ma for row in rows] == [(1000,), (2000,), (3000,)]
    assert trace.warnings == [f"{trace.path}, line 3: the same time as the row before it: the last of such rows holds"]


def test_an_empty_value_is_a_gap_and_told_once(trace_file):
    rows, trace = read(trace_file("t_s,l1_a\n0,1\n60,\n120, \n"))
    assert [(row.ma, row.gap) for row in rows] == [((1000,), False), ((1000,), True), ((1000,), True)]
    assert trace.warnings == [f"{trace.path}, line 3: an empty value: the last one holds"]


def test_rows_before_the_first_known_value_are_left_out(trace_file):
    assert currents(trace_file("t_s,l1_a,l2_a\n0,?,1\n1,2,\n2,3,4\n")) == [(2000, 1000), (3000, 4000)]


def test_a_cut_off_last_row_is_dropped_with_a_warning(trace_file):
    rows, trace = read(trace_file(UCI_COMMAS + "16/12/2006 17:26:00,5.374,23"))
    assert len(rows) == 2
    assert trace.warnings == [f"{trace.path}, line 4: the last row is cut off, left out"]


def test_a_last_row_that_is_cut_off_inside_a_field_is_dropped_where_it_cannot_be_read(trace_file):
    rows, trace = read(trace_file("time,l1_a\n2026-01-01T00:00,1\n2026-01-0"))
    assert len(rows) == 1
    assert len(trace.warnings) == 1
    rows, trace = read(trace_file("l1_a,time\n1,2026-01-01T00:00\n1,2026-01-0"))
    assert len(rows) == 1
    assert trace.warnings == [f"{trace.path}, line 3: the last row is cut off, left out"]


def test_empty_fields_beyond_the_header_are_tolerated(trace_file):
    assert currents(trace_file("t_s,l1_a\n0,1,\n1,2,,\n")) == [(1000,), (2000,)]


def test_a_hole_of_days_is_told_once(trace_file):
    _, trace = read(trace_file("t_s,l1_a\n0,1\n60,1\n180000,1\n400000,1\n"))
    assert trace.warnings == [f"{trace.path}, line 4: no row in the 2.1 days before it: the last value holds"]


def test_a_last_row_that_only_lacks_its_line_end_is_kept(trace_file):
    rows, trace = read(trace_file(UCI_COMMAS.rstrip("\n")))
    assert len(rows) == 2
    assert trace.warnings == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "FILE: empty: nothing to simulate"),
        ("t_s,l1_a\n0,1,5\n", "FILE, line 2: 3 fields where 2 belong (a decimal comma? Write a point)"),
        ("t_s;l1_a\n0;1;5\n", "FILE, line 2: 3 fields where 2 belong"),
        ("t_s,l1_a,l1_a\n0,1,2\n", "FILE, line 1: column l1_a stands there twice: leave one of them out"),
        (
            "t_s,l1_a\r0,1\r1,2\r",
            "FILE, line 1: lines end in CR alone, as on an old Mac: save the trace with LF or CRLF",
        ),
        (
            "t_s,l1_a\r" + "0,1\r" * 50_000,
            "FILE, line 1: lines end in CR alone, as on an old Mac: save the trace with LF or CRLF",
        ),
        (
            "t_s,l1_a\n1e300,1\n",
            "FILE, line 2: '1e300' is not a time, too many seconds: divide it by 1000 if it is ms: expected a number of seconds",
        ),
        (
            "t_s,l1_a\n0,1\n1e9,1\n",
            "FILE, line 3: more than ten years after the first row: is a time in ms where seconds belong?",
        ),
        ("\n\n# only a comment\n", "FILE: empty: nothing to simulate"),
        ("t_s,l1_a\n", "FILE: there is a header but no row: nothing to simulate"),
        ("t_s,l1_a\n0,?\n1,\n", "FILE: not one row has a value in every current column: nothing to simulate"),
        ("a,b\n1,2\n", "FILE, line 1: no known time column: t_s, time (ISO 8601), Datetime, or Date and Time"),
        ("t_s,temp,soc\n1,2,3\n", "FILE, line 1: no known current column: l1_a (A), l1_w (W) or Global_intensity"),
        ("t_s,l1_a\n0,1\nx,2\n", "FILE, line 3: 'x' is not a time: expected a number of seconds"),
        ("t_s,l1_a\n-1,1\n", "FILE, line 2: '-1' is not a time, it is negative: expected a number of seconds"),
        ("t_s,l1_a\n0,abc\n", "FILE, line 2: 'abc' is not a number"),
        ("t_s;l1_a\n0;1,5,2\n", "FILE, line 2: '1,5,2' is not a number"),
        ("t_s,l1_a\n0,1\n\n1,nano\n", "FILE, line 4: 'nano' is not a number"),
        ("t_s,l1_a\n0,inf\n", "FILE, line 2: 'inf' is not a number"),
        ("t_s,l1_a\n0,1_0\n", "FILE, line 2: '1_0' is not a number"),
        ("t_s,l1_a\n0,-1000.1\n", "FILE, line 2: -1000.1 is above 1000 A: no house draws that"),
        ("t_s,l1_a\n0,1000.1\n", "FILE, line 2: 1000.1 is above 1000 A: no house draws that"),
        ("t_s,l1_w\n0,230001\n", "FILE, line 2: 230001 is above 1000 A: no house draws that"),
        (
            "t_s,l1_w,l1_a\n0,2300,10\n",
            "FILE, line 1: columns l1_a and l1_w tell the same twice: leave one of them out",
        ),
        (
            "# both\nt_s,l1_a,l2_a,l2_w\n0,1,1,230\n",
            "FILE, line 2: columns l2_a and l2_w tell the same twice: leave one of them out",
        ),
        ("t_s,l1_a\n0\n1,2\n", "FILE, line 2: 1 fields where 2 belong"),
        (
            "t_s,l1_a\n5,1\n4,1\n",
            "FILE, line 3: time runs backwards, from 5 to 4: sort the rows; around a change of daylight-saving time, "
            "use UTC",
        ),
        (
            "time,l1_a\n2026-01-15T17:00:00,1\n2026-01-15T17:00:01Z,1\n",
            "FILE, line 3: '2026-01-15T17:00:01Z' is not a time, some times have an offset from UTC and some have "
            "none: expected ISO 8601, such as 2026-01-15T18:30:00",
        ),
        (
            "time,l1_a\n15.1.,1\n",
            "FILE, line 2: '15.1.' is not a time: expected ISO 8601, such as 2026-01-15T18:30:00",
        ),
        (
            "Date;Time;Global_intensity\n31/2/2006;17:24:00;1\n",
            "FILE, line 2: '31/2/2006 17:24:00' is not a time: expected dd/mm/yyyy HH:MM:SS",
        ),
        (
            "Datetime,Global_intensity\n16/12/2006 24:24:00,1\n",
            "FILE, line 2: '16/12/2006 24:24:00' is not a time: expected dd/mm/yyyy HH:MM:SS",
        ),
        (b"t_s,l1_a\n0,\xff\n", "FILE, line 2: 'ÿ' is not a number"),
        (b"t_s,l1_a\n0,\x00\n", "FILE, line 2: not text: save the trace as plain CSV in UTF-8"),
        (b"x" * 70_000, "FILE, line 1: longer than 65536 bytes: this is not a CSV file"),
        ('t_s,l1_a\n0,"1\n1,2\n', "FILE, line 3: a quote that was opened further up is not closed in its row"),
        (
            't_s,l1_a\n0,"' + "1" * 60_000 + "\n" + ("2" * 60_000 + "\n") * 3,
            "FILE, line 4: not CSV: field larger than field limit (131072)",
        ),
    ],
)
def test_a_bad_trace_is_told_in_one_line_what_and_where(trace_file, content, told):
    assert complaint(trace_file(content)) == told


def test_no_such_file_and_a_directory(tmp_path):
    assert complaint(tmp_path / "nothing.csv") == "FILE: no such file: check the name given to --trace"
    assert complaint(tmp_path) == "FILE is a directory: name a trace file in it"


@given(st.binary(max_size=300))
def test_whatever_the_bytes_a_trace_is_read_or_refused_in_one_line(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    assert read_or_complaint(path) is not None


@given(st.lists(st.lists(st.sampled_from(["0", "1", "-1", "1e400", "nan", "?", "", '"', ";", ",", "2026-01-15", "x"]))))
def test_whatever_the_rows_a_trace_is_read_or_refused_in_one_line(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "any_rows.csv"
    path.write_text("t_s,l1_a,l2_a\n" + "\n".join(",".join(row) for row in rows))
    assert read_or_complaint(path) is not None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_each_clock_reads_what_it_writes(moment):
    t_ms = (moment - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
    for clock in (UciClock(), WallClock()):
        assert clock.read(clock.write(t_ms)) == t_ms


@pytest.mark.parametrize("header", ["t_s,l1_a,l3_a", "t_s,l1_a,l2_w,l3_w", "t_s,l1_w,l3_a"])
def test_a_phase_that_would_be_left_out_is_refused(tmp_path, header):
    path = tmp_path / "house.csv"
    path.write_text(header + "\n" + "0" + ",1" * header.count(",") + "\n")
    with pytest.raises(BadInput, match="stands alone"):
        read(path)
