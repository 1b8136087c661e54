"""Corroded contacts and water move the pilot's voltage off its state: the real charger under the judge, at both fidelities."""

import pytest
from bench.table import Table

CLEAR_OHM = 1300
# (the car's resistor under power in ohm, the pilot then in mV, closed): up to the middle of a dead band C stands
MOVED = (
    (2300, 6977, True),
    (3100, 7397, True),
    (4200, 7748, False),
    (8000, 8282, False),
    (690, 4713, True),
    (560, 4279, False),
)


@pytest.mark.parametrize("fidelity", ["rms", "waveform"])
@pytest.mark.parametrize("row", MOVED)
def test_c_stands_up_to_the_middle_of_a_dead_band_and_the_judge_agrees(row, fidelity):
    ohm, mv, closed = row
    table = Table([(0, 2000, 2000, 2000)], fidelity=fidelity, car_ma=16000, settings={"resume_dwell_ms": 5000})
    table.live(9000)
    assert table.charger.verdict.closed
    table.world.circuit.r3_ohm = ohm
    table.live(300)
    assert abs(table.world.circuit.mv(1, 2) - mv) <= 2
    assert table.world.contactor == closed
    table.live(2000 if fidelity == "waveform" else 60000)


@pytest.mark.parametrize("ohm", [3100, 3500, 4200])
def test_nothing_closes_on_a_car_whose_c_lies_between(ohm):
    table = Table([(0, 2000, 2000, 2000)], fidelity="rms", car_ma=16000, settings={"resume_dwell_ms": 5000})
    table.world.circuit.r3_ohm = ohm
    table.live(120000)
    assert table.world.switch.closed_at_ms is None
