"""Whoever is at the other end of the console's wire: types, pastes, reads or does not. One byte at a time, as a UART has it.

The UART says at any time that it can be written to (ports/esp32/mphalport.c@v1.23.0, mp_hal_stdio_poll: MP_STREAM_POLL_WR is
always there), and the port keeps nothing for it: what its 128 bytes do not hold is waited for (uart.c, uart_stdout_tx_strn).
"""

from bench.chip import chip as chips

RING = 260  # bytes that the ESP32 port keeps for stdin; more are lost
FIFO = 128  # bytes that the transmitter holds: ESP32 Technical Reference Manual, UART
BYTE_US = 87  # ten bits at 115 200 baud


class Terminal:
    """A ``port`` for the charger. ``send`` types; ``text`` is what has come back; ``reads`` False: no UART, its buffer full."""

    def __init__(self):
        self.ring = bytearray()
        self.received = bytearray()
        self.lost = 0
        self.reads = True
        self.taken = 0  # bytes the firmware took since the last look
        self.longest = 0  # bytes the firmware wrote at once, at most
        self.chip = None
        self.empty_us = 0  # when the transmitter will have sent what it holds
        self.waited_us = 0  # that the firmware spent in ``write``

    def send(self, data):
        """Type; what does not fit into the ring is lost, as on the chip."""
        room = RING - 1 - len(self.ring)
        self.ring += data[:room]
        self.lost += max(0, len(data) - room)

    def read(self):
        """For the firmware: the next byte or -1."""
        if not self.ring:
            return -1
        byte = self.ring[0]
        self.ring = self.ring[1:]
        self.taken += 1
        return byte

    def ready(self):
        """For the firmware: whether a piece can go out."""
        return self.reads

    def write(self, data):
        """For the firmware: a piece goes out, and takes as long as the UART has no room for it."""
        assert self.reads, "the firmware waits for a terminal that does not read"
        self.longest = max(self.longest, len(data))
        self.received += data
        chip = chips.attached
        if chip is not self.chip:
            self.chip, self.empty_us = chip, 0
        self.empty_us = max(self.empty_us, chip.us) + len(data) * BYTE_US
        wait_us = self.empty_us - chip.us - FIFO * BYTE_US
        if wait_us > 0:
            self.waited_us += wait_us
            chip.advance(wait_us)

    def text(self):
        """What has come since the last call, as lines without prompts."""
        text = bytes(self.received).decode().replace("\r", "")
        self.received = bytearray()
        return text

    def ask(self, table, line, ms=3000):
        """Type a line, let the table live for ``ms`` and return the answer without the echo."""
        self.text()
        self.send(line.encode() + b"\r")
        table.live(ms)
        answer = self.text()
        return answer[answer.find("\n") + 1 :].replace("\n> ", "\n").rstrip("> ").rstrip("\n")

    def ask_all(self, table, *lines):
        """Type lines one after the other; returns the last one's answer."""
        for line in lines:
            answer = self.ask(table, line, 2000)
        return answer
