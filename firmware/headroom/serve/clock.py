"""The clock: seconds since boot, and the wall's time once somebody has told it. No RTC survives a power cut here: after
one the clock goes on from what was last written down (serve/store/energy_store.py), and is not certain until it is told again.

It counts the zone's own time, that of winter, as seconds since 2020-01-01 00:00: a small int until 2054. What is shown, noted
and scheduled is the wall's time: the same, but an hour more in summer where the household has set a rule (serve/summer.py).
"""

DAY_S = 86400


def lasted(seconds):
    """``3 d 04:05:06`` of seconds."""
    days, rest = divmod(seconds, DAY_S)
    clock = "%02d:%02d:%02d" % (rest // 3600, rest // 60 % 60, rest % 60)
    return "%d d %s" % (days, clock) if days else clock


class Clock:
    """``step`` once a tick with the time that has passed."""

    def __init__(self):
        self.uptime_s = 0
        self.rest_ms = 0
        self.set_s = 0  # winter time at boot; while nobody has ever told it, the time lived before
        self.told = False  # somebody has told the time, in this life or an earlier one
        self.certain = False  # in this one: no outage of unknown length since
        self.from_s = 0  # uptime when it was set last: what happened before was under another clock

    def step(self, dt_ms):
        """Let ``dt_ms`` pass."""
        self.rest_ms += dt_ms
        while self.rest_ms >= 1000:
            self.rest_ms -= 1000
            self.uptime_s += 1

    def lived_ms(self):
        """Since boot."""
        return self.uptime_s * 1000 + self.rest_ms

    def wall_s(self):
        """Seconds since 2020 as the clock on the wall shows them, or 0 when not certain."""
        return self.reckoned_s() if self.certain else 0

    def reckoned_s(self):
        """The same as far as anybody knows: what was last remembered, and what passed since. Runs on from 0."""
        return self.set_s + self.uptime_s

    def standard_s(self):
        """Winter time, as far as anybody knows."""
        return self.set_s + self.uptime_s

    def wall_of(self, standard_s):
        """What the wall shows at a winter time."""
        return standard_s

    standard_of = wall_of  # and the winter time at which the wall shows that: without a rule for the summer the same

    def tell(self, wall_s):
        """The wall shows ``wall_s`` now."""
        self.set_s = self.standard_of(wall_s) - self.uptime_s
        self.told = self.certain = True

    def resume(self, standard_s, told):
        """At boot: it was ``standard_s`` when the last life ended, or a little later."""
        self.set_s = standard_s
        self.told = told
