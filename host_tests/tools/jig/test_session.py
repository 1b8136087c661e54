"""A session at a station: what an operator may do wrong is one clear line, and no board's result is lost."""

import datetime
import errno
import fcntl
import json
import os
import re
import threading
import time
import tty

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.jig import batch, page, presence, session, worksheet
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
                sheet.jig.number = sheet.jig.serial("", chip)
                if mistake == "Ctrl-C":
                    sheet.interrupted = KeyboardInterrupt()
                if mistake:
                    raise NotTested(mistake)
            except NotTested as error:
                sheet.ended = error
                outcome = "not tested"
            sheet.results.append(StepResult(STEP, outcome, 1.0, "measured" if outcome == "fail" else ""))

        monkeypatch.setattr(worksheet, "run", run)

        def wait(_port, wanted, _notice):
            waited.append(wanted)
            one.screen.append(re.search("<h1>(.+)</h1>", (tmp_path / "out" / "now.html").read_text())[1])

        monkeypatch.setattr(presence, "wait", wait)
        numbers = iter(range(1, 100))
        monkeypatch.setattr(session.serials, "draw", lambda _path, prefix: f"{prefix}{next(numbers)}")
        place = place or Place()
        place.counter_file = tmp_path / "counter"
        plan = {"boards": len(boards), **plan}
        port = tmp_path / "port"
        port.touch()
        one = Session(place, Plan(str(port), tmp_path / "batch.jsonl", tmp_path / "out", **plan), told.append)
        one.waited, one.screen = waited, []
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


def test_what_became_of_a_board_stays_on_the_screen_until_it_is_taken_out(make):
    one = make(("chip 1", "pass", None), ("chip 2", "fail", None), ("chip 3", "pass", None))
    one.run()
    assert one.screen == ["PUT IN A BOARD", "PASS", "PUT IN A BOARD", "FAIL", "PUT IN A BOARD"]


def test_a_board_that_was_not_tested_has_to_be_taken_out_too_if_it_is_the_first_one(make, told):
    one = make(("chip 1", "pass", "the plug is not in"), ("chip 1", "pass", None), boards=0)
    with pytest.raises(IndexError):  # no third board comes
        one.run()
    assert one.waited == [True, False, True, False, True]
    assert one.screen[:4] == ["PUT IN A BOARD", "NOT TESTED", "PUT IN A BOARD", "PASS"]
    assert "take the board out; put it back in when that is mended" in told


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
    one = make(("chip 1", "pass", None), ("chip 1", "pass", None), again=True)
    assert one.run() == 0
    assert [outcome for _, outcome in outcomes(tmp_path)] == ["pass", "pass"]


def test_a_board_that_failed_may_come_again_for_it_may_have_been_mended(make, tmp_path, told):
    assert make(("chip 1", "fail", None), ("chip 1", "pass", None)).run() == 1
    assert [outcome for _, outcome in outcomes(tmp_path)] == ["fail", "pass"]
    assert any("HR-1 was tested at" in line and line.endswith("and failed: it is tested again") for line in told)
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


LABEL = "T:reference;V:1;S:HR-5;B:2026-11"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("T:socket;V:1;S:HR-5;B:2026-11", "the label is a socket's, this station tests reference"),
        ("T:reference;V:1", "is no label: it reads T:TYPE"),
        ("HR 5", "up to 24 letters, digits"),
    ],
)
def test_a_number_that_cannot_be_is_told_before_a_board_is_touched(make, given, wrong):
    one = make(("chip 1", "pass", None), number=given)
    with pytest.raises(BadInput, match=wrong):
        one.run()


def test_one_number_is_for_one_board(make):
    with pytest.raises(BadInput, match="--serial-no HR-5: one number is for one board"):
        make(("chip 1", "pass", None), ("chip 2", "pass", None), number="HR-5").run()


def scanning(one, *labels):
    waiting = list(labels)
    one.scan = lambda: waiting.pop(0)
    return one


def test_a_bad_label_is_told_and_another_one_asked_for(make, told):
    one = scanning(make(number="scan"), "", "T:reference;V:1", "T:socket;V:1;S:HR-5;B:2026-11", LABEL)
    with pytest.raises(NotTested, match="3 times no label of a reference was scanned"):
        one._serial("", "chip 1")
    assert "is no label: it reads" in told[0]
    assert "the label is a socket's" in told[1]
    assert one._serial("", "chip 1") == "HR-5"


def test_a_scanner_that_is_gone_is_no_fault_of_the_board(make):
    one = make(number="scan")
    one.scan = lambda: (_ for _ in ()).throw(BadInput("no label was scanned: standard input ended"))
    with pytest.raises(NotTested, match="standard input ended"):
        one._serial("", "chip 1")


def test_a_label_that_is_not_the_board_s_is_told(make):
    with pytest.raises(NotTested, match="the board says that it is HR-6, and HR-5 was given"):
        make(number=LABEL)._serial("HR-6", "chip 1")


def test_a_number_is_what_the_board_has_or_what_was_given_or_drawn(make):
    assert make(number=LABEL)._serial("", "chip 1") == "HR-5"
    assert make(number="HR-7")._serial("HR-7", "chip 1") == "HR-7"
    assert make()._serial("HR-9", "chip 1") == "HR-9"
    assert make()._serial("", "chip 1") == "HR-1"
    assert scanning(make(number="scan"), LABEL)._serial("", "chip 1") == "HR-5"


@pytest.mark.parametrize(
    ("there", "given", "why"),
    [
        ("", "T:reference;V:1;S:HR-1;B:2026-11", "wrong label"),
        ("HR-1", "", "wrong label; or its chip was changed: then --again"),
        ("", "", "the counter file was put back"),
    ],
)
def test_a_number_that_the_batch_has_given_is_given_to_no_other_chip(make, there, given, why):
    make(("chip 1", "pass", None)).run()
    later = make(number=given)
    with pytest.raises(NotTested, match=f"HR-1 is another board's, chip chip 1, .*{why}"):
        later._serial(there, "chip 2")
    assert make(number="HR-1")._serial("", "chip 1") == "HR-1", "its own it has again"
    assert make(number="HR-1", again=True)._serial("", "chip 2") == "HR-1"


def test_a_disk_that_is_full_stops_the_station_before_the_next_board(make, monkeypatch):
    one = make(("chip 1", "pass", None))
    monkeypatch.setattr(
        batch.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device"))
    )
    with pytest.raises(BadInput, match="the disk is full: make room; no board was touched"):
        one.run()


def full(monkeypatch, room):
    """A disk that has no room for a page until ``room()`` says so."""
    write = page.write

    def where_there_is_room(path, text):
        if not room(path):
            raise BadInput(f"--out {path}: the disk is full: make room")
        write(path, text)

    monkeypatch.setattr(session.page, "write", where_there_is_room)


def test_on_a_disk_that_fills_during_a_board_the_reserve_is_given_up_for_its_page(make, tmp_path, monkeypatch):
    reserve = tmp_path / "batch.jsonl.reserve"
    full(monkeypatch, lambda path: path.suffix != ".html" or path.name == "now.html" or not reserve.exists())
    assert make(("chip 1", "pass", None)).run() == 0
    assert list((tmp_path / "out" / "pages").glob("HR-1-*.html"))


def test_a_board_whose_page_has_no_room_at_all_has_its_line_and_is_told(make, tmp_path, monkeypatch, capsys):
    full(monkeypatch, lambda path: path.parent.name != "pages")
    with pytest.raises(BadInput, match=r"the disk is full: make room; the board's line is in .*batch\.jsonl"):
        make(("chip 1", "pass", None)).run()
    assert outcomes(tmp_path) == [("HR-1", "pass")]
    assert capsys.readouterr().out.startswith("PASS  HR-1")


def test_an_instrument_near_its_date_is_told_at_the_start_and_on_every_board(make, tmp_path, told):
    place = Place(datetime.date.today() + datetime.timedelta(days=10))
    make(("chip 1", "pass", None), place=place).run()
    assert told[0] == "meter: its calibration ends in 10 days"
    assert batch.read(tmp_path / "batch.jsonl").boards[0]["warnings"] == told[:1]


def test_an_instrument_past_its_date_stops_the_station_before_a_board_is_touched(make, tmp_path):
    place = Place(datetime.date.today() - datetime.timedelta(days=1))
    with pytest.raises(BadInput, match=r"its calibration ended on .* no board passes with it: have it calibrated"):
        make(("chip 1", "pass", None), place=place).run()
    assert not (tmp_path / "batch.jsonl").exists()


def test_a_calibration_that_ends_during_the_session_stops_it_before_the_next_board(make, tmp_path, monkeypatch):
    one = make(("chip 1", "pass", None), ("chip 2", "pass", None))
    board = one._board

    def first_then_late():
        line = board()
        one.station.tool.instrument = Instrument("meter", datetime.date.today() - datetime.timedelta(days=1))
        return line

    monkeypatch.setattr(one, "_board", first_then_late)
    with pytest.raises(BadInput, match="its calibration ended"):
        one.run()
    assert outcomes(tmp_path) == [("HR-1", "pass")]


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


def test_a_test_of_some_steps_is_not_told_as_a_pass(make, capsys):
    make(("chip 1", "pass", None), only=frozenset({230})).run()
    assert capsys.readouterr().out.startswith("STEPS PASS  HR-1")


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
    presence.wait("PORT", True, print, lambda _: next(looks))
    assert list(looks) == [False]


def test_a_second_jig_at_the_same_port_is_told_before_it_touches_the_board(make, tmp_path):
    """Not by a flag in a file: the first one may have died."""
    one = make(("chip 1", "pass", None))
    with (
        presence.held(one.plan.port),
        pytest.raises(BadInput, match=r"another program has .*port: a console, or another jig"),
    ):
        one.run()
    assert not (tmp_path / "batch.jsonl").exists()
    assert one.run() == 0


def test_a_port_that_another_program_has_is_told_once_and_waited_for(monkeypatch, told):
    """Two of the three programs that take a serial port lock it as pyserial does."""
    mine, theirs = os.openpty()
    port = os.ttyname(theirs)
    fcntl.flock(theirs, fcntl.LOCK_EX)
    with pytest.raises(presence.Busy):
        presence.present(port)
    os.close(mine)
    os.close(theirs)
    looks = iter([True, presence.Busy, presence.Busy, True, True])
    monkeypatch.setattr(time, "sleep", lambda _: None)

    def look(_port):
        if (found := next(looks)) is presence.Busy:
            raise found
        return found

    presence.wait("PORT", True, told.append, look)
    assert told == ["another program has PORT: a console, or another jig: end it"]
    assert list(looks) == []
