"""After `json on` every line the firmware says fits the schema in tools/headroom_tools/device/console.schema.json."""

import json
from pathlib import Path

import fastjsonschema
import pytest
from bench.chip.terminal import Terminal
from bench.site import Site
from bench.table import Table
from bench.world import meters
from bench.world.bus import Line
from headroom.guard import pilot, session
from headroom.serve import words
from headroom.serve.answers import group
from headroom.terms.records import Readings, Verdict

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[3] / "tools" / "headroom_tools" / "device" / "console.schema.json").read_text(
        "utf-8"
    )
)
check = fastjsonschema.compile(SCHEMA)


def answers(*requests, lived_ms=0, **scenario):
    """Every object a charger that has lived for so long says to these requests, each checked."""
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms", **scenario)
    table.live(lived_ms)
    terminal.ask(table, "json on")
    said = ""
    for request in requests:
        terminal.send((request if isinstance(request, str) else json.dumps(request)).encode() + b"\r")
        table.live(3000)
        said += terminal.text()
    lines = said[said.find("{") : said.rfind("\n")].split("\n")
    return [check(json.loads(line)) for line in lines if line]


def test_every_command_answers_in_lines_of_the_schema():
    names = [line["line"].split()[0] for line in answers({"id": 1, "do": "help"}) if "line" in line]
    assert len(names) >= 15
    said = answers(*[{"id": name, "do": name} for name in names if name not in ("json", "reboot", "service")])
    assert {line["id"] for line in said if "ok" in line} >= set(names) - {"json", "reboot", "service"}


def test_the_states_of_the_schema_are_those_of_the_firmware():
    states = SCHEMA["definitions"]["status"]["properties"]
    assert states["session"]["enum"] == list(session.NAMES)
    assert sorted(states["pilot"]["enum"]) == sorted(pilot.LETTERS)


def test_the_spans_of_usage_are_those_of_the_schema():
    told = answers(*[{"id": 1, "do": line} for line in ("usage", "usage hours", "usage days")], lived_ms=60000)
    line = next(each["properties"] for each in SCHEMA["oneOf"] if "line" in each["required"])
    assert {line["span"] for line in told if "span" in line} == set(line["span"]["enum"])


def test_the_status_tells_what_the_contactor_was_told_and_how_it_is_found():
    verdict, readings = Verdict(), Readings()
    for told, found in ((True, False), (False, True)):
        verdict.closed, readings.contactor_closed = told, found
        fields = words.status_fields(verdict, readings, 230)
        assert (fields["closed"], fields["found_closed"]) == (told, found)


def test_a_request_is_answered_with_its_id_and_one_end():
    said = answers({"id": 7, "do": "get breaker_ma"})
    assert [line["id"] for line in said] == [7, 7]
    assert said[0] | {"value": 25000, "unit": "mA", "name": "breaker_ma"} == said[0]
    assert said[1] == {"id": 7, "ok": True}


def test_a_refusal_has_a_reason():
    (said,) = answers({"id": "x", "do": "set breaker_ma 900A"})
    assert (said["id"], said["ok"]) == ("x", False)
    assert "63 A" in said["error"]


def test_what_is_no_request_is_refused():
    wrong = (
        "{",
        "{}",
        '{"do": 1}',
        '{"do": "get", "id": [1]}',
        '{"do": "get", "id": 1.5}',
        "[]",
        '"get"',
        "{" + "9" * 200,
    )
    for text in wrong:
        (said,) = answers(text)
        assert said["ok"] is False, text


def test_the_status_comes_unasked():
    said = answers({"id": 1, "do": "version"}, status_ms=1000)
    assert sum(line.get("event") == "status" for line in said) >= 2


def test_nothing_but_json_is_said_until_json_off():
    said = answers("rubbish\x08\x1b[A", "get hz", "")
    assert said[-1] == {"id": None, "ok": True}


def test_a_phase_that_carries_too_little_for_a_power_factor_fits_too():
    said = answers({"id": 1, "do": "status"}, board="metered", plugged_ms=[])
    assert said[0]["factor_pct"] == [100, None, None]


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"id": 1},
        {"id": 1, "ok": False},
        {"id": 1, "ok": True, "error": "x"},
        {"line": "x"},
        {"event": "status"},
        {"id": 1, "ok": True, "line": "x"},
        {"id": 1.5, "ok": True},
        "text",
    ],
    ids=str,
)
def test_the_schema_refuses_other_lines(line):
    with pytest.raises(fastjsonschema.JsonSchemaException):
        check(line)


def test_the_long_answers_of_usage_and_calibrate_car_fit_too():
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms", car="prompt")
    table.live(60000)
    terminal.ask(table, "json on")
    for request, ms in (('{"id": 1, "do": "usage hours"}', 20000), ('{"id": 2, "do": "calibrate car"}', 70000)):
        terminal.send(request.encode() + b"\r")
        table.live(ms)
    said = [check(json.loads(line)) for line in terminal.text().split("\n") if line.startswith("{")]
    assert [line["ok"] for line in said if "ok" in line] == [True, True]
    assert [line["as_expected"] for line in said if "followed_ma" in line] == [True]


def test_a_field_that_the_schema_does_not_describe_is_refused():
    check({"id": 1, "line": "x", "held": True})
    with pytest.raises(fastjsonschema.JsonSchemaException):
        check({"id": 1, "line": "x", "hold": True})


def test_whatever_a_command_tells_is_described():
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms", board="metered")
    table.live(60000)
    terminal.ask(table, "json on")
    for request in (
        "set household_ma 8A",
        "set min_ma 9A",
        "why",
        "undo",
        "set dim_w 1400",
        "set min_ma 7A",
        "save",
        "boost 2",
        "pause",
        "log offers",
        "resume",
        "selftest",
        "time 2026-11-24 19:12",
        "pin 1234 1234",
        "lock",
        "serial HR-000123",
        "version",
        "measure",
        "mode slow",
    ):
        terminal.send(json.dumps({"id": 1, "do": request}).encode() + b"\r")
        table.live(6000)
    table.world.residual.leak = True
    table.live(2000)
    table.world.residual.leak = False
    table.live(5000)
    for request in ("log box", "status", "clear", "log 96"):
        terminal.send(json.dumps({"id": 1, "do": request}).encode() + b"\r")
        table.live(20000)
    said = [check(json.loads(line)) for line in terminal.text().split("\n") if line.startswith("{")]
    told = {name for line in said for name in line}
    assert told >= {"notice", "dropped", "dim_ma", "boost", "held", "from_ma"}
    assert told >= {"serial", "supply_ma", "write_failures"}
    assert told >= {"residual", "certain", "free_bytes", "row", "faults", "fault", "kind"}


def test_what_calibrate_with_a_meter_tells_is_described():
    terminal = Terminal()
    table = Table([(0, 10000, 0, 0)], port=terminal, plugged_ms=[])
    terminal.ask(table, "json on")
    for request in ("calibrate L1 10.1", "calibrate", "save"):
        terminal.send(json.dumps({"id": 1, "do": request}).encode() + b"\r")
        table.live(5000)
    said = [check(json.loads(line)) for line in terminal.text().split("\n") if line.startswith("{")]
    assert {name for line in said for name in line} >= {"gain_ppm", "points", "meters", "read", "true"}


def test_what_a_meter_on_a_wire_tells_is_described():
    terminal, line = Terminal(), Line(2)
    table = Table([(0, 5000, 0, 0)], port=terminal, fidelity="rms")
    board = table.module.board
    line.wire(table.chip, board.RS485_RX_PIN, "charger", board.RS485_DE_PIN)
    meters.Eastron(line, meters.Seen(lambda phase: table.world.line_ma(phase, table.world.car.drawn_ma), 1000000))
    settings = table.charger.settings
    settings.parts = None
    for name, value in (("bus", "meter"), ("meter", "sdm630")):
        settings.stage(name, value)
    settings.save()
    table.charger.apply_settings()
    table.live(20000)
    terminal.ask(table, "json on")
    terminal.send(b'{"id": 1, "do": "meter"}\r')
    table.live(5000)
    said = [check(json.loads(line)) for line in terminal.text().split("\n") if line.startswith("{")]
    (meter,) = [each for each in said if "readings" in each]
    assert meter["readings"] > 5
    assert meter["counts"][0] > 5


def test_what_a_group_tells_is_described():
    site = Site(
        [(0, 2000, 2000, 2000)],
        [{"car_ma": 16000, "car_phases": 3, "settings": {"phases": 3}}] * 2,
        32000,
        {"group_ma": 32000, "group_safe_ma": 6000},
    )
    for _ in range(300):
        site.step(100)
    for place, table in enumerate(site.tables):
        said = []
        for each in group.answer(table.charger.service, []):
            if each is None:
                site.step(100)
            else:
                said.append(check({"id": 1, "line": each[0]} | each[1]))
        assert [each["number"] for each in said] == [place + 1, 1, 2]
        assert ["drawn_ma" in each for each in said] == [False, True, True]


def test_what_a_scan_finds_is_described():
    check({"id": 1, "line": "x", "meter": "sdm630", "address": 1, "baud": 9600, "parity": 0})
    with pytest.raises(fastjsonschema.JsonSchemaException):
        check({"id": 1, "line": "x", "meter": 3})
