"""Each meter of the table, answered by a pymodbus server that has that meter's registers: right to the last digit."""

import struct

import pytest
from bench import host
from bench.chip import chip as chips
from bench.world.bus import Line

from host_tests.sense.meters.served import Served

VOLTS, AMPS, WATTS, KWH = (229.8, 231.4, 228.7), (0.123, 6.512, 31.987), (-28.5, 1492.3, 7301.9), 12345.6


def floats(*values):
    return b"".join(struct.pack(">f", value) for value in values)


def longs(*values):
    return b"".join(struct.pack(">i", round(value)) for value in values)


def swapped(*values):
    words = longs(*values)
    return b"".join(words[at + 2 : at + 4] + words[at : at + 2] for at in range(0, len(words), 4))


def shorts(*values):
    return b"".join(struct.pack(">h", round(value)) for value in values)


def times(factor, values):
    return [value * factor for value in values]


EASTRON = {0: floats(*VOLTS), 6: floats(*AMPS), 12: floats(*WATTS), 72: floats(KWH), 74: floats(1.0)}
GAVAZZI = {
    0: swapped(*times(10, VOLTS)),
    6: swapped(0, 0, 0),
    12: swapped(*times(1000, AMPS)),
    18: swapped(*times(10, WATTS)),
}

# meter: phases, and what its manual says is where (units as in the manual)
MAPS = {
    "sdm120": (1, EASTRON),
    "sdm230": (1, EASTRON),
    "sdm630": (3, EASTRON),
    "sdm72": (3, EASTRON),
    "em112": (
        1,
        {
            0: swapped(VOLTS[0] * 10),  # V x 10
            2: swapped(AMPS[0] * 1000),  # A x 1000
            4: swapped(WATTS[0] * 10),  # W x 10
            16: swapped(KWH * 10),  # kWh x 10
        },
    ),
    "em340": (3, {**GAVAZZI, 40: swapped(0), 52: swapped(KWH * 10)}),
    "em24": (3, {**GAVAZZI, 40: swapped(0), 66: swapped(KWH * 10)}),
    "abb-b23": (
        3,
        {
            0x5000: struct.pack(">q", round(KWH * 100)),  # 0.01 kWh
            0x5B00: longs(*times(10, VOLTS)),  # 0.1 V
            0x5B06: longs(0, 0, 0),  # between the phases
            0x5B0C: longs(*times(100, AMPS)),  # 0.01 A
            0x5B12: longs(0),
            0x5B14: longs(876570),  # total, 0.01 W
            0x5B16: longs(*times(100, WATTS)),  # 0.01 W
        },
    ),
    "dtsu666": (
        3,
        {
            0x101E: floats(KWH),
            0x2000: floats(*times(10, VOLTS)),  # 0.1 V
            0x2006: floats(0, 0, 0),
            0x200C: floats(*times(1000, AMPS)),  # mA
            0x2012: floats(0),
            0x2014: floats(*times(10, WATTS)),  # 0.1 W
        },
    ),
    "orno-514": (
        1,
        {
            0x131: shorts(VOLTS[0] * 100),  # 0.01 V
            0x139: longs(AMPS[0] * 1000),  # mA
            0x13B: longs(0, 0) + shorts(0),
            0x140: longs(WATTS[0]),  # W
            0xA000: longs(KWH * 100),  # 0.01 kWh
        },
    ),
    "orno-516": (
        3,
        {
            0x0E: floats(*VOLTS),
            0x14: floats(50.0),
            0x16: floats(*AMPS),
            0x1C: floats(8.765),
            0x1E: floats(*times(0.001, WATTS)),  # kW
            0x108: floats(KWH),
        },
    ),
    "iem3000": (
        3,
        {
            0x5002: floats(*VOLTS),
            0x5008: floats(50.0, 0),
            0x500C: floats(*AMPS),
            0x5012: floats(8.765),
            0x5014: floats(*times(0.001, WATTS)),  # kW
            0x600C: floats(KWH),
        },
    ),
    "generic": (3, EASTRON),
}
STEPS_MA = {"abb-b23": 10}  # what its last digit is worth
STEPS_W = {"orno-514": 1}


def registers(blocks):
    found = {}
    for first, data in blocks.items():
        for at in range(0, len(data), 2):
            found[first + at // 2] = data[at] << 8 | data[at + 1]
    return found


class Desk:
    """A chip with a meter on its port."""

    def __init__(self, name, server, baud=None, parity=None, address=1):
        module = host.load("reference", "headroom.sense.meters.table")
        self.row = module.row(name)
        poll = host.load("reference", "headroom.sense.meters.poll", fresh=False)
        bus = host.load("reference", "headroom.sense.bus", fresh=False)
        self.chip = chips.Chip()
        chips.attach(self.chip)
        self.line = Line(1)
        self.line.wire(self.chip, bus.board.RS485_RX_PIN, "charger", bus.board.RS485_DE_PIN)
        baud, parity = baud or self.row.baud, self.row.parity if parity is None else parity
        self.station = server.on(self.line, self.row.baud, self.row.parity)
        self.poll = poll.Poll(bus.Bus(bus.RS485, baud, parity), self.row, address)

    def live(self, ms):
        """Returns how many readings came."""
        readings, until_us = 0, self.chip.us + ms * 1000
        while self.chip.us < until_us:
            self.chip.advance(25000)
            readings += self.poll.step((self.chip.us + 1) // 1000 % (1 << 30))
        return readings


@pytest.mark.parametrize("name", MAPS)
def test_every_meter_of_the_table_is_right_to_the_last_digit(name):
    phases, blocks = MAPS[name]
    with Served(registers(blocks)) as server:
        desk = Desk(name, server)
        assert desk.live(12000) >= 10
        poll = desk.poll
        assert poll.known
        assert poll.client.refused == poll.client.silent == 0
        assert poll.phases == phases
        step_ma = STEPS_MA.get(name, 1)
        for phase in range(phases):
            assert poll.ma[phase] == round(AMPS[phase] * 1000 / step_ma) * step_ma
            assert poll.w[phase] in (int(WATTS[phase] - 1), int(WATTS[phase]), int(WATTS[phase] + 1))
            assert abs(poll.w[phase] - WATTS[phase]) <= 0.5
            assert poll.mv[phase] == round(VOLTS[phase] * 1000)
        if name != "generic":
            assert abs(poll.wh - KWH * 1000) <= 1


@pytest.mark.parametrize("name", MAPS)
def test_every_meter_of_the_table_that_repeats_itself_or_falls_silent_is_named(name):
    judges = host.load("reference", "headroom.sense.meters.doubts")
    faults = host.load("reference", "headroom.terms.meter_faults", fresh=False)
    limits = host.load("reference", "headroom.terms.records", fresh=False).Limits()
    with Served(registers(MAPS[name][1])) as server:
        desk = Desk(name, server)
        poll = desk.poll
        judge = judges.Doubts(limits, poll.phases, desk.row.old_ms)
        limits.breaker_ma = 63000

        def told(ms):
            for _ in range(ms // 25):
                judge.look(25, desk.live(25) > 0, poll.known, poll.ma, poll.w, poll.mv, poll.print, True)
            return judge.code

        assert told(3000) == faults.OK
        assert told(9500) == faults.REPEATS
        desk.line.cut = ("meter",)
        assert told(5000) == faults.NO_ANSWER


def test_the_test_knows_every_meter_that_is_offered():
    meters = host.load("reference", "headroom.terms.meters")
    offered = [name for name in meters.CHOICES.split(" ") if name not in ("none", "p1", "p1-10s")]
    assert offered == list(MAPS)


def test_a_wrong_speed_a_wrong_parity_and_a_wrong_address_give_nothing():
    with Served(registers(EASTRON)) as server:
        for options in ({"baud": 19200}, {"parity": 2}, {"address": 7}):
            desk = Desk("sdm630", server, **options)
            assert desk.live(3000) == 0
            # (pymodbus says no where a device of another address would be silent)
            assert desk.poll.client.silent + desk.poll.client.refused > 3


def test_a_meter_that_has_no_such_register_refuses_and_is_counted():
    with Served(registers({100: floats(1.0)})) as server:
        desk = Desk("sdm630", server)
        assert desk.live(2000) == 0
        assert desk.poll.client.refused > 3


def test_a_packet_that_was_spoilt_is_no_reading():
    def spoil(sending, data):
        return data[:-1] + bytes([data[-1] ^ 1]) if sending else data

    with Served(registers(EASTRON), trace=spoil) as server:
        desk = Desk("sdm630", server)
        assert desk.live(2000) == 0


def test_no_meter_is_asked_sooner_than_it_bears():
    for name in ("sdm630", "sdm72"):
        with Served(registers(EASTRON)) as server:
            desk = Desk(name, server)
            desk.live(4000)
            ours = [each for each in desk.line.said if each.tap.name == "charger"]
            theirs = [each for each in desk.line.said if each.tap.name == "meter"]
            for answer in theirs:
                later = [each.us for each in ours if each.us > answer.end_us]
                assert not later or later[0] - answer.end_us >= desk.row.pause_ms * 1000
