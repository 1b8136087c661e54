"""A Modbus client on a bus: asks one thing at a time, and waits for the answer without waiting.

    client.ask(address, function, register, count)     True: asked; False: the line is still busy
    state = client.look()                              once a tick, after bus.step()

    ANSWER   the registers are in bus.frame from byte 3 on: told once
    REFUSED  the device says no (code in bus.frame[2]): told once
    SILENT   nothing came in time: told once
    WAITS, IDLE

What somebody else says on the line in between is no answer: address, function and number of bytes must be what was asked for.
"""

from time import ticks_diff, ticks_us

from headroom.terms import modbus

IDLE, WAITS, ANSWER, REFUSED, SILENT = range(5)
TIMEOUT_MS = 300  # after the request's last bit: volkszaehler/mbmd's; openWB and SmartEVSE wait 100 to 1000


class Client:
    """See above."""

    def __init__(self, bus, timeout_ms=TIMEOUT_MS):
        self.bus = bus
        self.timeout_us = timeout_ms * 1000
        self.request = bytearray(6)
        self.state = IDLE
        self.asked_us = 0
        self.bytes = 0  # of registers that the answer has
        self.answered = self.refused = self.silent = 0  # since the start

    def ask(self, address, function, register, count):
        """Ask for ``count`` registers (reading functions only)."""
        if self.state == WAITS:
            return False
        length = modbus.asks(self.request, address, function, register, count)
        if not self.bus.send(self.request, length):
            return False
        self.state = WAITS
        self.asked_us = self.bus.free_us
        self.bytes = count * 2
        return True

    def look(self):
        """What has become of it."""
        if self.state != WAITS:
            self._drain()
            self.state = IDLE
            return IDLE
        frame, request = self.bus.frame, self.request
        length = self.bus.next()
        while length:
            if length >= 3 and frame[0] == request[0]:
                if frame[1] == request[1] and frame[2] == self.bytes and length == 3 + self.bytes:
                    self.answered += 1
                    self.state = ANSWER
                    return ANSWER
                if frame[1] == request[1] | modbus.REFUSED:
                    self.refused += 1
                    self.state = REFUSED
                    return REFUSED
            length = self.bus.next()
        if ticks_diff(ticks_us(), self.asked_us) > self.timeout_us + self.bytes * self.bus.char_us:
            self.silent += 1
            self.state = SILENT
        return self.state

    def _drain(self):
        while self.bus.next():
            pass
