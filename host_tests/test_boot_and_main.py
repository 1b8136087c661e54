"""Whatever ends the firmware, the contactor is open and the pilot offers nothing; boot.py makes it so first of all."""

import contextlib
import io

from bench import host
from bench.chip import chip as chips
from bench.chip.terminal import Terminal
from bench.table import DeafPort, Table

CONTACTOR, PILOT, TEST = 26, 25, 21


def charging_table():
    """A table at which a car is being charged."""
    table = Table([(0, 1000, 0, 0)], fidelity="rms", plugged_ms=[[0, 1 << 40]])
    table.live(45000)
    assert table.chip.output(CONTACTOR) == 1
    assert table.chip.pwm[PILOT][1] < 65535
    return table


def is_safe(chip):
    """Contactor open, steady -12 V on the pilot, no test of the residual current module."""
    return not (chip.output(CONTACTOR) or chip.output(PILOT) or chip.output(TEST) or PILOT in chip.pwm)


def run_main(charger_class):
    """Run main.py with this class in Charger's place; the outputs were live before."""
    table = charging_table()
    table.module.Charger = charger_class
    host.load(entry="main", fresh=False)
    return table.chip


def test_boot_opens_a_contactor_that_a_soft_reset_left_closed():
    table = charging_table()
    table.chip.soft_reset()
    assert table.chip.output(CONTACTOR) == 1
    host.load(entry="boot")
    assert is_safe(table.chip)


def test_boot_and_ctrl_c_end_a_test_of_the_residual_current_module_lest_the_next_start_takes_it_for_a_current():
    for entry in ("boot", "main"):
        table = charging_table()
        table.chip.levels[TEST] = 1

        class Interrupted:
            def run(self):
                raise KeyboardInterrupt

        table.module.Charger = Interrupted
        assert not is_safe(table.chip)
        host.load(entry=entry, fresh=False)
        assert table.chip.output(TEST) == 0


def test_after_any_exception_the_outputs_are_safe():
    for error in (ValueError("broken"), MemoryError(), OSError(5), KeyError("x"), SystemExit(0)):

        class Crashing:
            def run(self, error=error):
                raise error

        assert is_safe(run_main(Crashing))


def test_after_ctrl_c_the_outputs_are_safe_and_the_watchdog_leaves_time_to_work():
    class Interrupted:
        def run(self):
            raise KeyboardInterrupt

    chip = run_main(Interrupted)
    assert is_safe(chip)
    assert chip.wdt_ms >= 3600000


def test_a_crash_starts_again_by_itself_within_a_minute():
    class Crashing:
        def run(self):
            raise ValueError("broken")

    chip = run_main(Crashing)
    try:
        chip.advance(61000000)
    except chips.Reset:
        return
    raise AssertionError("the charger stays dead after a crash")


def test_ctrl_c_at_any_time_of_a_running_charger_is_safe():
    table = charging_table()
    table.module.Port = DeafPort
    chip = table.chip
    live = vars(chip).copy()
    for at_us in range(1000, 60000, 1777):
        vars(chip).update(live, mode=live["mode"].copy(), levels=live["levels"].copy(), pwm=live["pwm"].copy())
        assert not is_safe(chip)
        chip.interrupt_at_us = chip.us + at_us
        host.load(entry="main", fresh=False)
        assert is_safe(chip)


def test_a_tick_that_hangs_is_ended_by_the_watchdog():
    table = charging_table()
    try:
        table.chip.advance(1100000)
    except chips.Reset:
        table.chip.advance(chips.BOOT_MS * 1000)
        table.chip.revive()
        host.load(entry="boot", fresh=False)
        assert is_safe(table.chip)
        return
    raise AssertionError("nothing ended the hanging tick")


def test_five_bad_starts_in_a_row_end_in_a_safe_charger_with_a_console_which_tries_once_a_day():
    class Crashing:
        runs = 0

        def run(self):
            Crashing.runs += 1
            raise ValueError("broken")

    table = charging_table()
    chip = table.chip
    chip.rtc = b""
    for runs in (1, 2, 3, 4, 5, 5, 6, 6):
        chip.revive()
        chip.cause = chips.WDT_RESET
        host.load(entry="boot", fresh=False)
        table.module.Charger = Crashing
        host.load(entry="main", fresh=False)
        assert is_safe(chip)
        assert Crashing.runs == runs
    assert chip.wdt_ms >= 3600000, "left alone with its console"


def test_brown_outs_in_a_row_are_the_supplys_doing_and_cost_ten_minutes_not_the_night():
    table = charging_table()
    chip = table.chip
    chip.rtc, chip.cause = b"headroom\x05", chips.PWRON_RESET  # what the port calls a brown-out: the memory tells
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        host.load(entry="boot", fresh=False)
        host.load(entry="main", fresh=False)
    assert is_safe(chip)
    assert "ten minutes" in said.getvalue()
    try:
        chip.advance(601000000)
    except chips.Reset:
        assert chip.rtc[-1] == 4, "and the next start is tried"
        return
    raise AssertionError("the car waits for the morning")


def test_a_start_that_lived_for_a_minute_forgives_the_bad_ones():
    table = Table([(0, 0, 0, 0)], fidelity="rms")
    table.chip.rtc = b"headroom\x04"
    table.live(59000)
    assert table.chip.rtc[-1] == 4
    table.live(2000)
    assert table.chip.rtc[-1] == 0


def test_a_power_on_that_lost_nothing_was_a_brown_out():
    table = Table([(0, 0, 0, 0)], fidelity="rms")
    starts = table.module.starts
    table.chip.rtc = b""
    table.chip.cause = chips.PWRON_RESET
    assert (starts.begin(), starts.cause) == (0, chips.PWRON_RESET)
    assert (starts.begin(), starts.cause) == (1, starts.BROWN_OUT)


def journalled(cause, rtc):
    """What the log says of a start for this cause that lived for three seconds."""
    terminal = Terminal()
    table = Table([(0, 0, 0, 0)], fidelity="rms", plugged_ms=[])
    plain = table.module.Charger

    class Living:
        def run(self):
            table.charger = plain(table.scan, DeafPort(), table.module.Store(table.files))
            table.live(3000)
            raise KeyboardInterrupt

    table.module.Charger = Living
    table.chip.cause, table.chip.rtc = cause, rtc
    with contextlib.redirect_stdout(io.StringIO()):
        host.load(entry="boot", fresh=False)
        host.load(entry="main", fresh=False)
    again = Table([(0, 0, 0, 0)], port=terminal, files=table.files, fidelity="rms", plugged_ms=[])
    return terminal.ask(again, "log").split("\n")[-2]


def test_a_start_after_the_watchdog_or_a_brown_out_is_in_the_log():
    for cause, rtc, words in (
        (chips.WDT_RESET, b"headroom\x00", "started after the watchdog"),
        (chips.PWRON_RESET, b"headroom\x00", "started after a brown-out"),
        (chips.PWRON_RESET, b"", "started after power-on"),
        (chips.HARD_RESET, b"headroom\x00", "started after a reset"),
    ):
        assert words in journalled(cause, rtc), words


def test_a_fault_that_a_person_must_clear_is_still_there_after_a_reset():
    table = Table([(0, 0, 0, 0)], fidelity="rms")
    table.live(45000)
    table.world.residual.leak = True
    table.live(1000)
    assert not table.charger.verdict.closed
    files = table.charger.service.store.files
    table.world.residual.leak = False
    table.live(5000)
    again = Table([(0, 0, 0, 0)], fidelity="rms", files=files)
    again.live(60000)
    assert again.charger.verdict.fault == 3
    assert not again.world.contactor


def refused(name, value):
    """What main.py says, and the chip, with this value in the board file."""
    table = charging_table()
    board = host.fakes["board"]
    kept = getattr(board, name)
    told = io.StringIO()
    try:
        setattr(board, name, value)
        with contextlib.redirect_stdout(told):
            host.load(entry="main", fresh=False)
    finally:
        setattr(board, name, kept)
    return told.getvalue(), table.chip


def test_a_board_file_that_cannot_be_true_is_refused_in_one_line_before_anything_is_energised():
    for name, value, why in (
        ("CT_PINS", (4, 33, 34), "CT_PINS: GPIO4 is no pin of ADC1"),
        ("TEMPERATURE_PIN", 34, "TEMPERATURE_PIN: GPIO34 is already CT_PINS"),
        ("CT_BURDEN_MOHM", 40000, "CT_BURDEN_MOHM: clips at 63 % of MAX_BREAKER_MA, it must see 160 %"),
        ("CT_BURDEN_MOHM", 16000, "CT_BURDEN_MOHM: clips at 158 % of MAX_BREAKER_MA, it must see 160 %"),
    ):
        told, chip = refused(name, value)
        assert told.count("\n") == 1
        assert why in told
        assert is_safe(chip)
        assert chip.wdt_ms >= 3600000
