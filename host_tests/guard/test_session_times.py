"""The session by itself, to the millisecond: when each of its times runs out, and where it then goes."""

from bench import host

host.load()
from headroom.guard import pilot, session
from headroom.guard.faults import GRACEFULLY, NOW
from headroom.guard.pilot import UNKNOWN, A, B, C, D, E, F
from headroom.guard.session import (
    CHARGING,
    DONE,
    FAULT,
    IDLE,
    OFF,
    OFFERED,
    PAUSED,
    PLUGGED,
    PWM,
    STEADY,
    STOPPING,
    WAKING,
)
from headroom.terms.records import Limits, Verdict


class Plug:
    """A session and what it is told; ``live`` lets milliseconds pass one by one."""

    def __init__(self, **limits):
        self.limits = Limits()
        for name, value in limits.items():
            setattr(self.limits, name, value)
        self.session = session.Session(self.limits)
        self.verdict = Verdict()
        self.car = A
        self.offer_ma = 16000
        self.severity = 0
        self.may_offer = self.may_close = True

    def live(self, ms, car=None, step_ms=1):
        """Returns (state, closed, offer_ma, what the pilot does)."""
        self.car = self.car if car is None else car
        for _ in range(ms // step_ms):
            another = pilot.another_car(self.car, 0)
            self.session.step(
                step_ms, self.car, another, self.offer_ma, self.severity, self.may_offer, self.may_close, self.verdict
            )
        return self.now()

    def now(self):
        """(state, closed, offer_ma, what the pilot does)."""
        verdict = self.verdict
        return verdict.session, verdict.closed, verdict.offer_ma, self.session.pilot

    def lasts(self, most_ms=100000):
        """ms until the state changes."""
        was = self.verdict.session
        for ms in range(1, most_ms):
            if self.live(1)[0] != was:
                return ms
        return None

    def charging(self):
        """A car that charges."""
        self.live(4000, A)
        self.live(10, B)
        self.live(600, C)
        assert self.now() == (CHARGING, True, 16000, PWM)
        return self


IN_IDLE = (IDLE, False, 0, STEADY)


def test_three_seconds_of_steady_pilot_come_before_an_offer():
    plug = Plug()
    assert plug.live(2999, B) == (PLUGGED, False, 0, STEADY)
    assert plug.live(1) == (OFFERED, False, 16000, PWM)
    plug = Plug()
    assert plug.live(10000, A) == IN_IDLE
    assert plug.live(1, B) == (OFFERED, False, 16000, PWM), "they have passed before the car came"


def test_c_holds_for_half_a_second_before_power():
    plug = Plug()
    plug.live(4000, A)
    plug.live(10, B)
    assert plug.live(499, C) == (OFFERED, False, 16000, PWM)
    assert plug.live(1) == (CHARGING, True, 16000, PWM)


def test_a_break_in_c_starts_its_half_second_anew():
    for other in (B, UNKNOWN, A, D):
        plug = Plug()
        plug.live(4000, A)
        plug.live(10, B)
        plug.live(499, C)
        plug.live(1, other)
        plug.live(499, C)
        assert not plug.verdict.closed


def test_without_leave_it_neither_offers_nor_closes():
    plug = Plug()
    plug.may_offer = False
    assert plug.live(10000, B) == (PLUGGED, False, 0, STEADY)
    plug.may_offer, plug.may_close = True, False
    assert plug.live(10000, C) == (OFFERED, False, 16000, PWM)
    plug.may_close = True
    assert plug.live(1)[0] == CHARGING
    plug = Plug()
    plug.live(4000, A)
    plug.live(10, B)
    plug.may_offer = False
    assert plug.live(1) == (PAUSED, False, 0, STEADY)


def test_thirty_milliseconds_of_b_open():
    plug = Plug().charging()
    assert plug.live(29, B) == (CHARGING, True, 16000, PWM)
    assert plug.live(1) == (DONE, False, 16000, PWM)


def test_c_in_between_starts_them_anew():
    plug = Plug().charging()
    plug.live(29, B)
    plug.live(1, C)
    assert plug.live(29, B)[1]
    assert not plug.live(1)[1]


def test_they_run_from_the_sight_of_b_and_on_through_what_is_unreadable():
    plug = Plug().charging()
    assert plug.live(1000, UNKNOWN)[1]
    plug.live(1, B)
    assert plug.live(28, UNKNOWN)[1]
    assert not plug.live(1)[1]


def test_d_is_c_where_there_is_ventilation_and_b_where_there_is_none():
    plug = Plug().charging()
    assert plug.live(29, D)[1]
    assert not plug.live(1)[1]
    assert plug.live(5000, D)[0] == DONE
    plug = Plug(ventilation=True).charging()
    assert plug.live(5000, D) == (CHARGING, True, 16000, PWM)


def test_unplugged_or_dead_opens_in_the_same_step():
    plug = Plug().charging()
    assert plug.live(1, A) == IN_IDLE
    for state in (E, F):
        plug = Plug().charging()
        assert plug.live(1, state) == (PLUGGED, False, 0, STEADY)


def test_an_opened_contactor_rests_for_two_seconds():
    plug = Plug().charging()
    plug.live(30, B)
    assert plug.live(1999, C) == (DONE, False, 16000, PWM)
    assert plug.live(1) == (CHARGING, True, 16000, PWM)


def test_a_withdrawn_offer_ends_after_six_seconds_in_a_pause():
    plug = Plug().charging()
    plug.offer_ma = 0
    assert plug.live(1) == (STOPPING, True, 0, STEADY)
    assert plug.live(5999) == (STOPPING, True, 0, STEADY)
    assert plug.live(1) == (PAUSED, False, 0, STEADY)


def test_a_car_that_stops_meanwhile_is_opened_after_its_thirty_milliseconds():
    plug = Plug().charging()
    plug.offer_ma = 0
    plug.live(1000)
    assert plug.live(29, B)[0] == STOPPING
    assert plug.live(1) == (PAUSED, False, 0, STEADY)
    plug = Plug().charging()
    plug.live(29, B)
    plug.offer_ma = 0
    assert plug.live(1) == (PAUSED, False, 0, STEADY), "it had stopped before"


def test_a_polite_fault_leads_into_the_fault_and_not_into_the_pause():
    plug = Plug().charging()
    plug.severity = GRACEFULLY
    assert plug.live(1) == (STOPPING, True, 0, STEADY)
    assert plug.live(5999)[1]
    assert plug.live(1) == (FAULT, False, 0, STEADY)
    plug.severity = 0
    assert plug.live(1) == (PLUGGED, False, 0, STEADY)
    plug = Plug().charging()
    plug.live(29, B)
    plug.severity = GRACEFULLY
    assert plug.live(1) == (FAULT, False, 0, STEADY)
    plug = Plug()
    plug.live(4000, A)
    plug.live(10, B)
    plug.severity = GRACEFULLY
    assert plug.live(1) == (FAULT, False, 0, STEADY), "nothing to stop"


def test_a_fault_under_power_shows_f_for_330_ms_and_one_without_does_not():
    for offer_ma in (16000, 0):
        plug = Plug().charging()
        plug.offer_ma = offer_ma
        plug.live(10)
        plug.severity = NOW
        assert plug.live(1) == (FAULT, False, 0, OFF)
        plug.severity = 0
        assert plug.live(329) == (FAULT, False, 0, OFF)
        assert plug.live(1)[0] == PLUGGED
        assert plug.session.pilot == STEADY
    plug = Plug()
    plug.live(4000, A)
    plug.live(10, B)
    plug.severity = NOW
    assert plug.live(1) == (FAULT, False, 0, STEADY)


def test_f_ends_after_its_time_though_the_fault_stands():
    plug = Plug().charging()
    plug.severity = NOW
    plug.live(1)
    assert plug.live(329)[3] == OFF
    assert plug.live(1) == (FAULT, False, 0, STEADY)
    assert plug.live(5000, C) == (FAULT, False, 0, STEADY)


def test_a_car_that_leaves_while_a_fault_stands_has_left_once_f_has_had_its_time():
    plug = Plug().charging()
    plug.severity = NOW
    assert plug.live(1, A) == (FAULT, False, 0, OFF)
    assert plug.live(329) == (FAULT, False, 0, OFF)
    assert plug.live(1) == (IDLE, False, 0, STEADY)
    assert plug.live(5000) == (IDLE, False, 0, STEADY)
    assert plug.live(1, B) == (FAULT, False, 0, STEADY)


def test_after_f_the_pilot_is_steady_for_three_seconds_again():
    plug = Plug().charging()
    plug.severity = NOW
    plug.live(1, B)
    plug.severity = 0
    plug.live(330)
    assert plug.live(2999)[0] == PLUGGED
    assert plug.live(1)[0] == OFFERED


def test_a_sleeping_car_is_woken_after_thirty_seconds_by_4_4_and_30_seconds():
    plug = Plug()
    plug.live(4000, A)
    plug.live(1, B)
    for number, wakes_ms, steady_ms in ((1, 4000, 1), (2, 4000, 3000), (3, 30000, 3000)):
        assert plug.lasts() == 30000, "of offer"
        assert plug.now() == (WAKING, False, 0, STEADY if number == 1 else OFF)
        assert plug.lasts() == wakes_ms
        assert plug.now() == (PLUGGED, False, 0, STEADY)
        assert plug.lasts() == steady_ms
        assert plug.now() == (OFFERED, False, 16000, PWM)
    assert plug.lasts(40000) is None, "then it is left alone"


def test_wake_ups_are_counted_anew_for_another_plug_and_after_a_charge():
    for renew in ((A, 3000), (C, 600)):
        plug = Plug()
        plug.live(4000, A)
        plug.live(200000, B)
        assert plug.session.wakes == 3
        assert plug.now()[0] == OFFERED
        plug.live(renew[1], renew[0])
        assert plug.session.wakes == 0


def test_a_car_unplugged_while_it_is_woken_leaves_no_wake_ups_to_the_next():
    plug = Plug()
    plug.live(4000, A)
    plug.live(30500, B)
    assert (plug.now()[0], plug.session.wakes) == (WAKING, 1)
    plug.live(1, A)
    assert plug.session.wakes == 0


def test_after_a_pause_of_half_a_minute_a_car_that_was_left_alone_is_woken_again():
    for pause_ms, wakes in ((29999, 3), (30000, 0)):
        plug = Plug()
        plug.live(4000, A)
        plug.live(10, B)
        plug.session.wakes = 3
        plug.offer_ma = 0
        assert plug.live(pause_ms)[0] == PAUSED
        plug.offer_ma = 16000
        assert plug.live(1)[0] == OFFERED
        assert plug.session.wakes == wakes


def test_a_car_that_stopped_by_itself_is_not_woken():
    plug = Plug().charging()
    assert plug.live(60000, B) == (DONE, False, 16000, PWM)


def test_after_a_car_with_s2_one_without_is_known_by_its_c_all_the_same():
    plug = Plug().charging()
    plug.live(1000, A)
    plug.live(1000, C)
    assert plug.session.simplified


def test_a_car_without_s2_shows_c_for_200_ms_after_a_and_nothing_else():
    plug = Plug()
    plug.live(4000, A)
    plug.live(199, C)
    assert not plug.session.simplified
    plug.live(1)
    assert plug.session.simplified
    plug.live(1, UNKNOWN)
    assert plug.session.simplified
    plug.live(1, B)
    assert not plug.session.simplified, "it has an S2 after all"
    plug.live(1000, C)
    assert not plug.session.simplified
    plug.live(1, A)
    plug.live(200, C)
    plug.live(1, A)
    assert not plug.session.simplified


def test_an_unreadable_pilot_moves_nothing_by_itself_while_the_contactor_is_open():
    plug = Plug()
    plug.live(4000, A)
    assert plug.live(100, UNKNOWN) == IN_IDLE
    plug.live(10, B)
    plug.offer_ma = 0
    assert plug.live(100, UNKNOWN) == (PAUSED, False, 0, STEADY), "but that nothing is offered any more"
    plug.offer_ma = 16000
    assert plug.live(10000, UNKNOWN)[0] == PAUSED


def test_nothing_to_offer_is_plugged_from_idle_and_paused_from_an_offer():
    plug = Plug()
    plug.offer_ma = 0
    plug.live(4000, A)
    assert plug.live(1, B) == (PLUGGED, False, 0, STEADY)
    assert plug.live(100) == (PLUGGED, False, 0, STEADY)
    plug.offer_ma = 16000
    assert plug.live(1)[0] == OFFERED
    plug.offer_ma = 0
    assert plug.live(1)[0] == PAUSED
    assert plug.live(1000)[0] == PAUSED
    plug.offer_ma = 16000
    assert plug.live(1000)[0] == PAUSED, "until the pilot has been steady for its time"
    plug = Plug().charging()
    plug.live(100, B)
    plug.offer_ma = 0
    assert plug.live(1)[0] == PAUSED, "from done too"


def test_every_timer_stops_at_its_edge():
    plug = Plug()
    edges = (
        ("in_state_ms", session.WAKE_AFTER_MS), ("ready_ms", session.CLOSE_AFTER_MS),
        ("left_ms", session.OPEN_AFTER_MS), ("open_ms", session.RECLOSE_MS), ("steady_ms", session.STEADY_MS),
    )  # fmt: skip
    plug.may_close = False
    for car in (A, C, B):
        plug.live(200000, car, 1000)
        for name, edge_ms in edges:
            assert getattr(plug.session, name) <= edge_ms + 1000, name
        plug.offer_ma = 0
    assert plug.session.off_ms == 0
    plug = Plug().charging()
    plug.severity = NOW
    plug.live(1)
    plug.live(3000, A, 1000)
    assert -1000 <= plug.session.off_ms <= 0


def test_a_timer_that_is_at_its_edge_stays_there():
    plug = Plug()
    plug.may_close = False
    plug.live(40000, A)
    assert plug.session.open_ms == 2000
    assert plug.session.left_ms == 30
    assert plug.session.steady_ms == 3000
    assert plug.session.in_state_ms == 30000
    plug.live(5000, C)
    assert plug.session.ready_ms == 500
    assert plug.session.off_ms == 0


def test_states_have_names_and_numbers_of_their_own():
    states = (IDLE, PLUGGED, OFFERED, CHARGING, STOPPING, PAUSED, DONE, FAULT, WAKING)
    assert [session.NAMES[state] for state in states] == list(session.NAMES)
    assert len({STEADY, PWM, OFF}) == 3
    assert len({pilot.LETTERS[state] for state in (UNKNOWN, A, B, C, D, E, F)}) == 7


def test_an_offer_that_is_withdrawn_while_the_pilot_is_unreadable_is_a_pause_with_its_three_seconds():
    plug = Plug()
    plug.live(3000)
    plug.live(10, B)
    plug.offer_ma = 0
    plug.live(1, UNKNOWN)
    plug.offer_ma = 16000
    assert plug.live(session.STEADY_MS - 1, B) == (PAUSED, False, 0, STEADY)
    assert plug.live(1) == (OFFERED, False, 16000, PWM)
