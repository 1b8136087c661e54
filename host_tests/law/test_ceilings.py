"""The rules with numbers: asymmetry of the phases, the grid operator's contact, an import limit; each is told."""

from bench.household import TICK_MS, Household
from headroom.law.ceilings import BELOW_IMPORT_MA
from headroom.serve.answers import said
from headroom.serve.words import because

said.tell()


def told(home):
    proposal = home.proposal
    return because(proposal.reason, proposal.phase, proposal.value, proposal.bound)


def one_phase_car():
    """A car on L1 of three, with a rule of 20 A between the phases."""
    home = Household(phases=3, breaker_ma=63000)
    home.limits.asymmetry_ma = 20000
    home.car_phases = [0]
    return home


def test_a_car_on_one_phase_of_three_gets_no_more_than_the_asymmetry():
    home = one_phase_car()
    home.house_ma = [3000, 3000, 3000]
    assert home.live(60000) == 20000
    assert told(home) == "one phase may carry 20.0 A more than another"


def test_what_the_house_makes_uneven_counts():
    home = one_phase_car()
    home.house_ma = [8000, 3000, 1000]
    assert home.live(60000) == 13000
    home.house_ma[1] = home.house_ma[2] = 5000
    assert home.live(30000) == 17000
    home.house_ma[2] = 2000
    assert home.live(TICK_MS) == 14000
    assert told(home) == "L1 carries 23.0 A more than another phase, 20.0 A allowed"


def test_a_car_on_all_phases_changes_no_asymmetry():
    home = Household(phases=3, breaker_ma=63000)
    home.limits.asymmetry_ma = 20000
    home.house_ma = [25000, 0, 0]
    assert home.live(120000) == 32000


def test_on_a_supply_of_one_phase_the_asymmetry_is_a_plain_limit():
    home = Household(breaker_ma=63000)
    home.limits.asymmetry_ma = 20000
    assert home.live(120000) == 20000


def test_the_grid_operators_contact_leaves_4_2_kilowatt_over_the_phases_in_use():
    for phases, ma in ((1, 18260), (3, 6086)):
        home = Household(phases=phases, breaker_ma=63000)
        home.live(60000)
        assert home.proposal.offer_ma == 32000
        home.readings.dimmed = True
        assert home.live(TICK_MS) == ma
        assert told(home) == "dimmed by the grid operator to 4200 W: %.1f A on each phase" % (ma / 1000)
        home.readings.dimmed = False
        assert home.live(30000) == 32000


def test_a_car_that_needs_more_than_the_operator_leaves_is_paused():
    home = Household(phases=3, breaker_ma=63000)
    home.limits.min_ma = 8000
    home.live(60000)
    home.readings.dimmed = True
    assert home.live(2000) == 0


def test_an_import_limit_below_the_breaker_binds_like_it_and_is_told():
    home = Household()
    home.limits.import_ma = 20000
    home.house_ma[0] = 5000
    assert home.live(60000) == 15000 - BELOW_IMPORT_MA
    home.house_ma[0] = 10000
    assert home.live(TICK_MS) == 10000 - BELOW_IMPORT_MA
    assert told(home) == "L1 carries 24.9 A, the import limit is 20.0 A"


def test_the_import_limit_is_strict_even_where_the_breaker_may_be_used():
    home = Household(breaker_ma=20000)
    home.limits.tolerance_pct = 20
    home.limits.import_ma = 18000
    home.house_ma[0] = 5000
    home.live(60000)
    home.house_ma[0] = 8000
    assert home.live(TICK_MS) == 10000 - BELOW_IMPORT_MA


def test_a_charge_at_the_import_limit_is_no_excursion():
    home = Household()
    home.limits.import_ma = 20000
    home.house_ma[0] = 5003
    home.live(60000)
    assert max(home.readings.grid_ma) <= 20000
