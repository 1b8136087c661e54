"""No serial number is ever given twice: not by two stations at once, not after a power cut."""

import os
import subprocess
import sys

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.jig import serials

DRAWS = 20


def test_numbers_are_drawn_one_after_the_other(tmp_path):
    counter = tmp_path / "new" / "counter.txt"
    assert [serials.draw(counter, "HR-") for _ in range(3)] == ["HR-000001", "HR-000002", "HR-000003"]
    assert counter.read_text() == "3\n"


def test_two_stations_at_once_draw_no_number_twice(tmp_path):
    program = (
        "import sys, pathlib; from headroom_tools.jig import serials\n"
        f"for _ in range({DRAWS}): print(serials.draw(pathlib.Path(sys.argv[1]), ''))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "counter.txt")]
    stations = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    drawn = [number for station in stations for number in station.communicate()[0].split()]
    assert len(drawn) == len(set(drawn)) == 3 * DRAWS


CALLS = ("open", "fsync", "replace", "fsync of the folder")


@pytest.mark.parametrize("call", range(len(CALLS)), ids=CALLS)
def test_a_power_cut_may_lose_a_number_and_never_gives_one_again(tmp_path, monkeypatch, call):
    """The power goes at one of the calls that put a number on the disk: whoever was told a number is told no such one again."""
    counter = tmp_path / "counter.txt"
    told = [serials.draw(counter, "") for _ in range(2)]
    count = 0

    class PowerCut(BaseException):
        pass

    def cut(real):
        def called(*arguments, **more):
            nonlocal count
            count += 1
            if count - 1 == call:
                raise PowerCut
            return real(*arguments, **more)

        return called

    with monkeypatch.context() as patched:
        patched.setattr(serials, "open", cut(open), raising=False)
        patched.setattr(serials.os, "fsync", cut(os.fsync))
        patched.setattr(serials.Path, "replace", cut(serials.Path.replace))
        with pytest.raises(PowerCut):
            told.append(serials.draw(counter, ""))
    told += [serials.draw(counter, "") for _ in range(2)]
    assert len(told) == len(set(told)) == 4


def test_a_number_is_told_only_when_file_and_folder_are_on_the_disk(tmp_path, monkeypatch):
    order = []
    fsync, replace = os.fsync, serials.Path.replace
    monkeypatch.setattr(serials.os, "fsync", lambda handle: (order.append("fsync"), fsync(handle))[1])
    monkeypatch.setattr(serials.Path, "replace", lambda *paths: (order.append("replace"), replace(*paths))[1])
    serials.draw(tmp_path / "counter.txt", "")
    assert order == ["fsync", "replace", "fsync"]


def test_a_counter_that_cannot_be_kept_gives_no_number(tmp_path, monkeypatch):
    monkeypatch.setattr(serials.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(BadInput, match="No space left on device; no serial number was drawn"):
        serials.draw(tmp_path / "counter.txt", "")
    assert not (tmp_path / "counter.txt").exists()


def test_a_counter_file_that_holds_no_number_is_told(tmp_path):
    (tmp_path / "counter.txt").write_text("soon")
    with pytest.raises(BadInput, match="write the last one that was used into it"):
        serials.draw(tmp_path / "counter.txt", "")


def test_a_label_is_scanned():
    label = serials.scanned("T:reference;V:2;S:HR-000123;B:2026-11\n")
    assert (label.board, label.hardware, label.number, label.built) == ("reference", "2", "HR-000123", "2026-11")
    assert serials.scanned(label.text()) == label


@pytest.mark.parametrize("text", ["", "HR-1", "T:reference;V:2;S:HR 1;B:2026-11", "T:reference;V:2;S:HR-1;B:soon"])
def test_what_is_no_label_is_told(text):
    with pytest.raises(BadInput):
        serials.scanned(text)
