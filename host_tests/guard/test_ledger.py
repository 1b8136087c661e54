"""The leader gives only what nobody could have: what was taken must be shown to be given back, or have run out."""

import pytest
from headroom.guard.lease import ALL, HOLD_MS, LEASE_MS, Lease
from headroom.guard.ledger import GONE_MS, SURE_MS, Ledger

LIMIT_MA, SAFE_MA = 32000, 6000
LEADER, EPOCH = 9, 1


class Site:
    """Three members and their leader, at place 0; what is cut off hears and says nothing."""

    def __init__(self, count=3, safe_ma=SAFE_MA):
        self.leases = [Lease(safe_ma) for _ in range(count)]
        self.ledger = Ledger(count, safe_ma)
        self.cut_off = set()
        self.uses = [ALL] * count
        self.deaf = set()  # who answers and takes no lease
        self.room_ma = LIMIT_MA  # what the house leaves of the supply
        self.live(HOLD_MS + 1000, [0] * count)

    def live(self, ms, wish_ma, phases=None):
        """Half-second rounds: all are asked, a frame is sent."""
        for _ in range(ms // 500):
            for one in self.leases:
                one.step(500)
            self.ledger.step(500)
            for place in range(len(self.leases)):
                self.ask(place)
            self.grant(wish_ma, phases)
            for place, one in enumerate(self.leases):
                offer_ma = one.bound_ma(self.uses[place])
                one.follow(500, offer_ma, offer_ma > 0)

    def ask(self, place):
        one = self.leases[place]
        self.ledger.ask(place)
        if place not in self.cut_off and one.ask(LEADER, EPOCH):
            self.ledger.hear(place, one.clock, one.seq, one.bound_ma(0), one.most_ma(), self.uses[place])

    def grant(self, wish_ma, phases=None):
        book = self.ledger
        book.grant(wish_ma, phases or self.uses, [LIMIT_MA] * 3, [self.room_ma] * 3)
        for place, one in enumerate(self.leases):
            if place not in self.cut_off | self.deaf:
                one.take(LEADER, EPOCH, book.seq, book.token[place], book.ma[place], book.phases[place])

    def bounds(self):
        return [one.bound_ma(uses) for one, uses in zip(self.leases, self.uses, strict=True)]


@pytest.fixture
def site():
    return Site()


def test_all_that_is_wished_is_leased_where_it_fits(site):
    site.live(20000, [10000, 12000, 10000])
    assert site.bounds() == [10000, 12000, 10000]


def test_what_is_wished_beyond_the_circuit_is_not_leased(site):
    site.live(30000, [32000, 32000, 32000])
    assert sum(site.bounds()) <= LIMIT_MA


def test_what_is_taken_from_one_is_given_to_another_only_when_its_car_has_followed(site):
    site.live(20000, [16000, 16000, 0])
    for one in site.leases:
        one.follow = lambda *_: None  # nobody's car has moved
    site.live(3000, [16000, 0, 16000])
    assert site.bounds() == [16000, 0, 0]
    for one in site.leases:
        del one.follow
    site.live(8000, [16000, 0, 16000])
    assert site.bounds() == [16000, 0, 16000]


def test_what_a_silent_member_had_is_given_only_when_it_has_run_out(site):
    site.live(20000, [0, 32000, 0])
    site.cut_off = {1}
    site.live(GONE_MS - 1000, [0, 0, 32000])
    assert site.bounds()[2] == 0
    site.live(3000, [0, 0, 32000])
    assert site.bounds()[1] == SAFE_MA
    assert site.bounds()[2] == LIMIT_MA - SAFE_MA


def test_the_safe_share_of_a_member_is_lent_only_while_its_word_is_fresh(site):
    site.live(25000, [0, 32000, 0])
    assert site.bounds() == [0, 32000, 0]
    site.cut_off = {2}
    site.live(SURE_MS + LEASE_MS + 2000, [0, 32000, 0])
    assert site.bounds()[1] <= LIMIT_MA - SAFE_MA
    site.live(HOLD_MS, [0, 32000, 0])
    assert site.bounds() == [0, LIMIT_MA - SAFE_MA, SAFE_MA]


def test_who_is_answered_by_no_more_than_half_leads_nobody_above_the_safe_share():
    site = Site(count=4)
    site.live(20000, [8000] * 4)
    site.cut_off = {2, 3}
    site.live(HOLD_MS + LEASE_MS, [16000, 16000, 0, 0])
    assert site.bounds() == [SAFE_MA] * 4
    assert not site.ledger.leads()


def test_a_leader_that_has_just_begun_confirms_what_each_has_and_raises_nothing(site):
    site.live(20000, [10000, 12000, 10000])
    site.ledger = Ledger(3, SAFE_MA)
    for one in site.leases:
        one.epoch = EPOCH - 1
    site.live(GONE_MS - 1000, [32000, 12000, 10000])
    assert site.bounds() == [10000, 12000, 10000]


def test_one_phase_cars_on_different_phases_share_nothing(site):
    site.uses = [1, 2, 4]
    site.live(20000, [32000, 32000, 32000])
    assert site.bounds() == [32000, 32000, 32000]


def test_a_car_that_shows_another_phase_is_given_it_only_where_that_is_free(site):
    site.uses = [1, 2, 4]
    site.live(20000, [32000, 20000, 32000])
    site.uses = [1, 2, 6]
    assert site.bounds()[2] == 0
    site.live(10000, [32000, 20000, 32000])
    assert site.bounds()[2] == 12000


def test_a_member_back_from_a_long_silence_counts_with_its_safe_share_until_it_has_taken_less(site):
    site.live(25000, [0, 32000, 0])
    site.cut_off = {2}
    site.live(HOLD_MS + LEASE_MS, [0, 32000, 0])
    assert site.leases[2].bound_ma(ALL) == SAFE_MA
    site.cut_off = set()
    site.ask(2)  # it answers, and hears no frame yet
    assert site.ledger.ma[2] == 0
    assert site.ledger.then_could_ma(2, 0) == SAFE_MA
    site.live(3000, [0, 32000, 0])
    assert site.ledger.then_could_ma(2, 0) == 0


def test_what_ran_out_while_no_frame_was_sent_is_not_confirmed(site):
    site.live(20000, [26000, 0, 6000])
    site.leases[2].follow = lambda *_: None  # its car goes on for a while
    site.cut_off = {1}
    site.grant([26000, 0, 0])
    for _ in range(SURE_MS // 500 + 2):
        for one in site.leases:
            one.step(500)
        site.ledger.step(500)
        site.ask(0)
        site.ask(2)
    assert site.bounds()[0] == SAFE_MA
    site.grant([26000, 0, 0])
    assert site.bounds()[0] + SAFE_MA + site.leases[2].most_ma() <= LIMIT_MA, (
        "the silent one takes its share any moment"
    )


def test_nobody_is_given_of_what_the_house_leaves_while_another_could_still_have_it(site):
    site.room_ma = 20000
    site.live(20000, [10000, 10000, 0])
    site.deaf = {0}
    site.live(3000, [6000, 14000, 0])
    assert site.ledger.ma[:2] == [6000, 10000], "the fuse of the group would bear it, the supply would not"
    site.deaf = set()
    site.live(10000, [6000, 14000, 0])
    assert site.bounds() == [6000, 14000, 0]


def test_who_is_silent_counts_with_the_house_and_costs_the_others_nothing_of_the_rest(site):
    site.live(20000, [10000, 10000, 6000])
    site.cut_off = {2}
    site.live(GONE_MS + 1000, [10000, 10000, 0])
    site.room_ma = 20000  # what is left beside it
    site.live(10000, [6000, 14000, 0])
    assert site.bounds()[:2] == [6000, 14000]
