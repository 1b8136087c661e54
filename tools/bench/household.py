"""A law alone with a house and a car, tick by tick: no pins, no session, no guard. For the law's own tests."""

from headroom import features
from headroom.guard import pilot
from headroom.law.balance import Balance
from headroom.record.history import History
from headroom.terms.records import Limits, Proposal, Readings, Verdict

TICK_MS = 25
FOLLOW_MS = 300


class Household:
    """A supply of 25 A and a car of 32 A that follows in 0.3 s, until told otherwise; currents in mA per phase."""

    def __init__(self, phases=1, breaker_ma=25000, charger_ma=32000):
        self.limits = Limits()
        self.limits.breaker_ma = breaker_ma
        self.limits.charger_ma = charger_ma
        self.limits.phases = phases
        self.limits.dimmable = True
        self.law = Balance(self.limits)
        self.readings = Readings()
        self.readings.grid_ok = True
        self.verdict = Verdict()
        self.verdict.pilot_state = pilot.C
        self.proposal = Proposal()
        self.house_ma = [0, 0, 0]
        self.car_phases = list(range(phases))
        self.car_max_ma = 32000
        self.drawn_ma = 0
        self.understood_ma = 0  # the offer that the car acts on
        self.follow_ms = FOLLOW_MS  # until it has understood another one
        self.follows = True
        self.wobble = None  # function() -> mA added to a reading
        self.changes = 0  # of the offer
        self.history = History()
        self.lived_ms = 0
        self.tick_ms = TICK_MS
        self.reacts_ms = FOLLOW_MS
        self.takes_up_ms = 0  # until it takes up more, where that is longer
        self.rises_ma_s = 0  # how fast it rises then; 0: at once
        self.starts_ms = 0  # from an offer until the car has asked for power and the contactor is closed
        self.offered_ms = 0

    def live(self, ms):
        """Let time pass; returns the offer."""
        for _ in range(ms // self.tick_ms):
            self.tick()
        return self.proposal.offer_ma

    def tick(self):
        """One window: the car follows, the supply is read, the law decides, and its word holds."""
        verdict, grid_ma = self.verdict, self.readings.grid_ma
        self.follow_ms = self.reacts_ms if verdict.offer_ma == self.understood_ma else self.follow_ms - self.tick_ms
        waits_ms = self.takes_up_ms - self.reacts_ms if verdict.offer_ma > self.understood_ma else 0
        if self.follow_ms <= -max(waits_ms, 0) and self.follows:
            self.understood_ma = verdict.offer_ma
        takes_ma = min(self.understood_ma, self.car_max_ma) if verdict.closed else 0
        if self.rises_ma_s:
            takes_ma = min(takes_ma, self.drawn_ma + self.rises_ma_s * self.tick_ms // 1000)
        self.drawn_ma = takes_ma
        for phase in range(3):
            grid_ma[phase] = self.house_ma[phase]
            if phase in self.car_phases:
                grid_ma[phase] += self.drawn_ma
            if self.wobble:
                grid_ma[phase] += self.wobble()
        features.fit(self.limits, self.law.ceilings.more)
        self.law.propose(self.tick_ms, self.readings, verdict, self.proposal)
        if verdict.offer_ma != self.proposal.offer_ma:
            self.changes += 1
        verdict.offer_ma = self.proposal.offer_ma
        verdict.reason, verdict.phase = self.proposal.reason, self.proposal.phase
        verdict.value, verdict.bound = self.proposal.value, self.proposal.bound
        self.lived_ms += self.tick_ms
        self.history.follow(self.lived_ms // 1000, verdict)
        offered = verdict.offer_ma > 0 and verdict.pilot_state != pilot.A
        self.offered_ms = self.offered_ms + self.tick_ms if offered else 0
        verdict.closed = self.offered_ms > self.starts_ms
