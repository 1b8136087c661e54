"""hass-evse-load-balancer's allocator, which is written for several chargers; its coordinator runs one of them today.

Read in custom_components/evse_load_balancer: power_allocator.py (_distribute_cuts, _distribute_increases), coordinator.py,
balancers/optimised_load_balancer.py. Whole amperes; phases of the supply as rivals/hass.py has them.
"""

from math import floor

from bench.rivals.hass import LATENCY_MS, RISE_S, WRITE_S, Phase
from bench.sessions import PHASES
from bench.sharing.law import Law


class Hass(Law):
    """Cuts by what each has, gives back by what each lacks; a charger keeps its last limit when the car goes."""

    source = "dirkgroenen/hass-evse-load-balancer 0c6d654, 2026-01-27"
    setting = "defaults; pauses are left to the charger, which stops below 6 A"
    latency_ms = LATENCY_MS

    def __init__(self, world):
        super().__init__(world)
        self.phases = [Phase(self.limit_ma // 1000) for _ in range(PHASES)]
        self.limit_a = [place.most_ma // 1000 for place in self.places]
        self.written_s = [None] * self.count

    def look(self):
        """One cycle of a second."""
        for place in range(self.count):
            if self.written_s[place] is not None:
                self.written_s[place] += 1
        there = [place for place in range(self.count) if self.places[place].plugged]
        wanted = {}
        for line in range(PHASES):
            free_a = self.phases[line].update(self.limit_ma // 1000 - self.load_ma[line] // 1000, 1)
            if free_a < 0:
                self._cut(there, free_a, wanted)
            elif free_a > 0:
                self._raise(there, free_a, wanted)
        for place in there:
            self._write(place, min(wanted.get(place, [self.limit_a[place]])))
            self.offer(place, self.limit_a[place] * 1000)
        for place in range(self.count):
            if place not in there:
                self.offer(place, 0)

    def _cut(self, there, free_a, wanted):
        total_a = sum([self.limit_a[place] for place in there])
        for place in there:
            if total_a:
                cut_a = floor(free_a * self.limit_a[place] / total_a)
                wanted.setdefault(place, []).append(max(0, self.limit_a[place] + cut_a))

    def _raise(self, there, free_a, wanted):
        lacks = {place: self.places[place].most_ma // 1000 - self.limit_a[place] for place in there}
        total_a = sum([each for each in lacks.values() if each > 0])
        for place, lack_a in lacks.items():
            if lack_a > 0:
                more_a = min(free_a * lack_a / total_a, lack_a)
                wanted.setdefault(place, []).append(self.limit_a[place] + int(more_a))

    def _write(self, place, wanted_a):
        since_s = self.written_s[place]
        wait_s = WRITE_S if wanted_a < self.limit_a[place] else RISE_S
        if wanted_a != self.limit_a[place] and (since_s is None or since_s > wait_s):
            self.limit_a[place] = wanted_a
            self.written_s[place] = 0
