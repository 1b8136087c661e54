"""Timetable, need, start delay, boost, slow and pause as a household meets them: console, button, power cut."""

from pathlib import Path

import pytest
from bench.chip.chip import HARD_RESET, PWRON_RESET
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.record import events
from headroom.serve.answers import wish_commands
from headroom.serve.wishes import MISSED

ROOT = Path(__file__).resolve().parents[2]
HOUR_MS = 3600000
MONDAY = "2026-11-30"
PLUGGED_MS = 20000


def charger(files=None, terminal=None, **scenario):
    """A charger of 16 A with a car from second 20 on, in a quiet house."""
    terminal = terminal or Terminal()
    scenario = {"breaker_ma": 25000, "car_ma": 16000, "plugged_ms": [[PLUGGED_MS, 1 << 40]], **scenario}
    return Table([(0, 2000, 0, 0)], port=terminal, files=files, fidelity="rms", **scenario), terminal


# ---- the timetable


def test_a_timetable_is_read_back_in_words_and_outlives_a_power_cut():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable mo-fr 23:30-05:30 32A", "timetable else 0")
    said = terminal.ask_all(table, "timetable")
    assert said == "mo-fr from 23:30 to 05:30 of the next day: at most 32.0 A\nat all other times: nothing"
    again, terminal = charger(table.files)
    assert terminal.ask_all(again, "timetable").startswith(said)


def test_a_timetable_that_bounds_nothing_says_so_and_what_is_missing():
    table, terminal = charger()
    assert "bounds nothing yet: timetable else 0" in terminal.ask_all(table, "timetable 23:30-05:30 32A")
    assert "bounds nothing" not in terminal.ask_all(table, "timetable else 0")
    assert "bounds nothing" not in terminal.ask_all(table, "timetable off", "timetable 23:30-05:30 10A")


def test_whole_hours_are_times_of_day():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable 23-7 32A", "need 20 kWh by 7 daily")
    assert "every day from 23:00 to 07:00 of the next day" in terminal.ask_all(table, "timetable")
    assert terminal.ask_all(table, "need").startswith("need 20.00 kWh by 07:00, daily")


def test_a_current_may_stand_apart_from_its_unit():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable mo 23-7 32 A", "timetable else 8000 mA")
    said = terminal.ask_all(table, "timetable")
    assert said == "mo from 23:00 to 07:00 of the next day: at most 32.0 A\nat all other times: at most 8.0 A"


def test_with_the_sun_on_top_of_a_window_the_timetable_says_what_else_may_be_had():
    table, terminal = charger(settings={"exports": "yes", "solar": "window"}, board="metered")
    said = terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable 23:00-07:00 32A")
    assert "at all other times: no ceiling\nso it bounds nothing yet" in said
    assert terminal.ask_all(table, "timetable else 0").endswith("nothing, or what would be fed in")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("timetable mo-fr 23:30-05:30 3A", "below min_ma"),
        ("timetable mo-fr 23:30-05:30", "timetable mo-fr 23:30-05:30 32A"),
        ("timetable mx 23:30-05:30 32A", "no days"),
        ("timetable mo 25:00-05:30 32A", "no time of day"),
        ("timetable mo 05:30-05:30 32A", "ends when it begins"),
        ("timetable mo 05:30-06:30 -1A", "no current"),
        ("timetable sa 00:00-01:00 32A", "overlaps mo-fr from 23:30"),
        ("timetable su 23:00-23:30 off", "no such window"),
        ("timetable else", "timetable else 0"),
        ("need 20kWh", "by 07:00"),
        ("need 20kWh by 7am", "no time of day"),
        ("need 0kWh by 07:00", "no energy"),
        ("need 900kWh by 07:00", "no energy"),
        ("need 20 by 07:00", "no energy"),
        ("need full by 07:00", "how full the car is, no charger is told"),
        ("need 80% by 07:00", "how full the car is, no charger is told"),
        ("timetable mo 23:30 -05:30 32A", "23:30-05:30 32A"),
    ],
)
def test_what_is_no_wish_is_refused_with_what_to_write_and_changes_nothing(line, why):
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable mo-fr 23:30-05:30 32A", "need 5kWh by 08:00")
    before = terminal.ask_all(table, "timetable") + terminal.ask_all(table, "need")
    assert why in terminal.ask_all(table, line)
    assert terminal.ask_all(table, "timetable") + terminal.ask_all(table, "need") == before


def test_a_window_may_be_written_with_room_around_its_dash():
    table, terminal = charger()
    assert "mo from 23:30 to 05:30" in terminal.ask_all(table, "timetable mo 23:30 - 05:30 16A")


def test_a_boost_of_a_charge_that_is_paused_says_that_it_is():
    table, terminal = charger()
    table.live_by_seconds(PLUGGED_MS + 5000)
    terminal.ask_all(table, "pause")
    assert "paused by hand: the button or resume goes on" in terminal.ask_all(table, "boost")
    terminal.ask_all(table, "resume")
    assert "paused by hand" not in terminal.ask_all(table, "boost")


def test_an_hour_that_is_not_todays_is_told_with_its_day():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 20:00", "need 199kWh by 07:00")
    table.live_by_seconds(600000)
    assert "cannot be in time, done by 2026-12-03 " in terminal.ask_all(table, "need")


def test_a_window_is_replaced_by_the_same_with_another_ceiling_and_taken_out_by_off():
    table, terminal = charger()
    terminal.ask_all(table, "timetable daily 23:30-05:30 32A", "timetable daily 23:30-05:30 10A")
    assert terminal.ask_all(table, "timetable").count("10.0 A") == 1
    assert (
        terminal.ask_all(table, "timetable 23:30-05:30 off", "timetable")
        == "no timetable: the car may charge at any time"
    )


@pytest.mark.parametrize(
    ("day", "rule", "minutes"),
    [
        ("2026-03-29", True, {"01:00": 60, "03:00": 30}),  # 02:00 to 03:00 is left out
        ("2026-10-25", True, {"01:00": 60, "02:00": 120, "03:00": 30}),  # it comes twice
        ("2026-10-24", True, {"01:00": 60, "02:00": 60, "03:00": 30}),
    ],
)
def test_minute_by_minute_a_window_is_open_when_the_clock_on_the_wall_says_so_through_both_changes(day, rule, minutes):
    table, terminal = charger(plugged_ms=[])
    for line in ("set summer_min 60", "set summer_begins 3502", "set summer_ends 10502", "save"):
        terminal.ask_all(table, line)
    terminal.ask_all(table, f"time {day} 00:30", "timetable daily 01:00-03:30 16A", "timetable else 0")
    keeper, clock = table.charger.service.wishes, table.charger.service.clock
    opened = {}
    for _ in range(5 * 60):
        table.live_by_seconds(60000)
        wall_min = clock.wall_s() // 60 % 1440
        is_open = keeper.wishes.ceiling_ma > 0
        assert is_open == (60 <= wall_min < 210), wall_min
        if is_open:
            hour = f"{wall_min // 60:02}:00"
            opened[hour] = opened.get(hour, 0) + 1
    assert opened == minutes


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("timetable else 10A",), "the timetable: 10.0 A at any time"),
        (("timetable 23:00-07:00 16A", "timetable else 0"), "the timetable: nothing until 23:00"),
        (("timetable tu 17:00-23:00 16A", "timetable else 0"), "the timetable: nothing until 17:00"),
        (("timetable we 17:00-23:00 16A", "timetable else 0"), "the timetable: nothing until we 17:00"),
        (("timetable mo 17:00-17:30 16A", "timetable else 0"), "the timetable: nothing until mo 17:00"),
    ],
)
def test_why_tells_until_when_the_timetable_holds_with_its_day_where_that_is_not_within_24_hours(lines, why):
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 18:00", *lines)
    table.live_by_seconds(120000)
    assert terminal.ask_all(table, "why").split("\n")[0] == why


# ---- an uncertain clock


def test_after_a_power_cut_the_clock_is_uncertain_says_so_and_the_car_charges():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable mo-fr 23:30-05:30 32A", "timetable else 0")
    table.live_by_seconds(300000)
    assert table.charger.verdict.offer_ma == 0
    table, terminal = charger(table.files)
    table.live_by_seconds(300000)
    assert table.charger.verdict.closed
    assert "the clock is not certain" in terminal.ask_all(table, "status")
    terminal.ask_all(table, f"time {MONDAY} 18:10")
    table.live_by_seconds(60000)
    assert not table.charger.verdict.closed
    assert "until 23:30" in terminal.ask_all(table, "why")


def test_through_a_reset_the_clock_goes_on_and_the_timetable_with_it():
    table, terminal = charger()
    starts = table.module.starts
    starts.begin()
    terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable else 0")
    table.live_by_seconds(7200000)
    table.chip.hard_reset(HARD_RESET)
    table.chip.revive()
    table.chip.us += 3000000
    starts.begin()
    table.restart()
    assert terminal.ask_all(table, "time").startswith("2026-11-30 20:0")
    assert table.charger.service.clock.certain
    table.chip.hard_reset(PWRON_RESET)
    table.chip.revive()
    starts.begin()
    table.restart()
    assert not table.charger.service.clock.certain
    assert "not certain" in terminal.ask_all(table, "time")


def test_utc_is_told_in_the_households_own_zone_and_season():
    table, terminal = charger(plugged_ms=[])
    for line in ("set zone_min 60", "set summer_min 60", "set summer_begins 3502", "set summer_ends 10502", "save"):
        terminal.ask_all(table, line)
    assert terminal.ask_all(table, "time 2026-07-01T10:00:00Z").startswith("2026-07-01 12:00:00, summer time")
    assert terminal.ask_all(table, "time 2026-12-01 10:00Z").startswith("2026-12-01 11:00:00, up")
    assert "no Sunday" in terminal.ask_all(table, "set summer_begins 9999")


@pytest.mark.parametrize("by", ["utc", "reset"])
def test_the_hour_that_comes_twice_is_the_second_one_for_whoever_knows_it(by):
    table, terminal = charger(plugged_ms=[])
    starts = table.module.starts
    starts.begin()
    for line in ("set zone_min 60", "set summer_min 60", "set summer_begins 3502", "set summer_ends 10502", "save"):
        terminal.ask_all(table, line)
    assert terminal.ask_all(table, "time 2026-10-25 00:30Z").startswith("2026-10-25 02:30:00, summer time")
    table.live_by_seconds(3600000)
    assert terminal.ask_all(table, "time").startswith("2026-10-25 02:30:0")
    if by == "utc":
        assert terminal.ask_all(table, "time 2026-10-25 01:30Z").startswith("2026-10-25 02:30:00, up")
    else:
        table.chip.hard_reset(HARD_RESET)
        table.chip.revive()
        starts.begin()
        table.restart()
        assert "summer time" not in terminal.ask_all(table, "time")
    table.live_by_seconds(3600000)
    assert terminal.ask_all(table, "time").startswith("2026-10-25 03:30:0")


# ---- the need


@pytest.mark.parametrize("by", ["02:30", "02:50"])
def test_a_need_that_is_wished_in_the_hour_that_comes_twice_ends_once(by):
    table, terminal = charger()
    for line in ("set zone_min 60", "set summer_min 60", "set summer_begins 3502", "set summer_ends 10502", "save"):
        terminal.ask_all(table, line)
    terminal.ask_all(table, "time 2026-10-25 01:10Z", f"need 40kWh by {by} daily")
    service = table.charger.service
    table.live_by_seconds(300000)
    assert service.clock.standard_s() < service.wishes.due_s
    table.live_by_seconds(3600000)
    kinds = [(record[3], record[4]) for record in service.journal.records()]
    assert kinds.count((events.NEED, MISSED)) == 1


def test_a_need_is_delivered_in_the_window_and_told_then():
    table, terminal = charger()
    terminal.ask_all(
        table,
        f"time {MONDAY} 20:00",
        "timetable 23:00-05:00 16A",
        "timetable else 0",
        "need 10kWh by 07:00",
    )
    table.live_by_seconds(2 * HOUR_MS)
    assert "it fits into the timetable" in terminal.ask_all(table, "need")
    assert table.charger.energy.car_wh() < 300, "no more than a look at what the car draws"
    table.live_by_seconds(9 * HOUR_MS)
    assert table.charger.energy.car_wh() >= 10000
    assert "need delivered: 10.00 kWh" in terminal.ask_all(table, "log")
    assert terminal.ask_all(table, "need") == "no need", "it was for once"


def test_a_daily_need_begins_anew_at_its_hour_and_with_each_plug_in():
    table, terminal = charger(plugged_ms=[[PLUGGED_MS, 5 * HOUR_MS], [6 * HOUR_MS, 1 << 40]])
    terminal.ask_all(table, f"time {MONDAY} 20:00", "need 5kWh by 23:00 daily")
    table.live_by_seconds(2 * HOUR_MS)
    assert "delivered" in terminal.ask_all(table, "need")
    table.live_by_seconds(2 * HOUR_MS)
    assert "missing" in terminal.ask_all(table, "need")
    table.live_by_seconds(2 * HOUR_MS)
    assert "5.00 kWh missing" in terminal.ask_all(table, "need")
    table.live_by_seconds(2 * HOUR_MS)
    assert "delivered" in terminal.ask_all(table, "need")


def test_a_need_that_cannot_be_met_is_told_at_once_with_its_hour_and_does_not_wait():
    table, terminal = charger()
    terminal.ask_all(
        table,
        f"time {MONDAY} 20:00",
        "timetable 23:00-05:00 16A",
        "timetable else 0",
        "need 60kWh by 07:00",
    )
    table.live_by_seconds(600000)
    said = terminal.ask_all(table, "need")
    assert "cannot be in time, done by 12:" in said
    assert table.charger.verdict.closed
    assert "the need will be late" in terminal.ask_all(table, "log")


WINDOW = ("timetable 23:00-05:00 16A", "timetable else 0")


@pytest.mark.parametrize("lines", [(), WINDOW])
@pytest.mark.parametrize("here", [True, False])
def test_the_first_answer_says_already_that_a_need_cannot_be_met_and_when_it_could_be(lines, here):
    table, terminal = charger(plugged_ms=[[PLUGGED_MS, 1 << 40]] if here else [])
    terminal.ask_all(table, f"time {MONDAY} 20:00", *lines)
    table.live_by_seconds(2 * PLUGGED_MS)
    said = terminal.ask(table, "need 150kWh by 07:00")
    assert ("which cannot be in time" if here else "one that came now could not be in time") in said
    assert "not before 2026-12-0" in said, "any car could have it then: the charger's rating"
    assert said.split("\n")[-1] in terminal.ask(table, "status")
    assert "charges now" not in said


def test_once_it_is_known_what_the_car_draws_the_first_answer_tells_the_hour_at_which_a_late_need_will_be_done():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 20:00", "timetable 20:00-05:00 16A")
    table.live_by_seconds(300000)
    assert "60.00 kWh missing, which cannot be in time, done by 12:" in terminal.ask(table, "need 60kWh by 07:00")
    assert "done by 01:" in terminal.ask(table, "need 20kWh by 07:00")
    assert "it fits into the timetable" in terminal.ask(table, "need")
    terminal.ask_all(table, "timetable off")
    assert "it fits" not in terminal.ask(table, "need"), "there is none"
    assert "cannot be in time, done by 2026-12-01 2" in terminal.ask(table, "need 100kWh by 07:00")
    terminal.ask_all(table, "pause")
    assert terminal.ask(table, "need").endswith(" if it went on now; it is paused by hand")


def test_when_the_clock_is_set_or_the_timetable_changed_the_next_answer_is_of_that_already():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 20:00", *WINDOW, "need 20kWh by 07:00")
    table.live_by_seconds(300000)
    assert "it fits into the timetable" in terminal.ask(table, "need")
    terminal.ask_all(table, "time 2026-12-01 04:00")
    assert "cannot be in time" in terminal.ask(table, "need")
    terminal.ask_all(table, f"time {MONDAY} 20:10")
    assert "cannot be in time" not in terminal.ask(table, "need"), "the clock was put back before the hour again"
    terminal.ask_all(table, "timetable 23:00-05:00 off", "timetable 05:00-06:00 16A")
    assert "the windows alone do not suffice" in terminal.ask(table, "need")


def test_a_clock_that_is_put_back_leaves_the_need_due_at_its_next_hour():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 06:00", "need 90kWh by 07:00 daily", f"time {MONDAY} 08:00")
    table.live_by_seconds(60000)
    terminal.ask_all(table, f"time {MONDAY} 06:00")
    table.live_by_seconds(60000)
    assert table.charger.service.wishes.wishes.left_min <= 60


def test_a_need_whose_hour_passed_while_the_clock_was_wrong_is_over_and_told_to_be_missed():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 06:00", "need 90kWh by 07:00")
    table.live_by_seconds(120000)
    terminal.ask_all(table, f"time {MONDAY} 09:00")
    assert terminal.ask(table, "need") == "no need"
    assert "need not delivered in time" in terminal.ask(table, "log")


def test_a_need_is_due_at_its_hour_on_the_wall_also_when_a_rule_of_summer_time_is_saved_before_it():
    table, terminal = charger()
    terminal.ask_all(table, "time 2026-07-29 18:00", "need 90kWh by 19:00 daily")
    table.live_by_seconds(120000)
    terminal.ask_all(table, "profile nl", "save")
    table.live_by_seconds(120000)
    assert 50 <= table.charger.service.wishes.wishes.left_min <= 57


def test_a_need_that_is_changed_while_it_is_under_way_goes_on_with_its_count_and_says_so():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 20:00", "need 10kWh by 07:00")
    table.live_by_seconds(HOUR_MS)
    said = terminal.ask(table, "need 12kWh by 06:00")
    assert "kWh of it are delivered: it goes on with the count of the need before; need off first" in said
    assert "need 12.00 kWh by 06:00: 8." in said
    assert "need 10.00 kWh by 07:00: 6." in terminal.ask(table, "need 10kWh by 07:00"), (
        "the same once more changes nothing"
    )
    terminal.ask(table, "need off")
    said = terminal.ask(table, "need 10kWh by 07:00")
    assert "need 10.00 kWh by 07:00: 10.00 kWh missing" in said
    assert "count" not in said


def test_a_need_that_is_wished_when_the_one_before_is_delivered_counts_from_now():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 20:00", "need 2kWh by 07:00")
    table.live_by_seconds(HOUR_MS)
    assert "delivered" in terminal.ask(table, "need")
    assert "need 2.00 kWh by 07:00: 2.00 kWh missing" in terminal.ask(table, "need 2kWh by 07:00")


def test_no_hour_is_told_of_a_late_need_while_the_car_has_drawn_nothing():
    assert wish_commands.happened(1, 0, 0, 20000, 0) == "the need will be late: 20.00 kWh missing"
    assert wish_commands.happened(1, 0, 0, 20000, 125) == "the need will be late: 20.00 kWh missing, done in 2:05 h"


def test_a_need_outlives_a_power_cut_with_what_was_delivered():
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 20:00", "need 10kWh by 07:00 daily")
    table.live_by_seconds(HOUR_MS)
    table, terminal = charger(table.files, plugged_ms=[[0, 1 << 40]])
    table.live_by_seconds(30000)
    said = terminal.ask_all(table, "need")
    assert said.startswith("need 10.00 kWh by 07:00, daily: 6.")


# ---- start delay, button, cost


def test_a_start_delay_is_up_to_what_was_set_differs_by_chance_and_a_boost_skips_it_for_one_charge():
    waits = set()
    for house_ma in range(2000, 2040, 2):
        terminal = Terminal()
        table = Table(
            [(0, house_ma, 0, 0)],
            port=terminal,
            fidelity="rms",
            car_ma=16000,
            settings={"start_delay_s": 600},
            plugged_ms=[[5000, 1 << 40]],
        )
        table.live(7000)
        waits.add(table.charger.service.wishes.wishes.wait_ms)
    assert len(waits) >= 15
    assert max(waits) <= 600000
    assert max(waits) > 300000
    assert min(waits) < 300000
    terminal.ask_all(table, "boost")
    table.live_by_seconds(120000)
    assert table.charger.verdict.closed


def rows(page, after):
    """The cells of the first table behind a line of a page, by its first column."""
    lines = (ROOT / "tools" / "readme" / page).read_text().split(after)[1].split("\n\n")[1].split("\n")
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: dict(zip(cells[0][1:], row[1:], strict=True)) for row in cells[2:]}


FROM_HERE = rows("lamp-and-button.md", "From each state")
PRESSES = {"one press": (200,), "two presses": (200, 200, 200), "a long press": (3200,)}


def state_of(table):
    """In the words of the page's table."""
    if not table.charger.readings.pilot_high_mv < 10000:
        return "boost of the next car" if table.charger.service.boost.on() else "no car"
    words = ["paused"] * table.charger.held() + ["boost"] * table.charger.service.boost.on()
    return " ".join(words) or "charge"


@pytest.mark.parametrize("press_name", PRESSES)
@pytest.mark.parametrize("state", FROM_HERE)
def test_from_each_state_the_button_leads_where_the_page_says(state, press_name):
    away = state in ("no car", "boost of the next car")
    table, terminal = charger(plugged_ms=[] if away else [[PLUGGED_MS, 1 << 40]])
    table.chip.levels[table.module.board.BUTTON_PIN] = 1
    table.live_by_seconds(120000)
    for line in ("boost",) * ("boost" in state) + ("pause",) * ("paused" in state):
        terminal.ask(table, line)
    assert state_of(table) == state
    table.press(*PRESSES[press_name])
    table.live_by_seconds(30000)
    wanted = FROM_HERE[state][press_name]
    assert state_of(table) == (state if wanted == "the same" else wanted)
    assert table.charger.verdict.closed == (not away and not table.charger.held())


def test_the_pages_table_of_the_button_has_every_state_and_every_press():
    assert list(FROM_HERE) == ["no car", "boost of the next car", "charge", "boost", "paused", "paused boost"]
    assert all(list(row) == list(PRESSES) for row in FROM_HERE.values())


def test_a_boost_for_two_hours_that_was_paused_goes_on_for_what_is_left_of_them():
    table, terminal = charger()
    table.chip.levels[table.module.board.BUTTON_PIN] = 1
    table.live_by_seconds(120000)
    terminal.ask_all(table, "boost 2", "pause")
    table.press(200, 200, 200)
    assert 0 < table.charger.service.boost.left_ms < 2 * HOUR_MS


def test_one_press_pauses_and_resumes_two_boost_and_end_the_boost():
    table, terminal = charger()
    table.chip.levels[table.module.board.BUTTON_PIN] = 1
    terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable else 0")
    table.live_by_seconds(120000)
    assert not table.charger.verdict.closed
    table.press(200, 200, 200)
    table.live_by_seconds(120000)
    assert table.charger.verdict.closed
    assert "boosted by the button" in terminal.ask_all(table, "log")
    table.press(200)
    table.live_by_seconds(20000)
    assert not table.charger.verdict.closed
    assert "stopped by hand" in terminal.ask_all(table, "why")
    table.press(200)
    table.live_by_seconds(120000)
    assert table.charger.verdict.closed, "the boost outlived the pause"
    table.press(200, 200, 200)
    table.live_by_seconds(20000)
    assert not table.charger.verdict.closed
    assert "the button ends the boost" in terminal.ask_all(table, "log")


def test_two_presses_while_paused_let_it_go_on_boosted():
    table, terminal = charger()
    table.chip.levels[table.module.board.BUTTON_PIN] = 1
    terminal.ask_all(table, "mode slow")
    table.live_by_seconds(120000)
    terminal.ask_all(table, "pause")
    table.live_by_seconds(30000)
    table.press(200, 200, 200)
    table.live_by_seconds(120000)
    assert table.charger.verdict.offer_ma > 15000


def test_the_households_that_wish_nothing_keep_nothing_of_it():
    table, _ = charger()
    table.live_by_seconds(60000)
    assert table.charger.service.wishes is None
    assert table.charger.more == []


def test_a_need_does_not_inherit_the_pace_of_one_that_was_given_up_hours_ago():
    table, terminal = charger()
    terminal.ask_all(
        table, f"time {MONDAY} 18:00", "timetable 23:00-05:00 16A", "timetable else 0", "need 30kWh by 07:00"
    )
    table.live_by_seconds(600000)
    terminal.ask(table, "need off")
    table.live_by_seconds(2 * HOUR_MS)
    assert "cannot be in time" not in terminal.ask(table, "need 22kWh by 07:00", 15000)
    for _ in range(20):
        table.live_by_seconds(60000)
        assert "cannot be in time" not in terminal.ask(table, "need")


def test_a_car_that_lets_a_low_offer_lie_is_told_by_name_whatever_made_the_offer_low():
    for lines in (("timetable else 6A",), ("set household_ma 7A", "save")):
        table, terminal = charger(car="needs-10", board="reference")
        terminal.ask_all(table, f"time {MONDAY} 18:00", *lines)
        table.live_by_seconds(PLUGGED_MS + 20000)
        assert "takes nothing" not in terminal.ask_all(table, "status"), "it may be on its way"
        table.live_by_seconds(300000)
        assert "the car takes nothing of" in terminal.ask_all(table, "status")
    table, terminal = charger()
    terminal.ask_all(table, f"time {MONDAY} 18:00", "timetable else 6A")
    table.live_by_seconds(400000)
    assert "takes nothing" not in terminal.ask_all(table, "status")
