"""The tariff's mean: whole intervals, second by second, with their ends, and clocks that change in the middle.

The judge is a meter of its own: it knows the true time and adds up what flows.
"""

import pytest
from bench.household import Household
from headroom.guard import pilot
from headroom.law.peak import Peak
from headroom.law.tariff import Budget
from headroom.terms import reasons
from hypothesis import example, given, settings
from hypothesis import strategies as st

VOLTS = 230
MIDNIGHT_S = 86400 * 20000
QUARTER_S = 900


class Metered:
    """A household on a tariff, and the grid operator's meter: ``means_w`` of the whole intervals, in order.

    ``clock_s``: what the charger's clock shows in the beginning, in seconds since a midnight, None: it is never told;
    ``ahead_s``: by how much the true time is ahead of that.
    """

    def __init__(self, cap_w, cap_s=QUARTER_S, clock_s=MIDNIGHT_S, ahead_s=0, phases=1):
        self.home = Household(phases=phases, breaker_ma=63000, charger_ma=63000)
        self.home.tick_ms = 100
        self.home.car_max_ma = 63000
        self.cap_s = cap_s
        self.cap(cap_w)
        self.clock_s = clock_s
        self.true_s = (clock_s or MIDNIGHT_S) + ahead_s
        self.sum_mas = 0
        self.whole = self.true_s % cap_s == 0
        self.means_w = []
        self.pauses = 0

    def cap(self, cap_w, peak=None):
        """What is set: W, 0 for none; ``peak``: of the month, where that counts."""
        self.home.limits.cap = (cap_w, self.cap_s, peak) if cap_w else None
        return peak

    def live(self, seconds):
        """Let time pass."""
        home = self.home
        for _ in range(seconds):
            for _ in range(10):
                home.readings.wall_s = 0 if self.clock_s is None else self.clock_s
                before_ma = home.proposal.offer_ma
                home.tick()
                self.pauses += before_ma > 0 == home.proposal.offer_ma
                self.sum_mas += sum(home.readings.grid_ma[: home.limits.phases])
            self.true_s += 1
            if self.clock_s is not None:
                self.clock_s += 1
            if self.true_s % self.cap_s == 0:
                if self.whole:
                    self.means_w.append(self.sum_mas * VOLTS / 10000 / self.cap_s)
                self.sum_mas = 0
                self.whole = True

    def settle(self):
        """Live until the car charges; what was before is not judged."""
        self.live(QUARTER_S)
        self.means_w.clear()
        self.pauses = 0


@pytest.mark.parametrize("cap_w", [5000, 6000, 10000])
def test_a_draw_on_the_cap_is_not_cut_towards_the_end_of_the_quarter(cap_w):
    metered = Metered(cap_w)
    metered.home.house_ma[0] = 12000
    metered.settle()
    metered.live(2 * QUARTER_S)
    assert metered.pauses == 0
    assert all(0.99 * cap_w <= mean_w <= cap_w for mean_w in metered.means_w), metered.means_w


@pytest.mark.parametrize("cap_w", [5000, 6000, 10000])
@pytest.mark.parametrize("clock_s", [MIDNIGHT_S, None])
def test_a_house_that_moves_each_minute_leaves_the_mean_where_it_may_be(cap_w, clock_s):
    metered = Metered(cap_w, clock_s=clock_s)
    metered.settle()
    for minute in range(30):
        metered.home.house_ma[0] = (2000, 11000, 6000, 14000, 1000)[minute * 7 % 5]
        metered.live(60)
    assert metered.pauses == 0
    assert all(0.99 * cap_w <= mean_w <= cap_w for mean_w in metered.means_w), metered.means_w


def test_a_cap_on_three_phases_counts_all_of_them():
    metered = Metered(8000, phases=3)
    metered.home.house_ma = [3000, 500, 6000]
    metered.settle()
    metered.live(QUARTER_S)
    assert metered.pauses == 0
    assert 0.99 * 8000 <= metered.means_w[0] <= 8000


def test_a_cap_over_the_hour():
    metered = Metered(6000, cap_s=3600)
    metered.live(3600)
    metered.home.house_ma[0] = 9000
    metered.live(1800)
    metered.home.house_ma[0] = 3000
    metered.live(1800)
    assert 0.99 * 6000 <= metered.means_w[1] <= 6000


def test_a_car_on_its_minimum_is_not_stopped_for_what_the_rest_of_the_quarter_saves():
    metered = Metered(5000)
    metered.home.house_ma[0] = 4000
    metered.settle()
    metered.live(300)
    metered.home.house_ma[0] = 17500
    metered.live(150)
    metered.home.house_ma[0] = 4000
    metered.live(450)
    assert metered.pauses == 0
    assert 0.99 * 5000 <= metered.means_w[0] <= 5000


def test_a_car_for_which_there_is_no_room_for_long_is_stopped_once_and_not_in_every_quarter():
    metered = Metered(5000)
    metered.home.house_ma[0] = 4000
    metered.settle()
    metered.home.house_ma[0] = 17500
    metered.live(4 * QUARTER_S)
    assert metered.pauses == 1
    assert metered.home.proposal.reason == reasons.TARIFF
    assert max(metered.means_w) <= 5000


@pytest.mark.parametrize("ahead_s", [1, 200, 449, 700, 895])
def test_a_clock_that_was_wrong_and_is_set_leaves_no_quarter_above_the_cap(ahead_s):
    metered = Metered(5000, ahead_s=ahead_s)
    metered.home.house_ma[0] = 3000
    metered.live(2 * QUARTER_S + 100)
    metered.clock_s = metered.true_s
    metered.means_w.clear()
    metered.live(2 * QUARTER_S)
    assert metered.pauses == 0
    assert max(metered.means_w) <= 5000


@pytest.mark.parametrize("told_at_s", [450, 800, 890])
def test_what_was_not_drawn_before_the_clock_was_told_is_not_credited(told_at_s):
    metered = Metered(5000, clock_s=None, ahead_s=300)
    metered.home.verdict.pilot_state = pilot.A
    metered.live(told_at_s)
    metered.home.verdict.pilot_state = pilot.C
    metered.clock_s = metered.true_s
    metered.live(3 * QUARTER_S)
    assert max(metered.means_w) <= 5000
    assert metered.means_w[-1] >= 0.99 * 5000


def test_a_clock_that_is_put_back_a_little_begins_nothing_twice():
    budget = Budget()
    for second in range(903):
        budget.spend(1000, 20000, 20000, 900, MIDNIGHT_S + second)
    for second in (899, 900, 901):
        budget.spend(1000, 20000, 20000, 900, MIDNIGHT_S + second)
    assert 2000 <= budget.passed_ms <= 3000
    assert budget.used == 6 * 2000, "what flows meanwhile counts"


def test_without_a_clock_no_quarter_of_an_hour_is_above_the_cap_wherever_it_begins():
    metered = Metered(5000, clock_s=None, ahead_s=450)
    metered.home.verdict.pilot_state = pilot.A
    metered.live(450)
    metered.home.verdict.pilot_state = pilot.C
    metered.live(3 * QUARTER_S)
    assert max(metered.means_w) <= 5000


@pytest.mark.parametrize("change_s", [3600, -3600, 2, -2])
def test_summer_time_and_a_clock_that_is_put_right_by_seconds_change_nothing(change_s):
    for at_s in (400, 898, 901):
        metered = Metered(5000)
        metered.home.house_ma[0] = 3000
        metered.live(QUARTER_S + at_s)
        metered.clock_s += change_s
        metered.live(QUARTER_S)
        metered.live(QUARTER_S)
        assert metered.pauses == 0
        assert all(0.98 * 5000 <= mean_w <= 5010 for mean_w in metered.means_w[1:]), (at_s, metered.means_w)


def test_a_cap_that_is_set_in_the_middle_of_a_quarter_credits_nothing_of_it():
    metered = Metered(0)
    metered.home.house_ma[0] = 3000
    metered.live(QUARTER_S + 600)
    metered.cap(5000)
    metered.sum_mas = 5000 * 10000 * 600 // VOLTS  # as if it had been kept until now
    metered.live(300)
    metered.live(QUARTER_S)
    assert max(metered.means_w[1:]) <= 5000


@settings(max_examples=12, deadline=None)
@given(
    st.integers(5000, 12000),
    st.lists(st.tuples(st.integers(5, 200), st.integers(0, 12000)), min_size=1, max_size=20),
    st.integers(300, 4500),
)
@example(5000, [(895, 0), (5, 12000), (900, 12000)], 4500)
@example(5000, [(10, 12000), (10, 0)], 4500)
def test_no_house_that_leaves_the_car_its_minimum_brings_the_mean_above_the_cap_or_stops_the_car(
    cap_w, house, follow_ms
):
    cap_ma = cap_w * 1000 // VOLTS
    metered = Metered(cap_w)
    metered.home.reacts_ms = follow_ms
    metered.settle()
    lived_s = 0
    while lived_s < 2 * QUARTER_S:
        for seconds, ma in house:
            metered.home.house_ma[0] = min(ma, cap_ma - 7000)
            metered.live(seconds)
            lived_s += seconds
    assert metered.pauses == 0
    assert max(metered.means_w) <= cap_w


# ---- the month's peak


def test_what_the_month_has_cost_already_may_be_used_and_no_more():
    metered = Metered(4000)
    peak = metered.cap(4000, Peak())
    metered.settle()
    metered.live(2 * QUARTER_S)
    assert max(metered.means_w) <= 4000
    assert abs(peak.ma * VOLTS / 1000 - 4000) < 100
    metered.home.house_ma[0] = 8000 * 1000 // VOLTS  # the house alone, for a whole quarter
    metered.live(QUARTER_S)
    metered.home.house_ma[0] = 0
    metered.live(QUARTER_S)
    metered.means_w.clear()
    metered.live(4 * QUARTER_S)
    assert abs(peak.ma * VOLTS / 1000 - 8000) < 100
    assert all(7300 < mean_w <= 8000 for mean_w in metered.means_w), metered.means_w
    ceilings = metered.home.law.ceilings
    assert (ceilings.reason, abs(ceilings.bound - 7500) < 100) == (reasons.TARIFF, True)


def test_a_part_of_a_quarter_is_no_peak_and_neither_is_one_in_which_the_clock_was_set():
    metered = Metered(4000, clock_s=MIDNIGHT_S + 400)
    peak = metered.cap(4000, Peak())
    metered.home.house_ma[0] = 40000
    metered.live(500)
    assert peak.ma == 0, "it began before the start"
    metered.live(450)
    metered.clock_s += 100
    metered.live(QUARTER_S - 550)
    assert peak.ma == 0
    metered.live(QUARTER_S + 1)
    assert abs(peak.ma - 40000) < 400


@pytest.mark.parametrize("told", [True, False])
def test_an_interval_that_is_made_shorter_in_its_middle_is_no_peak_and_credits_nothing(told):
    for passed_s in range(3570, 0, -300):
        budget = Budget()
        for second in range(3600):
            cap_s = 3600 if second < passed_s else QUARTER_S
            budget.spend(1000, 20000, 20000, cap_s, told and MIDNIGHT_S + second)
            assert budget.ended_ma <= 20000, passed_s
            assert not told or second < passed_s or budget.used >= 2000 * (second % QUARTER_S - 1), passed_s


def test_while_the_clock_is_not_told_the_cap_is_what_was_set():
    metered = Metered(4000, clock_s=None)
    peak = metered.cap(4000, Peak())
    peak.ma = 40000
    metered.live(2 * QUARTER_S)
    assert metered.home.proposal.offer_ma <= 4000 * 1000 // VOLTS
    assert peak.ma == 40000


def test_a_slow_meters_seconds_all_count():
    quick, slow = Budget(), Budget()
    for _ in range(1000):
        quick.spend(100, 30000, 20000, QUARTER_S)
    for _ in range(5):
        slow.spend(20000, 30000, 20000, QUARTER_S)
    assert slow.used == quick.used
    assert slow.allowed_ma(20000, QUARTER_S, True) == quick.allowed_ma(20000, QUARTER_S, True)


def test_a_quarter_of_an_hour_in_which_the_meter_was_in_doubt_makes_no_peak():
    for doubt in (0, 8):
        metered = Metered(5000)
        peak = metered.cap(5000, Peak())
        metered.home.house_ma[0] = 40000
        metered.live(QUARTER_S)
        metered.home.verdict.doubt = doubt
        metered.live(QUARTER_S // 2)
        metered.home.verdict.doubt = 0
        metered.live(QUARTER_S // 2 + 1)
        assert (peak.ma > 0) == (not doubt)
