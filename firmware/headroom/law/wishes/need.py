"""The need: so much energy by an hour. It waits for the timetable's windows as long as what is missing safely fits into them.

What does not fit is charged at once, for outside the windows later is no cheaper and less sure: the timetable is lifted.
Until the car has shown what it draws nothing is known to fit, so the first minutes of a plug-in are a look at that. When all the
time that is left is not enough, that is told with the hour at which it will be done.
"""

MET, WAITS, LIFTED, LATE = range(4)
NOBODY_KNOWS = -1

COUNT_PART = 100  # so much more is delivered: without a meter of its own the car's part is an estimate
FITS_PART, FITS_WH = 32, 100  # what is missing, and so much more, must fit into the windows: starts, ramps, dwells ...
SURE_PART, SURE_WH = (
    4,
    300,
)  # ... and so much more into all the time from the next window on: the house takes some of it
HOLDS_WH = 600  # what was lifted stays so until this much more would: a need that wavers wears the contactor
EARLY_PART = 20  # a need is told to be late when it would take all but so much of the time
AFTER_ALL_PART = 8  # and not to be when it would leave so much of it
PACE_S = 3600  # over which it is seen how much a lifted need really gets
LEARNT_MS = 90000  # a car has shown what it draws
DRAWS_MA = 1000  # less than this is no charge
SMOOTH_MS = 30000
USES_LESS_MA = 2000  # it draws so much less than offered: that is the car's own limit


class Draws:
    """What the car really draws: ``ma`` on its fullest phase, ``sum_ma`` on all, as far as it was seen; 0: not known."""

    def __init__(self):
        self.forget()

    def forget(self):
        """Another car."""
        self.ma = self.sum_ma = 0
        self.now_ma = self.now_sum_ma = 0
        self.seen_ms = 0

    def step(self, dt_ms, most_ma, sum_ma, offer_ma):
        """``dt_ms`` pass with these currents and this offer."""
        if most_ma < DRAWS_MA:
            self.seen_ms = 0
            return
        part = min(dt_ms, SMOOTH_MS) if self.seen_ms else SMOOTH_MS
        self.now_ma += (most_ma - self.now_ma) * part // SMOOTH_MS
        self.now_sum_ma += (sum_ma - self.now_sum_ma) * part // SMOOTH_MS
        self.seen_ms = min(self.seen_ms + dt_ms, LEARNT_MS)
        if self.seen_ms >= LEARNT_MS and (self.now_ma > self.ma or offer_ma - self.now_ma > USES_LESS_MA):
            self.ma, self.sum_ma = self.now_ma, self.now_sum_ma

    def watts(self, ceiling_ma, min_ma, volts):
        """What it takes under a ceiling."""
        if not self.ma or ceiling_ma < min_ma:
            return 0
        return self.sum_ma * min(ceiling_ma, self.ma) // self.ma * volts // 1000


class Need:
    """``look`` now and then; ``state`` is what comes of it, ``done_min`` in how many minutes it will be delivered."""

    def __init__(self):
        self.wh = 0  # 0: there is none
        self.from_wh = 0  # the car's counter when it began
        self.state = LIFTED
        self.done_min = NOBODY_KNOWS
        self.pace_ws = 0  # what a lifted need gets, W x PACE_S
        self.seen_wh = 0  # the counter at the last look

    def missing_wh(self, car_wh):
        """What was wished and is not there yet."""
        return max(self.wh - (car_wh - self.from_wh), 0)

    def owed_wh(self, car_wh):
        """What is still to be delivered: a little more than was wished."""
        return max(self.wh + self.wh // COUNT_PART - (car_wh - self.from_wh), 0)

    def laxity_min(self, car_wh, left_min, watts):
        """For how many minutes the car could wait and be full in time with ``watts``; below 0: it cannot any more."""
        return left_min - self.owed_wh(car_wh) * 60 // max(watts, 1)

    def look(self, since_s, car_wh, left_min, plan):
        """``since_s`` after the last look ``left_min`` are left.

        ``plan``: its ``fits(wh, within_min)`` says in how many minutes the timetable gives so much, or -1; ``wait_min()`` when it
        gives anything; ``watts()`` what the car takes without it, ``most_w()`` what the charger could give to any car.
        """
        gained_wh, self.seen_wh = car_wh - self.seen_wh, car_wh
        missing_wh = self.owed_wh(car_wh)
        if not missing_wh:
            self.state, self.done_min = MET, 0
            return
        watts = plan.watts()
        lifted = self.state == LIFTED or self.state == LATE
        if lifted and self.pace_ws:
            self.pace_ws += gained_wh * 3600 - self.pace_ws // PACE_S * since_s
        else:
            self.pace_ws = watts * PACE_S
        sure_w = min(self.pace_ws // PACE_S, watts)
        if sure_w and self._waits(missing_wh + (HOLDS_WH if lifted else 0), left_min, sure_w, plan):
            self.state = WAITS
            self.done_min = plan.fits(missing_wh, left_min)
            return
        late_min = missing_wh * 60 // max(sure_w if watts else plan.most_w(), 1)
        self.done_min = late_min if watts else NOBODY_KNOWS
        part = AFTER_ALL_PART if self.state == LATE else EARLY_PART
        self.state = LATE if late_min > left_min - left_min // part else LIFTED

    def _waits(self, missing_wh, left_min, sure_w, plan):
        """Whether the windows are sure to do: they give it, and if they give less the time behind them makes up for it."""
        if plan.fits(missing_wh + missing_wh // FITS_PART + FITS_WH, left_min) < 0:
            return False
        sure_wh = missing_wh + missing_wh // SURE_PART + SURE_WH
        return sure_wh * 60 // sure_w <= left_min - plan.wait_min()
