"""Trust: a doubtful meter costs the offer in stages, is named, and gives it back by a ramp."""

from headroom.decide import quality, reasons
from headroom.decide.records import Limits, Proposal, Readings, Verdict
from headroom.decide.trust import Trust

TICK_MS = 25


class Metered:
    """A car charging with 20 A at a supply that carries 22 A; a law that would like to give 32 A."""

    def __init__(self):
        self.limits = Limits()
        self.limits.charger_ma = 32000
        self.limits.breaker_ma = 40000
        self.trust = Trust(self.limits)
        self.readings = Readings()
        self.readings.grid_ok = True
        self.readings.grid_ma[0] = 22000
        self.verdict = Verdict()
        self.verdict.closed = True
        self.verdict.offer_ma = 20000
        self.proposal = Proposal()

    def live(self, ms, wish_ma=32000):
        """Let time pass; returns the offer that is left of the wish."""
        for _ in range(ms // TICK_MS):
            self.proposal.offer_ma = wish_ma
            self.proposal.reason = reasons.RISE
            self.trust.bound(TICK_MS, self.readings, self.verdict, self.proposal)
        return self.proposal.offer_ma


def test_a_good_meter_costs_nothing():
    assert Metered().live(60000) == 32000


def test_every_word_of_doubt_reaches_the_offer_within_a_second_and_says_why():
    for word in range(1, len(quality.WORDS)):
        point = Metered()
        point.readings.quality[0] = word
        assert point.live(1000) < 32000
        assert point.proposal.reason == reasons.DOUBT
        assert point.proposal.value == word


def test_one_bad_window_is_no_doubt():
    point = Metered()
    point.readings.quality[0] = quality.CLIPPED
    assert point.live(200) == 32000
    point.readings.quality[0] = quality.FINE
    assert point.live(1000) == 32000


def test_a_flat_clamp_holds_then_allows_a_safe_current_then_pauses():
    point = Metered()
    point.readings.quality[0] = quality.FLAT
    assert point.live(1000) == 20000
    assert point.live(point.limits.trust_hold_ms) == point.limits.trust_safe_ma
    assert point.live(point.limits.trust_pause_ms) == 0


def test_a_clipped_reading_hides_an_overload_and_is_not_held():
    point = Metered()
    point.readings.quality[0] = quality.CLIPPED
    assert point.live(400) == point.limits.trust_safe_ma


def test_a_hold_never_raises_and_never_stops_the_law_from_cutting():
    point = Metered()
    point.readings.quality[0] = quality.NOISY
    assert point.live(1000, wish_ma=7000) == 7000


def test_it_comes_back_by_a_ramp_after_it_has_stayed_good():
    point = Metered()
    point.readings.quality[0] = quality.CLIPPED
    point.live(2000)
    point.readings.quality[0] = quality.FINE
    assert point.live(point.limits.trust_back_ms - 500) == point.limits.trust_safe_ma
    after = point.live(1500)
    assert point.limits.trust_safe_ma < after < 10000
    assert point.live(60000) == 32000


def test_a_clamp_that_sees_nothing_while_the_car_charges_leaves_a_safe_current_only():
    point = Metered()
    point.readings.grid_ma[0] = 0
    assert point.live(3500) == 20000
    assert point.live(3600000) == point.limits.trust_safe_ma


def test_where_the_house_always_draws_something_less_is_a_clamp_that_fell_off():
    point = Metered()
    point.limits.idle_ma = 200
    point.readings.grid_ma[0] = 40
    assert point.live(1000) == 20000
    assert point.trust.word == quality.FLAT


def test_more_than_the_fuse_passes_is_no_reading():
    point = Metered()
    point.readings.grid_ma[0] = 6 * 40000 + 1
    point.live(1000)
    assert point.trust.word == quality.IMPLAUSIBLE


def test_a_phase_the_charger_does_not_use_does_not_matter():
    point = Metered()
    point.readings.quality[2] = quality.STALE
    assert point.live(5000) == 32000
