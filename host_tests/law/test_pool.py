"""What a group may have of the supply: a cut at once, another for what comes while the cars follow, and no more than that."""

import pytest
from headroom.law.pool import SLACK_MA, Pool

RATING_MA, CARS_MA, HOUSE_MA, STEP_MA = 32000, 20000, 10000, 5000
TICK_MS = 25


class Supply:
    """One phase of three, the others carry nothing: a house and cars that draw what they are told, some seconds later."""

    def __init__(self):
        self.pool = Pool()
        self.house_ma, self.cars_ma = HOUSE_MA, CARS_MA
        self.told_ma = CARS_MA
        self.look(8000)

    def look(self, ms):
        """Returns how often something was taken."""
        cuts = 0
        for _ in range(ms // TICK_MS):
            leased_ma = self.pool.ma[0]
            cuts += self.pool.step(
                TICK_MS,
                [self.house_ma + self.cars_ma, 0, 0],
                [self.told_ma, 0, 0],
                [leased_ma, 0, 0],
                [self.told_ma > leased_ma + 300, False, False],
                1000,
                [RATING_MA] * 3,
                RATING_MA,
                False,
            )
        return cuts


@pytest.fixture
def supply():
    one = Supply()
    assert one.pool.ma[0] == RATING_MA - HOUSE_MA
    return one


def test_a_step_of_the_house_is_taken_at_once_and_once(supply):
    supply.house_ma += STEP_MA
    assert supply.look(TICK_MS) == 1
    assert supply.pool.ma[0] == RATING_MA - HOUSE_MA - STEP_MA - SLACK_MA
    assert supply.look(3000) == 0, "the cars have their five seconds"


@pytest.mark.parametrize("followed_ma", [0, 1000, 3000, 5000])
def test_a_second_step_while_the_cars_follow_the_first_is_taken_whole_and_at_once(supply, followed_ma):
    supply.house_ma += STEP_MA
    supply.look(2000)
    supply.cars_ma -= followed_ma  # as far as they have come; what they say is older than that
    supply.look(1000)
    before_ma = supply.pool.ma[0]
    supply.house_ma += STEP_MA
    assert supply.look(TICK_MS) == 1
    assert supply.pool.ma[0] == before_ma - STEP_MA


STOPPED_MA = 6000


def test_a_car_that_stops_unheard_before_the_house_steps_up_is_not_counted_on(supply):
    supply.cars_ma -= STOPPED_MA
    supply.look(300)
    supply.house_ma += STOPPED_MA + 3 * 1000
    assert supply.look(TICK_MS) == 1
    assert supply.pool.ma[0] == RATING_MA - supply.house_ma - SLACK_MA


def test_a_car_that_stops_in_the_moment_of_the_step_counts_as_soon_as_it_is_told_though_the_others_follow_yet(supply):
    supply.cars_ma -= STOPPED_MA
    supply.house_ma += STOPPED_MA + 3 * 1000
    assert supply.look(TICK_MS) == 1
    supply.told_ma -= STOPPED_MA
    supply.pool.gone = True  # as the leader notes it
    assert supply.look(TICK_MS) == 1
    assert supply.pool.ma[0] == RATING_MA - supply.house_ma


def test_a_word_that_only_follows_a_cut_takes_no_more_though_it_comes_before_the_car_has_followed(supply):
    supply.house_ma += STEP_MA
    assert supply.look(TICK_MS) == 1
    supply.told_ma -= STEP_MA  # an estimate falls with the offer
    assert supply.look(1000) == 0


def test_a_fall_of_the_load_that_all_had_time_to_tell_of_is_the_houses(supply):
    supply.house_ma -= STOPPED_MA
    supply.look(5000)
    supply.house_ma += STOPPED_MA + 3 * 1000
    supply.look(TICK_MS)
    assert supply.pool.ma[0] == RATING_MA - supply.house_ma - SLACK_MA


@pytest.mark.parametrize("before_ms", [8000, 4000, TICK_MS])
def test_what_a_car_draws_that_was_not_heard_of_is_the_houses_no_more_as_far_as_it_has_counted_as_that(
    supply, before_ms
):
    supply.cars_ma += 1500
    supply.look(before_ms)
    supply.told_ma += 1500
    supply.pool.tell(1, 1500)
    supply.look(TICK_MS)
    assert supply.pool.ma[0] == RATING_MA - HOUSE_MA


def test_where_nothing_is_left_nothing_is_taken_again_in_each_tick(supply):
    """A cut each tick would keep the line from all questions."""
    supply.house_ma += RATING_MA
    supply.told_ma -= 6000
    supply.pool.gone = True  # a car has stopped, so that what it drew does not follow
    assert supply.look(1000) <= 2
    assert supply.pool.ma[0] == 0
