"""A need waits while the windows are sure to do, and no longer; it says early when it cannot be met, and knows the car."""

from itertools import pairwise

from headroom.law.car_current import CarCurrent
from headroom.law.ceilings import Ceilings
from headroom.law.wishes.need import LATE, LEARNT_MS, LIFTED, MET, WAITS, Draws
from headroom.law.wishes.timetable import DAY_MIN, Timetable
from headroom.law.wishes.wishes import UNCERTAIN, Wishes
from headroom.terms.records import Limits, Readings

EVENING, MORNING = 18 * 60, 7 * 60
NIGHT = (127, 23 * 60, 6 * 60, 80000)  # 23:00 to 05:00


def wishes_of(wh, car_ma=16000, at_min=EVENING, by_min=MORNING, windows=(NIGHT,), else_ma=0):
    """On a charger of one phase and 32 A, with a car that has shown what it draws; and the minutes that are left."""
    limits = Limits()
    limits.charger_ma = 32000
    limits.wires = 1
    wishes = Wishes(limits)
    wishes.timetable = Timetable(windows, else_ma)
    wishes.need.wh = wh
    wishes.minute = at_min
    wishes.draws.ma = wishes.draws.sum_ma = car_ma
    return wishes, (by_min - at_min) % DAY_MIN


def looked(wishes, left_min, car_wh=0, since_s=10):
    """The state after one more look."""
    wishes.need.look(since_s, car_wh, left_min, wishes)
    return wishes.need.state


def test_what_fits_into_the_window_waits_for_it_and_is_told_to_be_done_in_it():
    wishes, left_min = wishes_of(10000)
    assert looked(wishes, left_min) == WAITS
    hours = wishes.need.done_min / 60
    assert 23 + 10.1 / 3.68 - 18 - 0.02 < hours < 23 + 10.1 / 3.68 - 18 + 0.05


def test_what_does_not_fit_is_charged_at_once():
    assert looked(*wishes_of(24000)) == LIFTED  # 22 kWh fit


def test_a_window_that_lasts_up_to_the_hour_must_have_some_to_spare_for_nothing_behind_it_makes_up_for_less():
    assert looked(*wishes_of(18000, by_min=5 * 60)) == LIFTED
    assert looked(*wishes_of(18000, by_min=7 * 60)) == WAITS
    assert looked(*wishes_of(16000, by_min=5 * 60)) == WAITS


def test_what_all_the_time_cannot_give_is_told_with_the_hour_at_which_it_will_be_done():
    wishes, left_min = wishes_of(60000)
    assert looked(wishes, left_min) == LATE
    assert abs(wishes.need.done_min - 60600 * 60 / 3680) <= 1


def test_a_lifted_need_does_not_waver():
    wishes, left_min = wishes_of(21500)
    states = []
    for wh in range(0, 2000, 10):
        states.append(looked(wishes, left_min, wh))
    changes = sum(a != b for a, b in pairwise(states))
    assert (states[0], states[-1], changes) == (LIFTED, WAITS, 1)


def test_nothing_is_known_before_the_car_has_shown_what_it_draws():
    wishes, left_min = wishes_of(5000, car_ma=0)
    assert looked(wishes, left_min) == LIFTED
    assert wishes.need.done_min == -1
    wishes, left_min = wishes_of(99000, car_ma=0)
    assert looked(wishes, left_min) == LATE, "32 A to the end would not do"


def test_a_supply_that_gives_less_than_the_car_could_take_is_noticed_early():
    wishes, left_min = wishes_of(30000, windows=())
    car_wh, at_s = 0, 0
    while looked(wishes, left_min, car_wh) != LATE:
        at_s += 10
        car_wh = at_s * 1500 // 3600  # 1.5 kW of 3.68
        left_min = 13 * 60 - at_s // 60
        assert at_s < 3 * 3600
    assert left_min > 9 * 60


def test_what_is_delivered_is_met():
    wishes, left_min = wishes_of(5000)
    assert looked(wishes, left_min, 5000) == WAITS, "the counter may be wrong by a hundredth"
    assert looked(wishes, left_min, 5050) == MET


def test_a_ceiling_outside_the_window_counts_for_what_it_gives():
    assert looked(*wishes_of(24000, else_ma=6000)) == WAITS  # 22 kWh, and some hours with 6 A
    assert looked(*wishes_of(24000, else_ma=5000)) == LIFTED, "below the car's minimum"


def test_the_law_is_told_of_a_need_that_will_be_late_and_of_no_other():
    ceilings, car, readings = Ceilings(Limits()), CarCurrent(3, Limits(), [0, 0, 0]), Readings()
    for wh, expected in ((10000, 0), (24000, 1), (60000, 2)):
        wishes, left_min = wishes_of(wh)
        looked(wishes, left_min)
        wishes.find(25, ceilings, None, car, readings, None)
        assert ceilings.needed == expected, wh


def test_an_uncertain_clock_charges():
    wishes, _ = wishes_of(5000)
    looked(wishes, 13 * 60)
    assert not wishes.lifts()
    wishes.tell(UNCERTAIN, 0, 0, True, False, False)
    assert wishes.lifts()


def test_the_hour_that_is_left_out_in_spring_and_comes_twice_in_autumn_is_reckoned_with():
    for turn_min, done_min in ((0, 5 * 60 + 180), (60, 5 * 60 + 180), (-60, 5 * 60 + 180)):
        wishes, _ = wishes_of(3680 * 3 - 3680 * 3 // 101, by_min=9 * 60)
        wishes.turns_min, wishes.turn_min = 8 * 60, turn_min  # at 02:00
        looked(wishes, 15 * 60 - turn_min)
        assert abs(wishes.need.done_min - done_min) <= 1, turn_min
    wishes, _ = wishes_of(3680 * 5, by_min=9 * 60)
    fits = {}
    for turn_min in (0, 60, -60):
        wishes.turns_min, wishes.turn_min = 8 * 60, turn_min
        fits[turn_min] = wishes.fits(3680 * 11 // 2, 15 * 60 - turn_min)
    assert fits == {0: 5 * 60 + 330, 60: -1, -60: 5 * 60 + 330}, "in spring the window is an hour shorter"


def drawn(draws, ma, offer_ma, ms, sum_ma=None):
    """A car draws for a time."""
    for _ in range(ms // 1000):
        draws.step(1000, ma, sum_ma or ma, offer_ma)
    return draws.ma


def test_what_the_car_draws_is_the_most_that_it_was_seen_to_and_less_once_it_leaves_some_of_the_offer():
    draws = Draws()
    assert drawn(draws, 8000, 8000, LEARNT_MS - 1000) == 0
    assert drawn(draws, 8000, 8000, 5000) == 8000
    assert drawn(draws, 15800, 32000, 300000) in range(15700, 15801)
    assert drawn(draws, 7000, 7000, 300000) in range(15700, 15801), "the house left no more"
    assert drawn(draws, 3000, 16000, 600000) in range(3000, 3100), "it is nearly full"


def test_three_phases_are_three_times_as_many_watts_and_a_ceiling_takes_its_part():
    draws = Draws()
    drawn(draws, 16000, 16000, 200000, 48000)
    assert draws.watts(32000, 6000, 230) == 11040
    assert draws.watts(8000, 6000, 230) == 5520
    assert draws.watts(5999, 6000, 230) == 0


def test_under_mode_slow_it_reckons_with_what_that_leaves_the_car():
    """In the six hours of the window 16 A give 22 kWh, 6 A give 8.3."""
    wishes, left_min = wishes_of(10000)
    assert looked(wishes, left_min) == WAITS
    ceilings, car = Ceilings(wishes.limits), CarCurrent(3, Limits(), [0, 0, 0])
    ceilings.told_ma = 6000
    wishes.limits.slow = True
    wishes.find(25, ceilings, None, car, Readings(), None)
    assert looked(wishes, left_min) == LIFTED
    ceilings.told_ma = 0  # nobody dims for ever
    wishes.find(25, ceilings, None, car, Readings(), None)
    assert wishes.watts() == 6000 * 230 // 1000
