"""Which tests are long, and the share of them that `make test` runs: a twentieth, another each day; `make test-whole` runs all.

Long is what takes more than a second of a core, or waits for a device in real time: devices flashed and talked to, the factory
jig on them, what is built for other boards than the reference board, the second run of each rule's tests on the MicroPython VM
and the third on 32 bits, houses at waveform fidelity. The proofs' own shares are not in it: each of them runs every time.
"""

import re
from datetime import date
from zlib import crc32

PARTS = 20

# A file of tests, below host_tests/: all of its tests (None), or those of these names
LONG: dict[str, tuple[str, ...] | None] = {
    "test_micropython_vm": ("test_on_the_vm",),
    "test_on_32_bits": (
        "test_on_the_32_bit_vm",
        "test_no_tick_allocates_whatever_year_it_is_and_however_much_flows",
    ),
    "tools/device/test_flash": None,
    "tools/device/test_linking": None,
    "tools/device/test_bus_of_the_device": None,
    "tools/measure/test_heap_budget": (  # the reference board's budget runs every time
        "test_a_household_that_sets_no_wish_keeps_no_more_than_a_kilobyte_for_them",
        "test_a_board_without_a_bus_keeps_no_module_of_bus_meter_group_or_manager",
        "test_each_other_boards_folders_stay_within_their_budgets_and_so_does_it",
        "test_a_board_without_a_part_is_sent_nothing_of_it",
        "test_a_part_that_a_setting_asks_for_is_read_only_then_and_stays_within_its_budget",
        "test_what_an_object_keeps_is_noticed",
    ),
    "serve/group/test_gathering": None,
    "serve/group/test_overload": ("test_a_car_that_stops_as_the_house_steps_up_is_not_counted_on",),
    "tools/jig/test_jig": None,
    "tools/jig/test_teardown": None,
    "tools/jig/test_on_other_boards": None,
    "tools/device/test_device": None,
    "tools/device/test_console_command": None,
    "tools/device/test_chip": None,
    "tools/device/test_tour": None,
    "tools/device/test_lending": ("test_on_the_chip_it_is_there_while_an_answer_is_and_not_after",),
    "tools/device/test_shelving": ("test_an_answer_of_the_firmware_as_flashed_is_read_in_few_reads",),
    "tools/device/test_naming": ("test_no_object_of_a_running_charger_has_what_its_class_does_not_show",),
    "tools/device/test_reaching": ("test_what_is_left_charges_answers_and_remembers_as_the_whole_does",),
    "tools/device/test_parts_as_flashed": None,
    "serve/answers/test_calibrate_command": None,
    "bench/test_car_meter": None,
    "bench/test_sun": None,
    "bench/test_field_reports": None,
    "bench/test_wirings": None,
    "bench/test_metered": None,
    "bench/test_weak_line": None,
    "bench/test_restless_cars": None,
    "bench/test_measure_changed_under_power": None,
    "bench/test_settings_under_power": None,
    "tools/contest/test_versus": None,
    "tools/contest/test_campaign": None,
    "tools/contest/test_any_setting": None,
    "tools/contest/test_sharing": ("test_the_same_seed_gives_the_same_figures_whatever_the_number_of_processes",),
    "tools/sim/test_fidelities_agree": None,
    "tools/sim/test_results": ("test_what_became_of_a_need_is_told_with_its_time",),
    "tools/sim/test_roof": ("test_a_generated_day_of_broken_cloud_gives_nearly_all_with_few_interruptions",),
    "tools/sim/test_installed": ("test_a_contest_says_so_too",),
    "tools/sim/test_understood": ("test_versus_says_what_it_understood_too",),
    "tools/drawings/test_drawings": ("test_the_sessions_arrows_are_the_ways_that_the_session_goes",),
    "tools/measure/test_nights": None,
    "tools/measure/test_accuracy": None,
    "tools/measure/test_clamp_faults": None,
    "tools/measure/test_group_cut": None,
    "tools/measure/test_set_cost": None,
    "serve/store/test_energy_store": None,
    "serve/store/test_power_cut": ("test_nor_on_a_flash_with_worn_blocks",),
    "serve/test_mishaps": None,
    "guard/test_retry": (
        "test_a_voltage_that_is_too_low_again_and_again_is_never_a_fault_for_the_night",
        "test_a_car_that_opens_s2_every_few_seconds_closes_the_contactor_a_handful_of_times_an_hour",
    ),
    "law/test_carcheck": ("test_a_clamp_that_reads_15_percent_low_is_never_ok",),
    "law/test_solar": ("test_a_night_and_another_car_forgive_interruptions",),
    "law/test_tariff": (
        "test_no_house_that_leaves_the_car_its_minimum_brings_the_mean_above_the_cap_or_stops_the_car",
        "test_summer_time_and_a_clock_that_is_put_right_by_seconds_change_nothing",
    ),
    "serve/console/test_fuzz": ("test_nor_on_the_vm",),
}

# These are not long, and yet what all others would wait for at the end: they begin with the long ones.
EARLY = (
    "tools/measure/test_heap_budget",
    "tools/device/test_packing",
    "tools/device/test_linking",
    "proofs/test_proofs",
)


def parse(text: str) -> tuple[int, int]:
    """Returns which part of how many: of "today" or "3/10"; ValueError: it is neither."""
    if text == "today":
        return date.today().toordinal() % PARTS, PARTS
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or int(found[1]) >= int(found[2]):
        raise ValueError(f"--share {text}: no share: today, or a part and how many there are: 3/{PARTS}")
    return int(found[1]), int(found[2])


def is_long(file: str, name: str) -> bool:
    """Whether the test ``name`` (with or without its parameters) of ``file`` (as in LONG) is long."""
    names = LONG.get(file, ())
    return names is None or name.partition("[")[0] in names


def is_in(nodeid: str, part: int, parts: int) -> bool:
    """Whether a long test belongs to this part."""
    return crc32(nodeid.encode()) % parts == part
