"""A cap on the mean over a quarter or a whole hour (Flanders, Norway, Sweden: project's domain notes, 6.5).

The cap is an energy, not a power: what the house did not use in the first minutes may be used in the last ones. Counted in mA
over all phases at the nominal voltage. Nothing is credited that was not counted in this very interval: before the clock was
told nobody knows when one begins, so the mean is kept below the cap at every moment instead.
"""

from headroom.terms import reasons

LEAST_S = 60  # what was saved is spent over no less: the last seconds are no free-for-all
RESERVE_PART = (
    256  # so much of the cap is left for what the house does in the last seconds, when no car can follow any more
)
DEBT_PART = 16  # a car on its minimum is not stopped while all but so much of the cap is left for the rest
SLACK_MA = 500  # a mean has time: an excess below this is answered by the next step of the offer
NEAR_MS = 5000  # a clock that is put right by less was right: the interval goes on
SECOND_MS = 999  # the clock tells whole seconds
STEP = 500  # 20 mA x ms
USED_MAX = 1 << 28
MOST_MA = 700000  # on all phases together; in steps of 20 mA the 20 s of a slow meter, heard at once, are a small int


class Budget:
    """``spend`` each tick, then ``allowed_ma`` is what may flow on all phases together."""

    def __init__(self):
        self.used = 0  # in this interval, in steps of 10 mA x s: an hour of MOST_MA stays a small int
        self.part = 0  # 20 mA x ms not yet counted
        self.passed_ms = 0
        self.told = False  # the interval's beginning is the meter's own
        self.whole = False  # and it was, since then
        self.ended_ma = 0  # the mean of the last one that was whole

    def spend(self, dt_ms, sum_ma, cap_ma, interval_s, wall_s=0):
        """``dt_ms`` pass with ``sum_ma``; an interval that is over gives way to the next.

        ``wall_s``: seconds since some midnight, by which the meter's own intervals go; 0: not known, they go from the start.
        """
        interval_ms = interval_s * 1000
        before_ms = self.passed_ms
        passed_ms = before_ms + dt_ms
        if before_ms >= interval_ms:
            self.told = False  # it was made shorter meanwhile: what there is was not counted in this one
        if wall_s:
            off_ms = (wall_s % interval_s * 1000 - passed_ms + interval_ms // 2) % interval_ms - interval_ms // 2
            if not self.told or not -SECOND_MS - NEAR_MS <= off_ms <= NEAR_MS:
                self._move(before_ms, wall_s % interval_s * 1000, cap_ma)
                passed_ms = self.passed_ms
            elif off_ms > 0 or off_ms < -SECOND_MS:
                passed_ms = max(
                    passed_ms + off_ms, before_ms
                )  # put back a little it stands still: nothing begins twice
        self.told = wall_s > 0
        if passed_ms >= interval_ms:
            passed_ms %= interval_ms
            if self.whole:
                self.ended_ma = self.used // (interval_s // 10)
            self.whole = self.told
            self.used = self.part = 0
        self.passed_ms = passed_ms
        self.part += (min(max(sum_ma, 0), MOST_MA) + 10) // 20 * dt_ms
        self.used = min(self.used + self.part // STEP, USED_MAX)
        self.part %= STEP

    def _move(self, before_ms, passed_ms, cap_ma):
        """The clock was set: what was used in this interval is not known. It is taken to be the cap, and what was too much
        until now still is.
        """
        cap = min(cap_ma, MOST_MA) // 10
        self.whole = False
        self.used = min(max(self.used - cap * (before_ms // 1000), 0) + cap * (passed_ms // 1000), USED_MAX)
        self.passed_ms = passed_ms

    def allowed_ma(self, cap_ma, interval_s, saved):
        """What may flow from now to the end of the interval for its mean to be ``cap_ma``, less the reserve.

        ``saved``: what was not used until now may be used as well.
        """
        cap_ma = min(cap_ma, MOST_MA)
        total = cap_ma * (interval_s // 10)
        left = max(total - total // RESERVE_PART - self.used, 0)
        most_ma = max(cap_ma, left // LEAST_S * 10) if saved and self.told else cap_ma
        return min(left // self._left_s(interval_s) * 10, most_ma)

    def bears(self, cap_ma, interval_s):
        """Whether the rest of the interval can make up for a car on its minimum."""
        cap_ma = min(cap_ma, MOST_MA)
        left = max(cap_ma * (interval_s // 10) - self.used, 0)
        return left // self._left_s(interval_s) * 10 >= cap_ma - cap_ma // DEBT_PART

    def _left_s(self, interval_s):
        return interval_s - self.passed_ms // 1000


class Tariff:
    """The ceiling that the budget is."""

    def __init__(self, limits):
        self.limits = limits
        self.budget = Budget()

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """What the budget leaves, shared by the phases in use; returns by how much the house is above it.

        A car that draws keeps its minimum as long as the rest of the interval can make up for it; one that does not is not
        started for what was saved, which ends with the interval.
        """
        limits, budget = self.limits, self.budget
        cap_w, cap_s, peak = limits.cap
        cap_ma = cap_w * 1000 // limits.mains_v
        if peak is not None and readings.wall_s:
            cap_ma = peak.cap_ma(cap_ma)
        sum_ma = house_ma = 0
        for phase in range(limits.phases):
            sum_ma += supply.ma[phase]
            house_ma += supply.ma[phase] - car.car_ma[phase]
        budget.spend(dt_ms, sum_ma, cap_ma, cap_s, readings.wall_s)
        if in_force.doubt:
            budget.whole = False  # a mean of what nobody knows is none that the month has had
        if peak is not None:
            peak.take(budget)
        allowed_ma = budget.allowed_ma(cap_ma, cap_s, car.most_ma > 0)
        free_ma = (allowed_ma - house_ma) // car.phases_used(limits.phases)
        if car.most_ma and budget.bears(cap_ma, cap_s):
            free_ma = max(free_ma, limits.min_ma)
        ceilings.lower(free_ma, reasons.TARIFF, 0, allowed_ma, cap_ma * limits.mains_v // 1000)
        return sum_ma - allowed_ma - SLACK_MA
