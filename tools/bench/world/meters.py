"""Meters of the house on the bench: each reads the world when its own clock says so, and tells it in its own way.

A real supply never stands still: the voltage wobbles by some tenths of a volt (a guess, VOLTS_WOBBLE_MV), and with it the watts.
"""

import struct

from bench.world.bus import Station, mixed

VOLTS_WOBBLE_MV = 400

NIBBLES = (
    0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
    0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
)  # fmt: skip


def crc(data, value):
    """CRC-16 with polynomial 0xA001: from 0xFFFF Modbus, from 0 a telegram's. The bench's own, from the same standards."""
    for byte in data:
        value ^= byte
        for _ in range(2):
            value = value >> 4 ^ NIBBLES[value & 15]
    return value


class Seen:
    """What a meter measures: ``supply(phase)`` in mA with its sign, ``mv`` of the supply; refreshed every ``every_us``."""

    def __init__(self, supply, every_us, mv=230000, seed=1):
        self.supply = supply
        self.every_us = every_us
        self.nominal_mv = mv
        self.seed = seed
        self.round = -1
        self.ma, self.mv, self.w = [0, 0, 0], [mv] * 3, [0, 0, 0]
        self.stuck = False  # it does not look any more

    def look(self, us):
        """Look, if it is time to."""
        turn = us // self.every_us
        if turn == self.round or self.stuck:
            return
        self.round = turn
        for phase in range(3):
            self.ma[phase] = self.supply(phase)
            self.mv[phase] = self.nominal_mv - VOLTS_WOBBLE_MV + mixed(self.seed, turn, phase) % (2 * VOLTS_WOBBLE_MV)
            self.w[phase] = self.ma[phase] * (self.mv[phase] // 100) // 10000


class Eastron(Station):
    """An SDM630: floats, input registers; currents without a sign."""

    def __init__(self, line, seen, baud=9600, parity=0, address=1, delay_us=30000):
        super().__init__(line, "meter", self.reply, baud, parity, delay_us)
        self.seen = seen
        self.address = address
        self.silent = False
        self.spoil = None  # a function that changes a number before it is told: (register, value) -> value

    def register(self, register):
        """The float at a register."""
        seen, phase = self.seen, register // 2 % 3
        value = 0
        if register < 6:
            value = seen.mv[phase] / 1000
        elif register < 12:
            value = abs(seen.ma[phase]) / 1000
        elif register < 18:
            value = seen.w[phase]
        return value if self.spoil is None else self.spoil(register, value)

    def reply(self, frame):
        """What it says to a request."""
        if self.silent or len(frame) != 8 or frame[0] != self.address or crc(frame, 0xFFFF):
            return None
        self.seen.look(self.last_us)
        first, count = frame[2] << 8 | frame[3], frame[4] << 8 | frame[5]
        if frame[1] != 4 or first & 1 or count & 1 or not 0 < count <= 80:
            data = bytes((frame[0], frame[1] | 0x80, 2))
        else:
            data = bytes((frame[0], 4, count * 2))
            data += b"".join([struct.pack(">f", self.register(first + at)) for at in range(0, count, 2)])
        return data + struct.pack("<H", crc(data, 0xFFFF))


# kind: (how a current is written, lines beside); evcc meter/dsmr_test.go has telegrams of each
DECIMALS = {"dutch": 0, "flemish": 2, "tenths": 1}


def telegram(ma, watts, mv, kind="dutch", stamp=0, phases=3, wh=1234567):
    """One P1 telegram as bytes; magnitudes of current, power in and out, as DSMR 5 lists them."""
    lines = ["/ISK5\\2M550T-1012", "", "1-3:0.2.8(50)", "0-0:1.0.0(26%010dW)" % stamp, "0-0:96.1.1(%s)" % ("45" * 17)]
    lines += ["1-0:1.8.1(%06d.%03d*kWh)" % (wh // 1000, wh % 1000), "1-0:1.8.2(000100.000*kWh)"]
    lines += ["1-0:2.8.1(000000.000*kWh)", "1-0:2.8.2(000000.000*kWh)", "0-0:96.14.0(0002)"]
    total = sum(watts)
    lines += ["1-0:1.7.0(%06.3f*kW)" % (max(total, 0) / 1000), "1-0:2.7.0(%06.3f*kW)" % (max(-total, 0) / 1000)]
    lines += ["0-0:96.7.21(00013)", "0-0:96.7.9(00000)", "1-0:99.97.0(0)(0-0:96.7.19)", "0-0:96.13.0()"]
    decimals = DECIMALS[kind]
    for phase in range(phases):
        lines.append("1-0:%d2.7.0(%05.1f*V)" % (3 + 2 * phase, mv[phase] / 1000))
    for phase in range(phases):
        unit = 1000 // 10**decimals
        units = abs(ma[phase]) // unit  # cut off, as whole amperes are
        text = "%03d" % units if not decimals else "%03d.%0*d" % (units // 10**decimals, decimals, units % 10**decimals)
        lines.append("1-0:%d1.7.0(%s*A)" % (3 + 2 * phase, text))
    for phase in range(phases):
        lines.append("1-0:%d1.7.0(%06.3f*kW)" % (2 + 2 * phase, max(watts[phase], 0) / 1000))
        lines.append("1-0:%d2.7.0(%06.3f*kW)" % (2 + 2 * phase, max(-watts[phase], 0) / 1000))
    lines += ["0-1:24.1.0(003)", "0-1:96.1.0(%s)" % ("47" * 17), "0-1:24.2.1(261129120000W)(00052.312*m3)"]
    data = ("\r\n".join(lines) + "\r\n!").encode()
    return data + b"%04X\r\n" % crc(data, 0)


class P1Port:
    """A smart meter's port: a telegram every ``period_ms``, unasked."""

    def __init__(self, line, seen, period_ms=1000, kind="dutch", phases=3):
        self.tap = line.join("p1")
        self.seen = seen
        self.period_us = period_ms * 1000
        self.kind = kind
        self.phases = phases
        self.next_us = self.period_us
        self.silent = False
        self.spoil = None  # bytes -> bytes
        line.attach(self)

    def run(self, us):
        """Say all that is due."""
        if us - self.next_us > 4 * self.period_us:
            self.next_us = us // self.period_us * self.period_us
        while self.next_us <= us:
            self.seen.look(self.next_us)
            if not self.silent:
                seen = self.seen
                data = telegram(seen.ma, seen.w, seen.mv, self.kind, self.next_us // 1000000, self.phases)
                self.tap.send(self.next_us, data if self.spoil is None else self.spoil(data), 115200)
            self.next_us += self.period_us
