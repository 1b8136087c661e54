"""Whatever sun, connection and gentle rise wish, the car gets no more than the breakers leave without them."""

from headroom import features
from headroom.law.balance import Balance
from headroom.law.ceilings import Ceilings
from headroom.law.noise_filter import NoiseFilter
from headroom.terms.records import InForce, Limits, Proposal, Readings
from hypothesis import given, settings
from hypothesis import strategies as st

MS = st.sampled_from((20, 25, 100, 1000))
GRID = st.tuples(*[st.integers(-60000, 60000)] * 3)
OWN = st.tuples(*[st.sampled_from((0, 6000, 10000, 16000, 20000, 40000))] * 3)
wishes = st.fixed_dictionaries(
    {
        "solar": st.tuples(st.integers(0, 3), st.integers(0, 1), st.sampled_from((0, 60000, 600000))),
        "total": st.tuples(
            st.sampled_from((0, 1400, 6000, 20000)), st.sampled_from((0, 3000, 9000)), st.integers(0, 23), st.just(6)
        ),
        "rise_ma_s": st.sampled_from((0, 50, 400)),
        "own_ma": OWN,
        "exports": st.booleans(),
    }
)
stream = st.lists(st.tuples(MS, GRID, st.booleans(), st.integers(0, 86399)), min_size=1, max_size=40)


@settings(max_examples=200, deadline=None)
@given(wishes, stream)
def test_in_every_tick_the_ceiling_is_no_higher_than_without_them(wished, ticks):
    limits, plain = Limits(), Limits()
    limits.phases = plain.phases = 3
    limits.breaker_ma = plain.breaker_ma = 25000
    for name, value in wished.items():
        setattr(limits, name, value)
    law, readings, in_force, proposal = Balance(limits), Readings(), InForce(), Proposal()
    features.fit(limits, law.ceilings.more)
    without = Ceilings(plain)
    supply = NoiseFilter(3)
    readings.grid_ok = True
    for ms, grid_ma, closed, wall_s in ticks:
        readings.grid_ma[:] = grid_ma
        readings.wall_s = wall_s
        in_force.closed = closed
        in_force.pilot_state = 2
        law.propose(ms, readings, in_force, proposal)
        supply.step(ms, readings.grid_ma, 3)
        without.find(ms, supply, law.car, 25000, readings, in_force)
        assert law.ceilings.free_ma <= without.free_ma
        for phase in range(3):
            own_ma = limits.own_ma[phase]
            if own_ma > 0 and law.car.uses[phase]:
                assert law.ceilings.free_ma <= law.car.car_ma[phase] + own_ma - law.supply.ma[phase]
        in_force.offer_ma = proposal.offer_ma
