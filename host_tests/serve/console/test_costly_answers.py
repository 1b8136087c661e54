"""Reading an answer from the flash takes a chip some time: whoever asks without a pause must not stop the charge by it.

The bench charges no time for answers, so this one does: every step in which the console has something to say.
"""

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table


def asked_without_a_pause(ms, costs_ms):
    """(table, how many answers came) of a charging charger that is asked for its status as fast as it answers."""
    terminal = Terminal()
    table = Table([(0, 2000, 2000, 2000)], port=terminal, car_ma=16000, settings={"resume_dwell_ms": 5000})
    table.live(8000)
    assert table.charger.verdict.closed
    console = table.charger.service.console
    step = console.step

    def costly():
        if console.answer is not None or terminal.ring:
            table.chip.advance(costs_ms * 1000)
        step()

    console.step = costly
    terminal.text()
    until_us = table.chip.us + ms * 1000
    answers = 0
    while table.chip.us < until_us:
        if not terminal.ring and console.quiet():
            terminal.send(b"status\r")
        table.tick()
        answers += terminal.text().count("charging C")
    return table, answers


@pytest.mark.parametrize("costs_ms", [60, 150, 300])  # 150: the most that serve/loader.py promises
def test_a_program_that_asks_without_a_pause_gets_its_answers_and_the_car_its_current(costs_ms):
    table, answers = asked_without_a_pause(60 * costs_ms + 6000, costs_ms)
    assert table.charger.verdict.faults == 0
    assert table.charger.verdict.closed
    assert answers >= 2


def test_a_charger_that_is_too_slow_by_itself_still_answers():
    terminal = Terminal()
    table = Table([(0, 2000, 2000, 2000)], port=terminal, fidelity="rms", plugged_ms=[])
    read = table.scan.read

    def slow(readings, duty_u16):
        read(readings, duty_u16)
        readings.busy_us = 40000

    table.scan.read = slow
    assert "charger too slow" in terminal.ask(table, "status", 12000)
