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
        (["sim", "--nosuch"], "No such option: --nosuch See headroom sim --help"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_told_in_one_line(headroom, arguments, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = headroom(*arguments)
    assert (outcome.status, outcome.out, outcome.err) == (2, "", f"headroom: {told}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
def test_an_output_that_cannot_be_written_is_no_success(where, trace_file):
    trace = trace_file("t_s,l1_a\n0,1\n")
    done = subprocess.run(
        f"{HEADROOM} sim --trace {trace} --json - {where}", shell=True, capture_output=True, text=True
    )
    assert done.returncode == 2
    understood, *rest = done.stderr.splitlines()
    assert ", median " in understood or not rest
    assert len(rest) <= 1


def test_without_standard_error_the_exit_status_still_tells(trace_file):
    for trace, status in ((trace_file("t_s,l1_a\n0,1\n"), 0), ("/nosuch", 2)):
        assert subprocess.call(f"{HEADROOM} sim --trace {trace} >/dev/null 2>&-", shell=True) == status


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
