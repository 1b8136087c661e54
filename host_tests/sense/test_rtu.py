"""Modbus RTU framing: what is a frame, what is none, and what garbage costs."""

from bench import host
from bench.world.car import Random

rtu = host.load("reference", "headroom.sense.rtu")

# MODBUS over Serial Line V1.02, 6.2.2: the CRC of 02 07 is 1241, sent 41 12
EXAMPLE = bytes((0x02, 0x07, 0x41, 0x12))


def sealed(*data):
    buffer = bytearray(data) + bytearray(2)
    return bytes(buffer[: rtu.seal(buffer, len(data))])


def read_request(address=1, function=4, register=6, count=6):
    return sealed(address, function, register >> 8, register & 255, count >> 8, count & 255)


def read_answer(address=1, function=4, data=(1, 2, 3, 4)):
    return sealed(address, function, len(data), *data)


def frames(line, silent=True):
    """Every frame of a new Rtu that heard ``line`` at once, without its CRC."""
    receiver = rtu.Rtu()
    receiver.take(bytearray(line), len(line))
    return all_of(receiver, silent), receiver


def all_of(receiver, silent=True):
    found = []
    receiver.rest()
    while True:
        length = receiver.next(silent)
        if not length:
            return found
        found.append(bytes(receiver.frame[:length]))


def test_the_crc_is_the_one_of_the_standards_example():
    assert sealed(0x02, 0x07) == EXAMPLE


def test_a_crc_that_starts_at_nothing_is_the_p1_telegrams():
    # CRC-16/ARC of "123456789" is BB3D (reveng catalogue)
    assert rtu.crc16(bytearray(b"123456789"), 0, 9, rtu.NIBBLES, 0) == 0xBB3D


def test_what_says_that_it_is_longer_than_a_frame_may_be_is_none_and_writes_nowhere():
    longest = sealed(1, 3, 251, *range(251))
    assert len(longest) == rtu.LONGEST
    for line in (
        sealed(1, 3, 252, *range(252)),
        sealed(1, 65, 255, *range(255)),
        sealed(1, 16, 0, 0, 0, 127, 255, *range(255)),
        sealed(1, 23, 0, 0, 0, 127, 0, 0, 0, 127, 255, *range(255)),
    ):
        assert len(line) > rtu.LONGEST
        found, receiver = frames(line + longest)
        for _ in range(100):  # ticks: each looks at so much garbage and no more
            found += all_of(receiver)
        assert longest[:-2] in found
        assert all(len(each) < rtu.LONGEST for each in found)
        assert len(receiver.frame) == rtu.LONGEST


def test_requests_and_answers_of_each_function_are_frames_at_once_without_a_silence():
    line = [
        read_request(),
        read_answer(),
        sealed(1, 6, 0, 1, 0, 2),
        sealed(0, 16, 0, 0, 0, 2, 4, 1, 2, 3, 4),
        sealed(7, 16, 0, 0, 0, 2),
        sealed(3, 0x84, 2),
        sealed(9, 65, 3, 1, 2, 3),
    ]
    found, receiver = frames(b"".join(line), silent=False)
    assert found == [each[:-2] for each in line]
    assert receiver.torn == 0


def test_a_frame_comes_as_soon_as_its_last_byte_is_there():
    receiver = rtu.Rtu()
    line = read_answer()
    for place in range(len(line) - 1):
        receiver.take(line[place : place + 1], 1)
        assert all_of(receiver, silent=False) == []
    receiver.take(line[-1:], 1)
    assert all_of(receiver, silent=False) == [line[:-2]]


def test_half_a_frame_is_gone_after_a_silence_and_the_next_one_is_whole():
    receiver = rtu.Rtu()
    line = read_answer()
    receiver.take(line, 5)
    assert all_of(receiver, silent=False) == []
    assert all_of(receiver, silent=True) == []
    receiver.take(line, len(line))
    assert all_of(receiver, silent=False) == [line[:-2]]
    assert receiver.torn == 5


def test_garbage_costs_only_itself():
    for seed in range(200):
        random = Random(seed + 1)
        garbage = bytes([random.between(0, 255) for _ in range(random.between(1, 40))])
        found, receiver = frames(garbage + read_answer() + read_request())
        assert found[-2:] == [read_answer()[:-2], read_request()[:-2]], seed
        assert receiver.torn + sum([len(each) + 2 for each in found[:-2]]) == len(garbage), seed


def test_a_flipped_bit_anywhere_makes_it_no_frame():
    line = bytearray(read_answer())
    for bit in range(len(line) * 8):
        line[bit >> 3] ^= 1 << (bit & 7)
        found, _ = frames(line)
        assert found == [], bit
        line[bit >> 3] ^= 1 << (bit & 7)


def test_a_line_full_of_garbage_is_checked_by_parts_and_in_the_end_the_frame_is_there():
    receiver = rtu.Rtu()
    storm = bytes([1, 4, 250] * 150)  # each third byte begins what might be a frame of 255
    receiver.take(storm, len(storm))
    receiver.take(read_answer(), len(read_answer()))
    found, ticks = [], 0
    while not found and ticks < 100:
        found = all_of(receiver)
        assert receiver.budget > -rtu.LONGEST  # a tick checks no more than its budget and one frame
        ticks += 1
    assert found == [read_answer()[:-2]]
    assert ticks > 1


def test_what_does_not_fit_any_more_drops_the_oldest():
    receiver = rtu.Rtu()
    for _ in range(20):
        receiver.take(bytes([0xFF] * 100), 100)
    receiver.take(read_answer(), len(read_answer()))
    found = []
    for _ in range(20):
        found += all_of(receiver)
    assert found == [read_answer()[:-2]]
