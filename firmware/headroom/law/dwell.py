"""How soon to give back: sooner when giving back went well, later when it was regretted.

A house that cycles (a thermostat, a hob) shows headroom that is gone again in seconds. Whoever takes it each time wears
out the contactor and the car; whoever never takes it wastes it. So both dwells learn from what became of the last ones.
dwell.svg draws the wait.
"""

REGRET_MS = 30000  # headroom that is gone again this soon after it came was taken too early
SLOWEST_RISE_MS = 30000
RESUME_MARGIN_MA = 450  # so much above the minimum a charge will not be stopped by the next lamp
LONGER = 4  # what is less must have lasted so many times the wait ...
SCARCE_MS = 1200000  # ... and after a pause this long
LONGEST_MS = 1 << 24  # no clock needs to run on
# A car takes the charger for broken after some ten interruptions: from so many on reluctant, and no more.
FEW, MOST = 3, 8
# A wait that doubles with each of them is no longer than this; after the last of them it is this.
RELUCTANT_MS = 7200000
# a household's need that will be late knows no such reluctance before the last of them, and then waits no longer than this: who
# does not try misses it for sure
LATE_MS = 300000
NIGHT_MS = 50400000  # a car that stays for longer than 14 h has one of them forgiven ...
FORGIVEN_MS = 3600000  # ... an hour: a count that only grew would end every long stay


class Dwell:
    """``rise_ms``, ``resume_ms``: how long headroom must have lasted now."""

    def __init__(self, limits):
        self.limits = limits
        self.rise_ms = limits.rise_dwell_ms
        self.begin()
        self.rose_ms = 0  # since the headroom of the last rise came
        self.half_ma = 0  # halfway up that rise
        # how long so much above the minimum, or at least the minimum, has been free
        self.margin_ms = self.scarce_ms = 0
        self.judged = True  # that rise has proved good or bad
        self.late = False  # the household's need will be

    def begin(self):
        """A car that comes has not been paused yet."""
        self.resume_ms = self.limits.resume_dwell_ms // 2
        self.scarce_wait_ms = 0
        self.felt = 0  # interruptions in this plug-in, as the car feels them
        self.rest_ms = 0  # and the wait that the last of them has begun, whatever is free meanwhile
        self.plugged_ms = 0
        self.served = False  # it was charging

    def step(self, dt_ms, closed, offered, wants):
        """Let time pass; a rise that has lasted was good. ``wants``: the car asks for power."""
        served = closed and offered
        if self.served and not served and wants:
            self.felt += 1
            if FEW < self.felt < MOST:
                self.rest_ms = min(self.limits.resume_dwell_ms << self.felt + 1 - FEW, RELUCTANT_MS)
        self.served = served
        self.plugged_ms += dt_ms
        self.rest_ms = max(self.rest_ms - dt_ms, 0)
        if self.plugged_ms >= NIGHT_MS + FORGIVEN_MS:
            self.plugged_ms = NIGHT_MS
            self.felt = max(self.felt - 1, 0)
        if not self.judged:
            self.rose_ms += dt_ms
            if self.rose_ms >= REGRET_MS:
                self.judged = True
                self.rise_ms = max(self.rise_ms // 2, self.limits.rise_dwell_ms)

    def may_resume(self, dt_ms, above_ma):
        """Whether so much above the minimum (below 0: less) has lasted long enough for a paused car."""
        self.margin_ms = min(self.margin_ms + dt_ms, LONGEST_MS) if above_ma >= RESUME_MARGIN_MA else 0
        self.scarce_ms = min(self.scarce_ms + dt_ms, LONGEST_MS) if above_ma >= 0 else 0
        return self.left_ms() <= 0

    def left_ms(self):
        """How long what is free now must still be, until ``may_resume`` says so; LONGEST_MS or more: too little is free."""
        resume_ms = self.resume_ms
        if self.felt >= MOST:
            resume_ms = max(LATE_MS if self.late else RELUCTANT_MS, resume_ms)
        free_ms = min(
            resume_ms - self.margin_ms if self.margin_ms else LONGEST_MS,
            max(self.scarce_wait_ms, LONGER * resume_ms) - self.scarce_ms if self.scarce_ms else LONGEST_MS,
        )
        return max(free_ms, 0 if self.late else self.rest_ms)

    def rose(self, from_ma, to_ma, lasted_ms):
        """The offer went up, to what has been free for ``lasted_ms``."""
        self.half_ma = (from_ma + to_ma) // 2
        self.rose_ms = lasted_ms
        self.judged = False

    def fell(self, to_ma):
        """The offer was cut; that is regretted where over half of the last rise is lost."""
        if not self.judged and to_ma < self.half_ma:
            self.judged = True
            self.rise_ms = min(self.rise_ms * 2, max(SLOWEST_RISE_MS, self.limits.rise_dwell_ms))

    def paused(self):
        """The car was stopped."""
        self.resume_ms = self.limits.resume_dwell_ms
        self.scarce_wait_ms = SCARCE_MS
        self.margin_ms = self.scarce_ms = 0
