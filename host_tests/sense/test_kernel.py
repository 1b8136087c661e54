"""The integer kernel gives exact sums, and a root rounded down."""

from array import array

from bench import host

host.load(entry="headroom.charger")
from headroom.sense import kernel


def test_sums_are_exact_at_the_rails():
    out = array("i", [0, 0])
    samples = array("H", [4095] * 64)
    kernel.sums(out, samples, 0, 64, 0)
    assert (out[0], out[1]) == (64 * 4095, 64 * 4095 * 4095)
    kernel.sums(out, samples, 10, 20, 4095)
    assert (out[0], out[1]) == (0, 0)


def test_a_full_chunk_stays_below_a_small_int():
    assert kernel.CHUNK * 4095 * 4095 < 1 << 30


def test_the_root_is_rounded_down():
    for square in (
        0,
        1,
        2,
        3,
        4,
        8,
        9,
        99,
        100,
        65535,
        65536,
        (1 << 30) - 1,
        32767 * 32767,
        32767 * 32767 - 1,
    ):
        root = kernel.root(square)
        assert root * root <= square < (root + 1) * (root + 1)
    assert kernel.root(-5) == 0
