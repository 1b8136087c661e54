"""The leader's ledger: what each member of a group could still have in force; and any wish of the law's becomes leases within it.

A member counts with the most of: what it told, what it was leased last, and every lease before that which it has not shown to
have given up. What it has been given before runs out by itself (lease.py). One that is not heard from counts with its safe
share then, and one that was leased less than that is counted with less only while it is sure to keep to it.

- A lease is raised only into what nobody could have: of the circuit, and of what the house leaves of the supply. Who is silent
  counts with the house there.
- One that ran out because no frame was sent for as long is not confirmed: it would be raised into what others were lent since.
- What a frame leases fits the circuit together with all that the silent may have once it is on its way.
- Only who was answered by more than half of the members leads: two cannot. A member that answers another leader answers nobody
  else until all that was leased with its word has run out.
- A leader that has just begun does not know what it, or another, leased before: for a while it only confirms what it is told.

Times are the leader's own clock; all clocks differ by less than one part in DRIFT_PART.
"""

from headroom.guard.lease import ALL, HOLD_MS, LEASE_MS, NONE, SETTLE_MS, TICK_MS, WORD, newer
from headroom.terms.records import PHASES

DRIFT_PART = 64
GONE_MS = LEASE_MS + LEASE_MS // DRIFT_PART + TICK_MS + SETTLE_MS  # all that a member was leased is over
SURE_MS = (
    HOLD_MS - HOLD_MS // DRIFT_PART - GONE_MS
)  # one that answered so lately keeps its word for as long as leases last
LONG_MS = 1 << 24  # no clock needs to run on


class Ledger:
    """Places 0 to ``count`` - 1; ``ma``, ``phases`` and ``token`` of each are what the frame ``seq`` says."""

    def __init__(self, count, safe_ma):
        self.count = count
        self.safe_ma = safe_ma
        self.seq = 0
        self.young_ms = 0  # since it began to lead, up to GONE_MS
        self.still_ms = 0  # since the last frame
        self.ma = [0] * count  # leased last
        self.phases = [ALL] * count
        self.proven = [False] * count  # it has shown that it took that
        self.before_ma = [0] * count  # until then: the most of earlier leases ...
        self.before_phases = [0] * count  # ... and on which phases
        self.most_ma = [0] * count  # as told: what its car may draw
        self.most_phases = [0] * count
        self.changed = [0] * count  # the frame that leased it something else for the last time
        self.token = [0] * count
        self.asking_ms = [LONG_MS] * count  # since the last question was put
        self.asked_ms = [LONG_MS] * count  # since the question was put that it answered last
        self.heard_ms = [LONG_MS] * count  # since that answer came
        self.now_ma = [0] * PHASES  # what all could have, per phase
        self.then_ma = [0] * PHASES  # the same, once what was leased before has run out
        self.give_ma = [0] * PHASES  # what all may have for anybody to be given more

    def step(self, dt_ms):
        """``dt_ms`` have passed."""
        self.young_ms = min(self.young_ms + dt_ms, GONE_MS)
        self.still_ms = min(self.still_ms + dt_ms, LONG_MS)
        asking_ms, asked_ms, heard_ms = self.asking_ms, self.asked_ms, self.heard_ms
        for place in range(self.count):
            asking_ms[place] = min(asking_ms[place] + dt_ms, LONG_MS)
            asked_ms[place] = min(asked_ms[place] + dt_ms, LONG_MS)
            heard_ms[place] = min(heard_ms[place] + dt_ms, LONG_MS)

    def ask(self, place):
        """A question is put: what answers it can only be younger."""
        self.asking_ms[place] = 0

    def hear(self, place, token, seq, bound_ma, most_ma, phases):
        """The answer to the last question: the member answers this leader, and nobody else from then on."""
        if self.heard_ms[place] == LONG_MS:  # its first word: go on with what it has
            self.ma[place] = bound_ma
            self.phases[place] = phases
            self.changed[place] = (self.seq + 1) & WORD
        self.asked_ms[place] = self.asking_ms[place]
        self.heard_ms[place] = 0
        self.token[place] = token
        self.most_ma[place] = most_ma
        self.most_phases[place] = phases
        taken = seq != NONE and not newer(self.changed[place], seq)
        self.proven[place] = taken and bound_ma <= self.ma[place]  # after a long silence it is back at its safe share
        if self.proven[place]:
            self.before_ma[place] = self.before_phases[place] = 0

    def hears(self, place):
        """True while it has said something since all that it could have was counted with its safe share."""
        return self.heard_ms[place] <= GONE_MS

    def fresh(self, place):
        """True while its word outlasts whatever is leased now."""
        return self.asked_ms[place] <= SURE_MS

    def leads(self):
        """True when more than half of the members answer this leader, and none other for long enough."""
        sure = 0
        for place in range(self.count):
            if self.asked_ms[place] <= SURE_MS:
                sure += 1
        return sure * 2 > self.count

    def could_ma(self, place, phase):
        """The most that it could draw on ``phase``, now or until what was leased has run out."""
        could_ma = self.then_could_ma(place, phase)
        if self.heard_ms[place] <= GONE_MS:
            bit = 1 << phase
            if self.before_phases[place] & bit:
                could_ma = max(could_ma, self.before_ma[place])
            if self.most_phases[place] & bit:
                could_ma = max(could_ma, self.most_ma[place])
        return could_ma

    def then_could_ma(self, place, phase):
        """The most that it could draw on ``phase`` when all that was leased before has run out."""
        could_ma = 0
        if self.heard_ms[place] <= GONE_MS and self.phases[place] >> phase & 1:
            could_ma = self.ma[place]
        if self.proven[place] and self.asked_ms[place] <= SURE_MS:
            return could_ma  # it is sure to stay below its safe share for so long
        return max(could_ma, self.safe_ma)

    def grant(self, wish_ma, wish_phases, limit_ma, room_ma):
        """A new frame: leases as near to what the law wishes as is safe, within ``limit_ma`` per phase.

        First what is taken or confirmed, and less where that does not fit; then what is given. ``room_ma``: what the house leaves
        of the supply; nobody is given of it what another could still have.
        """
        self.seq = (self.seq + 1) & WORD
        leads = self.leads()
        holds = leads and self.still_ms < LEASE_MS
        self.still_ms = 0
        now_ma, then_ma, give_ma = self.now_ma, self.then_ma, self.give_ma
        for phase in range(PHASES):
            now_ma[phase] = then_ma[phase] = 0
            give_ma[phase] = room_ma[phase]
        for place in range(self.count):
            ma = min(wish_ma[place], self.ma[place])
            self._lease(place, ma if holds else min(ma, self.safe_ma), wish_phases[place] & self.phases[place])
            for phase in range(PHASES):
                could_ma = self.could_ma(place, phase)
                now_ma[phase] += could_ma
                then_ma[phase] += self.then_could_ma(place, phase)
                if self.heard_ms[place] > GONE_MS:
                    give_ma[phase] += could_ma
        for place in range(self.count - 1, -1, -1):
            self._fit(place, limit_ma)
        if leads and self.young_ms >= GONE_MS:
            for place in range(self.count):
                wider = wish_phases[place] & ~self.phases[place]
                if self.fresh(place) and (wider or wish_ma[place] > self.ma[place]):
                    self._give(place, wish_ma[place], wish_phases[place], limit_ma)

    def _fit(self, place, limit_ma):
        over_ma = 0
        for phase in range(PHASES):
            if self.phases[place] >> phase & 1:
                over_ma = max(over_ma, self.then_ma[phase] - limit_ma[phase])
        if over_ma:
            self._change(place, max(self.ma[place] - over_ma, 0), self.phases[place])

    def _give(self, place, wish_ma, phases, limit_ma):
        room_ma = wish_ma
        for phase in range(PHASES):
            if phases >> phase & 1:
                others_ma = self.now_ma[phase] - self.could_ma(place, phase)
                own_ma = self.then_could_ma(place, phase)  # it may go on with that
                room_ma = min(room_ma, max(self.give_ma[phase] - others_ma, own_ma), limit_ma[phase] - others_ma)
        if room_ma > self.ma[place] or (phases & ~self.phases[place] and room_ma >= 0):
            self._change(place, room_ma, phases)

    def _change(self, place, ma, phases):
        for phase in range(PHASES):
            self.now_ma[phase] -= self.could_ma(place, phase)
            self.then_ma[phase] -= self.then_could_ma(place, phase)
        self._lease(place, ma, phases)
        for phase in range(PHASES):
            self.now_ma[phase] += self.could_ma(place, phase)
            self.then_ma[phase] += self.then_could_ma(place, phase)

    def _lease(self, place, ma, phases):
        if ma == self.ma[place] and phases == self.phases[place]:
            return
        self.before_ma[place] = max(self.before_ma[place], self.ma[place])
        self.before_phases[place] |= self.phases[place]
        self.ma[place] = ma
        self.phases[place] = phases
        self.proven[place] = False
        self.changed[place] = self.seq
