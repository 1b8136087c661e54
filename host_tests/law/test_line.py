"""What the line bears: learnt from the car's steps, from the worst downwards."""

from bench import host

host.load()
from headroom.law.line import LEAST_MOHM, WORST_MOHM, Line

LEAST_MV, NOMINAL_V, MIN_MA = 207000, 230, 6000


def settled(line, volts_mv, mohm, car_ma, house_ma=0, ms=2000):
    """``line`` after a while of this."""
    for _ in range(ms // 25):
        line.step(25, volts_mv - mohm * (car_ma + house_ma) // 1000, car_ma, house_ma)
    return line


def free_ma(line):
    return line.free_ma(3000, LEAST_MV, NOMINAL_V, MIN_MA)


def test_before_the_car_has_shown_anything_the_line_is_taken_for_the_worst():
    line = settled(Line(), 230000, 200, 0)
    assert free_ma(line) == (230000 - LEAST_MV - 2300) * 1000 // WORST_MOHM


def test_but_a_car_gets_its_least_to_show_what_the_line_bears():
    assert free_ma(settled(Line(), 213000, 200, 0)) == MIN_MA
    assert free_ma(settled(Line(), 207300, 200, 0)) < MIN_MA


def test_each_of_the_cars_steps_brings_the_estimate_nearer():
    line = settled(Line(), 230000, 300, 0)
    seen = []
    for car_ma in (6000, 12000, 18000, 24000, 30000):
        settled(line, 230000, 300, car_ma)
        seen.append(line.line_mohm)
    assert seen == sorted(seen, reverse=True)
    assert 300 <= seen[-1] < 340
    settled(line, 230000, 300, 0)
    assert 295 <= line.line_mohm < 320


def test_what_the_house_does_meanwhile_teaches_nothing():
    line = settled(Line(), 230000, 300, 0)
    settled(line, 230000, 300, 6000, house_ma=9000)
    assert line.line_mohm == WORST_MOHM


def test_nor_does_a_street_that_moves_while_the_car_stands_still():
    line = settled(settled(Line(), 230000, 300, 0), 230000, 300, 16000)
    known = line.line_mohm
    settled(line, 220000, 300, 16000, ms=20000)
    assert line.line_mohm == known


def test_a_slow_ramp_is_a_step_too():
    line = settled(Line(), 230000, 300, 0)
    for car_ma in range(0, 20001, 100):
        settled(line, 230000, 300, car_ma, ms=100)
    assert line.line_mohm < 400


def test_the_estimate_stays_within_its_bounds_whatever_the_street_does():
    for wild_mv in (0, 250000, 400000):
        line = settled(Line(), 230000, 300, 0)
        for _ in range(9):
            line.step(25, wild_mv, 32000, 0)
            line.step(25, 230000, 0, 0)
        assert LEAST_MOHM <= line.line_mohm <= WORST_MOHM


def test_the_next_car_begins_anew():
    line = settled(settled(Line(), 230000, 300, 0), 230000, 300, 16000)
    line.forget()
    assert line.line_mohm == WORST_MOHM


def test_a_car_at_its_least_is_stopped_only_when_the_limit_itself_is_near():
    line = settled(settled(Line(), 230000, 300, 0), 230000, 300, 6000)
    settled(line, 210500, 300, 6000)
    assert free_ma(line) == MIN_MA
    settled(line, 209000, 300, 6000)
    assert free_ma(line) < MIN_MA


def test_a_dip_of_less_than_three_seconds_stops_nobody():
    line = settled(settled(Line(), 230000, 300, 0), 230000, 300, 16000)
    settled(line, 200000, 300, 16000)
    for _ in range(119):
        assert line.free_ma(25, LEAST_MV, NOMINAL_V, MIN_MA) == MIN_MA
    assert line.free_ma(25, LEAST_MV, NOMINAL_V, MIN_MA) < 0
