"""Settings are checked before anything changes, understood as people write them, and outlive versions."""

from headroom.serve.answers.contradictions import contradictions
from headroom.serve.answers.settings_table import HOUSEHOLD, INSTALLER, TABLE, UNITS
from headroom.serve.answers.units import row_of, shown, understood
from headroom.serve.store.settings import Settings
from headroom.terms.refused import Refused


class Table:
    """Another settings_table."""

    def __init__(self, rows, migrations=(), version=1):
        self.TABLE, self.MIGRATIONS, self.VERSION = rows, migrations, version
        self.NAMES = "\n" + "\n".join(row[0] for row in rows) + "\n"


def refusal(action, *arguments):
    """What it is refused with."""
    try:
        action(*arguments)
    except Exception as refused:
        if type(refused).__name__ != Refused.__name__:  # by name: another test's charger may have imported it anew
            raise
        return str(refused)
    raise AssertionError(f"not refused: {arguments}")


def meant(name, text):
    return understood(row_of(name), text)


def test_a_current_may_be_written_in_any_sensible_way():
    for text in ("25A", "25 A", "25a", "25000", "25000mA", "25000 ma", "25.0A", " 25.000 A "):
        assert meant("breaker_ma", text) == 25000
    assert meant("breaker_ma", "10.5A") == 10500


def test_a_time_may_be_written_in_ms_s_min_or_h():
    assert meant("resume_dwell_ms", "90s") == meant("resume_dwell_ms", "1.5min") == meant("resume_dwell_ms", "90000")
    assert meant("resume_dwell_ms", "1h") == 3600000


def test_what_is_no_value_is_refused_with_an_example():
    for text in (
        "",
        "x",
        "25V",
        "25 s",
        "1e4",
        "0x10",
        "--5",
        "2.5.1A",
        "10.0005A",
        "25000.5",
        "99999999999",
        "NaN",
        "25A;",
    ):
        assert "breaker_ma" in refusal(meant, "breaker_ma", text), text
    assert "like 125A" in refusal(meant, "breaker_ma", "25V")


def test_a_value_out_of_range_is_refused_with_the_range():
    assert refusal(meant, "breaker_ma", "126A") == "breaker_ma: 126 A is outside 6 A to 125 A"
    assert "6 A to 125 A" in refusal(meant, "breaker_ma", "-25A")


def test_amperes_without_their_unit_are_not_taken_for_milliamperes():
    assert refusal(meant, "breaker_ma", "25") == "breaker_ma: 25 mA is too little; if you mean 25 A, write 25A or 25000"


def test_set_changes_nothing_until_save_and_undo_drops_it():
    settings = Settings()
    settings.stage("breaker_ma", "25A")
    assert settings.get("breaker_ma") == 6000
    settings.undo()
    settings.save()
    assert settings.get("breaker_ma") == 6000
    settings.stage("breaker_ma", "25A")
    settings.save()
    assert settings.get("breaker_ma") == 25000


def test_a_contradiction_is_told_at_save_and_nothing_of_it_is_taken():
    settings = Settings()
    settings.stage("breaker_ma", "25A")
    settings.stage("min_ma", "10A")
    wrong = refusal(settings.save)
    assert "min_ma 10 A" in wrong
    assert "charger_ma 6 A" in wrong
    assert settings.get("breaker_ma") == 6000
    settings.stage("charger_ma", "16A")
    settings.save()
    assert settings.get("min_ma") == 10000


def test_the_defaults_do_not_contradict_each_other():
    assert contradictions(Settings().values) == []


def test_a_decimal_comma_is_refused_with_what_to_write():
    assert refusal(meant, "charger_ma", "15,5A") == "charger_ma: '15,5a': write a point, not a comma"


def test_nothing_above_the_boards_own_rating_which_is_the_range_that_is_told():
    settings = Settings({"breaker_ma": 40000})
    for text in ("50A", "900A"):
        assert refusal(settings.stage, "breaker_ma", text).endswith(" A is outside 6 A to 40 A on this board")
    assert "like 40A" in refusal(settings.stage, "breaker_ma", "x")
    settings.stage("breaker_ma", "40A")


def test_what_was_saved_is_read_back():
    settings, again = Settings(), Settings()
    settings.stage("breaker_ma", "25A")
    settings.stage("status_ms", "0")
    settings.save()
    again.unpack(settings.pack())
    assert again.values == settings.values


def test_what_a_newer_version_left_is_kept_with_its_version():
    settings = Settings()
    settings.unpack(b"headroom settings 7\nbreaker_ma=20000\ncolour=blue\n")
    settings.stage("breaker_ma", "25A")
    settings.save()
    kept = settings.pack()
    assert kept.startswith(b"headroom settings 7\n")
    assert b"colour=blue\n" in kept
    assert b"breaker_ma=25000\n" in kept


def test_an_older_version_is_migrated_forward():
    table = (("limit_ma", "mA", 6000, 6000, 80000, INSTALLER, "renamed and in another unit"),)
    steps = ((2, "limit_a", "current_a", 1), (3, "current_a", "limit_ma", 1000))
    settings = Settings(None, Table(table, steps, 3))
    settings.unpack(b"headroom settings 1\nlimit_a=20\n")
    assert settings.get("limit_ma") == 20000
    settings.unpack(b"headroom settings 2\ncurrent_a=25\n")
    assert settings.get("limit_ma") == 25000
    settings.unpack(b"headroom settings 3\nlimit_ma=32000\n")
    assert settings.get("limit_ma") == 32000
    assert settings.pack().startswith(b"headroom settings 3\n")


def test_a_stored_value_that_is_not_allowed_here_leaves_the_lowest_in_force():
    settings = Settings({"breaker_ma": 40000})
    settings.unpack(b"headroom settings 1\nbreaker_ma=63000\ncharger_ma=much\nhz=60\nmin_ma=99\n")
    assert settings.get("breaker_ma") == settings.get("charger_ma") == settings.get("min_ma") == 6000
    assert settings.get("hz") == 60
    assert sorted(settings.dropped) == ["breaker_ma", "charger_ma", "min_ma"]


def test_a_choice_is_set_by_its_word():
    table = (("mode", ("strict", "tolerant"), 0, 0, 1, HOUSEHOLD, "how the limit is meant"),)
    settings = Settings(None, Table(table))
    settings.stage("mode", "Tolerant")
    assert "strict, tolerant" in refusal(settings.stage, "mode", "lax")
    assert settings.staged == {"mode": 1}
    assert shown(table[0][1], 1) == "tolerant"


def test_every_row_of_the_table_is_sound():
    names = [row[0] for row in TABLE]
    assert len(set(names)) == len(names)
    for name, unit, default, low, high, who, sentence in TABLE:
        assert low <= default <= high, name
        assert who in (HOUSEHOLD, INSTALLER), name
        assert 10 < len(sentence) < 80, name
        assert high < 1 << 30, name
        if isinstance(unit, tuple):
            assert (low, high) == (0, len(unit) - 1), name
        else:
            assert unit in UNITS, name
            assert not unit or name.endswith({"%": "pct", "mA/s": "ma_s"}.get(unit, unit.lower())), name
            for value in (low, default, high):
                assert understood(row_of(name), shown(unit, value)) == value, name


def test_the_ratings_default_to_their_lowest():
    for name in ("breaker_ma", "charger_ma"):
        row = row_of(name)
        assert row[2] == row[3], name


def test_every_phase_that_the_board_sees_is_guarded_until_somebody_says_otherwise():
    assert row_of("phases")[2] == 3
    assert Settings({"phases": 1}).get("phases") == 1
