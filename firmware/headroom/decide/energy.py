"""Watt-hours without drift: what does not make a whole one is carried, so that a year of short steps loses nothing.

Hours and days lie in rings of fixed size and pack into bytes for the store. The clock that says which hour it is belongs
to the caller: ``hour`` counts hours from some midnight, and never goes back.
"""

UWH_PER_WH = 1000000
HOURS = 48
DAYS = 42
FORMAT = 1
WORDS = 3 + HOURS + DAYS
LENGTH = 1 + 4 * WORDS  # bytes of a packed meter


class Meter:
    """One energy: ``wh`` in all, ``hours`` and ``days`` behind it in rings. Export counts down."""

    def __init__(self):
        self.wh = 0
        self.rest_uwh = 0  # below one Wh
        self.rest_18th = 0  # below one micro-watt-hour: 1 W for 1 ms is 5/18 of it
        self.hour = 0  # of the newest entry
        self.hours = [0] * HOURS
        self.days = [0] * DAYS

    def add(self, dt_ms, watts, hour):
        """``watts`` (-60000..60000) flowed for ``dt_ms`` (0..3000), in this hour."""
        if hour > self.hour:
            self._turn(hour)
        parts = watts * dt_ms * 5 + self.rest_18th
        uwh = parts // 18
        self.rest_18th = parts - uwh * 18
        self.rest_uwh += uwh
        whole = self.rest_uwh // UWH_PER_WH
        if whole:
            self.rest_uwh -= whole * UWH_PER_WH
            self.wh += whole
            self.hours[hour % HOURS] += whole
            self.days[hour // 24 % DAYS] += whole

    def _turn(self, hour):
        """Empty the entries of the hours and days that begin."""
        for new in range(max(self.hour + 1, hour - HOURS + 1), hour + 1):
            self.hours[new % HOURS] = 0
        day, last = hour // 24, self.hour // 24
        for new in range(max(last + 1, day - DAYS + 1), day + 1):
            self.days[new % DAYS] = 0
        self.hour = hour

    def pack(self):
        """Everything as bytes of fixed length, for the store."""
        out = bytearray(LENGTH)
        out[0] = FORMAT
        place = 1
        for value in [self.wh, self.rest_uwh, self.hour] + self.hours + self.days:
            for shift in (0, 8, 16, 24):
                out[place] = value >> shift & 255
                place += 1
        return bytes(out)

    def unpack(self, data):
        """Take what ``pack`` gave; False, and nothing changed, when it is something else."""
        if len(data) != LENGTH or data[0] != FORMAT:
            return False
        values = []
        for place in range(1, LENGTH, 4):
            value = data[place] | data[place + 1] << 8 | data[place + 2] << 16 | data[place + 3] << 24
            values.append(value - (1 << 32) if data[place + 3] & 128 else value)
        self.wh, self.rest_uwh, self.hour = values[0], values[1], values[2]
        self.rest_18th = 0
        self.hours = values[3 : 3 + HOURS]
        self.days = values[3 + HOURS :]
        return True
