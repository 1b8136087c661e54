"""What the tests of the PC side share: traces on disk, and the command run as a person runs it."""

import signal
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from headroom_tools import cli
from headroom_tools.sim.scenario import Scenario

Outcome = namedtuple("Outcome", "status out err")


@pytest.fixture
def trace_file(tmp_path):
    """Returns a function that writes a trace and gives its path."""

    def write(content, name="trace.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def headroom(monkeypatch, capsys):
    """Returns a function that runs `headroom ARGUMENTS` in this process."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["headroom", *map(str, arguments)])
        status = cli.run()
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        return Outcome(status, *capsys.readouterr())

    return run


@pytest.fixture
def headroom_process():
    """Returns a function that starts `headroom ARGUMENTS` as a process of its own."""
    program = Path(sys.executable).parent / "headroom"

    def start(*arguments, **options):
        return subprocess.Popen([program, *map(str, arguments)], text=True, **options)

    return start


@pytest.fixture
def fake_bench(monkeypatch, tmp_path):
    """Returns a function that puts a script in place of the runner: it is CPython's, and gets the scenario file."""

    def replace(script):
        path = tmp_path / "fake_bench.py"
        path.write_text(script)
        monkeypatch.setattr(
            "headroom_tools.sim.runner.choose_vm", lambda wanted, _warn: (wanted, [sys.executable, str(path)])
        )

    return replace


@pytest.fixture
def scenario():
    """Returns a function that makes a scenario: 25 A, one phase, a 32 A car, an hour, plugged in throughout."""

    def make(**changes):
        usual = {
            "breaker_ma": 25_000,
            "phases": 1,
            "volts": 230,
            "hz": 50,
            "car_ma": 32_000,
            "car_phases": 1,
            "plugged_ms": ((0, 3_600_000),),
            "need_mwh": None,
            "duration_ms": 3_600_000,
            "seed": 0,
            "fidelity": "rms",
        }
        return Scenario(**{**usual, **changes})

    return make
