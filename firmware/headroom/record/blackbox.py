"""The black box: readings, state and reason of the seconds before a fault, kept when one is raised.

Two rings of rows made once, each one list. One runs; a fault freezes it, with some seconds of what followed, and the other
runs on.
"""

EVERY_MS = 250
ROWS = 32  # 8 s in all ...
AFTER = 8  # ... of which 2 s lie after the fault

COLUMNS = (
    "second ms pilot_high_mv pilot_low_mv pilot_state session offer_ma l1_ma l2_ma l3_ma car_ma mains_mv rail_mv "
    "proximity_ohm temperature_c faults reason closed read_back residual earth locked"
)
WIDTH = 18  # the last five are one cell: yes or no
FLAGS = 5


class BlackBox:
    """``frozen`` holds the rows around the last fault, oldest at ``frozen_from``; ``cause`` is its set of faults."""

    def __init__(self):
        self.running = [0] * (ROWS * WIDTH)
        self.frozen = [0] * (ROWS * WIDTH)
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
        self._write(self.running, self.next * WIDTH, events, readings, verdict)
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
            first = (self.frozen_from + index) % ROWS * WIDTH
            last = first + WIDTH - 1
            yield self.frozen[first:last] + [self.frozen[last] >> flag & 1 for flag in range(FLAGS)]

    def _write(self, ring, first, events, readings, verdict):
        ring[first] = events.seconds
        ring[first + 1] = events.part_ms
        ring[first + 2] = readings.pilot_high_mv
        ring[first + 3] = readings.pilot_low_mv
        ring[first + 4] = verdict.pilot_state
        ring[first + 5] = verdict.session
        ring[first + 6] = verdict.offer_ma
        ring[first + 7] = readings.grid_ma[0]
        ring[first + 8] = readings.grid_ma[1]
        ring[first + 9] = readings.grid_ma[2]
        ring[first + 10] = readings.car_ma
        ring[first + 11] = readings.mains_mv
        ring[first + 12] = readings.rail_mv
        ring[first + 13] = readings.proximity_ohm
        ring[first + 14] = readings.temperature_c
        ring[first + 15] = verdict.faults
        ring[first + 16] = verdict.reason
        flags = (1 if verdict.closed else 0) | (2 if readings.contactor_closed else 0)
        flags |= (4 if readings.residual_fault else 0) | (8 if readings.earth_fault else 0)
        ring[first + 17] = flags | (16 if readings.locked else 0)
