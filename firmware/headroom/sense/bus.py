"""A serial line with frames on it: UART, driver enable, Modbus RTU in both roles. Once a tick, nothing waits.

    bus = Bus(RS485, baud, parity)   parity: 0 none, 1 odd, 2 even; RS485 or METER: which of the board's ports
    bus.step()                       first in each tick: takes what has come
    length = bus.next()              the next whole frame is in bus.frame[:length] (address, function, data; CRC checked and
                                     cut off); 0: none. Again until 0; what is not fetched waits for the next tick
    bus.send(frame, length)          True: on its way (the CRC is added here); False: the last one has not left yet
    bus.sending()                    True until the driver has let go of the line
    bus.quiet_us()                   since the last byte was heard (looked at once a tick, so a tick less sharp)
    bus.rtu.torn, bus.rtu.frames     bytes that were no frame, frames; bus.sent: frames sent

Who may speak when is the roles' business (a client asks and waits, a server answers what is addressed to it): client.py,
and whoever serves. A client that hears nothing for its time-out asks again; a broadcast (address 0) is answered by nobody.

The driver must let go within 3.5 characters of the last bit (MODBUS over Serial Line V1.02, 2.5.1.1), and a tick looks every
25 ms only. So the chip's pulse generator (RMT) holds the driver's enable pin: it is told how long, and ends it by itself.
machine.UART has no RS-485 mode (ports/esp32/machine_uart.c@v1.23.0 ... v1.28.0).
"""

from time import ticks_add, ticks_diff, ticks_us

import board
from esp32 import RMT
from machine import UART, Pin

from headroom.sense.rtu import LONGEST, Rtu, move, seal

RS485, METER = "RS485", "METER"
PARITIES = (None, 1, 0)  # machine.UART: None, 1 odd, 0 even
RXBUF = 1024  # beside the heap: 89 ms at 115 200 baud, so that a flash erase of 50 ms loses nothing
TXBUF = 512  # more than the longest frame, so that write returns at once
PIECE = 128  # bytes a read
CLOCK_DIV = 255  # of 80 MHz: 3.19 us a count of the pulse generator, the slowest it takes
PULSES = 12  # pieces of at most 32767 counts in which the driver is held: 1.25 s, a longest frame at 2400 baud
LONG_US = 1 << 28  # four minutes: no longer silence is told, for the clock's half period is nine
SHORTEST_GAP_US = 1750  # above 19 200 baud: V1.02, 2.5.1.1


def pins(place):
    """UART, TX, RX, driver enable of one of the board's ports, and whether what it hears is upside down."""
    if place == METER:
        return 1, board.METER_TX_PIN, board.METER_RX_PIN, board.METER_DE_PIN, board.METER_INVERTED
    return 2, board.RS485_TX_PIN, board.RS485_RX_PIN, board.RS485_DE_PIN, False


def fitted(place):
    """True when the board has that port."""
    return pins(place)[2] is not None


def uart(place, baud, parity):
    """The UART of one of the board's ports."""
    number, tx, rx, _, inverted = pins(place)
    return UART(
        number,
        baudrate=baud,
        bits=8,
        parity=PARITIES[parity],
        stop=1,
        tx=tx,
        rx=rx,
        rxbuf=RXBUF,
        txbuf=TXBUF,
        timeout=0,
        invert=UART.INV_RX if inverted else 0,
    )


class Bus:
    """See above."""

    def __init__(self, place, baud, parity):
        self.uart = uart(place, baud, parity)
        de = pins(place)[3]
        self.driver = None if de is None else RMT(0 if place == RS485 else 1, pin=Pin(de), clock_div=CLOCK_DIV)
        self._timed(baud, parity)
        self.rtu = Rtu()
        self.frame = self.rtu.frame
        self.sent = 0
        self.silent = True
        self.piece = bytearray(PIECE)
        self.out = bytearray(LONGEST)
        self.pulses, self.levels = [0] * PULSES, [1] * PULSES
        self.heard_us = self.free_us = ticks_us()
        self.drives = False

    def _timed(self, baud, parity):
        self.char_us = ((11 if parity else 10) * 1000000 + baud - 1) // baud
        self.gap_us = max(self.char_us * 7 // 2, SHORTEST_GAP_US)

    def tune(self, baud, parity):
        """Another speed and parity; what was sent must have left."""
        self.uart.init(baudrate=baud, bits=8, parity=PARITIES[parity], stop=1)
        self._timed(baud, parity)

    def step(self):
        """Take what has come; first in each tick."""
        now_us = ticks_us()
        self.sending()
        self.rtu.rest()
        there = self.uart.any()
        if there:
            self.heard_us = now_us
            self.silent = False
        elif ticks_diff(now_us, self.heard_us) >= self.gap_us:
            self.silent = True
            if ticks_diff(now_us, self.heard_us) > LONG_US:
                self.heard_us = ticks_add(now_us, -LONG_US)
        while there > 0:
            got = self.uart.readinto(self.piece, min(there, PIECE))
            if not got:
                break
            self.rtu.take(self.piece, got)
            there -= got

    def next(self):
        """The length of the next frame, which is in ``frame``; 0: none."""
        return self.rtu.next(self.silent)

    def quiet_us(self):
        """How long nothing was heard."""
        return ticks_diff(ticks_us(), self.heard_us)

    def sending(self):
        """True while the driver holds the line."""
        if self.drives and ticks_diff(ticks_us(), self.free_us) >= 0:
            self.drives = False
        return self.drives

    def send(self, frame, length):
        """Send frame[:length] and its CRC."""
        if self.sending():
            return False
        out = self.out
        move(out, 0, frame, 0, length)
        length = seal(out, length)
        hold_us = (length + 1) * self.char_us
        if self.driver is not None:
            part = hold_us * 16 // 51 // PULSES + 1
            for place in range(PULSES):
                self.pulses[place] = part
            self.driver.write_pulses(self.pulses, self.levels)
        self.uart.write(out, length)  # type: ignore[call-arg] # py/stream.c: write(buffer, length)
        self.free_us = ticks_add(ticks_us(), hold_us)
        self.drives = True
        self.sent += 1
        return True
