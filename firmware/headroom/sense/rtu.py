"""Modbus RTU: frames out of bytes. Pure: no UART and no clock in here (that is bus.py's).

    rtu = Rtu()
    rtu.take(piece, count)      bytes came; what does not fit any more is dropped, oldest first
    length = rtu.next(silent)   the next whole frame is in rtu.frame[:length], CRC checked and cut off; 0: none (yet)
    rtu.rest()                  once a tick: new budget
    length = seal(frame, n)     append the CRC to n bytes: n + 2
    rtu.torn, rtu.frames        bytes that were part of no frame, and frames found, since the start

Nothing waits. A frame's length follows from its function, in a request as in an answer; both are tried, for a server hears
both. So two frames in one look are two frames, although nobody looked at the silence between them. What fits no form, or has
a wrong CRC, loses its first byte and is tried again: garbage costs only itself. ``silent``: 3.5 characters have passed since
the last byte (MODBUS over Serial Line V1.02, 2.5.1.1), so what is not whole now never will be. Each tick may check so
many bytes (BUDGET): a line full of garbage cannot make a tick late.
"""

from array import array

import micropython

LONGEST = 256  # V1.02, 2.5.1: address, 253 bytes, CRC
ROOM = 640  # what comes in two ticks at 115 200 baud, and a frame
BUDGET = 1024  # bytes checked a tick: native, some 0.5 ms at 240 MHz (a guess: 100 instructions a byte)
LEAST = 4  # address, function, CRC

SAME = bytes((5, 6, 8, 15, 16))  # functions whose answer has 8 bytes, like a request
COUNTED = bytes((1, 2, 3, 4, 17, 23))  # functions whose answer says how many bytes follow
OWN = ((65, 72), (100, 110))  # functions that a maker may define (V1.1b3, 5): ours always say how many bytes follow

# CRC-16 of each half byte, reflected, polynomial 0xA001: V1.02, 6.2.2
NIBBLES = array(
    "H",
    (
        0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
        0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
    ),
)  # fmt: skip
START = 0xFFFF


@micropython.viper
def crc16(data: ptr8, place: int, stop: int, table: ptr16, crc: int) -> int:
    """CRC-16 of data[place:stop]: ``crc`` is START for Modbus, 0 for a P1 telegram; ``table``: NIBBLES."""
    while place < stop:
        crc ^= int(data[place])
        crc = (crc >> 4) ^ int(table[crc & 15])
        crc = (crc >> 4) ^ int(table[crc & 15])
        place += 1
    return crc


@micropython.viper
def move(to: ptr8, place: int, source: ptr8, start: int, count: int):
    """Copy ``count`` bytes; within one buffer towards its beginning only."""
    index = 0
    while index < count:
        to[place + index] = source[start + index]
        index += 1


def seal(frame, length):
    """Append the CRC, low byte first; returns the length with it."""
    crc = crc16(frame, 0, length, NIBBLES, START)
    frame[length] = crc & 0xFF
    frame[length + 1] = crc >> 8
    return length + 2


def asked(heard, at, have):
    """How long a request that begins at ``at`` is; 0: no such form; more than ``have``: it is not whole."""
    function = heard[at + 1]
    if 1 <= function <= 6 or function == 8:
        return 8
    if function == 15 or function == 16:
        return 9 + heard[at + 6] if have > 6 else LONGEST
    if function == 23:
        return 13 + heard[at + 10] if have > 10 else LONGEST
    return counted(heard, at, function)


def answered(heard, at):
    """How long an answer that begins at ``at`` is; 0: no such form."""
    function = heard[at + 1]
    if function > 0x80:
        return 5
    if function in COUNTED:
        return 5 + heard[at + 2]
    return 8 if function in SAME else 0


def counted(heard, at, function):
    """The same for our own functions, whose third byte says how many follow, asking and answering."""
    for first, last in OWN:
        if first <= function <= last:
            return 5 + heard[at + 2]
    return 0


class Rtu:
    """See above; made once, allocates nothing after that."""

    def __init__(self):
        self.heard = bytearray(ROOM)
        self.at = 0  # what lies before has been dealt with
        self.count = 0  # and so many bytes are there
        self.frame = bytearray(LONGEST)
        self.budget = BUDGET
        self.frames = 0
        self.torn = 0

    def take(self, piece, count):
        """``count`` bytes of ``piece`` came."""
        if self.count + count > ROOM:
            self._close()
            lost = self.count + count - ROOM
            if lost > 0:
                self.at = lost
                self.torn += lost
                self._close()
        move(self.heard, self.count, piece, 0, count)
        self.count += count

    def rest(self):
        """A new tick: it may check so many bytes."""
        self.budget = BUDGET

    def next(self, silent):
        """Bring the next frame to ``frame``; returns its length without CRC, 0: none (yet)."""
        heard = self.heard
        while self.count - self.at >= LEAST and self.budget > 0:
            have = self.count - self.at
            if heard[self.at] <= 247:
                asking, answer = asked(heard, self.at, have), answered(heard, self.at)
                if self._whole(asking, have):
                    return self._found(asking)
                if self._whole(answer, have):
                    return self._found(answer)
                if not silent and have < max(asking, answer) <= LONGEST:
                    return 0
            self.at += 1
            self.torn += 1
            self.budget -= 1
        if silent and self.budget > 0:
            self.torn += self.count - self.at
            self.at = self.count
        if self.at == self.count:
            self.at = self.count = 0
        return 0

    def _whole(self, length, have):
        """True when the next ``length`` bytes are there, fit ``frame``, and their CRC is right."""
        if not LEAST <= length <= have or length > LONGEST:
            return False
        self.budget -= length
        return crc16(self.heard, self.at, self.at + length, NIBBLES, START) == 0

    def _found(self, length):
        move(self.frame, 0, self.heard, self.at, length)
        self.at += length
        self.frames += 1
        if self.at == self.count:
            self.at = self.count = 0
        return length - 2

    def _close(self):
        """Bytes that were dealt with make room."""
        move(self.heard, 0, self.heard, self.at, self.count - self.at)
        self.count -= self.at
        self.at = 0
