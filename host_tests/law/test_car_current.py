"""The car's draw is read from the supply's own steps."""

from headroom.law.car_current import (
    ACQUIT_MS,
    FOLLOW_DOWN_MS,
    FOLLOWED_MS,
    REACT_MS,
    SUSPECT_MS,
    UNSURE_MS,
    CarCurrent,
)
from headroom.terms.records import Limits

TICK_MS = 25
RATING_MA = 40000


def follow(car, ms, grid_ma, offer_ma, closed=True):
    """Let ``ms`` pass with these readings."""
    for _ in range(ms // TICK_MS):
        car.step(TICK_MS, (grid_ma, 0, 0), 1, offer_ma, closed, RATING_MA)
    return car.car_ma[0]


def charging(house_ma, offer_ma):
    """A draw that has seen a car take up ``offer_ma`` beside a house of ``house_ma``."""
    car = CarCurrent(3, Limits())
    follow(car, 2000, house_ma, 0, closed=False)
    follow(car, 2000, house_ma, offer_ma)
    follow(car, 2000, house_ma + offer_ma, offer_ma)
    return car


def test_nothing_is_drawn_through_an_open_contactor():
    assert follow(CarCurrent(3, Limits()), 1000, 10000, 16000, closed=False) == 0


def test_a_rise_after_the_offer_is_the_cars():
    assert charging(5000, 16000).car_ma[0] == 16000


def test_a_rise_of_the_house_later_is_not():
    car = charging(5000, 16000)
    assert follow(car, 70000, 21000, 16000) == 16000
    assert follow(car, 1000, 30000, 16000) == 16000


def test_a_car_that_takes_less_than_offered_is_known_to():
    car = CarCurrent(3, Limits())
    follow(car, 2000, 5000, 0, closed=False)
    follow(car, 2000, 5000, 16000)
    assert follow(car, 5000, 15000, 16000) == 10000


def test_a_cut_that_the_car_has_not_followed_yet_is_not_counted_as_followed():
    car = charging(5000, 16000)
    assert follow(car, 4000, 21000, 10000) == 16000


def test_a_cut_that_shows_on_the_supply_is():
    car = charging(5000, 16000)
    follow(car, 2000, 21000, 10000)
    assert follow(car, 100, 15000, 10000) == 10000


def test_after_the_standards_time_the_car_has_followed():
    car = charging(5000, 16000)
    assert follow(car, FOLLOW_DOWN_MS + TICK_MS, 21000, 10000) == 10000


def test_the_car_never_draws_more_than_the_supply_carries():
    car = charging(5000, 16000)
    assert follow(car, 1000, 3000, 16000) <= 3000


def test_a_fall_sooner_than_any_car_follows_is_the_houses():
    car = charging(5000, 16000)
    follow(car, TICK_MS, 29000, 10000)
    assert follow(car, 200, 21000, 10000) == 16000


def test_a_step_far_larger_than_the_car_has_to_go_is_the_houses():
    car = charging(5000, 16000)
    follow(car, 2000, 21000, 17000)
    assert follow(car, 1000, 30000, 17000) == 16000


def test_a_rise_sooner_than_any_car_follows_is_the_houses():
    car = charging(5000, 16000)
    follow(car, 10000, 21000, 16000)
    assert follow(car, REACT_MS, 21500, 16500) == 16000
    assert follow(car, 2000, 22000, 16500) == 16500


def test_a_rise_that_takes_the_supply_over_its_rating_is_the_houses():
    car = charging(23600, 15900)
    follow(car, 10000, 39500, 15900)
    assert follow(car, 2000, 39500, 16400) == 15900
    assert follow(car, 2000, RATING_MA + 300, 16400) == 15900
    assert follow(car, 2000, RATING_MA - 100, 16000) == 15900


def test_a_car_that_goes_on_the_way_it_went_needs_no_time_to_react():
    car = charging(5000, 10000)
    follow(car, 10000, 15000, 10000)
    follow(car, 2000, 15000, 16000)
    follow(car, TICK_MS, 16000, 16000)
    assert follow(car, TICK_MS, 17000, 17000) == 12000


def three_phases(car, ms, grid_ma, offer_ma):
    """Let ``ms`` pass on three phases."""
    for _ in range(ms // TICK_MS):
        car.step(TICK_MS, grid_ma, 3, offer_ma, True, RATING_MA)


def test_what_only_one_of_the_cars_phases_does_is_the_houses():
    car = CarCurrent(3, Limits())
    car.step(TICK_MS, (5000, 5000, 5000), 3, 8000, False, RATING_MA)
    three_phases(car, REACT_MS, (5000, 5000, 5000), 8000)
    three_phases(car, 2500, (13000, 13000, 13000), 8000)
    three_phases(car, REACT_MS, (13000, 13000, 13000), 16000)
    three_phases(car, 2500, (13000, 21000, 13000), 16000)
    assert car.car_ma == [8000, 8000, 8000]
    three_phases(car, 2500, (21000, 29000, 21000), 16000)
    assert car.car_ma == [16000, 16000, 16000]


def cut(moved_ma, after_ms=REACT_MS):
    """What is known of a car on three phases that draws 16 A, was offered 12 A, and after which the phases moved so."""
    car = CarCurrent(3, Limits())
    car.step(TICK_MS, (5000, 5000, 5000), 3, 16000, False, RATING_MA)
    three_phases(car, REACT_MS, (5000, 5000, 5000), 16000)
    three_phases(car, 2500, (21000, 21000, 21000), 16000)
    three_phases(car, after_ms, (21000, 21000, 21000), 12000)
    three_phases(car, TICK_MS, [21000 + ma for ma in moved_ma], 12000)
    return car.car_ma


def test_two_phases_that_fall_alike_are_the_cars_whatever_the_house_does_on_the_third():
    for moved_ma in ((6000, -4000, -4000), (-4000, 0, -4000), (-4000, -4000, -1000)):
        assert cut(moved_ma) == [12000] * 3, moved_ma


def test_phases_that_fall_alike_are_the_cars_however_soon_it_may_have_been_about_to_follow_the_offer_before():
    assert cut((-4000, -4000, -4000), TICK_MS) == [12000] * 3
    assert cut((-4000, 0, 0), TICK_MS) == [16000] * 3


def test_two_phases_that_fall_by_different_amounts_are_not():
    assert cut((6000, -4000, -3000)) == [16000] * 3


def test_a_phase_that_did_not_move_with_the_car_is_not_used():
    car = CarCurrent(3, Limits())
    car.step(TICK_MS, (5000, 5000, 5000), 3, 16000, False, RATING_MA)
    three_phases(car, REACT_MS, (5000, 5000, 5000), 16000)
    three_phases(car, 2500, (21000, 5000, 21000), 16000)
    assert car.uses == [True, False, True]
    assert car.phases_used(3) == 2


def on_l1(car):
    """The contactor closes, and of three phases only L1 rises with the car."""
    car.step(TICK_MS, (5000, 5000, 5000), 3, 16000, False, RATING_MA)
    three_phases(car, REACT_MS, (5000, 5000, 5000), 16000)
    three_phases(car, 2500, (21000, 5000, 5000), 16000)
    assert car.uses == [True, False, False]


def test_a_phase_over_its_rating_for_a_second_may_carry_the_car_whatever_was_learnt():
    car = CarCurrent(3, Limits())
    on_l1(car)
    three_phases(car, SUSPECT_MS, (21000, 41000, 5000), 16000)
    assert car.uses == [True, False, False]
    three_phases(car, TICK_MS, (21000, 41000, 5000), 16000)
    assert car.uses == [True, True, False]
    assert car.car_ma == [16000, 16000, 0]


def test_a_phase_at_its_rating_is_not_suspected_nor_one_that_a_motor_starts_on():
    car = CarCurrent(3, Limits())
    on_l1(car)
    for _ in range(5):
        three_phases(car, SUSPECT_MS, (21000, 60000, 5000), 16000)
        three_phases(car, SUSPECT_MS, (21000, RATING_MA, 5000), 16000)
    assert car.uses == [True, False, False]


def test_what_the_next_closing_acquitted_is_not_suspected_again_for_a_while():
    car = CarCurrent(3, Limits())
    on_l1(car)
    three_phases(car, 2 * SUSPECT_MS, (21000, 41000, 5000), 16000)
    on_l1(car)
    three_phases(car, ACQUIT_MS - 10000, (21000, 41000, 5000), 16000)
    assert car.uses == [True, False, False]
    three_phases(car, 10000, (21000, 41000, 5000), 16000)
    assert car.uses == [True, True, False]


def suspected(l2_ma):
    """A car on L1 that was cut from 16 A to 6 A since L2 was over; what L2 carries when the car has followed."""
    car = CarCurrent(3, Limits())
    on_l1(car)
    three_phases(car, SUSPECT_MS + TICK_MS, (21000, 41000, 5000), 16000)
    assert car.uses == [True, True, False]
    three_phases(car, FOLLOWED_MS, (11000, l2_ma, 5000), 6000)
    return car


def test_a_suspect_that_moved_with_the_car_is_looked_for_at_once_where_a_start_hides_it_again():
    for l2_ma, again_ms in ((31000, SUSPECT_MS), (28500, SUSPECT_MS), (41000, ACQUIT_MS)):
        car = suspected(l2_ma)
        on_l1(car)
        three_phases(car, SUSPECT_MS + TICK_MS, (21000, 41000, 5000), 16000)
        assert car.uses[1] == (again_ms == SUSPECT_MS), l2_ma


def test_one_that_moved_otherwise_as_the_contactor_opened_is_not_used_and_suspected_again_after_a_minute():
    car = suspected(41000)
    on_l1(car)
    three_phases(car, ACQUIT_MS, (21000, 41000, 5000), 16000)
    assert car.suspects == 2
    for _ in range(FOLLOWED_MS // TICK_MS):
        car.step(TICK_MS, (5000, 1000, 5000), 3, 0, False, RATING_MA)
    assert not car.uses[1]
    on_l1(car)
    three_phases(car, UNSURE_MS - 10000, (21000, 41000, 5000), 16000)
    assert not car.uses[1]
    three_phases(car, 15000, (21000, 41000, 5000), 16000)
    assert car.uses[1]


def test_until_the_car_has_shown_its_phases_it_may_use_all():
    car = CarCurrent(3, Limits())
    car.step(TICK_MS, (5000, 5000, 5000), 3, 16000, False, RATING_MA)
    three_phases(car, 1500, (21000, 5000, 5000), 16000)
    assert car.uses == [True, True, True]


def rise(car, house_ma, to_ma, offer_ma, ma_a_tick=100):
    """The car rises by so much a tick beside a house of ``house_ma``, then stands."""
    follow(car, REACT_MS, house_ma + car.car_ma[0], offer_ma)
    for car_ma in range(car.car_ma[0], to_ma + 1, ma_a_tick):
        car.step(TICK_MS, (house_ma + car_ma, 0, 0), 1, offer_ma, True, RATING_MA)
    follow(car, 4000, house_ma + to_ma, offer_ma)


def gentle():
    """A draw that has seen a car rise to 10 A of 20 A offered, at 4 A a second."""
    car = CarCurrent(3, Limits())
    follow(car, 2000, 5000, 0, closed=False)
    rise(car, 5000, 10000, 20000)
    assert car.car_ma[0] == 10000
    return car


def test_a_leap_while_a_gentle_car_may_rise_is_the_houses():
    car = gentle()
    assert follow(car, TICK_MS, 20000, 20000) == 10000


def test_a_car_that_leapt_once_may_leap_again():
    car = charging(5000, 16000)
    assert not car.gentle
    follow(car, 2000, 21000, 20000)
    assert follow(car, TICK_MS, 25000, 20000) == 20000


def test_the_next_car_may_leap():
    car = gentle()
    car.forget()
    assert follow(car, 2000, 24000, 20000) == 19000


def test_a_fall_in_small_pieces_is_seen_as_a_whole():
    car = charging(5000, 16000)
    follow(car, 1000, 21000, 10000)
    for ma in range(21000, 15000, -500):
        follow(car, TICK_MS, ma, 10000)
    assert car.fell_ma > 5000


def test_what_one_phase_had_above_the_others_when_the_car_showed_itself_was_the_houses():
    car = CarCurrent(3, Limits())
    car.step(TICK_MS, (5000, 5000, 5000), 3, 20000, False, RATING_MA)
    three_phases(car, REACT_MS, (5000, 5000, 5000), 20000)
    three_phases(car, 3000, (21000, 22500, 21000), 20000)
    assert car.car_ma == [16000, 16000, 16000]


def test_phases_whose_steps_show_in_different_windows_lose_nothing_of_the_cars_rise():
    car = CarCurrent(3, Limits())
    car.step(TICK_MS, (5000, 5000, 5000), 3, 8000, False, RATING_MA)
    three_phases(car, REACT_MS, (5000, 5000, 5000), 8000)
    three_phases(car, 2500, (13000, 13000, 13000), 8000)
    three_phases(car, REACT_MS, (13000, 13000, 13000), 20000)
    for rise_ma in range(0, 12001, 100):
        ahead_ma = 300 if rise_ma % 1000 < 500 else -300
        three_phases(car, TICK_MS, (13000 + rise_ma, 13000 + rise_ma + ahead_ma, 13000 + rise_ma), 20000)
    three_phases(car, 2500, (25000, 25000, 25000), 20000)
    assert min(car.car_ma) >= 19000


def test_what_is_left_of_a_fall_is_not_on_its_way():
    """The house rose by so much while the car came down: waiting for it left an overload of 0.15 A for five seconds."""
    car = CarCurrent(3, Limits())
    car.step(TICK_MS, (5000, 5000, 5000), 3, 16000, False, RATING_MA)
    three_phases(car, REACT_MS, (5000, 5000, 5000), 16000)
    three_phases(car, 12000, (21000, 21000, 21000), 16000)
    assert car.car_ma == [16000, 16000, 16000]
    three_phases(car, 1000, (21000, 21000, 21000), 7400)
    three_phases(car, 1500, (12545, 12545, 12545), 7400)
    assert car.car_ma == [7400, 7400, 7400]


def test_a_car_that_has_not_moved_is_waited_for_however_little_it_has_to_go():
    car = charging(5000, 16000)
    follow(car, 3000, 21000, 15900)
    assert not car.settled
    assert car.car_ma[0] == 16000
