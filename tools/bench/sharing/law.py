"""What every sharing law has: a meter with a period and a latency, and offers that stand between two looks at it."""

from bench.sessions import MIN_MA, PHASES


class Law:
    """Looks every ``period_ms`` and sees what was true ``latency_ms`` before; ``look`` decides, by ``offer(place, ma)``.

    No project states how old its meter's readings are: ``latency_ms`` is an assumption, the same as for one charger.
    """

    source = ""  # repository, commit, date of the code that was read
    setting = ""  # what an installer would have set, as far as it decides the row
    period_ms = 1000
    latency_ms = 0
    most = 64  # so many chargers at most

    def __init__(self, world):
        self.world = world
        self.places = world.places
        self.count = len(world.places)
        self.limit_ma = world.breaker_ma
        self.now_ms = self.next_ms = world.t_ms
        self.past = []  # (from when, load per phase, drawn per charger), oldest first
        self.load_ma = (0, 0, 0)  # of the supply, as the meter shows it
        self.drawn_ma = (0,) * self.count  # of each charger, likewise

    def step(self, dt_ms):
        """So many ms have passed."""
        self.now_ms += dt_ms
        seen = (tuple(self.world.load_ma), tuple([place.drawn_ma() for place in self.places]))
        if not self.past or self.past[-1][1:] != seen:
            self.past.append((self.now_ms, seen[0], seen[1]))
        while self.now_ms >= self.next_ms:
            self._show(self.next_ms - self.latency_ms)
            self.look()
            self.next_ms += self.period_ms

    def look(self):
        """A new reading is there."""
        raise NotImplementedError

    def offer(self, place, ma):
        """Offer so much from now on; below the least that a pilot can say: nothing."""
        self.places[place].offer_ma = ma if ma >= MIN_MA else 0

    def house_ma(self, line):
        """What of the supply's load no charger says that it draws."""
        drawn_ma = sum([self.drawn_ma[at] for at in range(self.count) if line in self.places[at].lines])
        return self.load_ma[line] - drawn_ma

    def free_ma(self):
        """What the house leaves on each phase."""
        return [max(self.limit_ma - max(self.house_ma(line), 0), 0) for line in range(PHASES)]

    def _show(self, then_ms):
        past = self.past
        while len(past) > 1 and past[1][0] <= then_ms:
            past.pop(0)
        _, self.load_ma, self.drawn_ma = past[0]
