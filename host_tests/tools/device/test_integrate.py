"""What `headroom integrate` prints can be pasted: into the manager, and onto the charger's own console."""

import pytest
import yaml
from bench.beside import Boards
from headroom_tools.device.integrate import registers

OWN = 100


def printed(headroom, *arguments):
    outcome = headroom("integrate", *arguments)
    assert outcome.status == 0, outcome.err
    return outcome.out


def typed(text):
    """The lines for the charger's console."""
    lines = text.split("\n")
    first = lines.index("# On the charger, once (headroom console):") + 1
    return [line.removeprefix("#   ") for line in lines[first : first + 4]]


@pytest.mark.parametrize("manager", ["evcc", "openwb", "homeassistant"])
def test_the_charger_takes_the_lines_that_are_for_its_console(headroom, manager):
    boards = Boards(1, 25000)
    *lines, save = typed(printed(headroom, manager))
    for line in lines:
        assert "save or undo" in boards.ask(0, line) or "already" in boards.ask(0, line), line
    assert save == "save"
    assert "saved: bus = manager" in boards.ask(0, save)
    values = boards.tables[0].charger.settings
    assert (values.get("bus_address"), values.get("remote_hold_ms")) == (1, 120000)


def test_evcc_gets_a_charger_and_a_load_point_that_has_it(headroom):
    pasted = yaml.safe_load(printed(headroom, "evcc", "--address", "7", "--port", "/dev/ttyS3"))
    (charger,) = pasted["chargers"]
    assert charger["template"] == "evse-din"
    assert (charger["id"], charger["device"], charger["baudrate"], charger["comset"]) == (7, "/dev/ttyS3", 9600, "8N1")
    assert pasted["loadpoints"][0]["charger"] == charger["name"]


def test_home_assistant_gets_every_register_where_it_is_and_as_it_is(headroom):
    text = printed(headroom, "homeassistant", "--address", "3")
    (hub,) = yaml.safe_load(text)["modbus"]
    table = registers()
    at = 0
    for (words, name, unit, _), sensor in zip(table.ROWS, hub["sensors"], strict=True):
        assert sensor["name"] == f"headroom_{name}"
        assert (sensor["slave"], sensor["address"]) == (3 + OWN, at)
        assert sensor["data_type"].endswith(str(16 * words))
        assert ("device_class" in sensor) == (unit in ("0.1 A", "mA", "Wh", "degrees C"))
        at += words
    assert len({sensor["unique_id"] for sensor in hub["sensors"]}) == len(table.ROWS)
    by_name = {sensor["name"].removeprefix("headroom_"): sensor for sensor in hub["sensors"]}
    assert by_name["supply_l2"]["nan_value"] == 0x80000000
    assert by_name["temperature"]["nan_value"] == 0x8000
    assert by_name["limit"]["nan_value"] == table.NO_LIMIT_DA
    assert by_name["in_force"]["nan_value"] == 1 << 29
    assert by_name["car_energy"]["state_class"] == "total_increasing"
    assert f"slave: {3 + OWN}, address: {table.LIMIT}, value: 100" in text


def test_openwb_asks_one_number_only(headroom):
    outcome = headroom("integrate", "openwb", "--address", "2")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "headroom: --address 2: openWB asks unit id 1 only: leave it out\n"


def test_sunspec_has_nothing_to_paste_and_says_why(headroom):
    assert "no model of a charger" in printed(headroom, "sunspec")
