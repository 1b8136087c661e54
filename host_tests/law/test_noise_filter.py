"""The level: a step is believed at once, a wobble is averaged, and what a step is follows from the wobble."""

import random

from headroom.law.noise_filter import QUIET_MA, STEP_MA, NoiseFilter

TICK_MS = 25


def noise(sigma_ma):
    """Near enough Gaussian: the sum of twelve even dice."""
    return sum([random.randint(-sigma_ma, sigma_ma) for _ in range(12)]) // 2


def wobbling(sigma_ma, ms=30000, ma=20000):
    """A level that has lived with Gaussian noise for a while, and the largest it was off in the last half."""
    random.seed(1)
    supply = NoiseFilter(1)
    worst_ma = 0
    for tick in range(ms // TICK_MS):
        supply.step(TICK_MS, [ma + noise(sigma_ma)], 1)
        if tick > ms // TICK_MS // 2:
            worst_ma = max(worst_ma, abs(supply.ma[0] - ma))
    return supply, worst_ma


def test_on_a_quiet_board_a_tenth_of_an_ampere_is_a_step_and_taken_in_its_window():
    supply, _ = wobbling(10)
    assert supply.step_ma[0] == QUIET_MA
    supply.step(TICK_MS, [20150], 1)
    assert supply.ma[0] == 20150


def test_on_a_noisy_board_it_is_not():
    supply, worst_ma = wobbling(60)
    assert 200 < supply.step_ma[0] < STEP_MA
    assert worst_ma < 80


def test_noise_that_grows_is_found_out():
    supply, _ = wobbling(10)
    random.seed(2)
    for _ in range(400):
        supply.step(TICK_MS, [20000 + noise(80)], 1)
    assert supply.step_ma[0] > 250


def test_no_noise_makes_a_step_of_more_than_two_percent():
    supply, _ = wobbling(1000, ma=40000)
    assert supply.step_ma[0] <= max(STEP_MA, 41500 // 48)


def test_after_a_step_the_mean_is_found_within_a_few_windows():
    supply, _ = wobbling(60)
    random.seed(3)
    off_ma = []
    for _ in range(40):
        supply.step(TICK_MS, [30000 + noise(60)], 1)
        off_ma.append(abs(supply.ma[0] - 30000))
    assert sum(off_ma[10:]) / 30 < 30
