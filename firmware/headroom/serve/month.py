"""Remembers the month's highest mean for a tariff by the month's peak: across power cuts, and no longer than its month.

While the clock is not certain nobody knows what month it is: the cap is what was set. Read only where ``cap_month`` is set.
"""

import struct

from headroom.serve.clock import DAY_S
from headroom.serve.loader import module, part

RECORD = "month"
FORM = "<BHi"  # format, months since January 2020, mA
FORMAT = 1
SIZE = struct.calcsize(FORM)
AFTER_S = 10  # the law has then taken up the month's last mean
WORTH_PART = 64  # less more is not worth a write


class Month:
    """``step`` once a tick."""

    def __init__(self, service):
        self.service = service
        self.peak = module("headroom.law.peak").Peak()
        self.month = self.day = -1
        self.stored_ma = 0

    def step(self, _):
        """A new day may be a new month; a new peak is written down."""
        clock = self.service.clock
        if not clock.certain:
            return
        day = max(clock.wall_s() - AFTER_S, 0) // DAY_S
        if day != self.day:
            self._turn(day)
        if self.peak.ma > self.stored_ma + self.stored_ma // WORTH_PART:
            self.service.store.put(RECORD, struct.pack(FORM, FORMAT, self.month, self.peak.ma))
            self.stored_ma = self.peak.ma

    def _turn(self, day):
        month = part("calendar").month_of(day)
        self.service.console.litter = True
        if month != self.month:
            data, ma = self.service.store.read(RECORD), 0
            if data and len(data) == SIZE and data[0] == FORMAT:
                _, of_month, stored_ma = struct.unpack(FORM, data)
                ma = stored_ma if of_month == month else 0
            self.month, self.stored_ma, self.peak.ma = month, ma, ma
        self.day = day
