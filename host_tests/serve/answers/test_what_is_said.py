"""What an installer or a household types as it comes to mind is understood, or refused with the form; what is told is true."""

import pytest
from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.serve.answers import commands, help

HOUSE = [(0, 3000, 0, 0)]


class Full(RamFiles):
    """A volume that takes nothing more once it is told so."""

    full = False

    def open(self, path, mode):
        """OSError where it writes."""
        if self.full and "w" in mode:
            raise OSError(28, path)
        return super().open(path, mode)


def asker(house=HOUSE, **scenario):
    """A table, and a function that asks its charger."""
    terminal = Terminal()
    table = Table(house, port=terminal, fidelity="rms", **scenario)
    table.live(3000)
    return table, lambda line, ms=3000: terminal.ask(table, line, ms)


@pytest.fixture(scope="module")
def ask():
    return asker(board="metered", settings={"status_ms": 0})[1]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("set dim_w 4300W", "dim_w: 4200 W -> 4300 W"),
        ("set dim_w 11kW", "dim_w: 4200 W -> 11 kW"),
        ("set zone_min +1h", "zone_min: 0 min -> 1 h (60 min)"),
        ("set zone_min +60", "zone_min: 0 min -> 1 h (60 min)"),
        ("set zone_min CET", "zone_min: 'cet' is no value for it, write a number with its unit"),
        ("set timezone 1h", "no setting 'timezone': zone_min?"),
        ("set dim_w 4.3 kW", "dim_w: 4200 W -> 4300 W"),
        ("set cap_w 5kw", "cap_w: 0 W -> 5 kW"),
        ("set cap_s 1h", "cap_s: 15 min -> 1 h"),
        ("set tolerance_pct 10%", "tolerance_pct: 0 % -> 10 %"),
        ("set breaker_ma = 24A", "breaker_ma: 25 A -> 24 A"),
        ("set breaker_ma=24A", "breaker_ma: 25 A -> 24 A"),
        ("set breaker_ma 3x25A", "breaker_ma: '3x25a': write one phase's value, 25a; phases says how many"),
        ("set breaker_ma 3 x 25 A", "breaker_ma: '3 x 25 a': write one phase's value, 25a; phases says how many"),
        ("set breaker_ma 600A", "breaker_ma: 600 A is outside 6 A to 63 A on this board"),
        ("boost 2h", "boost for 02:00:00"),
        ("boost 3 hours", "boost for 03:00:00"),
        ("boost 2days", "boost, boost HOURS (1 to 24), or boost off"),
        ("boost off", "no boost"),
        ("stauts", "no command 'stauts': status? help lists them"),
        ("calib car", "no command 'calib': calibrate? help lists them"),
        ("slow", "no command 'slow': mode slow? help lists them"),
        ("Slow", "no command 'Slow': mode slow? help lists them"),
        ("normal", "no command 'normal': mode normal? help lists them"),
        ("csv", "no command 'csv': sessions csv? help lists them"),
        ("only", "no command 'only': set solar only? help lists them"),
        ("stop", "no command 'stop': pause? help lists them"),
        ("start", "no command 'start': resume? help lists them"),
        ("schedule 23-7", "no command 'schedule': timetable? help lists them"),
        ("xyzzy", "no command 'xyzzy': help lists them"),
        ("breaker_ma 25A", "breaker_ma is a setting: get breaker_ma shows it, set breaker_ma VALUE changes it"),
        ("breaker_ma=25A", "breaker_ma is a setting: get breaker_ma shows it, set breaker_ma VALUE changes it"),
        ("set braeker_ma 25A", "no setting 'braeker_ma': breaker_ma? help settings lists them"),
        ("set breaker 25A", "no setting 'breaker': breaker_ma? help settings lists them"),
        ("mode pause", "mode is normal or slow; to stop the charge: pause"),
        ("pin 1234", "a new PIN of 4 to 12 digits, twice since they are not shown: pin NEW NEW"),
        ("pin 1234 1243", "the two are not the same: no PIN was changed"),
        ("pin 12 12", "a PIN is 4 to 12 digits"),
        ("unlock1234", "no command '...': help lists them"),
        ("undo", None),
    ],
)
def test_a_way_to_write_it(ask, typed, answer):
    said = ask(typed)
    assert answer is None or said.startswith(answer), said


def test_a_word_known_from_elsewhere_leads_to_a_command_that_there_is():
    names = [row[0] for row in commands.TABLE]
    assert {answer.split(" ")[0] for answer in help.ELSEWHERE.values()} <= set(names)
    assert not set(help.ELSEWHERE) & set(names)


def test_nothing_of_a_refused_pin_is_in_force(ask):
    ask("pin 1234 1243")
    ask("lock")
    assert "set; save or undo" in ask("set breaker_ma 20A") or "-> 20 A" in ask("set breaker_ma 20A")
    ask("undo")


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(("line", "says"), [("mode slow", "mode slow"), ("pin 1234 1234", "the PIN is changed")])
def test_saved_is_said_when_it_is_on_flash_and_not_when_the_flash_refuses(line, says, full):
    files = Full()
    _, ask = asker(files=files)
    ask("set status_ms 0"), ask("save")
    files.full = full
    said = ask(line, 9000)
    assert said.startswith(says), said
    assert ("saved" in said and "not saved" not in said) is not full, said
    assert ("in force, not saved: the flash refuses" in said) is full, said


def test_a_clamp_that_is_calibrated_again_is_told_as_it_reads_now_with_the_raw_value_beside_it():
    terminal, files = Terminal(), Full()
    table = Table([(0, 10000, 0, 0)], port=terminal, files=files, plugged_ms=[])
    table.live(2000)
    terminal.ask(table, "set status_ms 0", 500), terminal.ask(table, "save", 1500)
    assert "for 10.40 A: +" in terminal.ask(table, "calibrate L1 10.4", 6000)
    assert "not in force, save or undo: calibration of L1" in terminal.ask(table, "status", 1000)
    assert "saved" in terminal.ask(table, "save", 2000)
    said = terminal.ask(table, "calibrate L1 10.5", 6000)
    assert "L1 reads 10.4" in said
    assert " A uncalibrated) for 10.50 A: +" in said
    files.full = True
    said = terminal.ask(table, "calibrate undo", 2000)
    assert said.startswith("as it was before the last save; in force, not saved: the flash refuses"), said


def test_a_board_with_one_clamp_tells_one_phase_and_one_with_three_tells_three():
    for board, phases in (("minimal", 1), ("reference", 3)):
        _, ask = asker(board=board, settings={"status_ms": 0})
        supply = ask("status").partition("supply ")[2].partition(":")[0]
        assert supply.count(" A") == phases
        assert ask("usage").count(" kWh, ") >= phases
        assert ("L2" in ask("usage")) == (phases == 3)


def test_what_the_grid_operator_did_is_in_the_log_with_its_time_its_length_and_its_watts():
    table, ask = asker(board="metered", settings={"status_ms": 0, "dim_w": 4500})
    table.world.dimmed = True
    table.live(90000)
    table.world.dimmed = False
    table.live(5000)
    for _ in range(40):  # a contact that chatters
        table.world.dimmed = not table.world.dimmed
        table.live(300)
    said = [line.split("  ", 1)[1] for line in ask("log 20").split("\n")]
    assert said.count("dimmed by the grid operator to 4500 W") == 1
    assert "the grid operator's dimming is over: to 4500 W, for 00:01:30" in said


def test_the_ages_in_one_answer_agree():
    table, ask = asker(settings={"status_ms": 0, "breaker_ma": 25000, "charger_ma": 32000})
    for _ in range(8):
        table.live(4130)
        lines = ask("why").split("\n")
        if " ago" in lines[0]:
            age = lines[0].rpartition(", ")[2]
            assert any(line.startswith(age) for line in lines[1:]), lines


def test_how_long_a_fault_that_clears_by_itself_still_takes_is_told_and_counts_down():
    table, ask = asker(settings={"status_ms": 0, "breaker_ma": 25000, "charger_ma": 16000})
    table.live(40000)
    table.world.earth_lost = True
    table.live(2000)
    assert " over in " not in ask("why")
    table.world.earth_lost = False
    table.live(10000)
    left = [int(ask("why").partition(", over in ")[2].partition(" s if it stays away")[0]) for _ in range(2)]
    assert 40 < left[1] < left[0] < 60
