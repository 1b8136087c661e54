"""A gentle start: the offer rises by no more than so many mA a second, for what an inverter or a generator can follow.

An offer is raised once in five seconds at most (balance.SETTLE_MS), so each step is what five seconds allow. The first is the
car's minimum, until it draws: a car that waits and then leaps to its offer leaps no further than that. Cars have been seen
to wait for 40 s; one that has drawn nothing for a minute needs more to begin (a Zoe 8 or 10 A), and is offered a step more each
time.
"""

from headroom.guard import pilot
from headroom.law.ceilings import NEVER
from headroom.terms import reasons
from headroom.terms.standard import FOLLOW_MS

WAITS_MS = 60000


class Gentle:
    """A ceiling a step above what is offered now."""

    def __init__(self, limits):
        self.limits = limits
        self.waited_ms = 0  # how long this car was offered current and took none

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """Never over: on the way down there is no hurry."""
        limits = self.limits
        offer_ma = in_force.offer_ma
        free_ma = limits.min_ma
        if car.most_ma or in_force.pilot_state == pilot.A:
            self.waited_ms = 0
        elif offer_ma:
            self.waited_ms = min(self.waited_ms + dt_ms, WAITS_MS)
        if offer_ma >= free_ma and (car.most_ma or self.waited_ms >= WAITS_MS):
            free_ma = offer_ma + limits.rise_ma_s * FOLLOW_MS // 1000
        ceilings.lower(free_ma, reasons.GENTLE, 0, offer_ma, limits.rise_ma_s)
        return NEVER
