"""The offer's hard limits: cable, temperature, circuit; and the coding of the cable."""

from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults
from headroom.guard.offer import Offer, derated_ma
from headroom.guard.proximity import BROKEN, NO_CABLE, cable_ma
from headroom.terms import reasons
from headroom.terms.records import Limits, Readings


def test_each_nominal_resistor_is_its_cable():
    for ohm, rating_ma in ((1500, 13000), (680, 20000), (220, 32000), (100, 63000)):
        for part in (970, 1000, 1030):
            assert cable_ma(ohm * part // 1000) == rating_ma


def test_between_two_codings_the_lower_rating_holds():
    for ohm, rating_ma in ((936, 20000), (937, 13000), (308, 32000), (309, 20000), (140, 63000), (141, 32000)):
        assert cable_ma(ohm) == rating_ma


def test_open_and_short_are_never_a_rating():
    assert cable_ma(4500) == 13000
    assert cable_ma(4501) == NO_CABLE
    assert cable_ma(80) == 63000
    assert cable_ma(79) == BROKEN
    assert cable_ma(0) == BROKEN


def test_more_ohm_never_allows_more():
    ratings = [cable_ma(ohm) for ohm in range(80, 6000)]
    assert ratings == sorted(ratings, reverse=True)


def socket():
    """A socket with a lock, charging over a 20 A cable."""
    point = Point(socket=True, lock=True)
    point.readings.proximity_ohm = 680
    point.proposal.offer_ma = 32000
    return point


def test_the_cable_limits_the_offer_and_is_the_reason():
    point = socket()
    point.charge()
    assert point.verdict.offer_ma == 20000
    assert (point.verdict.reason, point.verdict.bound) == (reasons.CABLE, 20000)


def test_a_cable_that_breaks_while_charging_opens_and_needs_an_unplug():
    for ohm in (9000, 10):
        point = socket()
        point.charge()
        point.readings.proximity_ohm = ohm
        assert not point.live(60).closed
        assert point.fault() == "cable coding not understood"
        point.readings.proximity_ohm = 680
        point.live(10000, "B")
        assert point.stands(faults.PROXIMITY)
        point.live(1100, "A")
        assert point.verdict.faults == 0


def test_a_car_that_is_felt_before_its_cable_is_offered_nothing_and_is_no_fault_for_half_a_second():
    point = socket()
    for _ in range(3):
        point.readings.proximity_ohm = 100000
        point.live(1000, "A")
        point.live(400, "B")
        assert (point.verdict.faults, point.verdict.offer_ma, point.verdict.closed) == (0, 0, False)
        point.readings.proximity_ohm = 680
        point.charge()
        assert point.verdict.offer_ma == 20000


def test_a_car_without_a_cable_is_a_fault_after_half_a_second_and_never_closes_meanwhile():
    point = socket()
    point.readings.proximity_ohm = 100000
    for _ in range(19):
        assert not point.live(25, "C").closed
    point.live(200, "C")
    assert point.fault() == "cable coding not understood"


def test_an_empty_socket_is_no_fault():
    point = socket()
    point.readings.proximity_ohm = 100000
    assert point.live(60000, "A").faults == 0


def test_a_tethered_cable_has_no_coding():
    point = Point()
    point.readings.proximity_ohm = 0
    point.charge()
    assert point.verdict.faults == 0


def test_the_socket_locks_before_the_offer_and_opens_on_unplug():
    point = socket()
    point.locks = False
    point.live(4000, "A")
    assert not point.verdict.lock
    verdict = point.live(1000, "B")
    assert verdict.lock
    assert verdict.offer_ma == 0, "nothing is offered before the lock holds"
    point.readings.locked = True
    assert point.live(100).offer_ma == 20000
    point.live(1000, "C")
    assert point.verdict.closed
    assert point.live(20, "A").lock is False or not point.verdict.closed
    assert not point.live(200, "A").lock


def test_a_lock_that_does_not_hold_is_a_fault_and_lets_the_plug_go():
    point = socket()
    point.locks = False
    point.live(4000, "A")
    point.live(1980, "B")
    assert point.verdict.faults == 0
    assert point.live(40).faults == 1 << faults.LOCK
    assert point.live(4900).lock
    assert not point.live(200).lock


def test_the_lock_stays_as_long_as_the_contactor_reads_closed():
    point = socket()
    point.charge()
    point.follows = False
    point.live(1000, "A")
    assert not point.verdict.closed
    assert point.verdict.lock, "the contacts may still be live"


def test_the_button_stops_the_charge_and_then_lets_the_plug_go():
    point = socket()
    point.charge()
    point.readings.button = True
    point.live(200)
    point.readings.button = False
    point.live(1000)
    assert point.verdict.closed
    assert point.verdict.lock, "never under load"
    assert (point.verdict.offer_ma, point.verdict.reason) == (0, reasons.HELD)
    point.live(100, "B")
    assert not point.verdict.closed
    assert not point.verdict.lock
    point.live(60000, "B")
    assert point.verdict.faults == 0


def test_warmth_takes_from_the_offer_along_a_straight_line():
    limits = Limits()
    limits.charger_ma = 32000
    for celsius, ma in ((-20, 32000), (65, 32000), (66, 29400), (70, 19000), (74, 8600), (75, 6000), (200, 6000)):
        assert derated_ma(limits, celsius) == ma
    point = Point()
    point.proposal.offer_ma = 32000
    point.charge()
    point.readings.temperature_c = 70
    assert point.live(20).offer_ma == 19000
    assert (point.verdict.reason, point.verdict.bound) == (reasons.DERATED, 19000)


def test_the_lowest_limit_counts_whatever_the_order():
    point = socket()
    point.charge()
    point.readings.temperature_c = 74
    assert point.live(20).offer_ma == 8600
    point.readings.temperature_c = 66
    point.live(6000)
    assert point.verdict.offer_ma == 20000


def test_no_current_between_51_and_52_5_ampere_is_offered():
    point = Point(charger_ma=80000)
    point.proposal.offer_ma = 52000
    point.live(4000)
    assert point.live(200, "B").offer_ma == 51000
    for proposal_ma, offer_ma in ((51000, 51000), (52499, 51000), (52500, 52500), (80000, 80000), (90000, 80000)):
        point = Point(charger_ma=90000)
        point.proposal.offer_ma = proposal_ma
        point.live(4000)
        assert point.live(200, "B").offer_ma == offer_ma


def test_a_proposal_above_the_rating_is_told_as_the_rating():
    point = Point()
    point.proposal.offer_ma = 60000
    point.charge()
    assert (point.verdict.reason, point.verdict.value) == (reasons.CEILING, 32000)


def offering(proposal_ma, after_ms):
    """The offer in force after proposals that stood for so many ms each; at first 16 A had stood for long."""
    point = Point()
    point.proposal.offer_ma = 16000
    point.charge()
    point.live(6000)
    for ma, ms in zip(proposal_ma, after_ms):  # noqa: B905 -- MicroPython's zip takes no strict
        point.proposal.offer_ma = ma
        point.live(ms)
    return point.verdict.offer_ma


def test_an_offer_rises_again_only_after_the_car_had_its_five_seconds():
    assert offering((9000, 10000), (4900, 20)) == 9000
    assert offering((9000, 10000), (5000, 40)) == 10000


def test_a_cut_of_less_than_a_second_is_taken_back_up_to_what_it_began_with():
    assert offering((9000, 16000), (900, 20)) == 16000
    assert offering((12000, 9000, 16000), (20, 900, 20)) == 16000
    assert offering((9000, 16100), (900, 20)) == 9000
    assert offering((9000, 16000), (1100, 20)) == 9000
    assert offering((12000, 9000, 16000), (1100, 100, 20)) == 9000


def test_a_cut_is_taken_back_once():
    assert offering((9000, 16000, 9000, 16000), (200, 20, 200, 20)) == 9000


def test_a_pause_is_not_taken_back():
    assert offering((0, 16000), (200, 1000)) == 0


class Pilot:
    """An offer by itself, of at most 32 A, and what is on the pilot; at first 16 A have stood for long."""

    def __init__(self, **limits):
        self.limits = Limits()
        self.limits.charger_ma = 32000
        for name, value in limits.items():
            setattr(self.limits, name, value)
        self.offer = Offer(self.limits)
        self.readings = Readings()
        self.ma = 16000

    def propose(self, ma, after_ms, trusted_ma=1 << 29):
        """What is on the pilot after a proposal that comes ``after_ms`` after the last."""
        to_ma = self.offer.step(after_ms, ma, trusted_ma, self.ma, self.readings, False)
        if to_ma != self.ma:
            self.offer.changed(self.ma, to_ma)
            self.ma = to_ma
        return to_ma


def test_the_five_seconds_and_the_one_are_exact():
    for after_ms, ma in ((4999, 9000), (5000, 10000)):
        pilot = Pilot()
        pilot.propose(9000, 100)
        assert pilot.propose(10000, after_ms) == ma
    for after_ms, ma in ((1000, 16000), (1001, 9000)):
        pilot = Pilot()
        pilot.propose(9000, 100)
        assert pilot.propose(16000, after_ms) == ma
    for after_ms, ma in ((1000, 16000), (1001, 9000)):
        pilot = Pilot()
        pilot.propose(12000, 100)
        pilot.propose(9000, after_ms)
        assert pilot.propose(16000, 100) == ma


def test_the_time_since_the_last_change_stays_a_small_integer():
    pilot = Pilot()
    for _ in range(3):
        pilot.propose(16000, 1 << 29)
    assert pilot.offer.settled_ms < 1 << 30


def test_of_two_equal_limits_the_chargers_own_is_the_reason():
    pilot = Pilot(socket=True)
    pilot.readings.proximity_ohm = 220
    assert pilot.propose(40000, 100, trusted_ma=32000) == 32000
    assert (pilot.offer.limit_ma, pilot.offer.reason) == (32000, reasons.CEILING)


def test_a_limit_that_is_gone_is_no_longer_the_reason():
    pilot = Pilot()
    pilot.propose(16000, 100, trusted_ma=6000)
    assert pilot.offer.reason == reasons.DOUBT
    pilot.propose(16000, 100)
    assert pilot.offer.reason == reasons.CEILING


def test_without_a_cable_the_limit_is_nothing():
    for ohm in (0, 100000):
        pilot = Pilot(socket=True)
        pilot.readings.proximity_ohm = ohm
        assert pilot.propose(16000, 100) == 0
        assert (pilot.offer.limit_ma, pilot.offer.reason) == (0, reasons.CABLE)


def test_heat_cuts_the_offer_whatever_the_households_minimum():
    for min_ma in (6000, 10000, 16000):
        limits = Limits()
        limits.charger_ma, limits.min_ma = 16000, min_ma
        assert derated_ma(limits, 65) == 16000
        assert derated_ma(limits, 70) == 11000
        assert derated_ma(limits, 75) == 6000


def test_what_heat_leaves_below_the_households_minimum_pauses():
    point = Point(min_ma=16000, charger_ma=16000)
    point.charge()
    point.readings.temperature_c = 66
    assert point.live(20).offer_ma == 0


def test_a_minimum_that_is_raised_is_not_undercut_by_a_young_offer():
    for proposal_ma in (10000, 16000):
        point = Point()
        point.proposal.offer_ma = 6000
        point.charge()
        point.live(6000)
        point.proposal.offer_ma = 7000
        point.live(100)
        point.limits.min_ma, point.proposal.offer_ma = 10000, proposal_ma
        assert point.live(20).offer_ma == 10000
        assert point.live(4900).offer_ma == 10000, "and no more before the car has followed"
        assert point.live(200).offer_ma == proposal_ma
