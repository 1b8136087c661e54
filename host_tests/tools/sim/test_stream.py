"""What the runner says becomes records, and nonsense becomes one line."""

import pytest
from headroom_tools.common.errors import SimulatorFailed
from headroom_tools.sim.stream import Change, Progress, Reaction, Segment, read


def test_the_truth_holds_until_the_next_line_and_the_last_until_the_end():
    lines = ["R 0 A 0 0 5000 0 0 0 0 0", "R 1500 C 16000 1 5000 16000 1 2 3 4", "Z 4000"]
    assert list(read(lines)) == [
        Segment(0, 1500, "A", 0, False, (5000, 0, 0), (0, 0, 0)),
        Segment(1500, 4000, "C", 16000, True, (5000, 1, 3), (16000, 2, 4)),
    ]


def test_of_lines_at_the_same_time_the_last_one_counts():
    lines = ["R 0 A 0 0 0 0 0 0 0 0", "R 0 B 0 0 0 0 0 0 0 0", "Z 10"]
    assert [record.state for record in read(lines)] == ["B"]


def test_changes_reactions_and_progress():
    lines = ["V 20 0 16000 headroom back: 16.0 A free", "Q 30 75", "P 40", "W status a b c", "Z 50"]
    assert list(read(lines)) == [Change(20, 0, 16000, "headroom back: 16.0 A free"), Reaction(30, 75), Progress(40)]


@pytest.mark.parametrize(
    "line", ["", "X 1", "R 0 A 0 0", "R x A 0 0 0 0 0 0 0 0", "V 1 2", "Q 1", "P", "Z", "Traceback"]
)
def test_a_line_nobody_expects_fails(line):
    with pytest.raises(SimulatorFailed, match="it said something unknown"):
        list(read([line, "R 1 A 0 0 0 0 0 0 0 0", "Z 2"]))


def test_a_stream_without_its_end_fails():
    with pytest.raises(SimulatorFailed, match="it ended before its time"):
        list(read(["R 0 A 0 0 0 0 0 0 0 0"]))
