"""The session, plug to unplug: when the contactor may be closed, and what is offered meanwhile."""

from bench import host

host.load()
from bench.point import Point
from headroom.guard import pilot, session
from headroom.guard.button import AGAIN_MS
from headroom.guard.session import NAMES, OPEN_AFTER_MS, RECLOSE_MS, STEADY_MS, STOP_MS, WAKE_AFTER_MS, WAKES_MS

TICK_MS = 20


def at(point):
    """Name of the session's state."""
    return NAMES[point.verdict.session]


def test_no_car_no_offer():
    point = Point()
    verdict = point.live(10000)
    assert (at(point), verdict.closed, verdict.offer_ma, verdict.duty_u16) == ("idle", False, 0, pilot.STEADY_HIGH_U16)


def test_a_plugged_car_is_offered_what_the_law_proposes():
    point = Point()
    point.live(4000)
    verdict = point.live(100, "B")
    assert (at(point), verdict.closed, verdict.offer_ma) == ("offered", False, 16000)
    assert verdict.duty_u16 == pilot.duty_u16(16000)


def test_a_car_in_c_is_connected_after_half_a_second_and_within_three():
    point = Point()
    point.live(4000)
    point.live(4000, "B")
    assert not point.live(480, "C").closed
    assert point.live(TICK_MS).closed


def test_pulses_of_c_that_wake_the_charger_do_not_close_it():
    point = Point()
    point.live(4000)
    point.live(4000, "B")
    for _ in range(3):
        assert not point.live(400, "C").closed
        assert not point.live(200, "B").closed


def test_leaving_c_opens_after_the_standards_pause():
    point = Point()
    point.charge()
    assert point.live(TICK_MS, "B").closed
    assert not point.live(OPEN_AFTER_MS - TICK_MS + 10).closed
    assert at(point) == "done"
    assert point.verdict.offer_ma == 16000, "the offer stays for the car to come back"


def test_a_car_that_comes_back_is_connected_within_three_seconds_after_a_rest():
    point = Point()
    point.charge()
    point.live(100, "B")
    assert not point.live(RECLOSE_MS - 200, "C").closed
    assert point.live(400).closed


def test_unplugging_opens_in_the_tick_that_shows_it():
    point = Point()
    point.charge()
    assert not point.live(TICK_MS, "A").closed
    assert at(point) == "idle"


def test_a_withdrawn_offer_gives_the_car_its_seconds_and_no_more():
    point = Point()
    point.charge()
    point.proposal.offer_ma = 0
    verdict = point.live(TICK_MS)
    assert (verdict.closed, verdict.offer_ma, verdict.duty_u16) == (True, 0, pilot.STEADY_HIGH_U16)
    assert point.live(STOP_MS - TICK_MS).closed
    assert not point.live(TICK_MS).closed


def test_a_car_that_stops_in_time_is_opened_cold():
    point = Point()
    point.charge()
    point.proposal.offer_ma = 0
    point.live(2000)
    assert not point.live(40, "B").closed
    assert at(point) == "paused"


def test_an_offer_that_comes_back_while_the_car_stops_waits_until_it_has_stopped():
    point = Point()
    point.charge()
    point.proposal.offer_ma = 0
    point.live(1000)
    point.proposal.offer_ma = 16000
    assert point.live(1000).offer_ma == 0
    assert at(point) == "stopping"


def test_a_pause_lasts_three_seconds_at_least():
    point = Point()
    point.charge()
    point.proposal.offer_ma = 0
    point.live(1000)
    point.live(100, "B")
    point.proposal.offer_ma = 8000
    elapsed_ms = 1100
    while point.live(TICK_MS).offer_ma == 0:
        elapsed_ms += TICK_MS
    assert STEADY_MS <= elapsed_ms <= STEADY_MS + 100


def test_the_diode_is_seen_before_the_contactor_closes():
    point = Point()
    point.live(4000)
    point.low_mv = -9000
    assert not point.live(5000, "C").closed
    assert point.fault() == "no diode in the car"


def test_a_car_that_shows_c_at_once_gets_ten_amperes():
    point = Point()
    point.live(4000)
    verdict = point.live(1000, "C")
    assert (verdict.closed, verdict.offer_ma) == (True, 10000)


def test_a_car_found_in_c_at_the_start_is_taken_for_one_without_s2_until_it_shows_b():
    point = Point()
    verdict = point.live(8000, "C")
    assert (verdict.closed, verdict.offer_ma) == (True, 10000)
    point.live(1000, "B")
    assert point.live(8000, "C").offer_ma == 16000


def test_a_car_that_shows_b_is_not_limited():
    point = Point()
    point.live(4000)
    point.live(100, "B")
    assert point.live(1000, "C").offer_ma == 16000


def test_ventilation_is_refused_unless_the_board_says_so():
    point = Point()
    point.live(4000)
    point.live(1000, "B")
    assert not point.live(5000, "D").closed
    assert point.fault() == "car needs ventilation"
    point = Point(ventilation=True)
    point.live(4000)
    point.live(1000, "B")
    assert point.live(1000, "D").closed


def test_a_sleeping_car_is_woken_three_times_and_then_left_alone():
    point = Point()
    point.live(4000)
    woken = []
    offs = 0
    was = None
    for _ in range(400000 // TICK_MS):
        verdict = point.live(TICK_MS, "B")
        if verdict.session == session.WAKING and was != session.WAKING:
            woken.append(verdict.duty_u16)
        if verdict.session == session.WAKING and verdict.duty_u16 == 0:
            offs += TICK_MS
        was = verdict.session
    assert woken == [pilot.STEADY_HIGH_U16, 0, 0]
    assert offs == WAKES_MS[1] + WAKES_MS[2]
    assert at(point) == "offered", "the offer stays"


def test_a_car_that_answers_the_wake_up_charges():
    point = Point()
    point.live(4000)
    point.live(WAKE_AFTER_MS + WAKES_MS[0] + STEADY_MS + 200, "B")
    assert at(point) == "offered"
    assert point.live(600, "C").closed


def test_a_car_that_stopped_by_itself_is_not_woken():
    point = Point()
    point.charge()
    for _ in range(20):
        point.live(10000, "B")
        assert at(point) == "done"


def test_an_unreadable_pilot_changes_nothing_for_a_moment():
    point = Point()
    point.charge()
    point.high_mv = 7600
    point.guard.session.limits = point.limits
    assert point.live(40).closed
    point.high_mv = None
    assert point.live(1000).closed
    assert point.verdict.faults == 0


def test_the_pause_before_opening_runs_from_the_sight_of_b_and_through_what_is_unreadable():
    point = Point()
    point.charge()
    point.high_mv = 7600
    assert point.live(20).closed
    point.high_mv = None
    assert point.live(20, "B").closed, "20 ms since B was seen"
    point.high_mv = 10500
    assert not point.live(20).closed


def test_a_person_at_the_button_stops_politely_and_lets_it_go_on():
    point = Point()
    point.charge()
    point.readings.button = True
    point.live(200)
    point.readings.button = False
    assert point.live(AGAIN_MS).offer_ma == 16000, "a second press may follow"
    verdict = point.live(2 * TICK_MS)
    assert (verdict.closed, verdict.offer_ma) == (True, 0)
    point.live(1000, "B")
    assert (at(point), point.verdict.offer_ma) == ("paused", 0)
    point.readings.button = True
    point.live(200)
    point.readings.button = False
    point.live(4000)
    assert point.verdict.offer_ma == 16000


def test_no_offer_above_the_rating_and_none_below_the_minimum():
    for proposal_ma, offer_ma in ((80000, 32000), (32001, 32000), (6000, 6000), (5999, 0), (-1, 0), (1 << 29, 32000)):
        point = Point()
        point.live(4000)
        point.proposal.offer_ma = proposal_ma
        assert point.live(100, "B").offer_ma == offer_ma


def test_the_offer_rises_once_in_five_seconds_and_falls_at_once():
    point = Point()
    point.charge()
    point.live(6000)
    point.proposal.offer_ma = 20000
    assert point.live(TICK_MS).offer_ma == 20000
    point.proposal.offer_ma = 24000
    assert point.live(4980).offer_ma == 20000
    assert point.live(TICK_MS).offer_ma == 24000
    point.proposal.offer_ma = 10000
    assert point.live(TICK_MS).offer_ma == 10000
    point.proposal.offer_ma = 8000
    assert point.live(TICK_MS).offer_ma == 8000
