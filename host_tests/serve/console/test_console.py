"""The console: what people type is understood, what they paste is not lost, and nobody at the other end delays a tick."""

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.law import dwell
from headroom.serve.answers.commands import TABLE
from headroom.serve.answers.editor import typed
from headroom.serve.console.console import LINE_MAX, PIECE, TAKE
from headroom.serve.words import amps, because, milli
from headroom.terms import reasons


def table_with(terminal, **scenario):
    return Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms", **scenario)


def ask(*lines):
    """The answers of a fresh charger to these lines."""
    terminal = Terminal()
    table = table_with(terminal)
    return [terminal.ask(table, line) for line in lines]


def test_set_shows_what_will_change_and_save_changes_it():
    shown, before, saved, after = ask("set breaker_ma 20 A", "get breaker_ma", "save", "get breaker_ma")
    assert shown == "breaker_ma: 25 A -> 20 A (20000 mA); save or undo"
    assert before == "breaker_ma = 25 A (-> 20 A after save)"
    assert (saved, after) == ("saved: breaker_ma = 20 A", "breaker_ma = 20 A")


def test_a_saved_setting_is_in_force_at_once_and_after_a_reset():
    terminal = Terminal()
    table = table_with(terminal)
    for line in ("set breaker_ma 20A", "save"):
        terminal.ask(table, line)
    assert table.charger.limits.breaker_ma == 20000
    again = Table([(0, 3000, 0, 0)], files=table.files, fidelity="rms")
    assert again.charger.limits.breaker_ma == 20000


def test_undo_drops_what_was_set():
    answers = ask("set breaker_ma 20A", "set min_ma 8A", "undo", "save", "get breaker_ma")
    assert ask("undo") == ["nothing was set"]
    assert answers[2:] == ["2 changes dropped", "nothing to save", "breaker_ma = 25 A"]


def test_what_was_saved_may_be_set_and_saved_again_so_that_an_installers_script_can_run_twice():
    script = ("set breaker_ma 20A", "save")
    assert ask(*script, *script)[2:] == ["breaker_ma is 20 A already", "nothing to save"]
    assert '"ok": true' in ask("json on", "save")[1]


def test_a_line_that_begins_with_a_number_sign_is_passed_over():
    assert ask("# my house", "#get hz", "get hz") == ["", "", "hz = 50 Hz"]


def test_a_refusal_is_one_line():
    for line in (
        "frobnicate",
        "get nothing",
        "set",
        "set breaker_ma",
        "set breaker_ma x",
        "log x",
        "time noon",
        "json",
    ):
        (answer,) = ask(line)
        assert answer, line
        assert "\n" not in answer, answer


def test_a_number_however_long_is_refused_in_one_line_that_says_what_is_wanted():
    terminal = Terminal()
    table = table_with(terminal)
    wanted = (
        ("set breaker_ma %s", "like 63A"),
        ("set breaker_ma %sA", "like 63A"),
        ("set breaker_ma -%s", "like 63A"),
        ("set breaker_ma 0.%s", "like 63A"),
        ("set cap_w %s", "like 60kW"),
        ("set mode %s", "normal, slow"),
        ("set %s 1", "help settings"),
        ("log %s", "1 to 96"),
        ("usage %s", "usage hours"),
        ("boost %s", "1 to 24"),
        ("time %s", "like time 2026-11-24 19:12"),
        ("time 2026-11-%s 10:00", "like time 2026-11-24 19:12"),
        ("get %s", "help settings"),
        ("help %s", "help settings"),
        ("pin %s", "4 to 12 digits"),
    )
    for digits in (13, 20, 140):
        for line, words in wanted:
            answer = terminal.ask(table, line % ("9" * digits), 600)
            assert words in answer, (line, answer)
            assert "\n" not in answer, answer
            assert "report" not in answer, answer
            assert "9" * 21 not in answer, answer
    assert table.charger.settings.staged == {}
    assert not table.charger.service.boost.on()


def test_log_tells_at_least_one_happening_and_at_most_all():
    refused = "log N: how many lines, 1 to 96; log offers; or log box"
    assert ask("log 0", "log 97", "log -1", "log x", "log 1.5") == [refused] * 5
    assert "started" in ask("log 96")[0]


def test_a_time_that_is_none_is_answered_with_the_format_and_an_example():
    for text in ("noon", "2026-13-01 00:00", "2026-11-24", "19:12", "1999-01-01 10:00"):
        said = f"'{text}' is no time of 2020 to 2053: write time YYYY-MM-DD HH:MM, like time 2026-11-24 19:12"
        assert ask("time " + text) == [said]
    assert ask("time 2026-11-24 19:12")[0].startswith("2026-11-24 19:12:0")


def test_a_time_before_the_clocks_own_beginning_is_refused_whatever_zone_makes_it_so():
    terminal = Terminal()
    table = table_with(terminal)
    terminal.ask_all(table, "set zone_min -60", "save")
    assert "before 2020" in terminal.ask(table, "time 2020-01-01 00:59Z")
    assert not table.charger.service.clock.told
    assert "2020-01-01 00:00:0" in terminal.ask(table, "time 2020-01-01 01:00Z")


def test_every_command_has_help_and_answers():
    terminal = Terminal()
    table = table_with(terminal)
    names = [line.split()[0] for line in terminal.ask(table, "help").split("\n")]
    assert len(names) >= 15
    for name in names:
        assert terminal.ask(table, "help " + name).startswith(name)
        if name not in ("reboot", "service"):
            assert "please report" not in terminal.ask(table, name)


def test_help_of_what_wants_a_value_tells_what_to_type_and_in_which_range():
    for name, said in (
        ("set", ("25A", "help settings", "save")),
        ("calibrate", ("L1 10.0", "1 A or more", "20 %", "500 W", "reset", "car")),
    ):
        (answer,) = ask("help " + name)
        for each in said:
            assert each in answer, (each, answer)


def test_help_of_the_dwells_tells_when_they_are_stretched_as_the_pace_does():
    rise, resume = ask("help rise_dwell_ms", "help resume_dwell_ms")
    assert f"within {dwell.REGRET_MS // 1000} s doubles it, up to {dwell.SLOWEST_RISE_MS // 1000} s" in rise
    scarce_min = dwell.SCARCE_MS // 60000
    assert f"after a charge, {scarce_min} min for less than 0.{dwell.RESUME_MARGIN_MA // 10} A above min_ma" in resume


def test_more_than_is_allowed_is_told_as_too_much_and_not_as_less_than_nothing_free():
    for reason in (reasons.WAIT, reasons.PAUSE):
        told = because(reason, 0, -5000, 6000)
        assert told == "L1 carries 5.0 A too much, the car needs 6.0 A"
        assert "3.0 A free on L1" in because(reason, 0, 3000, 6000)


def test_what_rounds_to_nothing_has_no_sign():
    assert [amps(ma) for ma in (-49, -50, 49)] == ["0.0 A", "-0.1 A", "0.0 A"]
    assert [milli(value, "V") for value in (-4, -5, 4)] == ["0.00 V", "-0.01 V", "0.00 V"]


def test_backspace_ctrl_u_and_the_up_arrow_edit_the_line():
    assert ask("get hzz\x7f")[0] == "hz = 50 Hz"
    assert ask("rubbish\x15get hz")[0] == "hz = 50 Hz"
    assert ask("get hz", "\x1b[A")[1] == "hz = 50 Hz"
    assert ask("get \x1b[D\x1b[1;5Chz")[0] == "hz = 50 Hz"


def test_tab_completes_commands_and_settings():
    assert ask("ge\thz")[0] == "hz = 50 Hz"
    assert ask("get breaker_m\t")[0] == "breaker_ma = 25 A"
    terminal = Terminal()
    table = table_with(terminal)
    terminal.send(b"s\t")
    table.live(200)
    assert "set  save  selftest  serial  service" in terminal.text()


def test_tab_completes_what_may_follow_a_command_and_what_help_knows():
    assert ask("help cal\t")[0].startswith("calibrate [L1 AMPS")
    assert ask("help breaker_m\t")[0].startswith("breaker_ma: rating")
    assert ask("log of\t") == ask("log offers")
    terminal = Terminal()
    table = table_with(terminal)
    terminal.send(b"calibrate \t\t\x15reboot n\t")
    table.live(400)
    assert "phase  undo  reset  car" in terminal.text()
    assert typed(table.charger.service.console) == "reboot now "


def test_esc_stops_a_long_answer_and_costs_no_key_after_it():
    for key, said in (("", "stopped"), ("get hz\r", "hz = 50 Hz"), ("[A\r", "> help")):
        terminal = Terminal()
        table = table_with(terminal)
        terminal.send(b"help\r")
        table.live(200)
        terminal.send(b"\x1b" + key.encode())
        table.live(200)
        lines = terminal.text().split("\n")
        assert "stopped" in lines
        assert len(lines) < 16, "help has 26"
        assert said in lines[lines.index("stopped") :], key


def test_set_tells_at_once_what_save_will_refuse():
    first, second, third = ask("set household_ma 8A", "set min_ma 10A", "set household_ma 12A")
    assert "\n" not in first
    assert second.split("\n")[1:2] == [
        "save will refuse it like this: household_ma 8 A is below min_ma 10 A: the car could never charge"
    ]
    assert "\n" not in third


def test_help_of_a_setting_tells_the_boards_own_range():
    assert "6 A to 63 A on this board; 6 A unless set" in ask("help breaker_ma")[0]
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms", board="minimal")
    assert "1 to 1 on this board; 1 unless set" in terminal.ask(table, "help phases")
    assert "1 s to 10 min; 2 s unless set" in terminal.ask(table, "help rise_dwell_ms")


def test_a_paste_paced_by_its_echo_loses_nothing():
    terminal = Terminal()
    table = table_with(terminal)
    script = "".join([f"set rise_dwell_ms {5001 + number}\n" for number in range(200)]).encode()
    sent = ticks = 0
    while sent < len(script) or terminal.ring:
        echoed = terminal.received.count(b"set rise_dwell_ms")
        ahead = script[:sent].count(b"\n") - echoed
        if ahead < 4 and sent < len(script):
            end = script.index(b"\n", sent) + 1
            terminal.send(script[sent:end])
            sent = end
        table.live(25)
        ticks += 1
        assert ticks < 2000
    table.live(1000)
    assert terminal.lost == 0
    assert terminal.text().count("; save or undo") == 200
    assert terminal.ask(table, "get rise_dwell_ms") == "rise_dwell_ms = 2 s (-> 5200 ms after save)"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("at_once", [40, 8, 4])
def test_of_a_paste_that_overruns_the_port_whole_lines_count_the_broken_one_is_dropped_and_that_is_told(end, at_once):
    terminal = Terminal()
    table = table_with(terminal)
    numbers = list(range(5001, 5041))
    for place in range(0, len(numbers), at_once):
        terminal.send(
            "".join(f"set rise_dwell_ms {number}{end}" for number in numbers[place : place + at_once]).encode()
        )
        table.live(25)
    table.live(9000)
    assert terminal.lost
    said = terminal.text()
    taken = [number for number in numbers if f"-> {number} ms; save or undo" in said]
    assert taken == numbers[: len(taken)]
    assert len(taken) >= 259 // len(f"set rise_dwell_ms 5001{end}")
    assert said.count("; save or undo") == len(taken), "no line is made of two"
    assert said.count("input was lost") == 1
    assert table.charger.settings.staged == {"rise_dwell_ms": taken[-1]}


def test_the_line_that_comes_after_a_loss_is_dropped_to_its_end_and_the_next_one_is_whole():
    terminal = Terminal()
    table = table_with(terminal)
    terminal.send(b"get hz\r" * 50)
    while terminal.ring:
        table.live(25)
    table.live(25)
    terminal.send(b"set min_ma 8A\r")
    table.live(100)
    terminal.send(b"get min_ma\r")
    table.live(6000)
    said = terminal.text()
    assert said.count("input was lost") == 1
    assert said.count("hz = 50 Hz") == 259 // len("get hz\r")
    assert "min_ma: 6 A" not in said
    assert "min_ma = 6 A" in said


def test_a_tick_takes_and_gives_a_bounded_number_of_bytes():
    terminal = Terminal()
    table = table_with(terminal)
    for _ in range(300):
        terminal.send(b"help\rlog 96\rget\r")
        terminal.taken = 0
        table.tick()
        assert terminal.taken <= TAKE
    assert terminal.longest <= PIECE


def test_an_endless_line_is_refused_as_a_whole():
    terminal = Terminal()
    table = table_with(terminal)
    for _ in range(40):
        terminal.send(b"set breaker_ma 6A   ")
        table.live(100)
    terminal.send(b"\r")
    table.live(500)
    assert "at most" in terminal.text()
    assert table.charger.settings.staged == {}
    assert len(table.charger.service.console.line) == LINE_MAX


def test_a_terminal_that_does_not_read_delays_nothing_and_status_lines_are_dropped():
    terminal = Terminal()
    table = table_with(terminal, status_ms=1000)
    table.live(3000)
    terminal.reads = False
    table.live(60000)
    assert len(table.charger.service.console.out) < 200
    terminal.reads = True
    terminal.text()
    table.live(2500)
    assert terminal.text().count("offer") in (2, 3, 4)


def test_a_status_line_never_lands_in_a_half_typed_line():
    terminal = Terminal()
    table = table_with(terminal, status_ms=1000)
    table.live(1500)
    assert "offer" in terminal.text()
    terminal.send(b"get h")
    table.live(5000)
    assert terminal.text() == "get h"
    terminal.send(b"z\r")
    table.live(900)
    assert terminal.text().startswith("z\nhz = 50 Hz")


def test_a_command_that_fails_ends_with_one_line_and_the_charger_goes_on():
    terminal = Terminal()
    table = table_with(terminal)

    def broken():
        raise ValueError("oops")

    table.charger.service.status_line = broken
    assert "please report" in terminal.ask(table, "status")
    assert terminal.ask(table, "get hz") == "hz = 50 Hz"


def test_a_pin_is_neither_echoed_nor_recalled():
    terminal = Terminal()
    table = table_with(terminal)
    terminal.send(b"pin 4711 4711\r\x1b[A\r")
    table.live(1000)
    assert "4711" not in terminal.text()


def test_reboot_and_service_wait_for_a_free_car_unless_told_now():
    terminal = Terminal()
    table = table_with(terminal)
    table.live(45000)
    assert table.charger.verdict.closed
    said = terminal.ask(table, "reboot")
    assert said == (
        "the contactor is closed: pause, wait until it opens, and resume after the restart; "
        "or reboot now cuts the charge off"
    )
    assert not table.charger.service.left()
    assert terminal.ask(table, "service now", 10000) == "stepping aside for mpremote"
    assert table.charger.service.left() == "service"
    assert not table.charger.service.store.busy()


def test_reboot_needs_no_now_once_a_paused_car_is_off():
    terminal = Terminal()
    table = table_with(terminal)
    table.live(45000)
    terminal.ask(table, "pause", 10000)
    assert not table.charger.verdict.closed
    assert terminal.ask(table, "reboot") == "starting again"


def test_status_and_why_name_what_waits_for_save_or_undo():
    terminal = Terminal()
    table = table_with(terminal)
    table.live(1000)
    told = "not in force, save or undo: charger_ma, min_ma"
    assert "not in force" not in terminal.ask(table, "status")
    terminal.ask(table, "set min_ma 7A")
    terminal.ask(table, "set charger_ma 10A")
    assert told in terminal.ask(table, "status")
    assert told in terminal.ask(table, "why")
    terminal.ask(table, "undo")
    assert "not in force" not in terminal.ask(table, "status")


def test_a_dim_w_too_small_for_a_car_on_all_phases_is_told_as_what_it_means():
    told = "while dimmed, a car on all phases pauses: dim_w 1400 W is 2.0 A on each, min_ma 6.0 A"
    terminal = Terminal()
    table = table_with(terminal, board="metered", settings={"phases": 3})
    terminal.ask(table, "set dim_w 1400")
    assert told in terminal.ask(table, "save", 5000)
    terminal.ask(table, "set status_ms 2s")
    assert "dimmed" not in terminal.ask(table, "save", 5000)
    terminal.ask(table, "set phases 1")
    terminal.ask(table, "set dim_w 1500")
    assert "dimmed" not in terminal.ask(table, "save", 5000)


def test_why_and_log_answer_why_the_car_stopped_then():
    terminal = Terminal()
    house = [(0, 3000, 0, 0), (60000, 12000, 0, 0), (70000, 22000, 0, 0)]
    table = Table(house, port=terminal, fidelity="rms", breaker_ma=25000)
    terminal.ask(table, "time 2026-11-24 19:11")
    while table.world.t_ms < 80000:
        table.tick()
    offers = terminal.ask(table, "log offers").split("\n")
    stopped = offers[-1]
    assert stopped.startswith("2026-11-24 19:12:1")
    assert stopped.endswith("6.0 A -> 0.0 A: only 3.0 A free on L1, the car needs 6.0 A")
    assert offers[-2].endswith("-> 6.0 A: rise on L1: 35.0 A > 25.0 A")
    assert offers[-3].endswith("-> 13.0 A: rise on L1: 34.0 A > 25.0 A")
    assert stopped in terminal.ask(table, "why")


def test_a_change_too_small_for_a_tenth_of_an_ampere_is_told_in_ma():
    terminal = Terminal()
    table = table_with(terminal, plugged_ms=[])
    service, verdict = table.charger.service, table.charger.verdict
    for offer_ma in (6003, 6049, 6050, 0):
        verdict.offer_ma = offer_ma
        service.history.follow(0, verdict)
    changes = [line.split("  ")[1].split(":")[0] for line in terminal.ask(table, "log offers").split("\n")]
    assert changes == ["0.0 A -> 6.0 A", "6003 mA -> 6049 mA", "6.0 A -> 6.1 A", "6.1 A -> 0.0 A"]


@pytest.mark.parametrize("line", [*(row[0] + " 2h" for row in TABLE if not row[1]), "reboot soon", "service 1"])
def test_words_that_a_command_would_not_heed_are_refused_and_it_does_nothing(line):
    terminal = Terminal()
    table = table_with(terminal)
    table.live(3000)
    terminal.ask(table, "set hz 60")
    command = line.split()[0]
    alone = f"{command} stands alone, without '2h': help {command}"
    assert terminal.ask(table, line).endswith(alone if line.endswith("2h") else f"{command}, or {command} now")
    service = table.charger.service
    assert service.settings.staged
    assert not table.charger.held()
    assert not service.leaving
