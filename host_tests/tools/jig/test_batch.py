"""A batch file loses no board: not to a power cut, not to a full disk, not to a second station."""

import errno
import json
import os
import subprocess
import sys

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.jig import batch

BOARD = {"serial": "HR-1", "outcome": "pass", "steps": []}


def test_what_was_appended_is_read(tmp_path):
    path = tmp_path / "batch.jsonl"
    batch.append(path, BOARD)
    batch.append(path, BOARD | {"serial": "HR-2"})
    assert [each["serial"] for each in batch.read(path).boards] == ["HR-1", "HR-2"]


@pytest.mark.parametrize("kept", range(1, 45, 4))
def test_a_line_that_a_power_cut_tore_costs_no_other(tmp_path, kept):
    path = tmp_path / "batch.jsonl"
    batch.append(path, BOARD)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:kept])
    batch.append(path, BOARD | {"serial": "HR-2"})
    read = batch.read(path)
    assert [each["serial"] for each in read.boards] == ["HR-1", "HR-2"]
    assert read.torn == 1


def test_two_stations_append_whole_lines(tmp_path):
    program = (
        "import sys, pathlib; from headroom_tools.jig import batch\n"
        "for n in range(30): batch.append(pathlib.Path(sys.argv[1]), {'serial': str(n), 'outcome': 'x' * 5000, 'steps': []})"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "batch.jsonl")]
    for station in [subprocess.Popen(command) for _ in range(2)]:
        assert station.wait() == 0
    read = batch.read(tmp_path / "batch.jsonl")
    assert (len(read.boards), read.torn) == (60, 0)


def full_disk(monkeypatch, room):
    """Of what is written so many bytes fit, more once the reserve is given up."""
    write = os.write

    def some(handle, data):
        if room["bytes"] < len(data):
            if room["bytes"]:
                write(handle, data[: room["bytes"]])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, data)

    monkeypatch.setattr(batch.os, "write", some)


@pytest.mark.parametrize("bytes", [0, 20])
def test_on_a_full_disk_the_reserve_is_given_up_for_the_board(tmp_path, monkeypatch, bytes):
    path = tmp_path / "batch.jsonl"
    batch.reserve(path)
    batch.append(path, BOARD)
    room = {"bytes": bytes}
    full_disk(monkeypatch, room)
    unlink = batch.Path.unlink

    def given_up(which, **more):
        room["bytes"] += which.stat().st_size
        unlink(which, **more)

    monkeypatch.setattr(batch.Path, "unlink", given_up)
    batch.append(path, BOARD | {"serial": "HR-2"})
    read = batch.read(path)
    assert [each["serial"] for each in read.boards] == ["HR-1", "HR-2"]
    assert read.torn == 0


def test_a_disk_that_is_full_all_the_same_is_told_with_the_boards_result(tmp_path, monkeypatch):
    path = tmp_path / "batch.jsonl"
    batch.append(path, BOARD)
    full_disk(monkeypatch, {"bytes": 20})
    with pytest.raises(BadInput, match=r"the disk is full: make room; the board's result: .*HR-9"):
        batch.append(path, BOARD | {"serial": "HR-9"})
    read = batch.read(path)
    assert [each["serial"] for each in read.boards] == ["HR-1"]
    assert read.torn == 0


def test_without_room_no_board_is_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(
        batch.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device"))
    )
    with pytest.raises(BadInput, match="the disk is full: make room; no board was touched"):
        batch.reserve(tmp_path / "batch.jsonl")


def test_lines_that_are_no_board_are_counted(tmp_path):
    path = tmp_path / "batch.jsonl"
    path.write_text("[]\nnonsense\n" + json.dumps(BOARD) + "\n" + json.dumps({"serial": 1}) + "\n\n")
    read = batch.read(path)
    assert (len(read.boards), read.torn) == (1, 3)


def test_a_batch_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadInput, match="No such file"):
        batch.read(tmp_path / "none.jsonl")
