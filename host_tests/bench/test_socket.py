"""A socket: cable and car are plugged in one moment, at any moment of the reading; every conversion is simulated."""

from bench.table import Table
from headroom.guard import faults, proximity, session

STEP_MS = 12
WHOLE_MS = 150  # the coding's turn comes round within it


def test_a_car_that_comes_with_its_cable_at_any_moment_is_no_fault():
    for after_ms in range(0, WHOLE_MS, STEP_MS):
        plugged_ms = [[1000 + after_ms, 1 << 40]]
        table = Table([(0, 2000, 2000, 2000)], board="socket", plugged_ms=plugged_ms)
        charger, found = table.charger, 0
        for _ in range(100):
            table.tick()
            found |= charger.verdict.faults
        assert found & 1 << faults.PROXIMITY == 0, after_ms
        assert charger.verdict.session not in (session.IDLE, session.FAULT)
        assert proximity.cable_ma(charger.readings.proximity_ohm) == 32000
