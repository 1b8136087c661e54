"""The black box: which seconds around a fault it keeps, and that each column holds what its name says."""

from bench import host

host.load()
from headroom.record import blackbox
from headroom.record.events import Events
from headroom.terms.records import Readings, Verdict

TICK_MS = 50
COLUMNS = blackbox.COLUMNS.split()
AFTER_MS = 2000  # of which the box keeps this much after the fault ...
KEPT_MS = 8000  # ... of this much in all
ROW_MS = 250


class Box:
    """A black box, and what it is shown."""

    def __init__(self):
        self.box = blackbox.BlackBox()
        self.events = Events()
        self.readings = Readings()
        self.verdict = Verdict()

    def live(self, ms):
        """Let time pass."""
        for _ in range(ms // TICK_MS):
            self.events.pass_time(TICK_MS)
            self.box.step(TICK_MS, self.events, self.readings, self.verdict)

    def instants_ms(self):
        """When each kept row was written."""
        return [row[0] * 1000 + row[1] for row in self.box.rows()]


def test_nothing_is_kept_before_a_fault():
    box = Box()
    box.live(60000)
    assert (list(box.box.rows()), box.box.cause) == ([], 0)


def test_every_column_holds_what_its_name_says():
    shown = Box()
    events, readings, verdict = shown.events, shown.readings, shown.verdict
    events.seconds, events.part_ms = 1001, 0

    def show(first, flag):
        readings.pilot_high_mv, readings.pilot_low_mv = first, first + 1
        verdict.pilot_state, verdict.session, verdict.offer_ma = first % 7, first % 9, first + 4
        readings.grid_ma[:] = [first + 5, first + 6, first + 7]
        readings.car_ma, readings.mains_mv, readings.rail_mv = first + 8, first + 9, first + 10
        readings.proximity_ohm, readings.temperature_c = first + 11, -(first % 30)
        verdict.faults, verdict.reason = first + 13, first % 100
        verdict.closed = readings.contactor_closed = readings.residual_fault = flag
        readings.earth_fault = readings.locked = flag

    show(1003, True)
    shown.box.freeze(4)
    shown.live(TICK_MS)
    show(2003, False)
    shown.live(AFTER_MS)
    first, second = list(shown.box.rows())[:2]
    names = (
        "second ms pilot_high_mv pilot_low_mv pilot_state session offer_ma l1_ma l2_ma l3_ma car_ma mains_mv rail_mv"
    )
    flags = "closed read_back residual earth locked"
    assert (names + " proximity_ohm temperature_c faults reason " + flags).split() == COLUMNS
    assert len(first) == len(COLUMNS)
    assert first == [1001, 50, 1003, 1004, 2, 4] + list(range(1007, 1015)) + [-13, 1016, 3] + [1] * 5
    assert second == [1001, 300, 2003, 2004, 1, 5] + list(range(2007, 2015)) + [-23, 2016, 3] + [0] * 5


def test_what_a_row_holds_at_most_fits_the_packed_form():
    for sign in (1, -1):
        shown = Box()
        events, readings, verdict = shown.events, shown.readings, shown.verdict
        events.seconds, events.part_ms = 1 << 29, 999 - TICK_MS
        readings.pilot_high_mv, readings.pilot_low_mv = sign * 60000, -60000
        verdict.pilot_state, verdict.session, verdict.offer_ma, verdict.reason = 6, 8, 80000, 255
        readings.grid_ma[:] = [sign << 29] * 3
        readings.car_ma, readings.mains_mv, readings.rail_mv = sign << 29, 300000, 60000
        readings.proximity_ohm, readings.temperature_c = 100000, sign * 120
        verdict.faults = (1 << 30) - 1
        shown.box.freeze(4)
        shown.live(TICK_MS)
        shown.live(AFTER_MS)
        row = next(iter(shown.box.rows()))
        assert row[2:4] == [sign * 60000, -60000]
        assert row[4:15] == [6, 8, 80000] + [sign << 29] * 4 + [300000, 60000, 100000, sign * 120]
        assert row[15:17] == [(1 << 30) - 1, 255]


def test_each_flag_stands_in_its_own_column():
    for name in ("closed", "read_back", "residual", "earth", "locked"):
        shown = Box()
        shown.verdict.closed = name == "closed"
        shown.readings.contactor_closed = name == "read_back"
        shown.readings.residual_fault = name == "residual"
        shown.readings.earth_fault = name == "earth"
        shown.readings.locked = name == "locked"
        shown.box.freeze(1)
        shown.live(AFTER_MS)
        row = next(iter(shown.box.rows()))
        assert [COLUMNS[place] for place in range(17, 22) if row[place] == 1] == [name]


def test_rows_of_six_seconds_before_and_two_after_a_fault_oldest_first():
    for lived_ms in (20000, 20250, 23950, 28100):
        shown = Box()
        shown.live(lived_ms)
        shown.box.freeze(2)
        shown.live(AFTER_MS - ROW_MS)
        assert shown.instants_ms() == []
        shown.live(ROW_MS)
        kept = shown.instants_ms()
        at = kept.index(lived_ms + TICK_MS)
        assert len(kept) == KEPT_MS // ROW_MS
        assert len(kept) - at == AFTER_MS // ROW_MS
        assert kept[at:] == list(range(kept[at], kept[at] + AFTER_MS, ROW_MS))
        assert kept[:at] == list(range(kept[0], kept[at - 1] + 1, ROW_MS))
        assert lived_ms - kept[0] > KEPT_MS - AFTER_MS - 2 * ROW_MS
        assert kept[at] - kept[at - 1] <= ROW_MS


def test_a_fault_soon_after_the_start_has_the_rows_there_were():
    shown = Box()
    shown.live(1000)
    shown.box.freeze(2)
    shown.live(AFTER_MS)
    assert shown.instants_ms()[:5] == [50, 300, 550, 800, 1050]
    assert len(shown.instants_ms()) == 4 + AFTER_MS // ROW_MS


def test_a_fault_while_another_is_being_kept_is_kept_with_it():
    shown = Box()
    shown.live(1000)
    shown.box.freeze(2)
    shown.live(1000)
    shown.box.freeze(8)
    shown.live(AFTER_MS)
    assert shown.box.cause == 2 | 8


def test_the_next_fault_has_its_own_seconds_and_its_own_cause():
    shown = Box()
    shown.live(20000)
    assert shown.box.boxes == 0
    shown.box.freeze(2)
    shown.live(AFTER_MS)
    assert shown.box.boxes == 1
    shown.live(1000)
    shown.box.freeze(8)
    shown.live(AFTER_MS)
    kept = shown.instants_ms()
    assert (shown.box.cause, shown.box.boxes) == (8, 2)
    assert kept[0] > 20000 + AFTER_MS - ROW_MS
    assert kept == sorted(kept)


def test_what_was_kept_stays_while_the_other_ring_runs_on():
    shown = Box()
    shown.live(20000)
    shown.box.freeze(2)
    shown.live(AFTER_MS)
    before = shown.instants_ms()
    shown.live(30000)
    assert (shown.instants_ms(), shown.box.cause) == (before, 2)


def test_rows_are_a_quarter_of_a_second_apart_to_the_millisecond():
    shown = Box()
    shown.box.freeze(2)
    for _ in range(AFTER_MS):
        shown.events.pass_time(1)
        shown.box.step(1, shown.events, shown.readings, shown.verdict)
    assert shown.instants_ms() == list(range(1, AFTER_MS, ROW_MS))


def test_a_fault_whose_tick_takes_no_time_is_written_in_it():
    shown = Box()
    for ms in (0, 50, 0):
        shown.events.pass_time(ms)
        shown.box.step(ms, shown.events, shown.readings, shown.verdict)
    shown.box.freeze(2)
    shown.box.step(0, shown.events, shown.readings, shown.verdict)
    shown.live(AFTER_MS)
    assert shown.instants_ms()[:3] == [0, 50, 300]
