"""Solar surplus: what the panels would feed in goes to the car instead. Only where the board knows which way the current flows.

The surplus is what is fed in and what the car draws now. It is counted over all phases together, as a meter that balances them
does, or on each by itself. It is followed up at once and down slowly: a cloud's edge is no reason to move the pilot, and what is
bought meanwhile is little. Half of the car's minimum is worth a charge: no more is bought than is used of the sun. With that it
begins when it has lasted for a while, and it goes on at the minimum through so much less: shade that takes half of it counts
half, and what is worth a charge takes back what shade has cost. Where the last three quarters of an hour were worth a charge on
the mean, it goes through twice as much: a cooker or a thick cloud in a bright hour passes, dusk does not. One that bought more
than it used, and more so than by the shade that ended it, was dear: the next begins with the whole minimum. Interruptions are
counted until the car leaves, or night: each makes a bright hour bear more; after the third, and after the sixth, the next charge
asks for more.

A car is late: it may take five seconds to follow, and no offer goes up sooner after another. So where the sun comes out, what it
will bear some seconds later is offered at once, though never more than it has borne of late.
Peers: evcc enables after 1 min and disables after 3, SmartEVSE begins at 4 A and stops after 10 (project's domain notes, 8).
"""

from headroom.guard import pilot
from headroom.law.ceilings import NEVER, rated
from headroom.law.dwell import RESUME_MARGIN_MA
from headroom.terms import reasons

ONLY, MINIMUM, WINDOW = 1, 2, 3  # of the setting ``solar``; 0: off
EACH = 1  # of the setting ``solar_sum``
START_MS = 30000  # so much longer with enough than without
WORTH_PART = 2  # of the minimum: from here on no more is bought than is used of the sun ...
MARGIN_MA = 250  # ... and begins with so much more
MOST_MAS = 1 << 29  # of a charge's gain: no more can be told
FALL_MS = 3000  # time constant on the way down
LOOK_MS = 1000  # so often the surplus is looked at for what follows
STEEP_MA = 500  # it rises by so much from look to look: the sun comes out ...
AHEAD = 6  # ... and so many looks ahead are offered ...
PEAK_LOOKS = 1200  # ... up to the most of late: time constant of that
MEAN_LOOKS = 2700  # and of the mean that tells a bright hour from dusk
BRIGHT = 2  # in such an hour a charge goes through so many times the shade, and once more for each interruption
FEW, MANY = 3, 6  # after so many of them a charge begins with the whole minimum, and with twice that
NIGHT_MA = 100  # a mean below this


class Solar:
    """A ceiling that follows the surplus; ``on``: a charge by sun goes on."""

    def __init__(self, limits):
        self.limits = limits
        self.on = False
        self.good_ms = 0
        self.shade_ms = 0
        self.part = 0  # mA x ms of shade not yet counted
        self.kept_ma = 0
        self.look_ms = 0
        self.seen_ma = 0  # the surplus at the last look,
        self.rise_ma = 0  # what it had risen by then,
        self.peak_ma = 0  # the most of late,
        self.mean_sum = 0  # and the mean, times MEAN_LOOKS
        self.stops = 0  # of charges by sun
        self.gain_mas = 0  # of this charge: mA x s of sun used, less those bought
        self.dear = False  # the last one bought too much for what it used

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """Never over: what the house takes from the grid is no overload."""
        limits = self.limits
        mode, _, hold_ms = limits.solar
        min_ma = bound_ma = limits.min_ma
        surplus_ma = self._surplus_ma(supply, car)
        self._look(dt_ms, surplus_ma)
        self._follow(dt_ms, surplus_ma)
        worth_ma = min_ma // WORTH_PART
        if in_force.pilot_state == pilot.A:
            hold_ms = self.stops = 0
        elif self.mean_sum >= worth_ma * MEAN_LOOKS:
            hold_ms *= BRIGHT + self.stops
        elif self.mean_sum < NIGHT_MA * MEAN_LOOKS:
            self.stops = 0
        self._shade(dt_ms, surplus_ma, worth_ma, hold_ms)
        reason = reasons.SUN if surplus_ma >= min_ma else reasons.SHADE
        free_ma = max(self.kept_ma, min_ma)
        if mode != MINIMUM and not self.on:
            free_ma, reason, bound_ma = 0, reasons.NO_SUN, self._begins_ma()
        room_ma = rated(limits) - ceilings.load_ma - min_ma
        ceilings.dawns = reason == reasons.NO_SUN and surplus_ma >= bound_ma and room_ma >= RESUME_MARGIN_MA
        if mode == WINDOW:
            ceilings.lift_ma = free_ma
        elif not ceilings.needed:
            ceilings.lower(free_ma, reason, 0, surplus_ma, bound_ma)
        return NEVER

    def _surplus_ma(self, supply, car):
        """What the car may draw on each of its phases for nothing to be fed in, or bought."""
        limits = self.limits
        sum_ma = used = 0
        least_ma = limits.charger_ma
        for phase in range(limits.phases):
            spare_ma = car.car_ma[phase] - supply.ma[phase]
            sum_ma += spare_ma
            if car.uses[phase]:
                used += 1
                least_ma = min(least_ma, spare_ma)
        if limits.solar[1] != EACH:
            least_ma = sum_ma // max(used, 1)
        return min(least_ma, limits.charger_ma)

    def _look(self, dt_ms, surplus_ma):
        self.look_ms += dt_ms
        if self.look_ms < LOOK_MS:
            return
        self.look_ms = 0
        self.rise_ma = surplus_ma - self.seen_ma
        self.seen_ma = surplus_ma
        self.peak_ma = max(surplus_ma, self.peak_ma - self.peak_ma // PEAK_LOOKS)
        self.mean_sum += max(surplus_ma, 0) - self.mean_sum // MEAN_LOOKS

    def _follow(self, dt_ms, surplus_ma):
        if self.rise_ma >= STEEP_MA:
            surplus_ma = max(surplus_ma, min(surplus_ma + self.rise_ma * AHEAD, self.peak_ma))
        if surplus_ma >= self.kept_ma:
            self.kept_ma = surplus_ma
        else:
            self.kept_ma += (surplus_ma - self.kept_ma) * min(dt_ms, FALL_MS) // FALL_MS

    def _begins_ma(self):
        min_ma = self.limits.min_ma
        if self.stops >= MANY:
            return 2 * min_ma
        return min_ma if self.dear or self.stops >= FEW else min_ma // WORTH_PART

    def _gain(self, dt_ms, surplus_ma):
        min_ma = self.limits.min_ma
        gain_ma = surplus_ma if surplus_ma >= min_ma else 2 * max(surplus_ma, 0) - min_ma
        self.gain_mas = max(min(self.gain_mas + gain_ma * dt_ms // 1000, MOST_MAS), -MOST_MAS)

    def _shade(self, dt_ms, surplus_ma, worth_ma, hold_ms):
        if surplus_ma >= (worth_ma if self.on else self._begins_ma() + MARGIN_MA):
            self.good_ms = min(self.good_ms + dt_ms, START_MS)
            self.shade_ms = max(self.shade_ms - dt_ms, 0)
        else:
            self.good_ms = max(self.good_ms - dt_ms, 0)
            self.part += dt_ms * min(worth_ma - surplus_ma, worth_ma) if surplus_ma < worth_ma else 0
            self.shade_ms = min(self.shade_ms + self.part // worth_ma, hold_ms)
            self.part %= worth_ma
        if not self.on:
            if self.good_ms >= START_MS:
                self.on = True
                self.shade_ms = self.gain_mas = 0
            return
        self._gain(dt_ms, surplus_ma)
        if self.shade_ms >= hold_ms and surplus_ma < worth_ma:
            self.on = False
            self.good_ms = 0
            self.stops = min(self.stops + 1, MANY)
            self.dear = self.gain_mas < -self.limits.min_ma * (hold_ms // 1000)
