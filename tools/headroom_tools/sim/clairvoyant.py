"""The clairvoyant as a contestant: what the supply has left, at every moment, to a car that follows at once.

The same definition as the scorer's `clairvoyant_kwh`, as a stream of records, so that its contactor can be counted, too.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import ceil, inf

from headroom_tools.sim.scenario import Scenario
from headroom_tools.sim.scoring import MA_MS_V_PER_MWH
from headroom_tools.sim.stream import Segment
from headroom_tools.sim.sun import MIN_OFFER_MA

House = tuple[int, int, int]


def records(rows: Iterable[tuple[int, int, int, int]], scenario: Scenario) -> Iterator[Segment]:
    """Yields the segments of a run; rows: (t_ms, l1_ma, l2_ma, l3_ma) as the runner gets them.

    The car is full at the first ms at which it has what it wants.
    """
    house: House = (0, 0, 0)
    now_ms = 0
    wanted_mwh = scenario.wanted_mwh
    missing = (
        inf if wanted_mwh is None else ceil(wanted_mwh * MA_MS_V_PER_MWH / scenario.volts)
    )  # mA x ms, over all phases
    for t_ms, *after in [*rows, (scenario.duration_ms, 0, 0, 0)]:
        for from_ms, to_ms, plugged in pieces(now_ms, min(t_ms, scenario.duration_ms), scenario):
            now = segment(from_ms, to_ms, house, scenario, plugged and missing > 0)
            given_ma = scenario.energy_ma(now.drawn_ma)
            full_ms = ceil(min(from_ms + missing / given_ma, to_ms)) if given_ma else to_ms
            missing -= given_ma * (full_ms - from_ms)
            yield now._replace(to_ms=full_ms)
            if full_ms < to_ms:
                yield segment(full_ms, to_ms, house, scenario, plugged=False)
        house, now_ms = (after[0], after[1], after[2]), min(t_ms, scenario.duration_ms)


def pieces(from_ms: int, to_ms: int, scenario: Scenario) -> Iterator[tuple[int, int, bool]]:
    """Yields (from, to, plugged): the span, cut where the car comes or goes."""
    edges = sorted({from_ms, to_ms, *(ms for pair in scenario.plugged_ms for ms in pair if from_ms < ms < to_ms)})
    for start_ms, end_ms in pairwise(edges):
        yield start_ms, end_ms, any(plug <= start_ms < unplug for plug, unplug in scenario.plugged_ms)


def segment(from_ms: int, to_ms: int, house: House, scenario: Scenario, plugged: bool) -> Segment:
    """Returns the segment in which the car takes all there is, from the car's minimum on."""
    free_ma = min(scenario.car_ma, scenario.free_ma(house))
    given_ma = free_ma if plugged and free_ma >= MIN_OFFER_MA else 0
    state = "C" if plugged else "A"
    drawn_ma = scenario.given_to(given_ma)
    return Segment(from_ms, to_ms, state, given_ma, given_ma > 0, house, scenario.added_to(house, drawn_ma), drawn_ma)
