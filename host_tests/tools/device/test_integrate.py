"""What `headroom integrate` prints can be pasted: into the manager, and onto the charger's own console."""

import pytest
import yaml
from bench.beside import Boards
from headroom_tools.device.integrate import registers

from host_tests.serve.manager.test_manager import Desk

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


def told(sensor):
    """Home Assistant's question for a sensor, asked by a pymodbus client; what it shows, None where that is its nan_value."""

    def ask(client):
        words = int(sensor["data_type"].lstrip("uint")) // 16
        answer = client.read_input_registers(sensor["address"], count=words, device_id=sensor["slave"])
        kind = getattr(client.DATATYPE, sensor["data_type"].upper())
        if answer.registers == client.convert_to_registers(sensor["nan_value"], client.DATATYPE[f"UINT{16 * words}"]):
            return None
        return client.convert_from_registers(answer.registers, kind) * sensor.get("scale", 1)

    def without_nan(client):
        answer = client.read_input_registers(sensor["address"], count=1, device_id=sensor["slave"])
        return client.convert_from_registers(answer.registers, client.DATATYPE.UINT16) * sensor.get("scale", 1)

    return ask if "nan_value" in sensor else without_nan


def test_what_home_assistant_shows_with_it_is_what_the_charger_does(headroom):
    (hub,) = yaml.safe_load(printed(headroom, "homeassistant"))["modbus"]
    desk = Desk(remote_safe_ma=32000)
    charger = desk.table.charger
    before_wh = charger.energy.supply_wh()
    values = desk.asked(*[told(sensor) for sensor in hub["sensors"]])
    shown = {
        sensor["name"].removeprefix("headroom_"): value for sensor, value in zip(hub["sensors"], values, strict=True)
    }
    assert (shown["pilot_state"], shown["closed"], shown["fault"]) == (3, 1, 0)
    assert shown["limit"] is None, "nobody has told one"
    assert shown["car"] is None, "no clamp of its own"
    assert shown["offered"] == charger.verdict.offer_ma
    assert abs(shown["supply_l1"] - charger.readings.grid_ma[0]) < 200, "some ticks later"
    assert before_wh <= shown["supply_energy"] <= charger.energy.supply_wh()
    assert shown["temperature"] == charger.readings.temperature_c
    assert (shown["min"], shown["max"], shown["safe"]) == pytest.approx((6, 32, 32))
    assert shown["hold"] == 60


def test_openwb_asks_one_number_only(headroom):
    outcome = headroom("integrate", "openwb", "--address", "2")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "headroom: --address 2: openWB asks unit id 1 only: leave it out\n"


def test_sunspec_has_nothing_to_paste_and_says_why(headroom):
    assert "no model of a charger" in printed(headroom, "sunspec")
