"""The black box: readings, state and reason of the seconds before a fault, kept when one is raised.

Two rings of rows made once, each row packed. One runs; a fault freezes it, with some seconds of what followed, and the other
runs on.
"""

from struct import calcsize, pack_into, unpack_from

EVERY_MS = 250
ROWS = 32  # 8 s in all ...
AFTER = 8  # ... of which 2 s lie after the fault

COLUMNS = (
    "second ms pilot_high_mv pilot_low_mv pilot_state session offer_ma l1_ma l2_ma l3_ma car_ma mains_mv rail_mv "
    "proximity_ohm temperature_c faults reason closed read_back residual earth locked"
)
FORM = "<iHiiBBiiiiiiHihIBB"  # the last five are one byte: yes or no
SIZE = calcsize(FORM)
FLAGS = 5


class BlackBox:
    """``frozen`` holds the rows around the last fault, oldest at ``frozen_from``; ``cause`` is its set of faults."""

    def __init__(self):
        self.running = bytearray(ROWS * SIZE)
        self.frozen = bytearray(ROWS * SIZE)
        self.frozen_from = 0
        self.frozen_rows = 0
        self.cause = 0
        self.boxes = 0  # frozen since the start
        self.next = 0
        self.filled = 0
        self.due_ms = 0
        self.left = 0  # rows to come until the running ring is frozen
        self.coming = 0  # the set of faults it is frozen for

    def freeze(self, fresh):
        """Faults were raised: keep what led to them; the fault's own tick is written whatever the time."""
        self.due_ms = 0
        if self.left == 0:
            self.left = AFTER
            self.coming = 0
        self.coming |= fresh

    def step(self, dt_ms, events, readings, verdict):
        """Write a row when it is due."""
        self.due_ms -= dt_ms
        if self.due_ms > 0:
            return
        self.due_ms = EVERY_MS
        self._write(self.running, self.next * SIZE, events, readings, verdict)
        self.next = (self.next + 1) % ROWS
        self.filled = min(self.filled + 1, ROWS)
        if self.left:
            self.left -= 1
            if self.left == 0:
                self._swap()

    def _swap(self):
        self.running, self.frozen = self.frozen, self.running
        self.frozen_rows = self.filled
        self.frozen_from = self.next if self.filled == ROWS else 0
        self.cause = self.coming
        self.boxes += 1
        self.next = self.filled = 0

    def rows(self):
        """The rows around the last fault, oldest first."""
        for index in range(self.frozen_rows):
            row = unpack_from(FORM, self.frozen, (self.frozen_from + index) % ROWS * SIZE)
            yield list(row[:-1]) + [row[-1] >> flag & 1 for flag in range(FLAGS)]

    def _write(self, ring, at, events, readings, verdict):
        flags = (1 if verdict.closed else 0) | (2 if readings.contactor_closed else 0)
        flags |= (4 if readings.residual_fault else 0) | (8 if readings.earth_fault else 0)
        flags |= 16 if readings.locked else 0
        grid_ma = readings.grid_ma
        pack_into(
            FORM, ring, at,
            events.seconds, events.part_ms, readings.pilot_high_mv, readings.pilot_low_mv,
            verdict.pilot_state, verdict.session, verdict.offer_ma, grid_ma[0], grid_ma[1], grid_ma[2],
            readings.car_ma, readings.mains_mv, readings.rail_mv, readings.proximity_ohm, readings.temperature_c,
            verdict.faults, verdict.reason, flags,
        )  # fmt: skip
