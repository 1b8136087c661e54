"""The black box: readings, state and reason of the seconds before a fault, kept when one is raised.

Two rings of rows made once. One runs; a fault freezes it, with some seconds of what followed, and the other runs on.
"""

EVERY_MS = 250
ROWS = 32  # 8 s in all ...
AFTER = 8  # ... of which 2 s lie after the fault

COLUMNS = (
    "second", "ms", "pilot_high_mv", "pilot_low_mv", "pilot_state", "session", "closed", "read_back", "residual",
    "offer_ma", "l1_ma", "l2_ma", "l3_ma", "temperature_c", "faults", "reason",
)  # fmt: skip


class BlackBox:
    """``frozen`` holds the rows around the last fault, oldest at ``frozen_from``; ``cause`` is its set of faults."""

    def __init__(self):
        self.running = [[0] * len(COLUMNS) for _ in range(ROWS)]
        self.frozen = [[0] * len(COLUMNS) for _ in range(ROWS)]
        self.frozen_from = 0
        self.frozen_rows = 0
        self.cause = 0
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
        self._write(self.running[self.next], events, readings, verdict)
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
        self.next = self.filled = 0

    def _write(self, row, events, readings, verdict):
        row[0] = events.seconds
        row[1] = events.part_ms
        row[2] = readings.pilot_high_mv
        row[3] = readings.pilot_low_mv
        row[4] = verdict.pilot_state
        row[5] = verdict.session
        row[6] = 1 if verdict.closed else 0
        row[7] = 1 if readings.contactor_closed else 0
        row[8] = 1 if readings.residual_fault else 0
        row[9] = verdict.offer_ma
        row[10] = readings.grid_ma[0]
        row[11] = readings.grid_ma[1]
        row[12] = readings.grid_ma[2]
        row[13] = readings.temperature_c
        row[14] = verdict.faults
        row[15] = verdict.reason
