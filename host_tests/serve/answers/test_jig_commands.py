"""What a test jig asks of a board: its serial number, and its own figures."""

from bench.chip.terminal import Terminal
from bench.table import Table


def board(files=None):
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, files=files, plugged_ms=[])
    table.live(1000)
    return terminal, table


def test_a_board_has_no_serial_number_until_it_is_given_one():
    terminal, table = board()
    assert "serial number not given" in terminal.ask(table, "serial")
    assert "serial number" not in terminal.ask(table, "version")
    assert "serial number HR-000123 is stored" in terminal.ask(table, "serial HR-000123")
    assert terminal.ask(table, "version").rstrip("> \n").endswith(", serial number HR-000123")


def test_the_serial_number_outlives_a_restart_and_settings():
    terminal, table = board()
    terminal.ask(table, "serial HR-000123")
    table.restart()
    table.live(1000)
    terminal.ask(table, "set breaker_ma 20A")
    terminal.ask(table, "save")
    assert "serial number HR-000123" in terminal.ask(table, "version")


def test_another_number_needs_the_pin_where_one_is_set_and_the_same_one_does_not():
    terminal, table = board()
    terminal.ask(table, "serial HR-1")
    terminal.ask(table, "pin 1234 1234")
    terminal.ask(table, "lock")
    assert "PIN" in terminal.ask(table, "serial HR-2")
    assert "serial number HR-1" in terminal.ask(table, "serial")
    assert "serial number HR-1 is stored" in terminal.ask(table, "serial HR-1")


def test_what_is_no_serial_number_is_refused():
    terminal, table = board()
    for wrong in ("serial HR 1", "serial HR;1", "serial " + "9" * 25):
        assert "a serial number has up to 24 letters" in terminal.ask(table, wrong)
    assert "not given" in terminal.ask(table, "serial")


def test_a_flash_that_refuses_the_serial_number_is_told():
    terminal, table = board()
    table.files.full = True
    assert "the flash refuses the serial number" in terminal.ask(table, "serial HR-1")


def test_measure_tells_what_the_board_reads():
    terminal, table = board()
    said = terminal.ask(table, "measure")
    assert "pilot 1" in said
    assert "inputs: 25 C" in said
    assert "faults " in said
