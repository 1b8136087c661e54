"""A session at a station: what an operator may do wrong is one clear line, and no board's result is lost."""

import datetime
import errno
import json
import os
import threading
import time
import tty

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.jig import batch, presence, session, worksheet
from headroom_tools.jig.measurement import Instrument
from headroom_tools.jig.session import Plan, Session
from headroom_tools.jig.worksheet import NotTested, Step, StepResult

STEP = Step(230, "Pilot at +12 V", cause="the driver", look="+12 V rail")


class Tool:
    def __init__(self, until=None):
        self.instrument = Instrument("meter", until)


class Place:
    name = board = "reference"
    hardware = "2"
    order: dict[str, str] = {}  # noqa: RUF012
    counter_file = None
    prefix = "HR-"
    host_tests = ()

    def __init__(self, until=None):
        self.tool = Tool(until)

    def instruments(self):
        return [self.tool.instrument]


@pytest.fixture
def told():
    return []


@pytest.fixture
def make(tmp_path, monkeypatch, told):
    """A session whose boards are (chip, outcome of its one step, an operator's mistake or None), one after the other."""

    def made(*boards, place=None, **plan):
        waiting = list(boards)
        waited = []

        def run(sheet, junit):
            chip, outcome, mistake = waiting.pop(0)
            junit.write_text("<testsuites/>")
            sheet.jig.chip = chip
            try:
                sheet.jig.seen(chip)
                sheet.jig.number = sheet.jig.serial("")
                if mistake == "Ctrl-C":
                    sheet.interrupted = True
                if mistake:
                    raise NotTested(mistake)
            except NotTested as error:
                sheet.ended = error
                outcome = "not tested"
            sheet.results.append(StepResult(STEP, outcome, 1.0, "measured" if outcome == "fail" else ""))

        monkeypatch.setattr(worksheet, "run", run)
        monkeypatch.setattr(presence, "wait", lambda _port, wanted: waited.append(wanted))
        numbers = iter(range(1, 100))
        monkeypatch.setattr(session.serials, "draw", lambda _path, prefix: f"{prefix}{next(numbers)}")
        place = place or Place()
        place.counter_file = tmp_path / "counter"
        plan = {"boards": len(boards), **plan}
        port = tmp_path / "port"
        port.touch()
        one = Session(place, Plan(str(port), tmp_path / "batch.jsonl", tmp_path / "out", **plan), told.append)
        one.waited = waited
        return one

    return made


def outcomes(tmp_path):
    return [(each["serial"], each["outcome"]) for each in batch.read(tmp_path / "batch.jsonl").boards]


def test_ten_boards_in_a_row_without_a_restart(make, tmp_path, capsys):
    boards = [(f"chip {n}", "fail" if n in (2, 5, 7) else "pass", None) for n in range(10)]
    one = make(*boards)
    assert one.run() == 3
    assert outcomes(tmp_path) == [(f"HR-{n + 1}", outcome) for n, (_, outcome, _) in enumerate(boards)]
    assert one.waited == [True] + [False, True] * 9
    out = capsys.readouterr().out
    assert out.count("PASS") == 7
    assert out.count("FAIL") == 3


def test_what_failed_is_told_with_its_likely_cause(make, told):
    make(("chip", "fail", None)).run()
    assert "step 230, Pilot at +12 V: measured" in told
    assert "    likely cause: the driver; look at: +12 V rail" in told


def test_the_same_board_twice_is_told_and_is_no_board_of_the_batch(make, tmp_path, told):
    one = make(("chip 1", "pass", None), ("chip 1", "pass", None), ("chip 2", "pass", None), boards=2)
    assert one.run() == 1
    assert [outcome for _, outcome in outcomes(tmp_path)] == ["pass", "not tested", "pass"]
    assert any("the same board twice: HR-1 was tested at" in line and "--again" in line for line in told)


def test_the_same_board_may_come_twice_where_that_is_meant(make, tmp_path):
    one = make(("chip 1", "fail", None), ("chip 1", "pass", None), again=True)
    assert one.run() == 1
    assert [outcome for _, outcome in outcomes(tmp_path)] == ["fail", "pass"]
    assert make(*[("chip 1", "pass", None)] * 3, boards=1, repeat=3).run() == 0


def test_a_board_that_is_pulled_off_is_tested_again_and_nothing_else_is_lost(make, tmp_path, told):
    one = make(("chip 1", "pass", "it was pulled off"), ("chip 1", "pass", None), ("chip 2", "pass", None), boards=2)
    assert one.run() == 1
    assert [outcome for _, outcome in outcomes(tmp_path)] == ["not tested", "pass", "pass"]
    assert "it was pulled off" in told


def test_ctrl_c_ends_the_session_and_the_board_has_its_line(make, tmp_path):
    one = make(("chip 1", "pass", None), ("chip 2", "pass", "Ctrl-C"), ("chip 3", "pass", None))
    with pytest.raises(KeyboardInterrupt):
        one.run()
    assert [outcome for _, outcome in outcomes(tmp_path)] == ["pass", "not tested"]


def test_a_port_that_is_not_there_is_told_and_is_no_board(make, tmp_path):
    one = make(("chip 1", "pass", None))
    (tmp_path / "port").unlink()
    with pytest.raises(BadInput, match="no such port: is the fixture's cable in"):
        one.run()
    assert not (tmp_path / "batch.jsonl").exists()


@pytest.mark.parametrize(
    ("given", "there", "wrong"),
    [
        ("T:socket;V:1;S:HR-5;B:2026-11", "", "the label is a socket's, this station tests reference"),
        ("T:reference;V:1;S:HR-5;B:2026-11", "HR-6", "the board says that it is HR-6, and HR-5 was given"),
        ("HR-5", "HR-6", "the board says that it is HR-6, and HR-5 was given"),
    ],
)
def test_a_wrong_board_or_label_is_told(make, given, there, wrong):
    with pytest.raises(NotTested, match=wrong):
        make(number=given)._serial(there)


def test_a_number_is_what_the_board_has_or_what_was_given_or_drawn(make):
    assert make(number="T:reference;V:1;S:HR-5;B:2026-11")._serial("") == "HR-5"
    assert make(number="HR-7")._serial("HR-7") == "HR-7"
    assert make()._serial("HR-9") == "HR-9"
    assert make()._serial("") == "HR-1"
    scanned = make(number="scan")
    scanned.scan = lambda: "T:reference;V:1;S:HR-8;B:2026-11"
    assert scanned._serial("") == "HR-8"


def test_a_disk_that_is_full_stops_the_station_before_the_next_board(make, monkeypatch):
    one = make(("chip 1", "pass", None))
    monkeypatch.setattr(
        batch.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device"))
    )
    with pytest.raises(BadInput, match="the disk is full: make room; no board was touched"):
        one.run()


def test_an_instrument_near_its_date_is_told_at_the_start_and_on_every_board(make, tmp_path, told):
    place = Place(datetime.date.today() + datetime.timedelta(days=10))
    make(("chip 1", "pass", None), place=place).run()
    assert told[0] == "meter: its calibration ends in 10 days"
    assert batch.read(tmp_path / "batch.jsonl").boards[0]["warnings"] == told[:1]


def test_each_board_has_a_line_a_page_junit_and_a_label_if_it_passed(make, tmp_path):
    make(("chip 1", "pass", None), ("chip 2", "fail", None)).run()
    kinds = sorted(path.name.split("-")[1] + path.suffix for path in (tmp_path / "out" / "pages").iterdir())
    assert kinds == ["1.html", "1.svg", "1.xml", "2.html", "2.xml"]
    line = json.loads((tmp_path / "batch.jsonl").read_text().splitlines()[1])
    assert (line["serial"], line["board"], line["hardware"], line["chip"], line["whole"]) == (
        "HR-2", "reference", "2", "chip 2", True,
    )  # fmt: skip
    assert "FAIL" in (tmp_path / "out" / "now.html").read_text()


def test_a_test_of_some_steps_makes_no_label(make, tmp_path):
    make(("chip 1", "pass", None), only=frozenset({230})).run()
    assert not list((tmp_path / "out" / "pages").glob("*.svg"))
    assert not batch.read(tmp_path / "batch.jsonl").boards[0]["whole"]


def test_a_board_is_there_when_something_at_its_port_answers(tmp_path):
    assert not presence.present(str(tmp_path / "none"))
    mine, theirs = os.openpty()
    tty.setraw(theirs)
    port = os.ttyname(theirs)
    assert not presence.present(port)
    os.read(mine, 10)  # else the board answers that at once, before the port is opened again, which drops it

    def board():
        os.read(mine, 10)
        os.write(mine, b"\r\n> ")

    thread = threading.Thread(target=board)
    thread.start()
    assert presence.present(port)
    thread.join()
    os.close(mine)
    os.close(theirs)


def test_one_look_is_not_believed_for_contacts_bounce(monkeypatch):
    looks = iter([False, True, False, True, True, False])
    monkeypatch.setattr(time, "sleep", lambda _: None)
    presence.wait("PORT", True, lambda _: next(looks))
    assert list(looks) == [False]
