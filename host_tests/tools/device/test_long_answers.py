"""A script waits for an answer for as long as the charger may take for it."""

import pytest
from headroom.serve.answers import joining
from headroom_tools.device.console_link import ANSWER_S, LONGER_S, longest_s


@pytest.mark.parametrize(
    ("command", "ms"), [("group join", joining.WAIT_MS), ("group lead 3 32", joining.ALL_MS), ("meter scan", 120000)]
)
def test_a_command_that_waits_for_others_is_waited_for_longer_than_it_waits_itself(command, ms):
    assert longest_s(command, ANSWER_S) * 1000 > ms


def test_all_else_is_answered_soon():
    for command in ("group", "meter", "status", "set meter sdm630", "", "meterscan"):
        assert longest_s(command, ANSWER_S) == ANSWER_S
    assert all(seconds > ANSWER_S for seconds in LONGER_S.values())
