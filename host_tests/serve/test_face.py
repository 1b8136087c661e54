"""What people are told of the charger comes through its face: whatever law runs there, and whatever is missing in it."""

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.terms import reasons

HOUSE = [(0, 3000, 0, 0)]


class Waits:
    """A law with nothing inside: it waits for what is free already, and knows how long; or does not."""

    def __init__(self, left_ms):
        self.left_ms = left_ms

    def propose(self, _dt_ms, _readings, _in_force, proposal):
        """Wait."""
        proposal.offer_ma, proposal.reason, proposal.phase = 0, reasons.WAIT, 0
        proposal.value, proposal.bound, proposal.left_ms = 9000, 6000, self.left_ms


def said(left_ms, command):
    """What a charger with such a law answers to ``command``."""
    terminal = Terminal()
    table = Table(HOUSE, port=terminal, fidelity="rms")
    table.charger.law = Waits(left_ms)
    table.live(4000)
    answer = terminal.ask(table, command)
    assert table.charger.service.mishaps == 0
    return answer


@pytest.mark.parametrize(
    "command", ["status", "why", "log", "usage", "selftest", "calibrate", "calibrate car", "clear"]
)
def test_a_law_without_a_dwell_crashes_nothing(command):
    assert "this command failed" not in said(12000, command)


def test_the_proposal_says_how_long_yet_and_where_it_does_not_nothing_is_said():
    assert "stays free, 12 s more" in said(12000, "why")
    told = said(0, "why")
    assert "stays free" in told
    assert " more" not in told
