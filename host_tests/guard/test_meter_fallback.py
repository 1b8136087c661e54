"""Trust: a doubtful meter costs the offer in stages, is named, and gives it back by a ramp; no law can offer more."""

from bench import host
from bench.point import Point

host.load()
from headroom.guard import faults, meter_fallback, pilot
from headroom.guard.meter_fallback import MeterFallback, all_silent, another_carries, beyond_breaker, silent_phase
from headroom.guard.sight import WINDOW_MS
from headroom.serve import words
from headroom.serve.answers import advice
from headroom.terms import meter_faults, reasons
from headroom.terms.records import Limits, Readings, Verdict

WISH_MA = 32000
KNOWN_MA = 20000


def charging(**limits):
    """A car charging with 20 A at a supply that carries 22 A."""
    point = Point(breaker_ma=40000, charger_ma=WISH_MA, idle_ma=150, **limits)
    point.readings.grid_ma[0] = 22000
    point.proposal.offer_ma = KNOWN_MA
    point.charge()
    point.live(6000)
    assert about(KNOWN_MA, point.verdict.offer_ma)
    return point


def greedy(point, ms):
    """The law asks for all there is; returns the offer in force after ``ms``."""
    point.proposal.offer_ma = WISH_MA
    point.proposal.reason = reasons.RISE
    return point.live(ms).offer_ma


def about(ma, offer_ma):
    """The pilot's code for ``ma``."""
    return ma - 100 < offer_ma <= ma


def test_a_good_meter_costs_nothing():
    assert about(WISH_MA, greedy(charging(), 60000))


def test_every_doubt_reaches_the_verdict_within_a_second_and_says_why():
    for code in range(1, len(meter_faults.NAME)):
        point = charging()
        point.readings.quality[0] = code
        assert greedy(point, 900) <= KNOWN_MA
        assert point.verdict.doubt == code
        assert point.verdict.reason == reasons.DOUBT
        assert point.verdict.value == code


def test_from_the_first_doubtful_window_on_nothing_more_is_offered():
    point = charging()
    point.readings.quality[0] = meter_faults.FROZEN
    assert greedy(point, 20) <= KNOWN_MA


def test_a_few_bad_windows_are_no_doubt():
    point = charging()
    point.readings.quality[0] = meter_faults.CLIPPED
    greedy(point, 400)
    point.readings.quality[0] = meter_faults.OK
    assert about(WISH_MA, greedy(point, 6000))


def test_a_frozen_clamp_holds_then_allows_a_safe_current_then_pauses():
    point = charging()
    point.readings.quality[0] = meter_faults.FROZEN
    assert about(KNOWN_MA, greedy(point, 1000))
    assert about(6000, greedy(point, point.limits.trust_hold_ms))
    verdict = point.live(point.limits.trust_pause_ms)
    assert (verdict.offer_ma, verdict.fault) == (0, faults.METER)
    assert not point.live(7000).closed


def test_the_stages_are_as_long_and_as_high_as_they_were_set():
    point = charging(trust_hold_ms=2000, trust_safe_ma=8000, trust_pause_ms=3000)
    point.readings.quality[0] = meter_faults.FROZEN
    assert about(KNOWN_MA, greedy(point, 2300))
    assert about(8000, greedy(point, 500))
    assert about(8000, greedy(point, 2400))
    assert greedy(point, 500) == 0


def test_a_clipped_reading_hides_an_overload_and_is_not_held():
    point = charging()
    point.readings.quality[0] = meter_faults.CLIPPED
    assert about(6000, greedy(point, 600))


def test_a_reading_that_stops_coming_is_held_as_well():
    point = charging()
    point.readings.grid_ok = False
    assert about(KNOWN_MA, greedy(point, 1000))
    assert point.verdict.doubt == meter_faults.STALE
    assert about(6000, greedy(point, point.limits.trust_hold_ms))


def test_a_hold_never_stops_the_law_from_cutting():
    point = charging()
    point.readings.quality[0] = meter_faults.NOISY
    point.live(1000)
    point.proposal.offer_ma = 7000
    assert about(7000, point.live(100).offer_ma)


def test_what_the_law_had_paused_for_a_full_supply_stays_paused():
    point = charging()
    point.proposal.offer_ma = 0
    point.live(10000)
    point.readings.quality[0] = meter_faults.FROZEN
    assert greedy(point, 30000) == 0


def test_it_comes_back_by_a_ramp_after_it_has_stayed_good():
    point = charging()
    point.readings.quality[0] = meter_faults.CLIPPED
    greedy(point, 2000)
    point.readings.quality[0] = meter_faults.OK
    assert about(6000, greedy(point, point.limits.trust_back_ms - 500))
    after = greedy(point, 3500)
    assert 6000 < after < 10000
    assert point.verdict.doubt == meter_faults.OK
    assert about(WISH_MA, greedy(point, 60000))


def test_whatever_is_said_on_the_way_into_a_doubt_and_out_of_it_has_words():
    point = charging()
    said = set()
    for code, ms in ((meter_faults.CLIPPED, 30000), (meter_faults.OK, 60000)):
        point.readings.quality[0] = code
        for _ in range(ms // 250):
            greedy(point, 250)
            verdict = point.verdict
            said.add(words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound))
    assert any("in doubt" in text for text in said)
    assert any(text.startswith("the meter is good again: at most ") for text in said)


def test_a_short_doubt_that_was_only_held_costs_nothing_more():
    point = charging()
    point.readings.quality[0] = meter_faults.NOISY
    greedy(point, 1000)
    point.readings.quality[0] = meter_faults.OK
    for _ in range(20):
        assert greedy(point, 1000) >= KNOWN_MA - 100


def test_a_doubt_that_comes_and_goes_ages_only_while_it_is_there():
    point = charging(trust_hold_ms=2000)
    for _ in range(20):
        point.readings.quality[0] = meter_faults.NOISY
        point.live(600)
        point.readings.quality[0] = meter_faults.OK
        point.live(5000)
    assert about(6000, point.verdict.offer_ma)


def test_a_clamp_that_sees_nothing_while_the_car_charges_leaves_a_safe_current_only():
    point = charging()
    point.readings.grid_ma[0] = 0
    assert about(KNOWN_MA, greedy(point, 1000))
    assert point.verdict.doubt == meter_faults.UNPLUGGED
    assert about(6000, greedy(point, 60000))
    point.tick_ms = 250
    assert about(6000, greedy(point, 3600000))


def test_a_dead_clamp_is_told_before_a_car_is_there():
    point = Point(idle_ma=150)
    point.readings.grid_ma[0] = 149
    assert point.live(1000).doubt == meter_faults.UNPLUGGED
    point.proposal.offer_ma = WISH_MA
    point.live(4000, "B")
    assert about(6000, point.live(10000, "C").offer_ma)


def test_an_empty_clamp_whose_noise_crosses_the_line_now_and_then_is_told_within_a_second():
    point = Point(idle_ma=150)
    for window in range(40):
        point.readings.grid_ma[0] = 220 if window % 8 == 7 else 190 if window else 140
        point.live(25)
    assert point.verdict.doubt == meter_faults.UNPLUGGED


def test_a_house_that_dips_below_the_line_now_and_then_is_no_doubt():
    point = Point(idle_ma=150)
    for window in range(400):
        point.readings.grid_ma[0] = 210 if window % 2 else 140
        assert point.live(25).doubt == meter_faults.OK


def test_a_loose_contact_that_carries_nothing_most_of_the_time_is_told():
    point = charging()
    point.live(2000)
    for window in range(100):
        point.readings.grid_ma[0] = 22000 if window % 4 == 3 else 0
        point.live(25)
    assert point.verdict.doubt == meter_faults.UNPLUGGED


def test_a_house_just_above_the_line_that_once_dipped_below_is_believed_again():
    point = Point(idle_ma=150)
    for ma, ms in ((180, 5000), (140, 100), (180, 1000)):
        point.readings.grid_ma[0] = ma
        point.live(ms)
    assert point.live(point.limits.trust_back_ms).doubt == meter_faults.OK


def test_a_supply_that_carries_only_the_charger_starts_safe_and_is_believed_once_the_car_draws():
    point = Point(idle_ma=150)
    point.live(4000, "A")
    point.proposal.offer_ma = WISH_MA
    point.live(4000, "B")
    point.live(2000, "C")
    point.readings.grid_ma[0] = 6000
    assert about(WISH_MA, greedy(point, 60000))


def test_idle_ma_0_lets_a_supply_carry_nothing():
    point = Point(idle_ma=0)
    assert point.live(60000).doubt == meter_faults.OK


def test_one_silent_phase_of_three_is_no_doubt():
    point = Point(idle_ma=150, phases=3)
    point.readings.grid_ma[:] = (0, 200, 0)
    assert point.live(60000).doubt == meter_faults.OK


def test_more_than_the_breaker_passes_is_no_reading():
    point = charging()
    point.readings.grid_ma[0] = meter_fallback.FUSE_TIMES * 40000 + 1
    assert point.live(700).doubt == meter_faults.TOO_MUCH


def test_a_phase_the_charger_does_not_use_does_not_matter():
    point = charging()
    point.readings.quality[2] = meter_faults.STALE
    assert about(WISH_MA, greedy(point, 20000))


def test_a_hard_fault_still_opens_at_once():
    point = charging()
    point.readings.quality[0] = meter_faults.FROZEN
    point.live(1000)
    point.readings.residual_fault = True
    assert not point.live(40).closed


def test_what_each_rule_calls_a_doubt():
    assert all_silent([149, 0, 900], 2, 7, 150)
    assert not all_silent([149, 150, 0], 2, 7, 150)
    assert all_silent([149, 900, 900], 3, 1, 150)
    assert not all_silent([0, 0, 0], 3, 7, 0)
    assert beyond_breaker(96001, 16000)
    assert not beyond_breaker(96000, 16000)
    before_ma, uses = [16000] * 3, [True] * 3
    assert silent_phase([16000, 20, 16000], 3, uses, 150) == 1
    assert silent_phase([16000, 20, 16000], 1, uses, 150) == -1
    assert silent_phase([16000, 20, 16000], 3, [True, False, True], 150) == -1
    assert silent_phase([16000, 150, 16000], 3, uses, 150) == -1
    assert another_carries([16000, 20, 16000], before_ma, 3, uses, 1)
    assert not another_carries([200, 20, 300], before_ma, 3, uses, 1)
    assert not another_carries([13000, 20, 0], [29000, 16000, 16000], 3, uses, 2)  # the car stopped
    assert not another_carries([13000, 20, 0], [13000, 0, 0], 3, uses, 2)  # it has not begun
    assert another_carries([3000, 20, 0], [3000, 16000, 0], 3, uses, 1)
    assert not another_carries([2999, 20, 0], [2999, 16000, 0], 3, uses, 1)  # that may be the house's
    assert another_carries([8001, 20, 0], before_ma, 3, uses, 1)
    assert not another_carries([8000, 20, 0], before_ma, 3, uses, 1)  # it fell by half of what was lost


def test_every_doubt_has_a_name_and_tells_what_to_do():
    names = meter_faults.NAME
    assert len(set(names)) == len(names)
    assert len(meter_faults.FIRST) == len(meter_faults.LAST) == len(names) == len(advice.ROWS)
    for first, last, name, (word, what_to_do) in zip(meter_faults.FIRST, meter_faults.LAST, names, advice.ROWS):  # noqa: B905
        assert word
        assert name
        assert what_to_do
        assert first <= last


def test_a_car_that_stops_at_a_low_offer_while_the_house_rises_is_no_lost_phase():
    for lately, code in ((0, meter_faults.OK), (-1, meter_faults.SHORT_OF_CAR)):
        guarding = charging(phases=3).guard.fallback
        guarding.response.uses = [True] * 3
        guarding.response.begun = True
        guarding.before_ma = [16000] * 3
        guarding.response.from_ma, guarding.response.offer_ma, guarding.response.since_ms = 16000, 7000, lately
        assert guarding._silence(25, [13000, 20, 0], True) == code


class Meter:
    """Trust by itself: a house with an ampere on each of three phases, a car that is offered 16 A, a law that wants 32 A."""

    def __init__(self, **limits):
        self.limits = Limits()
        self.limits.charger_ma, self.limits.breaker_ma, self.limits.phases = WISH_MA, 40000, 3
        self.limits.idle_ma = 150
        for name, value in limits.items():
            setattr(self.limits, name, value)
        self.fallback = MeterFallback(self.limits)
        self.response = self.fallback.response
        self.readings = Readings()
        self.readings.grid_ok = True
        self.readings.grid_ma[:] = [1000, 1000, 1000]
        self.verdict = Verdict()
        self.verdict.pilot_state, self.verdict.offer_ma = pilot.B, 16000

    def live(self, *windows_ms):
        """So many ms each, looked at after a window's time as well; returns the ceiling after the last."""
        ceiling_ma = 0
        for ms in windows_ms:
            if ms > WINDOW_MS:
                self.fallback.step(WINDOW_MS, self.readings, self.verdict, WISH_MA)
                ms -= WINDOW_MS
            ceiling_ma = self.fallback.step(ms, self.readings, self.verdict, WISH_MA)
        return ceiling_ma

    def charges(self, uses=(True, True, True)):
        """The car draws 16 A on each phase, and these are known to be its own."""
        self.verdict.closed, self.verdict.pilot_state = True, pilot.C
        self.live(WINDOW_MS)
        self.readings.grid_ma[:] = [17000, 17000, 17000]
        self.live(*[1000] * 100)
        assert self.told() == (meter_faults.OK, 0)
        self.response.uses[:] = uses
        return self

    def told(self):
        """(doubt, phase)."""
        return self.fallback.doubt, self.fallback.phase


def test_a_doubt_is_raised_after_half_a_second_and_silence_after_300_ms():
    meter = Meter()
    meter.readings.quality[1] = meter_faults.FROZEN
    meter.live(499)
    assert meter.fallback.doubt == meter_faults.OK
    meter.live(1)
    assert meter.told() == (meter_faults.FROZEN, 1)
    meter = Meter()
    meter.readings.grid_ma[:] = [149, 0, 0]
    meter.live(299)
    assert meter.fallback.doubt == meter_faults.OK
    meter.live(1)
    assert meter.told() == (meter_faults.UNPLUGGED, 0)


def test_what_is_in_force_stays_until_a_doubt_is_raised_and_then_counts_only_if_the_car_charged_with_it():
    for closed, held_ma in ((True, 16000), (False, 6000)):
        meter = Meter()
        meter.verdict.closed = closed
        meter.live(100)
        meter.readings.quality[0] = meter_faults.FROZEN
        assert meter.live(499) == 16000
        assert meter.live(1) == held_ma


def test_each_stage_is_over_to_the_millisecond_each_time():
    meter = Meter(trust_hold_ms=2000, trust_pause_ms=3000)
    meter.verdict.closed = True
    meter.verdict.offer_ma = 16000
    for turn in range(2):
        meter.live(*[1000] * 40)
        meter.readings.quality[0] = meter_faults.FROZEN
        assert meter.live(499, 1, 1998) == 16000, turn
        assert meter.live(1) == 6000
        assert meter.live(2999) == 6000
        assert meter.live(1) == 0
        meter.readings.quality[0] = meter_faults.OK
        assert meter.live(9999) == 0
        assert meter.fallback.doubt == meter_faults.FROZEN
        meter.live(1)
        assert meter.fallback.doubt == meter_faults.OK


def after_a_pause():
    """A meter that is good again, after a doubt that had come to its pause."""
    meter = Meter()
    meter.readings.quality[0] = meter_faults.CLIPPED
    assert meter.live(1000, 100000) == 0
    meter.readings.quality[0] = meter_faults.OK
    assert meter.live(9999, 1) == 0
    assert meter.fallback.doubt == meter_faults.OK
    return meter


def test_the_way_back_rises_by_an_ampere_a_second():
    meter = after_a_pause()
    assert 10000 <= meter.live(*[1000] * 10) <= 10020
    assert meter.live(*[1000] * 25) > WISH_MA


def test_a_doubt_on_the_way_back_holds_no_more_than_the_way_had_come_to():
    meter = after_a_pause()
    assert meter.live(1000) < 1100
    meter.readings.quality[0] = meter_faults.NOISY
    assert meter.live(500) < 1100
    assert meter.fallback.doubt == meter_faults.NOISY


def test_a_good_meter_bounds_nothing_and_counts_in_small_integers_for_ever():
    meter = Meter()
    ceiling_ma = meter.live(*[1000000] * 1100)
    assert 80000 < ceiling_ma < 1 << 30
    assert meter.fallback.ramp_ma < 1 << 30


def test_a_clamp_that_carries_nothing_never_ends_in_a_pause():
    meter = Meter()
    meter.readings.grid_ma[:] = [0, 0, 0]
    assert meter.live(*[1000] * 1000) == 6000


def test_power_that_flows_out_is_a_clamp_on_backwards_unless_something_feeds_in():
    for power_w, power_ok, exports, code in (
        (-100, True, False, meter_faults.OK),
        (-101, True, False, meter_faults.BACKWARDS),
        (-101, False, False, meter_faults.OK),
        (-101, True, True, meter_faults.OK),
    ):
        meter = Meter(exports=exports)
        meter.readings.power_w[2], meter.readings.power_ok = power_w, power_ok
        meter.live(500)
        assert meter.told() == (code, 2 if code else 0)
        if code == meter_faults.OK:
            assert meter.response.directed is power_ok


def test_the_worst_phase_is_told_the_first_of_equal_ones_and_still_while_the_doubt_fades():
    meter = Meter()
    meter.readings.quality[:] = [meter_faults.NOISY, meter_faults.CLIPPED, meter_faults.CLIPPED]
    meter.live(500)
    assert meter.told() == (meter_faults.CLIPPED, 1)
    meter.readings.quality[:] = [meter_faults.OK] * 3
    meter.live(1000)
    assert meter.told() == (meter_faults.CLIPPED, 1)


def test_what_concerns_all_phases_is_told_with_the_first():
    for code in (meter_faults.STALE, meter_faults.UNPLUGGED):
        meter = Meter()
        meter.readings.quality[1] = meter_faults.NOISY
        meter.live(500)
        assert meter.told() == (meter_faults.NOISY, 1)
        meter.readings.quality[1] = meter_faults.OK
        if code == meter_faults.STALE:
            meter.readings.grid_ok = False
        else:
            meter.readings.grid_ma[:] = [0, 0, 0]
        meter.live(500)
        assert meter.told() == (code, 0)


def test_the_cars_first_phase_may_carry_nothing_for_less_than_three_seconds():
    meter = Meter().charges(uses=(False, False, False))
    meter.response.house_ma = 299
    for _ in range(2):
        meter.readings.grid_ma[0] = 0
        meter.live(2999)
        assert meter.fallback.seen_ms == 0
        meter.readings.grid_ma[0] = 17000
        meter.live(1000)
    meter.readings.grid_ma[0] = 0
    meter.live(2999, 1)
    assert meter.fallback.seen_ms == 1
    meter.live(299)
    assert meter.told() == (meter_faults.UNPLUGGED, 0)


def closes(first_ma=0, **limits):
    """A meter whose contactor has just closed with 16 A on offer, in a house whose L1 carries ``first_ma``."""
    meter = Meter(**limits)
    meter.readings.grid_ma[:] = [first_ma, 1000, 1000]
    meter.live(1000)
    meter.verdict.closed, meter.verdict.pilot_state = True, pilot.C
    meter.live(WINDOW_MS)
    return meter


def test_a_car_that_has_not_begun_may_leave_a_quiet_phase_silent_for_three_quarters_of_a_minute():
    meter = closes()
    meter.live(*[1000] * 44)
    assert meter.fallback.doubt == meter_faults.OK
    meter.live(1000, 300)
    assert meter.told() == (meter_faults.UNPLUGGED, 0)


def test_meanwhile_it_is_offered_what_lets_any_car_begin_and_all_of_it_once_the_clamp_shows_the_car():
    meter = closes()
    assert meter.live(2900) > WISH_MA
    assert meter.live(1000) == 10500
    assert meter.fallback.cause() == meter_faults.UNPLUGGED
    assert meter.told() == (meter_faults.OK, 0)
    meter.readings.grid_ma[:] = [10500, 11500, 11500]
    assert meter.live(WINDOW_MS) > WISH_MA
    assert meter.fallback.cause() == meter_faults.OK


def test_what_no_house_does_alone_shows_that_the_car_draws_and_a_silent_first_phase_is_told_as_soon_as_ever():
    for grid_ma, code in (
        ([0, 9000, 9000], meter_faults.UNPLUGGED),  # a car on three phases
        ([0, 17000, 1000], meter_faults.UNPLUGGED),  # one on two: just what it is offered
        ([0, 13000, 1000], meter_faults.OK),  # a kettle
        ([0, 3600, 3600], meter_faults.OK),  # a hob's zone
    ):
        meter = closes()
        meter.readings.grid_ma[:] = grid_ma
        meter.live(3000, 300)
        assert meter.fallback.doubt == code, grid_ma


def test_a_hob_that_goes_off_while_a_car_that_drew_before_waits_is_no_lost_phase():
    meter = closes(first_ma=500)
    meter.response.uses[:] = [True] * 3
    meter.readings.grid_ma[:] = [500, 12000, 4000]
    meter.live(2000)
    meter.readings.grid_ma[:] = [500, 12000, 0]
    meter.live(2000)
    assert meter.fallback.doubt == meter_faults.OK


def test_a_car_on_several_phases_that_stops_by_itself_leaves_a_quiet_first_phase_as_one_that_has_not_begun():
    meter = Meter().charges()
    meter.response.house_ma = 400
    meter.readings.grid_ma[:] = [0, 1000, 1000]
    meter.live(*[1000] * 40)
    assert meter.fallback.doubt == meter_faults.OK
    meter.readings.grid_ma[:] = [0, 17000, 17000]  # it draws again, and L1's clamp does not show it
    meter.live(500)
    assert meter.fallback.doubt != meter_faults.OK


def test_the_house_may_go_silent_with_a_car_that_comes_down_but_a_clamp_is_off_at_once():
    for fall_ma, code in (((), meter_faults.UNPLUGGED), ((11000, 8000, 4900, 3000, 2000, 1000), meter_faults.OK)):
        meter = Meter().charges(uses=(True, False, False))
        meter.response.house_ma = 400
        for first_ma in fall_ma:
            meter.readings.grid_ma[0] = first_ma
            meter.live(WINDOW_MS)
        meter.readings.grid_ma[0] = 0
        meter.live(300)
        assert meter.fallback.doubt == code, fall_ma


def test_a_silent_first_phase_waits_no_three_seconds_where_the_cars_step_showed_on_the_others_only():
    for suspect, phase, part, code in (
        (meter_faults.SHORT_OF_CAR, 0, 0, meter_faults.UNPLUGGED),
        (meter_faults.SHORT_OF_CAR, 1, 0, meter_faults.OK),
        (meter_faults.SHORT_OF_CAR, 0, 20, meter_faults.OK),  # it showed on L1, by less than the offer
        (meter_faults.OK, 0, 0, meter_faults.OK),
    ):
        meter = Meter().charges(uses=(False, False, False))
        meter.response.house_ma = 299
        meter.response.suspect, meter.response.suspect_phase, meter.response.suspect_part = suspect, phase, part
        meter.readings.grid_ma[0] = 0
        meter.live(299, 1)
        assert meter.fallback.doubt == code


def test_where_the_house_had_carried_twice_the_least_no_second_is_waited_but_for_a_car_that_may_stop():
    for house_ma, offer_ma, left_ma, code in (
        (300, 16000, 149, meter_faults.UNPLUGGED),
        (300, 16000, 150, meter_faults.OK),
        (299, 16000, 0, meter_faults.OK),
        (300, 9000, 0, meter_faults.OK),
    ):
        meter = Meter().charges(uses=(False, False, False))
        meter.response.house_ma = house_ma
        meter.verdict.offer_ma = offer_ma
        meter.live(1)
        meter.readings.grid_ma[0] = left_ma
        meter.live(300)
        assert meter.fallback.doubt == code


def test_a_phase_that_is_lost_while_the_car_draws_on_is_named_and_a_car_that_stops_loses_none():
    for lost in range(3):
        meter = Meter().charges()
        meter.readings.grid_ma[lost] = 20
        meter.live(500)
        assert meter.told() == (meter_faults.SHORT_OF_CAR, lost)
    meter = Meter().charges()
    meter.readings.grid_ma[:] = [1000, 20, 1000]
    meter.live(500)
    assert meter.fallback.doubt == meter_faults.OK


def test_where_panels_feed_in_a_phase_is_lost_that_fell_at_once_and_until_it_carries_anything_again():
    for lost in range(3):
        meter = Meter(exports=True, idle_ma=0).charges()
        meter.readings.grid_ma[lost] = 149
        meter.live(500)
        assert meter.told() == (meter_faults.SHORT_OF_CAR, lost)
        meter.verdict.offer_ma = 6000
        meter.readings.grid_ma[:] = [7000, 7000, 7000]
        meter.readings.grid_ma[lost] = -149
        meter.live(*[1000] * 100)
        meter.verdict.closed = False
        meter.live(*[1000] * 100)
        assert meter.told() == (meter_faults.SHORT_OF_CAR, lost)
        meter.readings.grid_ma[lost] = 150
        meter.live(10000)
        assert meter.fallback.doubt == meter_faults.OK


def test_there_a_car_alone_on_one_phase_is_lost_from_5_a_on_unless_the_sun_or_an_offer_that_moved_is_followed():
    for fall_ma, solar, moved, code in (
        ((17000,), None, 0, meter_faults.SHORT_OF_CAR),
        ((17000,), None, 5000, meter_faults.SHORT_OF_CAR),
        ((6000,), None, 5000, meter_faults.OK),  # the car may have followed to just what the panels give
        ((17000,), (1, 0, 0), 0, meter_faults.OK),
        ((11000, 8000, 4900, 3000, 2000, 1000), None, 0, meter_faults.OK),
    ):
        meter = Meter(exports=True, idle_ma=0, solar=solar).charges(uses=(True, False, False))
        for first_ma in fall_ma:
            meter.readings.grid_ma[0] = first_ma
            meter.live(*[2000] * (first_ma == 6000), WINDOW_MS)
        meter.verdict.offer_ma = 16000 - moved
        meter.readings.grid_ma[0] = 149
        meter.live(500)
        assert meter.fallback.doubt == code, (fall_ma, solar, moved)
    for first_ma, code in ((4999, meter_faults.OK), (5000, meter_faults.SHORT_OF_CAR)):
        meter = Meter(exports=True, idle_ma=0).charges(uses=(True, False, False))
        meter.readings.grid_ma[0] = first_ma
        meter.live(*[1000] * 20)
        meter.fallback.carried_ms = 0
        meter.readings.grid_ma[0] = 0
        meter.live(500)
        assert meter.fallback.doubt == code


def test_there_a_phase_that_comes_down_slowly_or_carries_little_is_the_suns():
    for readings in (range(17000, 0, -500), (4000, 4000)):
        meter = Meter(exports=True, idle_ma=0).charges()
        for second_ma in readings:
            meter.readings.grid_ma[1] = second_ma
            meter.live(1000)
        meter.readings.grid_ma[1] = 0
        meter.fallback.before_ma[1] = min(meter.fallback.before_ma[1], 4999)
        meter.live(500)
        assert meter.fallback.doubt == meter_faults.OK
    meter = Meter(exports=True, idle_ma=0)
    meter.readings.grid_ma[:] = [0, 0, 0]
    meter.live(1000, 1000)
    assert meter.fallback.doubt == meter_faults.OK


def test_what_the_phases_carried_before_is_an_average_of_two_seconds_while_the_car_draws():
    meter = Meter()
    for grid_ma in ([1000, -2000, 3000], [500, 700, 900]):
        meter.readings.grid_ma[:] = grid_ma
        meter.live(1)
        assert meter.fallback.before_ma == [abs(ma) for ma in grid_ma]
    meter.charges()
    meter.fallback.before_ma[:] = [15000, 16000, 19000]
    meter.fallback.step(1000, meter.readings, meter.verdict, WISH_MA)
    assert meter.fallback.before_ma == [16000, 16500, 18000]
    meter.live(100000)
    assert meter.fallback.before_ma == [17000, 17000, 17000]


def test_only_what_is_offered_through_a_closed_contactor_moves_a_car():
    meter = Meter()
    meter.live(100)
    assert meter.response.offer_ma == 0
    assert meter.charges().response.offer_ma == 16000


def test_what_the_cars_steps_say_is_raised_at_once_before_all_else_and_until_it_is_unplugged():
    meter = Meter().charges()
    meter.response.doubt, meter.response.phase = meter_faults.WRONG_PHASE, 1
    meter.readings.grid_ma[:] = [0, 0, 0]
    meter.live(1)
    assert meter.told() == (meter_faults.WRONG_PHASE, 1)
    meter.live(20000)
    assert meter.fallback.doubt == meter.response.doubt == meter_faults.WRONG_PHASE
    meter.verdict.pilot_state, meter.verdict.closed = pilot.A, False
    meter.readings.grid_ma[:] = [1000, 1000, 1000]
    meter.live(1)
    assert meter.response.doubt == meter_faults.OK
    meter.live(10000)
    assert meter.fallback.doubt == meter_faults.OK


def test_when_what_was_worse_has_stayed_away_the_lesser_doubt_is_told_and_its_answer_given():
    meter = Meter(trust_hold_ms=0, trust_pause_ms=5000, trust_back_ms=10000)
    meter.readings.grid_ma[:] = [0, 0, 0]
    meter.live(*[1000] * 20)
    assert meter.told() == (meter_faults.UNPLUGGED, 0)
    meter.readings.quality[0] = meter_faults.CLIPPED
    assert meter.live(25) == 0
    meter.readings.quality[0] = meter_faults.OK
    assert meter.live(*[1000] * 9, 999) == 0
    assert meter.fallback.doubt == meter_faults.CLIPPED
    assert meter.live(1) == meter.limits.trust_safe_ma
    assert meter.fallback.doubt == meter_faults.UNPLUGGED
    meter.readings.quality[0] = meter_faults.FROZEN
    meter.live(*[1000] * 9, 999)
    assert meter.fallback.doubt == meter_faults.UNPLUGGED
    meter.live(1)
    assert meter.fallback.doubt == meter_faults.FROZEN


def test_a_hold_that_was_over_does_not_begin_with_a_lesser_doubt_and_one_that_lasts_goes_on():
    meter = Meter(trust_hold_ms=20000, trust_pause_ms=5000, trust_back_ms=10000)
    meter.readings.quality[0] = meter_faults.CLIPPED
    assert meter.live(*[1000] * 7) == 0
    meter.readings.quality[0] = meter_faults.FROZEN
    assert meter.live(*[1000] * 11) == 0
    assert meter.fallback.doubt == meter_faults.FROZEN
    meter = Meter(trust_hold_ms=20000, trust_pause_ms=5000, trust_back_ms=10000).charges()
    meter.readings.quality[0] = meter_faults.FROZEN
    meter.live(1000)
    meter.readings.quality[0] = meter_faults.NOISY
    assert meter.live(*[1000] * 11) == 16000
    assert meter.fallback.doubt == meter_faults.NOISY


def test_a_worse_doubt_that_comes_back_in_time_is_told_on():
    meter = Meter(trust_hold_ms=0, trust_pause_ms=5000, trust_back_ms=10000)
    meter.readings.grid_ma[:] = [0, 0, 0]
    for _ in range(5):
        meter.readings.quality[0] = meter_faults.CLIPPED
        meter.live(*[1000] * 6)
        meter.readings.quality[0] = meter_faults.OK
        assert meter.live(*[1000] * 9) == 0
        assert meter.fallback.doubt == meter_faults.CLIPPED
    meter.readings.grid_ma[:] = [1000, 1000, 1000]
    meter.live(*[1000] * 9)
    assert meter.fallback.doubt == meter_faults.CLIPPED
    meter.live(1000)
    assert meter.fallback.doubt == meter_faults.OK


def test_a_phase_that_the_cars_steps_find_silent_is_named_but_a_lost_one_is_worse():
    meter = Meter().charges()
    meter.response.doubt, meter.response.phase = meter_faults.UNPLUGGED, 2
    meter.live(1)
    assert meter.told() == (meter_faults.UNPLUGGED, 2)
    meter = Meter().charges()
    meter.response.doubt, meter.response.phase = meter_faults.UNPLUGGED, 2
    meter.readings.grid_ma[1] = 20
    meter.live(500)
    assert meter.told() == (meter_faults.SHORT_OF_CAR, 1)
