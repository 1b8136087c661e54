"""Steps that no broken part of the bench can fail, on a board that says what it is told to; and the sheet as a whole."""

import datetime
import os
import pty
import re
import threading
import tty

import pytest
from headroom_tools.boards.board import load
from headroom_tools.boards.board_commands import board_path
from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import ROOT
from headroom_tools.common.version import version
from headroom_tools.device import flash
from headroom_tools.device.console_link import ChargerRefused
from headroom_tools.jig import sheet
from headroom_tools.jig.codes import constants, fault, stands
from headroom_tools.jig.dut import Late, Stalled
from headroom_tools.jig.limits import LIMITS, STATES_MV, limit
from headroom_tools.jig.session import HostTests
from headroom_tools.jig.steps import a_board, d_last
from headroom_tools.jig.worksheet import Jig, NotTested


class SaysSo:
    """A board that answers from a table, and refuses what is an exception in it."""

    port = "PORT"

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def ask(self, command):
        self.asked.append(command)
        for start, answer in self.answers.items():
            if command.replace(" ", "_").startswith(start):
                if isinstance(answer, Exception):
                    raise answer
                return answer
        return []

    def execute(self, _program):
        if isinstance(self.answers["program"], Exception):
            raise self.answers["program"]
        return self.answers["program"]

    def flash(self, _board, _watch):
        raise self.answers["flash"]

    def mpremote(self, *_):
        return ""

    def restart(self):
        self.asked.append("restart")


class Place:
    board = "reference"
    order = {"breaker_ma": "25A"}  # noqa: RUF012 (a test's constant)


def jig(serial=lambda there, _chip: there or "HR-1", host_tests=lambda: "", **answers):
    pins = load(board_path("reference")).values
    made = Jig(SaysSo(**answers), Place(), pins, serial, host_tests, datetime.date(2026, 11, 29), lambda _: None)
    made.number = "HR-1"
    return made


def test_step_100_fails_for_another_chip_and_a_board_that_is_gone_is_not_tested():
    with pytest.raises(AssertionError, match="no ESP32 but rp2"):
        a_board.test_the_chip_answers_and_says_who_it_is(jig(program="rp2 1.29.0 e660"))
    with pytest.raises(NotTested):
        a_board.test_the_chip_answers_and_says_who_it_is(jig(program=Stalled("PORT: silent")))
    good = jig(program="esp32 1.29.0 240ac4000001")
    a_board.test_the_chip_answers_and_says_who_it_is(good)
    assert (good.chip, good.firmware) == ("240ac4000001", "MicroPython 1.29.0")


def test_a_port_that_another_program_has_is_no_fault_of_the_board():
    said = "PORT: mpremote: mpremote: failed to access PORT (it may be in use by another program)"
    with pytest.raises(NotTested, match="another program has PORT: a console, or another jig: end it"):
        a_board.test_the_chip_answers_and_says_who_it_is(jig(program=BadInput(said)))


def test_a_chip_that_this_session_has_tested_is_not_tested_twice():
    twice = jig(program="esp32 1.29.0 240ac4000001")
    twice.seen = lambda chip: (_ for _ in ()).throw(NotTested(f"the same board twice: {chip}"))
    with pytest.raises(NotTested, match="the same board twice: 240ac4000001"):
        a_board.test_the_chip_answers_and_says_who_it_is(twice)


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("PORT: /version_a/main.py reads back wrong: the flash chip may be worn", AssertionError, "reads back wrong"),
        ("PORT: the device's disk is full: 300 kB needed", AssertionError, "disk is full"),
        (
            "PORT: the device stopped answering: is it plugged in?",
            NotTested,
            "pulled off in the middle of a test: put it back",
        ),
        (
            f"PORT: {flash.change('socket', 'reference')}, whose pins differ",
            NotTested,
            "wrong board: it is a socket, this station tests reference; take it out, nothing was written$",
        ),
    ],
)
def test_step_110_fails_for_a_flash_chip_and_not_for_an_operator(said, kind, told):
    with pytest.raises(kind, match=told):
        a_board.test_the_firmware_is_on_the_board_and_starts(jig(flash=BadInput(said)))


@pytest.mark.parametrize(
    ("board", "runs", "told"), [("socket", version(), "it is a socket"), ("reference", "0.0.9", "it runs 0.0.9")]
)
def test_step_120_fails_for_another_firmware(board, runs, told):
    with pytest.raises(AssertionError, match=told):
        a_board.test_the_board_says_that_it_runs_this_firmware(jig(version=[{"board": board, "version": runs}]))


def test_step_130_fails_where_the_flash_refuses_or_forgets_the_number():
    refused = ChargerRefused("the flash refuses the serial number: see status")
    with pytest.raises(AssertionError, match="the flash refuses"):
        a_board.test_the_board_has_its_serial_number(_refusing(refused))
    with pytest.raises(AssertionError):
        a_board.test_the_board_has_its_serial_number(_answering([{"serial": ""}], [{"serial": "HR-7"}]))


def _answering(told, versions):
    made = jig()
    made.board.answers = {"serial": told, "version": versions}
    return made


def _refusing(refused):
    made = jig()
    told = [{"serial": ""}]
    made.board.ask = lambda command: (_ for _ in ()).throw(refused) if command.startswith("serial ") else told
    return made


def test_step_150_an_order_that_the_board_refuses_is_the_stations_doing_and_nothing_of_it_stays():
    with pytest.raises(NotTested, match=r"\[order\] in the station file: too much"):
        a_board.test_the_board_would_take_what_is_ordered(jig(set_breaker_ma=ChargerRefused("too much")))
    good = jig()
    a_board.test_the_board_would_take_what_is_ordered(good)
    assert good.board.asked == ["set breaker_ma 25A", "undo"]


def test_step_190_fails_with_the_first_test_that_failed(tmp_path):
    (tmp_path / "test_rule.py").write_text("def test_the_rule():\n    assert 1 == 2\n")
    share = HostTests(("-c", "/dev/null", str(tmp_path / "test_rule.py")))
    with pytest.raises(AssertionError, match=r"FAILED .*test_the_rule"):
        a_board.test_the_host_tests_of_the_rules_passed(jig(host_tests=share.wait))
    (tmp_path / "test_rule.py").write_text("def test_the_rule():\n    assert 1 == 1\n")
    assert HostTests(("-c", "/dev/null", str(tmp_path / "test_rule.py"))).wait() == ""
    assert HostTests(()).wait() == "none"


def test_step_900_fails_where_something_of_the_test_stays():
    with pytest.raises(AssertionError, match=r"left on the board.*journal"):
        d_last.test_nothing_of_the_test_stays_on_the_board(jig(program="calibration journal serial"))
    d_last.test_nothing_of_the_test_stays_on_the_board(jig(program="calibration serial"))


def test_step_910_fails_where_the_board_refuses_the_order_or_forgets_it():
    with pytest.raises(AssertionError, match="the board refuses the order: too much"):
        d_last.test_the_board_has_the_settings_that_were_ordered(jig(set_breaker_ma=ChargerRefused("too much")))
    forgets = jig()
    values = iter((25000, 6000))
    forgets.board.ask = lambda command: [{"name": "breaker_ma", "value": next(values)}] if command == "get" else []
    with pytest.raises(AssertionError, match=r"after a new start: \{'breaker_ma': 6000\}"):
        d_last.test_the_board_has_the_settings_that_were_ordered(forgets)


def test_step_920_fails_for_a_fault_in_the_journal():
    kinds = constants("record/events.py")
    fine = [{"kind": kinds["BOOT"], "line": "start"}, {"kind": kinds["SAVED"], "line": "saved"}]
    d_last.test_the_journal_holds_starts_and_settings_only(jig(log=fine))
    with pytest.raises(AssertionError, match="contactor welded"):
        d_last.test_the_journal_holds_starts_and_settings_only(
            jig(log=[*fine, {"kind": kinds["RAISED"], "line": "contactor welded"}])
        )


def test_step_930_fails_where_number_or_calibration_is_gone():
    kept = [{"meter": f"L{place}", "points": [[5000, 100]]} for place in (1, 2, 3)]
    d_last.test_the_board_remembers_who_it_is_and_how_it_reads(jig(version=[{"serial": "HR-1"}], calibrate=kept))
    lost = [*kept[:2], {"meter": "L3", "points": []}]
    with pytest.raises(AssertionError, match="L3 is not calibrated"):
        d_last.test_the_board_remembers_who_it_is_and_how_it_reads(jig(version=[{"serial": "HR-1"}], calibrate=lost))
    for serial, said in (("", "the board has no serial number"), ("HR-2", "was told HR-1 and keeps HR-2")):
        with pytest.raises(AssertionError, match=said):
            d_last.test_the_board_remembers_who_it_is_and_how_it_reads(
                jig(version=[{"serial": serial}], calibrate=kept)
            )
    from_here = jig(version=[{"serial": "HR-3"}], calibrate=kept)
    from_here.number = ""
    d_last.test_the_board_remembers_who_it_is_and_how_it_reads(from_here)
    assert from_here.number == "HR-3", "a sheet that begins there asks the board"


def test_the_steps_have_numbers_of_their_own_that_rise_from_safety_to_function():
    rows = sheet.rows()
    codes = [step.code for step, _ in rows]
    assert codes == sorted(set(codes))
    files = sorted((ROOT / "tools" / "headroom_tools" / "jig" / "steps").glob("[a-z]_*.py"))
    found = [[int(code) for code in re.findall(r"@step\(\s*(\d+)", path.read_text())] for path in files]
    assert [code for file in found for code in file] == codes, "top to bottom as on the sheet"
    safety = [step for step, _ in rows if 200 <= step.code < 400]
    assert [step.code for step in safety if step.vital][:3] == [200, 210, 220], "nothing is energised before these"
    for step, done in rows:
        assert len(done) > 10, step.code
        assert step.cause, step.code
        assert step.look, step.code
        assert not step.after or step.after in codes, step.code


def test_codes_once_given_are_kept():
    """A code stands in batch files of years: a step may be added, none renumbered."""
    codes = {step.code: step.title for step, _ in sheet.rows()}
    assert (
        codes.items()
        >= {
            100: "Chip identified",
            110: "Firmware flashed and verified",
            120: "Firmware is this one, for this board",
            130: "Serial number stored",
            140: "The fixture's plug is in",
            150: "The order is one that this board takes",
            190: "The rules' own tests pass",
            200: "Plug dead without a car",
            210: "Protective earth continuous",
            220: "Insulation",
            225: "Logic supply",
            230: "Pilot at +12 V",
            240: "Pilot's pulses: -12 V and 1 kHz",
            250: "Duty of the pilot",
            255: "Edges of the pilot",
            260: "States A, B, C",
            270: "State D is refused",
            280: "A car without a diode is refused",
            290: "A shorted pilot is seen",
            295: "Residual current module answers its test",
            300: "Contactor closes, and its contact tells",
            310: "Contactor opens when the car stops asking",
            320: "6 mA DC trips, one way",
            321: "6 mA DC trips, the other way",
            322: "30 mA AC trips",
            340: "Loss of earth opens the contactor",
            350: "A welded contactor is seen",
            400: "Clamps calibrated",
            410: "Voltage input calibrated",
            415: "Clamps' phase calibrated",
            420: "Temperature sensor",
            430: "Lamp",
            440: "Button",
            450: "Proximity codes",
            460: "Socket lock",
            500: "Tick and memory",
            510: "Flash writes in time",
            520: "Bus transceiver",
            900: "What the test wrote is taken away",
            910: "Settings of the order",
            920: "Journal without a fault",
            930: "Serial number and calibration kept",
            940: "Plug dead at the end",
        }.items()
    )


def test_every_limit_is_some_steps():
    source = "".join(path.read_text() for path in (ROOT / "tools/headroom_tools/jig/steps").glob("*.py"))
    assert [name for name in LIMITS if f'"{name}' not in source and not name.startswith("state_")] == []
    assert 'f"state_{letter}"' in source
    with pytest.raises(KeyError):
        limit("no_such")


def test_a_board_that_reads_its_pilot_as_far_off_as_it_may_takes_no_state_for_another_one():
    from headroom.guard.pilot import BANDS, LETTERS

    windows = {LETTERS[state]: (low, high) for state, low, high in BANDS}
    room = [
        each
        for letter, (low, high) in STATES_MV.items()
        for each in (low - windows[letter][0], windows[letter][1] - high)
    ]
    assert (limit("pilot_reading").low, limit("pilot_reading").high) == (-min(room), min(room))


def test_the_firmwares_own_numbers_are_used():
    assert stands("RESIDUAL", 1 << fault("RESIDUAL"))
    assert not stands("RESIDUAL", 1 << fault("DIODE"))


def test_time_that_runs_out_is_the_boards_own(monkeypatch):
    """A board of a tenth of the speed has ten times as long; one whose clock stands is given up."""
    from headroom_tools.jig import dut

    class Slow(dut.Board):
        def __init__(self, step_ms):
            super().__init__("PORT")
            self.lived_ms, self.step_ms = 0, step_ms

        def measure(self):
            self.lived_ms += self.step_ms
            now["s"] += 10
            return {"lived_ms": self.lived_ms, "fault_set": self.fault_set}

        fault_set = 0

    now = {"s": 0.0}
    monkeypatch.setattr(dut.time, "monotonic", lambda: now["s"])
    assert Slow(10).until(lambda figures: figures["lived_ms"] >= 2000, 3000, "it is done")["lived_ms"] == 2000
    assert now["s"] == 2000, "of our seconds"
    with pytest.raises(Late, match=r"not within 3 s: it is done$"):
        Slow(1000).until(lambda figures: False, 3000, "it is done")
    Slow.fault_set = 1 << fault("LOCK")
    with pytest.raises(Late, match="not within 3 s: it is done; the board has fault 'socket lock does not hold'"):
        Slow(1000).until(lambda figures: False, 3000, "it is done")
    with pytest.raises(Stalled, match="the board's clock stands still"):
        Slow(0).until(lambda figures: False, 3000, "it is done")


def test_a_console_that_is_slow_to_answer_is_given_up_as_late_as_a_clock_that_stands(monkeypatch):
    """A board of a tenth of the speed is silent for seconds while it writes its flash."""
    from headroom_tools.jig import dut

    monkeypatch.setattr(dut, "STALLED_S", 0.2)
    pc, board = pty.openpty()
    tty.setraw(board)

    def greet():
        while b"json on" in os.read(pc, 1000):
            os.write(pc, b'{"ok": true}\r\n')

    threading.Thread(target=greet, daemon=True).start()
    with dut.Board(os.ttyname(board)) as there, pytest.raises(BadInput, match=r"no answer in 0\.2 s"):
        there.ask("measure")
    os.close(board)
    os.close(pc)
