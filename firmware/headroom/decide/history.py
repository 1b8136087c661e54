"""Every change of the offer and why: a ring of records in one list made once, which `why` and `log offers` read."""

SIZE = 32

WIDTH = 7
SECONDS, FROM_MA, TO_MA, REASON, PHASE, VALUE, BOUND = 0, 1, 2, 3, 4, 5, 6


class History:
    """``total`` counts all changes there ever were; the last SIZE can be read with ``at``."""

    def __init__(self):
        self.total = 0
        self.seconds = 0  # since the start
        self.part_ms = 0
        self.offer_ma = 0
        self.ring = [0] * (SIZE * WIDTH)

    def follow(self, dt_ms, verdict):
        """Let the records' clock run; if ``verdict`` offers another current, write it over the oldest record."""
        self.part_ms += dt_ms
        if self.part_ms >= 1000:
            self.seconds += self.part_ms // 1000
            self.part_ms %= 1000
        if verdict.offer_ma == self.offer_ma:
            return
        ring, first = self.ring, self.total % SIZE * WIDTH
        ring[first + SECONDS] = self.seconds
        ring[first + FROM_MA] = self.offer_ma
        ring[first + TO_MA] = verdict.offer_ma
        ring[first + REASON] = verdict.reason
        ring[first + PHASE] = verdict.phase
        ring[first + VALUE] = verdict.value
        ring[first + BOUND] = verdict.bound
        self.offer_ma = verdict.offer_ma
        self.total += 1

    def at(self, number):
        """Record ``number`` (0 = the first ever), or None when it was overwritten or is yet to come."""
        if self.total - SIZE <= number < self.total and number >= 0:
            first = number % SIZE * WIDTH
            return self.ring[first : first + WIDTH]
        return None
