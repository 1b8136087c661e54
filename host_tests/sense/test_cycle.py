"""The mains cycle, tracked by the points that come by: in windows of one cycle, with a little time in between."""

from bench import host
from bench.chip.chip import TICKS
from bench.world.car import Random

host.load()
from headroom.sense.cycle import Cycle

APART_US = 22600  # from one window's start to the next


def fed(cycle, true_us, windows, from_us=0):
    """``cycle`` after so many windows of a waveform of ``true_us``; in each the first point is told."""
    at_us = from_us
    for _ in range(windows):
        to_us = at_us + cycle.period_us
        point_us = -(-at_us // true_us) * true_us
        if point_us < to_us:
            cycle.point(point_us)
        at_us += APART_US
    return cycle


def test_any_legal_frequency_is_found_within_half_a_second():
    for mhz in (45000, 49000, 50000, 54348, 60000, 65000):
        true_us = 1000000000 // mhz
        assert abs(fed(Cycle(50), true_us, 22).period_us - true_us) <= true_us // 500


def test_a_wrong_period_that_one_and_two_cycles_fit_is_left_within_a_second():
    for true_us in (16000, 18400, 20000, 21500):
        for percent in (93, 95, 105, 107):
            cycle = fed(Cycle(50), true_us, 100)
            cycle.period_us = cycle.trial_us = true_us * percent // 100
            fed(cycle, true_us, 44, 100 * APART_US)
            assert abs(cycle.period_us - true_us) <= true_us // 200, (true_us, percent, cycle.period_us)


def test_points_that_come_now_and_then_are_a_noises_and_leave_the_sure_period():
    dice = Random(3)
    for _ in range(20):
        cycle = fed(Cycle(50), 19900, 100)
        at_us = 100 * APART_US
        for _ in range(200):
            at_us += dice.between(210000, 900000)
            cycle.point(at_us)
        assert abs(cycle.period_us - 19900) <= 40, cycle.period_us


def test_a_point_of_a_whole_turn_of_the_clock_ago_is_no_young_one():
    cycle = fed(Cycle(50), 20000, 100)
    assert cycle.known
    at_us = 100 * APART_US
    for windows in range(TICKS // 200000 + 1):
        cycle.passed((at_us + windows * 200000) % TICKS)
    cycle.point((cycle.last_us + TICKS + 26000) % TICKS)
    assert not cycle.known
    assert cycle.period_us == 20000


def test_a_sure_period_is_left_for_ten_cycles_that_agree_not_for_one_or_two():
    cycle = fed(Cycle(50), 20000, 100)
    at_us = 100 * APART_US
    for apart_us in (27000, 27000, 27000, 19000, 21000, 27000, 27000, 20800, 43000, 19200) * 3:
        at_us += apart_us
        cycle.point(at_us)
        assert abs(cycle.period_us - 20000) <= 100, cycle.period_us
    fed(cycle, 19000, 40, at_us)
    assert abs(cycle.period_us - 19000) <= 50


def test_a_load_whose_waveform_stands_elsewhere_is_no_change_of_frequency():
    cycle = fed(Cycle(50), 20000, 100)
    for window in range(100, 140):
        jump_us = 7000 if window // 20 % 2 else 0
        cycle.point(-(-window * APART_US // 20000) * 20000 + jump_us)
        assert abs(cycle.period_us - 20000) <= 100
