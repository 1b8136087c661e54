"""Calibration: two or three known currents, refusals in one line, and a way back."""

from bench import host

host.load(entry="headroom.charger")
from headroom.sense.calibrations import Calibrations
from headroom.sense.clamp import Clamp, corrected


def board(clamps=2, voltage=False):
    """The calibrations of a board with so many clamps."""
    return Calibrations([Clamp(107466, 1412) for _ in range(clamps + (1 if voltage else 0))], clamps)


def test_a_point_makes_its_own_reading_true():
    one = board().all[0]
    assert one.take_point(9000, 10000) is None
    assert abs(corrected(9000, one.points()) - 10000) <= 2


def test_three_points_bend_the_line_and_each_is_met():
    one = board().all[0]
    for read_ma, true_ma in ((30420, 30000), (4900, 5000), (10000, 10000)):
        assert one.take_point(read_ma, true_ma) is None
    for read_ma, true_ma in ((4900, 5000), (10000, 10000), (30420, 30000)):
        assert abs(corrected(read_ma, one.points()) - true_ma) <= 5
    assert 5000 < corrected(7000, one.points()) < 7200


def test_what_cannot_be_right_is_refused_and_changes_nothing():
    one = board().all[0]
    one.take_point(9000, 10000)
    kept = one.points()
    for read_ma, true_ma in ((20000, 30000), (30000, 20000), (0, 10000), (900, 900), (10000, 12001), (10000, 7999)):
        wrong = one.take_point(read_ma, true_ma)
        assert wrong, (read_ma, true_ma)
        assert "\n" not in wrong
        assert one.points() == kept


def test_a_voltage_is_held_to_what_mains_can_be():
    volts = board(voltage=True).all[2]
    assert (volts.name, volts.unit) == ("V", "V")
    assert volts.take_point(228000, 231500) is None
    assert "100.00 V or more" in volts.take_point(50000, 50000)


def test_the_same_current_again_replaces_its_point_and_a_fourth_is_refused():
    one = board().all[0]
    for read_ma in (5000, 10000, 30000):
        one.take_point(read_ma, read_ma)
    assert one.take_point(10100, 10000) is None
    assert len(one.points()) == 3
    assert "reset L1" in one.take_point(60000, 60000)


def test_nothing_is_in_force_before_save_and_what_was_before_comes_back():
    every = board()
    one = every.all[0]
    one.take_point(9000, 10000)
    assert one.meter.points == ()
    assert every.changed()
    every.save()
    first = one.meter.points
    assert [point[0] for point in first] == [9000]
    one.take_point(28000, 30000)
    every.unstage()
    assert one.points() == first
    one.take_point(28000, 30000)
    every.save()
    second = one.meter.points
    every.back()
    assert one.meter.points == first
    every.back()
    assert one.meter.points == second


def test_what_is_packed_comes_back_with_what_was_before():
    every, other = board(), board()
    every.all[1].take_point(9000, 10000)
    every.save()
    every.all[1].take_point(28000, 27000)
    every.save()
    assert other.unpack(every.pack())
    assert other.all[1].meter.points == every.all[1].meter.points
    assert other.all[1].before == every.all[1].before
    assert other.all[0].meter.points == ()


def test_a_lead_is_staged_saved_packed_and_taken_back():
    every, other = board(), board()
    one = every.all[0]
    before_mdeg = one.meter.phase_mdeg
    assert one.lead(3100) is None
    assert one.meter.phase_mdeg == before_mdeg
    every.save()
    assert one.meter.phase_mdeg == 3100
    assert other.unpack(every.pack())
    assert other.all[0].meter.phase_mdeg == 3100
    assert other.all[1].meter.phase_mdeg == before_mdeg
    every.back()
    assert one.meter.phase_mdeg == before_mdeg
    assert "heater" in one.lead(10001)
    assert not every.changed()


def test_a_point_keeps_the_lead_and_a_lead_keeps_the_points():
    every = board()
    one = every.all[0]
    one.take_point(9000, 10000)
    one.lead(2500)
    one.take_point(28000, 30000)
    every.save()
    assert len(one.meter.points) == 2
    assert one.meter.phase_mdeg == 2500
    one.reset()
    every.save()
    assert one.meter.points == ()
    assert one.meter.phase_mdeg == 2000


def test_what_cannot_have_been_packed_here_is_refused_and_changes_nothing():
    every, other = board(), board()
    every.all[0].take_point(9000, 10000)
    every.all[0].take_point(28000, 30000)
    every.save()
    data = every.pack()
    too_much = bytearray(data)
    too_much[1 + 12 : 1 + 16] = (200001).to_bytes(4, "little")
    falling = bytearray(data)
    falling[1:5], falling[5:9] = data[5:9], data[1:5]
    for wrong in (b"", data[:-1], b"\xff" + data[1:], bytes(too_much), bytes(falling), board(3).pack()):
        assert not other.unpack(wrong)
        assert other.all[0].meter.points == ()
