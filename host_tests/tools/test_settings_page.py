"""The page of settings is the one that the firmware's table makes."""

from headroom.serve.answers.settings_table import TABLE
from headroom_tools.common.places import ROOT
from headroom_tools.settings_page import page


def test_the_page_in_the_repo_is_fresh():
    assert (ROOT / "tools" / "readme" / "settings.md").read_text("utf-8") == page(), "run make settings"


def test_every_setting_has_its_row():
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(TABLE)
    assert "| `breaker_ma` | 6 A | 125 A | 6 A | installer |" in rows[0]
