"""What a run was worth: energy, share of what was possible, and what a real breaker would have made of it.

A pure function of the runner's records. Everything follows from the truth (segments in which nothing changes), nothing
from what the firmware believed, except the reasons of its changes and its reaction times.

- clairvoyant: the energy of a charger that gives exactly min(car, breaker - house) at every moment, nothing below 6 A,
  while the car is plugged in and in need, to a car that follows at once. With a three-phase car the fullest phase counts.
- share: energy over clairvoyant; what a car takes beyond its need does not count.
- trips: the breaker with house and car, closed again at once and cold. Its twin carries the house alone. A trip is the
  house's own if the twin trips within three time constants of it, before or after; all others count.
- overload: what the car puts above the breaker's rating, min(car, house + car - breaker), on the worst phase; overload_as
  is its integral in ampere-seconds.
- wait: how long nothing is offered although headroom is back for good: 6.5 A or more are free without a break for five
  minutes. The half ampere leaves a law its margin.
- spells: how often, after less than 6 A, 6.5 A were free for more than a minute. Nobody can know which of them will last:
  who never waits for more than a minute closes the contactor in each.
- pauses: the offer fell to nothing while the car was plugged in and in need.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from bench.world.breaker import Breaker

from headroom_tools.sim.scenario import Scenario
from headroom_tools.sim.stream import Reaction, Record, Segment
from headroom_tools.sim.sun import MA_MS_V_PER_KWH, MIN_OFFER_MA, BySun, Sun

OVERLOAD_COUNTS_MA = 100
OWN_TRIP_TAUS = 3.0
MA_MS_V_PER_MWH = 3_600_000
WAIT_FREE_MA = 6500
WAIT_GOOD_MS = 300_000
SPELL_MS = 60_000
#: the car is full when this close to its need: the runner rounds its currents to mA
FULL_SHARE = 0.999


@dataclass(frozen=True)
class Score:
    """The figures of a run; share is None when nothing was possible."""

    duration_s: float
    energy_kwh: float
    clairvoyant_kwh: float
    share: float | None
    trips: int
    trips_total: int
    trips_without_car: int
    breaker_heat_peak: float
    overload_a: float
    overload_s: float
    overload_longest_s: float
    pauses: int
    contactor_cycles: int
    reaction_ms_max: int
    overload_as: float
    wait_longest_s: float
    overload_at_ms: int
    spells: int
    sun: BySun | None = None


class Trips:
    """The supply's breaker with house and car, and its twin with the house alone."""

    def __init__(self, scenario: Scenario, curve: str) -> None:
        """curve: a key of bench.world.breaker.CURVES."""
        self.phases = scenario.phases
        self.breaker = Breaker(scenario.breaker_ma / 1000, curve, scenario.phases)
        self.twin = Breaker(scenario.breaker_ma / 1000, curve, scenario.phases)
        self.trips_s = array("d")
        self.twin_trips_s = array("d")

    def take(self, now: Segment) -> None:
        """Heats both for a segment."""
        from_s, span_s = now.from_ms / 1000, (now.to_ms - now.from_ms) / 1000
        house_a = [ma / 1000 for ma in now.house_ma[: self.phases]]
        total_a = [(house_ma + car_ma) / 1000 for house_ma, car_ma in zip(now.house_ma, now.car_ma, strict=True)]
        for trip_s in self.breaker.advance(span_s, total_a):
            self.trips_s.append(from_s + trip_s)
        for trip_s in self.twin.advance(span_s, house_a):
            self.twin_trips_s.append(from_s + trip_s)

    def added(self) -> int:
        """Returns how many trips the house alone does not explain."""
        near_s = OWN_TRIP_TAUS * self.breaker.tau_s
        return sum(1 for trip_s in self.trips_s if not near(trip_s, self.twin_trips_s, near_s))


class Waits:
    """The longest time without an offer after headroom was back for good."""

    def __init__(self) -> None:
        """No headroom yet."""
        self.free_since_ms = -1
        self.unoffered_since_ms = -1
        self.pending: list[tuple[int, int]] = []
        self.longest_ms = 0

    def take(self, now: Segment, free: bool) -> None:
        """free: at least WAIT_FREE_MA are there for a car that wants them, throughout this segment."""
        if not free:
            self.close(now.from_ms)
            return
        if now.offered_ma:
            self._offered(now.from_ms)
        elif self.unoffered_since_ms < 0:
            self.unoffered_since_ms = now.from_ms

    def _offered(self, t_ms: int) -> None:
        if self.unoffered_since_ms >= 0:
            self.pending.append((self.unoffered_since_ms, t_ms - self.unoffered_since_ms))
            self.unoffered_since_ms = -1

    def close(self, t_ms: int) -> None:
        """Headroom ended, or the run: what began long enough before counts."""
        self._offered(t_ms)
        for since_ms, wait_ms in self.pending:
            if t_ms - since_ms >= WAIT_GOOD_MS:
                self.longest_ms = max(self.longest_ms, wait_ms)
        self.pending.clear()


class Spells:
    """How often headroom came back and lasted."""

    def __init__(self) -> None:
        """A run begins without a charge."""
        self.number = 0
        self.free_ms = 0
        self.gone = True

    def take(self, span_ms: int, free_ma: int) -> None:
        """free_ma: what is there for a car that wants it, throughout this time."""
        self.gone |= free_ma < MIN_OFFER_MA
        self.free_ms = self.free_ms + span_ms if free_ma >= WAIT_FREE_MA else 0
        if self.gone and self.free_ms > SPELL_MS:
            self.number += 1
            self.gone = False


class Scorer:
    """Takes records one at a time, keeps sums; score() tells at any time what they come to."""

    def __init__(self, scenario: Scenario, curve: str) -> None:
        """curve: a key of bench.world.breaker.CURVES."""
        self.scenario = scenario
        self.phases = scenario.phases
        self.trips = Trips(scenario, curve)
        self.waits = Waits()
        self.spells = Spells()
        self.sun = Sun(scenario)
        self.end_ms = 0
        self.energy = 0  # mA x ms, over all phases
        self.possible = 0  # the same, of the clairvoyant
        self.overload_ma = 0
        self.overload_at_ms = 0
        self.overload_ms = 0
        self.overload_ma_ms = 0
        self.overload_now_ms = 0
        self.overload_longest_ms = 0
        self.pauses = 0
        self.closings = 0
        self.reaction_ms = 0
        self.before: Segment | None = None
        self.interval = 0

    def take(self, record: Record) -> None:
        """Adds one record, in time order."""
        if isinstance(record, Segment):
            self._take_segment(record)
        elif isinstance(record, Reaction):
            self.reaction_ms = max(self.reaction_ms, record.reaction_ms)

    def _take_segment(self, now: Segment) -> None:
        span_ms = now.to_ms - now.from_ms
        self._count_switching(now)
        drawn_ma = self.scenario.energy_ma(now.drawn_ma or now.car_ma)
        self.energy += drawn_ma * span_ms
        plugged_ms = self._plugged_in(now.from_ms, now.to_ms)
        self._add_possible(now, plugged_ms)
        if self.scenario.roof:
            self.sun.take(now, drawn_ma, plugged_ms)
        self._add_overload(now, span_ms)
        self._add_wait(now)
        self.trips.take(now)
        self.before, self.end_ms = now, now.to_ms

    def _count_switching(self, now: Segment) -> None:
        before = self.before
        if now.closed and not (before and before.closed):
            self.closings += 1
        if before and before.offered_ma > 0 and now.offered_ma == 0 and self._in_need() and self._plugged(now.from_ms):
            self.pauses += 1

    def _in_need(self) -> bool:
        need_mwh = self.scenario.wanted_mwh
        if need_mwh is None:
            return True
        return self.energy * self.scenario.volts < need_mwh * FULL_SHARE * MA_MS_V_PER_MWH

    def _plugged(self, t_ms: int) -> bool:
        return any(from_ms <= t_ms < to_ms for from_ms, to_ms in self.scenario.plugged_ms)

    def _add_possible(self, now: Segment, plugged_ms: int) -> None:
        scenario = self.scenario
        given_ma = min(scenario.car_ma, scenario.free_ma(now.house_ma))
        if given_ma >= MIN_OFFER_MA:
            taken_ma = scenario.energy_ma(scenario.given_to(given_ma))
            self.possible += taken_ma * plugged_ms

    def _plugged_in(self, from_ms: int, to_ms: int) -> int:
        intervals = self.scenario.plugged_ms
        while self.interval < len(intervals) and intervals[self.interval][1] <= from_ms:
            self.interval += 1
        inside_ms = 0
        for start_ms, end_ms in intervals[self.interval :]:
            if start_ms >= to_ms:
                break
            inside_ms += min(end_ms, to_ms) - max(start_ms, from_ms)
        return inside_ms

    def _add_overload(self, now: Segment, span_ms: int) -> None:
        rating_ma = self.scenario.breaker_ma
        worst_ma = 0
        for house_ma, car_ma in zip(now.house_ma, now.car_ma, strict=True):
            worst_ma = max(worst_ma, min(car_ma, house_ma + car_ma - rating_ma))
        if worst_ma > self.overload_ma:
            self.overload_ma, self.overload_at_ms = worst_ma, now.from_ms
        if worst_ma > OVERLOAD_COUNTS_MA:
            self.overload_ms += span_ms
            self.overload_ma_ms += worst_ma * span_ms
            self.overload_now_ms += span_ms
            self.overload_longest_ms = max(self.overload_longest_ms, self.overload_now_ms)
        else:
            self.overload_now_ms = 0

    def _add_wait(self, now: Segment) -> None:
        scenario = self.scenario
        free_ma = scenario.free_ma(now.house_ma)
        if not (self._in_need() and self._plugged(now.from_ms)):
            free_ma = 0
        self.waits.take(now, free_ma >= WAIT_FREE_MA)
        self.spells.take(now.to_ms - now.from_ms, free_ma)

    def score(self) -> Score:
        """Returns the figures for what was taken so far."""
        volts = self.scenario.volts
        possible, energy = self.possible * volts, self.energy * volts
        useful = energy
        if self.scenario.wanted_mwh is not None:
            need = self.scenario.wanted_mwh * MA_MS_V_PER_MWH
            possible, useful = min(possible, need), min(useful, need)
        wanted_mwh = self.scenario.wanted_mwh
        need_ma_ms = None if wanted_mwh is None else wanted_mwh * MA_MS_V_PER_MWH // self.scenario.volts
        trips = self.trips
        self.waits.close(self.end_ms)
        return Score(
            duration_s=self.end_ms / 1000,
            energy_kwh=energy / MA_MS_V_PER_KWH,
            clairvoyant_kwh=possible / MA_MS_V_PER_KWH,
            share=useful / possible if possible else None,
            trips=trips.added(),
            trips_total=len(trips.trips_s),
            trips_without_car=len(trips.twin_trips_s),
            breaker_heat_peak=trips.breaker.peak_heat(),
            overload_a=self.overload_ma / 1000,
            overload_s=self.overload_ms / 1000,
            overload_longest_s=self.overload_longest_ms / 1000,
            pauses=self.pauses,
            contactor_cycles=self.closings,
            reaction_ms_max=self.reaction_ms,
            overload_as=self.overload_ma_ms / 1_000_000,
            wait_longest_s=self.waits.longest_ms / 1000,
            overload_at_ms=self.overload_at_ms,
            spells=self.spells.number,
            sun=self.sun.score(need_ma_ms, self.closings) if self.scenario.roof else None,
        )


def near(moment_s: float, others_s: "array[float]", within_s: float) -> bool:
    """Tells whether one of others_s, which are in order, lies within within_s of moment_s."""
    after = bisect_left(others_s, moment_s - within_s)
    return after < len(others_s) and others_s[after] <= moment_s + within_s


def score(records: Iterable[Record], scenario: Scenario, curve: str = "typical") -> Score:
    """Returns the figures of a whole run."""
    scorer = Scorer(scenario, curve)
    for record in records:
        scorer.take(record)
    return scorer.score()
