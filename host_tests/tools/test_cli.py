"""What holds for every command: an empty name, a closed output, a wrong option are one line and an exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

HEADROOM = Path(sys.executable).parent / "headroom"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sim", "--trace", ""], "--trace is empty: give it a value, or leave it out"),
        (["sim", "--trace="], "--trace is empty: give it a value, or leave it out"),
        (["sim", "--plugged", ""], "--plugged is empty: give it a value, or leave it out"),
        (["sim", "--report", "", "--json", "-"], "--report is empty: give it a value, or leave it out"),
        (["device", "tell", ""], "an argument is empty: give it a value, or leave it out"),
        (["sim", "--series", "-"], "--series -: only --json can go to standard output; name a file"),
        (["board", "check"], "Missing argument 'name'. See headroom board check --help"),
        (
            ["sim", "--breaker-a", "25kW"],
            "--breaker-a 25kW: give a number in A, without the unit. See headroom sim --help",
        ),
        (["campaign", "--days", "3x"], "--days 3x: give a whole number. See headroom campaign --help"),
        (["sim", "--nosuch"], "No such option: --nosuch See headroom sim --help"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_told_in_one_line(headroom, arguments, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = headroom(*arguments)
    assert (outcome.status, outcome.out, outcome.err) == (2, "", f"headroom: {told}\n")
    assert list(tmp_path.iterdir()) == []


BARE = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}  # Python ends otherwise where PYTHONUNBUFFERED is set
full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to write to")
WHERE = [">&-", pytest.param(">/dev/full", marks=full_disk), pytest.param(">/dev/full 2>/dev/full", marks=full_disk)]
MODULE = f"{sys.executable} -m headroom_tools"


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize(
    "command",
    [
        f"{HEADROOM} sim --trace TRACE --json -",
        f"{HEADROOM} --version",
        f"{HEADROOM} board list",
        f"{HEADROOM} board check reference",
        f"{MODULE}.boards.board_commands list",
        f"{MODULE}.measure.accuracy --help",
    ],
)
def test_an_output_that_cannot_be_written_is_no_success(command, where, trace_file):
    command = command.replace("TRACE", str(trace_file("t_s,l1_a\n0,1\n")))
    done = subprocess.run(f"{command} {where}", shell=True, capture_output=True, text=True, env=BARE)
    assert done.returncode == 2, done.stderr
    said = [line for line in done.stderr.splitlines() if ", median " not in line]  # what was understood of the trace
    assert len(said) == ("2>" not in where), done.stderr


@pytest.mark.parametrize("stderr", ["2>&-", pytest.param("2>/dev/full", marks=full_disk)])
def test_without_standard_error_the_exit_status_still_tells(trace_file, stderr):
    for trace, status in ((trace_file("t_s,l1_a\n0,1\n"), 0), ("/nosuch", 2)):
        command = f"{HEADROOM} sim --trace {trace} >/dev/null {stderr}"
        assert subprocess.call(command, shell=True, env=BARE) == status


def test_board_files_are_named_as_the_person_would_type_it(headroom, tmp_path, monkeypatch):
    assert headroom("board", "check", "reference").out.startswith("boards/reference/board.py: good")
    monkeypatch.chdir(tmp_path)
    path = headroom("board", "check", "reference").out.partition(": good")[0]
    assert Path(path).is_absolute()
    assert Path(path).is_file()


def test_the_help_of_device_tell_says_how_one_of_several_is_named_and_what_may_be_left_out(headroom):
    said = " ".join(headroom("device", "tell", "--help").out.split())
    assert "headroom device --home FOLDER tell" in said
    assert "fault NAME [on|off]" in said
