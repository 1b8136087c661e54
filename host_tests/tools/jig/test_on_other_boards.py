"""Steps that the reference board does not have, on a board that has them; test_jig.py tries the reference's on a device."""

import pytest
from proofs import jig_faults
from proofs.jig_faults import FAULTS, Row

ON_OTHER_BOARDS = [(board, *row[:2]) for board in ("metered", "socket") for row in FAULTS[board]]


@pytest.mark.parametrize(("board", "step", "broken"), ON_OTHER_BOARDS)
def test_a_step_fails_with_its_fault_and_passes_without(monkeypatch, board, step, broken):
    monkeypatch.setattr(jig_faults, "STEPS", {step})
    assert jig_faults.tried(Row(board, step, broken, ())).failed == (step,)
    assert jig_faults.tried(Row(board, 0, "", ())).failed == ()
