"""The session, plug to unplug: when the contactor may be closed and what is offered."""

from headroom.decide import pilot, session
from headroom.decide.records import Limits, Verdict
from headroom.decide.session import CLOSE_AFTER_MS, OPEN_AFTER_MS, STOP_MS, Session

TICK_MS = 10


class Point:
    """A session with a verdict to look at."""

    def __init__(self):
        self.limits = Limits()
        self.limits.charger_ma = 32000
        self.session = Session(self.limits)
        self.verdict = Verdict()

    def live(self, ms, state, proposal_ma=16000, fault=0):
        """Let time pass with this pilot state and proposal; returns (session, closed, offer)."""
        for _ in range(ms // TICK_MS):
            self.session.step(TICK_MS, state, proposal_ma, fault, self.verdict)
        return self.verdict.session, self.verdict.closed, self.verdict.offer_ma

    def charge(self):
        """Plug in and reach CHARGING."""
        self.live(100, pilot.A)
        self.live(100, pilot.B)
        return self.live(CLOSE_AFTER_MS + TICK_MS, pilot.C)


def test_no_car_no_offer():
    assert Point().live(1000, pilot.A) == (session.IDLE, False, 0)


def test_a_plugged_car_is_offered_what_the_law_proposes():
    assert Point().live(100, pilot.B) == (session.OFFERED, False, 16000)


def test_a_car_in_c_is_connected_after_half_a_second_and_within_three():
    point = Point()
    point.live(100, pilot.B)
    assert not point.live(CLOSE_AFTER_MS - TICK_MS, pilot.C)[1]
    assert point.live(TICK_MS, pilot.C) == (session.CHARGING, True, 16000)
    assert CLOSE_AFTER_MS < 3000


def test_a_blip_of_c_does_not_close():
    point = Point()
    for _ in range(10):
        point.live(300, pilot.C)
        assert not point.live(100, pilot.B)[1]


def test_leaving_c_opens_after_the_standards_pause():
    point = Point()
    point.charge()
    assert point.live(OPEN_AFTER_MS - TICK_MS, pilot.B)[1]
    assert point.live(TICK_MS, pilot.B) == (session.DONE, False, 16000)


def test_unplugging_opens_at_once():
    point = Point()
    point.charge()
    assert point.live(TICK_MS, pilot.A) == (session.IDLE, False, 0)


def test_a_withdrawn_offer_gives_the_car_its_seconds():
    point = Point()
    point.charge()
    assert point.live(TICK_MS, pilot.C, 0) == (session.STOPPING, True, 0)
    assert point.live(STOP_MS - TICK_MS, pilot.C, 0)[1]
    assert point.live(TICK_MS, pilot.C, 0) == (session.PAUSED, False, 0)


def test_a_car_that_stops_in_time_is_opened_cold():
    point = Point()
    point.charge()
    point.live(2000, pilot.C, 0)
    assert point.live(OPEN_AFTER_MS, pilot.B, 0) == (session.PAUSED, False, 0)


def test_a_pause_ends_with_an_offer():
    point = Point()
    point.charge()
    point.live(100, pilot.C, 0)
    point.live(1000, pilot.B, 0)
    assert point.live(100, pilot.B, 8000) == (session.OFFERED, False, 8000)


def test_a_fault_opens_whatever_the_car_says():
    for state in (pilot.A, pilot.B, pilot.C, pilot.D, pilot.E, pilot.F, pilot.UNKNOWN):
        point = Point()
        point.charge()
        assert point.live(TICK_MS, state, 16000, fault=1) == (session.FAULT, False, 0)


def test_no_offer_above_the_rating_and_none_below_the_minimum():
    for proposal_ma, offer_ma in ((80000, 32000), (32001, 32000), (6000, 6000), (5999, 0), (-1, 0)):
        assert Point().live(100, pilot.B, proposal_ma)[2] == offer_ma


def test_ventilation_is_refused_unless_the_board_says_so():
    point = Point()
    point.live(100, pilot.B)
    assert not point.live(1000, pilot.D)[1]
    point.limits.ventilation = True
    assert point.live(1000, pilot.D)[1]
