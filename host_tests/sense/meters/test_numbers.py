"""A meter's registers as whole numbers: right to the last digit, and never 10^9 A."""

import struct
from fractions import Fraction

from bench import host

numbers = host.load("reference", "headroom.sense.meters.numbers")


def floated(value, swapped=False):
    data = struct.pack(">f", value)
    return data[2:] + data[:2] if swapped else data


def test_floats_are_rounded_to_the_nearest_as_exact_arithmetic_does():
    for value in (0.0, 0.001, 0.0005, 1.0, 6.123, 9.9995, 16.0, 31.999, 63.0005, 230.1, 999.9994, 4999.5, 23456.7):
        for sign in (1, -1):
            for times in (1, 10, 100, 1000):
                (exact,) = struct.unpack(">f", floated(sign * value))
                scaled = Fraction(exact) * times
                nearest = abs(scaled) + Fraction(1, 2)
                expected = int(nearest) * (1 if scaled >= 0 else -1)
                found = numbers.number(floated(sign * value), 0, numbers.FLOAT, times, 1)
                assert found == expected, (value, sign, times)


def test_a_float_of_every_exponent_is_right_or_unknown():
    for exponent in range(256):
        for mantissa in (0, 1, 0x2AAAAA, 0x7FFFFF):
            data = struct.pack(">I", exponent << 23 | mantissa)
            (exact,) = struct.unpack(">f", data)
            found = numbers.number(data, 0, numbers.FLOAT, 1000, 1)
            if exponent == 255 or abs(exact) * 1000 >= numbers.UNKNOWN - 1:
                assert found == numbers.UNKNOWN
            else:
                assert found == int(Fraction(exact) * 1000 + Fraction(1, 2)), exponent


def test_words_may_be_swapped_and_then_the_wrong_order_is_no_current():
    assert numbers.number(floated(6.5, True), 0, numbers.FLOAT_SWAPPED, 1000, 1) == 6500
    wrong = [numbers.number(floated(amps), 0, numbers.FLOAT_SWAPPED, 1000, 1) for amps in (0.123, 6.31, 16.77, 31.9)]
    assert all(abs(ma) == numbers.UNKNOWN or abs(ma) < 2 or abs(ma) > 80000 for ma in wrong), wrong
    assert numbers.UNKNOWN in wrong


def test_integers_keep_their_sign():
    for value in (0, 1, -1, 32000, -32000, 123456, -123456):
        data = struct.pack(">i", value)
        assert numbers.number(data, 0, numbers.INTEGER, 10, 1) == value * 10
        assert numbers.number(data[2:] + data[:2], 0, numbers.INTEGER_SWAPPED, 1, 1) == value
    assert numbers.number(struct.pack(">h", -1234), 0, numbers.SHORT, 1, 1) == -1234
    assert numbers.number(struct.pack(">i", -2345), 0, numbers.INTEGER, 1, 10) == -234  # half up


def test_an_integer_beyond_any_house_is_unknown():
    for value in (1 << 30, -(1 << 30), (1 << 31) - 1, -(1 << 31), 1 << 28):
        assert numbers.number(struct.pack(">i", value), 0, numbers.INTEGER, 1, 1) == numbers.UNKNOWN
