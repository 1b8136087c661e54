"""The stop-watch of the bench: from an overload that the offer allows to a lower offer on the pilot."""

from bench.table import Table


def charging():
    """A car that draws all that a house of 10 A leaves of 25 A."""
    table = Table([(0, 10000, 0, 0)], breaker_ma=25000, fidelity="rms")
    table.live(90000)
    assert 14900 < table.world.car.drawn_ma <= 15000
    table.world.reactions.clear()
    return table


def test_an_overload_is_timed_until_the_offer_is_lower():
    table = charging()
    table.world.house_ma = (14000, 0, 0)
    table.world.happen()
    table.live(1000)
    ((_, took_ms),) = table.world.reactions
    assert 0 < took_ms <= 60


def test_what_the_car_draws_above_its_offer_is_answered_already():
    table = charging()
    table.charger.limits.household_ma = 11000
    table.live(100)
    assert table.world.offered_ma <= 11000 < table.world.car.drawn_ma
    table.world.reactions.clear()
    table.world.house_ma = (13900, 0, 0)
    table.live(100)
    table.charger.limits.household_ma = 8000
    table.live(100)
    assert table.world.offered_ma <= 8000 < table.world.car.drawn_ma
    assert table.world.reactions == []
