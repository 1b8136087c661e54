"""A house that exports: a clamp without a voltage input reads how much, not which way, at either fidelity."""

import pytest
from bench.table import Table


@pytest.mark.parametrize("fidelity", ["rms", "waveform"])
def test_export_reads_as_a_current_on_a_board_that_cannot_tell_direction(fidelity):
    table = Table([(0, -8000, 0, 0)], fidelity=fidelity, plugged_ms=[])
    while table.world.t_ms < 3000:
        table.tick()
    assert table.charger.readings.grid_ma[0] == pytest.approx(8000, rel=0.02)
