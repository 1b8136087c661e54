"""What the service remembers, what it does without, and what it says then."""

import sys

from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.record import events
from headroom.serve.answers.calendar import parsed, written
from headroom.serve.clock import Clock
from headroom.serve.console.pin import FREE_TRIES, Pin, wait_ms
from headroom.serve.store import journal
from headroom.serve.store.journal import Journal
from headroom.serve.store.store import RETRY_MS
from headroom.terms.refused import Refused

LOWEST = (6000, 6000)


class Deaf(RamFiles):
    """A volume on which nothing can be opened."""

    def open(self, path, mode):
        raise OSError(84, path)


def boot(files, terminal=None, **scenario):
    """A charger that boots on these files."""
    return Table([(0, 3000, 0, 0)], port=terminal, files=files, fidelity="rms", **scenario)


def ratings(table):
    return table.charger.limits.breaker_ma, table.charger.limits.charger_ma


def test_a_new_charger_has_the_lowest_ratings_and_complains_of_nothing():
    terminal = Terminal()
    table = boot(RamFiles(), terminal)
    assert ratings(table) == LOWEST
    assert "read" not in terminal.ask(table, "why")


def test_a_charger_that_was_never_set_up_says_so_until_something_is_saved():
    terminal = Terminal()
    table = boot(RamFiles(), terminal)
    assert "not set up: breaker_ma and charger_ma are 6 A" in terminal.ask(table, "status")
    terminal.ask(table, "set breaker_ma 20A")
    assert "saved: breaker_ma = 20 A" in terminal.ask(table, "save", 5000)
    assert "not set up" not in terminal.ask(table, "status")
    assert "not set up" not in terminal.ask(boot(table.files, terminal), "status")


def test_a_save_behind_the_pin_names_what_blocks_it():
    terminal = Terminal()
    table = boot(None, terminal)
    for line in ("set breaker_ma 20A", "set min_ma 7A", "pin 1234 1234", "lock"):
        terminal.ask(table, line)
    told = "breaker_ma is the installer's to change: unlock PIN and save, or undo drops it all"
    assert terminal.ask(table, "save") == told
    assert ratings(table)[0] == 25000


def test_saved_is_said_when_a_power_cut_can_no_longer_take_it_back():
    terminal = Terminal()
    table = boot(None, terminal)
    table.live(5000)
    terminal.ask(table, "set breaker_ma 16A")
    terminal.text()
    terminal.send(b"save\r")
    while b"saved" not in terminal.received:
        table.tick()
    assert boot(table.files).charger.limits.breaker_ma == 16000
    terminal.ask(table, "set breaker_ma 10A")
    terminal.text()
    terminal.send(b"save\r")
    while boot(table.files).charger.limits.breaker_ma != 10000:
        table.tick()
        assert b"saved" not in terminal.received


def test_unreadable_settings_mean_the_lowest_ratings_a_notice_and_a_console_that_works():
    for spoil in (lambda name: b"", lambda name: b"HDRM" + bytes(40), lambda name: bytes(5000)):
        terminal = Terminal()
        files = boot(None).files
        for name in files.files:
            files.files[name] = spoil(name)
        table = boot(files, terminal)
        assert ratings(table) == LOWEST
        assert "cannot be read" in terminal.ask(table, "status")
        assert "could not be read" in terminal.ask(table, "log")
        terminal.ask(table, "set breaker_ma 20A")
        terminal.ask(table, "save", 5000)
        assert "cannot be read" not in terminal.ask(table, "why")
        assert boot(files).charger.limits.breaker_ma == 20000


def test_a_dead_volume_means_the_lowest_ratings_and_a_console_that_works():
    terminal = Terminal()
    table = boot(Deaf(), terminal)
    assert ratings(table) == LOWEST
    table.live(70000)
    why = terminal.ask(table, "why")
    assert "cannot be read" in why
    assert "cannot be written (error 84)" in why


def test_a_volume_that_refuses_costs_no_collection_while_the_store_waits():
    table = boot(Deaf(), Terminal())
    table.charger.settings.values["status_ms"] = 0
    table.live(5000)
    collections = []

    class Collector:
        @staticmethod
        def collect():
            collections.append(table.world.t_ms)

    service = sys.modules["headroom.serve.console.service"]
    gc = service.gc
    service.gc = Collector
    try:
        table.live(60000)
    finally:
        service.gc = gc
    assert 1 <= len(collections) <= 60000 // RETRY_MS + 1


def test_a_full_volume_changes_nothing_but_memory_and_says_so():
    terminal = Terminal()
    table = boot(None, terminal)
    table.files.full = True
    terminal.ask(table, "set breaker_ma 20A")
    terminal.ask(table, "save", 5000)
    assert table.charger.limits.breaker_ma == 20000
    assert "cannot be written (error 28)" in terminal.ask(table, "status")
    table.files.full = False
    table.live(70000)
    assert "cannot be written" not in terminal.ask(table, "status")
    assert boot(table.files).charger.limits.breaker_ma == 20000


def test_a_stored_rating_above_the_boards_own_is_not_taken():
    terminal = Terminal()
    table = boot(None, terminal)
    table.charger.settings.ceilings = {}
    for line in ("set breaker_ma 125A", "save"):
        terminal.ask(table, line)
    again = boot(table.files, terminal)
    assert again.charger.limits.breaker_ma == 6000
    assert "breaker_ma is not allowed" in terminal.ask(again, "why")


def test_after_save_no_copy_of_the_old_ratings_is_left():
    terminal = Terminal()
    table = boot(None, terminal)
    for line in ("set breaker_ma 16A", "save"):
        terminal.ask(table, line)
    for name in ("data/settings.0", "data/settings.1"):
        one = RamFiles()
        one.files = {name: table.files.files[name]}
        assert boot(one).charger.limits.breaker_ma == 16000


def test_save_gives_the_prompt_back_when_the_flash_has_it():
    terminal = Terminal()
    table = boot(None, terminal)
    terminal.ask(table, "set breaker_ma 16A")
    terminal.send(b"save\r")
    terminal.text()
    for _ in range(200):
        table.charger.tick()
        if bytes(terminal.received).endswith(b"\n> "):
            break
    assert "saved: breaker_ma = 16 A" in terminal.text()
    assert boot(table.files).charger.limits.breaker_ma == 16000


def test_save_onto_a_flash_that_refuses_says_so():
    terminal = Terminal()
    table = boot(Deaf(), terminal)
    terminal.ask(table, "set household_ma 10A")
    assert "in force, not saved: household_ma = 10 A" in terminal.ask(table, "save")


def test_the_log_tells_what_a_save_changed_and_how_much_else():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[])
    for line in (
        "set idle_ma 200",
        "set min_ma 8A",
        "set breaker_ma 16A",
        "save",
        "set min_ma 7A",
        "save",
        "mode slow",
    ):
        terminal.ask(table, line)
    told = [line.split("  ")[1] for line in terminal.ask(table, "log 3").split("\n")]
    assert told == [
        "settings changed: breaker_ma 25 A -> 16 A, and 2 more",
        "settings changed: min_ma 8 A -> 7 A",
        "settings changed: mode normal -> slow",
    ]


def test_a_save_that_a_firmware_with_another_table_noted_is_told_without_its_setting():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[])
    for place, mark in ((1, 0), (200, 0)):
        table.charger.service.journal.add(events.SAVED, place, mark)
        assert terminal.ask(table, "log 1").endswith("  settings changed")


def test_the_journal_tells_a_session_and_outlives_a_reset():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[[5000, 60000]])
    table.live(200000)
    log = terminal.ask(table, "log")
    for words in ("started after power-on", "plugged", "charging", "idle"):
        assert words in log, log
    table = boot(table.files, terminal)
    log = terminal.ask(table, "log")
    assert "boot 1 + 00:00:05  plugged" in log
    assert "boot 2 + 00:00:00  started after power-on" in log


def test_a_fault_is_in_the_flash_within_seconds():
    table = boot(None)
    table.live(45000)
    table.world.residual.leak = True
    table.live(12000)
    assert table.charger.verdict.fault
    terminal = Terminal()
    again = boot(table.files, terminal)
    assert "fault: residual current" in terminal.ask(again, "log")


def test_nothing_is_written_while_the_contactor_is_on_its_way():
    table = boot(None)
    service = table.charger.service
    service.store.put("settings", b"x")
    readings, verdict = table.charger.readings, table.charger.verdict
    verdict.closed, readings.contactor_closed = False, True
    for _ in range(10):
        table.charger.serve(25)
    assert service.store.busy()
    readings.contactor_closed = False
    for _ in range(10):
        table.charger.serve(25)
    assert not service.store.busy()


def test_a_contactor_that_is_welded_does_not_keep_its_fault_from_being_written():
    table = boot(None)
    service = table.charger.service
    service.store.put("settings", b"x")
    readings, verdict = table.charger.readings, table.charger.verdict
    verdict.closed, readings.contactor_closed = False, True
    for _ in range(60):
        table.charger.serve(25)
    assert not service.store.busy()


def test_a_start_is_remembered_within_seconds():
    table = boot(None)
    service = table.charger.service
    for _ in range(120):
        table.charger.serve(25)
    assert not service.journal.changed
    assert not service.store.busy()


def test_the_log_tells_a_wait_in_a_whole_sentence():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[[20000, 1 << 30]])
    table.live(25000)
    told = terminal.ask(table, "log 1")
    assert told.endswith("  plugged: waiting to see whether 22.0 A on L1 stays free"), told


def test_the_journal_is_a_ring_that_keeps_the_newest():
    ring = Journal(Clock())
    for number in range(journal.SHARE + 10):
        ring.add(events.SAVED, number % 200)
    codes = [record[4] for record in ring.records()]
    assert len(codes) == journal.SHARE
    assert codes[0] == 10
    assert codes[-1] == journal.SHARE + 9
    assert [record[4] for record in ring.records(2)] == codes[-2:]


def test_a_journal_of_another_size_is_left_alone():
    ring = Journal(Clock())
    ring.load(b"short")
    assert ring.count() == 0


def test_the_installers_settings_are_behind_the_pin():
    terminal = Terminal()
    table = boot(None, terminal)
    assert "no PIN is set" in terminal.ask(table, "status")
    assert "no PIN is set" not in terminal.ask(table, "status"), "once a start is enough"
    for line in ("pin 1234 1234", "lock"):
        terminal.ask(table, line)
    assert "unlock PIN" in terminal.ask(table, "set breaker_ma 20A")
    assert "save or undo" in terminal.ask(table, "set status_ms 0s") or table.charger.settings.values["status_ms"] == 0
    assert terminal.ask(table, "unlock 1111") == "wrong PIN"
    assert "open" in terminal.ask(table, "unlock 1234")
    assert "save or undo" in terminal.ask(table, "set breaker_ma 20A")
    table.live(601000)
    assert "unlock PIN" in terminal.ask(table, "save")
    assert table.charger.limits.breaker_ma == 25000


def test_a_new_pin_tells_that_the_installers_settings_stay_open_and_until_when():
    terminal = Terminal()
    table = boot(None, terminal)
    still_open = "the installer's settings are open for 10 minutes, or until lock"
    assert terminal.ask(table, "pin 1234 1234") == "the PIN is changed and saved; " + still_open
    assert "save or undo" in terminal.ask(table, "set breaker_ma 20A")
    assert terminal.ask(table, "lock") == "locked"
    assert terminal.ask(table, "unlock 1234") == still_open
    table.live(590000)
    assert "save or undo" in terminal.ask(table, "set breaker_ma 16A")
    table.live(10000)
    assert "unlock PIN" in terminal.ask(table, "set breaker_ma 16A")


def test_a_wrong_pin_closes_what_was_open():
    terminal = Terminal()
    table = boot(None, terminal)
    terminal.ask(table, "pin 1234 1234")
    assert "save or undo" in terminal.ask(table, "set breaker_ma 20A")
    assert terminal.ask(table, "unlock 1111") == "wrong PIN; the settings are closed"
    assert "unlock PIN" in terminal.ask(table, "save")
    assert terminal.ask(table, "unlock 1111") == "wrong PIN"


def test_wrong_pins_cost_a_wait_that_doubles_and_outlives_a_reset():
    assert [wait_ms(tries) for tries in range(FREE_TRIES + 3)] == [0] * FREE_TRIES + [10000, 20000, 40000]
    assert wait_ms(255) == 3600000
    terminal = Terminal()
    table = boot(None, terminal)
    terminal.ask(table, "pin 1234 1234")
    for _ in range(FREE_TRIES):
        answer = terminal.ask(table, "unlock 0000", 1000)
    assert "wait 10 s" in answer
    assert "too many" in terminal.ask(table, "unlock 1234", 1000)
    again = boot(table.files, terminal)
    assert "too many" in terminal.ask(again, "unlock 1234", 1000)
    again.live(10000)
    assert "open" in terminal.ask(again, "unlock 1234")


def test_a_pin_that_cannot_be_read_leaves_the_installers_settings_closed_until_it_is_removed():
    terminal = Terminal()
    table = boot(None, terminal)
    terminal.ask(table, "pin 1234 1234")
    files = table.files
    for name in ("data/pin.0", "data/pin.1"):
        files.files[name] = files.files[name][:-1]
    again = boot(files, terminal)
    for line in ("set breaker_ma 20A", "pin 4321 4321", "unlock 1234", "unlock", "why"):
        assert "PIN cannot be read" in terminal.ask(again, line), line
    assert "save or undo" in terminal.ask(again, "set min_ma 7A")
    assert ":/data/pin.0" in terminal.ask(again, "help pin")
    for name in ("data/pin.0", "data/pin.1"):
        del files.files[name]
    assert "save or undo" in terminal.ask(boot(files, terminal), "set breaker_ma 20A")


def test_slow_is_the_cars_minimum_until_normal_and_outlives_a_reset():
    terminal = Terminal()
    table = boot(None, terminal)
    table.live(45000)
    assert table.charger.verdict.offer_ma > 15000
    terminal.ask(table, "set breaker_ma 20A")
    assert terminal.ask(table, "mode slow") == "mode slow; saved"
    assert table.charger.limits.breaker_ma == 25000, "what was staged stays staged"
    assert table.charger.verdict.offer_ma == 6000
    assert "mode slow: the car's minimum, 6.0 A" in terminal.ask(table, "why")
    again = boot(table.files, terminal)
    again.live(45000)
    assert again.charger.verdict.offer_ma == 6000
    terminal.ask(again, "mode normal", 20000)
    assert again.charger.verdict.offer_ma > 15000
    assert "not one of normal, slow" in terminal.ask(again, "mode fast")


def test_boost_ignores_the_households_wishes_until_the_car_leaves():
    terminal = Terminal()
    table = boot(
        None, terminal, settings={"household_ma": 8000, "mode": "slow"}, plugged_ms=[[0, 120000], [150000, 1 << 30]]
    )
    table.live(60000)
    assert table.charger.verdict.offer_ma == 6000
    assert "until the car leaves" in terminal.ask(table, "boost", 20000)
    assert table.charger.verdict.offer_ma > 15000
    assert "boost until the car leaves" in terminal.ask(table, "why")
    table.live(120000)
    assert table.charger.verdict.offer_ma == 6000
    assert "boost" not in terminal.ask(table, "why")


def test_a_boost_of_hours_ends_with_them_and_at_once_when_told():
    terminal = Terminal()
    table = boot(None, terminal, settings={"household_ma": 8000})
    terminal.ask(table, "boost 1")
    table.scan.step_ms = 500
    table.live(3500000)
    assert table.charger.verdict.offer_ma > 15000
    table.live(110000)
    assert table.charger.verdict.offer_ma == 8000
    terminal.ask(table, "boost 24", 3000)
    assert terminal.ask(table, "boost off") == "no boost"
    assert table.charger.limits.household_ma == 8000
    for line in ("boost 0", "boost 25", "boost x", "boost 1 2", "boost 99999999999999"):
        assert "1 to 24" in terminal.ask(table, line)


def test_a_boost_tells_that_a_restart_ends_it_and_after_one_there_is_none():
    terminal = Terminal()
    table = boot(None, terminal, settings={"household_ma": 8000})
    table.live(5000)
    for line in ("boost 3", "boost", "status", "why"):
        assert ", or until a restart: the household's own" in terminal.ask(table, line), line
    again = boot(table.files, terminal)
    assert "boost" not in terminal.ask(again, "status") + terminal.ask(again, "why") + terminal.ask(again, "mode")
    assert again.charger.limits.household_ma == 8000


def test_without_a_car_boost_tells_that_it_holds_for_the_next_one_and_does():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[[30000, 60000]])
    table.live(1000)
    none = "; no car now: it holds for the next one"
    hours = terminal.ask(table, "boost 3")
    assert hours.startswith("boost for 03:00:00")
    assert hours.endswith(none)
    told = terminal.ask(table, "boost")
    assert told.startswith("boost until the next car leaves")
    assert told.endswith(none)
    table.live(40000)
    assert "boost until the car leaves" in terminal.ask(table, "status")
    assert none not in terminal.ask(table, "boost")
    table.live(20000)
    assert terminal.ask(table, "boost off") == "no boost"


def test_a_boost_begun_after_the_car_has_left_waits_for_the_next_one():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[[0, 20000]])
    table.live(5000)
    for line in ("boost", "boost 3"):
        terminal.ask(table, line)
    table.live(20000)
    assert "the next car" in terminal.ask(table, "boost")
    assert "boost until the next car leaves" in terminal.ask(table, "status")


def test_boost_never_touches_breaker_tariff_or_the_chargers_rating():
    terminal = Terminal()
    table = boot(None, terminal, settings={"household_ma": 8000, "cap_w": 5000, "mode": "slow"})
    before = dict(table.charger.limits.__dict__)
    terminal.ask(table, "boost")
    after = table.charger.limits.__dict__
    assert {name for name in after if after[name] != before[name]} == {"household_ma", "slow"}


def test_a_start_without_a_car_is_no_session():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[])
    table.live(10000)
    assert "plugged" not in terminal.ask(table, "log")


def test_a_pin_is_digits():
    pin = Pin()
    for text in ("", "123", "12a4", "1" * 13):
        try:
            pin.made(text)
        except Refused:
            continue
        raise AssertionError("taken: " + text)


def test_the_clock_is_told_and_written():
    assert written(parsed("2020-01-01 00:00")) == "2020-01-01 00:00:00"
    for text in ("2024-02-29 23:59:59", "2026-11-24 19:12:03", "2053-12-31 00:00:00"):
        assert written(parsed(text)) == text
        assert parsed(text) < 1 << 30
    for text in (
        "",
        "noon",
        "2026-13-01 00:00",
        "2025-02-29 00:00",
        "2026-11-24",
        "2026-11-24 24:00",
        "1999-01-01 00:00",
    ):
        assert parsed(text) is None, text


def test_the_log_tells_the_wall_time_once_it_is_known():
    terminal = Terminal()
    table = boot(None, terminal)
    terminal.ask(table, "time 2026-11-24 19:12")
    table.charger.service.journal.add(events.SAVED, 0)
    assert "2026-11-24 19:12:03  settings changed" in terminal.ask(table, "log 1")


def test_a_fault_that_only_a_person_clears_is_cleared_once_its_cause_is_gone():
    terminal = Terminal()
    table = boot(None, terminal)
    assert terminal.ask(table, "clear") == "there is no fault"
    table.live(45000)
    table.world.residual.leak = True
    table.live(1000)
    assert terminal.ask(table, "clear").startswith("still there")
    for command in ("status", "why"):
        assert "residual current: unplug; have car and cable checked; then clear it by hand" in terminal.ask(
            table, command
        )
    table.world.residual.leak = False
    table.live(5000)
    assert terminal.ask(table, "clear") == "cleared: residual current; raised again if its cause shows again"
    assert "  cleared by hand: residual current" in terminal.ask(table, "log 3")


def test_a_fault_whose_cause_is_gone_too_short_a_time_is_not_cleared_and_clear_says_how_long_that_lasts():
    terminal = Terminal()
    table = boot(None, terminal)
    table.live(45000)
    table.world.circuit.short_ohm = 0
    table.live(1000)
    table.world.circuit.short_ohm = None
    table.live(10000)
    answer = terminal.ask(table, "clear")
    assert answer == "still there for 20 s at least: pilot shorted to earth; its cause is gone, and has to stay so"
    table.live(20000)
    assert terminal.ask(table, "clear") == "there is no fault"


def test_pause_stops_the_charge_and_resume_takes_it_up_again():
    terminal = Terminal()
    table = boot(None, terminal)
    table.live(45000)
    assert table.charger.verdict.closed
    assert "paused" in terminal.ask(table, "pause", 12000)
    assert not table.charger.verdict.closed
    table.live(120000)
    assert not table.charger.verdict.closed
    terminal.ask(table, "resume", 60000)
    assert table.charger.verdict.closed
    assert "stopped by" in terminal.ask(table, "log")


def test_without_a_car_pause_and_resume_tell_what_happens_to_the_next_one():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[[20000, 90000], [100000, 1 << 30]])
    table.live(1000)
    none = "; no car now: it holds for the next one"
    assert terminal.ask(table, "resume") == "nothing was paused; no car now: the next one may charge"
    assert terminal.ask(table, "pause").endswith("or until the car is unplugged" + none)
    assert "paused: the next car waits until resume" in terminal.ask(table, "status")
    assert terminal.ask(table, "resume") == "going on; no car now: the next one may charge"
    assert "paused" not in terminal.ask(table, "status")
    assert terminal.ask(table, "pause").endswith(none)
    table.live(50000)
    assert "stopped by hand" in terminal.ask(table, "why")
    assert not table.charger.verdict.closed
    assert terminal.ask(table, "pause") == "paused until resume, or until the car is unplugged"
    table.live(60000)
    assert table.charger.verdict.closed, "unplugging takes it back"
    assert terminal.ask(table, "resume") == "nothing was paused"
    terminal.ask(table, "pause")
    assert terminal.ask(table, "resume") == "going on"


def test_a_pause_outlives_restarts_until_resume_or_until_the_car_is_unplugged():
    for ends in ("resume", "unplugged"):
        terminal = Terminal()
        table = boot(None, terminal)
        terminal.ask(table, "pause", 1000)
        for _ in range(2):
            table = boot(table.files, terminal, plugged_ms=[[0, 70000], [75000, 1 << 40]])
            table.live(60000)
            assert not table.charger.verdict.closed
            assert "stopped by hand" in terminal.ask(table, "why")
        if ends == "resume":
            assert terminal.ask(table, "resume") == "going on"
            table.live(1000)
        else:
            table.live(20000)
            table = boot(table.files, terminal)
        table.live(60000)
        assert table.charger.verdict.closed
        again = boot(table.files)
        again.live(60000)
        assert again.charger.verdict.closed


def test_a_pause_that_waits_for_the_next_car_outlives_a_restart_too():
    for pressed in (False, True):
        terminal = Terminal()
        table = boot(None, terminal, plugged_ms=[])
        if pressed:
            terminal.ask(table, "pause", 1000)
        again = boot(table.files, terminal, plugged_ms=[[20000, 1 << 40]])
        assert ("paused: the next car waits" in terminal.ask(again, "status", 5000)) is pressed
        again.live(80000)
        assert again.charger.verdict.closed is not pressed


def test_resume_counts_also_while_the_pilot_was_not_seen_since_the_start():
    terminal = Terminal()
    table = boot(None, terminal)
    terminal.ask(table, "pause", 1000)
    again = boot(table.files, terminal)
    again.world.circuit.short_ohm = 0
    again.live(2000)
    terminal.ask(again, "resume")
    again.world.circuit.short_ohm = None
    again.live(120000)
    assert again.charger.verdict.closed


def test_a_car_that_waits_is_told_how_much_longer_and_is_offered_current_when_that_is_over():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[[20000, 1 << 30]])
    table.live(10000)
    table.world.house_ma = (24000, 0, 0)
    table.live(15000)
    assert terminal.ask(table, "why").startswith("waiting: 1.0 A free on L1, the car needs 6.0 A\n")
    table.world.house_ma = (3000, 0, 0)
    table.live(10000)
    for command in ("why", "status"):
        first = terminal.ask(table, command).split("\n")[0]
        told, left_s = first.split(" stays free, ")
        assert "waiting to see whether 22.0 A on L1" in told
        assert left_s.endswith(" s more")
    table.live((int(left_s.split()[0]) - 5) * 1000)  # three of them passed while it answered
    assert table.charger.verdict.offer_ma == 0
    table.live(4000)
    assert table.charger.verdict.offer_ma > 0


def test_a_reason_with_the_figures_of_a_moment_tells_how_long_ago_that_was_and_a_standing_one_does_not():
    terminal = Terminal()
    table = boot(None, terminal, breaker_ma=20000, car_ma=16000)
    table.live(60000)
    assert terminal.ask(table, "why").split("\n")[0] == "the charger's own limit, 16.0 A"
    table.world.house_ma = (10000, 0, 0)
    table.live(30000)
    for command in ("why", "status"):
        first = terminal.ask(table, command).split("\n")[0]
        assert "rise on L1: 26.0 A > 20.0 A, 00:00:3" in first, first
        assert first.endswith(" ago")


def test_the_self_test_is_told_and_done_anew():
    terminal = Terminal()
    table = boot(None, terminal)
    table.live(45000)
    assert terminal.ask(table, "selftest") == "residual current module: passed"
    assert table.charger.verdict.closed, "a test never interrupts a charge"
    terminal.ask(table, "pause", 12000)
    table.world.residual.deaf = True
    terminal.ask(table, "selftest")
    terminal.ask(table, "resume", 60000)
    assert not table.charger.verdict.closed
    assert terminal.ask(table, "selftest") == "residual current module: FAILED"


def test_after_the_car_left_the_self_test_is_told_to_come_before_the_next_charge():
    terminal = Terminal()
    table = boot(None, terminal, plugged_ms=[[0, 45000]])
    table.live(60000)
    assert terminal.ask(table, "selftest") == "residual current module: tested before the next charge"


def test_of_several_faults_each_is_told_with_what_to_do_the_worst_first():
    terminal = Terminal()
    table = boot(None, terminal)
    table.live(45000)
    table.world.residual.leak = table.world.earth_lost = True
    table.live(1000)
    status = terminal.ask(table, "status")
    earth, residual = status.index("do not touch the car"), status.index("have car and cable checked")
    assert earth < residual


def after_a_leak(terminal):
    """A charger that was charging when current leaked to earth, ten seconds later."""
    table = boot(None, terminal)
    table.live(45000)
    table.world.residual.leak = True
    table.live(10000)
    return table


def test_the_black_box_is_in_the_log():
    terminal = Terminal()
    table = boot(None, terminal)
    assert "no fault" in terminal.ask(table, "log box")
    table.live(45000)
    table.world.residual.leak = True
    table.live(10000)
    lines = terminal.ask(table, "log box", 10000).split("\n")
    assert "residual current" in lines[0]
    columns = lines[1].split()
    rows = [dict(zip(columns, line.split())) for line in lines[2:-1]]  # noqa: B905
    assert (rows[0]["closed"], rows[-1]["closed"]) == ("1", "0")
    assert "1" in [row["residual"] for row in rows]


def test_the_black_box_can_be_read_without_the_source():
    terminal = Terminal()
    table = after_a_leak(terminal)
    _, names, *rows, legend = terminal.ask(table, "log box", 10000).split("\n")
    columns = names.split()
    ends = [names.index(" " + name) + 1 + len(name) if name != columns[0] else len(columns[0]) + 2 for name in columns]
    for row in rows:
        cells = [row[start:end] for start, end in zip([0] + ends, ends)]  # noqa: B905, RUF005
        assert [cell.strip() for cell in cells] == row.split()[: len(columns)], "each under its name"
        told = dict(zip(columns, row.split()))  # noqa: B905
        assert row[ends[-1] :] == ("  residual current" if told["faults"] != "0" else "")
    first = dict(zip(columns, rows[0].split()))  # noqa: B905
    assert (first["pilot_state"], first["session"]) == ("C", "charging")
    assert "residual current" in rows[-1]
    for unknown in ("second", "ms", "faults", "reason", "closed to locked"):
        assert unknown in legend, unknown


def test_the_black_box_outlives_a_reset():
    terminal = Terminal()
    table = after_a_leak(terminal)
    told = terminal.ask(table, "log box", 10000)
    table = boot(table.files, terminal)
    assert terminal.ask(table, "log box", 10000) == "before the last start, " + told


def test_what_came_before_the_clock_was_set_is_told_by_its_age_and_the_journal_says_what_the_clock_showed():
    terminal = Terminal()
    table = Table([(0, 2000, 0, 0)], port=terminal, fidelity="rms", car_ma=16000, plugged_ms=[[5000, 1 << 40]])
    table.live_by_seconds(600000)
    terminal.ask(table, "time 2026-11-30 18:00")
    assert " ago  0.0 A -> 16.0 A" in terminal.ask(table, "log offers")
    terminal.ask(table, "pause", 20000)
    assert "2026-11-30 18:00:0" in terminal.ask(table, "why"), "that was under this clock"
    terminal.ask(table, "time 2026-11-30 18:00:25")
    assert "2026-11-30 18:00:" in terminal.ask(table, "why"), "it was only put right"
    terminal.ask(table, "time 2026-11-30 21:00")
    assert "2026" not in terminal.ask(table, "log offers")
    told = terminal.ask(table, "log", 4000)
    assert "2026-11-30 18:00:00  the clock was set; before it was not\n" in told
    assert "2026-11-30 21:00:00  the clock was set; it showed 2026-11-30 18:0" in told
    assert told.count("the clock was set") == 2
