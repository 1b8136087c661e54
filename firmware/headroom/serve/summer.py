"""The clock of a household with summer time: what is shown, noted and scheduled is an hour ahead of winter time, by its rule.

It takes the place of the plain clock (serve/clock.py) once a rule is set, and is read only then. How far the wall is ahead is
looked up once for the stretch between two changes. The rule itself: terms/summer.py.
"""

from headroom.serve.clock import Clock
from headroom.terms import summer


class SummerClock(Clock):
    """``rule``: (minutes ahead, first Sunday, last Sunday), or None; ``turn_s``: winter time of the next change."""

    def __init__(self, clock):
        """Goes on where ``clock`` stands."""
        self.uptime_s, self.rest_ms = clock.uptime_s, clock.rest_ms
        self.set_s, self.told, self.certain = clock.set_s, clock.told, clock.certain
        self.from_s = clock.from_s
        self.rule = None
        self.known_s = 0  # in winter time, how far it is ahead from here ...
        self.turn_s = 0  # ... to here
        self.stretch_s = 0

    def follow(self, values):
        """These settings are the rule from now on. What the wall shows stays."""
        wished = (values.get("summer_min", 0), values.get("summer_begins", 0), values.get("summer_ends", 0))
        rule = wished if wished[0] and wished[1] and wished[2] else None
        if rule != self.rule:
            wall_s = self.reckoned_s()
            self.rule = rule
            self.turn_s = 0
            if self.told:
                self.set_s = self.standard_of(wall_s) - self.uptime_s

    def ahead_s(self):
        """How far the wall is ahead of winter time now."""
        standard_s = self.standard_s()
        if self.rule is None:
            return 0
        if not self.known_s <= standard_s < self.turn_s:
            self.known_s = standard_s
            self.turn_s = summer.turn_s(standard_s, self.rule)
            self.stretch_s = summer.ahead_s(standard_s, self.rule)
        return self.stretch_s

    def reckoned_s(self):
        """What the wall shows, as far as anybody knows."""
        return self.standard_s() + self.ahead_s()

    def standard_of(self, wall_s):
        """The winter time at which the wall shows ``wall_s``: of the hour that comes twice the first."""
        return summer.standard_of(wall_s, self.rule) if self.rule else wall_s

    def wall_of(self, standard_s):
        """What the wall shows at a winter time."""
        return standard_s + (summer.ahead_s(standard_s, self.rule) if self.rule else 0)
