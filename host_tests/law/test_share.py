"""Who gets what of a circuit."""

import pytest
from headroom.law.share import (
    ALIKE,
    EQUAL,
    FIRST,
    LEFT,
    NEED,
    NOTHING,
    PRIORITY,
    REST_MS,
    STARVED_MS,
    TAKES,
    TURN_MS,
    UNKNOWN,
    WHOLE,
    Share,
)

A = 1000


def share_of(count, most_ma=32 * A):
    """All have a car that takes all it gets."""
    share = Share(count)
    for place in range(count):
        share.wants[place] = True
        share.most_ma[place] = most_ma
    return share


def live(share, ms, how, limit_ma, takes=True):
    """Second by second; each car draws what it was given."""
    for _ in range(ms // 1000):
        share.step(1000, how, limit_ma)
        if takes:
            share.drawn_ma[:] = share.ma
    return share.ma


def test_alike_is_alike():
    assert live(share_of(4), 3000, EQUAL, [40 * A] * 3) == [10 * A] * 4


def test_who_can_take_no_more_leaves_the_rest_to_the_others():
    share = share_of(3)
    share.most_ma[0] = 8 * A
    assert live(share, 3000, EQUAL, [40 * A] * 3) == [8 * A, 16 * A, 16 * A]
    assert share.why == [WHOLE, ALIKE, ALIKE]


def test_what_a_car_does_not_take_flows_on_and_comes_back_when_it_does():
    share = share_of(2)
    live(share, 3000, EQUAL, [32 * A] * 3)
    share.drawn_ma[:] = [7 * A, 16 * A]
    for _ in range(25):
        share.step(1000, EQUAL, [32 * A] * 3)
        share.drawn_ma[1] = min(share.ma[1], 32 * A)
    assert share.ma == [8500, 23500]
    assert share.why[0] == TAKES
    share.drawn_ma[0] = 8400
    share.step(1000, EQUAL, [32 * A] * 3)
    assert share.ma == [16 * A, 16 * A]


def test_one_phase_cars_on_rotated_phases_are_balanced_by_what_they_load():
    share = share_of(3)
    share.phases[:] = [1, 2, 7]
    assert live(share, 2000, EQUAL, [32 * A, 20 * A, 32 * A]) == [22 * A, 10 * A, 10 * A]


def test_a_priority_comes_first_and_the_others_get_what_is_left():
    share = share_of(3)
    share.priority[2] = 1
    assert live(share, 2000, PRIORITY, [40 * A] * 3) == [6 * A, 6 * A, 28 * A]
    assert share.why[0] == LEFT


def test_who_came_first_gets_all_that_it_takes():
    share = share_of(2)
    share.wants[0] = False
    live(share, 1000, FIRST, [32 * A] * 3)
    share.wants[0] = True
    assert live(share, 1000, FIRST, [32 * A] * 3) == [6 * A, 26 * A]


def test_who_can_wait_the_shortest_comes_first_and_who_said_nothing_last():
    share = share_of(3)
    share.laxity_min[:] = [120, 30, 0x3FFF]
    assert live(share, 1000, NEED, [50 * A] * 3) == [12 * A, 32 * A, 6 * A]


def test_two_that_are_alike_urgent_do_not_take_turns_each_minute():
    share = share_of(2)
    share.laxity_min[:] = [60, 61]
    live(share, 1000, NEED, [11 * A] * 3)
    share.laxity_min[:] = [65, 61]
    assert live(share, 60000, NEED, [11 * A] * 3) == [11 * A, 0]
    share.laxity_min[:] = [90, 61]
    live(share, REST_MS + 3000, NEED, [11 * A] * 3)
    assert share.ma[1] == 11 * A


@pytest.mark.parametrize("how", [EQUAL, PRIORITY])
def test_when_not_all_can_have_their_least_they_take_turns_and_each_wait_is_bounded(how):
    share = share_of(5)
    had_ms, longest_ms, waited_ms = [0] * 5, [0] * 5, [0] * 5
    for _ in range(4 * 3600):
        share.step(1000, how, [13 * A] * 3)
        assert sum(share.ma) <= 13 * A
        for place in range(5):
            had_ms[place] += 1000 if share.ma[place] else 0
            waited_ms[place] = 0 if share.ma[place] else waited_ms[place] + 1000
            longest_ms[place] = max(longest_ms[place], waited_ms[place])
    assert min(had_ms) > 0.7 * max(had_ms)
    assert max(longest_ms) <= 2 * 2 * TURN_MS  # two rounds, of turns that have grown to twice their length
    assert max(share.turns) <= 4 * 3600000 // TURN_MS


def test_turns_grow_longer_for_a_car_that_was_interrupted_often():
    share = share_of(3)
    for _ in range(8 * 3600):
        share.step(1000, EQUAL, [6500] * 3)
    assert max(share.turns) <= 8


@pytest.mark.parametrize("how", [FIRST, NEED, PRIORITY])
def test_a_visitor_with_the_last_place_is_not_starved(how):
    share = share_of(2)
    share.priority[1], share.laxity_min[1] = 2, 0
    share.wants[0] = False
    live(share, 1000, how, [11 * A] * 3)
    share.wants[0] = True
    had_ms = 0
    for _ in range(2 * STARVED_MS // 1000):
        share.step(1000, how, [11 * A] * 3)
        had_ms += 1000 if share.ma[0] else 0
    assert had_ms


def test_a_moment_of_too_little_does_not_stop_one_car_after_the_other():
    share = share_of(4)
    live(share, 3000, EQUAL, [26 * A] * 3)
    stops = 0
    for second in range(600):
        before = list(share.ma)
        share.step(1000, EQUAL, [(20 if second % 20 == 0 else 26) * A] * 3)
        stops += sum(1 for was, now in zip(before, share.ma, strict=True) if was and not now)
    assert stops <= 2


def test_a_car_that_stopped_by_itself_keeps_its_least_only_where_nobody_needs_it():
    share = share_of(2)
    share.done[0] = True
    assert live(share, 2000, EQUAL, [20 * A] * 3) == [6 * A, 14 * A]
    share.wants.append(True)
    other = share_of(2)
    other.done[0] = True
    assert live(other, 2000, EQUAL, [11 * A] * 3)[0] == 0
    assert other.why[0] == NOTHING
    full = share_of(1)
    full.done[0], full.wait_ms[0] = True, 5000000
    live(full, 2000, EQUAL, [0] * 3)
    assert full.longest_ms == 0, "it waits for nothing"


def test_what_a_full_car_is_offered_flows_to_who_takes_it_but_for_a_while_it_may_come_back():
    """A car that pauses by itself must not lose its place; one that is full must not keep 6 A from another all night."""
    share = share_of(2, 16 * A)
    live(share, 100000, EQUAL, [20 * A] * 3)
    share.done[0] = True
    assert live(share, TURN_MS - 60000, EQUAL, [20 * A] * 3) == [6 * A, 14 * A]
    assert live(share, 120000, EQUAL, [20 * A] * 3) == [0, 16 * A]
    assert live(share, 120000, EQUAL, [24 * A] * 3) == [6 * A, 16 * A], "nobody takes that"
    assert live(share, STARVED_MS - TURN_MS, EQUAL, [20 * A] * 3) == [6 * A, 14 * A], "it is asked again"


def test_who_starts_anew_again_and_again_has_waited_longer_than_anybody():
    share = share_of(5)
    had_ms, longest_ms, waited_ms = [0] * 5, 0, 0
    for second in range(8 * 3600):
        dead = second % 600 < 90
        share.wants[0] = not dead
        if second % 600 == 90:
            share.wait_ms[0] = UNKNOWN
        share.step(1000, EQUAL, [13 * A] * 3)
        for place in range(5):
            had_ms[place] += 1000 if share.ma[place] else 0
        waited_ms = 0 if share.ma[0] else waited_ms + 1000
        longest_ms = max(longest_ms, waited_ms)
    assert had_ms[0] > max(had_ms) // 3
    assert longest_ms <= STARVED_MS


def test_a_wait_that_is_not_known_of_anybody_starves_nobody():
    share = share_of(3)
    share.wait_ms[:] = [UNKNOWN] * 3
    had_ms = [0] * 3
    for _ in range(3600):
        share.step(1000, EQUAL, [7 * A] * 3)
        for place in range(3):
            had_ms[place] += 1000 if share.ma[place] else 0
    assert min(had_ms) > 0


def test_a_full_car_is_none_of_those_whose_wait_is_compared():
    share = share_of(3)
    share.done[1], share.wait_ms[1] = True, 5 * STARVED_MS
    share.wait_ms[2] = UNKNOWN
    share.step(1000, EQUAL, [0] * 3)
    assert share.has_waited_ms(2) < STARVED_MS
