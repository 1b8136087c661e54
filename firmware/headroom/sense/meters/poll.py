"""A meter on Modbus: asked again and again, one reading at a time, its numbers as mA, W, mV and Wh per phase.

``step`` once a tick; True when a new reading is there. The quick request covers currents and power, and the voltages where they
lie near; energy, and voltages that do not, are asked for every SLOW_MS.
"""

from time import ticks_add, ticks_diff, ticks_ms

from headroom.sense import client
from headroom.sense.meters.numbers import UNKNOWN, number
from headroom.sense.rtu import NIBBLES, START, crc16
from headroom.terms.records import PHASES

SLOW_MS = 5000
# a meter is fed by what it measures: one that answers and finds less on each phase, or more on one, is read as another type
LIVE_MV, MOST_MV = 50000, 1000000


class Request:
    """A run of registers that holds some of the quantities."""

    def __init__(self, row, places):
        first = min([place.register for place in places])
        last = max([place.register + place.words() * row.phases for place in places])
        self.register = first
        self.count = min(last - first, row.most)

    def holds(self, place, phases):
        """True when it covers all phases of a quantity."""
        last = place.register + place.words() * phases
        return self.register <= place.register and last <= self.register + self.count


class Poll:
    """``ma`` (no sign), ``w``, ``mv`` per phase, ``wh`` if it ``counts``.

    ``known`` False: the last reading was none a house could draw.
    """

    def __init__(self, bus, row, address):
        self.bus = bus
        self.row = row
        self.address = address
        self.client = client.Client(bus)
        self.phases = row.phases
        self.ma, self.w, self.mv = [0] * PHASES, [0] * PHASES, [0] * PHASES
        self.wh = 0
        self.counts = row.energy is not None
        self.known = False
        self.print = 0  # of the quick answer's bytes: two that are alike have the same
        self.old_ms = row.old_ms  # what a reading is old when it comes, beside its way here
        self.period_ms = row.old_ms + row.pause_ms
        current = [row.amps] + [row.watts] * (row.watts is not None)
        self.quick = Request(row, current)
        if row.watts is not None and not (
            self.quick.holds(row.amps, row.phases) and self.quick.holds(row.watts, row.phases)
        ):
            row.watts = None  # too far apart for one request: then nothing tells export, and all counts as drawn
            self.quick = Request(row, [row.amps])
        if row.volts is not None:
            all_three = Request(row, current + [row.volts])
            if all_three.holds(row.volts, row.phases) and all_three.holds(row.amps, row.phases):
                self.quick = all_three if row.watts is None or all_three.holds(row.watts, row.phases) else self.quick
        self.volts_come = row.volts is not None and self.quick.holds(row.volts, row.phases)
        slow = [] if self.volts_come or row.volts is None else [Request(row, [row.volts])]
        if row.energy is not None:
            energy = Request(row, [row.energy])
            energy.count = row.energy.words()
            slow.append(energy)
        self.slow = slow
        self.turn = 0  # of the slow ones
        self.asked = None
        self.asked_ms = self.ready_ms = self.slow_ms = self.read_ms = ticks_ms()

    def step(self, now_ms):
        """Look for the answer, or ask; True: a new reading."""
        self.bus.step()
        state = self.client.look()
        if state == client.WAITS:
            return False
        if state != client.IDLE:
            self.ready_ms = ticks_add(now_ms, self.row.pause_ms)
            if state == client.ANSWER:
                return self._take(self.asked)
            return False
        if ticks_diff(now_ms, self.ready_ms) < 0:
            return False
        asked = self.quick
        if self.slow and ticks_diff(now_ms, self.slow_ms) >= 0:
            asked = self.slow[self.turn]
        if self.client.ask(self.address, self.row.function, asked.register, asked.count):
            if asked is not self.quick:
                self.turn = (self.turn + 1) % len(self.slow)
                self.slow_ms = ticks_add(now_ms, SLOW_MS // len(self.slow))
            self.asked = asked
            self.asked_ms = now_ms
        return False

    def _take(self, asked):
        row, frame = self.row, self.bus.frame
        if row.volts is not None and asked.holds(row.volts, row.phases):
            self._fill(self.mv, row.volts, asked)
        if asked is not self.quick:
            if row.energy is not None and asked.register == row.energy.register:
                energy = row.energy
                self.wh = number(frame, 3, energy.form, energy.times, energy.parts)
            return False
        self.known = self._fill(self.ma, row.amps, asked)
        if row.watts is not None:
            self.known = self._fill(self.w, row.watts, asked) and self.known
        if self.volts_come:
            self.known = self.known and LIVE_MV <= max(self.mv) <= MOST_MV
        self.print = crc16(frame, 3, 3 + asked.count * 2, NIBBLES, START)
        self.read_ms = self.asked_ms
        return True

    def _fill(self, values, place, asked):
        """True when all of them are numbers."""
        frame = self.bus.frame
        at = 3 + (place.register - asked.register) * 2
        good = True
        for phase in range(self.phases):
            value = number(frame, at, place.form, place.times, place.parts)
            values[phase] = value if place is self.row.watts else abs(value)
            good = good and abs(value) < UNKNOWN
            at += place.words() * 2
        return good
