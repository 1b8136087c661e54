"""Some of the nights that the page of wishes tells of: a need that can be met is, and one that cannot is told early."""

from headroom_tools.measure.nights import Night, nights, told

COUNT = 12


def test_on_the_first_nights_every_need_that_can_be_met_is_met_and_waits_for_the_cheap_window():
    found = nights("wish", COUNT)
    assert [night.number for night in found] == list(range(COUNT))
    can = [night for night in found if night.possible_wh > night.need_wh * 1.03]
    assert len(can) >= COUNT // 2
    assert all(night.met for night in can)
    assert sum(night.cheap_wh for night in can) > 0.85 * sum(night.cheap_possible_wh for night in can)
    assert all(night.cheap_wh <= night.need_wh for night in found)


def test_a_need_is_met_beside_a_contracted_power_a_wish_for_sun_only_and_on_the_night_that_is_an_hour_longer():
    """The house leaves so little of its contract that the car is interrupted eight times; there is no sun."""
    (night,) = nights("mixed", 1, first=3)
    assert night.possible_wh > 2 * night.need_wh
    assert night.met, night


def test_a_need_that_was_missed_and_one_that_was_not_told_are_named():
    missed = Night(7, 10000, 20000, 9000, 9000, 5000, 4000, 30, 0, 600)
    text = told("a title", [missed, missed._replace(number=8, counted_wh=10000, told_min=-1)])
    assert "met on 1; missed: night 7 by 1000 Wh" in text
    assert "missed on 1, told an hour before on 0; night 7: 30 min" in text
    assert not missed.told
    assert missed._replace(stay_min=30).told, "the car came half an hour before its hour"
