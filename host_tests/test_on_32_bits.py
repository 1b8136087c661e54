"""The rules on a real 32-bit VM: integers of 31 bits, so that whatever leaves them allocates, as it does on the chip.

Each test file of the rooms that decide and sense, as it runs on the 64-bit VM; then ticks with the largest figures that a
charger can meet, in which nothing may be allocated.
"""

import functools
import re
import sys
from pathlib import Path

import pytest
from headroom_tools.measure import vm32
from headroom_tools.measure.heap_cost import without_viper

sys.path.insert(0, str(Path(__file__).parent))
from test_micropython_vm import HERE, NEUTRAL, ROOT

pytestmark = pytest.mark.skipif(vm32.node() is None, reason=vm32.MISSING)

ROOMS = ("guard", "law", "monitor", "record", "sense", "terms")
RULES = [path for path in NEUTRAL if path.parent.name in ROOMS]
HEAP = 8000000  # the bench's own: nothing is collected while a test runs
PATH = "import gc, sys\nsys.path[:0] = ['/tools/bench']\nimport vmtest"
YEAR_S = 365 * 86400
# Long hours of a charge, and sweeps over many chips: the 64-bit VM runs them, which takes a sixth of the time.
LONG = {
    "test_a_fault_that_opens_now_does_so_beside_every_polite_one",
    "test_it_opens_as_its_row_says",
    "test_a_clamp_that_sees_nothing_while_the_car_charges_leaves_a_safe_current_only",
    "test_every_doubt_reaches_the_verdict_within_a_second_and_says_why",
    "test_a_contactor_that_fell_off_is_closed_again_and_so_often_only",
    "test_a_car_that_draws_more_than_offered_gets_six_seconds_and_another_chance_with_half_of_it_down_to_the_least",
    "test_an_hour_without_a_fault_forgives_too_for_a_car_may_stand_there_for_weeks",
    "test_without_a_diode_nothing_closes_and_after_some_tries_nothing_is_tried",
    "test_residual_current_opens_at_once_and_stays_until_a_person_clears_it",
    "test_a_healthy_charge_has_no_fault",
    "test_a_car_five_seconds_behind_an_offer_that_keeps_falling_is_within_the_standard",
    "test_never_under_load_and_again_after_a_day",
    "test_a_sleeping_car_is_woken_three_times_and_then_left_alone",
    "test_a_sleeping_car_is_woken_after_thirty_seconds_by_4_4_and_30_seconds",
    "test_wake_ups_are_counted_anew_for_another_plug_and_after_a_charge",
    "test_after_a_long_charge_the_wait_is_short_again",
    "test_a_reading_that_wobbles_about_the_minimum_does_not_strand_a_car",
    "test_what_is_barely_enough_must_have_lasted_twenty_minutes",
    "test_the_next_car_does_not_wait_for_what_the_last_one_was_stopped_for",
    "test_a_tariff_caps_the_mean_of_the_quarter_and_not_the_power",
    "test_after_a_long_pause_the_next_dip_below_the_minimum_is_as_short_as_any",
    "test_after_a_short_charge_plenty_waits_for_the_dwell_only_and_from_the_fourth_interruption_on_for_longer",
    "test_plateaus_of_45_seconds_are_taken_again_after_a_house_that_cycled_faster",
    "test_a_short_overload_by_the_house_alone_each_minute_dips_the_car_once",
    "test_a_phase_that_the_house_alone_overloads_costs_the_car_a_dip_of_seconds_and_none_for_ten_minutes",
    "test_a_phase_that_did_not_fall_when_the_contactor_opened_does_not_keep_the_car_waiting",
    "test_a_house_that_cycles_is_learnt_and_no_longer_followed",
    "test_pilot_states_read_within_their_bands_steady_and_under_pwm",
    "test_volts_and_watts_of_every_phase_at_power_factors_from_1_to_a_half",
    "test_a_frequency_that_leaps_is_followed_within_two_seconds",
    "test_narrow_pulses_read_alike_in_every_window_whichever_clamp_and_wherever_the_pilots_samples_fall",
    "test_every_generator_and_car_within_its_tolerances_is_read_right_on_any_chip",
    "test_edges_that_an_interrupt_moved_while_they_were_dated_are_dated_anew",
    "test_a_window_ends_early_for_a_pilot_that_moved_near_its_end",
    "test_narrow_pulses_in_a_noisy_converter_do_not_mislead_the_cycle",
    "test_a_current_that_hardly_rises_above_the_noise_does_not_mislead_the_cycle",
    "test_both_plateaus_are_read_at_every_ampere_in_every_state_of_the_car",
    "test_the_adcs_bend_is_that_of_the_chips_reference",
    "test_an_interrupt_while_an_edge_is_dated_gives_no_wrong_reading",
    "test_every_cables_coding_is_read_on_any_chip",
    "test_the_ntcs_curve_is_met_within_a_kelvin",
    "test_one_conversion_in_some_that_fails_changes_nothing",
}


@functools.cache
def repository():
    """Firmware, boards and bench as they lie in the repository, for a VM without native code."""
    files = {}
    for part in ("firmware", "boards", "tools/bench"):
        for path in (ROOT / part).rglob("*.py"):
            text = without_viper(path.read_text("utf-8"), bodies=True)
            files[path.relative_to(ROOT).as_posix()] = text.encode()
    return files


def names_of(path):
    """The names of a file's tests."""
    return re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)


def test_what_is_left_to_the_64_bit_vm_is_there():
    assert {name for path in RULES for name in names_of(path)} >= LONG


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(HERE)))
def test_on_the_32_bit_vm(path):
    names = [name for name in names_of(path) if name not in LONG]
    steps = [PATH, f"names = vmtest.load('/{path.name}')"]
    steps += [f"vmtest.tell(names, '{name}')\ngc.collect()" for name in names]
    said = vm32.run(steps, {**repository(), path.name: path.read_bytes()}, HEAP, False)
    assert "FAILED" not in said, said
    assert said.count("ok ") == len(names)


TICKS = """
charger = table.charger
law, guard, outputs, readings, verdict = charger.law, charger.guard, charger.outputs, charger.readings, charger.verdict
in_force = charger.in_force
outputs.supervisor = None  # its edge of each tick allocates in the bench's pin, not in the chip's
clock, energy = charger.service.clock, charger.energy
def ticks(n, service=True):
    for _ in range(n):
        law.propose(25, readings, in_force, charger.proposal)
        guard.judge(25, readings, charger.proposal, in_force, verdict)
        outputs.apply(verdict, 25)
        in_force.take(verdict)
        energy.step(25, readings, charger.proposal, verdict.closed, charger.limits)
        if service:
            charger.serve(25)
def allocated(service=True):
    ticks(3, service)
    before = gc.mem_alloc()
    ticks(400, service)
    return gc.mem_alloc() - before
def worst():
    readings.grid_ma[:] = (125000, 125000, 125000)
    readings.car_ma, readings.mains_mv = 80000, 270000
    readings.power_w[:] = readings.power_va[:] = (33750, 33750, 33750)
    for index in range(len(energy.wh)):
        energy.wh[index] = TWENTY_YEARS_WH
"""
TWENTY_YEARS_WH = 20 * 8766 * 5000  # at a mean of 5 kW on each phase, day and night
WALL_S = {"2026": 6 * YEAR_S, "2038": 18 * YEAR_S + 18 * 86400, "2054": (1 << 30) - 86400}  # since 2020-01-01


@pytest.mark.parametrize("board", ["reference", "metered"])
@pytest.mark.parametrize("year", WALL_S)
@pytest.mark.parametrize("uptime_s", [100, YEAR_S], ids=["new", "a year up"])
def test_no_tick_allocates_whatever_year_it_is_and_however_much_flows(board, year, uptime_s):
    steps = [
        PATH,
        f"from bench.table import Table\ntable = Table([(0, 5000, 5000, 5000)], fidelity='rms', board={board!r})",
        "table.scan.step_ms = 25\ntick = table.tick",
        ("tick", 2600),
        TICKS.replace("TWENTY_YEARS_WH", str(TWENTY_YEARS_WH)),
        "assert verdict.closed, 'the car is not charging'",
        f"clock.uptime_s = {uptime_s}\nclock.tell({WALL_S[year]})\nreadings.wall_s = clock.wall_s()\nticks(200)\ngc.collect()",
        "print('charging', allocated())",
        "worst()\nticks(400)\ngc.collect()",
        "print('worst', allocated(False))",
    ]
    assert vm32.run(steps, repository(), HEAP, False) == "charging 0\nworst 0\n"
