"""Calibration: two or three known currents, refusals in one line, and a way back."""

from bench import host

host.load(entry="headroom.charger")
from headroom.sense.calibrate import Calibration
from headroom.sense.clamp import corrected


def test_a_point_makes_its_own_reading_true():
    calibration = Calibration()
    assert calibration.add(9000, 10000) is None
    assert abs(corrected(9000, calibration.points) - 10000) <= 2


def test_three_points_bend_the_line_and_each_is_met():
    calibration = Calibration()
    for read_ma, true_ma in ((30420, 30000), (4900, 5000), (10000, 10000)):
        assert calibration.add(read_ma, true_ma) is None
    for read_ma, true_ma in ((4900, 5000), (10000, 10000), (30420, 30000)):
        assert abs(corrected(read_ma, calibration.points) - true_ma) <= 5
    assert 5000 < corrected(7000, calibration.points) < 7200


def test_what_cannot_be_right_is_refused_and_changes_nothing():
    calibration = Calibration()
    calibration.add(9000, 10000)
    kept = calibration.points
    for read_ma, true_ma in ((20000, 30000), (30000, 20000), (0, 10000), (500, 500)):
        assert calibration.add(read_ma, true_ma)
        assert calibration.points == kept


def test_the_same_current_again_replaces_its_point_and_a_fourth_is_refused():
    calibration = Calibration()
    for read_ma in (5000, 10000, 30000):
        calibration.add(read_ma, read_ma)
    assert calibration.add(10100, 10000) is None
    assert len(calibration.points) == 3
    assert "undo" in calibration.add(60000, 60000)


def test_the_last_point_can_be_taken_back():
    calibration = Calibration()
    calibration.add(9000, 10000)
    calibration.add(28000, 30000)
    calibration.undo()
    assert [point[0] for point in calibration.points] == [9000]
