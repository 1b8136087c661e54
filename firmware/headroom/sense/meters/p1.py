"""The P1 port of a smart meter: telegrams of text, each second (DSMR 5, ESMR, Flanders) or every ten (DSMR 4), read as they come.

DSMR 5.0.2 P1 companion: 115 200 baud 8N1, upside down, ``/`` ... ``!`` and four hex digits of CRC-16/ARC over all from ``/`` to
``!``. A telegram without a right CRC is none; one of DSMR 2 or 3 has no CRC. Lines are OBIS codes (IEC 62056-61):
1-0:31.7.0(007*A) is L1's current, 21.7.0 and 22.7.0 its power in and out, 32.7.0 its voltage, 1.8.1 and 1.8.2 energy in.

Dutch meters tell whole amperes (domoticz PR #2851), Flemish ones two decimals: what was cut off may have been anything up to
half a unit, so that much is added, and power by voltage is the least it can be. The magnitude has no sign.
Each tick takes what has come, and reads at most LINES lines; the rest waits.
"""

from time import ticks_ms

import micropython

from headroom.sense import bus
from headroom.sense.meters.numbers import UNKNOWN
from headroom.sense.rtu import NIBBLES, crc16, move
from headroom.terms.records import PHASES

BAUD = 115200
ROOM = 1280  # a telegram of 1100 bytes, and what comes while it is read
PIECE = 128
LINES = 12  # a tick: some 2 ms (a guess: 20 characters each, 8 us a character)
NOMINAL_MV = 230000  # EN 50160; a telegram of DSMR 4 tells no voltage
OLD_MS = 1000  # what it tells is the second before
PERIODS_MS = (1000, 10000)
SLASH, BANG, NEWLINE, BRACKET, POINT = 47, 33, 10, 40, 46
# C of a code C.7.0: what, and of which phase
AMPS, WATTS_IN, WATTS_OUT, VOLTS = (31, 51, 71), (21, 41, 61), (22, 42, 62), (32, 52, 72)


@micropython.viper
def find(data: ptr8, place: int, stop: int, byte: int) -> int:
    """Where ``byte`` is from ``place`` on, before ``stop``; -1: nowhere."""
    while place < stop:
        if int(data[place]) == byte:
            return place
        place += 1
    return -1


class Telegram:
    """What one telegram says, and the meter's interface (see poll.py): ``ma``, ``w``, ``mv``, ``wh``, ``known``, ``print``."""

    def __init__(self):
        self.phases = 1
        self.ma, self.w, self.mv = [0] * PHASES, [0] * PHASES, [0] * PHASES
        self.wh = 0
        self.counts = True
        self.known = False
        self.client = None  # it talks unasked
        self.print = 0
        self.amps, self.units = [-1] * PHASES, [0] * PHASES
        self.watts, self.volts = [0] * PHASES, [0] * PHASES
        self.energy = 0
        self.place = 0  # behind the number that was read last
        self.telegrams = self.torn = 0

    def begin(self):
        """A new telegram: nothing of the last one counts."""
        self.energy = 0
        for phase in range(PHASES):
            self.amps[phase] = -1
            self.watts[phase] = self.volts[phase] = 0

    def number(self, data, place, stop):
        """The digits from ``place`` on; ``place`` is behind them then."""
        value = 0
        while place < stop and 48 <= data[place] <= 57:
            if value < 10000000:
                value = value * 10 + data[place] - 48
            place += 1
        self.place = place
        return value

    def line(self, data, place, stop):
        """One line: ``data[place:stop]``."""
        if stop - place < 10 or data[place] != 49 or data[place + 3] != 58:  # 1-0:
            return
        c = self.number(data, place + 4, stop)
        d = self.number(data, self.place + 1, stop)
        e = self.number(data, self.place + 1, stop)
        if self.place >= stop or data[self.place] != BRACKET:
            return
        upper = self.number(data, self.place + 1, stop)
        place = self.place
        if upper >= UNKNOWN // 1000:
            return
        value, unit = upper * 1000, 1000  # of the last digit
        if place < stop and data[place] == POINT:
            place += 1
            while place < stop and 48 <= data[place] <= 57 and unit > 1:
                unit //= 10
                value += (data[place] - 48) * unit
                place += 1
        if d == 8 and c == 1 and e in (1, 2):
            self.energy = min(self.energy + value, UNKNOWN)
        if d != 7 or e != 0:
            return
        for phase in range(PHASES):
            if c == AMPS[phase]:
                self.amps[phase], self.units[phase] = value, unit
            elif c == WATTS_IN[phase]:
                self.watts[phase] += value
            elif c == WATTS_OUT[phase]:
                self.watts[phase] -= value
            elif c == VOLTS[phase]:
                self.volts[phase] = value

    def end(self, mark):
        """Its CRC is right: it counts."""
        self.telegrams += 1
        self.print = mark
        self.known = True
        self.wh = self.energy
        for phase in range(PHASES):
            ma, watts, mv = self.amps[phase], self.watts[phase], self.volts[phase]
            if ma >= 0:
                self.phases = max(self.phases, phase + 1)
            self.known = self.known and ma < UNKNOWN
            self.w[phase], self.mv[phase] = watts, mv
            volts_mv = mv if mv > 50000 else NOMINAL_MV
            least_ma = abs(watts) * 10000 // (volts_mv // 100) if abs(watts) < 50000 else 0
            if ma > 0:
                ma += self.units[phase] // 2
            self.ma[phase] = max(ma, least_ma, 0)
        for phase in range(self.phases):
            self.known = self.known and self.amps[phase] >= 0


class P1(Telegram):
    """``step`` once a tick; True when a new telegram is there."""

    def __init__(self, place, slow):
        super().__init__()
        self.uart = bus.uart(place, BAUD, 0)
        self.old_ms = OLD_MS
        self.period_ms = PERIODS_MS[slow]
        self.data = bytearray(ROOM)
        self.piece = bytearray(PIECE)
        self.count = 0
        self.at = 0  # lines up to here are read
        self.crc = -1  # of the telegram so far; -1: not in one
        self.began_ms = self.read_ms = ticks_ms()

    def step(self, now_ms):
        """Take what has come, and read its lines."""
        there = self.uart.any()
        while there > 0:
            got = self.uart.readinto(self.piece, min(there, PIECE))
            if not got:
                break
            self._take(got)
            there -= got
        new = False
        for _ in range(LINES):
            end = find(self.data, self.at, self.count, NEWLINE)
            if end < 0:
                break
            new = self._line(self.at, end + 1, now_ms) or new
            self.at = end + 1
        if self.at == self.count:
            self.at = self.count = 0
        elif self.at:
            move(self.data, 0, self.data, self.at, self.count - self.at)
            self.count -= self.at
            self.at = 0
        return new

    def _take(self, got):
        if self.count + got > ROOM:  # no end of a line in all of that: no telegram
            self.torn += 1
            self.count = self.at = 0
            self.crc = -1
        move(self.data, self.count, self.piece, 0, got)
        self.count += got

    def _line(self, start, stop, now_ms):
        data = self.data
        slash = find(data, start, stop, SLASH)
        if slash >= 0 and (self.crc < 0 or slash == start):
            self.torn += self.crc >= 0
            self.crc = crc16(data, slash, stop, NIBBLES, 0)
            self.began_ms = now_ms
            self.begin()
            return False
        if self.crc < 0:
            return False
        if data[start] != BANG:
            self.crc = crc16(data, start, stop, NIBBLES, self.crc)
            self.line(data, start, stop)
            return False
        crc, self.crc = crc16(data, start, start + 1, NIBBLES, self.crc), -1
        if crc != hexed(data, start + 1, stop):
            self.torn += 1
            return False
        self.read_ms = self.began_ms
        self.end(crc)
        return True


def hexed(data, place, stop):
    """Four hex digits as a number; -1: they are none."""
    if stop - place < 4:
        return -1
    value = 0
    for number in range(4):
        digit = data[place + number]
        if 48 <= digit <= 57:
            digit -= 48
        elif 65 <= digit <= 70:
            digit -= 55
        else:
            return -1
        value = value << 4 | digit
    return value
