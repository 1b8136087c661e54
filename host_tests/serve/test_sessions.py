"""The list of charges: when, how much between two readings of the counter, why it ended; and that no power cut costs one."""

from bench.chip.chip import BROWN_OUT, HARD_RESET, SOFT_RESET, WDT_RESET
from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.serve.answers.calendar import parsed
from headroom.serve.answers.sessions import CSV, CUT_BY, PAGES, PER_PAGE, SIZE, TOLD
from headroom.terms import reasons

HOUR_MS = 3600000


def charger(files=None, **scenario):
    """A charger on an idle house, in steps of a second."""
    terminal = Terminal()
    usual = {"fidelity": "rms", "breaker_ma": 20000, "car_ma": 16000}
    usual.update(scenario)
    table = Table(usual.pop("house", [(0, 2000, 0, 0)]), port=terminal, files=files, **usual)
    return table, terminal


def told(table, terminal, how="sessions csv"):
    """The rows of the list."""
    lines = terminal.ask(table, how, 4000).split("\n")
    assert lines[0] == CSV
    return [dict(zip(CSV.split(","), line.split(","))) for line in lines[1:]]  # noqa: B905 (the VM knows no strict)


def test_a_charge_is_from_the_first_current_until_the_car_leaves_between_two_readings_of_the_counter():
    table, terminal = charger(plugged_ms=[[5000, HOUR_MS]])
    terminal.ask(table, "time 2026-11-29 18:00")
    table.live_by_seconds(HOUR_MS + 60000)
    (row,) = told(table, terminal)
    assert (row["number"], row["ended"], row["interruptions"], row["clock_certain"]) == ("1", "unplugged", "0", "yes")
    assert row["start"][:15] == "2026-11-29T18:0"
    assert row["end"][:16] == "2026-11-29T19:00"
    assert int(row["end_wh"]) - int(row["start_wh"]) == int(row["wh"]) == table.charger.energy.car_wh()
    assert 3500 < int(row["wh"]) < 3700
    assert 15500 <= int(row["most_ma"]) <= 16500
    assert "3.6" in terminal.ask(table, "sessions")
    assert "unplugged" in terminal.ask(table, "sessions")


def test_a_charge_in_which_the_clock_is_set_lasts_as_long_as_it_did_and_its_times_are_those_of_the_new_clock():
    for before in (None, "2026-11-29 18:00", "2026-11-29 06:00"):
        table, terminal = charger(plugged_ms=[[5000, HOUR_MS]])
        if before:
            terminal.ask(table, "time " + before)
        table.live_by_seconds(HOUR_MS // 2)
        terminal.ask(table, "time 2026-11-29 12:00")
        (row,) = told(table, terminal)
        assert (row["start"][:15], row["clock_certain"]) == ("2026-11-29T11:3", "yes")
        table.live_by_seconds(HOUR_MS)
        (row,) = told(table, terminal)
        assert (row["ended"], row["clock_certain"]) == ("unplugged", "yes")
        assert 3500 < parsed(row["end"]) - parsed(row["start"]) < HOUR_MS // 1000
        assert int(row["end_wh"]) > int(row["start_wh"])


def test_a_rule_of_summer_time_that_is_saved_while_a_car_charges_leaves_the_charge_as_long_as_it_was():
    table, terminal = charger(plugged_ms=[[5000, HOUR_MS]])
    terminal.ask(table, "time 2026-07-29 18:00")
    table.live_by_seconds(HOUR_MS // 2)
    for line in ("set summer_min 60", "set summer_begins 3502", "set summer_ends 10502", "save"):
        terminal.ask(table, line)
    (row,) = told(table, terminal)
    assert (row["start"][:15], row["end"][:15]) == ("2026-07-29T18:0", "2026-07-29T18:3")


def test_a_charge_under_a_clock_that_was_never_set_is_told_by_how_long_it_lasted():
    table, terminal = charger(plugged_ms=[[5000, HOUR_MS]])
    table.live_by_seconds(HOUR_MS + 60000)
    assert "1?  the clock was not set, for 00:59:" in terminal.ask(table, "sessions")
    terminal.ask(table, "time 2026-11-29 12:00")
    assert "1?  the clock was not set, for 00:59:" in terminal.ask(table, "sessions")


def test_a_car_that_is_full_or_stopped_by_hand_is_told_so():
    table, terminal = charger(need_mwh=1000000, plugged_ms=[[5000, 2 * HOUR_MS]])
    table.live_by_seconds(HOUR_MS)
    (row,) = told(table, terminal)
    assert row["ended"] == "under way"
    table.live_by_seconds(HOUR_MS + 60000)
    (row,) = told(table, terminal)
    assert (row["ended"], row["interruptions"]) == ("the car stopped by itself", "0")

    table, terminal = charger(plugged_ms=[[5000, HOUR_MS]])
    table.live_by_seconds(HOUR_MS // 2)
    terminal.ask(table, "pause", 20000)
    table.live_by_seconds(HOUR_MS)
    (row,) = told(table, terminal)
    assert (row["ended"], row["interruptions"]) == ("stopped by hand", "1")


def test_a_car_that_never_got_current_is_no_charge():
    table, terminal = charger(car="full", plugged_ms=[[5000, HOUR_MS]])
    table.live_by_seconds(HOUR_MS + 60000)
    assert told(table, terminal) == []
    assert terminal.ask(table, "sessions") == "no charge yet"


def test_a_power_cut_ends_a_charge_and_the_counter_never_goes_back():
    table, terminal = charger()
    table.live_by_seconds(HOUR_MS)
    files = table.files
    table, terminal = charger(files)
    table.live_by_seconds(120000)
    first, second = told(table, terminal)
    assert (first["ended"], second["ended"]) == ("the power went", "under way")
    assert 3300 < int(first["wh"]) < 3700, "at most a minute of it is not known"
    assert int(first["end_wh"]) <= int(second["start_wh"])
    assert first["clock_certain"] == "no"


HOUSE = [(0, 2000, 0, 0), (800000, 19000, 0, 0)]
# what is told the charger, what it meets after ten minutes, and why the charge ended
STOPS = (
    ((), ("boost off", "timetable else 0"), "the timetable"),
    (("set exports yes", "set solar only", "save"), ("boost off",), "the sun was gone"),
    (("set total_w 3kW", "save"), (), "the connection's power"),
    ((), (), "too little was free"),
)


def test_a_charge_that_was_stopped_says_by_what():
    for before, after, why in STOPS:
        table, terminal = charger(house=HOUSE, plugged_ms=[[5000, HOUR_MS]], board="metered")
        terminal.ask_all(table, "time 2026-11-29 18:00", *before)
        terminal.ask(table, "boost")
        table.live_by_seconds(600000)
        for line in after:
            terminal.ask(table, line)
        table.live_by_seconds(HOUR_MS)
        (row,) = told(table, terminal)
        assert row["ended"] == why, row


# another start than the power's, and what it is called
STARTS = (
    (WDT_RESET, "the watchdog"),
    (HARD_RESET, "a reset"),
    (SOFT_RESET, "a soft reset"),
    (BROWN_OUT, "a brown-out"),
)


def test_a_charge_that_another_start_than_the_powers_cut_short_says_which_and_its_clock_goes_on():
    for cause, name in STARTS:
        table, terminal = charger(plugged_ms=[[5000, 1 << 40]])
        table.module.starts.begin()
        terminal.ask(table, "time 2026-11-29 18:00")
        table.live_by_seconds(HOUR_MS)
        table.chip.hard_reset(cause)
        table.chip.revive()
        table.module.starts.begin()
        table.restart()
        table.live_by_seconds(60000)
        first, second = told(table, terminal)
        assert (first["ended"], second["ended"]) == ("cut short by " + name, "under way")
        assert first["clock_certain"] == ("no" if cause == BROWN_OUT else "yes")
        assert "started after " + name in terminal.ask(table, "log"), "the journal says the same"
        assert "highest current not known  cut short by " + name in terminal.ask(table, "sessions")


def test_no_reason_of_the_law_is_taken_for_a_start_that_cut_a_charge_short():
    numbers = [getattr(reasons, name) for name in dir(reasons)]
    assert max([each for each in numbers if isinstance(each, int)]) <= CUT_BY


def cut_copy(files):
    """The volume as a power cut leaves it now."""
    kept = RamFiles()
    kept.files.update(files.files)
    return kept


def test_wherever_the_power_goes_while_a_charge_is_written_down_it_is_in_the_list_once():
    table, _ = charger(plugged_ms=[[5000, 600000]])
    table.live_by_seconds(590000)
    moments = [cut_copy(table.files)]
    for _ in range(1200):
        table.tick()
        if table.files.files != moments[-1].files:
            moments.append(cut_copy(table.files))
    seen = set()
    for files in moments:
        again, terminal = charger(files, plugged_ms=[])
        rows = told(again, terminal)
        assert len(rows) == 1
        assert rows[0]["ended"] in ("unplugged", "the power went")
        assert int(rows[0]["start_wh"]) <= int(rows[0]["end_wh"]) <= again.charger.energy.car_wh()
        seen.add(rows[0]["ended"])
    assert seen == {"unplugged", "the power went"}


def test_the_last_fifty_are_told_and_older_ones_give_way():
    table, terminal = charger(plugged_ms=[])
    service = table.charger.service
    for number in range(1, PER_PAGE * PAGES + 8):
        at = (reasons.NO_CAR, 0, 1000 * number, True)
        service.charge_seen.append((True, False, False) + at + (number * 10,))  # noqa: RUF005 (the VM unpacks no tuple)
        service.charge_seen.append((False, True, True) + at + (number * 10 + 5,))  # noqa: RUF005
        table.live(1000)
        assert not service.charge_seen
    assert service.mishaps == 0
    rows = told(table, terminal)
    assert [int(row["number"]) for row in rows] == list(range(PER_PAGE * PAGES + 8 - TOLD, PER_PAGE * PAGES + 8))
    assert all(int(row["start_wh"]) == int(row["number"]) * 10 for row in rows)
    again, terminal = charger(table.files, plugged_ms=[])
    assert [row["number"] for row in told(again, terminal)] == [row["number"] for row in rows]
    assert SIZE * PER_PAGE < 300, "a page is written at each end of a charge"


def test_a_charge_whose_own_record_cannot_be_read_writes_over_no_other():
    days = [[day * HOUR_MS + 5000, day * HOUR_MS + HOUR_MS // 2] for day in range(5)]
    table, terminal = charger(plugged_ms=days)
    table.live_by_seconds(3 * HOUR_MS)
    assert [row["number"] for row in told(table, terminal)] == ["1", "2", "3"]
    for slot in (0, 1):
        table.files.files.pop(f"data/charge/{slot}")
    table.live_by_seconds(2 * HOUR_MS)
    assert [row["number"] for row in told(table, terminal)] == ["1", "2", "3", "4", "5"]


def test_a_car_that_is_exchanged_for_another_while_a_fault_stands_is_a_charge_of_its_own():
    table, terminal = charger(plugged_ms=[[5000, HOUR_MS // 2], [HOUR_MS * 2 // 3, HOUR_MS]])
    read = table.charger.inputs.read

    def lost(readings):
        read(readings)
        readings.earth_fault = HOUR_MS // 3 < table.world.t_ms < HOUR_MS * 3 // 4

    table.charger.inputs.read = lost
    table.live_by_seconds(HOUR_MS + 60000)
    first, second = told(table, terminal)
    assert (first["ended"], second["ended"]) == ("protective earth lost", "unplugged")
    assert int(first["end_wh"]) == int(second["start_wh"])
    assert int(first["wh"]) > int(second["wh"]) > 500
    assert "idle: protective earth lost" in terminal.ask(table, "log", 4000), "and when the first one left"


class Short(list):
    """A list for which there is no memory, once, at its ``nth`` row."""

    nth = 0

    def append(self, row):
        self.nth -= 1
        if self.nth == 0:
            raise MemoryError
        super().append(row)


def test_no_want_of_memory_in_the_moment_in_which_a_charge_begins_or_ends_costs_it_or_the_one_before():
    for nth in (1, 2, 3):
        table, terminal = charger(plugged_ms=[[5000, HOUR_MS // 4], [HOUR_MS // 3, HOUR_MS // 2]])
        table.live_by_seconds(HOUR_MS * 3 // 10)
        (before,) = told(table, terminal)
        table.charger.service.charge_seen = seen = Short()
        seen.nth = nth
        table.live_by_seconds(HOUR_MS // 3)
        first, second = told(table, terminal)
        assert first == before
        assert second["ended"] == "unplugged", nth
        assert 300 < int(second["wh"]) < 700, nth
