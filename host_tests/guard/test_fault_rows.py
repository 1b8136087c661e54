"""Each row of the fault table, measured on the clockwork: how long until it counts, how it opens, how it clears."""

from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults, pilot, protect
from headroom.guard.faults import BY_ITSELF, BY_PERSON, BY_TIME, GRACEFULLY, NOW, ON_UNPLUG
from headroom.guard.sight import WINDOW_MS
from headroom.serve.answers import advice

ALWAYS = 50  # more than any row that ends

# fault: (opens, clears, ms until it counts, ms gone until it clears, how often it may before it stays)
ROWS = {
    faults.PILOT_UNCLEAR: (NOW, BY_ITSELF, 60, 5000, 5),
    faults.DIODE: (NOW, BY_ITSELF, 40, 30000, 3),
    faults.RESIDUAL: (NOW, BY_PERSON, 0, 1000, 0),
    faults.WELDED: (NOW, BY_PERSON, 200, 1000, 0),
    faults.NOT_CLOSING: (NOW, BY_ITSELF, 200, 30000, 3),
    faults.HOT: (GRACEFULLY, BY_ITSELF, 1000, 60000, ALWAYS),
    faults.VENTILATION: (NOW, ON_UNPLUG, 300, 1000, ALWAYS),
    faults.PILOT_SHORT: (NOW, BY_ITSELF, 0, 30000, 3),
    faults.PILOT_STUCK: (NOW, BY_ITSELF, 100, 5000, 3),
    faults.READBACK: (NOW, BY_ITSELF, 50, 30000, 3),
    faults.RESIDUAL_TEST: (NOW, ON_UNPLUG, 0, 1000, 2),
    faults.EARTH: (NOW, BY_ITSELF, 0, 60000, 3),
    faults.UNDERVOLTAGE: (NOW, BY_ITSELF, 4000, 60000, ALWAYS),
    faults.OVERVOLTAGE: (NOW, BY_ITSELF, 4000, 60000, ALWAYS),
    faults.OVERDRAW: (GRACEFULLY, BY_ITSELF, 6000, 60000, 3),
    faults.RAIL: (NOW, BY_ITSELF, 50, 30000, 3),
    faults.CLOCK: (NOW, BY_ITSELF, 0, 5000, 5),
    faults.ADC_FROZEN: (NOW, BY_ITSELF, 50, 30000, 3),
    faults.PROXIMITY: (NOW, ON_UNPLUG, 50, 1000, ALWAYS),
    faults.LOCK: (NOW, ON_UNPLUG, 2000, 1000, 5),
    faults.TEMPERATURE_SENSOR: (GRACEFULLY, BY_ITSELF, 2000, 60000, 3),
    faults.BREAKER: (NOW, BY_ITSELF, 0, 10000, ALWAYS),
    faults.FAULT_MEMORY: (NOW, BY_PERSON, 0, 0, 0),
    faults.IMPORT_LIMIT: (GRACEFULLY, BY_TIME, 0, 14400000, 0),
    faults.OVERVOLTAGE_NEAR: (NOW, BY_ITSELF, 4000, 60000, ALWAYS),
    faults.METER: (GRACEFULLY, BY_ITSELF, 0, 1000, ALWAYS),
    faults.LATE: (GRACEFULLY, BY_ITSELF, 1000, 60000, 3),
}


class Protect(protect.Protect):
    """Looks after a window's time as well: the first sight counts no more than that."""

    def step(self, dt_ms, causes, pilot_state):
        """As the clockwork's own."""
        if dt_ms <= WINDOW_MS:
            return super().step(dt_ms, causes, pilot_state)
        super().step(WINDOW_MS, causes, pilot_state)
        fresh, cleared = self.fresh, self.cleared
        super().step(dt_ms - WINDOW_MS, causes, pilot_state)
        self.fresh |= fresh
        self.cleared |= cleared
        return self.raised


def raised(code, clock=None):
    """A clockwork in which this fault has just been raised."""
    clock = clock or Protect()
    clock.step(ROWS[code][2], 1 << code, pilot.C)
    assert clock.raised == 1 << code
    return clock


def cleared(clock, ms, state=pilot.C):
    """True when what was raised is gone after ``ms`` without its cause."""
    clock.step(ms, 0, state)
    return clock.raised == 0


def test_every_fault_is_measured():
    assert sorted(ROWS) == list(range(1, faults.COUNT))


def test_a_cause_counts_after_its_time_and_not_before():
    for code, (_, _, after_ms, _, _) in ROWS.items():
        clock = Protect()
        if after_ms:
            clock.step(after_ms - 1, 1 << code, pilot.C)
            assert clock.raised == clock.fresh == 0, faults.NAME[code]
            clock.step(1, 1 << code, pilot.C)
        else:
            clock.step(0, 1 << code, pilot.C)
        assert clock.raised == clock.fresh == 1 << code, faults.NAME[code]
        clock.step(1, 1 << code, pilot.C)
        assert clock.fresh == 0, "it is news once"


def test_a_cause_that_comes_and_goes_starts_anew():
    for code, (_, _, after_ms, _, _) in ROWS.items():
        if after_ms:
            clock = Protect()
            clock.step(after_ms - 1, 1 << code, pilot.C)
            clock.step(1, 0, pilot.C)
            assert clock.watched == 0, "nothing is left to watch"
            clock.step(after_ms - 1, 1 << code, pilot.C)
            assert clock.raised == 0, faults.NAME[code]


def test_it_clears_when_its_cause_was_gone_for_its_time():
    for code, (_, clears, _, gone_ms, _) in ROWS.items():
        if clears == BY_ITSELF:
            clock = raised(code)
            assert not cleared(clock, gone_ms - 1)
            assert clock.cleared == 0
            assert cleared(clock, 1), faults.NAME[code]
            assert clock.cleared == 1 << code
            assert clock.watched == 0


def test_a_cause_that_returns_while_it_clears_starts_its_time_anew():
    clock = raised(faults.RAIL)
    assert not cleared(clock, 29999)
    clock.step(10, 1 << faults.RAIL, pilot.C)
    assert clock.fresh == 0
    assert not cleared(clock, 29999)
    assert cleared(clock, 1)


def test_it_waits_for_the_car_to_be_unplugged():
    for code, (_, clears, _, gone_ms, _) in ROWS.items():
        if clears == ON_UNPLUG:
            clock = raised(code)
            for state in (pilot.B, pilot.C, pilot.E, pilot.UNKNOWN):
                assert not cleared(clock, gone_ms, state), faults.NAME[code]
            assert cleared(clock, 1, pilot.A)
            assert cleared(raised(code), gone_ms, pilot.A)
            assert not cleared(raised(code), gone_ms - 1, pilot.A)


def test_it_waits_for_a_person():
    for code, (_, clears, _, _, _) in ROWS.items():
        if clears == BY_PERSON:
            clock = raised(code)
            assert clock.stays == 1 << code
            assert not cleared(clock, 1 << 20, pilot.A), faults.NAME[code]
            clock.clear_by_person()
            assert clock.raised == clock.stays == clock.watched == 0


def test_what_is_a_contract_stays_across_a_reset_and_goes_on_by_itself_in_its_time():
    for code, (_, clears, _, gone_ms, _) in ROWS.items():
        if clears == BY_TIME:
            clock = raised(code)
            assert clock.stays == 1 << code
            assert not cleared(clock, 3600000, pilot.A)
            assert clock.left_ms(code) == gone_ms - 3600000
            after_a_reset = Protect()
            after_a_reset.latch(clock.stays)
            for each in (clock, after_a_reset):
                assert not cleared(each, each.left_ms(code) - 1, pilot.A)
                assert cleared(each, 1, pilot.C), faults.NAME[code]
                assert each.raised == each.stays == each.watched == 0
            clock.step(1, 1 << code, pilot.C)
            assert clock.left_ms(code) == 0, "while it lasts nobody knows"
            clock.step(999, 0, pilot.C)
            clock.clear_by_person()
            assert clock.raised
            clock.step(1, 0, pilot.C)
            clock.clear_by_person()
            assert clock.raised == clock.stays == 0, "a person need not wait"


def test_no_count_keeps_a_car_from_power_for_what_its_surroundings_do_and_life_alone_is_worth_a_hand():
    counted = {code for code, row in ROWS.items() if row[4] != ALWAYS and row[1] != BY_TIME}
    surroundings = {faults.UNDERVOLTAGE, faults.OVERVOLTAGE, faults.OVERVOLTAGE_NEAR, faults.HOT, faults.BREAKER}
    assert not counted & (surroundings | {faults.METER, faults.IMPORT_LIMIT})
    clock = raised(faults.EARTH)
    for _ in range(3):
        assert cleared(clock, 60000)
        clock.step(0, 1 << faults.EARTH, pilot.C)
    assert not cleared(clock, 28800000), "an earth that was lost four times is not trusted with a person's life"
    assert cleared(clock, 1, pilot.A)


def test_a_person_clears_any_fault_whose_cause_was_gone_for_its_time():
    for code, (_, clears, _, gone_ms, _) in ROWS.items():
        latched = Protect()
        latched.latch(1 << code)
        for clock in (raised(code), latched):
            gone_ms = 1000 if clears == BY_TIME else gone_ms
            if gone_ms:
                clock.step(gone_ms - 1, 0, pilot.C)
                clock.clear_by_person()
                assert clock.raised == 1 << code, faults.NAME[code]
                clock.step(1, 0, pilot.C)
            clock.clear_by_person()
            assert clock.raised == clock.stays == clock.watched == 0, faults.NAME[code]
            if clears != BY_ITSELF:
                assert clock.strikes == [0] * faults.COUNT, "and it is counted anew"


def test_strikes_are_counted_no_further_than_they_matter():
    for code, (_, clears, after_ms, _, repeats) in ROWS.items():
        if clears == ON_UNPLUG and repeats != ALWAYS:
            clock = Protect()
            for _ in range(repeats + 5):
                clock.step(after_ms, 1 << code, pilot.C)
                clock.raised = clock.stays = 0
            assert clock.strikes[code] == repeats + 1


def test_a_person_clears_no_cause_that_is_there():
    for code in ROWS:
        clock = raised(code)
        clock.step(1, 1 << code, pilot.C)
        assert clock.wait_ms(code) == -1
        clock.clear_by_person()
        assert clock.raised == 1 << code, faults.NAME[code]
        clock.step(1, 1 << code, pilot.C)
        assert clock.raised == 1 << code, faults.NAME[code]


def test_it_may_return_so_often_and_then_stays():
    for code, (_, clears, _, gone_ms, repeats) in ROWS.items():
        if clears == BY_PERSON:
            continue
        clock = Protect()
        state = pilot.C if clears == BY_ITSELF else pilot.A
        for turn in range(min(repeats, ALWAYS)):
            raised(code, clock)
            assert clock.stays == 0, (faults.NAME[code], turn)
            assert cleared(clock, gone_ms, state), (faults.NAME[code], turn)
        raised(code, clock)
        if repeats == ALWAYS:
            assert cleared(clock, gone_ms, state)
        elif clears == BY_ITSELF:
            assert not cleared(clock, gone_ms, pilot.C), faults.NAME[code]
            clock.clear_by_person()
            assert clock.raised == 0, "a person need not wait for the hour"
            for _ in range(repeats + 1):
                cleared(raised(code, clock), gone_ms, pilot.C)
            assert clock.stays == 0, "unplugging is enough"
            assert cleared(clock, 1, pilot.A), faults.NAME[code]
            raised(code, clock)
            assert cleared(clock, gone_ms, pilot.C), "and all is forgiven"
        else:
            assert clock.stays == 1 << code, faults.NAME[code]
            assert not cleared(clock, 1 << 20, pilot.A), faults.NAME[code]


def test_what_has_used_up_its_repeats_is_tried_once_an_hour():
    for code, (_, clears, _, gone_ms, repeats) in ROWS.items():
        if clears != BY_ITSELF or repeats == ALWAYS or code == faults.EARTH:
            continue
        clock = Protect()
        for _ in range(repeats):
            assert cleared(raised(code, clock), gone_ms)
        for _ in range(3):
            raised(code, clock)
            assert not cleared(clock, 1)
            assert clock.left_ms(code) == 3599999
            assert not cleared(clock, 3599998), faults.NAME[code]
            assert cleared(clock, 1), faults.NAME[code]


def test_what_may_always_return_does_so_ten_thousand_times_and_counts_in_small_integers():
    clock = Protect()
    for _ in range(10000):
        clock.step(0, 1 << faults.BREAKER, pilot.C)
        assert clock.stays == 0
        clock.step(10000, 0, pilot.C)
        assert clock.raised == 0
    assert max(faults.REPEATS) + 1 < 1 << 30


def test_forgiven_is_forgotten():
    clock = Protect()
    clock.strikes = [3] * faults.COUNT
    clock.forgive()
    assert clock.strikes[1:] == [0] * (faults.COUNT - 1)
    for code, (_, clears, _, gone_ms, repeats) in ROWS.items():
        if clears != BY_PERSON and repeats != ALWAYS:
            clock = Protect()
            for _ in range(repeats + 3):
                raised(code, clock)
                assert cleared(clock, gone_ms, pilot.A), faults.NAME[code]
                clock.forgive()
                assert clock.strikes == [0] * faults.COUNT


def test_what_stood_before_a_reset_stands_after_it_and_nothing_that_is_no_fault():
    clock = Protect()
    clock.latch(1 | 1 << faults.WELDED | 1 << faults.COUNT)
    assert clock.raised == clock.stays == clock.watched == 1 << faults.WELDED
    assert not cleared(clock, 1 << 20, pilot.A)
    clock.clear_by_person()
    assert clock.raised == clock.stays == clock.watched == 0


def test_a_lost_memory_of_faults_can_be_cleared_at_once():
    clock = Protect()
    clock.latch(1 << faults.FAULT_MEMORY)
    clock.clear_by_person()
    assert clock.raised == 0


def test_no_row_looks_at_another():
    clock = Protect()
    codes = [code for code in ROWS if ROWS[code][1] == BY_ITSELF]
    every = sum([1 << code for code in codes])
    clock.step(6000, every, pilot.C)
    assert clock.raised == clock.fresh == every
    for code in codes:
        alone = 1 << code
        clock = Protect()
        clock.step(6000, every, pilot.C)
        clock.step(60000, every & ~alone, pilot.C)
        assert clock.raised == every & ~alone
        assert clock.cleared == alone


def test_it_opens_as_its_row_says():
    for code, (opens, clears, after_ms, _, _) in ROWS.items():
        point = Point()
        point.charge()
        protect = point.guard.protect
        causes = point.guard.causes
        causes.of = lambda *_, code=code: 1 << code
        closed_ms = 0
        while point.live(20).closed and closed_ms < 20000:
            closed_ms += 20
        late_ms = after_ms + (6000 if opens == GRACEFULLY else 0)
        assert late_ms - 20 <= closed_ms <= late_ms + 20, (faults.NAME[code], closed_ms)
        assert protect.raised == 1 << code
        assert (protect.stays != 0) == (clears in (BY_PERSON, BY_TIME))


def test_the_worst_is_told_first():
    assert faults.NAME[faults.worst(0)] == "none"
    for code in ROWS:
        assert faults.worst(1 << code) == code
    told = list(faults.TOLD)
    assert told[:4] == [faults.WELDED, faults.EARTH, faults.OVERVOLTAGE, faults.RESIDUAL]
    for at in range(len(told) - 1):
        rest = sum([1 << code for code in told[at:]])
        assert faults.worst(rest) == told[at]


def test_flashes_count_fives_and_ones():
    assert [(faults.long_flashes(code), faults.short_flashes(code)) for code in (1, 4, 5, 9, 22)] == [
        (1, 2), (1, 5), (2, 1), (2, 5), (5, 3),
    ]  # fmt: skip


def test_what_to_do_fits_a_charger_with_a_cable_and_one_with_a_socket():
    for name, what_to_do in advice.FAULTS:
        assert "socket" not in what_to_do or "plug or socket" in what_to_do, name
