"""A run that the judge stops says so in one line, ends with a status of its own, and leaves what repeats it."""

import json
import shutil
import subprocess
import sys

from headroom_tools.common.places import ROOT

SCENARIO = {
    "fidelity": "rms", "breaker_ma": 25000, "phases": 1, "volts": 230, "hz": 50, "car_ma": 16000, "car_phases": 1,
    "car": "prompt", "law": "headroom", "settings": {}, "plugged_ms": [[0, 600000]], "need_mwh": 50000,
    "duration_ms": 600000, "seed": 5,
}  # fmt: skip
NEVER_OPENS = ("OPEN_AFTER_MS = 30 ", "OPEN_AFTER_MS = 1 << 20 ")


def bench(tmp_path, *edit):
    """A copy of the bench and the firmware with one edit."""
    for folder in ("firmware", "tools/bench", "boards"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "firmware/headroom/guard/session.py"
    text = path.read_text("utf-8")
    assert text.count(edit[0]) == 1
    path.write_text(text.replace(*edit), "utf-8")


def run(tmp_path, scenario):
    command = [sys.executable, "tools/bench/run.py", str(scenario)]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100)


def test_a_breach_ends_a_run_with_status_4_one_line_and_what_repeats_it(tmp_path):
    bench(tmp_path, *NEVER_OPENS)
    (tmp_path / "trace.txt").write_text("0 2000 2000 2000\n")
    (tmp_path / "scenario.json").write_text(json.dumps({**SCENARIO, "trace": "trace.txt"}))
    stopped = run(tmp_path, "scenario.json")
    assert stopped.returncode == 4
    assert stopped.stderr.startswith("judge: closed outside C and D: ")
    assert stopped.stderr.count("\n") == 1
    (script,) = tmp_path.glob("breach-5-*.json")
    assert stopped.stderr.rstrip().endswith(f"repeat it with tools/bench/run.py {script.name}")
    assert "car B" in json.loads(script.read_text())["moments"][-1][1]
    (tmp_path / "trace.txt").unlink()
    (tmp_path / "scenario.json").unlink()
    again = run(tmp_path, script.name)
    assert (again.returncode, again.stderr) == (4, stopped.stderr)


def test_headroom_sim_tells_the_judges_line_and_ends_with_3(headroom, fake_bench, trace_file):
    fake_bench("import sys; sys.exit(sys.stderr.write('judge: closed outside C and D: 101 ms\\n') and 4)")
    outcome = headroom("sim", "--trace", trace_file("t_s,l1_a\n0,5\n"))
    assert outcome.status == 3
    assert outcome.err.endswith("headroom: the simulator failed: judge: closed outside C and D: 101 ms\n")
