"""The serial port of the console: the REPL's own UART, through stdin and stdout, as bytes.

Bytes and not text: half a character of UTF-8 would make the port wait for its other half. On the chip the transmitter
takes 128 bytes at once and has sent them before the next tick; elsewhere a terminal that does not read makes ``ready`` false.
"""

import select
import sys


class Port:
    """A byte in, a piece out; waits for neither."""

    def __init__(self):
        self.input = select.poll()
        self.input.register(sys.stdin, select.POLLIN)
        self.output = select.poll()
        self.output.register(sys.stdout, select.POLLOUT)
        self.byte = bytearray(1)
        self.take = sys.stdin.buffer.readinto  # bound once: binding allocates

    def read(self):
        """The next byte, or -1 when there is none."""
        for _ in self.input.ipoll(0):
            if self.take(self.byte):
                return self.byte[0]
        return -1

    def ready(self):
        """True when a piece can be written without waiting."""
        for _ in self.output.ipoll(0):
            return True
        return False

    def write(self, data):
        """Write bytes: at most what ``console.PIECE`` says, after ``ready``."""
        sys.stdout.buffer.write(data)
