"""The need: so much energy by an hour. It waits for the timetable's windows as long as what is missing safely fits into them.

While it does not fit, the timetable is lifted: what must be bought outside the windows is bought at once, for later is no
cheaper and less sure. Until the car has shown what it draws nothing is known to fit: so the first minutes of each plug-in are a
look at that. When not even all the time that is left is enough, that is told with the hour at which it will be done.
"""

MET, WAITS, LIFTED, LATE = range(4)
NOBODY_KNOWS = -1

SURE_PART = 8  # so much of what is missing must fit besides: the house takes some of the hours
SURE_WH = 300  # and so much: starts, dwells, a car's ramp
HOLDS_WH = 600  # what was lifted stays so until this much more fits: a need that wavers wears the contactor
EARLY_PART = 20  # a need is told to be late when not even all of the time but so much of it would do
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

    def missing_wh(self, car_wh):
        """What is still to be delivered."""
        return max(self.wh - (car_wh - self.from_wh), 0)

    def look(self, car_wh, left_min, plan):
        """``left_min`` true minutes are left; ``plan(wh, within_min, lifted)`` says in how many they give ``wh``, or -1."""
        missing_wh = self.missing_wh(car_wh)
        if not missing_wh:
            self.state, self.done_min = MET, 0
            return
        was = self.state
        sure_wh = missing_wh + missing_wh // SURE_PART + SURE_WH
        if was == LIFTED or was == LATE:
            sure_wh += HOLDS_WH
        done_min = plan(sure_wh, left_min, False)
        if done_min >= 0:
            self.state = WAITS
            self.done_min = plan(missing_wh, left_min, False)
            return
        self.done_min = plan(missing_wh, NOBODY_KNOWS, True)
        early_min = left_min - left_min // EARLY_PART
        late = self.done_min >= 0 and self.done_min > (early_min if was != LATE else early_min - 5)
        self.state = LATE if late else LIFTED
