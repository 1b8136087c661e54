"""What the law decided and why: a ring of records made once, from which ``log`` answers "why did my car stop at 19:12?"."""

SIZE = 32

SECONDS, FROM_MA, TO_MA, REASON, PHASE, VALUE, BOUND = range(7)


class History:
    """``total`` counts all changes of the proposal there ever were; the last SIZE can be read with ``at``."""

    def __init__(self):
        self.total = 0
        self.seconds = 0  # since the start
        self.part_ms = 0
        self.ring = [[0] * 7 for _ in range(SIZE)]

    def pass_time(self, dt_ms):
        """Let the records' clock run."""
        self.part_ms += dt_ms
        if self.part_ms >= 1000:
            self.seconds += self.part_ms // 1000
            self.part_ms %= 1000

    def note(self, from_ma, proposal):
        """Write what ``proposal`` has become over the oldest record."""
        record = self.ring[self.total % SIZE]
        record[SECONDS] = self.seconds
        record[FROM_MA] = from_ma
        record[TO_MA] = proposal.offer_ma
        record[REASON] = proposal.reason
        record[PHASE] = proposal.phase
        record[VALUE] = proposal.value
        record[BOUND] = proposal.bound
        self.total += 1

    def at(self, number):
        """Record ``number`` (0 = the first ever), or None when it was overwritten or is yet to come."""
        if self.total - SIZE <= number < self.total and number >= 0:
            return self.ring[number % SIZE]
        return None
