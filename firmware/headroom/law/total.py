"""The power of the whole connection, all phases together: what is contracted (France, Italy, Spain) or what a small transformer,
inverter or generator can give; by night another one, where the contract has two.

Beyond it the utility's meter opens, not the breaker: no wire is at stake, so it is the law that keeps it. Counted in mA at the
nominal voltage; what one phase feeds in, another may draw, as the meters of these contracts count.
"""

from headroom.terms import reasons

DAY_S, HOUR_S = 86400, 3600


class Total:
    """A ceiling that moves with the house."""

    def __init__(self, limits):
        self.limits = limits

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """Returns by how much each phase in use is above its share."""
        limits = self.limits
        cap_w = cap_now_w(limits, readings.wall_s)
        cap_ma = cap_w * 1000 // limits.mains_v
        sum_ma = car_ma = 0
        for phase in range(limits.phases):
            sum_ma += supply.ma[phase]
            car_ma += car.car_ma[phase]
        used = max(car.phases_used(limits.phases), 1)
        sum_w = sum_ma * limits.mains_v // 1000
        ceilings.lower((car_ma + cap_ma - sum_ma) // used, reasons.TOTAL, 0, sum_w, cap_w)
        return (sum_ma - cap_ma) // used


def cap_now_w(limits, wall_s):
    """What holds at this time of the day; while nobody has told the clock, the lower of the two."""
    day_w, night_w, begins, ends = limits.total
    if not night_w:
        return day_w
    day_w = day_w or 1 << 20  # only the night has a limit: more than any connection has
    if not wall_s:
        return min(day_w, night_w)
    hour = wall_s % DAY_S // HOUR_S
    night = begins <= hour < ends if begins < ends else hour >= begins or hour < ends
    return night_w if night else day_w
