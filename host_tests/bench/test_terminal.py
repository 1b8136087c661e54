"""The serial port that the bench plays: always ready, as the chip's is, and a write that finds no room takes its time."""

from bench.chip import chip as chips
from bench.chip import terminal as transmitter
from bench.chip.terminal import BYTE_US, FIFO, Terminal
from bench.table import Table

B, C = 1, 2


def written(*pieces, every_us=0):
    """How long the firmware waited for a terminal to which these pieces were written."""
    chips.attach(chips.Chip())
    terminal = Terminal()
    for piece in pieces:
        assert terminal.ready()
        terminal.write(bytes(piece))
        chips.attached.us += every_us
    return terminal.waited_us


def test_what_the_transmitter_holds_costs_no_time_and_the_rest_its_own():
    assert written(FIFO) == 0
    assert written(FIFO + 10) == 10 * BYTE_US
    assert written(96, 96) == 64 * BYTE_US
    assert written(96, 96, every_us=64 * BYTE_US) == 0


def waits():
    """What a long answer waits for, while a pilot that never rests ends every second window early."""
    terminal = Terminal()
    table = Table([(0, 3000, 3000, 3000)], terminal, plugged_ms=[])
    table.live(1000)
    terminal.send(b"help settings\r")
    ticks = []
    for number in range(60):
        table.world.forced_state = B if number & 1 else C
        before_us = table.chip.us
        table.tick()
        ticks.append(table.chip.us - before_us)
    assert len(terminal.received) > 800
    assert min(ticks) < 20000, "windows do end early"
    return terminal.waited_us


def test_the_console_waits_for_no_piece_of_an_answer_even_in_ticks_that_end_early():
    assert waits() == 0


def test_a_transmitter_that_holds_less_than_a_piece_is_noticed():
    whole = transmitter.FIFO
    transmitter.FIFO = 64
    try:
        assert waits() > 0
    finally:
        transmitter.FIFO = whole
