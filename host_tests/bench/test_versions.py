"""The firmware at versions of MicroPython that README allows: the oldest, the last with the old PWM, the first with the new one
and the newest. ``bench.chip.ports`` says what differs.
"""

from bench.chip import ports
from bench.chip.terminal import Terminal
from bench.table import Table

VERSIONS = ("1.23", "1.25", "1.26", ports.NEWEST)
A, B, C = 0, 1, 2


class Offers16A:
    """In the law's place: a car need not wait."""

    def propose(self, dt_ms, readings, verdict, proposal):
        """Refill ``proposal``."""
        proposal.offer_ma = 16000


def table_at(version, board="reference", port=None):
    """A charger on this version, with nobody plugged in."""
    table = Table([(0, 3000, 3000, 3000)], port, plugged_ms=[], micropython=version, board=board)
    table.charger.law = Offers16A()
    table.world.forced_state = A
    table.live(3500)
    return table


def shows(table, state, ms):
    """The car shows ``state`` for so long; True when the contactor is closed then."""
    table.world.forced_state = state
    table.live(ms)
    return bool(table.world.contactor)


def test_a_car_charges_and_is_let_go_on_every_version():
    for version in VERSIONS:
        table = table_at(version)
        shows(table, B, 4000)
        assert shows(table, C, 1000), (version, table.charger.service.status_line())
        assert not shows(table, B, 200), version
        assert shows(table, C, 2500), version


def test_the_pilot_is_read_whatever_was_done_to_the_pads_input_before():
    for version in VERSIONS:
        table = table_at(version)
        table.chip.inputs[table.module.board.PILOT_PWM_PIN] = False
        assert shows(table, B, 4000) is False
        assert shows(table, C, 1000), version


def test_every_pin_that_may_be_the_pilots_is_read():
    table = table_at("1.23")
    board, chip = table.module.board, table.chip
    kept = board.PILOT_PWM_PIN
    try:
        for pin in list(range(6)) + list(range(12, 24)) + [25, 26, 27, 32, 33]:
            board.PILOT_PWM_PIN = pin
            chip.pwm[pin] = (1000, 16000, chip.us)
            chip.began_us[pin] = chip.us
            assert type(table.charger.scan.plateaus)().date(), pin
            table.charger.watchdog.feed()
    finally:
        board.PILOT_PWM_PIN = kept


def test_a_chip_that_does_not_read_its_pilot_whatever_is_done_says_which_pin_and_what_to_do():
    terminal = Terminal()
    table = table_at("1.23", port=terminal)
    table.chip.input_broken = (25,)
    shows(table, B, 4000)
    assert not shows(table, C, 1000)
    answer = terminal.ask(table, "status", 1000)
    assert "GPIO25" in answer
    assert "reads no edge" in answer
    assert "PILOT_PWM_PIN" in answer
    table.chip.input_broken = ()
    shows(table, A, 8000)
    shows(table, B, 4000)
    assert "GPIO25" not in terminal.ask(table, "status", 1000)
