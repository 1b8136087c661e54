"""Whatever form a number, a secret or a request is typed in: understood as meant or refused, never something else."""

import json

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.law import boost
from headroom.serve.answers.secrets import secret


def ends(table, terminal, request):
    """How a request ended, in JSON, where nothing is echoed."""
    terminal.ask(table, "json on", 1000)
    terminal.text()
    terminal.send(request.encode() + b"\r")
    table.live(1500)
    return [json.loads(line) for line in terminal.text().split("\n") if '"ok"' in line]


@pytest.fixture
def asked():
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms")
    table.live(3000)
    return lambda line, ms=1500: terminal.ask(table, line, ms), table, terminal


def test_hours_with_zeros_before_them_are_as_many_and_nothing_else_is_an_hour(asked):
    ask, table, _ = asked
    for text, hours in (("12", 12), ("00012", 12), ("0000000024", 24), ("01", 1)):
        assert "boost for" in ask("boost " + text)
        left_h = (table.charger.service.boost.left_ms + boost.HOUR_MS - 1) // boost.HOUR_MS
        assert left_h == hours
    ask("boost off")
    for text in ("0", "000", "25", "0025", "00099", "+1", "-1", "1.0", "1e1", "0x1", "1_0", "1 2"):
        assert "1 to 24" in ask("boost " + text), text
    assert not table.charger.service.boost.on()


def test_so_is_the_number_of_lines_of_the_log(asked):
    ask, _, _ = asked
    assert "started" in ask("log 00096", 5000)
    for text in ("00000", "00097", "+5", "5 5"):
        assert "1 to 96" in ask("log " + text), text


def test_a_setting_with_zeros_or_a_sign_before_it_is_the_value_or_refused(asked):
    ask, table, _ = asked
    settings = table.charger.settings
    for text, value in (("0012000", 12000), ("012A", 12000), ("0000000012000", 12000), ("12.0000000A", 12000)):
        ask("set min_ma " + text)
        assert settings.staged["min_ma"] == value, text
        ask("undo")
    for text in ("+12A", "--12A", "-12A", "12 000", "1_2A", "0x12", "12AA", ".A", "A"):
        assert ask("set min_ma " + text).startswith("min_ma: "), text
        assert not settings.staged, text


def test_digits_of_other_scripts_in_a_request_are_none(asked):
    _, table, terminal = asked
    for command in ("boost %s", "log %s", "set min_ma %s", "pin %s123", "time 2026-11-24 1%s:00", "calibrate L1 %s"):
        for digit in ("\u0661", "\u00b2", "\uff11"):
            (end,) = ends(table, terminal, json.dumps({"id": 5, "do": command % digit}))
            assert (end["id"], end["ok"]) == (5, False), command
            assert "report" not in end["error"], command
    assert not table.charger.service.boost.on()


@pytest.mark.parametrize(
    ("request_", "identity"),
    [
        ('{"id": 7, "do": ""}', 7),
        ('{"id": 7, "do": "   "}', 7),
        ('{"id": 7}', 7),
        ('{"id": 7, "do": null}', 7),
        ('{"id": 7, "do": 7}', 7),
        ('{"id": 7, "do": ["status"]}', 7),
        ('{"id": 7, "do": "nosuch"}', 7),
        ('{"id": 7, "do": "# remark"}', 7),
        ('{"id": 7, "do": " get hz "}', 7),
        ('{"id": "a b", "do": "get hz"}', "a b"),
        ('  {"id": 7, "do": "get hz"}  ', 7),
        ('{"id": [7], "do": "get hz"}', None),
        ('{"id": {}, "do": ""}', None),
        ('{"do": "get hz"}', None),
        ('{"id": 7, "do": "get hz"', None),
        ('{"id": 7, "do": "get hz"} x', None),
        ("{}", None),
        ("{", None),
        ("{" * 150, None),
        ('{"id": "' + "x" * 33 + '", "do": "get hz"}', None),
        ('{"id": 7, "do": "' + "x" * 200 + '"}', None),
    ],
)
def test_every_form_of_a_request_gets_exactly_one_end(asked, request_, identity):
    _, table, terminal = asked
    (end,) = ends(table, terminal, request_)
    assert end["id"] == identity
    assert end["ok"] or end["error"]


@pytest.mark.parametrize(
    "line",
    [
        "unlock %s",
        " unlock %s",
        "   pin   %s",
        "UNLOCK %s",
        "Pin %s %s",
        "pin=%s",
        "unlock:%s",
        "unlock%s",
        "set pin %s",
        "set pin=%s 1",
        "help pin%s",
        '{"id": 1, "do": "unlock %s"}',
        '{"do":"pin %s"}',
        '{"do":" pin %s"}',
    ],
)
def test_a_pin_is_shown_and_recalled_in_no_form(asked, line):
    _, table, terminal = asked
    terminal.text()
    terminal.send(line.replace("%s", "4711").encode() + b"\r")
    table.live(1500)
    terminal.send(b"\x1b[A")
    table.live(500)
    assert "4711" not in terminal.text()


def test_what_holds_no_pin_is_shown():
    for line in ("get hz", "unloc", "pi", "spin 1", "set min_ma 7A"):
        assert not secret(line), line
