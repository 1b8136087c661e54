"""Cars as IEC 61851-1 lets them be, and as the field has met them: each model is one row of a table.

A car takes up to 5 s to follow the pilot, ramps, needs 6 A or more, and S2 has its own time. Times in ms, currents in
mA; random times come from the run's seed. Sources of the habits: the project's domain notes, section 8 (there with the
threads in which people met them); what no source gives a number for is marked as chosen.
"""

MIN_OFFER_MA = 6000
WAKE_MS = 3000  # the pilot gone (state F) this long wakes a sleeper: wake-ups are 4 s (A.5.3), detection chosen
GIVE_UP_MS = 10000  # at its lowest offer this long before a car gives up: chosen
WARM_MS = 180000  # of a charge at no more than it bears calms a restless car: "minutes" in the field, chosen
TAPER_PART = 5  # taper begins at the last fifth of the need: chosen
TAPER_STEP_MA = 250  # and goes in steps of this: chosen, so that the bench need not look at every moment
TAPER_LEAST_MA = 1000  # down to this, below any offer: chosen


class Model:
    """What sets one car apart; unnamed arguments are those of the plain car."""

    def __init__(
        self,
        what,
        follow_ms=(300, 4500),  # until a new offer shows in the current; 5 s allowed (Table A.6, sequence 6)
        stop_ms=(300, 2500),  # the same when the offer is withdrawn; 3 s allowed (sequence 10.1)
        up_ma_s=4000,
        down_ma_s=30000,
        min_ma=MIN_OFFER_MA,  # below this it draws nothing
        phases=3,  # of those that the charger has
        less_ma=0,  # draws this much less than offered
        gives_up_ma=0,  # an offer up to here makes it stop by itself ...
        back_ma=0,  # ... until it is offered this much
        sleeps_ms=0,  # no offer for so long and it sleeps until the pilot is interrupted
        deaf_every=0,  # of so many changes of the offer it misses one
        taper=False,  # draws less and less on its last fifth
        restless_ms=(0, 0),  # opens S2 by itself after so long with current, for so long ...
        calm_ma=0,  # ... unless it is offered no more than this
        starts_ms=(0, 0),  # after the contactor has closed, before it first draws
        whole_ma=1,  # takes the offer in steps of this
        counts=0,  # after so many interruptions it takes the charger for broken, until it is plugged in again
        need_permille=1000,  # of the energy that the scenario says it needs
    ):
        self.what = what
        self.follow_ms = follow_ms
        self.stop_ms = stop_ms
        self.up_ma_s = up_ma_s
        self.down_ma_s = down_ma_s
        self.min_ma = min_ma
        self.phases = phases
        self.less_ma = less_ma
        self.gives_up_ma = gives_up_ma
        self.back_ma = back_ma
        self.sleeps_ms = sleeps_ms
        self.deaf_every = deaf_every
        self.taper = taper
        self.restless_ms = restless_ms
        self.calm_ma = calm_ma
        self.starts_ms = starts_ms
        self.whole_ma = whole_ma
        self.counts = counts
        self.need_permille = need_permille


MODELS = {
    "plain": Model("follows within 0.3 to 4.5 s and takes all it is offered"),
    "prompt": Model("follows within a second", follow_ms=(200, 900), stop_ms=(200, 900), up_ma_s=20000),
    "slow-ramp": Model("takes 30 s from nothing to 32 A", up_ma_s=1067),
    "silent": Model("lets the full 5 s pass before it follows", follow_ms=(5000, 5000), stop_ms=(2900, 2900)),
    "needs-8": Model("draws nothing below 8 A (Zoe, Twingo, Kangoo)", min_ma=8000),
    "needs-10": Model("draws nothing below 10 A (the first Zoe)", min_ma=10000),
    "one-phase": Model("charges on one phase of a charger that has three", phases=1),
    "gives-up": Model("stops by itself at 6 A, comes back at 8 A", gives_up_ma=6500, back_ma=8000),
    "draws-less": Model("draws 1.5 A less than offered", less_ma=1500),
    "sleeper": Model("sleeps after 10 minutes without offer, until the pilot is interrupted", sleeps_ms=600000),
    "deaf": Model("misses every fifth change of the offer", deaf_every=5),
    "taper": Model("draws less and less on its last fifth, then stops", taper=True),
    "restless": Model(
        "a cold battery: 10 s of current, 20 s without, unless warmed at 6 A for minutes",
        restless_ms=(10000, 20000),
        calm_ma=7000,
    ),
    "chatters": Model("opens S2 for half a second every 5 s (a relay that sticks)", restless_ms=(4000, 500)),
    "late": Model("follows after 15 to 26 s (openWB: 12 to 28)", follow_ms=(15000, 26000)),
    "counts-ten": Model("refuses after ten interruptions, until plugged in again (Tesla, some VW)", counts=10),
    "hesitant": Model(
        "waits 10 to 40 s behind a closed contactor before it draws (SmartEVSE 19)", starts_ms=(10000, 40000)
    ),
    "whole-amps": Model("takes whole amperes, rounded down (a guess: its screen shows no others)", whole_ma=1000),
    "full": Model("is plugged in full", need_permille=0),
}


class Car:
    """``step`` follows the offer; ``drawn_ma`` per phase in use, ``state`` 0 = A, 1 = B, 2 = C."""

    def __init__(self, max_ma, phases, need_mams, random, model="plain"):
        self.model = MODELS[model]
        self.max_ma = max_ma
        self.phases = min(phases, self.model.phases)
        if need_mams is None and self.model.need_permille == 0:
            need_mams = 0
        elif need_mams is not None:
            need_mams = need_mams * self.model.need_permille // 1000
        self.need_mams = need_mams  # mA * ms on all phases together until full; None = never full
        self.random = random
        self.plugged = False
        self.s2 = False
        self.drawn_ma = 0
        self.allowed_ma = 0  # what the car has understood of the offer
        self.taken_mams = 0
        self.follow_ms = -1  # until it acts on the last change of the offer; -1: nothing to act on
        self.s2_ms = -1  # until S2 changes
        self.seen_ma = 0  # the offer at the last step ...
        self.changes = 0  # ... how often it has changed ...
        self.deaf = False  # ... and whether the last change was missed
        self.given_up = False
        self.least_ms = 0  # at the lowest offer since
        self.asleep = False
        self.unoffered_ms = 0
        self.silenced_ms = 0  # pilot gone since
        self.on_ms = 0  # with current since S2 closed
        self.waits_ms = -1  # before it first draws; -1: the contactor is open, or it need not
        self.warm_ms = 0  # with no more of it than a restless car bears
        self.sulks_ms = 0  # S2 stays open for so long yet
        self.served = False  # offered and connected
        self.interrupted = 0  # times that it ended while the car wanted it

    def plug(self, plugged):
        """The connector goes in or out; pulling it ends the draw at once."""
        self.plugged = plugged
        self.s2 = self.deaf = self.given_up = self.asleep = False
        self.drawn_ma = self.allowed_ma = self.seen_ma = 0
        self.follow_ms = self.s2_ms = -1
        self.least_ms = self.unoffered_ms = self.silenced_ms = 0
        self.on_ms = self.warm_ms = self.sulks_ms = self.interrupted = 0
        self.served = False

    def state(self):
        """0 = A, 1 = B, 2 = C."""
        return (2 if self.s2 else 1) if self.plugged else 0

    def full(self):
        """True once it has what it needs."""
        return self.need_mams is not None and self.taken_mams >= self.need_mams

    def moving(self):
        """True while something of the car changes by itself."""
        restless = self.model.restless_ms[0] and (self.drawn_ma or self.sulks_ms)
        return (
            restless
            or self.waits_ms > 0
            or self.follow_ms >= 0
            or self.s2_ms >= 0
            or self.drawn_ma != self._target_ma()
        )

    def step(self, dt_ms, offered_ma, live, pilot_alive=True):
        """``dt_ms`` pass with ``offered_ma`` on the pilot (0 = none) and the contactor ``live`` or not."""
        if not self.plugged:
            return
        self._feel(offered_ma > 0 and bool(live))
        self._moods(dt_ms, offered_ma, pilot_alive)
        self._listen(dt_ms, 0 if self._refuses() else offered_ma)
        self._draw(dt_ms, live)
        self._move_s2(dt_ms)

    def _refuses(self):
        broken = self.model.counts and self.interrupted >= self.model.counts
        return self.full() or self.asleep or self.given_up or broken

    def _feel(self, served):
        """An interruption, as the car feels it: offer or contactor gone while it wants to draw."""
        if self.served and not served and self.s2 and not self._refuses():
            self.interrupted += 1
        self.served = served

    def _ready(self):
        return self.allowed_ma >= self.model.min_ma and self.sulks_ms <= 0

    def _target_ma(self):
        if not self.s2 or not self._ready():
            return 0
        target_ma = min(self.allowed_ma - self.model.less_ma, self.max_ma) // self.model.whole_ma * self.model.whole_ma
        if self.model.taper and self.need_mams:
            left = (self.need_mams - self.taken_mams) * TAPER_PART
            taper_ma = self.max_ma * left // self.need_mams // TAPER_STEP_MA * TAPER_STEP_MA
            if left < self.need_mams:
                target_ma = min(target_ma, max(taper_ma, TAPER_LEAST_MA))
        return target_ma

    def _moods(self, dt_ms, offered_ma, pilot_alive):
        """What this model makes of the offer besides following it."""
        model = self.model
        if offered_ma != self.seen_ma:
            self.seen_ma = offered_ma
            self.changes += 1
            self.deaf = model.deaf_every > 0 and self.changes % model.deaf_every == 0
        if model.gives_up_ma:
            self.least_ms = self.least_ms + dt_ms if 0 < offered_ma <= model.gives_up_ma else 0
            if self.least_ms >= GIVE_UP_MS:
                self.given_up = True
            elif offered_ma >= model.back_ma:
                self.given_up = False
        if model.restless_ms[0]:
            self._be_restless(dt_ms, offered_ma)
        if model.sleeps_ms:
            self.unoffered_ms = 0 if offered_ma else self.unoffered_ms + dt_ms
            self.silenced_ms = 0 if pilot_alive else self.silenced_ms + dt_ms
            if self.silenced_ms >= WAKE_MS:
                self.asleep = False
                self.unoffered_ms = 0
            elif self.unoffered_ms >= model.sleeps_ms:
                self.asleep = True

    def _be_restless(self, dt_ms, offered_ma):
        """Current for its time, then none for its time, from S2's opening on."""
        if self.sulks_ms > 0:
            self.sulks_ms -= 0 if self.s2 else dt_ms
        elif self.drawn_ma and offered_ma <= self.model.calm_ma:
            self.warm_ms += dt_ms
        elif self.drawn_ma and self.warm_ms < WARM_MS:
            self.on_ms += dt_ms
            if self.on_ms >= self.model.restless_ms[0]:
                self.on_ms, self.sulks_ms = 0, self.model.restless_ms[1]

    def _listen(self, dt_ms, wanted_ma):
        """What it has understood of the offer follows the offer in its own time."""
        if wanted_ma == self.allowed_ma or (self.deaf and wanted_ma == self.seen_ma):
            self.follow_ms = -1
            return
        if self.follow_ms < 0:
            low, high = self.model.follow_ms if wanted_ma else self.model.stop_ms
            self.follow_ms = self.random.between(low, high)
        self.follow_ms -= dt_ms
        if self.follow_ms <= 0:
            self.allowed_ma = wanted_ma
            self.follow_ms = -1

    def _begins(self, dt_ms, live):
        """Whether the wait behind a closed contactor is over."""
        if self.waits_ms < 0 and self.model.starts_ms[1]:
            self.waits_ms = self.random.between(*self.model.starts_ms)
        self.waits_ms = max(self.waits_ms - dt_ms, 0)
        return self.waits_ms == 0

    def _draw(self, dt_ms, live):
        target_ma = self._target_ma() if live and self._begins(dt_ms, live) else 0
        if self.drawn_ma < target_ma:
            self.drawn_ma = min(target_ma, self.drawn_ma + self.model.up_ma_s * dt_ms // 1000)
        elif self.drawn_ma > target_ma:
            self.drawn_ma = max(target_ma, self.drawn_ma - self.model.down_ma_s * dt_ms // 1000) if live else 0
        if not live:
            self.waits_ms = -1
        self.taken_mams += self.drawn_ma * self.phases * dt_ms

    def _move_s2(self, dt_ms):
        """S2 closes when it may draw, and opens when it no longer draws."""
        ready = self._ready()
        if ready == self.s2 or (self.s2 and self.drawn_ma):
            self.s2_ms = -1
            return
        if self.s2_ms < 0:
            self.s2_ms = self.random.between(200, 1500)
        self.s2_ms -= dt_ms
        if self.s2_ms <= 0:
            self.s2 = ready
            self.s2_ms = -1


class Random:
    """xorshift32: the same numbers on every interpreter."""

    def __init__(self, seed):
        self.state = (seed * 2654435761 + 1) & 0xFFFFFFFF or 1

    def next(self):
        """The next 32 bits."""
        x = self.state
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        self.state = x
        return x

    def between(self, low, high):
        """An integer in low..high."""
        return low + self.next() % (high - low + 1)
