"""A house is set up by somebody who makes mistakes: none of them is silent, on the whole firmware and its console.

What a fresh installer typed at a UK, a Dutch and a German house on `headroom device`, each mistake of another kind. A mistake
that the charger cannot know of (a rating that is not the breaker's) is none of these: `monitor/contrary.py` has what time shows.
"""

import pytest
from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from bench.world import analog, broken_clamps
from headroom.serve.answers import settings_table

HOUSE = [(0, 2000, 6000, 1000)]


class House(Table):
    """A charger that was flashed a moment ago, and a person at its console."""

    def __init__(self, board="metered", **scenario):
        self.terminal = Terminal()
        super().__init__(HOUSE, board=board, port=self.terminal, **{"fidelity": "rms", "plugged_ms": [], **scenario})
        self.live(3000)

    def says(self, *lines):
        """The answer to the last of ``lines``."""
        for line in lines:
            if self.scan:
                self.scan.step_ms = 25
            said = self.terminal.ask(self, line, 6000)
        return said


def other(row, now):
    """A value that a row allows and that is not the one in force, as it is typed."""
    name, unit, _, low, high = row[:5]
    if isinstance(unit, tuple):
        return unit[1] if now == 0 else unit[0]
    if unit == "W":
        return "9kW"
    return {
        "tolerance_pct": "10",
        "import_ma": "20A",
        "asymmetry_ma": "20A",
        "min_ma": "7A",
        "household_ma": "20A",
        "resume_dwell_ms": "90s",
        "rise_ma_s": "200",
        "breaker_l1_ma": "16A",
        "breaker_l2_ma": "16A",
        "breaker_l3_ma": "16A",
        "breaker_ma": "30A",
        "charger_ma": "20A",
        "zone_min": "60",
        "hz": "60",
        "cap_s": "3600",
        "bus_baud": "9600",
    }.get(name, str(low if low != now else high))


ALONE = ("summer_", "night_", "group_", "solar", "phases", "wiring", "bus", "meter")  # beside others, below
TOGETHER = (
    ("bus meter", "meter sdm630"),
    ("bus manager", "remote_safe_ma 0"),
    ("bus group", "group_no 2", "group_size 3", "group_ma 20A"),
    ("exports yes", "solar only"),
    ("phases 2", "wiring l2l3"),
    ("summer_min 60", "summer_begins 3502", "summer_ends 10502"),
)


def test_each_setting_can_be_saved_as_the_only_one():
    """Those that are kept in memory only where they were set, too: a save with nothing but ``bus`` and ``meter`` once failed."""
    house, wrong = House(car_phases=3), []
    for row in settings_table.TABLE:
        if row[0].startswith(ALONE) or house.charger.settings._unserved(row, 1):
            continue
        said = house.says("undo", f"set {row[0]} {other(row, house.charger.settings.get(row[0]))}", "save")
        if f"saved: {row[0]} = " not in said:
            wrong.append(said)
    assert not wrong


@pytest.mark.parametrize("lines", TOGETHER, ids=lambda lines: lines[0])
def test_what_belongs_together_can_be_saved_together(lines):
    house = House()
    said = house.says(*["set " + line for line in lines], "save")
    for line in lines:
        assert f"saved: {line.split()[0]} = " in said, said
    assert lines[0].split()[0] in house.says("log 3")


def test_a_breaker_of_a_phase_that_the_charger_is_not_wired_to_is_refused_and_so_is_the_wiring_that_leaves_it_out():
    house = House()  # wired to L1 alone
    assert "the charger is not wired to L2" in house.says("set breaker_l2_ma 16A")
    assert "the charger is not wired to L2" in house.says("save")
    three = House(car_phases=3)
    assert "saved: breaker_l2_ma = 16 A" in three.says("set breaker_l2_ma 16A", "save")
    assert "the charger is not wired to L2" in three.says("set phases 1", "save")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("set cap_s 3600", "cap_s counts once this is set: cap_w"),
        ("set night_from_h 23", "night_from_h counts once this is set: night_w"),
        ("set meter_address 4", "meter_address counts once this is set: meter"),
        ("set group_size 4", "group_size counts once this is set: group_no"),
        ("set trust_safe_ma 16A", "in doubt it is offered for 60 s, whatever the house draws beside it"),
    ],
)
def test_what_has_no_effect_yet_or_one_that_nobody_would_guess_is_said_at_once(line, told):
    assert told in House().says(line)


def test_what_counts_already_is_set_without_a_word():
    assert "counts" not in House().says("set cap_w 9kW", "set cap_s 3600")
    assert "counts" in House("metered").says("set exports yes", "set idle_ma 200")


def test_a_zone_in_hours_is_no_zone():
    house = House()
    assert "zone_min 1 min is no zone" in house.says("set zone_min 1")
    assert "60 or 1h" in house.says("save")
    assert "zone_min: 0 min -> 1 h" in house.says("set zone_min 1h")


def test_a_zone_that_is_set_after_the_time_was_told_says_what_the_clock_shows():
    house = House()
    house.says("time 2026-07-01T12:00:00Z", "set zone_min 60")
    assert "the clock stays at 2026-07-01 12:0" in house.says("save")


def test_each_profile_in_europe_sets_the_clock_too():
    house = House()
    said = house.says("profile nl")
    for told in ("zone_min: 0 min -> 1 h", "summer_min: 0 min -> 1 h", "summer_begins: 0 -> 3502", "summer_ends"):
        assert told in said
    house.says("save", "time 2026-07-01T12:00:00Z")
    assert "14:00:" in house.says("time")
    assert "summer time" in house.says("time")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("set charger_ma 7.4kW", "'kw' is no unit for it"),
        ("set charger_ma 11kW", "'kw' is no unit for it"),
        ("set charger_ma 7400", "-> 7.4 A (7400 mA)"),
        ("set charger_ma 7450", "-> 7450 mA; save"),
        ("set breaker_ma 25", "if you mean 25 A"),
        ("set breaker_ma 100A", "outside 6 A to 63 A on this board"),
        ("set breaker_ma 3x25A", "write one phase's value"),
        ("set asymmetry_ma 20", "20 mA is too little; if you mean 20 A, write 20A or 20000"),
        ("set trust_safe_ma 6", "if you mean 6 A"),
        ("set breaker_l1_ma 16", "if you mean 16 A"),
        ("set total_w 17", "if you mean 17 kW"),
        ("set trust_hold_ms 5", "if you mean 5 s"),
        ("set trust_safe_ma 6mA", "6 A -> 6 mA"),
        ("set trust_safe_ma 0", "6 A -> 0 mA"),
        ("set idle_ma 200", "150 mA -> 200 mA"),
        ("set rise_ma_s 200", "-> 200 mA/s"),
    ],
)
def test_a_rating_is_understood_or_refused_in_words(line, told):
    assert told in House().says(line)


def test_unlock_without_a_word_is_no_wrong_pin():
    house = House()
    house.says("pin 1234 1234", "lock")
    for _ in range(5):
        assert "unlock PIN" in house.says("unlock")
    assert "open for 10 minutes" in house.says("unlock 1234")


@pytest.mark.parametrize("line", ["meter", "meter scan", "set bus meter", "set meter sdm630", "set group_no 1"])
def test_a_board_without_a_port_refuses_a_meter_and_a_group_and_says_that_it_has_none(line):
    said = House("socket").says(line)
    assert "this board has no" in said, said


def test_a_scan_on_a_board_with_only_a_meter_port_names_no_group():
    """It took the bus for a group's where there was none at all."""
    said = House("minimal").charger.look(True)
    assert said == "this board has no RS-485 port"


def turn(table, *phases):
    """These clamps are on backwards."""
    for phase in phases:
        table.chip.analog[table.module.board.CT_PINS[phase]] = analog.clamp(table, phase, sign=-1)


def swap(house):
    broken_clamps.install(house.world, "clamps of two phases swapped", 0, house.world.random)


def test_swapped_clamps_are_told_on_a_board_that_knows_direction_and_not_only_as_turned():
    house = House(fidelity="waveform")
    swap(house)
    house.live(3000)
    said = house.says("status")
    assert "L1 is implausible" in said
    assert "PF near -0.5 move it to its own phase" in said


def test_a_jaw_that_is_ajar_is_named_while_the_car_draws_steadily_where_a_clamp_on_the_car_shows_it():
    """A supply's clamp showed 10.4 A, the car's 20.3 A: for eight minutes and four steps of the house nothing was said."""
    house = House("socket", settings={"breaker_ma": 40000, "charger_ma": 20000}, plugged_ms=[[0, 1 << 40]])
    house.live(120000)
    assert house.charger.verdict.offer_ma > 18000
    assert "jaw" not in house.says("status")
    house.scan.clamps = half
    house.live(5000)
    house.scan.step_ms = 25
    assert "L1 is implausible (less than the car alone draws): close the clamp's jaw" in house.says("status")
    assert house.charger.verdict.offer_ma <= 6000


def half(grid_ma):
    """What a jaw that does not close sees."""
    for phase in range(3):
        grid_ma[phase] = grid_ma[phase] * 46 // 100


def test_calibrate_car_says_what_else_than_swapped_clamps_it_may_be():
    house = House(
        car_phases=1, settings={"phases": 3, "resume_dwell_ms": 5000}, wiring=(1, 2, 0), plugged_ms=[[0, 1 << 40]]
    )
    house.live(60000)
    house.scan.step_ms = 25
    said = house.terminal.ask(house, "calibrate car", 120000)
    assert "L2 followed instead of L1: clamps swapped, or wiring" in said or "the meter is in doubt: see status" in said
    assert "set wiring as the charger is wired, or swap clamps" in house.says("status") + house.says("log") + said


def test_a_fault_before_anything_was_set_up_asks_whether_it_is_the_board_that_was_flashed():
    """What a reference's firmware reads on a metered board: a supply that sags, where there is no such divider."""
    house = House("reference", files=RamFiles(), fidelity="waveform")
    assert "is this board" not in house.says("status")
    house.world.rail_mv = 2800
    house.live(3000)
    assert "charger's own supply sags" in house.says("status")
    assert "is this board reference?" in house.says("status")
    house.says("set breaker_ma 25A", "save")
    assert "is this board" not in house.says("status")
