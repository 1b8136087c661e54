"""Country profiles: each is legal on every board, shown before it counts, and agrees with the console's own words."""

import pytest
from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.serve.answers import commands, profiles
from headroom.serve.answers.settings_table import TABLE

BOARDS = ("reference", "metered", "minimal")


def charger(board="reference"):
    """One that nobody has set up yet."""
    terminal = Terminal()
    new = {"port": terminal, "files": RamFiles(), "plugged_ms": []}
    table = Table([(0, 1000, 1000, 1000)], fidelity="rms", board=board, **new)
    table.live(3000)
    return table, terminal


def test_each_country_of_the_mission_has_one_and_the_tab_key_knows_them():
    assert set(commands.WORDS["profile"]) == set(profiles.PROFILES) == {
        "uk", "nl", "be", "de", "fr", "no", "se", "it", "us",
    }  # fmt: skip


def test_they_are_listed_by_name():
    table, terminal = charger()
    assert "nl  Netherlands" in terminal.ask(table, "profile")
    assert "one of be, de" in terminal.ask(table, "profile mars")


@pytest.mark.parametrize("name", sorted(profiles.PROFILES))
def test_a_profile_is_shown_then_saved_and_what_it_sets_is_legal(name):
    table, terminal = charger()
    settings = table.charger.settings
    before = dict(settings.values)
    said = terminal.ask(table, "profile " + name)
    assert profiles.PROFILES[name][0] in said
    assert "nothing is in force before save" in said
    assert settings.values == before
    assert "save will refuse" not in said, said
    terminal.ask(table, "save", 6000)
    rows = {row[0]: row for row in TABLE}
    for setting, value in profiles.PROFILES[name][1]:
        assert rows[setting][3] <= value <= rows[setting][4]
        assert settings.get(setting) == min(value, settings.ceilings.get(setting, value)), setting


def test_where_the_board_bears_less_it_says_so():
    table, terminal = charger()
    assert "63 A (63000 mA); save or undo, the most of this board" in terminal.ask(table, "profile us")


def test_on_a_board_with_one_clamp_what_needs_three_is_told_before_save():
    table, terminal = charger("minimal")
    said = terminal.ask(table, "profile nl")
    assert "phases is 1 already, the most of this board" in said
    assert table.charger.settings.ceilings["phases"] == 1
    terminal.ask(table, "save", 6000)
    assert table.charger.settings.get("phases") == 1


def test_behind_a_pin_it_is_the_installers():
    table, terminal = charger()
    terminal.ask(table, "pin 1234 1234", 6000)
    terminal.ask(table, "lock")
    assert "installer" in terminal.ask(table, "profile nl")
    assert table.charger.settings.staged == {}


@pytest.mark.parametrize("saved", [True, False], ids=["saved", "staged"])
def test_it_raises_no_rating_that_was_set_and_leaves_the_wiring(saved):
    table, terminal = charger()
    settings = table.charger.settings
    for line in ("set breaker_ma 16A", "set wiring l2l3l1", "set asymmetry_ma 16A") + ("save",) * saved:
        terminal.ask(table, line, 6000)
    said = terminal.ask(table, "profile de")
    assert "breaker_ma stays 16 A, as it was set here; common there is 35 A" in said
    assert "wiring stays l2l3l1" in said
    assert "asymmetry_ma stays 16 A" in said
    terminal.ask(table, "save", 6000)
    assert (settings.get("breaker_ma"), settings.get("asymmetry_ma")) == (16000, 16000)


def test_a_rating_that_is_higher_than_common_comes_down():
    table, terminal = charger()
    terminal.ask(table, "set breaker_ma 40A")
    terminal.ask(table, "save", 6000)
    assert "breaker_ma: 40 A -> 16 A" in terminal.ask(table, "profile se")
