"""What is said of a trace that was read: in one line what it is, and each thing that cannot be a house."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.sim.told import read_told
from headroom_tools.sim.traces import Trace
from hypothesis import given, settings
from hypothesis import strategies as st

ABOVE = [folder / "shared" / "cases" for folder in Path(__file__).resolve().parents]
CASES = next((folder for folder in ABOVE if folder.is_dir()), ABOVE[0])
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="no ../shared/cases: the field's own files are not here")


def told(path, columns=None):
    with Trace(path, 230, read_told(columns)) as trace:
        for _ in trace.rows():
            pass
        return [line.replace(str(path), "FILE") for line in trace.all_told()]


def minutes(*values, column="l1_w", count=1):
    rows = [value for value in values for _ in range(count)]
    text = f"time,{column}\n"
    return text + "".join(f"2026-01-15 {8 + n // 60:02}:{n % 60:02},{value}\n" for n, value in enumerate(rows))


def a_house(base=300, hours=6):
    return [base + 40 * (n % 7) + (1800 if n % 50 < 4 else 0) for n in range(60 * hours)]


def test_one_line_says_what_was_understood(trace_file):
    content = "time,l1_w,l2_w,l3_w\n" + "".join(
        f"2026-01-15T18:{n:02}:00+01:00,{230 * (1 + n % 2)},460,{-230 if n == 3 else 690 if n != 5 else 'unavailable'}\n"
        for n in range(10)
    )
    assert told(trace_file(content)) == [
        "FILE: columns l1_w, l2_w, l3_w, W at 230 V; 9 min from Thu 15 Jan 2026, 18:00:00 (UTC+1 h), a row every 1 min; "
        "3 phases, median 1.0 / 2.0 / 3.0 A, peak 2.0 / 2.0 / 3.0 A; 1 gap, export 11 % of the time, up to 1.0 A",
        "FILE: no values for 1 min in all: the last one holds there, which is no measurement",
    ]


def test_what_is_left_out_at_the_beginning_is_told(trace_file):
    late = minutes("unavailable", "unavailable", *a_house())
    said = "the 2 min before it lack a value on one phase at least: left out"
    assert told(trace_file(late))[1] == f"FILE, line 4: {said}"
    assert not any("left out" in line for line in told(trace_file(minutes(*a_house()))))


def test_of_a_house_nothing_is_doubted(trace_file):
    assert len(told(trace_file(minutes(*a_house())))) == 1


@pytest.mark.parametrize(
    ("content", "doubt"),
    [
        (minutes(*(each / 1000 for each in a_house())), "never draws more than 2 W: kW read as W? --columns unit=kW"),
        (minutes(*a_house(), column="l1_a").replace(",2", ",0.2"), "W or mA read as A?"),
        (minutes(*(8293.1 + n / 20 for n in range(60))), "only rises: a counter read as power? --columns unit=kWh"),
        (minutes(*range(8293, 8298)), "only rises: a counter read as power?"),
        (minutes(500, count=60), "all 60 rows say the same"),
        (minutes(*a_house(), column="power"), "no unit stands there, W is assumed"),
        (minutes(*(-each for each in a_house())), "nearly all of it is export: is the sign turned round?"),
        (minutes(*a_house(), *(7400 + each for each in a_house(hours=3))), "from Thu 15 Jan 2026, 14:10:00: a car inside"),
        (minutes(*(20_000 + each for each in a_house())), "on one phase: a total of three?"),
        ("time,l1_w\n" + "".join(f"2026-01-15T{h:02}:00:00,{500 + h}\n" for h in (1, 2, 0, 4)[:2]), "each row stands for 1 h"),
        (
            "time,Import kWh,Export kWh\n" + "".join(f"2026-01-15T08:{n:02}:00,{100 + n // 9 / 10:.1f},0\n" for n in range(59)),
            "a step of the counter is 26.1 A: too coarse",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_a_house_is_doubted(trace_file, content, doubt):
    lines = told(trace_file(content))
    assert any(doubt in line for line in lines[1:]), lines


def test_a_heating_that_comes_and_goes_is_no_car(trace_file):
    heated = [each + (3000 if n // 17 % 2 else 5200) for n, each in enumerate(a_house(hours=4))]
    assert len(told(trace_file(minutes(*a_house(), *heated)))) == 1


def test_a_car_on_three_phases_is_found_where_each_alone_is_small(trace_file):
    rows = [(each, each + 5, each + 9) for each in a_house()] + [(1500 + each,) * 3 for each in a_house(hours=3)]
    content = "time,l1_w,l2_w,l3_w\n" + "".join(
        f"2026-01-15 {8 + n // 60:02}:{n % 60:02},{one},{two},{three}\n" for n, (one, two, three) in enumerate(rows)
    )
    assert any("on all phases" in line and "a car inside the trace?" in line for line in told(trace_file(content)))


def test_maxima_and_what_a_grid_meter_holds_besides_are_said(trace_file):
    maxima = "time,L1 max W,L2 max W,L3 max W\n2025-06-02 20:30,173,1212,67\n2025-06-02 20:45,-127,48,77\n"
    lines = told(trace_file(maxima))
    assert any("each row's maxima" in line for line in lines)
    assert any("each row stands for 15 min" in line for line in lines)


def test_the_command_shows_it_in_words_and_as_a_picture(headroom, trace_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = trace_file(minutes(*a_house()))
    outcome = headroom("trace", path)
    assert (outcome.status, outcome.err) == (0, "")
    first, strip, last = outcome.out.splitlines()
    assert "median" in first
    assert strip.startswith("L1 ")
    assert "█" in strip
    assert last == "picture: trace-trace.svg"
    picture = Path("trace-trace.svg").read_text()
    assert picture.rstrip().endswith("</svg>")
    assert "L1, A" in picture
    assert headroom("trace", path, "--picture", "again.svg").status == 0
    assert Path("again.svg").read_text() == picture
    assert headroom("trace", path, "--picture", "p.png").status == 0
    assert Path("p.png").read_bytes().startswith(b"\x89PNG")


def test_a_refusal_ends_with_2_and_shows_a_file_that_would_do(headroom, trace_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = headroom("trace", trace_file("a,b\n1,2\n"))
    assert (outcome.status, outcome.out) == (2, "")
    shown = [line.strip() for line in outcome.err.splitlines()[2:]]
    assert len(shown) == 2
    path = trace_file("\n".join(shown) + "\n", "would_do.csv")
    assert headroom("trace", path).status == 0
    assert not Path("trace-trace.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--picture", "x.gif"], "--picture x.gif: the name must end in .svg or .png"),
        (["--volts", "12"], "--volts 12 is out of range: give 100 to 300 V"),
        (["--columns", "nonsense"], "--columns 'nonsense' tells nothing"),
    ],
)
def test_options_that_cannot_be_are_refused_in_one_line(headroom, trace_file, arguments, told):
    outcome = headroom("trace", trace_file("t_s,l1_a\n0,1\n"), *arguments)
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    assert told in outcome.err


def test_columns_without_a_trace_are_refused(headroom):
    assert headroom("sim", "--columns", "unit=kW").err == (
        "headroom: --columns tells of a trace: name it with --trace\n"
    )


def test_the_simulation_takes_columns_too(headroom, fake_bench, trace_file):
    fake_bench(
        "import sys, json; print('R 0 A 0 0 0 0 0 0 0 0'); print('Z', json.load(open(sys.argv[1]))['duration_ms'])"
    )
    outcome = headroom("sim", "--trace", trace_file("Wann,A\n2026-01-15 18:30,1\n2026-01-15 18:31,2\n"), "--columns",
                       "time=Wann,l1=A,unit=kW", "--json", "-")  # fmt: skip
    assert outcome.status == 0
    assert "as told, kW at 230 V" in outcome.err


def test_versus_says_what_it_understood_too(headroom, trace_file):
    path = trace_file("t_s,l1_a\n0,1\n")
    outcome = headroom("versus", "--trace", path, "--jobs", "1", "--plugged", "00:00-00:01", "--car", "plain")
    assert ", median 1.0 A" in outcome.err


def test_a_long_file_takes_no_more_memory_than_a_short_one(trace_file):
    script = (
        "import resource, sys; from pathlib import Path; from headroom_tools.sim.traces import Trace\n"
        "with Trace(Path(sys.argv[1]), 230) as trace: count = sum(1 for _ in trace.rows())\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def kilobytes(rows):
        path = trace_file("t_s,l1_a\n" + "".join(f"{n},{n % 20}\n" for n in range(rows)), f"{rows}.csv")
        return int(
            subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True).stdout
        )

    assert kilobytes(120_000) < kilobytes(5000) + 3000


SEEDS = [
    "entity_id,state,last_changed\nsensor.l1_power,1,2026-01-15T18:30:00Z\nsensor.l1_power,2,2026-01-15T18:30:01Z\n",
    "Zeit;Leistung L1 (W)\n15.01.2026 18:30;1.234,5\n15.01.2026 18:31;unavailable\n",
    "time,Import kWh,Export kWh\n2026-01-15T08:00:00,100.1,0\n2026-01-15T08:15:00,100.4,0\n",
    "1303132929 230\n1303132935 460\n",
]
PIECES = [
    '"',
    ";",
    ",",
    "\t",
    "nan",
    "1e999",
    "\0",
    "9" * 400,
    "24:00",
    "\n",
    "-1",
    "kWh",
    "2025-10-26 02:30",
    "٣",
    "_",
    ".",
]
COLUMNS = [
    None,
    "tz=Europe/Brussels",
    "unit=kWh",
    "l1=1,time=2",
    "time=1,l1=2",
    "kind=counter",
    "decimal=comma",
    "dates=mdy",
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 9), st.sampled_from(PIECES)), max_size=5),
    st.sampled_from(COLUMNS),
)
def test_whatever_becomes_of_a_file_it_is_read_or_refused_in_one_line(tmp_path_factory, seed, changes, columns):
    text = seed
    for at, cut, piece in changes:
        text = text[:at] + piece + text[at + cut :]
    path = tmp_path_factory.getbasetemp() / "changed.csv"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        lines = told(path, columns)
    except BadInput as error:
        lines = [str(error)]
    assert all("\n" not in line for line in lines)


FIELD = [
    (
        "f01_home_assistant_history.csv",
        None,
        "3 phases",
        "the 40.1 min before it lack a value on one phase at least: left out",
    ),
    (
        "f02_home_assistant_renamed.csv",
        None,
        "one phase",
        "the 39.9 min before it lack a value on one phase at least: left out",
    ),
    ("f04_homewizard_p1_15min.csv", None, "3 phases", "maxima"),
    ("f04_homewizard_p1_15min.csv", None, "export", "each row stands for 15 min"),
    ("f05_enedis_half_hour.csv", None, "kW at 230 V", "each row stands for 30 min"),
    ("f06_excel_german.csv", None, "3 phases", "median 5.3 / 0.8 / 0.3 A"),
    ("f06b_excel_german_dates.csv", None, "3 phases", "Wed 15 Jan 2025"),
    ("f06c_excel_thousands.csv", "decimal=comma", "median 5.3 / 0.8 / 0.3 A", "'1.234' is read as 1234"),
    ("f13b_emoncms_dates.csv", None, "one phase", "local time"),
    ("f15_dst_autumn_local.csv", "tz=Europe/Brussels", "1.5 h from", "Europe/Brussels"),
    ("f15c_tz_abbrev.csv", None, "1.5 h from", "a row every 1 min"),
    ("f16_kw_as_w.csv", None, "one phase", "kW read as W?"),
    ("f16b_counter_as_w.csv", None, "one phase", "only rises"),
    ("f22_hour_hole.csv", None, "1 gap", "no row in the 19.8 hours before it"),
    ("f23_excel_tail.csv", None, "one phase", "no gaps"),
]


@needs_cases
@pytest.mark.parametrize(("name", "columns", "first", "second"), FIELD)
def test_the_fields_own_files_are_understood(name, columns, first, second):
    said = "\n".join(told(CASES / name, columns))
    assert first in said
    assert second in said


@needs_cases
@pytest.mark.parametrize(
    ("name", "why"),
    [("f06c_excel_thousands.csv", "may be 1234 or 1.234"), ("f15_dst_autumn_local.csv", "name the zone")],
)
def test_the_fields_own_files_that_cannot_be_read_alone_are_refused(name, why):
    with pytest.raises(BadInput, match=why):
        told(CASES / name)


@needs_cases
def test_no_file_of_the_field_is_left_untried():
    assert {path.name for path in CASES.glob("*.csv")} <= {name for name, *_ in FIELD}


def test_other_commands_start_without_what_reads_traces():
    heavy = ["zoneinfo", "matplotlib", "headroom_tools.sim.traces", "headroom_tools.sim.trace_formats"]
    script = f"import sys, headroom_tools.cli; print([module for module in {heavy} if module in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert loaded.stdout.strip() == "[]"
