"""The guard as a whole: what it lets through, holds, locks, remembers and says why."""

from random import Random

from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults, pilot, session
from headroom.record.events import CLEARED, CODE, KIND, RAISED, VALUE
from headroom.terms import meter_faults, reasons


def told(point):
    """(reason, phase, value, bound) of the verdict."""
    verdict = point.verdict
    return verdict.reason, verdict.phase, verdict.value, verdict.bound


def plugged(**limits):
    """A point that a car has just been plugged into, and that has something to offer."""
    point = Point(**limits)
    point.tick_ms = 10
    point.live(4000)
    point.live(50, "B")
    return point


def charging(**limits):
    """A point that charges."""
    point = plugged(**limits)
    assert point.live(1000, "C").closed
    return point


def test_the_low_plateau_shows_the_diode_for_100_ms_before_power():
    point = plugged()
    point.low_mv = -9900
    point.guard.causes.of = lambda *_: 0  # the fault is another rule's business
    assert not point.live(1000, "C").closed
    point.low_mv = -10000
    assert not point.live(90).closed
    assert point.live(10).closed


def test_a_pilot_without_pwm_shows_no_diode():
    point = plugged()
    point.live(500, "B")
    assert point.guard.diode_ms >= 100
    point.proposal.offer_ma = 0
    point.live(20)
    assert point.guard.diode_ms == 0
    point = charging()
    point.live(10, "E")
    assert point.verdict.duty_u16 == 0
    point.live(20)
    assert point.guard.diode_ms == 0


def test_the_diode_timer_stops_at_its_edge():
    point = charging()
    point.live(5000)
    assert point.guard.diode_ms == 100


def test_a_contactor_that_reads_closed_is_not_closed_again():
    point = plugged()
    point.guard.causes.of = lambda *_: 0
    point.follows = False
    point.readings.contactor_closed = True
    assert not point.live(2000, "C").closed
    point.readings.contactor_closed = False
    assert point.live(20).closed


def test_a_pilot_that_was_not_seen_is_unknown():
    point = charging()
    point.readings.pilot_ok = False
    assert point.live(50).pilot_state == pilot.UNKNOWN
    assert point.live(10).faults == 1 << faults.PILOT_UNCLEAR


def test_a_state_is_kept_by_what_it_was():
    point = charging()
    point.high_mv = 7400
    assert point.live(100).pilot_state == pilot.C
    point.live(3000, "A")
    point = plugged()
    point.high_mv = 7400
    assert point.live(50).pilot_state == pilot.UNKNOWN


def test_closed_or_read_as_closed_is_locked():
    for state in ("closed", "reads closed"):
        point = charging(socket=True, lock=True) if state == "x" else Point()
        point.follows = False
        point.readings.contactor_closed = state == "reads closed"
        point.verdict.closed = state == "closed"
        point.live(20)
        assert point.verdict.lock is (state == "reads closed")


def test_the_plug_is_held_from_plug_to_unplug():
    point = plugged()
    assert point.verdict.lock
    point.live(20, "A")
    assert not point.verdict.lock


def test_after_a_fault_it_is_released_within_five_seconds():
    point = charging()
    point.readings.residual_fault = True
    point.live(10)
    assert point.verdict.session == session.FAULT
    point.live(4990)
    assert point.verdict.lock
    point.live(10)
    assert not point.verdict.lock


def test_a_held_plug_is_released_when_the_contactor_is_open_and_not_before():
    point = charging()
    point.guard.hold(True)
    point.live(1000)
    assert point.verdict.closed
    assert point.verdict.lock
    point.live(100, "B")
    assert not point.verdict.lock
    assert point.verdict.offer_ma == 0
    point.guard.hold(False)
    point.live(4000)
    assert point.verdict.lock
    assert point.verdict.offer_ma == 16000


def test_an_unplugged_car_is_not_held_any_more():
    point = charging()
    point.guard.hold(True)
    point.live(7000)
    point.live(3000, "A")
    assert not point.guard.held
    point.charge()


def test_without_a_lock_that_holds_nothing_is_offered():
    point = Point(socket=True, lock=True)
    point.readings.proximity_ohm = 220
    point.locks = False
    point.live(4000)
    assert point.live(1000, "B").offer_ma == 0
    point.readings.locked = True
    assert point.live(20).offer_ma == 16000


def test_an_offer_that_is_withdrawn_before_and_after_a_charge_is_withdrawn():
    point = plugged()
    assert point.verdict.session == session.OFFERED
    point.proposal.offer_ma = 0
    verdict = point.live(10)
    assert (verdict.session, verdict.offer_ma, verdict.duty_u16) == (session.PAUSED, 0, 65535)
    point = charging()
    point.live(100, "B")
    assert point.verdict.session == session.DONE
    point.proposal.offer_ma = 0
    verdict = point.live(10)
    assert (verdict.session, verdict.offer_ma, verdict.duty_u16) == (session.PAUSED, 0, 65535)


def test_what_only_a_person_clears_keeps_the_pilot_off():
    point = charging()
    point.readings.residual_fault = True
    point.live(1000)
    assert point.verdict.duty_u16 == 0
    point.readings.residual_fault = False
    point.live(5000, "A")
    assert point.verdict.duty_u16 == 0
    point.guard.clear_by_person()
    assert point.live(50).duty_u16 == 65535


def test_a_stop_in_progress_keeps_the_pilot_on_and_the_car_in_sight_whoever_must_clear_its_fault():
    for car, opens_ms in (("A", 10), ("B", 30), ("C", 5910)):
        point = charging()
        point.guard.causes.of = lambda *_: 1 << faults.IMPORT_LIMIT
        assert point.live(100).closed
        assert point.guard.latched() == 1 << faults.IMPORT_LIMIT
        assert (point.verdict.offer_ma, point.verdict.duty_u16) == (0, pilot.STEADY_HIGH_U16)
        assert point.live(opens_ms - 10, car).closed or car == "A"
        assert not point.live(10).closed, car
        assert point.verdict.duty_u16 == 0, "not available, once it is open"


def test_a_pilot_that_is_off_shows_nothing_of_the_car():
    point = charging()
    point.live(10, "E")
    assert point.verdict.duty_u16 == 0
    point.live(100, "B")
    assert point.verdict.pilot_state == pilot.F
    assert point.verdict.session == session.FAULT
    assert point.verdict.faults == 1 << faults.PILOT_SHORT, "and that is no fault"


def test_a_pilot_that_reads_off_while_it_is_driven_opens_the_contactor_in_that_tick():
    point = charging()
    point.high_mv = -12000
    assert not point.live(10).closed
    assert point.verdict.faults == 0


def test_each_return_of_a_fault_is_counted_in_its_record():
    point = charging()
    for _ in range(2):
        point.live(20, "E")
        point.live(31000, "B")
    events = point.guard.events
    records = [events.at(number) for number in range(events.total)]
    assert [(record[KIND], record[CODE], record[VALUE]) for record in records] == [
        (RAISED, faults.PILOT_SHORT, 1), (CLEARED, faults.PILOT_SHORT, 0),
        (RAISED, faults.PILOT_SHORT, 2), (CLEARED, faults.PILOT_SHORT, 0),
    ]  # fmt: skip


def test_faults_that_come_together_have_a_record_each():
    point = charging()
    point.readings.residual_fault = point.readings.earth_fault = True
    point.live(10)
    events = point.guard.events
    noted = [events.at(number)[CODE] for number in range(events.total) if events.at(number)[KIND] == RAISED]
    assert noted == [faults.RESIDUAL, faults.EARTH]


def test_a_session_with_a_fault_forgives_nothing():
    point = charging()
    point.live(20, "E")
    point.live(31000, "B")
    point.live(100, "A")
    assert point.guard.protect.strikes[faults.PILOT_SHORT] == 1
    point.charge()
    point.live(100, "A")
    assert point.guard.protect.strikes[faults.PILOT_SHORT] == 0, "one without does"


def test_a_fault_that_stands_at_the_unplugging_troubles_the_next_session_too():
    point = charging()
    point.guard.protect.strikes[faults.LOCK] = 1
    point.readings.temperature_c = 80
    point.live(1100)
    point.live(100, "A")
    assert point.verdict.session == session.IDLE
    assert point.guard.troubled
    point.readings.temperature_c = 25
    point.live(100, "B")
    point.live(61000, "A")
    point.live(100, "B")
    point.live(100, "A")
    assert point.guard.protect.strikes[faults.LOCK] == 1, "it was there in part of both"
    point.live(100, "B")
    point.live(100, "A")
    assert point.guard.protect.strikes[faults.LOCK] == 0


def test_a_cause_too_short_to_count_is_no_trouble():
    point = charging()
    point.guard.protect.strikes[faults.LOCK] = 1
    point.high_mv = 4200
    point.live(40)
    point.high_mv = None
    point.live(100)
    point.live(100, "A")
    assert point.guard.protect.strikes[faults.LOCK] == 0


def test_a_failed_self_test_is_a_cause_once_and_a_person_may_try_again():
    point = Point(residual_test=True)
    point.answers = False
    point.live(4000)
    point.live(1200, "B")
    assert point.verdict.faults == 1 << faults.RESIDUAL_TEST
    point.live(2000)
    point.answers = True
    assert point.guard.clear_by_person() == 0
    point.live(1000)
    assert point.verdict.faults == 0
    assert point.verdict.offer_ma == 16000


def test_the_self_test_waits_for_an_open_contactor_and_a_car():
    point = Point(residual_test=True)
    point.answers = False
    assert not point.live(10000).residual_pulse
    point.follows = False
    point.readings.contactor_closed = True
    point.guard.causes.of = lambda *_: 0
    assert not point.live(1000, "B").residual_pulse
    point.readings.contactor_closed = False
    assert point.live(40).residual_pulse


def test_a_lost_memory_of_faults_is_a_fault_and_an_empty_one_is_none():
    point = Point()
    point.guard.latch(0)
    assert point.live(20).faults == 0
    assert point.guard.events.total == 0
    point.guard.latch(None)
    assert point.live(20).faults == 1 << faults.FAULT_MEMORY
    assert point.live(20).duty_u16 == 0
    events = point.guard.events
    assert [events.at(0)[KIND], events.at(0)[CODE], events.total] == [RAISED, faults.FAULT_MEMORY, 1]
    point.live(3000)
    assert point.guard.blackbox.cause == 1 << faults.FAULT_MEMORY


def test_a_breaker_at_risk_opens_at_once_and_is_named():
    point = charging(breaker_ma=16000)
    point.readings.grid_ma[0] = 60000
    point.live(10000)
    assert not point.verdict.closed
    assert point.fault() == "supply breaker would not wait"


def test_the_breaker_is_at_risk_once_the_contactor_is_closed_or_read_as_closed():
    for closed, reads, at_risk in ((True, False, True), (False, True, True), (False, False, False)):
        point = Point(breaker_ma=16000)
        point.guard.causes.of = lambda *_: 0
        point.follows = False
        point.readings.contactor_closed = reads
        point.readings.grid_ma[0] = 60000
        for _ in range(1500):
            point.verdict.closed = closed
            point.live(20)
        point.verdict.closed = closed
        point.live(20)
        assert point.stands(faults.BREAKER) is at_risk


def test_an_import_limit_that_is_passed_for_a_minute_is_a_fault():
    point = charging(breaker_ma=63000, import_ma=20000)
    point.readings.grid_ma[0] = 21000
    point.tick_ms = 1000
    point.live(59000)
    assert point.verdict.faults == 0
    point.live(1000)
    assert point.verdict.faults == 1 << faults.IMPORT_LIMIT


def test_a_failing_temperature_sensor_stops_politely():
    point = charging()
    point.readings.temperature_ok = False
    assert point.live(2000).offer_ma == 0
    assert point.verdict.closed
    assert point.fault() == "temperature sensor failed"
    assert not point.live(6100).closed


def test_the_button_holds_within_a_session_and_lets_go_with_the_next_press():
    point = charging()
    for held in (True, False):
        point.readings.button = True
        point.live(100)
        point.readings.button = False
        point.live(10)
        assert point.guard.held is held
    point = Point()
    point.live(4000)
    point.readings.button = True
    point.live(100)
    point.readings.button = False
    point.live(20)
    assert not point.guard.held, "nobody is there"


def test_every_verdict_says_why():
    point = Point()
    point.proposal.reason, point.proposal.phase, point.proposal.value, point.proposal.bound = reasons.RISE, 2, 33, 44
    point.live(100)
    assert told(point) == (reasons.NO_CAR, 0, 0, 0)
    point.live(20, "B")
    assert told(point) == (reasons.CHECKING, 0, 0, 0)
    point.live(4000)
    assert told(point) == (reasons.RISE, 2, 33, 44)
    point.proposal.offer_ma = 40000
    point.live(20)
    assert told(point) == (reasons.CEILING, 0, 32000, 32000)
    point.readings.temperature_c = 70
    point.live(20)
    assert told(point) == (reasons.DERATED, 0, 19000, 19000)
    point.readings.temperature_c = 25
    point.proposal.offer_ma = 16000
    point.live(30000)
    assert told(point) == (reasons.WAKING, 0, 1, 0)
    point.live(5000)
    point.live(1000, "C")
    assert point.verdict.closed
    point.live(100, "B")
    assert told(point) == (reasons.CAR_DONE, 0, 16000, 0)
    point.guard.hold(True)
    point.live(20)
    assert told(point) == (reasons.HELD, 0, 0, 0)
    point.readings.earth_fault = True
    point.live(20)
    assert told(point) == (reasons.FAULT, 0, faults.EARTH, 0)


def test_an_offer_taken_back_for_a_new_self_test_is_told_as_the_checks_and_not_as_what_set_the_offer():
    point = plugged(residual_test=True)
    point.proposal.reason = reasons.HOUSEHOLD
    point.live(8000)
    assert point.verdict.offer_ma == 16000
    point.guard.selftest.forget()
    assert point.live(10).offer_ma == 0
    assert told(point) == (reasons.CHECKING, 0, 0, 0)
    point.limits.charger_ma = 0
    point.live(10)
    assert told(point) == (reasons.CEILING, 0, 0, 0)


def test_a_limit_that_takes_nothing_from_the_proposal_is_not_the_reason():
    point = charging()
    point.proposal.offer_ma, point.proposal.reason = 32000, reasons.RISE
    point.live(6000)
    assert point.verdict.reason == reasons.RISE


def test_an_offer_that_a_doubt_holds_where_it_was_is_told_as_the_doubt():
    point = charging()
    point.readings.grid_ok = False
    point.live(1000)
    assert point.verdict.offer_ma == 16000
    assert told(point) == (reasons.DOUBT, 0, meter_faults.STALE, 16000)


def test_a_car_without_s2_is_told_its_limit():
    point = Point()
    point.live(4000)
    point.live(1000, "C")
    assert told(point) == (reasons.SIMPLIFIED, 0, 10000, 10000)


def test_the_law_that_offers_nothing_speaks_for_itself():
    point = Point()
    point.proposal.offer_ma = 0
    point.proposal.reason = reasons.WAIT
    point.live(4000)
    point.live(100, "B")
    assert point.verdict.reason == reasons.WAIT


def test_the_offer_settles_for_five_seconds_from_its_last_change():
    point = charging()
    point.live(6000)
    point.proposal.offer_ma = 10000
    point.live(1100)
    point.proposal.offer_ma = 12000
    point.live(3900)
    assert point.verdict.offer_ma == 10000
    assert point.live(10).offer_ma == 12000


def scrawl(verdict, draw):
    """Write nonsense over all that a tick has to write anew."""
    vars(verdict).update(
        closed=draw.choice((True, False)), offer_ma=7777, duty_u16=draw.choice((0, 1, 65535)), lock=True, doubt=9,
        residual_pulse=True, pilot_state=draw.randrange(7), session=draw.randrange(9), reason=1, phase=2, value=3,
        bound=4, faults=draw.choice((0, 1 << faults.PILOT_UNCLEAR)),
    )  # fmt: skip


def test_what_was_in_force_is_read_from_its_own_record_and_never_from_the_verdict_that_is_being_written():
    draw = Random(1)
    for episode in range(40):
        plain, scrawled = [Point(residual_test=True, lock=True) for _ in range(2)]
        plain.charge(), scrawled.charge()
        for _ in range(12):
            car, offer_ma, alarm = draw.choice("ABCCCD"), draw.choice((0, 6000, 16000)), draw.randrange(9)
            for _ in range(draw.choice((2, 30, 250))):
                for point in (plain, scrawled):
                    point.car, point.proposal.offer_ma = car, offer_ma
                    point.readings.button, point.readings.earth_fault = alarm == 1, alarm == 2
                    point.readings.pilot_ok, point.follows = alarm != 3, alarm != 4
                    point.readings.grid_ma[0] = 60000 if alarm == 5 else 5000
                    point.see()
                    point.in_force.take(point.verdict)
                scrawl(scrawled.verdict, draw)
                for point in (plain, scrawled):
                    point.guard.judge(20, point.readings, point.proposal, point.in_force, point.verdict)
                assert vars(plain.verdict) == vars(scrawled.verdict), episode
                assert plain.guard.events.ring == scrawled.guard.events.ring, episode
