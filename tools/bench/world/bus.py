"""An RS-485 line in virtual time: bytes at their microseconds, several drivers, noise, loss, delay, collisions, a cut.

    line = Line(seed)
    tap = line.join("name")             a transceiver on the line
    chip.wires[rx_pin] = tap            for a chip: what its UART and its driver-enable pin are wired to (``wire`` does it)
    tap.send(us, data, baud, parity)    for a thing with no chip: it drives exactly as long as its bytes last
    tap.take(us, baud, parity)          what a UART of that format has heard up to ``us`` since the last time
    Station(line, name, answer)         a thing that listens and answers

Faults: ``line.loss_permille`` (a whole frame at one listener), ``line.noise_permille`` (a byte), ``line.delay_us`` (all is
heard later), ``line.cut`` (a set of names: heard among each other only, and so are the others), ``tap.late_us`` (its driver
holds the line so much longer), ``tap.dead`` (drives nothing), ``tap.echo`` (it hears itself),
``tap.upside_down`` (as a P1 port talks).

Two drivers at once: which of them wins is not defined (TIA-485-A), so each byte that another driver overlaps is heard wrong,
or not at all; which, is drawn (a guess). A UART of another speed or parity hears what its samples in the middle of its own
bits make of the line (as any UART does; that a byte with a wrong stop bit is handed on as well is what the ESP32's driver does:
esp-idf components/esp_driver_uart/src/uart.c, UART_INTR_FRAM_ERR only posts an event).

Chips that share a line each have their own clock. Let the one that is behind tick first: what it then says is heard by the
others a tick late at most, never early.
"""

KEEP_US = 2000000  # what was said is remembered for a while: a listener may be behind


def mixed(*numbers):
    """A number below 2^32 that depends on all of these: the same draw whoever looks first."""
    state = 2166136261
    for number in numbers:
        for _ in range(4):
            state = ((state ^ (number & 0xFF)) * 16777619) & 0xFFFFFFFF  # FNV-1a
            number >>= 8
        state ^= state >> 13
    return state


def bits_of(byte, parity):
    """Levels of a character: start, eight data bits, perhaps parity (1 odd, 2 even), stop."""
    data = [byte >> place & 1 for place in range(8)]
    even = sum(data) & 1
    return [0] + data + ([] if not parity else [even ^ (parity == 1)]) + [1]


def misread(levels, bit_ns, baud, parity, strict):
    """(when in ns, byte) of all that a UART of another format makes of ``levels`` that last ``bit_ns`` each.

    ``strict``: it drops what has a wrong parity or stop bit.
    """
    own_ns = 1000000000 // baud
    length = 10 if parity else 9  # bits from the start bit to the stop bit
    heard, place, last = [], 0, len(levels)
    while place < last:
        if levels[place]:
            place += 1
            continue
        start_ns = place * bit_ns
        byte = 0
        seen = []
        for number in range(1, length + 1):
            at = (start_ns + own_ns * number + own_ns // 2) // bit_ns
            seen.append(levels[at] if at < last else 1)
            if number <= 8:
                byte |= seen[-1] << number - 1
        right = seen == bits_of(byte, parity)[1:]
        end_ns = start_ns + own_ns * length + own_ns // 2
        if right or not strict:
            heard.append((end_ns, byte))
        place = end_ns // bit_ns
        while place < last and not levels[place]:
            place += 1  # a stop bit that is low: a new start only after the line was high again
    return heard


class Said:
    """One driver's bytes."""

    def __init__(self, number, tap, us, data, baud, parity, hold_us):
        self.number = number
        self.tap = tap
        self.us = us
        self.data = data
        self.baud = baud
        self.parity = parity
        self.char_ns = (11 if parity else 10) * 1000000000 // baud
        self.end_us = us + len(data) * self.char_ns // 1000
        self.until_us = max(self.end_us, us + hold_us) + tap.late_us  # the driver lets go

    def byte_us(self, place):
        """When a byte is through."""
        return self.us + (place + 1) * self.char_ns // 1000


class Line:
    """The wire. See above."""

    def __init__(self, seed=1):
        self.seed = seed
        self.taps = []
        self.said = []
        self.number = 0
        self.stations = []
        self.loss_permille = self.noise_permille = 0
        self.delay_us = 0
        self.cut = ()
        self.collisions = 0

    def join(self, name):
        """A new transceiver on the line."""
        tap = Tap(self, name, len(self.taps))
        self.taps.append(tap)
        return tap

    def attach(self, station):
        """A thing on the line that listens and answers; returns it."""
        self.stations.append(station)
        return station

    def wire(self, chip, rx_pin, name, de_pin=None):
        """Wire a chip's UART pins to the line, through a transceiver whose driver is enabled by ``de_pin``; returns it."""
        tap = self.join(name)
        tap.chip, tap.de_pin = chip, de_pin
        chip.wires[rx_pin] = tap
        return tap

    def begin(self, tap, us, data, baud, parity, hold_us):
        """A driver begins to talk."""
        self.number += 1
        said = Said(self.number, tap, us, bytes(data), baud, parity, hold_us)
        self.said.append(said)
        oldest_us = us - KEEP_US
        if self.said[0].until_us < oldest_us:
            self.said = [each for each in self.said if each.until_us >= oldest_us]
        return said

    def settle(self, us):
        """Let the stations hear and answer all that is due up to ``us``."""
        for station in self.stations:
            station.run(us)

    def joined(self, one, other):
        """True while the line between two taps is whole."""
        return (one.name in self.cut) == (other.name in self.cut)

    def disturbed(self, said, from_us, to_us, listener):
        """True when another driver holds the line in that time."""
        for other in self.said:
            if other.tap is said.tap or other.tap.dead or not self.joined(other.tap, listener):
                continue
            if other.us < to_us and other.until_us > from_us:
                return True
        return False

    def heard(self, said, listener, baud, parity):
        """(us, byte) of what a listener's UART makes of what was said."""
        if (said.tap is listener and not listener.echo) or not self.joined(said.tap, listener) or said.tap.dead:
            return []
        if mixed(self.seed, said.number, listener.number) % 1000 < self.loss_permille:
            return []
        found = []
        same = said.baud == baud and (said.parity == parity) and not listener.inverted
        if not same:
            levels = [1]
            for byte in said.data:
                levels += bits_of(byte, said.parity)
            if listener.inverted:
                levels = [1 - level for level in levels]
            for at_ns, byte in misread(levels, 1000000000 // said.baud, baud, parity, listener.strict):
                found.append((said.us + at_ns // 1000 + self.delay_us, byte))
            return found
        before_us = said.us
        for place in range(len(said.data)):
            byte, at_us = said.data[place], said.byte_us(place)
            draw = mixed(self.seed, said.number, place, listener.number, 7)
            if self.disturbed(said, before_us, at_us, listener):
                self.collisions += 1
                byte = None if draw & 1 else byte ^ (draw >> 8 & 0xFF | 1)
            elif self.noise_permille and draw % 1000 < self.noise_permille:
                byte ^= draw >> 12 & 0xFF | 1
            if byte is not None:
                found.append((at_us + self.delay_us, byte))
            before_us = at_us
        return found


class Tap:
    """A transceiver."""

    def __init__(self, line, name, number):
        self.line = line
        self.name = name
        self.number = number
        self.late_us = 0
        self.dead = self.echo = self.inverted = False
        self.strict = (
            False  # its UART drops characters with a wrong parity or stop bit, as a meter's does; the ESP32's does not
        )
        self.upside_down = False  # what is wired to it sends upside down, as a P1 port does
        self.chip = None
        self.de_pin = None
        self.taken_us = -1
        self.held = []  # the numbers of what was said and was wholly heard
        self.baud = self.parity = 0

    def send(self, us, data, baud, parity=0, hold_us=0):
        """Talk from ``us`` on; returns when the last bit is out."""
        return self.line.begin(self, us, data, baud, parity, hold_us).end_us

    def take(self, us, baud, parity=0):
        """The bytes that were heard since the last time, up to ``us``."""
        self.line.settle(us)
        return self.listen(us, baud, parity)

    def listen(self, us, baud, parity):
        """The same, without anybody answering first."""
        found = []
        for said in self.line.said:
            if said.us > us or said.end_us + self.line.delay_us + 20000 < self.taken_us:
                continue
            for at_us, byte in self.line.heard(said, self, baud, parity):
                if self.taken_us < at_us <= us:
                    found.append((at_us, byte))
        self.taken_us = us
        found.sort()
        return found


class Station:
    """A thing on the line with no chip: ``answer(frame)`` returns the bytes it says ``delay_us`` after the silence, or None.

    A frame is what came until 3.5 characters of silence.
    """

    def __init__(self, line, name, answer, baud=9600, parity=0, delay_us=20000):
        self.tap = line.join(name)
        self.tap.strict = True
        self.answer = answer
        self.baud, self.parity = baud, parity
        self.delay_us = delay_us
        self.gap_us = max((11 if parity else 10) * 3500000 // baud, 1750)
        self.frame = []
        self.last_us = 0
        line.attach(self)

    def run(self, us):
        """Hear and answer all that is due up to ``us``."""
        for at_us, byte in self.tap.listen(us, self.baud, self.parity):
            if self.frame and at_us - self.last_us > self.gap_us + 12000000 // self.baud:
                self._end()
            self.frame.append(byte)
            self.last_us = at_us
        if self.frame and us - self.last_us > self.gap_us:
            self._end()

    def _end(self):
        frame, self.frame = bytes(self.frame), []
        said = self.answer(frame)
        if said:
            self.tap.send(self.last_us + max(self.delay_us, self.gap_us), said, self.baud, self.parity)
