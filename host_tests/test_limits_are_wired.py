"""Every setting and every constant of the board arrives in the limits that it is for, and in no other: row by row.

One value is changed at a time, and what changes in the limits is compared with the row. A setting or a constant that has
no row fails the last tests, which say what to add where.
"""

import ast
from pathlib import Path

import pytest
from bench.table import Table
from headroom_tools.boards.board_schema import SCHEMA

FIRMWARE = Path(__file__).resolve().parents[1] / "firmware"

# Settings from which each row starts: high enough for every ceiling of the board to show
HIGH = {"breaker_ma": 50000, "charger_ma": 30000, "phases": 3, "idle_ma": 200}

# setting: (another value, {limit: what it becomes})
SETTINGS = {
    "breaker_ma": (31000, {"breaker_ma": 31000}),
    "breaker_curve": (1, {"breaker_curve": 1}),
    "tolerance_pct": (7, {"tolerance_pct": 7}),
    "mode": (1, {"slow": True}),
    "household_ma": (11000, {"household_ma": 11000}),
    "cap_w": (9000, {"cap": (9000, 900, None)}),
    "cap_s": (3600, {"cap": (9000, 3600, None)}),
    "asymmetry_ma": (19000, {"asymmetry_ma": 19000}),
    "dim_w": (3900, {"dim_w": 3900}),
    "import_ma": (21000, {"import_ma": 21000}),
    "charger_ma": (13000, {"charger_ma": 13000}),
    "phases": (1, {"wires": 1, "wired": 1}),
    "wiring": (18, {"lines": (0, 2, 1), "wires": 2, "wired": 5, "between": True}),
    "hz": (60, {"hz": 60}),
    "mains_v": (120, {"mains_v": 120, "mains_low_mv": 108000, "mains_high_mv": 132000}),
    "min_ma": (8000, {"min_ma": 8000}),
    "rise_dwell_ms": (3000, {"rise_dwell_ms": 3000}),
    "resume_dwell_ms": (70000, {"resume_dwell_ms": 70000}),
    "exports": (1, {"exports": True, "idle_ma": 0}),
    "idle_ma": (170, {"idle_ma": 170}),
    "trust_hold_ms": (4000, {"trust_hold_ms": 4000}),
    "trust_safe_ma": (7000, {"trust_safe_ma": 7000}),
    "trust_pause_ms": (50000, {"trust_pause_ms": 50000}),
    "trust_back_ms": (9000, {"trust_back_ms": 9000}),
    "breaker_l1_ma": (9000, {"own_ma": (9000, 0, 0)}),
    "breaker_l2_ma": (9000, {"own_ma": (0, 9000, 0)}),
    "breaker_l3_ma": (9000, {"own_ma": (0, 0, 9000)}),
    "total_w": (12000, {"total": (12000, 0, 0, 8)}),
    "night_w": (13000, {"total": (0, 13000, 0, 8)}),
    "night_from_h": (22, {"total": (12000, 0, 22, 8)}),
    "night_to_h": (6, {"total": (12000, 0, 0, 6)}),
    "rise_ma_s": (200, {"rise_ma_s": 200}),
    "solar": (2, {"solar": (2, 0, 600000)}),
    "solar_sum": (1, {"solar": (2, 1, 600000)}),
    "solar_hold_ms": (60000, {"solar": (2, 0, 60000)}),
    "group_no": (1, {"group_ma": 6000}),
}
# setting: what must be set beside it, for without that it asks for nothing
BESIDE = {"solar": {"exports": 1}, "cap_s": {"cap_w": 9000}}
BESIDE |= {name: {"exports": 1, "solar": 2} for name in ("solar_sum", "solar_hold_ms")}
BESIDE |= {name: {"total_w": 12000} for name in ("night_from_h", "night_to_h")}
# setting: who reads it instead, for it is no limit
SETTINGS_ELSEWHERE = {
    "status_ms": "Service._status",
    "zone_min": "the command time",
    "summer_min": "serve/summer.py",
    "summer_begins": "serve/summer.py",
    "summer_ends": "serve/summer.py",
    "start_delay_s": "the wishes: serve/wishes.py",
    "cap_month": "Service._keep_month: serve/test_month.py",
}
SETTINGS_ELSEWHERE |= dict.fromkeys(("bus", "bus_baud", "bus_parity", "bus_address"), "ports.Ports")
SETTINGS_ELSEWHERE |= dict.fromkeys(
    ("group_size", "group_ma", "group_safe_ma", "group_clamps", "group_share", "group_priority"),
    "grouping.joined: serve/group/test_site.py",
)
SETTINGS_ELSEWHERE |= dict.fromkeys(("remote_hold_ms", "remote_safe_ma"), "ports.made")
SETTINGS_ELSEWHERE |= dict.fromkeys(("meter", "meter_role", "meter_address"), "ports.metered")
SETTINGS_ELSEWHERE |= dict.fromkeys(
    ("generic_function", "generic_form", "generic_amps", "generic_ma", "generic_watts", "generic_mw"), "ports.chosen"
)

# constant of the board: (another value, {limit: what it becomes}), from the reference board's
BOARD = {
    "PHASES": (1, {"phases": 1}),
    "VENTILATION": (True, {"ventilation": True}),
    "TEMPERATURE_DERATE_C": (50, {"temperature_derate_c": 50}),
    "TEMPERATURE_STOP_C": (66, {"temperature_stop_c": 66}),
    "CABLE": ("socket", {"socket": True}),
    "LOCK_FEEDBACK_PIN": (4, {"lock": True}),
    "BUTTON_PIN": (None, {"button": False}),
    "RCM_TEST_PIN": (None, {"residual_test": False}),
    "CAR_CT_PIN": (33, {"car_clamp": True}),
    "DIM_PIN": (14, {"dimmable": True}),
    "VOLTAGE_PIN": (37, {"voltage": True}),
    "RAIL_MV": (3100, {"rail_mv": 3100}),
}
# Constants that only the PC reads
BOARD_FOR_THE_PC = {"CHIP", "CONTACTOR_CLOSE_MS", "CONTACTOR_OPEN_MS", "SUPERVISOR_MS", "TICK_CPU_US"}


@pytest.fixture(autouse=True, scope="module")
def at_a_table():
    """One charger for all rows: made when they begin, for what it reads later must be its own, and no other test's."""
    global CHARGER, BOARD_FILE, PLAIN
    table = Table([(0, 0, 0, 0)], fidelity="rms", plugged_ms=[])
    CHARGER, BOARD_FILE = table.charger, table.module.board
    PLAIN = dict(CHARGER.settings.values, **HIGH)


def limits(**values):
    """The limits, with these settings in force beside PLAIN."""
    CHARGER.settings.values = dict(PLAIN, **values)
    CHARGER._know_board()
    CHARGER.apply_settings()
    return dict(vars(CHARGER.limits))


def changes(before, after):
    """{limit: its new value} of what is not as before."""
    return {name: value for name, value in after.items() if value != before[name] and name != "clouds"}


def with_board(name, value):
    """The limits, with one constant of the board changed."""
    kept = getattr(BOARD_FILE, name)
    setattr(BOARD_FILE, name, value)
    try:
        return limits()
    finally:
        setattr(BOARD_FILE, name, kept)


def test_each_setting_arrives_in_its_limits_and_in_no_other():
    for name, (value, expected) in SETTINGS.items():
        beside = BESIDE.get(name, {})
        assert changes(limits(**beside), limits(**{**beside, name: value})) == expected, name


def test_what_clouds_do_is_known_where_the_offer_follows_the_sun_and_only_there():
    assert limits(exports=1, solar=1)["clouds"] is not None
    assert [limits(**values)["clouds"] for values in ({}, {"exports": 1}, {"solar": 1})] == [None] * 3


def test_each_constant_of_the_board_arrives_in_its_limit_and_in_no_other():
    before = limits()
    for name, (value, expected) in BOARD.items():
        assert changes(before, with_board(name, value)) == expected, name


def test_of_a_setting_and_the_boards_own_rating_the_lower_one_counts():
    for setting, limit, rating in (
        ("breaker_ma", "breaker_ma", BOARD_FILE.MAX_BREAKER_MA),
        ("charger_ma", "charger_ma", BOARD_FILE.MAX_OFFER_MA),
        ("phases", "wires", BOARD_FILE.PHASES),
    ):
        assert limits(**{setting: rating - 1})[limit] == rating - 1, setting
        assert limits(**{setting: rating + 1})[limit] == rating, setting


def test_boost_lifts_the_households_own_wishes_and_nothing_else():
    wishes = {
        "mode": 1,
        "solar": 1,
        "exports": 1,
        "household_ma": 9000,
        "charger_ma": 13000,
        "breaker_ma": 16000,
        "import_ma": 15000,
    }
    before = limits(**wishes)
    CHARGER.service.boost.begin(1000, 0)
    lifted = changes(before, limits(**wishes))
    CHARGER.service.boost.begin(0, 0)
    assert set(lifted) == {"slow", "household_ma", "solar"}
    assert lifted["household_ma"] >= SCHEMA["MAX_OFFER_MA"].allowed[-1]


def test_every_setting_has_its_row():
    for row in CHARGER.settings.table.TABLE:
        assert row[0] in SETTINGS or row[0] in SETTINGS_ELSEWHERE, (
            f"nothing is known to read the setting {row[0]}: bring it into the limits in features.py and add "
            "a row to SETTINGS here, or name in SETTINGS_ELSEWHERE who reads it"
        )


def test_every_limit_is_set_by_a_row():
    told = {limit for _, expected in (*SETTINGS.values(), *BOARD.values()) for limit in expected}
    told.add("clouds")  # solar, where exports is set: above
    told.add("peak")  # cap_month, in a charger that has kept a month: serve/test_month.py
    for limit in vars(CHARGER.limits):
        assert limit in told, (
            f"no row says what sets the limit {limit}: it would have its default for ever; add one to SETTINGS or BOARD here"
        )


def test_every_constant_of_a_board_is_read_by_the_firmware():
    read = {
        node.attr
        for path in FIRMWARE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "board"
    }
    for name in SCHEMA:
        assert (name in read) != (name in BOARD_FOR_THE_PC), (
            f"board.{name} is read by the firmware and listed here as for the PC, or the reverse: let a part of the firmware "
            "read it (and add a row to BOARD here if it is a limit), or list it in BOARD_FOR_THE_PC"
        )
    assert set(BOARD) <= read
