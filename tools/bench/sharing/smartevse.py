"""SmartEVSE's power sharing, the master in Smart mode.

Read: SmartEVSE-3/src/main.cpp (IsCurrentAvailable, CalcBalancedCurrent, processAllNodeStates), in tenths of an ampere as there;
its divisions cut off. Phases are not told apart: the fullest one counts, for every car.
"""

from bench.rivals.smartevse import CHARGE_DELAY_S, LATENCY_MS, MIN_DA, MOST_DA, PERIOD_MS, SHORT_CYCLES
from bench.sharing.law import Law


class SmartEvse(Law):
    """Whoever asks is let in if all could go down to 6 A and one more would fit; who was refused asks again a minute later."""

    source = "dingo35/SmartEVSE-3.5 2d95cf0, 2026-06-30"
    setting = "Smart mode, MaxMains and MaxCircuit the breaker's, MinCurrent 6 A"
    period_ms = PERIOD_MS
    latency_ms = LATENCY_MS
    most = 8  # NR_EVSES

    def __init__(self, world):
        super().__init__(world)
        self.limit_da = self.limit_ma // 100
        self.set_da = [0] * self.count  # Balanced
        self.active = [False] * self.count  # BalancedState is C
        self.delay_s = [0] * self.count
        self.balance_da = 0  # IsetBalanced
        self.no_current = 0

    def look(self):
        """One measurement: who came, who asks, then the balance."""
        for place in range(self.count):
            here = self.places[place]
            if not here.plugged:
                self.set_da[place] = self.delay_s[place] = 0
                self.active[place] = False
            elif self.active[place] and not here.charging:
                self.active[place] = False
            elif not self.set_da[place]:
                self._ask(place)
            elif here.charging and not self.active[place]:
                self.set_da[place] = 0  # for the base load
                if self._available():
                    self.active[place] = True
                    self._balance(True)
                else:
                    self._refuse(place)
        self._balance(False)
        if self.no_current > SHORT_CYCLES or max(self.load_ma) // 100 > 2 * self.limit_da:
            self.no_current = 0
            for place in range(self.count):
                if self.places[place].plugged:
                    self._refuse(place)
        for place in range(self.count):
            self.offer(place, self.set_da[place] * 100)

    def _ask(self, place):
        """State B: LESS_6A ends in the first moment with room, the delay then runs on."""
        if self.delay_s[place]:
            if self.delay_s[place] < CHARGE_DELAY_S or self._available():
                self.delay_s[place] = max(self.delay_s[place] - PERIOD_MS // 1000, 0)
        elif self._available():
            self.set_da[place] = MIN_DA
        else:
            self._refuse(place)

    def _refuse(self, place):
        self.set_da[place] = 0
        self.active[place] = False
        self.delay_s[place] = CHARGE_DELAY_S

    def _base_da(self):
        return max(self.load_ma) // 100 - self._total_da()

    def _total_da(self):
        return sum([self.set_da[at] for at in range(self.count) if self.active[at]])

    def _available(self):
        return (sum(self.active) + 1) * MIN_DA + self._base_da() <= self.limit_da

    def _balance(self, fresh):
        """CalcBalancedCurrent; ``fresh``: one more begins."""
        active = [at for at in range(self.count) if self.active[at]]
        spare_da = self.limit_da - max(self.load_ma) // 100
        most_da = self.limit_da - self._base_da()
        if fresh and active:
            self.balance_da = most_da
        elif not fresh:
            self.balance_da += spare_da // 4 if spare_da > 0 else spare_da
            self.balance_da = min(max(self.balance_da, 0), MOST_DA)
        self.balance_da = min(self.balance_da, most_da)
        if not active:
            self.no_current = 0
            return
        least_da = len(active) * MIN_DA
        if self.balance_da < least_da:
            self.balance_da = least_da
            if not fresh and least_da > most_da:
                self.no_current += 1
        else:
            self.no_current = 0
        self._spread(active)

    def _spread(self, active):
        """Who can take less than the mean gets that, the rest share alike."""
        ceiling_da = {at: self.places[at].most_ma // 100 for at in active}
        self.balance_da = left_da = min(self.balance_da, sum(ceiling_da.values()))
        open_ = list(active)
        while True:
            full = [at for at in open_ if left_da // len(open_) >= ceiling_da[at]]
            if not full:
                break
            self.set_da[full[0]] = ceiling_da[full[0]]
            left_da -= ceiling_da[full[0]]
            open_.remove(full[0])
            if not open_:
                return
        for at in range(len(open_)):
            self.set_da[open_[at]] = left_da // (len(open_) - at)
            left_da -= self.set_da[open_[at]]
