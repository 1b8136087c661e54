"""Usage: what the house and the car took in each of the last hours and days, in rings of fixed size.

An hour's share is the difference of two totals in steps of 10 Wh, so the shares of all hours add up to the total: what
one rounds away the next one gets. Hours count from some midnight; the clock that says which one it is may be told anew.
"""

import struct
from array import array

HOURS = 168
DAYS = 42
STEP_WH = 10
SHARE_MAX = 32767  # in an hour: 327 kWh, far more than any supply here can carry
FORM = "<Biii"  # format, the open hour, totals when it began
FORMAT = 1
HEAD = struct.calcsize(FORM)
LENGTH = HEAD + 4 * HOURS + 8 * DAYS  # bytes when packed
SUPPLY, CAR = 0, 1


class Usage:
    """``turn`` when an hour begins. A ring's entries are pairs: supply, car."""

    def __init__(self, energy):
        self.energy = energy
        self.hour = 0  # the open one
        self.mark = [0, 0]  # totals when it began
        self.hours = array("h", bytes(4 * HOURS))
        self.days = array("i", bytes(8 * DAYS))

    def begin(self):
        """What there is now belongs to no hour."""
        self.mark = self._totals()

    def _totals(self):
        return [self.energy.supply_wh() // STEP_WH, self.energy.car_wh() // STEP_WH]

    def open(self):
        """Shares of the open hour so far."""
        now = self._totals()
        return now[0] - self.mark[0], now[1] - self.mark[1]

    def turn(self, hour):
        """``hour``, later than the open one, begins; the hours between, if any, were empty."""
        share, totals = self.open(), self._totals()
        for kind in (SUPPLY, CAR):
            place = self.hour % HOURS * 2 + kind
            self.hours[place] = max(min(self.hours[place] + share[kind], SHARE_MAX), -SHARE_MAX)
            self.days[self.hour // 24 % DAYS * 2 + kind] += share[kind]
        self.mark = totals  # booked: where memory fails below, the next try books nothing twice
        for ring, size, old, new in (
            (self.hours, HOURS, self.hour, hour),
            (self.days, DAYS, self.hour // 24, hour // 24),
        ):
            for each in range(max(old + 1, new - size + 1), new + 1):
                ring[each % size * 2] = ring[each % size * 2 + 1] = 0
        self.hour = hour

    def relabel(self, hour):
        """The open hour was ``hour`` all along: every entry stays as old as it is."""
        by = self.hour - hour
        hours = array("h", [self.hours[(index + 2 * by) % (2 * HOURS)] for index in range(2 * HOURS)])
        by = self.hour // 24 - hour // 24
        self.days = array("i", [self.days[(index + 2 * by) % (2 * DAYS)] for index in range(2 * DAYS)])
        self.hours = hours
        self.hour = hour

    def of_hour(self, hour):
        """(Wh of the house, Wh of the car) in an hour, the open one or one of the HOURS - 1 before it."""
        share = self.open() if hour == self.hour else self.hours[hour % HOURS * 2 : hour % HOURS * 2 + 2]
        return parts(share[SUPPLY], share[CAR])

    def of_days(self, first, last):
        """(Wh of the house, Wh of the car) in the days ``first`` to ``last``, of the last DAYS."""
        total = [0, 0]
        for day in range(first, last + 1):
            for kind in (SUPPLY, CAR):
                total[kind] += self.days[day % DAYS * 2 + kind]
                if day == self.hour // 24:
                    total[kind] += self.open()[kind]
        return parts(total[SUPPLY], total[CAR])

    def pack(self):
        """As bytes for the store."""
        return struct.pack(FORM, FORMAT, self.hour, self.mark[0], self.mark[1]) + bytes(self.hours) + bytes(self.days)

    def unpack(self, data):
        """Take what ``pack`` gave; False, and nothing changed, when it is something else."""
        if len(data) != LENGTH or data[0] != FORMAT:
            return False
        _, self.hour, self.mark[0], self.mark[1] = struct.unpack(FORM, data[:HEAD])
        self.hours = array("h", data[HEAD : HEAD + 4 * HOURS])
        self.days = array("i", data[HEAD + 4 * HOURS :])
        return True


def parts(supply, car):
    """(Wh of the house, Wh of the car) of two shares."""
    return (supply - car) * STEP_WH, car * STEP_WH
