"""`headroom sim` as people and scripts use it: what it says, what it writes, how it ends."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from headroom_tools.sim.report import plotly_js

CALM = "import sys; print('R 0 C 10000 1 5000 10000 0 0 0 0\\nV 0 0 10000 headroom\\nP 1\\nZ 60000')"
TRIPPING = "print('R 0 C 32000 1 20000 32000 0 0 0 0\\nZ 60000')"
ENDLESS = """
import sys, time
for t in range(10**9):
    print(f"R {t} C {t % 7} 1 0 0 0 0 0 0", flush=True)
    time.sleep(0.001)
"""


on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for the bench's process in /proc")


def besides(err):
    """Returns what was said besides what was understood of the trace, which is said first."""
    first, _, rest = err.partition("\n")
    assert ", median " in first
    return rest


@pytest.fixture
def minute(trace_file):
    """Returns a trace of one minute at 5 A."""
    return trace_file("t_s,l1_a\n0,5\n")


def test_a_good_run_prints_the_figures_as_a_table_and_ends_with_0(headroom, fake_bench, minute):
    fake_bench(CALM)
    outcome = headroom("sim", "--trace", minute)
    assert outcome.status == 0
    assert "Energy into the car" in outcome.out
    assert "50.0 %" in outcome.out
    assert besides(outcome.err) == ""


def test_json_to_stdout_is_json_and_nothing_else(headroom, fake_bench, minute):
    fake_bench(CALM)
    outcome = headroom("sim", "--trace", minute, "--json", "-")
    figures = json.loads(outcome.out)
    assert next(iter(figures)) == "duration_s"
    assert figures["energy_kwh"] == pytest.approx(10 * 230 / 60_000, abs=1e-4)
    assert besides(outcome.err) == ""


def test_all_files_are_written_and_the_report_is_named(headroom, fake_bench, minute, tmp_path):
    fake_bench(CALM)
    series, figures, page = tmp_path / "s.csv", tmp_path / "f.json", tmp_path / "r.html"
    outcome = headroom("sim", "--trace", minute, "--series", series, "--json", figures, "--report", page)
    assert outcome.status == 0
    assert outcome.out.splitlines()[-1] == f"Report: {page}"
    assert len(series.read_text().splitlines()) == 61
    assert json.loads(figures.read_text())["duration_s"] == 60
    assert plotly_js() in page.read_text()


def test_a_trip_with_the_cars_help_ends_with_1_and_the_files_are_written_all_the_same(
    headroom, fake_bench, minute, tmp_path
):
    fake_bench(TRIPPING)
    figures = tmp_path / "f.json"
    assert headroom("sim", "--trace", minute, "--json", figures).status == 1
    assert json.loads(figures.read_text())["trips"] > 0


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("raise ValueError('no such board')", "ValueError: no such board"),
        ("print('R 0 A 0 0 0 0 0 0 0 0')", "it ended before its time"),
        ("print('Z 60000'); raise SystemExit(4)", "it ended with status 4"),
        ("print('Z 60000'); import sys; sys.stderr.write('odd\\n')", "odd"),
        ("print('nonsense')", "it said something unknown: 'nonsense'"),
        ("import os; os.kill(os.getpid(), 9)", "it ended before its time"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\n')", "it said something unknown: '�'"),
    ],
)
def test_a_bench_that_fails_is_told_in_one_line_and_leaves_no_file(
    headroom, fake_bench, minute, tmp_path, script, told
):
    fake_bench(script)
    before = set(tmp_path.iterdir())
    outcome = headroom("sim", "--trace", minute, "--json", tmp_path / "f.json", "--report", tmp_path / "r.html")
    assert (outcome.status, outcome.out) == (3, "")
    assert besides(outcome.err) == f"headroom: the simulator failed: {told}\n"
    assert set(tmp_path.iterdir()) == before


def test_a_bench_that_talks_nonsense_is_not_waited_for(headroom, fake_bench, minute):
    fake_bench("print('nonsense', flush=True); import time; time.sleep(600)")
    began = time.monotonic()
    assert headroom("sim", "--trace", minute).status == 3
    assert time.monotonic() - began < 300


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--breaker-a", "5"], "--breaker-a 5 is out of range: give 6 to 125 A"),
        (["--breaker-a", "126"], "--breaker-a 126 is out of range: give 6 to 125 A"),
        (["--breaker-a", "nan"], "--breaker-a nan is out of range: give 6 to 125 A"),
        (["--car-a", "5.9"], "--car-a 5.9 is out of range: give 6 to 80 A"),
        (["--car-a", "81"], "--car-a 81 is out of range: give 6 to 80 A"),
        (["--volts", "12"], "--volts 12 is out of range: give 100 to 300 V"),
        (["--hz", "400"], "--hz 400 is out of range: give 50 to 60 Hz"),
        (["--seed", "-1"], "--seed -1 is out of range: give 0 to 1073741823"),
        (["--phases", "2"], "--phases 2: a supply or a car has 1 or 3"),
        (["--phases", "3", "--car-phases", "2"], "--car-phases 2: a supply or a car has 1 or 3"),
        (["--car-phases", "3"], "--car-phases 3 needs a supply of three phases: add --phases 3"),
        (["--need-kwh", "0"], "--need-kwh 0: give what is missing until full, above 0 and up to 100000 kWh"),
        (["--need-kwh", "inf"], "--need-kwh inf: give what is missing until full, above 0 and up to 100000 kWh"),
        (["--plugged", "night"], "--plugged night: give always, or a daily window such as 18:00-07:00"),
        (["--from", "then"], "--from then is not a time of this trace: give a number of seconds, or HH:MM"),
        (["--report", "missing/r.html"], "--report missing/r.html cannot be written: no such directory, make it first"),
        (["--series", "."], "--series . is a directory: name a file in it"),
    ],
)
def test_bad_input_is_told_in_one_line_before_the_bench_starts(headroom, fake_bench, minute, arguments, told):
    fake_bench("raise AssertionError('started')")
    assert headroom("sim", "--trace", minute, *arguments) == (2, "", f"headroom: {told}\n")


@pytest.mark.parametrize(
    "arguments",
    [["sim", "--nope"], ["sim", "--volts", "x"], ["sim", "--fidelity", "x"], ["sim", "extra"], ["simm"], []],
)
def test_a_command_line_nobody_understands_is_told_in_one_line(headroom, arguments):
    outcome = headroom(*arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.startswith("headroom: ")
    assert outcome.err.count("\n") == 1


def test_a_bad_trace_names_file_and_line(headroom, trace_file):
    path = trace_file("t_s,l1_a\n0,1\n1,x\n")
    outcome = headroom("sim", "--trace", path)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.splitlines() == [
        f"headroom: {path}, line 3: 'x' is not a number",
        "    A file that will do (or tell what is in yours: --columns time=NAME,l1=NAME,unit=W):",
        "    time,l1_w,l2_w,l3_w",
        "    2026-01-15T18:30:00,1240,200,88",
    ]


def test_an_output_is_never_the_trace_or_another_output(headroom, minute, tmp_path):
    both = tmp_path / "both"
    told = headroom("sim", "--trace", minute, "--json", minute)
    assert told == (2, "", f"headroom: --json {minute} is also the trace: name another file\n")
    told = headroom("sim", "--trace", minute, "--json", both, "--series", both)
    assert told == (2, "", f"headroom: --json {both} is also what --series writes: name another file\n")


def test_warnings_go_to_stderr_and_do_not_change_the_status(headroom, fake_bench, trace_file):
    fake_bench(CALM)
    path = trace_file("t_s,l1_a,l2_a\n0,1,2\n60,1")
    outcome = headroom("sim", "--trace", path, "--json", "-")
    assert outcome.status == 0
    assert json.loads(outcome.out)
    said = outcome.err.splitlines()
    assert [line for line in said if ", median " not in line] == [
        f"headroom: {path} has 2 phases, only l1 is used: --phases 3 takes all",
        f"headroom: {path}, line 3: the last row is cut off, left out",
    ]


def test_a_car_that_never_comes_is_worth_a_warning(headroom, fake_bench, minute):
    fake_bench(CALM)
    outcome = headroom("sim", "--trace", minute, "--plugged", "18:00-07:00", "--json", "-", "--from", "0")
    assert json.loads(outcome.out)["share"] is not None
    assert besides(outcome.err) == ""
    outcome = headroom("sim", "--trace", minute, "--plugged", "18:00-19:00", "--json", "-")
    assert json.loads(outcome.out)["share"] is None
    assert besides(outcome.err) == "headroom: --plugged 18:00-19:00: the car is never plugged in during this run\n"


def test_the_bench_gets_what_was_asked_for(headroom, fake_bench, trace_file, tmp_path):
    told = tmp_path / "told.json"
    fake_bench(f"import sys, shutil; shutil.copy(sys.argv[1], {str(told)!r}); print('Z 60000')")
    path = trace_file("t_s,l1_a\n82800,5\n82860,6\n")
    headroom(
        "sim", "--trace", path, "--breaker-a", "20.5", "--phases", "3", "--car-phases", "3", "--car-a", "16",
        "--plugged", "23:01-05:00", "--need-kwh", "2.5", "--seed", "7", "--car", "sleeper",
        "--fidelity", "waveform", "--volts", "240", "--hz", "60", "--wiring", "l2l3l1", "--board", "metered",
        "--line-ohm", "1.25", "--set", "household_ma=20A", "--clock", "trace", "--micropython", "1.23",
    )  # fmt: skip
    scenario = json.loads(told.read_text())
    assert scenario.pop("trace").endswith("trace.txt")
    assert scenario == {
        "fidelity": "waveform",
        "meter": "clamps",
        "board": "metered",
        "wiring": [1, 2, 0],
        "between": False,
        "roof": False,
        "each": False,
        "line_mohm": 1250,
        "told": [
            ["--clock", "time 2026-01-05 23:00"],
            ["--set household_ma=20A", "set household_ma 20A"],
            ["--set", "save"],
        ],
        "breaker_ma": 20_500,
        "phases": 3,
        "volts": 240,
        "hz": 60,
        "car_ma": 16_000,
        "car_phases": 3,
        "plugged_ms": [[60_000, 120_000]],
        "need_mwh": 2_500_000,
        "duration_ms": 120_000,
        "seed": 7,
        "car": "sleeper",
        "micropython": "1.23",
        "law": "headroom",
        "settings": {"breaker_curve": "typical", "phases": 3, "wiring": "l2l3l1"},
    }


def test_without_a_vm_the_tools_say_so_in_one_line_and_use_cpython(headroom, monkeypatch, minute):
    monkeypatch.setattr("headroom_tools.sim.runner.micropython", lambda: None)
    outcome = headroom("sim", "--trace", minute, "--json", "-")
    assert outcome.status == 0
    assert json.loads(outcome.out)["vm"] == "cpython"
    assert besides(outcome.err) == (
        "headroom: no MicroPython VM is installed here (PyPI has none for some machines): using CPython instead\n"
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk to write to")
def test_a_full_disk_is_told_in_one_line(headroom, fake_bench, minute):
    fake_bench(CALM)
    for option in ("--series", "--json", "--report"):
        outcome = headroom("sim", "--trace", minute, option, "/dev/full")
        assert outcome.status == 2
        assert besides(outcome.err) == f"headroom: {option} /dev/full: No space left on device, nothing was written\n"


@on_linux
def test_ctrl_c_ends_the_bench_too_and_leaves_the_old_file(headroom_process, tmp_path):
    page = tmp_path / "r.html"
    page.write_text("old")
    process = headroom_process(
        "sim", "--report", page, "--fidelity", "waveform", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    children = wait_for(lambda: children_of(process.pid))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "headroom: stopped, nothing was written\n")
    assert page.read_text() == "old"
    assert list(tmp_path.iterdir()) == [page]
    wait_for(lambda: not any(os.path.exists(f"/proc/{child}") for child in children))


@on_linux
def test_a_request_to_terminate_cleans_up_too(headroom_process, tmp_path):
    process = headroom_process("sim", "--report", tmp_path / "r.html", "--fidelity", "waveform", stderr=subprocess.PIPE)
    wait_for(lambda: children_of(process.pid))
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (143, "")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_who_leaves_early_is_no_error_to_talk_about(headroom_process, minute):
    process = headroom_process("sim", "--trace", minute, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert besides(process.stderr.read()) == ""
    process.stderr.close()
    process.wait(timeout=60)


def test_the_same_command_with_the_same_seed_writes_the_same_bytes(headroom, tmp_path):
    written = []
    for name in ("first", "second"):
        series, page = tmp_path / f"{name}.csv", tmp_path / f"{name}.html"
        assert headroom("sim", "--to", "18:30", "--series", series, "--report", page).status == 0
        written.append((series.read_bytes(), page.read_bytes()))
    assert written[0] == written[1]


def test_the_built_in_evening_needs_the_balancing_and_does_not_trip(headroom):
    figures = json.loads(headroom("sim", "--json", "-").out)
    assert figures["duration_s"] == 7 * 3600
    assert figures["trips"] == figures["trips_total"] == 0
    assert figures["pauses"] >= 1
    assert figures["trace_gaps"] == 0


def test_help_and_version_start_fast_for_they_load_nothing_heavy():
    heavy = ["matplotlib", "plotly", "jinja2", "rich.progress", "pydantic", "headroom_tools.sim.simulate"]
    script = f"import sys, headroom_tools.cli; print([module for module in {heavy} if module in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return file.read().split()
    except FileNotFoundError:
        return []


def wait_for(condition, longest_s=60):
    ends = time.monotonic() + longest_s
    while not (found := condition()):
        assert time.monotonic() < ends
        time.sleep(0.02)
    return found


def test_an_unknown_car_is_told_with_the_models_there_are(headroom):
    outcome = headroom("sim", "--car", "tank")
    assert outcome.status == 2
    assert "--car tank" in outcome.err
    assert "sleeper" in outcome.err
    assert outcome.out == ""


def test_a_warning_of_the_trace_is_told_once_though_four_supplies_run_on_it(headroom_process, trace_file):
    path = trace_file("t_s,l1_a\n0,5\n60,\n120,6\n")
    process = headroom_process("bench", "--trace", path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=60)
    assert out.count(" A | ") >= 4
    assert err.count("an empty value: the last one holds\n") == 1
    assert err.count(", median ") == 1
