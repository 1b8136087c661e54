"""Every change of the offer and why: a ring of records, which `why` and `log offers` read."""

from headroom.record.ring import Ring

WIDTH = 7
SECONDS, FROM_MA, TO_MA, REASON, PHASE, VALUE, BOUND = 0, 1, 2, 3, 4, 5, 6


class History(Ring):
    """``follow`` once a tick."""

    def __init__(self):
        super().__init__(WIDTH)
        self.offer_ma = 0

    def follow(self, seconds, verdict):
        """If ``verdict`` offers another current, write that down; ``seconds`` since the start."""
        if verdict.offer_ma == self.offer_ma:
            return
        ring, first = self.ring, self.place()
        ring[first + SECONDS] = seconds
        ring[first + FROM_MA] = self.offer_ma
        ring[first + TO_MA] = verdict.offer_ma
        ring[first + REASON] = verdict.reason
        ring[first + PHASE] = verdict.phase
        ring[first + VALUE] = verdict.value
        ring[first + BOUND] = verdict.bound
        self.offer_ma = verdict.offer_ma
