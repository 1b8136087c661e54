"""One row a second, as things stood at that second."""

import io

from headroom_tools.sim.series import SeriesWriter
from headroom_tools.sim.stream import Segment


def written(phases, *segments):
    file = io.StringIO()
    writer = SeriesWriter(file, phases)
    for segment in segments:
        writer.take(segment)
    return file.getvalue().splitlines()


def test_a_row_for_every_second_from_the_first_to_the_last():
    lines = written(
        1,
        Segment(0, 1500, "A", 0, False, (5000, 0, 0), (0, 0, 0)),
        Segment(1500, 1700, "B", 6000, False, (5000, 0, 0), (0, 0, 0)),
        Segment(1700, 4000, "C", 16_000, True, (5100, 0, 0), (15_900, 0, 0)),
    )
    assert lines == [
        "t_s,state,offered_a,closed,house_l1_a,car_l1_a",
        "0,A,0.000,0,5.000,0.000",
        "1,A,0.000,0,5.000,0.000",
        "2,C,16.000,1,5.100,15.900",
        "3,C,16.000,1,5.100,15.900",
    ]


def test_three_phases_have_their_columns():
    lines = written(3, Segment(0, 1000, "C", 16_000, True, (1000, 2000, 3000), (4000, 5000, 6000)))
    assert lines == [
        "t_s,state,offered_a,closed,house_l1_a,car_l1_a,house_l2_a,car_l2_a,house_l3_a,car_l3_a",
        "0,C,16.000,1,1.000,4.000,2.000,5.000,3.000,6.000",
    ]
