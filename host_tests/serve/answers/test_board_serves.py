"""A setting that a board cannot serve is never silently accepted: board by board, setting by setting."""

from bench import host
from bench.table import Table
from headroom_tools.boards import board_commands

# setting: values other than the one that is in force unless set
VALUES = {
    "breaker_ma": ("16A",),
    "breaker_curve": ("slow",),
    "tolerance_pct": ("5",),
    "mode": ("slow",),
    "household_ma": ("10A",),
    "cap_w": ("9000",),
    "cap_s": ("3600",),
    "asymmetry_ma": ("20A",),
    "dim_w": ("5000",),
    "import_ma": ("15A",),
    "charger_ma": ("13A",),
    "phases": ("1", "2", "3"),
    "wiring": ("l1", "l2", "l2l3", "l2l3l1", "l1-l2"),
    "mains_v": ("120",),
    "hz": ("60",),
    "min_ma": ("7A",),
    "rise_dwell_ms": ("3s",),
    "resume_dwell_ms": ("70s",),
    "exports": ("yes",),
    "idle_ma": ("200mA",),
    "trust_hold_ms": ("4s",),
    "trust_safe_ma": ("7A",),
    "trust_pause_ms": ("50s",),
    "trust_back_ms": ("9s",),
    "zone_min": ("1h",),
    "summer_min": ("60",),
    "summer_begins": ("3502",),
    "summer_ends": ("10502",),
    "start_delay_s": ("10min",),
    "group_no": ("1",),
    "group_size": ("3",),
    "group_ma": ("7A",),
    "group_safe_ma": ("6A",),
    "group_clamps": ("cable",),
    "group_share": ("need",),
    "group_priority": ("1",),
    "cap_month": ("yes",),
    "status_ms": ("2s",),
    "breaker_l1_ma": ("9A",),
    "breaker_l2_ma": ("9A",),
    "breaker_l3_ma": ("9A",),
    "total_w": ("9kW",),
    "night_w": ("9kW",),
    "night_from_h": ("22",),
    "night_to_h": ("6",),
    "rise_ma_s": ("200",),
    "solar": ("only", "minimum", "window"),
    "solar_sum": ("each",),
    "solar_hold_ms": ("5min",),
    "bus": ("meter", "group", "manager"),
    "bus_baud": ("19200",),
    "bus_parity": ("even",),
    "bus_address": ("5",),
    "meter": ("sdm630", "p1"),
    "meter_role": ("check",),
    "meter_address": ("2",),
    "generic_function": ("3",),
    "generic_form": ("integer",),
    "generic_amps": ("12",),
    "generic_ma": ("1",),
    "generic_watts": ("20",),
    "generic_mw": ("100",),
    "remote_hold_ms": ("30s",),
    "remote_safe_ma": ("8A",),
}
ONE_CLAMP = {
    "phases": ("2", "3"),
    "wiring": ("l2", "l2l3", "l2l3l1", "l1-l2"),
    "breaker_l2_ma": ("9A",),
    "breaker_l3_ma": ("9A",),
}
BLIND = {
    "exports": ("yes",),
    "solar": ("only", "minimum", "window"),
    "solar_sum": ("each",),
    "solar_hold_ms": ("5min",),
}
UNWIRED = {"group_no": ("1",), "bus": ("meter", "group", "manager"), "meter": ("sdm630", "p1")}
# settings whose effect is no limit: tests of the wishes, of the ports and of a site show it
ELSEWHERE = ("cap_month", "zone_", "summer_", "start_", "group_", "bus", "meter", "generic_", "remote_")
# board: what it must refuse, and a word of the reason
CANNOT = {
    "reference": {**BLIND, "meter": ("p1",), "dim_w": ("5000",)},
    "metered": {"wiring": ("l1-l2",), "meter": ("p1",)},
    "socket": {**ONE_CLAMP, **UNWIRED, "dim_w": ("5000",)},
    "minimal": {**ONE_CLAMP, **BLIND, **UNWIRED, "dim_w": ("5000",)},
}
REASONS = {
    "exports": "measures no voltage",
    "solar": "cannot tell surplus",
    "solar_sum": "cannot tell surplus",
    "solar_hold_ms": "cannot tell surplus",
    "breaker_l2_ma": "no clamp on L2",
    "breaker_l3_ma": "no clamp on L3",
    "dim_w": "no input for",
    "wiring": "this board",
    "phases": "on this board",
    "group_no": "no RS-485 bus",
    "bus": "no RS-485 port",
    "meter": "no port for it",
}

# what a setting is about, set before it: a night's hours are those of its power, a mean is of a cap
ABOUT = {
    "night_from_h": (("night_w", "9kW"),),
    "night_to_h": (("night_w", "9kW"),),
    "cap_s": (("cap_w", "9kW"),),
    "solar": (("exports", "yes"),),
    "solar_sum": (("exports", "yes"), ("solar", "only")),
    "solar_hold_ms": (("exports", "yes"), ("solar", "only")),
}


def refused(settings, name, text):
    """The reason why a value cannot be set; empty when it can."""
    try:
        settings.stage(name, text)
    except Exception as error:
        return str(error)
    return ""


def settings_of(board):
    """A fresh board's settings."""
    module = host.load(board)
    return module.Settings(module.CEILINGS, None, module.PARTS)


def test_every_setting_and_every_board_has_its_row():
    assert {row[0] for row in settings_of("reference").table.TABLE} == set(VALUES)
    assert set(board_commands.names()) == set(CANNOT)


def test_each_board_refuses_what_it_cannot_serve_with_the_reason_and_nothing_else():
    for board, cannot in CANNOT.items():
        for name, texts in VALUES.items():
            for text in texts:
                reason = refused(settings_of(board), name, text)
                if text in cannot.get(name, ()):
                    assert REASONS[name] in reason, (board, name, text, reason)
                else:
                    assert not reason, (board, name, text, reason)


def test_what_is_accepted_has_an_effect():
    for board in CANNOT:
        table = Table([(0, 0, 0, 0)], board=board, fidelity="rms", plugged_ms=[])
        charger = table.charger
        for name, texts in VALUES.items():
            for text in texts:
                settings = settings_of(board)
                if (
                    name in ("status_ms", "wiring")
                    or name.startswith(ELSEWHERE)
                    or refused(settings, name, text)
                    or name not in settings.staged
                ):
                    continue  # serve/group/test_site.py shows what a group's settings do
                for about, value in ABOUT.get(name, ()):
                    assert not refused(settings, about, value)
                    settings.values[about] = settings.staged.pop(about)
                charger.settings.values = dict(settings.values)
                charger.apply_settings()
                before = dict(vars(charger.limits))
                charger.settings.values = settings._together()
                charger.apply_settings()
                assert vars(charger.limits) != before, (board, name, text)


def test_what_was_stored_on_another_board_is_dropped_and_told():
    stored = settings_of("metered")
    stored.stage("exports", "yes")
    stored.save()
    other = settings_of("reference")
    other.unpack(stored.pack())
    assert other.dropped == ["exports"]
    assert other.get("exports") == 0


def test_two_phases_must_be_named():
    settings = settings_of("reference")
    settings.stage("phases", "2")
    assert "which two? set wiring" in settings.wrong()[0]
    settings.stage("wiring", "L2L3")
    assert settings.wrong() == []


def test_a_wiring_of_another_number_of_phases_is_refused():
    for phases, wiring, fits in (("3", "l2", False), ("1", "l2", True), ("1", "l1-l3", True), ("3", "l2l3l1", True)):
        settings = settings_of("reference")
        settings.stage("phases", phases)
        settings.stage("wiring", wiring)
        assert (settings.wrong() == []) == fits, (phases, wiring)


def test_a_tariffs_time_is_one_that_tariffs_have():
    settings = settings_of("reference")
    settings.stage("cap_s", "1000")
    assert "cap_s 1000" in settings.wrong()[0]
