"""A lease ends by itself, on the charger's own clock, whatever becomes of the leader's frames."""

import pytest
from headroom.guard.lease import ALL, HOLD_MS, LEASE_MS, QUIET_MS, SETTLE_MS, Lease, newer

SAFE_MA = 6000
LEADER, OTHER = 71, 72


@pytest.fixture
def lease():
    """Of a charger that has been on for a while and answers LEADER."""
    one = Lease(SAFE_MA, salt=65530)
    pass_time(one, HOLD_MS)
    assert one.ask(LEADER, 1)
    return one


def pass_time(one, ms):
    for _ in range(ms // 25):
        one.step(25)


def take(one, ma, seq=1, token=None, leader=LEADER, epoch=1, phases=ALL):
    return one.take(leader, epoch, seq, one.clock if token is None else token, ma, phases)


def test_a_start_offers_nothing_and_answers_nobody_until_all_that_was_lent_to_others_is_over():
    one = Lease(SAFE_MA)
    pass_time(one, HOLD_MS - 25)
    assert one.bound_ma(ALL) == 0
    assert not one.ask(LEADER, 1)
    pass_time(one, 25)
    assert one.bound_ma(ALL) == SAFE_MA
    assert one.ask(LEADER, 1)


def test_a_lease_above_the_safe_share_falls_to_it_when_it_ends(lease):
    take(lease, 16000)
    pass_time(lease, LEASE_MS - 25)
    assert lease.bound_ma(ALL) == 16000
    pass_time(lease, 25)
    assert lease.bound_ma(ALL) == SAFE_MA


def test_a_lease_below_the_safe_share_holds_as_long_as_the_leader_may_count_on_it(lease):
    take(lease, 0)
    pass_time(lease, HOLD_MS - 25)
    assert lease.bound_ma(ALL) == 0
    pass_time(lease, 25)
    assert lease.bound_ma(ALL) == SAFE_MA


def test_a_lease_runs_from_its_token_and_not_from_its_arrival(lease):
    token = lease.clock
    pass_time(lease, LEASE_MS - 1000)
    take(lease, 16000, token=token)
    assert lease.bound_ma(ALL) == 16000
    pass_time(lease, 1000)
    assert lease.bound_ma(ALL) == SAFE_MA


def test_a_frame_that_was_under_way_for_longer_than_a_lease_raises_nothing(lease):
    token = lease.clock
    pass_time(lease, LEASE_MS)
    take(lease, 32000, token=token)
    assert lease.bound_ma(ALL) == SAFE_MA


def test_a_cut_counts_however_late_it_comes(lease):
    take(lease, 16000, seq=1)
    take(lease, 6000, seq=2, token=lease.clock - 500)
    assert lease.bound_ma(ALL) == 6000


@pytest.mark.parametrize("seq", [4, 5])
def test_a_frame_that_was_overtaken_or_comes_again_says_nothing(lease, seq):
    assert take(lease, 10000, seq=5)
    assert not take(lease, 32000, seq=seq)
    assert lease.bound_ma(ALL) == 10000


def test_nobody_else_is_answered_while_the_leader_counts_on_this_charger(lease):
    pass_time(lease, HOLD_MS - 25)
    assert not lease.ask(OTHER, 1)
    assert not take(lease, 32000, leader=OTHER)
    pass_time(lease, 25)
    assert lease.ask(OTHER, 1)
    assert not take(lease, 32000, leader=LEADER)


def test_a_leader_that_has_started_anew_goes_on_and_its_earlier_frames_say_nothing(lease):
    assert take(lease, 10000, seq=500, epoch=1)
    assert lease.ask(LEADER, 2)
    assert lease.bound_ma(ALL) == 10000
    assert not take(lease, 32000, seq=501, epoch=1)
    assert not lease.ask(LEADER, 1)
    assert take(lease, 12000, seq=1, epoch=2)


def test_a_car_on_phases_that_nobody_counted_on_gets_nothing(lease):
    take(lease, 16000, phases=1)
    assert lease.bound_ma(1) == 16000
    assert lease.bound_ma(3) == 0


def test_after_a_cut_the_car_may_still_draw_what_it_had_for_its_time(lease):
    take(lease, 16000)
    lease.follow(25, 16000, True)
    take(lease, 6000, seq=2)
    lease.follow(25, 6000, True)
    assert lease.most_ma() == 16000
    for _ in range(SETTLE_MS // 25):
        lease.follow(25, 6000, True)
    assert lease.most_ma() == 6000


def test_a_car_without_an_offer_may_draw_until_the_contactor_opens(lease):
    lease.follow(25, 16000, True)
    take(lease, 0, seq=2)
    for _ in range(10 * SETTLE_MS // 25):
        lease.follow(25, 0, True)
    assert lease.most_ma() == 16000
    lease.follow(25, 0, False)
    assert lease.most_ma() == 0


def test_counts_of_16_bits_go_round():
    assert newer(0, 65535)
    assert not newer(65535, 0)
    assert not newer(7, 7)


def test_a_leader_that_has_lost_its_memory_and_counts_its_starts_anew_is_answered_after_the_hold():
    one = Lease(SAFE_MA)
    one.step(HOLD_MS)
    assert one.ask(LEADER, 57)
    assert not one.ask(LEADER, 1)
    one.step(HOLD_MS - 1)
    assert not one.ask(LEADER, 1), "it may be an old word of the same board's"
    one.step(1)
    assert one.ask(LEADER, 1)
    assert one.take(LEADER, 1, 1, one.clock, 10000, 7)
    assert one.bound_ma(7) == 10000


LEAST_MA = 7000


def test_a_leader_that_falls_silent_leaves_no_more_than_the_least_until_it_leases_anew(lease):
    take(lease, 16000)
    pass_time(lease, QUIET_MS)
    assert lease.offer_ma(ALL, LEAST_MA) == 16000
    pass_time(lease, 25)
    assert lease.offer_ma(ALL, LEAST_MA) == LEAST_MA
    assert lease.bound_ma(ALL) == 16000, "what the leader counts with is as before"
    lease.near(LEADER)
    assert lease.ask(LEADER, 1)
    pass_time(lease, 25)
    assert lease.offer_ma(ALL, LEAST_MA) == LEAST_MA, "that it lives says nothing of the house"
    take(lease, 12000, seq=2)
    pass_time(lease, 25)
    assert lease.offer_ma(ALL, LEAST_MA) == 12000


def test_a_leader_is_heard_in_whatever_it_says_to_others_and_no_other_board_stands_for_it(lease):
    take(lease, 16000)
    for _ in range(10):
        pass_time(lease, QUIET_MS - 25)
        lease.near(LEADER)
    assert lease.offer_ma(ALL, LEAST_MA) == 16000
    for _ in range(3):
        pass_time(lease, QUIET_MS - 25)
        lease.near(OTHER)
    assert lease.offer_ma(ALL, LEAST_MA) == LEAST_MA


def test_a_silent_leader_leaves_a_safe_share_above_the_least_whole_and_a_lease_below_it_too():
    one = Lease(safe_ma=8000)
    pass_time(one, HOLD_MS)
    one.ask(LEADER, 1)
    take(one, 16000)
    pass_time(one, QUIET_MS + 25)
    assert one.offer_ma(ALL, LEAST_MA) == 8000
    take(one, 3000, seq=2)
    pass_time(one, QUIET_MS + 25)
    assert one.offer_ma(ALL, LEAST_MA) == 3000
