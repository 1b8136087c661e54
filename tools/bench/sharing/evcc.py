"""evcc with one circuit around several load points, each charging at once ("fast").

Read: core/site.go (Run, loopLoadpoints: one load point each interval), core/circuit/circuit.go (ValidateCurrent: the worst phase
only), core/loadpoint.go (setLimit).
"""

from bench.rivals.evcc import LATENCY_MS, MIN_MA, PERIOD_MS
from bench.sharing.law import Law

STEP_MA = 1000


class Evcc(Law):
    """First come, first served: who comes later gets what is left; a cut falls on whose turn it is to be looked at."""

    source = "evcc-io/evcc b29b49e, 2026-08-08"
    setting = "interval 30 s (default), which is one load point's turn; whole amperes"
    period_ms = PERIOD_MS
    latency_ms = LATENCY_MS

    def __init__(self, world):
        super().__init__(world)
        self.turn = 0

    def look(self):
        """The next load point."""
        place = self.turn
        self.turn = (self.turn + 1) % self.count
        here = self.places[place]
        if not here.plugged:
            self.offer(place, 0)
            return
        potential_ma = self.limit_ma - max(self.load_ma)
        old_ma, new_ma = self.drawn_ma[place], here.most_ma // STEP_MA * STEP_MA
        if max(0, new_ma - old_ma) > potential_ma:
            new_ma = min(new_ma, max(0, old_ma + potential_ma)) // STEP_MA * STEP_MA
        self.offer(place, new_ma if new_ma >= MIN_MA else 0)
