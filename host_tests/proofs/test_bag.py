"""Boards out of the bag: which are good, which have a bad part, and how both are counted. `make jig-boards` runs them."""

from headroom_tools.jig.limits import limit
from proofs import bag, near


def test_every_fourth_board_has_a_bad_part_and_each_part_of_each_board_has_its_turn():
    seeds = range(1, 2 * 4 * len(bag.BOARDS["metered"]) + 1)
    broken = [bag.broken_part(seed) for seed in seeds]
    assert [bool(each) for each in broken[:8]] == [False, False, False, True] * 2
    for board, bad in bag.BOARDS.items():
        drawn = {part for seed, part in zip(seeds, broken, strict=True) if part and bag.board_of(seed) == board}
        assert drawn == set(bad), board


def test_half_of_the_boards_are_of_each_kind():
    boards = [bag.board_of(seed) for seed in range(1, 201)]
    assert {board: boards.count(board) for board in bag.BOARDS} == {"reference": 100, "metered": 100}


def test_a_bad_part_is_out_of_what_a_good_board_has_and_its_step_is_one_that_is_run():
    for bad in bag.BOARDS["metered"]:
        if bad.part in bag.GOOD:
            good_low, good_high = bag.GOOD[bad.part]
            assert bad.high < good_low or bad.low > good_high, bad
        assert bad.step in bag.STEPS


def test_the_pilots_supplies_are_good_inside_and_bad_outside_of_the_sheets_limits():
    for name, limits in (("pilot_high_mv", limit("pilot_high")), ("pilot_low_mv", limit("pilot_low"))):
        low, high = bag.GOOD[name]
        assert limits.low <= low <= high <= limits.high
        for bad in bag.BAD:
            assert bad.part != name or bad.high < limits.low or bad.low > limits.high


def test_both_counts_and_every_wrong_verdict_are_told():
    found = [
        bag.Found(1, "reference", "", 0, (), (), ""),
        bag.Found(2, "reference", "", 0, (), ("gain.L1.5A", "gain.L2.5A"), ""),
        bag.Found(3, "reference", "", 0, (400,), (), "400: gain"),
        bag.Found(4, "reference", "part ntc_c 10", 420, (420,), (), "420: temperature"),
        bag.Found(8, "metered", "part ntc_c 9", 420, (), (), ""),
    ]
    assert bag.told(found) == [
        "3 good boards: 2 passed, 1 of them marginal; 1 failed",
        "2 boards with a part out of tolerance: 1 failed, 1 passed",
        "marginal in good boards, reference: gain 1",
        "wrong: board 3, reference, good: fails 400: 400: gain",
        "wrong: board 8, metered, part ntc_c 9: passes",
    ]


def test_each_board_is_told_as_it_is_done():
    assert (
        bag.one_line(bag.Found(2, "reference", "", 0, (), ("gain.L1.5A",), ""))
        == "board 2, reference, good: passes, 1 marginal"
    )
    assert (
        bag.one_line(bag.Found(4, "metered", "part ntc_c 10", 420, (420,), (), ""))
        == "board 4, metered, part ntc_c 10: fails 420"
    )


def test_a_board_with_a_bad_part_fails_by_the_step_of_that_part():
    found = bag.judged(4)
    assert (found.board, found.broken.split()[1], found.failed) == ("reference", "pilot_high_mv", (230,))


def test_the_same_board_with_a_good_part_passes_there():
    board, place = near.fixture("reference", ("bag 4",))
    from headroom_tools.jig import worksheet

    assert [each.outcome for each in worksheet.tried(board, place, {230})] == ["pass"]
