"""The car's steps as a test of the clamps: whose current moves with the offer, and by how much."""

from headroom.decide import quality
from headroom.decide.follow import LATE_MS, TIMES, TIMES_SHORT, Follow, short
from headroom.decide.records import Limits

TICK_MS = 25
STEPS_MA = (10000, 16000, 9000, 14000)


class Supply:
    """A car that follows within 0.3 s, clamps that see what they are told to, and a house."""

    def __init__(self, car_phases=1, phases=3):
        self.limits = Limits()
        self.limits.phases = phases
        self.limits.idle_ma = 150
        self.follow = Follow(self.limits)
        self.house_ma = [900, 500, 700]
        self.car_phases = car_phases
        self.sees = [0, 1, 2]  # the phase that each clamp is on
        self.percent = [100, 100, 100]  # of the current that it sees
        self.takes_ma = 32000
        self.offer_ma = self.drawn_ma = 0

    def offers(self, ma, ms=4000):
        """The offer moves to ``ma``; returns the doubt ``ms`` later."""
        self.offer_ma = ma
        self.live(300)
        self.drawn_ma = min(ma, self.takes_ma)
        return self.live(ms)

    def told_at(self, offers_ma=STEPS_MA):
        """(which step of the offer raised a doubt, the doubt, the clamp); (0, 0, 0): none did."""
        self.live(1000)
        for number, ma in enumerate(offers_ma):
            if self.offers(ma):
                return number + 1, self.follow.doubt, self.follow.phase
        return 0, 0, 0

    def live(self, ms):
        """Let time pass; returns the doubt."""
        for _ in range(ms // TICK_MS):
            grid_ma = [0, 0, 0]
            for clamp in range(3):
                phase = self.sees[clamp]
                ma = self.house_ma[phase] + (self.drawn_ma if phase < self.car_phases else 0)
                grid_ma[clamp] = ma * self.percent[clamp] // 100
            self.follow.step(TICK_MS, grid_ma, self.offer_ma)
        return self.follow.doubt

    def uses(self):
        """The phases on which the car was seen."""
        return [phase for phase in range(3) if self.follow.uses[phase]]


def test_a_car_is_seen_on_the_phases_that_move_with_its_offer():
    for car_phases in (1, 2, 3):
        supply = Supply(car_phases)
        supply.live(1000)
        for ma in (10000, 16000, 9000, 0):
            assert supply.offers(ma) == quality.FINE
            assert supply.uses() == [0, 1, 2][:car_phases]


def test_a_clamp_on_the_wrong_phase_is_told_at_the_third_step_that_shows_it():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    assert supply.told_at() == (TIMES, quality.WRONG_PHASE, 0)


def test_a_house_that_moves_on_another_phase_while_the_car_waits_is_no_wrong_phase():
    supply = Supply(1)
    supply.takes_ma = 0
    supply.live(1000)
    supply.offers(10000, 1000)
    supply.house_ma[1] += 9000
    assert supply.live(4000) == quality.FINE
    supply.takes_ma = 32000
    assert supply.offers(16000) == quality.FINE
    assert supply.offers(12000) == quality.FINE
    assert supply.uses() == [0]


def test_a_dead_clamp_among_those_of_a_car_is_told_at_the_third_step():
    for clamp in (0, 1):
        supply = Supply(3)
        supply.percent[clamp] = 0
        assert supply.told_at() == (TIMES, quality.SHORT_OF_CAR, clamp)


def test_a_clamp_that_sees_half_of_what_the_others_do_is_told_at_the_third_step():
    for clamp in range(3):
        supply = Supply(3)
        supply.percent[clamp] = 50
        assert supply.told_at() == (TIMES, quality.SHORT_OF_CAR, clamp)


def test_a_dead_last_clamp_looks_like_a_car_of_two_phases_and_is_doubted_where_it_carries_nothing():
    supply = Supply(3)
    supply.percent[2] = 0
    assert supply.told_at() == (TIMES, quality.UNPLUGGED, 2)
    assert Supply(2).told_at() == (0, 0, 0)


def test_a_supply_that_carries_less_than_its_car_is_told_when_a_fall_shows_the_same_part_as_the_start():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    assert supply.told_at((20000, 12000, 18000, 11000)) == (2, quality.SHORT_OF_CAR, 0)


def test_it_is_told_by_two_steps_between_offers_where_the_start_showed_another_part():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    supply.live(1000)
    supply.offer_ma = 20000
    supply.live(300)
    supply.drawn_ma = 20000
    supply.house_ma[0] += 4500
    assert supply.live(4000) == quality.FINE
    assert supply.told_at((12000, 18000, 11000)) == (TIMES_SHORT, quality.SHORT_OF_CAR, 0)


def test_a_step_that_the_house_spoils_between_two_that_show_the_same_part_does_not_hide_it():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    supply.offers(24000)
    supply.offer_ma = 16000
    supply.live(300)
    supply.drawn_ma = 16000
    supply.house_ma[0] -= 2000
    assert supply.live(4000) == quality.FINE
    assert supply.offers(8000) == quality.SHORT_OF_CAR


def test_a_house_that_takes_more_when_the_car_has_followed_down_does_not_hide_it():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    supply.offers(24000)
    supply.offer_ma = 14000
    supply.live(300)
    supply.drawn_ma = 14000
    supply.live(300)
    supply.house_ma[0] += 6000
    assert supply.live(1500) == quality.SHORT_OF_CAR


def test_a_car_that_takes_half_of_a_high_offer_and_follows_a_low_one_is_no_doubt():
    supply = Supply(1, phases=1)
    supply.takes_ma = 10000
    for ma in (24000, 8000, 24000, 6000):
        assert supply.offers(ma) == quality.FINE
    assert supply.uses() == [0]


def test_a_car_that_starts_at_half_of_its_offer_is_used_where_it_was_seen():
    supply = Supply(1, phases=1)
    supply.takes_ma = 10000
    supply.offers(24000)
    assert supply.uses() == [0]


def test_two_falls_in_a_row_are_judged_when_the_car_has_followed_both():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    supply.house_ma[0] = 2000
    supply.offers(24000)
    supply.offer_ma = 20000
    supply.live(4900)
    supply.offer_ma = 9000
    supply.drawn_ma = 20000
    assert supply.live(4000) == quality.FINE
    assert supply.follow.since_ms > 0
    supply.drawn_ma = 9000
    assert supply.live(1000) == quality.SHORT_OF_CAR


def test_two_falls_in_a_row_are_judged_when_a_car_would_have_begun_to_follow_the_second():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    supply.offers(24000)
    supply.offer_ma = 20000
    supply.live(4900)
    supply.offer_ma = 9000
    supply.drawn_ma = 20000
    supply.live(LATE_MS - TICK_MS)
    assert supply.follow.times == 1
    supply.live(2 * TICK_MS)
    assert supply.follow.times == 2


def test_two_falls_that_were_followed_whole_are_judged_at_once():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    supply.offers(24000)
    supply.offer_ma = 16000
    supply.live(200)
    supply.offers(9000, 1000)
    assert supply.follow.times == 2


def test_a_rise_taken_back_by_a_part_before_the_car_moved_is_measured_from_where_it_was():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    supply.offers(8000)
    assert supply.follow.times == 1
    supply.offer_ma = 20000
    supply.live(1000)
    supply.offer_ma = 14000
    supply.live(300)
    supply.drawn_ma = 14000
    supply.live(1000)
    assert supply.follow.times == 2


def test_a_fall_within_a_rise_that_the_car_still_follows_clears_no_clamp():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    supply.offers(8000)
    supply.offer_ma = 24000
    supply.live(300)
    supply.drawn_ma = 19000
    supply.live(100)
    supply.offer_ma = 20000
    supply.live(300)
    supply.drawn_ma = 20000
    supply.live(8000)
    assert supply.follow.suspect == quality.WRONG_PHASE


def test_a_clamp_that_sees_a_fifth_of_what_the_others_do_is_told():
    for clamp in range(3):
        supply = Supply(3)
        supply.percent[clamp] = 20
        assert supply.told_at() == (TIMES, quality.SHORT_OF_CAR, clamp)


def test_a_step_against_another_clamp_takes_back_one_against_this():
    supply = Supply(1)
    supply.house_ma[2] = 20000
    supply.sees = [1, 0, 2]
    assert supply.told_at((10000, 16000)) == (0, 0, 0)
    supply.offer_ma = 9000
    supply.live(300)
    supply.drawn_ma = 9000
    supply.house_ma[2] -= 7000
    supply.live(4000)
    assert (supply.follow.suspect, supply.follow.times) == (quality.WRONG_PHASE, 1)
    supply.house_ma[2] += 7000
    supply.live(1000)
    assert supply.offers(16000) == quality.FINE
    assert supply.offers(9000) == quality.WRONG_PHASE


def test_a_step_for_the_clamps_takes_back_one_against_them():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    assert supply.told_at((10000, 16000)) == (0, 0, 0)
    supply.sees = [0, 1, 2]
    supply.live(1000)
    supply.offers(9000)
    assert supply.follow.times == 1
    supply.sees = [1, 0, 2]
    supply.live(1000)
    assert supply.offers(14000) == quality.FINE
    assert supply.offers(9000) == quality.WRONG_PHASE


def hob(supply, house_ma):
    """A hob on L2 and L3 in step with the offer, while the car does not move: off, the offer goes up; on, it comes down."""
    for _ in range(6):
        supply.house_ma[1:] = (house_ma, house_ma)
        supply.offer_ma = 16000
        supply.live(1000)
        supply.house_ma[1:] = (house_ma + 4000, house_ma + 4000)
        supply.live(3000)
        supply.offer_ma = 12000
        supply.live(1000)
    return supply.follow.doubt


def test_a_house_that_moves_twice_by_other_parts_of_the_offers_steps_is_no_short_clamp():
    for parts, doubt in (
        ((71, 48), quality.FINE),
        ((70, 70), quality.SHORT_OF_CAR),
        ((42, 46), quality.SHORT_OF_CAR),
        ((30, 46), quality.FINE),
    ):
        supply = Supply(1, phases=1)
        supply.takes_ma = 2500
        supply.offers(16000)
        for ma, percent in zip((24000, 14000), parts):  # noqa: B905 - MicroPython knows no strict here
            step_ma = ma - supply.offer_ma
            supply.offer_ma = ma
            supply.live(300)
            supply.house_ma[0] += step_ma * percent // 100
            supply.live(4000)
        assert supply.follow.doubt == doubt, parts


def test_a_car_that_stops_at_a_low_offer_has_stopped_until_the_offer_moves():
    supply = Supply(3)
    supply.live(1000)
    supply.offers(19000)
    assert not supply.follow.may_stop()
    supply.takes_ma = 0
    supply.offers(8000, 20000)
    assert supply.follow.may_stop()
    supply.takes_ma = 32000
    supply.offers(12000)
    assert not supply.follow.may_stop()


def test_a_car_that_stops_by_itself_at_a_high_offer_has_not_stopped_because_of_it():
    supply = Supply(3)
    supply.live(1000)
    supply.offers(24000)
    supply.takes_ma = 0
    supply.offers(16000, 20000)
    assert not supply.follow.may_stop()


def test_a_hob_in_step_with_the_offer_is_no_doubt_about_the_phase_that_carries_the_car():
    for car_phases in (1, 3):
        supply = Supply(car_phases)
        assert supply.told_at((12000,)) == (0, 0, 0)
        assert hob(supply, 9000) == quality.FINE


def test_a_hob_that_carries_less_than_the_offer_is_no_car():
    supply = Supply(1)
    supply.takes_ma = 1000
    assert supply.told_at((12000,)) == (0, 0, 0)
    assert hob(supply, 9000) == quality.FINE


def test_a_step_that_nothing_follows_clears_the_clamp_that_the_step_before_spoke_against():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    assert supply.told_at((10000, 16000)) == (0, 0, 0)
    supply.offer_ma = 12000
    supply.live(8000)
    assert supply.follow.suspect == quality.FINE
    supply.offers(16000)
    assert supply.offers(10000) == quality.FINE
    assert supply.follow.times == 1


def test_a_car_that_takes_less_than_offered_is_no_doubt():
    supply = Supply(1)
    supply.takes_ma = 8000
    supply.live(1000)
    for ma in (20000, 12000, 6000, 16000, 6000, 16000):
        assert supply.offers(ma) == quality.FINE


def test_a_car_that_stops_at_a_low_offer_is_no_doubt():
    supply = Supply(1)
    supply.live(1000)
    for _ in range(4):
        assert supply.offers(16000) == quality.FINE
        supply.takes_ma = 0
        assert supply.offers(7000) == quality.FINE
        supply.takes_ma = 32000


def test_a_step_that_the_house_crosses_proves_nothing():
    supply = Supply(3)
    supply.live(1000)
    supply.offers(10000, 200)
    supply.house_ma[1] += 9000
    supply.live(300)
    supply.house_ma[1] -= 17000
    assert supply.live(4000) == quality.FINE
    assert supply.uses() == []


def test_a_doubt_stands_until_the_steps_show_the_opposite_or_the_car_is_unplugged():
    supply = Supply(3)
    supply.percent[1] = 0
    supply.told_at()
    assert supply.live(60000) == quality.SHORT_OF_CAR
    supply.percent[1] = 100
    assert supply.offers(16000) == quality.FINE
    supply.percent[1] = 0
    supply.told_at()
    assert supply.live(1000) == quality.SHORT_OF_CAR
    supply.follow.forget()
    assert supply.live(1000) == quality.FINE


def test_a_phase_is_used_when_it_moved_with_the_car_twice_or_the_only_time():
    supply = Supply(1)
    supply.live(1000)
    supply.offers(10000)
    supply.offer_ma = 14000
    supply.live(300)
    supply.drawn_ma = 14000
    supply.house_ma[1] += 4000
    supply.live(2000)
    assert supply.uses() == [0]


def test_what_is_short():
    assert short(4000, 10000, 3000, 8000)
    assert not short(9000, 10000, 3000, 8000)
    assert not short(4000, 10000, 8000, 8000)  # the clamp saw all of the step: the roof carries the rest
    assert not short(4000, 10000, 12000, 8000)  # it gave up more than the offer asked for: it stops by itself
    assert not short(4000, 0, 3000, 8000)


def test_a_roof_that_feeds_the_car_is_no_doubt():
    supply = Supply(1, phases=1)
    supply.house_ma[0] = -9000
    supply.live(1000)
    for ma in (16000, 8000, 16000, 8000):
        assert supply.offers(ma) == quality.FINE


def directed(car_phases, backwards, house_ma=(900, 500, 700)):
    """A supply whose currents have a direction, with one clamp on backwards (-1: none)."""
    supply = Supply(car_phases)
    supply.follow.directed = True
    supply.house_ma = list(house_ma)
    if backwards >= 0:
        supply.percent[backwards] = -100
    supply.live(1000)
    return supply


def test_a_clamp_on_backwards_is_told_by_the_car_even_where_panels_feed_in():
    for house_ma in ((900, 500, 700), (-9000, -9000, -9000)):
        assert directed(1, 0, house_ma).told_at() == (2, quality.BACKWARDS, 0)
        for clamp in range(3):
            assert directed(3, clamp, house_ma).told_at() == (1, quality.BACKWARDS, clamp)


def test_panels_are_no_clamp_on_backwards():
    supply = directed(1, -1, (-12000, 500, 700))
    for ma in (10000, 16000, 6000, 0, 16000):
        assert supply.offers(ma) == quality.FINE
    assert supply.uses() == [0]


def test_a_house_that_falls_while_the_car_waits_is_believed_when_the_car_follows_next():
    supply = directed(1, -1, (15000, 500, 700))
    supply.offer_ma = 10000
    supply.live(300)
    supply.house_ma[0] = 5000
    assert supply.live(2000) == quality.FINE
    supply.drawn_ma = 10000
    supply.live(3000)
    assert supply.offers(16000) == quality.FINE
    assert supply.follow.suspect == quality.FINE


def test_without_a_direction_nothing_is_told_backwards():
    supply = directed(1, -1, (-12000, 500, 700))
    supply.follow.directed = False
    supply.percent[0] = -100
    for ma in (10000, 6000, 10000):
        assert supply.offers(ma) != quality.BACKWARDS
