"""The car's draw is read from the supply's own steps."""

from headroom.decide.draw import FOLLOW_DOWN_MS, Draw

TICK_MS = 25


def follow(draw, ms, grid_ma, offer_ma, closed=True):
    """Let ``ms`` pass with these readings."""
    for _ in range(ms // TICK_MS):
        draw.step(TICK_MS, grid_ma, offer_ma, closed)
    return draw.car_ma


def charging(house_ma, offer_ma):
    """A draw that has seen a car take up ``offer_ma`` beside a house of ``house_ma``."""
    draw = Draw()
    follow(draw, 2000, house_ma, 0, closed=False)
    follow(draw, 2000, house_ma, offer_ma)
    follow(draw, 2000, house_ma + offer_ma, offer_ma)
    return draw


def test_nothing_is_drawn_through_an_open_contactor():
    assert follow(Draw(), 1000, 10000, 16000, closed=False) == 0


def test_a_rise_after_the_offer_is_the_cars():
    assert charging(5000, 16000).car_ma == 16000


def test_a_rise_of_the_house_later_is_not():
    draw = charging(5000, 16000)
    assert follow(draw, 70000, 21000, 16000) == 16000
    assert follow(draw, 1000, 30000, 16000) == 16000


def test_a_car_that_takes_less_than_offered_is_known_to():
    draw = Draw()
    follow(draw, 2000, 5000, 0, closed=False)
    follow(draw, 2000, 5000, 16000)
    assert follow(draw, 5000, 15000, 16000) == 10000


def test_a_cut_that_the_car_has_not_followed_yet_is_not_counted_as_followed():
    draw = charging(5000, 16000)
    assert follow(draw, 4000, 21000, 10000) == 16000


def test_a_cut_that_shows_on_the_supply_is():
    draw = charging(5000, 16000)
    follow(draw, 2000, 21000, 10000)
    assert follow(draw, 100, 15000, 10000) == 10000


def test_after_the_standards_time_the_car_has_followed():
    draw = charging(5000, 16000)
    assert follow(draw, FOLLOW_DOWN_MS + TICK_MS, 21000, 10000) == 10000


def test_the_car_never_draws_more_than_the_supply_carries():
    draw = charging(5000, 16000)
    assert follow(draw, 1000, 3000, 16000) <= 3000
