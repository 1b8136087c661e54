"""This firmware's own way: its members, leader, ledger, leases, pool and share, on a bus that loses nothing.

It is the firmware's group as it stands in firmware/headroom, not a copy; what is left out is each charger's own law and guard,
which see the supply themselves and can only offer less. What a member is told of its charger is what its charger would know.
"""

from bench import host
from bench.sessions import PHASES, STEP_MS
from bench.sharing.law import Law
from bench.site import Bus

MINUTE_MS = 60000


class Equal(Law):
    """``how``: a row of law/share.py's NAMES."""

    source = "this firmware"
    setting = "group_share equal; group_ma the breaker's"
    period_ms = STEP_MS
    how = 0

    def __init__(self, world):
        super().__init__(world)
        host.load()
        from headroom.guard import session
        from headroom.guard.lease import Lease
        from headroom.serve.group.member import Member
        from headroom.terms.records import NO_NEED_MIN, Limits, Proposal, Readings, Verdict

        self.session = session
        self.no_need_min = NO_NEED_MIN
        bus = Bus(0, 1)
        self.readings = Readings()
        self.readings.grid_ok = True
        self.members, self.states = [], [session.IDLE] * self.count
        self.limits = [Limits() for _ in range(self.count)]
        self.proposals = [Proposal() for _ in range(self.count)]
        self.verdicts = [Verdict() for _ in range(self.count)]
        for place in range(self.count):
            tap = bus.tap()
            member = Member(tap, Lease(0, place * 7), place + 1, self.count, place + 101, 1)
            member.how = self.how
            member.may_lead = True
            tap.member = lambda member=member: member
            self.members.append(member)
            limits = self.limits[place]
            limits.breaker_ma = limits.group_ma = self.limit_ma
            limits.phases = PHASES
            member.blind = place > 0

    def look(self):
        """A tick of each; the leader has as many words in it as its length allows."""
        self.readings.grid_ma[:] = self.load_ma
        for place in range(self.count):
            self._tick(place)

    def _tick(self, place):
        here, member, lease = self.places[place], self.members[place], self.members[place].lease
        proposal, verdict, limits = self.proposals[place], self.verdicts[place], self.limits[place]
        lease.step(STEP_MS)
        member.hear(STEP_MS)
        proposal.uses = sum([1 << line for line in here.lines])
        offer_ma = min(lease.offer_ma(proposal.uses, limits.min_ma), here.most_ma)
        self.offer(place, offer_ma if here.plugged else 0)
        self._session(place)
        lease.follow(STEP_MS, here.offer_ma, here.charging)
        for line in range(PHASES):
            proposal.car_ma[line] = here.drawn_ma() if line in here.lines else 0
        verdict.session, verdict.closed = self.states[place], here.charging
        limits.charger_ma, limits.wired = here.most_ma, proposal.uses
        member.priority = here.stay.priority if here.stay else 0
        member.laxity_min = self._laxity_min(here)
        member.speak(STEP_MS, limits, self.readings, proposal, verdict)

    def _session(self, place):
        """The words of guard/session.py for it."""
        here, session, was = self.places[place], self.session, self.states[place]
        if not here.plugged:
            self.states[place] = session.IDLE
        elif here.charging:
            self.states[place] = session.CHARGING
        elif not here.offer_ma:
            self.states[place] = session.PAUSED
        else:
            self.states[place] = session.DONE if was in (session.CHARGING, session.DONE) else session.OFFERED

    def _laxity_min(self, here):
        """Minutes it could wait and be full in time, where its driver said what it needs."""
        stay = here.stay
        if self.how != 3 or stay is None or stay.need_mams is None:
            return self.no_need_min
        left_ms = (stay.need_mams - stay.got_mams) // (stay.car_ma * len(stay.lines))
        return max(min((stay.to_ms - self.world.t_ms - left_ms) // MINUTE_MS, self.no_need_min - 1), -1000)


class Priority(Equal):
    """Who has the higher priority first."""

    setting = "group_share priority; group_priority as the session has it"
    how = 1


class First(Equal):
    """Who came first."""

    setting = "group_share first"
    how = 2


class Need(Equal):
    """Who could wait the shortest."""

    setting = "group_share need; each driver says need and hour"
    how = 3
