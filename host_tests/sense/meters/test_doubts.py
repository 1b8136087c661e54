"""What a meter does wrong, and what it is called: each beside the right meter that is not blamed for it."""

from bench import host
from bench.world.car import Random

doubts = host.load("reference", "headroom.sense.meters.doubts")
meter_faults = host.load("reference", "headroom.terms.meter_faults", fresh=False)
Limits = host.load("reference", "headroom.terms.records", fresh=False).Limits

TICK_MS = 25


class Meter:
    """A meter that says something every ``period_ms``, and its judge."""

    def __init__(self, period_ms=600, says_ms=600, breaker_ma=25000):
        limits = Limits()
        limits.breaker_ma = breaker_ma
        self.judge = doubts.Doubts(limits, 3, says_ms)
        self.period_ms = period_ms
        self.random = Random(5)
        self.ms = 0
        self.mark = 0
        self.ma, self.w, self.mv = [6000, 500, 900], [1300, 100, 200], [230000, 231000, 229000]
        self.known = True
        self.silent = self.frozen = False
        self.told = []  # (ms, code) whenever it changes

    def live(self, ms):
        """Let it talk; returns the code."""
        until_ms = self.ms + ms
        while self.ms < until_ms:
            self.ms += TICK_MS
            new = not self.silent and self.ms % self.period_ms < TICK_MS
            if new and not self.frozen:
                self.mark = self.random.next() & 0xFFFF
            self.judge.look(TICK_MS, new, self.known, self.ma, self.w, self.mv, self.mark)
            if not self.told or self.told[-1][1] != self.judge.code:
                self.told.append((self.ms, self.judge.code))
        return self.judge.code


def test_before_the_first_reading_there_is_no_meter_and_with_it_all_is_well():
    meter = Meter()
    assert meter.live(400) == meter_faults.NO_ANSWER
    assert meter.live(600) == meter_faults.OK
    assert meter.live(600000) == meter_faults.OK


def test_more_than_any_house_draws_is_no_reading_and_the_fullest_house_is_one():
    meter = Meter(breaker_ma=80000)
    meter.ma = [400000, 500, 900]
    assert meter.live(5000) == meter_faults.OK
    meter.ma = [1000001, 500, 900]
    assert meter.live(5000) == meter_faults.GARBLED


def test_one_that_does_not_answer_any_more_is_told_after_three_of_its_periods_and_back_with_its_next_word():
    for period_ms in (200, 600, 1000, 10000):
        meter = Meter(period_ms, period_ms)
        meter.live(10 * period_ms)
        meter.silent = True
        limit_ms = max(3 * period_ms, 1500)
        assert meter.live(limit_ms - period_ms) == meter_faults.OK
        assert meter.live(period_ms + 2 * TICK_MS) == meter_faults.NO_ANSWER
        meter.silent = False
        assert meter.live(period_ms) == meter_faults.OK


def test_one_that_repeats_itself_is_told_within_some_ten_seconds_of_a_house_that_draws():
    meter = Meter()
    meter.live(20000)
    meter.frozen = True
    meter.live(12000)
    assert meter.judge.code == meter_faults.REPEATS
    meter.frozen = False
    assert meter.live(1200) == meter_faults.OK


def test_a_house_that_draws_next_to_nothing_may_repeat_itself():
    meter = Meter()
    meter.ma, meter.w = [100, 0, 400], [20, 0, 90]
    meter.live(20000)
    meter.frozen = True
    assert meter.live(60000) == meter_faults.OK


def test_one_that_counts_slower_than_it_says_is_late_and_one_that_keeps_its_word_is_not():
    late = Meter(period_ms=10000, says_ms=1000)  # a P1 port of DSMR 4, set as one of DSMR 5
    late.live(60000)
    assert {code for _, code in late.told[-4:]} == {meter_faults.LATE, meter_faults.NO_ANSWER}
    assert Meter(period_ms=10000, says_ms=10000).live(120000) == meter_faults.OK


def test_registers_that_are_refreshed_slower_than_they_are_read_are_late():
    meter = Meter(period_ms=200, says_ms=600)
    for _ in range(20):
        meter.frozen = False
        meter.live(200)
        meter.frozen = True
        meter.live(2400)
    assert meter.judge.code == meter_faults.LATE


def test_a_jump_there_and_back_beyond_what_a_breaker_bears_is_the_meters_twice_in_a_minute():
    meter = Meter()
    meter.live(5000)
    for _ in range(2):
        meter.ma = [90000, 500, 900]
        meter.live(600)
        meter.ma = [6000, 500, 900]
        meter.live(3000)
    assert meter.judge.code == meter_faults.JUMPS
    assert meter.live(61000) == meter_faults.OK


def test_loads_that_come_and_go_within_the_breaker_are_no_jumps():
    meter = Meter()
    for step in range(200):
        meter.ma = [6000 + (step & 1) * 30000, 500, 900]
        meter.w = [1300 + (step & 1) * 6900, 100, 200]
        assert meter.live(600) in (meter_faults.OK, meter_faults.NO_ANSWER)
    assert meter.judge.code == meter_faults.OK


def test_numbers_that_no_house_draws_are_told_with_the_first_reading():
    meter = Meter()
    meter.live(5000)
    meter.known = False
    assert meter.live(600) == meter_faults.GARBLED


def test_more_power_than_volts_times_amperes_is_a_lie_about_one_of_them():
    meter = Meter()
    meter.live(5000)
    meter.ma = [600, 500, 900]  # a tenth of it: set to the wrong unit
    meter.live(1800)
    assert (meter.judge.code, meter.judge.phase) == (meter_faults.GARBLED, 0)
    meter.ma, meter.w = [6000, 500, 900], [-1300, 100, 200]  # export is no lie
    assert meter.live(1800) == meter_faults.OK


def test_a_motor_that_draws_mostly_reactive_current_is_no_lie():
    meter = Meter()
    meter.ma, meter.w = [9000, 500, 900], [150, 20, 40]
    assert meter.live(60000) == meter_faults.OK
