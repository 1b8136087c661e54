"""Boards out of the bag: which are good, which have a bad part, and how both are counted. `make jig-boards` runs them."""

import random

from headroom_tools.jig import bag
from headroom_tools.jig.limits import limit


def test_every_fourth_board_has_a_bad_part_and_each_part_has_its_turn():
    broken = [bag.broken_part(seed, random.Random(seed)) for seed in range(1, 4 * len(bag.BAD) + 1)]
    assert [bool(each) for each in broken[:8]] == [False, False, False, True] * 2
    assert {each.split()[1] for each in broken if each} == {name for name, _, _ in bag.BAD}


def test_a_bad_part_is_out_of_what_a_good_board_has():
    for name, _, (low, high) in bag.BAD:
        if name in bag.GOOD:
            good_low, good_high = bag.GOOD[name]
            assert high < good_low or low > good_high, name


def test_the_pilots_supplies_are_good_inside_and_bad_outside_of_the_sheets_limits():
    for name, limits in (("pilot_high_mv", limit("pilot_high")), ("pilot_low_mv", limit("pilot_low"))):
        low, high = bag.GOOD[name]
        assert limits.low <= low <= high <= limits.high
        for bad, _, (least, most) in bag.BAD:
            assert bad != name or most < limits.low or least > limits.high


def test_both_counts_and_every_wrong_verdict_are_told():
    found = [
        bag.Found(1, "", (), (), ""),
        bag.Found(2, "", (), ("gain.L1.5A", "gain.L2.5A"), ""),
        bag.Found(3, "", (400,), (), "400: gain"),
        bag.Found(4, "part ntc_c 10", (420,), (), "420: temperature"),
        bag.Found(8, "part ntc_c 9", (), (), ""),
    ]
    assert bag.told(found) == [
        "3 good boards: 2 passed, 1 of them marginal; 1 failed",
        "2 boards with a part out of tolerance: 1 failed, 1 passed",
        "marginal in good boards: gain 2",
        "wrong: board 3, good, fails: 400: gain",
        "wrong: board 8, part ntc_c 9, passes",
    ]


def test_each_board_is_told_as_it_is_done():
    assert bag.one_line(bag.Found(2, "", (), ("gain.L1.5A",), "")) == "board 2, good: passes, 1 marginal"
    assert bag.one_line(bag.Found(4, "part ntc_c 10", (420,), (), "")) == "board 4, part ntc_c 10: fails 420"
