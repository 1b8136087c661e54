"""Frequency and calibration are changed while a car charges, every conversion simulated, under the judge: what must follow."""

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.terms import contrary

HOUSE_MA, CAR_MA, BREAKER_MA = 3000, 16000, 25000
DOWN_MS = 12000  # what a car may take to come down, and the law to see it


def charging(board, phases):
    """A table at waveform fidelity on which a car charges with all that its charger allows."""
    table = Table(
        [(0, HOUSE_MA, HOUSE_MA, HOUSE_MA)],
        port=Terminal(),
        board=board,
        car_ma=CAR_MA,
        car_phases=phases,
        phases=phases,
        breaker_ma=BREAKER_MA,
        settings={"rise_dwell_ms": 1000, "resume_dwell_ms": 5000},
    )
    table.live(12000)
    assert table.world.car.drawn_ma > CAR_MA - 100
    return table


def reads_ma(table):
    """What the supply's first phase is read as, a mean over a second."""
    seen = []
    for _ in range(20):
        table.live(50)
        seen.append(table.charger.readings.grid_ma[0])
    return sum(seen) // len(seen)


BOARDS = pytest.mark.parametrize(("board", "phases"), [("metered", 3), ("socket", 1)])


@BOARDS
def test_a_wrong_frequency_changes_nothing_under_power_and_after_a_restart_is_told_and_still_measured_right(
    board, phases
):
    table = charging(board, phases)
    table.port.ask(table, "set hz 60", 500)
    table.port.ask(table, "save", 1500)
    assert table.charger.verdict.offer_ma == CAR_MA
    assert table.world.contactor
    assert abs(reads_ma(table) - HOUSE_MA - CAR_MA) < 300
    table.restart()
    table.live(20000)
    assert table.world.car.drawn_ma > CAR_MA - 100
    assert abs(reads_ma(table) - HOUSE_MA - CAR_MA) < 300
    assert table.charger.verdict.contrary >> contrary.HZ & 1, "the mains have 50"


@BOARDS
def test_a_clamp_calibrated_to_read_more_costs_the_car_current_and_the_supply_none(board, phases):
    table = charging(board, phases)
    table.port.ask(table, "calibrate L1 21.8", 6000)
    table.port.ask(table, "save", 1500)
    assert abs(reads_ma(table) - 21800) < 400
    table.world.house_ma = [9000] * 3
    table.live(DOWN_MS)
    assert reads_ma(table) < BREAKER_MA + 400
    assert table.world.contactor
    assert 9000 < table.world.car.drawn_ma < CAR_MA - 2000


@BOARDS
def test_one_calibrated_to_read_less_is_believed_and_lifts_no_other_limit(board, phases):
    table = charging(board, phases)
    table.port.ask(table, "calibrate L1 16.5", 6000)
    table.port.ask(table, "save", 1500)
    assert abs(reads_ma(table) - 16500) < 400
    for _ in range(6):
        table.live(1000)
        assert table.charger.verdict.offer_ma <= CAR_MA
        assert table.world.contactor


@BOARDS
def test_one_that_would_be_a_fifth_off_is_refused_and_changes_nothing(board, phases):
    table = charging(board, phases)
    answer = table.port.ask(table, "calibrate L1 12", 6000)
    assert "more than 20 % off cannot be right" in answer
    assert "nothing to save" in table.port.ask(table, "save", 1500)
    assert abs(reads_ma(table) - HOUSE_MA - CAR_MA) < 300
