"""Mode slow: the car's minimum and no more, whatever the supply has left; read only where the household's mode is slow.

Some cars take nothing at 6 A: a Zoe, Twingo or Kangoo begins with 8, the first Zoe with 10. So one that takes nothing is offered
more, step by step, up to what any car is known to need; a minute and a half each, for cars have been seen to wait for 40 s, and a
wake-up may come between. Then it is the minimum again: a car that sleeps until its own timer wakes it shall wake to that. Half an
hour later it is tried once more. What a car began with it keeps.
"""

from headroom.guard import pilot
from headroom.law.ceilings import NEVER
from headroom.terms import reasons

WAITS_MS, AGAIN_MS = 90000, 1800000
STEP_MA, MOST_MA = 2250, 10500  # 8 A and 10 A on the pilot are a few mA less than that
TAKES_MA = 1000  # less than this is no charge
NEAR_MA = 200  # an offer so little below the ceiling is all of it


class Slow:
    """A ceiling; the time counts while all of it is offered to a car that takes nothing."""

    def __init__(self, limits):
        self.limits = limits
        self.tried_ms = 0

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """Told, not measured: no reading makes it waver."""
        ma = self._ma()
        taken_ma = readings.car_ma if readings.car_ok else car.most_ma
        if in_force.pilot_state == pilot.A:
            self.tried_ms = 0
        elif taken_ma < TAKES_MA and in_force.offer_ma >= ma - NEAR_MA:
            self.tried_ms = (self.tried_ms + dt_ms) % AGAIN_MS
        ma = self._ma()
        ceilings.tell(ma, reasons.SLOW, ma, self.limits.min_ma)
        return NEVER

    def _ma(self):
        min_ma = self.limits.min_ma
        ma = min_ma + self.tried_ms // WAITS_MS * STEP_MA
        return ma if ma <= MOST_MA else min_ma
