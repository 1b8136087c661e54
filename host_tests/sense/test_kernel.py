"""The integer kernel: exact sums of whatever the ADC can say, and what is worked out from them."""

from array import array

from bench import host
from bench.world.car import Random

host.load(entry="headroom.charger")
from headroom.sense import kernel


def blocks_of(samples):
    """The samples in whole blocks, the last one filled up with zeros as the scan does."""
    rest = -len(samples) % kernel.BLOCK
    padded = array("H", list(samples) + [0] * rest)
    return [padded[start : start + kernel.BLOCK] for start in range(0, len(padded), kernel.BLOCK)]


def sums_of(samples):
    """(sum, low limb, high limb) of the sum of squares."""
    out = array("i", [0, 0, 0])
    for block in blocks_of(samples):
        kernel.sums(block, 0, 0, out)
    return out


def exact_covariance_256th(a, b):
    """The same by big integers, rounded down."""
    n = len(a)
    return (n * sum([a[i] * b[i] for i in range(n)]) - sum(a) * sum(b)) * 256 // (n * n)


def test_sums_are_exact_at_the_rails_over_the_longest_window():
    for value in (0, 1, 4095):
        out = sums_of([value] * 1023)
        assert out[0] == 1023 * value
        assert out[1] + (out[2] << 20) == 1023 * value * value


def test_products_are_exact():
    dice = Random(2)
    a = [dice.between(0, 4095) for _ in range(640)]
    b = [dice.between(0, 4095) for _ in range(640)]
    out = array("i", [0, 0])
    left, right = blocks_of(a), blocks_of(b)
    for index in range(len(left)):
        kernel.products(left[index], right[index], 0, out)
    assert out[0] + (out[1] << 20) == sum([a[i] * b[i] for i in range(640)])


def test_the_mean_square_about_the_mean_is_exact_to_a_256th():
    dice = Random(3)
    worst_crest = [4095] * 3 + [0] * 997
    for samples in (
        [0] * 7,
        [4095] * 1023,
        [0, 4095] * 300,
        worst_crest,
        [dice.between(0, 4095) for _ in range(401)],
        [dice.between(1570, 1580) for _ in range(162)],
    ):
        out = sums_of(samples)
        got = kernel.covariance(out[0], out[0], out[1], out[2], len(samples))
        assert 0 <= got - exact_covariance_256th(samples, samples) + 1 <= 2


def test_a_full_block_stays_below_a_small_int():
    assert kernel.BLOCK * 4095 * 4095 + (1 << 20) < 1 << 30


def test_the_root_is_rounded_down():
    for square in (0, 1, 2, 3, 4, 8, 9, 99, 100, 65535, 65536, (1 << 30) - 1, 32767 * 32767, 32767 * 32767 - 1):
        root = kernel.root(square)
        assert root * root <= square < (root + 1) * (root + 1)
    assert kernel.root(-5) == 0


def seen_in(samples):
    """What ``inspect`` sees, and the samples as it leaves them."""
    out = array("i", [0] * 7)
    kept = array("H", samples)
    kernel.inspect(kept, 0, len(samples), 1, 4094, out)
    return list(out), list(kept)


def test_rails_repeats_and_extremes_are_counted():
    seen, _ = seen_in([1500, 1500, 4095, 4095, 0, 1500])
    assert seen[0] == 3
    assert seen[3] == 3
    assert seen[4:6] == [0, 4095]


def test_a_lone_spike_is_taken_out_and_a_step_is_not():
    _, kept = seen_in([1500, 1510, 1900, 1520, 1530])
    assert kept == [1500, 1510, 1515, 1520, 1530]
    assert seen_in([1500, 1510, 1900, 1520, 1530])[0][6] == 1
    step = [1500, 1500, 1900, 1900, 1910]
    assert seen_in(step)[1] == step


def test_noise_is_told_from_its_second_differences():
    dice = Random(4)
    noisy = [1500 + dice.between(-6, 6) for _ in range(1000)]
    seen, _ = seen_in(noisy)
    variance = sum([(x - 1500) ** 2 for x in noisy]) // 1000
    assert abs(seen[2] // seen[1] // 6 - variance) <= 2


def test_a_point_of_the_waveform_comes_after_one_below():
    wave = array("H", [1600, 1500, 1400, 1500, 1600, 1700])
    assert kernel.rising(wave, 0, 6, 1450, 1600) == 4
    assert kernel.rising(wave, 0, 6, 1000, 1600) == -1


def test_a_channel_as_it_was_earlier_goes_round_the_window():
    data = array("H", [0, 100, 200, 300] + [10, 20, 30, 40] + [0] * 4)
    kernel.later(data, 8, 4, 4, 100, 400, 655)
    assert list(data[8:]) == [40, 10, 20, 30]
    kernel.later(data, 8, 4, 4, 50, 400, 655)
    assert list(data[8:]) == [25, 15, 25, 35]


def test_a_round_that_took_longer_moves_what_lies_before_it():
    data = array("H", [0, 100, 260, 360] + [10, 20, 36, 46] + [0] * 4)
    kernel.later(data, 8, 4, 4, 100, 460, 655)
    assert list(data[9:]) == [10, 30, 36]  # in the longer stretch the line is as steep as elsewhere, then level


def test_the_mean_product_about_the_means_is_exact_to_a_256th_with_either_sign():
    dice = Random(6)
    for a, b in (
        ([0, 4095] * 300, [4095, 0] * 300),
        ([0, 4095] * 300, [0, 4095] * 300),
        ([4095] * 400, [0, 4095] * 200),
        ([dice.between(0, 4095) for _ in range(401)], [dice.between(0, 4095) for _ in range(401)]),
    ):
        out = array("i", [0, 0])
        left, right = blocks_of(a), blocks_of(b)
        for index in range(len(left)):
            kernel.products(left[index], right[index], 0, out)
        got = kernel.covariance(sum(a), sum(b), out[0], out[1], len(a))
        assert 0 <= got - exact_covariance_256th(a, b) + 1 <= 2
        assert abs(got) < 1 << 30
