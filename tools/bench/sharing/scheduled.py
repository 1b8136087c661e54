"""The schedulers of ``acnportal`` (Lee, Li, Low: ACN-Sim, 2021), run as the package has them, on this bench's sessions.

What they ask the package's simulator for, they are told of the bench: the sessions with need and hour, and the circuit as one
constraint a phase, which is what the house leaves. A charger on three phases is one station at three times the voltage. The least
current of a pilot is the station's minimum, so ``uninterrupted_charging`` is on: without it a schedule may hold 2 A.
"""

import warnings

from bench.sessions import MIN_MA, PHASES, STEP_MS
from bench.sharing.law import Law

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import numpy
    from acnportal.acnsim.interface import InfrastructureInfo, Interface, SessionInfo
    from acnportal.algorithms import sorted_algorithms

PERIOD_MIN = 1
PERIOD_MS = PERIOD_MIN * 60000
VOLTS = 230
MAMS_PER_KWH = 3_600_000_000_000 // VOLTS


class Told(Interface):
    """What the schedulers are told."""

    def __init__(self, law):
        super().__init__(None)
        self.law = law
        self._limits = [0.0] * PHASES

    @property
    def period(self):
        """Of the schedule, in minutes."""
        return PERIOD_MIN

    @property
    def current_time(self):
        """In periods."""
        return self.law.now_ms // PERIOD_MS

    def active_sessions(self):
        """All that are plugged in and want more; who has come in this period came at its beginning."""
        found = []
        for place in range(self.law.count):
            here = self.law.places[place]
            stay = here.stay
            if stay is None or stay.got_mams >= stay.asked_mams():
                continue
            now = self.current_time
            until = max(-(-stay.to_ms // PERIOD_MS), now + 1)
            found.append(
                SessionInfo(
                    str(place),
                    str(place),
                    stay.asked_mams() / MAMS_PER_KWH,
                    stay.got_mams / MAMS_PER_KWH,
                    min(stay.from_ms // PERIOD_MS, now),
                    until,
                    current_time=now,
                    max_rates=here.most_ma / 1000,
                )
            )
        return found

    def infrastructure_info(self):
        """The circuit as it is now."""
        law = self.law
        uses = [[1.0 if line in here.lines else 0.0 for here in law.places] for line in range(PHASES)]
        most = numpy.array([here.most_ma / 1000 for here in law.places])
        return InfrastructureInfo(
            numpy.array(uses),
            numpy.array([ma / 1000 for ma in law.free_ma()]),
            numpy.zeros(law.count),
            numpy.array([float(VOLTS * len(here.lines)) for here in law.places]),
            ["L1", "L2", "L3"],
            [str(place) for place in range(law.count)],
            most,
            numpy.full(law.count, MIN_MA / 1000),
            [numpy.array([0.0, here.most_ma / 1000]) for here in law.places],
            numpy.full(law.count, True),
        )

    def max_pilot_signal(self, station_id):
        """In A."""
        return self.law.places[int(station_id)].most_ma / 1000

    def remaining_amp_periods(self, session):
        """What it needs yet, in A times periods."""
        volts = VOLTS * len(self.law.places[int(session.station_id)].lines)
        return session.remaining_demand * 1000 / volts * (60 / PERIOD_MIN)


class Scheduled(Law):
    """A schedule a minute, and one whenever a car comes or goes."""

    source = "acnportal 0.3.3, 2023-11 (PyPI)"
    setting = "a schedule each minute (chosen), told every car's need and hour"
    period_ms = STEP_MS
    latency_ms = 0
    sort = "first_come_first_served"
    algorithm = "SortedSchedulingAlgo"

    def __init__(self, world):
        super().__init__(world)
        make = getattr(sorted_algorithms, self.algorithm)
        self.scheduler = make(getattr(sorted_algorithms, self.sort), uninterrupted_charging=True)
        self.scheduler.register_interface(Told(self))
        self.due_ms = 0
        self.there = None

    def look(self):
        """When it is time."""
        there = [place.plugged for place in self.places]
        if self.now_ms < self.due_ms and there == self.there:
            return
        self.due_ms = self.now_ms + PERIOD_MS
        self.there = there
        for station, rates in self.scheduler.run().items():
            self.offer(int(station), int(rates[0] * 1000 + 0.5))


class RoundRobin(Scheduled):
    """A tenth of an ampere for each in turn."""

    algorithm = "RoundRobin"


class EarliestDeadline(Scheduled):
    """Who leaves first."""

    sort = "earliest_deadline_first"


class LeastLaxity(Scheduled):
    """Who could wait the shortest."""

    sort = "least_laxity_first"


class FirstCome(Scheduled):
    """Who came first."""
