"""Stretches of a window that are longer or shorter than the others are given their own weight."""

from array import array
from math import pi, sin

from bench import host
from bench.car import Random
from bench.table import Table

host.load(entry="headroom.charger")
from headroom.sense import uneven

STEP_US = 120


def window_of(shape, longer, spare_us=0):
    """(times, samples after them, elapsed) of one cycle of 20 ms; after the rounds in ``longer`` 60 us more pass."""
    times, samples, now_us = [], [], 0
    while now_us < 20000:
        times.append(now_us)
        samples.append(int(1500.5 + shape((now_us + spare_us) / 20000 % 1) * 1000))
        now_us += STEP_US + (60 if len(times) - 1 in longer else 0)
    return array("H", times + samples), len(times), now_us


def mean_square(data, count, elapsed_us):
    """Mean square about the mean in counts^2, mended."""
    samples = list(data[count:])
    mean = sum(samples) // count
    square_256th = (count * sum([x * x for x in samples]) - sum(samples) ** 2) * 256 // count**2
    stretches = uneven.Uneven()
    stretches.look(data, count, elapsed_us, 20000)
    return stretches.mend(data, count, count, mean, mean, square_256th) / 256


def pulse(t):
    """A narrow half sine each way, as a rectifier draws it."""
    for centre, sign in ((0.25, 1), (0.75, -1)):
        if abs(t - centre) < 0.055:
            return sign * sin(pi * (t - centre + 0.055) / 0.11)
    return 0


def test_a_sine_has_half_its_peak_squared_wherever_the_window_ends():
    for spare_us in (0, 1234, 5000):
        got = mean_square(*window_of(lambda t: sin(2 * pi * t), (), spare_us))
        assert abs(got - 500000) < 600


def test_a_pulse_counts_the_same_whether_the_pilot_was_sampled_in_it_or_beside_it():
    exact = 0.11 * 500000 * 2
    for longer in ((), (38, 40, 42, 44), (5, 10, 15, 20, 25), (41, 120, 121)):
        got = mean_square(*window_of(pulse, longer))
        assert abs(got - exact) < exact / 250


def test_the_longest_step_is_told():
    data, count, elapsed_us = window_of(pulse, (7,))
    assert uneven.Uneven().look(data, count, elapsed_us, 20000) == STEP_US + 60


def test_whatever_was_measured_nothing_passes_a_small_int():
    dice = Random(5)
    for _ in range(50):
        times, now_us = [], 0
        while now_us < 22400 and len(times) < 200:
            times.append(now_us)
            now_us += dice.between(40, 160) if dice.between(0, 9) else 400
        count = len(times)
        data = array("H", times + [4095 * (dice.between(0, 1)) for _ in range(count)])
        stretches = uneven.Uneven()
        stretches.look(data, count, now_us, 22400)
        for mean in (0, 2047, 4095):
            stretches.mend(data, count, count, mean, mean, 0)
            assert max([abs(value) for value in stretches.out]) < 1 << 30
    assert uneven.STRETCHES_MAX * uneven.EXTRA_MAX_US * (4095 * 4095 >> 5) < 1 << 30


def test_a_rectifier_out_of_step_with_the_scan_reads_right_on_every_phase():
    table = Table([(0, 16000, 16000, 16000)], plugged_ms=[], shapes=("rectifier",) * 3, mains_mhz=47300)
    table.live(600)
    sums = [0, 0, 0]
    for _ in range(40):
        table.tick()
        for phase in range(3):
            sums[phase] += table.charger.readings.grid_ma[phase]
    for total in sums:
        assert abs(total // 40 - 16000) < 48  # 0.3 %; unmended 0.5 %
