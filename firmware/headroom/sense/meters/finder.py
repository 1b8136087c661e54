"""``meter scan``: which meter answers on the bus, at which address, speed and parity. One question a few ticks; nothing waits.

Any answer, a refusal too, tells address, speed and parity. Then each type of the table is asked for its own registers: it is that
one whose numbers can be a supply's: volts that are a supply's, currents that are a house's, no more power than both make. Several
types have the same registers; of those that fit the ones with the most phases are told.
"""

from headroom.sense import client
from headroom.sense.meters import table
from headroom.sense.meters.poll import Poll
from headroom.terms import meters, modbus

# speed and parity (0 none, 1 odd, 2 even), what meters leave their factories with first
FORMATS = ((9600, 0), (19200, 2), (9600, 2), (2400, 0), (19200, 0), (38400, 0), (115200, 0), (4800, 0), (2400, 2))
ADDRESSES = 16
PROBE_MS = 150
LOW_MV, HIGH_MV = 90000, 280000
MOST_MA = 200000
TYPE_TRIES = 3


class Finder:
    """``step`` once a tick until ``done``; ``found``: (names, address, speed, parity), ``heard``: (address, speed, parity)."""

    def __init__(self, bus):
        self.bus = bus
        self.client = client.Client(bus, PROBE_MS)
        self.names = [name for name in meters.CHOICES.split(" ")[1:] if table.row(name) and name != "generic"]
        self.format = -1
        self.address = ADDRESSES
        self.heard = []
        self.found = []
        self.poll = None
        self.type = -1
        self.fits = []  # (phases, name)
        self.tries = 0
        self.done = False
        self.asked = 0

    def step(self, now_ms):
        """Go on."""
        if self.done:
            return
        if self.type >= 0:
            self._identify(now_ms)
            return
        self.bus.step()
        state = self.client.look()
        if state == client.WAITS:
            return
        if state in (client.ANSWER, client.REFUSED):
            baud, parity = FORMATS[self.format]
            self.heard.append((self.address, baud, parity))
            self.type = 0
            self.poll = None
            return
        self.address += 1
        if self.address > ADDRESSES:
            self.format += 1
            self.address = 1
            if self.format >= len(FORMATS) or self.found:
                self.done = True
                return
            self.bus.tune(*FORMATS[self.format])
        self.asked += 1
        if not self.client.ask(self.address, modbus.READ_HOLDING, 0, 2):
            self.address -= 1

    def _identify(self, now_ms):
        """Ask the device that answered as each type in turn."""
        if self.type >= len(self.names):
            self.type = -1
            most = max([phases for phases, _ in self.fits] + [0])
            if self.fits:
                names = " or ".join([name for phases, name in self.fits if phases == most])
                self.found.append((names,) + self.heard[-1])
            self.fits = []
            return
        if self.poll is None:
            self.poll = Poll(self.bus, table.row(self.names[self.type]), self.address)
            self.poll.slow = [each for each in self.poll.slow if each.holds(self.poll.row.volts, self.poll.phases)]
            self.tries = 0
        poll = self.poll
        new = poll.step(now_ms)
        if poll.client.refused + poll.client.silent >= 1 or (new and self.tries >= TYPE_TRIES):
            self.type += 1
            self.poll = None
        elif new:
            self.tries += 1
            if poll.known and self._plausible(poll):
                self.fits.append((poll.phases, self.names[self.type]))
                self.type += 1
                self.poll = None

    def _plausible(self, poll):
        for phase in range(poll.phases):
            ma, mv, watts = abs(poll.ma[phase]), poll.mv[phase], abs(poll.w[phase])
            if not LOW_MV <= mv <= HIGH_MV or ma > MOST_MA or watts > ma // 10 * (mv // 1000) // 100 + 150:
                return False
        return True
