"""What a doubtful meter is worth: a ceiling that falls in stages, and comes back by itself.

A clamp that fell off reads 0 A, and 0 A of load looks like all the headroom in the world. So a doubt, once it has lasted
a moment, first holds the offer where it was, then allows a safe current, then pauses. A reading that hides how high the
current is (clipped), or that cannot be, skips the hold. Good readings must last before the ceiling rises again, slowly.
"""

from headroom.decide import quality, reasons

RAISE_MS = 300  # a doubt must last this long: some ten windows
FUSE_TIMES = 6  # a B breaker is open within 0.1 s at 5 In (IEC 60898-1 table 7): nothing carries more for long
SILENT_MA = 100  # less than the standby of any house ...
SILENT_MS = 3000  # ... while the contactor is closed: a car that draws nothing, or a clamp that sees nothing

HOLD, SAFE, PAUSE = 0, 1, 2
FIRST_STAGE = (HOLD, SAFE, HOLD, HOLD, SAFE, HOLD)  # by the word of decide/quality.py


class Trust:
    """``bound`` lowers a proposal to what the meter's word is worth; ``word`` and ``phase`` say why."""

    def __init__(self, limits):
        self.limits = limits
        self.word = quality.FINE
        self.phase = 0
        self.seen = quality.FINE  # not yet raised
        self.seen_ms = 0
        self.silent_ms = 0
        self.doubt_ms = 0  # since it was raised
        self.good_ms = 0  # since the last sign of it
        self.held_ma = 0  # the offer in force when it was raised
        self.ramp_ma = 0  # the ceiling on the way back; 0: none

    def bound(self, dt_ms, readings, verdict, proposal):
        """Lower ``proposal`` where the meter is in doubt; ``verdict`` is what is in force."""
        word = self._worst(dt_ms, readings, verdict)
        self._raise(dt_ms, word, verdict)
        if self.word != quality.FINE:
            self._cap(proposal, self._ceiling_ma())
        elif self.ramp_ma:
            self.ramp_ma += self.limits.trust_ramp_ma_s * dt_ms // 1000 + 1
            if self.ramp_ma >= self.limits.charger_ma:
                self.ramp_ma = 0
            else:
                self._cap(proposal, self.ramp_ma)

    def _worst(self, dt_ms, readings, verdict):
        limits = self.limits
        silent = verdict.closed and readings.grid_ok
        worst = quality.FINE
        for phase in range(limits.phases):
            ma = readings.grid_ma[phase]
            word = readings.quality[phase]
            if word == quality.FINE and ma > FUSE_TIMES * limits.breaker_ma:
                word = quality.IMPLAUSIBLE
            elif word == quality.FINE and ma < limits.idle_ma:
                word = quality.FLAT
            if word > worst:
                worst = word
                self.phase = phase
            if phase == 0 and ma >= SILENT_MA:
                silent = False
        self.silent_ms = min(self.silent_ms + dt_ms, SILENT_MS) if silent else 0
        if worst == quality.FINE and self.silent_ms >= SILENT_MS:
            self.phase = 0
            return quality.FLAT
        return worst

    def _raise(self, dt_ms, word, verdict):
        if self.word != quality.FINE:
            self.doubt_ms = min(self.doubt_ms + dt_ms, 1 << 29)
            self.good_ms = 0 if word != quality.FINE else self.good_ms + dt_ms
            if word > self.word:
                self.word = word
            if self.good_ms >= self.limits.trust_back_ms:
                self.word = quality.FINE
                self.seen_ms = 0
                self.ramp_ma = self.limits.trust_safe_ma
            return
        self.seen_ms = 0 if word == quality.FINE else self.seen_ms + dt_ms
        if self.seen_ms >= RAISE_MS:
            self.word = word
            self.doubt_ms = self.good_ms = 0
            self.held_ma = verdict.offer_ma

    def stage(self):
        """HOLD, SAFE or PAUSE, by how long the doubt has stood."""
        limits = self.limits
        after_ms = self.doubt_ms
        if FIRST_STAGE[self.word] == HOLD:
            if after_ms < limits.trust_hold_ms:
                return HOLD
            after_ms -= limits.trust_hold_ms
        if after_ms < limits.trust_pause_ms or self.silent_ms >= SILENT_MS:
            return SAFE  # a silent clamp may be right: a car that draws nothing. Safe current shows which
        return PAUSE

    def _ceiling_ma(self):
        stage = self.stage()
        if stage == PAUSE:
            return 0
        safe_ma = self.limits.trust_safe_ma
        return max(self.held_ma, safe_ma) if stage == HOLD else safe_ma

    def _cap(self, proposal, ceiling_ma):
        if proposal.offer_ma > ceiling_ma:
            proposal.offer_ma = ceiling_ma
            proposal.reason = reasons.DOUBT
            proposal.phase = self.phase
            proposal.value = self.word
            proposal.bound = ceiling_ma
