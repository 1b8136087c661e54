"""After every step: what befell the board meanwhile, and how it is left. Each breach is planted in a step, and must fail it."""

import datetime
import os
from pathlib import Path

import pytest
from headroom_tools.boards.board import load
from headroom_tools.boards.board_commands import board_path
from headroom_tools.common.errors import BadInput
from headroom_tools.device.console_link import ChargerRefused
from headroom_tools.jig import dut, worksheet
from headroom_tools.jig.codes import fault
from headroom_tools.jig.instruments import RELAYS, OutOfOrder
from headroom_tools.jig.measurement import Instrument
from headroom_tools.jig.steps import d_last

STEP = 210  # it only asks the tester: whatever else happens is planted
AT_REST = {
    "lived_ms": 100000, "fault_set": 0, "told_closed": False, "offer_ma": 0, "told_locked": False, "locked": False,
    "contactor_closed": False, "duty_u16": 65535, "mishaps": 0, "write_failures": 0, "unread_pin": 0,
}  # fmt: skip
RESIDUAL = 1 << fault("RESIDUAL")


class Idle(dut.Board):
    """A board that does nothing but live on; ``stays``: its fault is there again after `clear` and after a new start."""

    def __init__(self):
        super().__init__(os.devnull)
        self.figures = dict(AT_REST)
        self.stays = False
        self.asked = []

    def console(self):
        return self

    def learn(self, _command):
        self.figures["lived_ms"] += 400
        return [dict(self.figures)]

    def ask(self, command):
        self.asked.append(command)
        if command == "clear":
            if self.stays:
                raise ChargerRefused("still there")
            self.figures["fault_set"] = 0
        if command == "reboot now":
            self.figures["lived_ms"] = 0
            self.figures["mishaps"] = self.figures["write_failures"] = 0
        if command == "get":
            return [
                {"name": "breaker_ma", "value": 25000},
                {"name": "phases", "value": 1},
                {"name": "zone", "value": 60},
            ]
        return [{}]

    def hang_up(self):
        pass


class Bench:
    """A station whose tester is where a breach is planted."""

    instrument = Instrument("bench")
    board = "socket"

    def __init__(self):
        self.relays = self.source = self.voltmeter = self.safety = self
        self.plug_mv = 0
        self.during = lambda: None
        self.switched = []

    def earth_mohm(self):
        self.during()
        return 50

    def switch(self, relay, position):
        self.switched.append((relay, position))

    def drive(self, ma):
        self.switched.append(("source", ma))

    def mv(self, _point):
        return self.plug_mv


@pytest.fixture
def there():
    """A jig whose board and station are at rest."""
    pins = load(board_path("socket")).values
    made = worksheet.Jig(Idle(), Bench(), pins, str, str, datetime.date(2026, 11, 29), lambda _line: None)
    made.number = "HR-1"
    return made


def result(jig, only=frozenset({STEP})):
    sheet = worksheet.Sheet(jig, set(only))
    worksheet.run(sheet, None)
    return sheet.results[-1]


def planted(jig, **figures):
    """The step's result, with these figures told by the board from the middle of it on."""
    jig.station.during = lambda: jig.board.figures.update(figures)
    return result(jig)


def test_a_step_after_which_all_is_at_rest_passes(there):
    assert (result(there).outcome, there.board.asked[-1]) == ("pass", "save")


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"fault_set": RESIDUAL}, "fault 'residual current', which is not the step's doing"),
        ({"mishaps": 2}, "2 mishaps of the firmware"),
        ({"write_failures": 1}, "1 failed flash writes"),
        ({"unread_pin": 25}, "GPIO25 reads no edge of the pilot"),
        ({"lived_ms": 30}, "the board started again by itself"),
        ({"told_closed": True}, "not within 5 s: the board is idle again"),
        ({"offer_ma": 6000}, "not within 5 s: the board is idle again"),
        ({"told_locked": True}, "not within 5 s: the board is idle again"),
        ({"contactor_closed": True}, "the contactor is found closed"),
        ({"duty_u16": 17476}, "the pilot oscillates, 17476 of 65535"),
        ({"locked": True}, "the lock still holds"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_a_step_leaves_behind_fails_it(there, figures, said):
    found = planted(there, **figures)
    assert found.outcome == "fail"
    assert said in found.said


def test_a_plug_that_is_left_live_fails_the_step(there):
    there.station.during = lambda: setattr(there.station, "plug_mv", 230000)
    found = result(there)
    assert (found.outcome, found.said) == ("fail", "afterwards: plug L1 has 230 V")


def test_a_fault_that_the_step_provokes_is_cleared_and_one_that_stays_fails_it(there):
    there.board.figures["fault_set"] = RESIDUAL
    there.watch(("RESIDUAL",))
    there.settle()
    there.compare()
    there.board.figures["fault_set"], there.board.stays = RESIDUAL, True
    there.watch(("RESIDUAL",))
    there.settle()
    assert there.board.asked[-2:] == ["clear", "reboot now"], "what cannot be cleared is given a new start"
    with pytest.raises(AssertionError, match="'residual current' stands and cannot be cleared"):
        there.compare()


def test_a_new_start_that_the_jig_asked_for_is_none_that_nobody_asked_for(there):
    there.board.measure()
    there.board.restart()
    there.watch(())


def test_a_counter_that_moved_is_the_step_s_in_which_it_moved(there):
    assert planted(there, mishaps=1).outcome == "fail"
    there.station.during = lambda: None
    assert result(there).outcome == "pass", "it stands where it stood"
    assert planted(there, mishaps=2).said.startswith("afterwards: 1 mishaps")


def test_counters_begin_anew_with_a_new_start(there):
    planted(there, mishaps=3)
    there.board.restart()
    there.watch(())
    there.board.figures["mishaps"] = 1
    with pytest.raises(AssertionError, match="1 mishaps"):
        there.watch(())


def test_what_happened_before_the_first_step_is_the_first_one_s(there):
    there.board.figures["write_failures"] = 1
    assert result(there).said.startswith("afterwards: 1 failed flash writes")


AT_REST_THE_FIXTURE = [*((relay, positions[0]) for relay, positions in RELAYS.items()), ("source", (2000,))]


def test_the_fixture_is_at_rest_before_and_after_a_board_and_after_every_step(there):
    result(there)
    assert there.station.switched == AT_REST_THE_FIXTURE * 3


def test_an_instrument_that_is_gone_at_the_end_costs_no_board_its_result_and_stops_the_next_one(there):
    told = []
    there.notice = told.append
    broken = interrupting_with(OutOfOrder("instrument X: stopped"))
    there.station.during = lambda: setattr(there.station, "drive", broken)
    found = result(there)
    assert (found.outcome, found.said) == ("not tested", "instrument X: stopped")
    assert told[-1] == "the fixture is not at rest, switch its supply off before you open it: instrument X: stopped"
    with pytest.raises(OutOfOrder, match="instrument X: stopped"):
        result(there)


def interrupting_with(error):
    return lambda *_: interrupting(error)()


def interrupting(error):
    def raised():
        raise error

    return raised


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143)], ids=repr)
def test_ctrl_c_in_a_step_fails_no_board_and_leaves_the_fixture_at_rest(there, error):
    there.station.during = interrupting(error)
    sheet = worksheet.Sheet(there, {STEP, 220})
    worksheet.run(sheet, None)
    assert (sheet.outcome(), sheet.interrupted) == ("not tested", error)
    assert there.station.switched[-len(AT_REST_THE_FIXTURE) :] == AT_REST_THE_FIXTURE


def test_ctrl_c_between_two_steps_fails_no_board_and_passes_none(there):
    there.notice = lambda line: (_ for _ in ()).throw(KeyboardInterrupt)
    sheet = worksheet.Sheet(there, {STEP, 220})
    worksheet.run(sheet, None)
    assert sheet.outcome() == "not tested"
    assert isinstance(sheet.interrupted, KeyboardInterrupt)


OWN_AGAIN = ["set breaker_ma 25000", "set phases 1", "save"]


def test_a_board_keeps_its_own_settings_where_only_some_steps_are_run(there):
    """The test's are its highest ratings."""
    result(there)
    assert "set breaker_ma 63000" in there.board.asked
    assert there.board.asked[-3:] == OWN_AGAIN


def test_a_board_has_its_own_settings_again_after_ctrl_c(there):
    there.station.during = interrupting(KeyboardInterrupt())
    worksheet.run(worksheet.Sheet(there, {STEP, 220}), None)
    assert there.board.asked[-3:] == OWN_AGAIN


def test_what_is_ordered_is_not_taken_back(there):
    there.station.order = {"breaker_ma": "16A"}
    there.before = {"breaker_ma": 25000, "phases": 1}
    d_last.test_the_board_has_the_settings_that_were_ordered(there)
    assert there.before == {"phases": 1}


def test_a_board_that_cannot_be_given_its_own_settings_is_named(there):
    told = []
    there.notice = told.append

    def refusing():
        there.board.ask = lambda command: (_ for _ in ()).throw(BadInput("no answer"))

    there.station.during = refusing
    result(there)
    assert told[-2:] == [
        "the board has no settings of its own but the test's: no answer",
        "the settings of the test, its highest ratings, are on this board: test it from the start",
    ]


def test_a_full_disk_costs_the_xml_and_no_board_its_result(there):
    told = []
    there.notice = told.append
    sheet = worksheet.Sheet(there, {STEP})
    worksheet.run(sheet, Path("/dev/full"))
    assert sheet.outcome() == "pass"
    assert "/dev/full: No space left on device: there is no JUnit XML of this board" in told


def test_a_board_that_did_not_have_every_step_passes_no_test(there):
    sheet = worksheet.Sheet(there, {STEP})
    worksheet.run(sheet, None)
    assert sheet.outcome() == "pass"
    sheet.wanted += 1
    assert sheet.outcome() == "not tested"
