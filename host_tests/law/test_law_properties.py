"""What holds for every house and car: monotone, settling, fair to all phases, inside the chip's integers."""

from bench.chip.smallint import HIGH, LOW, SmallInt
from bench.household import TICK_MS, Household
from headroom.law.dwell import SCARCE_MS
from hypothesis import given, settings
from hypothesis import strategies as st

loads = st.integers(0, 40000)
steps = st.lists(st.tuples(st.integers(1, 40), loads), min_size=1, max_size=12)
quick = settings(max_examples=25)
few = settings(max_examples=6)


def offers(house, breaker_ma=25000, extra_ma=0, dimmed=False, **ceilings):
    """The offer in each tick of ``house``, (ticks, mA) pairs after 70 quiet seconds; ``ceilings``: other limits."""
    home = Household(breaker_ma=breaker_ma)
    home.readings.dimmed = dimmed
    for name, value in ceilings.items():
        setattr(home.limits, name, value)
    home.house_ma[0] = 5000
    home.live(70000)
    found = []
    for ticks, ma in house:
        home.house_ma[0] = ma + extra_ma
        for _ in range(ticks):
            home.tick()
            found.append(home.proposal.offer_ma)
    return found


@quick
@given(loads, st.integers(0, 20000))
def test_more_house_load_never_raises_the_offer(load_ma, more_ma):
    assert offers([(400, load_ma)], extra_ma=more_ma)[-1] <= offers([(400, load_ma)])[-1]


@quick
@given(steps, st.integers(6000, 40000), st.integers(0, 20000))
def test_a_lower_ceiling_never_raises_the_settled_offer(house, breaker_ma, lower_ma):
    settled = [*house, (700, house[-1][1])]
    lower = offers(settled, max(breaker_ma - lower_ma, 6000))
    assert lower[-1] <= max(offers(settled, breaker_ma)[-1], 0) + 100


CEILINGS = ("import_ma", "asymmetry_ma", "household_ma", "charger_ma", "dim_w")


@quick
@given(steps, st.sampled_from(CEILINGS), st.integers(6000, 40000), st.integers(0, 20000))
def test_no_other_ceiling_raises_the_settled_offer_when_it_is_lower(house, name, ma, lower_ma):
    settled = [*house, (700, house[-1][1])]
    dimmed = name == "dim_w"
    higher = offers(settled, dimmed=dimmed, **{name: ma})
    lower = offers(settled, dimmed=dimmed, **{name: max(ma - lower_ma, 6000)})
    assert lower[-1] <= higher[-1] + 100


@quick
@given(loads, st.integers(0, 20000), st.sampled_from(CEILINGS), st.integers(6000, 40000))
def test_more_house_load_never_raises_the_offer_under_any_ceiling(load_ma, more_ma, name, ma):
    ceiling = {name: ma, "dimmed": name == "dim_w"}
    assert offers([(400, load_ma)], extra_ma=more_ma, **ceiling)[-1] <= offers([(400, load_ma)], **ceiling)[-1]


@few
@given(steps, loads)
def test_a_constant_house_reaches_a_constant_offer_and_stays(house, load_ma):
    home = Household()
    for ticks, ma in house:
        home.house_ma[0] = ma
        home.live(ticks * TICK_MS * 10)
    home.house_ma[0] = load_ma
    home.live(SCARCE_MS + 5000)
    before = home.changes
    offer_ma = home.live(20000)
    assert home.changes == before
    free_ma = min(25000 - load_ma, 32000)
    assert abs(free_ma - offer_ma) <= 100 or (offer_ma == 0 and free_ma < 6000)


@quick
@given(st.lists(st.tuples(st.integers(1, 30), loads, loads, loads), min_size=1, max_size=8), st.permutations([0, 1, 2]))
def test_permuting_the_phases_permutes_the_answer(house, order):
    homes = Household(phases=3), Household(phases=3)
    for ticks, *ma in house:
        for _ in range(ticks):
            homes[0].house_ma = ma
            homes[1].house_ma = [ma[phase] for phase in order]
            for home in homes:
                home.live(TICK_MS * 20)
            assert homes[0].proposal.offer_ma == homes[1].proposal.offer_ma
            assert homes[0].proposal.reason == homes[1].proposal.reason
            assert homes[0].law.car.car_ma == [homes[1].law.car.car_ma[order.index(phase)] for phase in range(3)]


@few
@given(st.integers(5000, 40000))
def test_the_tick_that_shows_an_overload_takes_away_what_is_missing(load_ma):
    home = Household()
    home.house_ma[0] = 5000
    home.live(70000)
    home.house_ma[0] = load_ma
    offer_ma = home.live(TICK_MS)
    assert offer_ma <= max(25000 - load_ma, 6000) or home.readings.grid_ma[0] < 25400


wild = st.lists(
    st.tuples(st.integers(0, 5000), *[st.integers(-500000, 500000)] * 3, st.booleans()), min_size=1, max_size=60
)


@quick
@given(wild)
def test_no_reading_takes_the_law_out_of_the_chips_integers(stream):
    home = Household(phases=3, breaker_ma=125000, charger_ma=80000)
    for name, value in vars(home.limits).items():
        if type(value) is int:
            setattr(home.limits, name, SmallInt(value))
    for dt_ms, *ma, closed in stream:
        home.readings.grid_ma[:] = [SmallInt(value) for value in ma]
        home.verdict.closed = closed
        home.law.propose(SmallInt(dt_ms), home.readings, home.verdict, home.proposal)
        home.verdict.offer_ma = home.proposal.offer_ma
        plain = [value for value in vars(home.proposal).values() if not isinstance(value, list)]
        for value in (*plain, *home.proposal.car_ma, *home.law.supply.ma):
            assert LOW <= value <= HIGH
