"""What the guard remembers: events in a ring, and a black box of the seconds around a fault; and the button."""

from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults, pilot, session
from headroom.guard.button import AGAIN_MS, LONG, NOTHING, SHORT, Button
from headroom.record import blackbox
from headroom.record.events import CLEARED, CODE, HELD, KIND, OPENED_HOT, RAISED, SECONDS, VALUE, WOKEN, Events
from headroom.record.ring import SIZE

COLUMNS = blackbox.COLUMNS.split()


def noted(point):
    """(kind, code, value) of every event there is."""
    found = []
    for number in range(point.guard.events.total):
        record = point.guard.events.at(number)
        if record:
            found.append((record[KIND], record[CODE], record[VALUE]))
    return found


def test_a_fault_is_noted_when_it_comes_and_when_it_goes():
    point = Point()
    point.charge()
    point.live(20, "E")
    point.live(31000, "B")
    assert noted(point) == [(RAISED, faults.PILOT_SHORT, 1), (CLEARED, faults.PILOT_SHORT, 0)]


def test_a_fault_that_a_person_clears_is_noted_once_and_one_that_still_stands_is_not():
    point = Point()
    point.charge()
    point.readings.residual_fault = True
    point.live(1000)
    before = noted(point)
    point.guard.clear_by_person()
    assert noted(point) == before
    point.readings.residual_fault = False
    point.live(5000, "A")
    for _ in range(2):
        point.guard.clear_by_person()
        point.live(1000, "A")
    assert noted(point)[len(before) :] == [(CLEARED, faults.RESIDUAL, 1)]


def test_every_fault_that_a_person_clears_is_noted():
    for code in range(1, faults.COUNT):
        point = Point()
        point.guard.latch(1 << code)
        point.tick_ms = 6000
        point.live(min(faults.GONE_MS[code], 60000) + 12000)
        assert noted(point) == []
        assert point.guard.clear_by_person() == 0, faults.NAME[code]
        assert noted(point) == [(CLEARED, code, 1)]


def test_every_fault_there_is_is_noted():
    for code in range(1, faults.COUNT):
        point = Point()
        point.guard.causes.of = lambda *_, code=code: 1 << code
        point.tick_ms = 6000
        point.live(12000)
        assert noted(point) == [(RAISED, code, 1)]


def test_opening_under_load_is_noted_with_its_cause():
    point = Point()
    point.charge()
    point.readings.residual_fault = True
    point.live(40)
    assert noted(point) == [(RAISED, faults.RESIDUAL, 1), (OPENED_HOT, faults.RESIDUAL, 0)]
    point = Point()
    point.charge()
    point.proposal.offer_ma = 0
    point.live(7000)
    assert noted(point) == [(OPENED_HOT, 0, 0)]


def test_opening_cold_is_not_noted():
    point = Point()
    point.charge()
    point.live(1000, "B")
    point.live(1000, "A")
    assert noted(point) == []


def test_wake_ups_and_the_button_are_noted():
    point = Point()
    point.live(4000)
    point.live(36000, "B")
    assert noted(point) == [(WOKEN, 0, 1)]
    point.readings.button = True
    point.live(100)
    point.readings.button = False
    point.live(AGAIN_MS)
    assert noted(point)[-1] == (WOKEN, 0, 1)
    point.live(40)
    assert noted(point)[-1] == (HELD, 0, 1)
    point.guard.hold(False)
    assert noted(point)[-1] == (HELD, 0, 0)


def test_a_contactor_that_never_closed_has_opened_nothing_under_load():
    point = Point()
    point.follows = False
    point.live(4000)
    point.live(1000, "B")
    point.live(1000, "C")
    assert noted(point) == [(RAISED, faults.NOT_CLOSING, 1)]


def test_the_ring_keeps_the_last_and_knows_what_is_lost():
    ring = Events()
    for number in range(SIZE + 3):
        ring.pass_time(1500)
        ring.note(RAISED, number, 0)
    assert ring.total == SIZE + 3
    assert ring.at(2) is None
    assert ring.at(3)[CODE] == 3
    assert ring.at(SIZE + 2)[CODE] == SIZE + 2
    assert ring.at(SIZE + 3) is None
    assert ring.at(-1) is None
    assert ring.at(3)[SECONDS] == 6


def test_a_record_is_when_what_which_and_how_much():
    ring = Events()
    ring.pass_time(2999)
    for value in (7, 8):
        ring.note(OPENED_HOT, faults.EARTH, value)
    assert ring.at(0) == [2, OPENED_HOT, faults.EARTH, 7]
    assert ring.at(1) == [2, OPENED_HOT, faults.EARTH, 8]


def test_a_second_is_over_after_a_thousand_milliseconds():
    ring = Events()
    for ms, clock in ((999, (0, 999)), (1, (1, 0)), (2500, (3, 500))):
        ring.pass_time(ms)
        assert (ring.seconds, ring.part_ms) == clock


def test_the_black_box_shows_the_seconds_before_and_after():
    point = Point()
    point.charge()
    point.readings.grid_ma[1] = 4321
    point.live(20000)
    box = point.guard.blackbox
    assert box.frozen_rows == 0
    point.readings.residual_fault = True
    point.live(5000)
    assert box.cause == 1 << faults.RESIDUAL
    assert box.frozen_rows == blackbox.ROWS
    rows = list(box.rows())
    assert len(COLUMNS) == len(rows[0])
    times_ms = [row[0] * 1000 + row[1] for row in rows]
    assert times_ms == sorted(times_ms)
    assert 6000 <= times_ms[-1] - times_ms[0] <= 10000
    closed = COLUMNS.index("closed")
    stands = COLUMNS.index("faults")
    at = [row[stands] != 0 for row in rows].index(True)
    assert [row[closed] for row in rows] == [1] * at + [0] * (blackbox.ROWS - at)
    assert blackbox.ROWS - at == blackbox.AFTER
    assert rows[0][COLUMNS.index("l2_ma")] == 4321
    assert rows[0][COLUMNS.index("pilot_state")] == pilot.C
    assert rows[0][COLUMNS.index("session")] == session.CHARGING
    assert rows[0][COLUMNS.index("read_back")] == 1
    assert rows[0][COLUMNS.index("offer_ma")] == 16000
    assert rows[0][COLUMNS.index("temperature_c")] == 25
    assert rows[at][COLUMNS.index("residual")] == 1


def test_a_second_fault_in_the_same_seconds_shares_the_box():
    point = Point()
    point.charge()
    point.live(20000)
    point.readings.residual_fault = True
    point.live(200)
    point.readings.clock_ok = False
    point.live(5000)
    assert point.guard.blackbox.cause == 1 << faults.RESIDUAL | 1 << faults.CLOCK


def test_a_later_fault_replaces_the_box():
    point = Point()
    point.charge()
    point.readings.clock_ok = False
    point.live(5000)
    assert point.guard.blackbox.cause == 1 << faults.CLOCK
    point.readings.clock_ok = True
    point.live(20000)
    point.live(5000, "E")
    assert point.guard.blackbox.cause == 1 << faults.PILOT_SHORT


def test_a_fault_that_clears_leaves_the_box_as_it_is():
    point = Point()
    point.charge()
    point.live(20, "E")
    point.live(5000, "B")
    box = point.guard.blackbox
    before = list(box.rows())
    point.live(35000)
    assert point.verdict.faults == 0
    assert (box.cause, list(box.rows())) == (1 << faults.PILOT_SHORT, before)


def let_go(button):
    """What is told once nobody presses any more: a short press only when no second one has followed."""
    assert button.step(1, False) == NOTHING
    told = [button.step(20, False) for _ in range(AGAIN_MS // 20 + 2)]
    assert not button.busy()
    return max(told)


def test_a_press_is_short_or_long_and_bounce_is_neither():
    button = Button()
    for held_ms, meant in ((20, NOTHING), (40, NOTHING), (60, SHORT), (2980, SHORT)):
        for _ in range(held_ms // 20):
            assert button.step(20, True) == NOTHING
        assert let_go(button) == meant
    told = [button.step(20, True) for _ in range(400)]
    assert told.count(LONG) == 1
    assert told[149] == LONG
    assert let_go(button) == NOTHING


def test_fifty_milliseconds_are_a_press():
    button = Button()
    for _ in range(5):
        button.step(10, True)
    assert let_go(button) == SHORT


def test_each_press_begins_anew_and_a_millisecond_less_than_fifty_is_bounce():
    button = Button()
    for held_ms, meant in ((49, NOTHING), (50, SHORT), (49, NOTHING), (2999, SHORT)):
        assert button.step(20, True) == NOTHING
        assert button.step(held_ms - 20, True) == NOTHING
        assert let_go(button) == meant


def test_two_presses_in_a_row_are_one_boost_and_no_pause():
    for apart_ms, doubles in ((100, 1), (AGAIN_MS - 20, 1), (AGAIN_MS + 60, 0)):
        button = Button()
        told = [button.step(20, True) for _ in range(10)]
        told += [button.step(20, False) for _ in range(apart_ms // 20)]
        told += [button.step(20, True) for _ in range(10)]
        told.append(let_go(button))
        assert (button.doubles, told.count(SHORT)) == (doubles, 0 if doubles else 2), apart_ms


def test_a_long_press_after_a_short_one_is_a_long_one():
    button = Button()
    for _ in range(10):
        button.step(20, True)
    button.step(20, False)
    told = [button.step(20, True) for _ in range(160)]
    assert told.count(LONG) == 1
    assert (let_go(button), button.doubles) == (NOTHING, 0)


def test_a_long_press_clears_what_only_a_person_may_clear():
    point = Point()
    point.charge()
    point.readings.residual_fault = True
    point.live(100)
    point.readings.residual_fault = False
    point.live(2000, "A")
    point.readings.button = True
    point.live(2900)
    assert point.verdict.faults
    point.live(200)
    assert point.verdict.faults == 0


def test_the_button_means_nothing_while_no_car_is_there():
    point = Point()
    point.live(4000)
    point.readings.button = True
    point.live(200)
    point.readings.button = False
    point.live(200)
    point.charge()
