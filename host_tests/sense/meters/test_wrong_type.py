"""A meter read as another type, at its speed and address: no reading, or one whose doubt has a name, or the right one."""

import pytest
from bench import host

from host_tests.sense.meters.served import Served
from host_tests.sense.meters.test_every_meter import AMPS, MAPS, Desk, floats, registers

ERROR_MA = 200
# a meter of one phase is told, and the first voltages of one of three look like its current: `calibrate car` finds that
ALIKE = {("em340", "em112"), ("em24", "em112")}


def turned(data):
    """Numbers of two words with the low one first."""
    return b"".join(data[at + 2 : at + 4] + data[at : at + 2] for at in range(0, len(data), 4))


def judged(desk, ms):
    """What is wrong with it after so long (0: nothing), and the currents it tells."""
    metered = host.load("reference", "headroom.sense.meters.metered", fresh=False)
    records = host.load("reference", "headroom.terms.records", fresh=False)
    limits, readings = records.Limits(), records.Readings()
    limits.breaker_ma, limits.mains_v = 63000, 230
    meter = metered.Metered(limits, desk.poll, 0)
    until_us = desk.chip.us + ms * 1000
    while desk.chip.us < until_us:
        desk.chip.advance(25000)
        meter.read(readings)
    return meter.doubts.code, desk.poll.ma[: desk.poll.phases]


@pytest.mark.parametrize("real", MAPS)
def test_a_meter_that_is_read_as_another_type_is_in_doubt_unless_its_currents_are_right(real):
    wrong = []
    for told in MAPS:
        with Served(registers(MAPS[real][1])) as server:
            code, read_ma = judged(Desk(told, server), 4000)
        right = all(abs(ma - amps * 1000) <= ERROR_MA for ma, amps in zip(read_ma, AMPS, strict=False))
        if not code and not right and (real, told) not in ALIKE:
            wrong.append((told, read_ma))
    assert not wrong


def test_floats_whose_words_come_the_other_way_round_are_no_reading_though_each_is_a_number_next_to_nothing():
    whole = {74: (1.0,), 0: (230.0, 231.0, 232.0), 6: (10.5, 3.25, 7.0), 12: (2400.0, 740.0, 1600.0), 72: (1234.5,)}
    with Served(registers({at: turned(floats(*values)) for at, values in whole.items()})) as server:
        code, read_ma = judged(Desk("sdm630", server), 4000)
    assert read_ma == [0, 0, 0]
    assert code
