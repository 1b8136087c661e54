"""The serial port of the console: the REPL's own UART, through stdin and stdout."""

import select
import sys


class Port:
    """One character in, one piece out; never waits for input."""

    def __init__(self):
        self.poll = select.poll()
        self.poll.register(sys.stdin, select.POLLIN)

    def read(self):
        """One character, or an empty string when there is none."""
        for _ in self.poll.ipoll(0):
            return sys.stdin.read(1)
        return ""

    def write(self, text):
        """Write ``text``; blocks as long as the UART needs to take it."""
        sys.stdout.write(text)
