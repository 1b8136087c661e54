"""What every rival has: a meter with a period and a latency, and an offer that stands between two looks at it."""


class Rival:
    """Looks at its meter every ``period_ms`` and sees what was true ``latency_ms`` before; ``look`` decides.

    Stands where ``headroom.law.balance.Balance`` stands. Currents in mA. No project states how old its meter's readings
    are: ``latency_ms`` is an assumption. Headroom's own clamps have none.
    """

    source = ""  # repository, commit, date of the code that was read
    setting = ""  # what an installer would have set, as far as it decides the row
    meter_ms = 1000  # how often the meter tells something new
    period_ms = 1000
    latency_ms = 0

    def __init__(self, limits, world):
        self.limits = limits
        self.world = world
        self.now_ms = 0
        self.next_ms = 0
        self.past = []  # (from when, grid per phase, car), oldest first
        self.grid_ma = (0, 0, 0)  # as the meter shows it
        self.car_ma = 0  # the same of a meter in the car's own line; not every rival has one
        self.offer_ma = 0
        self.why = "no car"
        self.plugged = False

    def propose(self, dt_ms, readings, verdict, proposal):
        """Refill ``proposal`` as the firmware's law does."""
        self.now_ms += dt_ms
        self._remember(readings)
        while self.now_ms >= self.next_ms:
            self.next_ms += self.period_ms
            self._show(self.now_ms - self.latency_ms)
            if not self.world.car.plugged:
                self.offer_ma = 0
                self.plugged = False
                self.idle()
            elif not self.plugged:
                self.plugged = True
                self.arrive()
            else:
                self.look(verdict)
        proposal.offer_ma = self.offer_ma

    def due_ms(self):
        """Until its next look: the bench lets no longer step pass."""
        return max(self.next_ms - self.now_ms, 1)

    def idle(self):
        """No car: some laws go on watching the supply."""

    def arrive(self):
        """A car was plugged in: the first offer."""
        raise NotImplementedError

    def look(self, verdict):
        """A new reading is there: the next offer; ``verdict.closed`` tells whether the contactor is."""
        raise NotImplementedError

    def load_ma(self, phases):
        """The most loaded of the first ``phases``, house and car together."""
        return max(self.grid_ma[:phases])

    def set(self, offer_ma, why):
        """Offer this from now on; below the minimum the guard pauses."""
        if offer_ma != self.offer_ma:
            self.offer_ma = offer_ma
            self.why = why

    def _remember(self, readings):
        seen = tuple(readings.grid_ma)
        drawn_ma = self.world.car.drawn_ma
        if not self.past or self.past[-1][1] != seen or self.past[-1][2] != drawn_ma:
            self.past.append((self.now_ms, seen, drawn_ma))

    def _show(self, then_ms):
        past = self.past
        while len(past) > 1 and past[1][0] <= then_ms:
            past.pop(0)
        _, self.grid_ma, self.car_ma = past[0]
