"""The car's steps as a test of the clamps: whose current moves with the offer, and by how much."""

from headroom.monitor.clouds import Clouds
from headroom.monitor.step_response import (
    BESIDE_MS,
    LATE_MS,
    LEAST_MA,
    STILL_MS,
    TIMES,
    TIMES_SHORT,
    WAIT_DOWN_MS,
    WAIT_UP_MS,
    StepResponse,
    least_beside,
    short,
)
from headroom.terms import meter_faults
from headroom.terms.records import Limits

TICK_MS = 25
STEPS_MA = (10000, 16000, 9000, 14000)


class Supply:
    """A car that follows within 0.3 s, clamps that see what they are told to, and a house."""

    def __init__(self, car_phases=1, phases=3):
        self.limits = Limits()
        self.limits.phases = phases
        self.limits.idle_ma = 150
        self.response = StepResponse(self.limits)
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
                return number + 1, self.response.doubt, self.response.phase
        return 0, 0, 0

    def live(self, ms):
        """Let time pass; returns the doubt."""
        for _ in range(ms // TICK_MS):
            grid_ma = [0, 0, 0]
            for clamp in range(3):
                phase = self.sees[clamp]
                ma = self.house_ma[phase] + (self.drawn_ma if phase < self.car_phases else 0)
                grid_ma[clamp] = ma * self.percent[clamp] // 100
            self.response.step(TICK_MS, grid_ma, self.offer_ma)
        return self.response.doubt

    def uses(self):
        """The phases on which the car was seen."""
        return [phase for phase in range(3) if self.response.uses[phase]]


def test_a_car_is_seen_on_the_phases_that_move_with_its_offer():
    for car_phases in (1, 2, 3):
        supply = Supply(car_phases)
        supply.live(1000)
        for ma in (10000, 16000, 9000, 0):
            assert supply.offers(ma) == meter_faults.OK
            assert supply.uses() == [0, 1, 2][:car_phases]


def test_a_phase_that_carries_the_house_but_never_the_car_is_told_as_a_wiring_and_a_part_of_it_as_a_jaw():
    supply = Supply(3)
    supply.sees = [0, 1, 1]
    supply.sees[0] = 2
    supply.car_phases = 2
    assert supply.told_at()[1:] == (meter_faults.OTHERS, 0)
    supply = Supply(3)
    supply.percent = [100, 30, 100]
    assert supply.told_at()[1:] == (meter_faults.SHORT_OF_CAR, 1)


def test_a_clamp_on_the_wrong_phase_is_told_at_the_third_step_that_shows_it():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    assert supply.told_at() == (TIMES, meter_faults.WRONG_PHASE, 0)


def test_what_moves_on_one_other_phase_is_the_house_once_a_car_was_seen_on_all_three():
    supply = Supply(3)
    supply.live(1000)
    for ma in STEPS_MA:
        supply.offers(ma)
    supply.offers(0)
    supply.car_phases, supply.sees = (
        1,
        [1, 0, 2],
    )  # what moves now with the offer moves on L2 alone, as for a clamp on it
    assert supply.told_at() == (0, 0, 0)
    supply.response.forget()
    supply.offers(0)
    assert supply.told_at()[1:] == (meter_faults.WRONG_PHASE, 0), "the next car was not seen yet"


def test_a_house_that_moves_on_another_phase_while_the_car_waits_is_no_wrong_phase():
    supply = Supply(1)
    supply.takes_ma = 0
    supply.live(1000)
    supply.offers(10000, 1000)
    supply.house_ma[1] += 9000
    assert supply.live(4000) == meter_faults.OK
    supply.takes_ma = 32000
    assert supply.offers(16000) == meter_faults.OK
    assert supply.offers(12000) == meter_faults.OK
    assert supply.uses() == [0]


def test_a_dead_clamp_among_those_of_a_car_is_told_at_the_third_step():
    for clamp in (0, 1):
        supply = Supply(3)
        supply.percent[clamp] = 0
        assert supply.told_at() == (TIMES, meter_faults.SHORT_OF_CAR, clamp)


def test_a_clamp_that_sees_half_of_what_the_others_do_is_told_at_the_third_step():
    for clamp in range(3):
        supply = Supply(3)
        supply.percent[clamp] = 50
        assert supply.told_at() == (TIMES, meter_faults.SHORT_OF_CAR, clamp)


def test_a_dead_last_clamp_looks_like_a_car_of_two_phases_and_is_doubted_where_it_carries_nothing():
    supply = Supply(3)
    supply.percent[2] = 0
    assert supply.told_at() == (TIMES, meter_faults.UNPLUGGED, 2)
    assert Supply(2).told_at() == (0, 0, 0)


def test_a_supply_that_carries_less_than_its_car_is_told_when_a_fall_shows_the_same_part_as_the_start():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    assert supply.told_at((20000, 12000, 18000, 11000)) == (2, meter_faults.SHORT_OF_CAR, 0)


def beside(supply, car_ma, grid_ma, ms):
    """The car's own clamp shows ``car_ma`` while L1 shows ``grid_ma`` for so long; returns the doubt."""
    for _ in range(ms // TICK_MS):
        supply.response.step(TICK_MS, [grid_ma, 0, 0], 20000)
        supply.response.beside(TICK_MS, car_ma)
    return supply.response.doubt


def test_a_supply_that_carries_less_than_a_clamp_on_the_car_shows_is_told_without_a_step():
    supply = Supply(phases=1)
    assert beside(supply, 20000, 10000, BESIDE_MS - TICK_MS) == meter_faults.OK
    assert beside(supply, 20000, 10000, 2 * TICK_MS) == meter_faults.SHORT_OF_CAR
    assert supply.response.phase == 0


def test_what_both_clamps_may_be_off_by_or_what_passes_or_a_roof_is_no_such_doubt():
    supply = Supply(phases=1)
    assert beside(supply, 20000, least_beside(20000), 60000) == meter_faults.OK
    for _ in range(10):
        beside(supply, 20000, 10000, BESIDE_MS - 200)
        assert beside(supply, 20000, 20000, 200) == meter_faults.OK
    supply.limits.exports = True
    assert beside(supply, 20000, -5000, 60000) == meter_faults.OK


def test_it_is_told_by_two_steps_between_offers_where_the_start_showed_another_part():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    supply.live(1000)
    supply.offer_ma = 20000
    supply.live(300)
    supply.drawn_ma = 20000
    supply.house_ma[0] += 4500
    assert supply.live(4000) == meter_faults.OK
    assert supply.told_at((12000, 18000, 11000)) == (TIMES_SHORT, meter_faults.SHORT_OF_CAR, 0)


def test_a_step_that_the_house_spoils_between_two_that_show_the_same_part_does_not_hide_it():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    supply.offers(24000)
    supply.offer_ma = 16000
    supply.live(300)
    supply.drawn_ma = 16000
    supply.house_ma[0] -= 2000
    assert supply.live(4000) == meter_faults.OK
    assert supply.offers(8000) == meter_faults.SHORT_OF_CAR


def test_a_house_that_takes_more_when_the_car_has_followed_down_does_not_hide_it():
    supply = Supply(1, phases=1)
    supply.percent[0] = 40
    supply.offers(24000)
    supply.offer_ma = 14000
    supply.live(300)
    supply.drawn_ma = 14000
    supply.live(300)
    supply.house_ma[0] += 6000
    assert supply.live(1500) == meter_faults.SHORT_OF_CAR


def test_a_car_that_takes_half_of_a_high_offer_and_follows_a_low_one_is_no_doubt():
    supply = Supply(1, phases=1)
    supply.takes_ma = 10000
    for ma in (24000, 8000, 24000, 6000):
        assert supply.offers(ma) == meter_faults.OK
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
    assert supply.live(4000) == meter_faults.OK
    assert supply.response.since_ms > 0
    supply.drawn_ma = 9000
    assert supply.live(1000) == meter_faults.SHORT_OF_CAR


def test_two_falls_in_a_row_are_judged_when_a_car_would_have_begun_to_follow_the_second():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    supply.offers(24000)
    supply.offer_ma = 20000
    supply.live(4900)
    supply.offer_ma = 9000
    supply.drawn_ma = 20000
    supply.live(LATE_MS - TICK_MS)
    assert supply.response.times == 1
    supply.live(2 * TICK_MS)
    assert supply.response.times == 2


def test_two_falls_that_were_followed_whole_are_judged_at_once():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    supply.offers(24000)
    supply.offer_ma = 16000
    supply.live(200)
    supply.offers(9000, 1000)
    assert supply.response.times == 2


def test_a_rise_taken_back_by_a_part_before_the_car_moved_is_measured_from_where_it_was():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    supply.offers(8000)
    assert supply.response.times == 1
    supply.offer_ma = 20000
    supply.live(1000)
    supply.offer_ma = 14000
    supply.live(300)
    supply.drawn_ma = 14000
    supply.live(1000)
    assert supply.response.times == 2


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
    assert supply.response.suspect == meter_faults.WRONG_PHASE


def test_a_clamp_that_sees_a_fifth_of_what_the_others_do_is_told():
    for clamp in range(3):
        supply = Supply(3)
        supply.percent[clamp] = 20
        assert supply.told_at() == (TIMES, meter_faults.SHORT_OF_CAR, clamp)


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
    assert (supply.response.suspect, supply.response.times) == (meter_faults.WRONG_PHASE, 1)
    supply.house_ma[2] += 7000
    supply.live(1000)
    assert supply.offers(16000) == meter_faults.OK
    assert supply.offers(9000) == meter_faults.WRONG_PHASE


def test_a_step_for_the_clamps_takes_back_one_against_them():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    assert supply.told_at((10000, 16000)) == (0, 0, 0)
    supply.sees = [0, 1, 2]
    supply.live(1000)
    supply.offers(9000)
    assert supply.response.times == 1
    supply.sees = [1, 0, 2]
    supply.live(1000)
    assert supply.offers(14000) == meter_faults.OK
    assert supply.offers(9000) == meter_faults.WRONG_PHASE


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
    return supply.response.doubt


def test_a_house_that_moves_twice_by_other_parts_of_the_offers_steps_is_no_short_clamp():
    for parts, doubt in (
        ((71, 48), meter_faults.OK),
        ((70, 70), meter_faults.SHORT_OF_CAR),
        ((42, 46), meter_faults.SHORT_OF_CAR),
        ((30, 46), meter_faults.OK),
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
        assert supply.response.doubt == doubt, parts


def test_a_car_that_stops_at_a_low_offer_has_stopped_until_the_offer_moves():
    supply = Supply(3)
    supply.live(1000)
    supply.offers(19000)
    assert not supply.response.may_stop()
    supply.takes_ma = 0
    supply.offers(8000, 20000)
    assert supply.response.may_stop()
    supply.takes_ma = 32000
    supply.offers(12000)
    assert not supply.response.may_stop()


def test_a_car_that_stops_by_itself_at_a_high_offer_has_not_stopped_because_of_it():
    supply = Supply(3)
    supply.live(1000)
    supply.offers(24000)
    supply.takes_ma = 0
    supply.offers(16000, 20000)
    assert not supply.response.may_stop()


def test_a_hob_in_step_with_the_offer_is_no_doubt_about_the_phase_that_carries_the_car():
    for car_phases in (1, 3):
        supply = Supply(car_phases)
        assert supply.told_at((12000,)) == (0, 0, 0)
        assert hob(supply, 9000) == meter_faults.OK


def test_a_hob_that_carries_less_than_the_offer_is_no_car():
    supply = Supply(1)
    supply.takes_ma = 1000
    assert supply.told_at((12000,)) == (0, 0, 0)
    assert hob(supply, 9000) == meter_faults.OK


def test_a_step_that_nothing_follows_clears_the_clamp_that_the_step_before_spoke_against():
    supply = Supply(1)
    supply.sees = [1, 0, 2]
    assert supply.told_at((10000, 16000)) == (0, 0, 0)
    supply.offer_ma = 12000
    supply.live(8000)
    assert supply.response.suspect == meter_faults.OK
    supply.offers(16000)
    assert supply.offers(10000) == meter_faults.OK
    assert supply.response.times == 1


def test_a_car_that_takes_less_than_offered_is_no_doubt():
    supply = Supply(1)
    supply.takes_ma = 8000
    supply.live(1000)
    for ma in (20000, 12000, 6000, 16000, 6000, 16000):
        assert supply.offers(ma) == meter_faults.OK


def test_a_car_that_stops_at_a_low_offer_is_no_doubt():
    supply = Supply(1)
    supply.live(1000)
    for _ in range(4):
        assert supply.offers(16000) == meter_faults.OK
        supply.takes_ma = 0
        assert supply.offers(7000) == meter_faults.OK
        supply.takes_ma = 32000


def test_a_step_that_the_house_crosses_proves_nothing():
    supply = Supply(3)
    supply.live(1000)
    supply.offers(10000, 200)
    supply.house_ma[1] += 9000
    supply.live(300)
    supply.house_ma[1] -= 17000
    assert supply.live(4000) == meter_faults.OK
    assert supply.uses() == []


def test_a_doubt_stands_until_the_steps_show_the_opposite_or_the_car_is_unplugged():
    supply = Supply(3)
    supply.percent[1] = 0
    supply.told_at()
    assert supply.live(60000) == meter_faults.SHORT_OF_CAR
    supply.percent[1] = 100
    assert supply.offers(16000) == meter_faults.OK
    supply.percent[1] = 0
    supply.told_at()
    assert supply.live(1000) == meter_faults.SHORT_OF_CAR
    supply.response.forget()
    assert supply.live(1000) == meter_faults.OK


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
    assert short(6999, 10000, 6000, 8000)
    assert not short(7000, 10000, 6000, 8000)  # three quarters of the offer, less what meter and car are off by
    assert not short(6999, 10000, 6001, 8000)
    assert not short(-9000, 0, 3000, 8000)  # a roof
    assert not short(9000, 10000, 3000, 8000)
    assert not short(4000, 10000, 8000, 8000)  # the clamp saw all of the step: the roof carries the rest
    assert not short(4000, 10000, 12000, 8000)  # it gave up more than the offer asked for: it stops by itself
    assert not short(4000, 0, 3000, 8000)


def test_a_roof_that_feeds_the_car_is_no_doubt():
    supply = Supply(1, phases=1)
    supply.house_ma[0] = -9000
    supply.live(1000)
    for ma in (16000, 8000, 16000, 8000):
        assert supply.offers(ma) == meter_faults.OK


def directed(car_phases, backwards, house_ma=(900, 500, 700)):
    """A supply whose currents have a direction, with one clamp on backwards (-1: none)."""
    supply = Supply(car_phases)
    supply.response.directed = True
    supply.house_ma = list(house_ma)
    if backwards >= 0:
        supply.percent[backwards] = -100
    supply.live(1000)
    return supply


def test_a_clamp_on_backwards_is_told_by_the_car_even_where_panels_feed_in():
    for house_ma in ((900, 500, 700), (-9000, -9000, -9000)):
        assert directed(1, 0, house_ma).told_at() == (2, meter_faults.BACKWARDS, 0)
        for clamp in range(3):
            assert directed(3, clamp, house_ma).told_at() == (1, meter_faults.BACKWARDS, clamp)


def test_a_fall_within_a_rise_that_a_turned_clamp_still_shows_does_not_clear_it():
    """It moves the way that the fall would: whoever judges it so never comes to two steps."""
    supply = directed(1, 0)
    assert supply.offers(10000) == meter_faults.OK
    supply.offer_ma = 16000
    supply.live(300)
    supply.drawn_ma = 12000
    supply.live(100)
    supply.offer_ma = 13000
    supply.live(100)
    supply.drawn_ma = 15000
    supply.live(2000)
    supply.drawn_ma = 13000
    supply.live(8000)
    assert supply.offers(8000) == meter_faults.BACKWARDS


def test_a_fall_too_small_to_show_takes_no_suspicion_back_and_one_that_would_have_shown_does():
    for fall_ma, told in ((LEAST_MA - 200, meter_faults.BACKWARDS), (LEAST_MA + 200, meter_faults.OK)):
        supply = directed(1, 0)
        supply.offers(10000)
        supply.offer_ma -= fall_ma
        supply.live(WAIT_DOWN_MS + 1000)
        assert supply.offers(16000) == told


def test_panels_are_no_clamp_on_backwards():
    supply = directed(1, -1, (-12000, 500, 700))
    for ma in (10000, 16000, 6000, 0, 16000):
        assert supply.offers(ma) == meter_faults.OK
    assert supply.uses() == [0]


def test_a_house_that_falls_while_the_car_waits_is_believed_when_the_car_follows_next():
    supply = directed(1, -1, (15000, 500, 700))
    supply.offer_ma = 10000
    supply.live(300)
    supply.house_ma[0] = 5000
    assert supply.live(2000) == meter_faults.OK
    supply.drawn_ma = 10000
    supply.live(3000)
    assert supply.offers(16000) == meter_faults.OK
    assert supply.response.suspect == meter_faults.OK


def test_a_cloud_that_the_offer_follows_is_no_clamp_on_backwards_while_the_car_has_yet_to_follow():
    """The cloud's edge goes on after the offer has fallen, and a car takes nearly its five seconds."""
    supply = directed(1, -1, (-20000, 500, 700))
    supply.response.limits.exports, supply.response.limits.clouds = True, Clouds()
    for _ in range(2 * TIMES):
        for sun_ma, offer_ma in ((20000, 20000), (8000, 8000)):
            supply.offer_ma = offer_ma
            supply.live(100)
            supply.house_ma[0] = -sun_ma
            assert supply.live(4400) == meter_faults.OK
            supply.drawn_ma = offer_ma
            assert supply.live(4000) == meter_faults.OK


def test_nor_is_a_sun_that_rises_once_more_before_the_car_has_followed_and_the_offer_turns_back():
    supply = directed(1, -1, (-8000, 500, 700))
    supply.response.limits.exports, supply.response.limits.clouds = True, Clouds()
    supply.offers(8000, 8000)
    for _ in range(2 * TIMES):
        supply.offer_ma = 16000
        supply.live(100)
        supply.house_ma[0] = -16000
        assert supply.live(1000) == meter_faults.OK
        supply.offer_ma = 8000
        assert supply.live(1000) == meter_faults.OK
        assert supply.response.suspect != meter_faults.BACKWARDS
        supply.house_ma[0] = -8000
        supply.live(20000)


def test_a_clamp_on_backwards_is_told_under_the_sun_by_what_has_happened_when_a_car_must_have_followed():
    supply = directed(1, 0, (-20000, 500, 700))
    supply.response.limits.exports, supply.response.limits.clouds = True, Clouds()
    supply.offers(20000, 8000)
    assert supply.offers(10000, LATE_MS - 1000) == meter_faults.OK
    assert supply.response.suspect == meter_faults.OK
    for ma in (20000, 10000) * TIMES:
        supply.offers(ma, 8000)
    assert supply.response.doubt == meter_faults.BACKWARDS


def test_without_a_direction_nothing_is_told_backwards():
    supply = directed(1, -1, (-12000, 500, 700))
    supply.response.directed = False
    supply.percent[0] = -100
    for ma in (10000, 6000, 10000):
        assert supply.offers(ma) != meter_faults.BACKWARDS


class Windows:
    """The watch, window by window: currents and offers to the milliampere, each rule at its edge; a car at rest first."""

    def __init__(self, offer_ma, *grid_ma, phases=3, directed=False):
        self.limits = Limits()
        self.limits.phases = phases
        self.limits.idle_ma = 150
        self.response = StepResponse(self.limits)
        self.response.directed = directed
        self.offer_ma = offer_ma
        self.carries(*grid_ma)
        self.lasts(WAIT_UP_MS + 1)

    def lasts(self, ms):
        self.response.step(ms, self.grid_ma, self.offer_ma)

    def offers(self, ma):
        self.offer_ma = ma
        self.lasts(TICK_MS)

    def carries(self, *grid_ma):
        self.grid_ma = grid_ma
        self.lasts(TICK_MS)

    def follows(self, offer_ma, *grid_ma):
        """The offer moves, the currents do, and come to rest; returns the doubt."""
        self.offers(offer_ma)
        self.carries(*grid_ma)
        self.lasts(STILL_MS)
        return self.response.doubt

    def uses(self):
        """The phases on which the car was seen."""
        return [phase for phase in range(3) if self.response.uses[phase]]

    def against(self):
        """(doubt, clamp) that the last steps speak for, and how many of them; (0, 0, 0): none."""
        return self.response.suspect, self.response.suspect_phase, self.response.times


def test_a_current_is_smoothed_unless_it_leaps_and_a_window_counts_as_a_second_at_most():
    for before_ma, now_ma, ms, level_ma in (
        (0, 1000, 25, 200),
        (0, 1000, 100, 500),
        (0, 1000, 1000, 909),
        (0, 1000, 2000, 909),
        (0, 1001, 25, 1001),
        (32000, 34000, 25, 32400),
        (32000, 34001, 25, 34001),
    ):
        response = StepResponse(Limits())
        if before_ma:
            response.step(TICK_MS, (before_ma, 0, 0), 0)
        response.step(ms, (now_ma, 0, 0), 6000)
        assert response.house_ma == level_ma, (before_ma, now_ma, ms)


def test_the_house_is_what_l1_carried_when_the_car_was_first_offered_something():
    supply = Windows(0, 2000, 3000, 0)
    assert supply.response.house_ma == 0  # not known yet
    supply.follows(10000, 12000, 3000, 0)
    supply.follows(16000, 18000, 3000, 0)
    assert supply.response.house_ma == 2000
    supply.follows(0, 4000, 3000, 0)
    supply.offers(10000)
    assert supply.response.house_ma == 4000


def test_a_step_is_judged_half_a_second_after_the_last_phase_moved_by_more_than_noise():
    for before_ma, change_ma, judged in ((0, 440, True), (0, 442, False), (32000, 1136, True), (32000, 1137, False)):
        supply = Windows(0, 0, before_ma, 0)
        supply.offers(10000)
        supply.carries(10000, before_ma, 0)
        supply.grid_ma = (10000, before_ma + change_ma, 0)  # a second shows 10/11 of it
        supply.lasts(1000)
        assert (supply.uses() == [0]) == judged, (before_ma, change_ma)
        supply.lasts(STILL_MS - 1)
        assert (supply.uses() == [0]) == judged
        supply.lasts(1)
        assert supply.uses() == [0]


def test_a_step_below_1200_ma_proves_nothing():
    for moved_ma, uses in ((1199, []), (1200, [0])):
        supply = Windows(0, 0, 0, 0)
        supply.follows(6000, moved_ma, 0, 0)
        assert supply.uses() == uses


def test_a_car_has_a_minute_to_take_up_more_and_six_and_a_half_seconds_to_give_up():
    for ma, wait_ms in ((16000, WAIT_UP_MS), (8000, WAIT_DOWN_MS)):
        for late_ms, uses in ((0, [0]), (1, [])):
            supply = Windows(12000, 12000, 0, 0)
            supply.offers(ma)
            supply.lasts(wait_ms - TICK_MS + late_ms)
            supply.carries(ma, 0, 0)
            supply.lasts(STILL_MS)
            assert supply.uses() == uses, (ma, late_ms)


def test_a_car_may_stop_while_nothing_is_on_offer_and_while_a_fall_below_10500_ma_is_fresh():
    assert StepResponse(Limits()).may_stop()
    for from_ma, ma, may in (
        (16000, 10499, True),
        (16000, 10500, False),
        (9000, 8000, True),
        (9000, 9500, False),
        (12000, 16000, False),
    ):
        supply = Windows(from_ma, from_ma, 0, 0)
        assert not supply.response.may_stop()
        supply.offers(ma)
        assert supply.response.may_stop() == may, (from_ma, ma)
        supply.lasts(WAIT_UP_MS + 1)
        assert not supply.response.may_stop()


def stopped(ma):
    """A car that gave up all of its 20 A when ``ma`` was left of an offer of 24 A."""
    supply = Windows(24000, 20000, 0, 0)
    supply.follows(ma, 0, 0, 0)
    supply.lasts(WAIT_DOWN_MS)
    return supply


def test_a_car_that_gives_up_all_has_stopped_because_of_an_offer_below_10500_ma_only():
    assert stopped(10499).response.may_stop()
    assert not stopped(10500).response.may_stop()


def test_a_car_is_no_longer_stopped_from_the_window_on_in_which_the_offer_moves_or_it_is_unplugged():
    supply = stopped(10000)
    supply.offers(10400)
    assert not supply.response.may_stop()
    supply = stopped(10000)
    supply.response.forget()
    assert not supply.response.may_stop()


def test_a_house_that_moves_against_the_offer_does_not_end_the_wait_for_the_car():
    supply = Windows(16000, 16000, 2000, 0)
    supply.follows(8000, 16000, 11000, 0)
    assert supply.response.may_stop()


def test_the_car_is_elsewhere_while_its_steps_show_on_other_phases_than_l1_only():
    assert not StepResponse(Limits()).elsewhere()
    for before_ma, after_ma, elsewhere in (
        ((0, 8000, 0), (0, 16000, 0), True),
        ((0, 8000, 8000), (0, 16000, 16000), True),
        ((8000, 0, 8000), (16000, 0, 16000), False),
    ):
        supply = Windows(8000, *before_ma)
        supply.follows(16000, *after_ma)
        assert supply.response.suspect != meter_faults.OK
        assert supply.response.elsewhere() == elsewhere, before_ma
    supply = Windows(0, 0, 0, 0)
    supply.follows(10000, 4000, 0, 0)  # less than offered, but on L1
    assert not supply.response.elsewhere()


def test_a_phase_that_came_and_went_by_more_than_a_quarter_of_the_step_is_the_house():
    for hump_ma, uses in ((2000, [0]), (2001, [])):
        supply = Windows(8000, 8000, 0, 0)
        supply.offers(16000)
        supply.carries(16000, hump_ma, 0)
        supply.follows(16000, 16000, 0, 0)
        assert supply.uses() == uses


def test_a_phase_that_went_back_by_no_more_than_noise_may_be_the_cars():
    for back_ma, against in ((480, (meter_faults.SHORT_OF_CAR, 2, 1)), (600, (0, 0, 0))):
        supply = Windows(8000, 8000, 8000, 0)
        supply.offers(16000)
        supply.carries(16000, 16000, 3400)
        supply.grid_ma = (16000, 16000, 3400 - back_ma)
        supply.lasts(500)  # shows 5/6 of it
        supply.lasts(500)
        assert supply.against() == against


def test_a_phase_follows_with_three_quarters_of_what_moved_most():
    for ma, uses in ((14000, [0, 1]), (13999, [])):
        supply = Windows(8000, 8000, 8000, 2000)
        supply.follows(16000, 16000, ma, 2000)
        assert supply.uses() == uses


def test_a_phase_sees_a_part_of_the_car_with_more_than_an_eighth_of_what_moved_most_and_than_noise():
    for offer_ma, ma, against in (
        (24000, 2000, (0, 0, 0)),
        (24000, 2001, (meter_faults.SHORT_OF_CAR, 2, 1)),
        (11000, 480, (0, 0, 0)),  # shows as 400 mA
        (11000, 1001, (meter_faults.SHORT_OF_CAR, 2, 1)),
    ):
        supply = Windows(8000, 8000, 8000, 0)
        supply.offers(offer_ma)
        supply.carries(offer_ma, offer_ma, ma if ma > 1000 else 0)
        supply.grid_ma = (offer_ma, offer_ma, ma)
        supply.lasts(STILL_MS)
        assert supply.against() == against, (offer_ma, ma)


def test_a_part_beside_a_single_phase_that_followed_speaks_against_l1_only():
    supply = Windows(8000, 8000, 0, 0)
    supply.follows(16000, 16000, 4000, 0)
    assert (supply.against(), supply.uses()) == ((0, 0, 0), [])
    supply = Windows(8000, 4000, 8000, 0)
    supply.follows(16000, 8000, 16000, 0)
    assert supply.against() == (meter_faults.SHORT_OF_CAR, 0, 1)


def test_no_car_moves_further_than_the_offer_by_a_quarter_and_500_ma():
    for ma, uses in ((18500, [0]), (18501, [])):
        supply = Windows(8000, 8000, 0, 0)
        supply.follows(16000, ma, 0, 0)
        assert supply.uses() == uses


def test_a_phase_that_goes_back_by_three_quarters_of_what_followed_is_backwards():
    for ma, doubt in ((2000, meter_faults.BACKWARDS), (2001, meter_faults.OK)):
        supply = Windows(8000, 8000, 8000, 0, directed=True)
        assert supply.follows(16000, 16000, ma, 0) == doubt
        assert supply.response.phase == (1 if doubt else 0)


def test_a_phase_that_goes_back_alone_speaks_against_its_clamp_from_half_of_the_step_on():
    for ma, suspect in ((4000, meter_faults.BACKWARDS), (4001, meter_faults.OK)):
        supply = Windows(8000, 8000, 0, 0, directed=True)
        supply.follows(16000, ma, 0, 0)
        assert supply.against() == (suspect, 0, suspect != meter_faults.OK)


def test_two_falls_are_judged_at_three_quarters_of_both_or_when_a_car_would_have_begun():
    for ma, at_once in ((12000, True), (12001, False)):
        supply = Windows(24000, 24000, 0, 0)
        supply.offers(16000)
        supply.follows(8000, ma, 0, 0)
        assert (supply.uses() == [0]) == at_once
        supply.lasts(LATE_MS - STILL_MS - TICK_MS - 1)
        assert (supply.uses() == [0]) == at_once
        supply.lasts(1)
        assert supply.uses() == [0]


def test_an_offer_that_turns_back_ends_the_step_before_where_1200_ma_have_moved():
    for moved_ma, uses in ((1199, []), (1200, [0])):
        supply = Windows(10000, 10000, 0, 0)
        supply.offers(20000)
        supply.carries(10000 + moved_ma, 0, 0)
        supply.offers(14000)
        assert supply.uses() == uses


def test_a_third_clamp_beside_a_car_on_two_is_doubted_below_what_the_supply_always_carries():
    for ma, against in ((1999, (meter_faults.UNPLUGGED, 2, 1)), (2000, (0, 0, 0))):
        supply = Windows(8000, 8000, 8000, ma)
        supply.limits.idle_ma = 2000
        supply.follows(16000, 16000, 16000, ma)
        assert supply.against() == against


def test_a_rise_is_short_by_what_l1_carried_before_it_whatever_the_house_did_then():
    supply = Windows(8000, 5600, 0, 0, phases=1)
    supply.offers(16000)
    supply.carries(4000, 0, 0)
    supply.follows(16000, 8600, 0, 0)
    assert (supply.against(), supply.uses()) == ((0, 0, 0), [0])


def test_a_fall_is_short_by_what_l1_gave_up_of_what_it_carried_before():
    supply = Windows(16000, 7000, 0, 0, phases=1)
    supply.offers(8000)
    supply.carries(9000, 0, 0)
    supply.follows(8000, 2000, 0, 0)
    assert supply.against() == (meter_faults.SHORT_OF_CAR, 0, 1)


def test_a_step_speaks_against_l1_where_l2_carries_the_car_and_l1_does_not():
    for before_ma, l1_ma, l2_ma, suspect in (
        (2000, 2000, 13500, meter_faults.WRONG_PHASE),
        (2000, 2000, 13499, meter_faults.OK),  # 7/8 of 16 A, less 500 mA
        (11499, 11499, 16000, meter_faults.WRONG_PHASE),
        (11500, 11500, 16000, meter_faults.OK),  # 3/4 of 16 A, less 500 mA
        (12000, 10500, 16000, meter_faults.WRONG_PHASE),  # at the higher offer
    ):
        supply = Windows(8000, before_ma, l2_ma - 8000, 0)
        supply.follows(16000, l1_ma, l2_ma, 0)
        assert supply.against() == (suspect, 0, suspect != meter_faults.OK), (before_ma, l1_ma, l2_ma)


def test_two_steps_show_the_same_part_within_five_64ths_even_with_another_between_them():
    for parts, doubt in (
        ((24, 29), meter_faults.SHORT_OF_CAR),
        ((24, 30), meter_faults.OK),
        ((24, 40, 29), meter_faults.SHORT_OF_CAR),
        ((24, 40, 30), meter_faults.OK),
        ((40, 24, 29), meter_faults.SHORT_OF_CAR),
        ((40, 24, 30), meter_faults.OK),
    ):
        supply = Windows(8000, 3000, 0, 0, phases=1)
        l1_ma = 3000
        for number, part in enumerate(parts):
            assert supply.response.doubt == meter_faults.OK
            up = number % 2 == 0
            l1_ma += part * 100 if up else part * -100
            supply.follows(14400 if up else 8000, l1_ma, 0, 0)
        assert supply.response.doubt == doubt, parts


def test_a_part_that_was_seen_before_the_clamps_were_cleared_counts_no_more():
    supply = Windows(0, 0, 0, 0, phases=1)
    supply.follows(6400, 2000, 0, 0)
    supply.follows(14400, 10000, 0, 0)
    assert supply.response.suspect == meter_faults.OK
    supply.carries(7000, 0, 0)
    supply.follows(8000, 3000, 0, 0)
    assert supply.follows(14400, 5000, 0, 0) == meter_faults.OK


def test_a_single_step_against_one_clamp_counts_neither_for_nor_against_another():
    supply = Windows(8000, 0, 8000, 0)
    supply.follows(16000, 0, 16000, 0)
    supply.carries(16000, 0, 16000)
    assert supply.follows(8000, 8000, 0, 8000) == meter_faults.OK
    assert supply.follows(16000, 16000, 0, 16000) == meter_faults.OK
    assert supply.follows(8000, 8000, 0, 8000) == meter_faults.SHORT_OF_CAR


def test_three_steps_are_needed_anew_after_an_unplugging_and_after_a_fall_that_nothing_followed():
    for unplugged in (True, False):
        supply = Windows(16000, 0, 16000, 0)
        supply.follows(8000, 0, 8000, 0)
        supply.follows(16000, 0, 16000, 0)
        if unplugged:
            supply.response.forget()
        else:
            supply.offers(8000)
            supply.lasts(WAIT_DOWN_MS + 1)
            supply.offers(16000)
            supply.lasts(WAIT_UP_MS + 1)
        assert supply.against() == (0, 0, 0)
        assert supply.follows(8000, 0, 8000, 0) == meter_faults.OK
        assert supply.follows(16000, 0, 16000, 0) == meter_faults.OK
        assert supply.follows(8000, 0, 8000, 0) == meter_faults.WRONG_PHASE


def test_the_next_car_is_used_where_its_first_step_shows():
    supply = Windows(0, 0, 0, 0)
    supply.follows(10000, 10000, 0, 0)
    supply.follows(0, 0, 0, 0)
    supply.response.forget()
    assert supply.uses() == []
    supply.follows(10000, 10000, 10000, 10000)
    assert supply.uses() == [0, 1, 2]


def dipped(*grid_ma):
    """A supply whose offer fell from 16 to 8 A and was back before anything moved."""
    supply = Windows(16000, *grid_ma)
    supply.offers(8000)
    supply.offers(16000)
    return supply


def test_a_dip_of_the_offer_before_the_car_has_moved_is_no_step():
    supply = dipped(12000, 0, 0)
    supply.carries(20000, 0, 0)
    supply.lasts(STILL_MS)
    assert supply.uses() == []
    supply = Windows(8000, 0, 8000, 0)
    supply.follows(16000, 0, 16000, 0)
    supply.offers(8000)
    supply.offers(16000)
    supply.lasts(WAIT_DOWN_MS + 1)
    assert supply.response.suspect == meter_faults.WRONG_PHASE


def test_after_a_dip_the_next_step_stands_for_itself():
    supply = dipped(12000, 0, 0)  # it goes up
    supply.follows(24000, 16000, 0, 0)
    assert supply.uses() == [0]
    supply = dipped(12000, 0, 0)  # as long after as a car takes to give up
    supply.lasts(WAIT_DOWN_MS + 1)
    supply.follows(8000, 8000, 0, 0)
    assert supply.uses() == [0]
    supply = dipped(12000, 0, 0)  # the car followed the dip late
    supply.carries(8000, 0, 0)
    supply.lasts(STILL_MS)
    assert supply.uses() == []
    supply.carries(12000, 0, 0)
    supply.follows(8000, 8000, 0, 0)
    assert supply.uses() == [0]
