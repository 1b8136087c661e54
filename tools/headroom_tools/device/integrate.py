"""`headroom integrate`: what to paste into an energy manager, so that it reads the charger and limits it.

From the firmware's own table of registers (serve/manager/registers.py). Each manager's way is as its sources have it: evcc
templates/definition/charger/evse-din.yaml, openWB packages/modules/common/evse.py, Home Assistant's modbus integration;
SunSpec's models are those of pysunspec2.
"""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from types import ModuleType
from typing import Annotated

import typer
from bench import host

from headroom_tools.common.errors import BadInput

BAUD = 9600
OWN = 100  # serve/manager/server.py
SETUP = ("set bus manager", "set bus_address {address}", "set remote_hold_ms {hold}", "save")
PORT = "/dev/ttyUSB0"
UNITS = {"0.1 A": "A", "degrees C": '"°C"'}
#: what Home Assistant knows a unit as; with it the values come into its histories, and the energies into its energy page
CLASSES = {
    "0.1 A": ("current", "measurement"),
    "mA": ("current", "measurement"),
    "degrees C": ("temperature", "measurement"),
    "Wh": ("energy", "total"),  # what was fed in again is taken off the supply's
}
RISING = "car_energy"
NO_LIMIT_MA = 536870912


class Manager(str, Enum):
    """Who shall read and limit the charger."""

    evcc = "evcc"
    openwb = "openwb"
    homeassistant = "homeassistant"
    sunspec = "sunspec"


def registers() -> ModuleType:
    """Returns the firmware's table."""
    host.load()
    return import_module("headroom.serve.manager.registers")


def on_the_charger(address: int, hold: str) -> Iterator[str]:
    """What to type on the charger's console first."""
    yield "# On the charger, once (headroom console):"
    yield from ("#   " + line.format(address=address, hold=hold) for line in SETUP)
    yield "# A limit holds for remote_hold_ms after the manager's last request; then remote_safe_ma is in force."


def evcc(address: int, port: str) -> Iterator[str]:
    """evcc speaks to it as to an EVSE-DIN; no token. It asks each `interval`, which is its sign of life."""
    yield from on_the_charger(address, "2min")
    yield "# evcc.yaml; its interval must be shorter than half of remote_hold_ms (30s is)"
    yield "chargers:"
    yield "  - name: headroom"
    yield "    type: template"
    yield "    template: evse-din"
    yield "    modbus: rs485serial"
    yield f"    id: {address}"
    yield f"    device: {port}"
    yield f"    baudrate: {BAUD}"
    yield '    comset: "8N1"'
    yield "# and where the car is charged; a load point that you have already gets the second line only"
    yield "loadpoints:"
    yield "  - title: Headroom"
    yield "    charger: headroom"


def openwb(address: int, port: str) -> Iterator[str]:
    """openWB's own boxes have an EVSE-DIN inside: the charger stands in its place."""
    if address != 1:
        raise BadInput(f"--address {address}: openWB asks unit id 1 only: leave it out")
    yield from on_the_charger(address, "2min")
    yield f"# openWB 2: an internal charge point (openWB series 1/2) finds an EVSE-DIN with unit id 1 on its adapter, {port}."
    yield "# Settings, charge points, add: internal openWB. It needs a meter of its own beside it: this charger is none of those."


def homeassistant(address: int, port: str) -> Iterator[str]:
    """Home Assistant reads each register of the charger's own map; a limit is written by a service."""
    yield from on_the_charger(address, "2min")
    table = registers()
    yield "# configuration.yaml"
    yield "modbus:"
    yield "  - name: headroom"
    yield "    type: serial"
    yield f"    port: {port}"
    yield f"    baudrate: {BAUD}"
    yield "    bytesize: 8"
    yield "    method: rtu"
    yield "    parity: N"
    yield "    stopbits: 1"
    yield "    sensors:"
    at = 0
    for words, name, unit, meaning in table.ROWS:
        yield from sensor(table, at, words, name, unit, meaning, address + OWN)
        at += words
    yield "# To limit the car to 10 A, as an action of an automation or a script (steps of 0.1 A; 65535: no limit; 0: nothing)."
    yield "# The sensors above ask often enough to keep it alive; while Home Assistant is down it ends by itself."
    yield "#   - action: modbus.write_register"
    yield f"#     data: {{hub: headroom, slave: {address + OWN}, address: {table.LIMIT}, value: 100}}"


def sensor(table: ModuleType, at: int, words: int, name: str, unit: str, meaning: str, device: int) -> Iterator[str]:
    """A register as a sensor; what is not known, or no limit, is no number there."""
    yield f"      - name: headroom_{name} # {meaning.removeprefix('WRITE: ')}"
    yield f"        unique_id: headroom_{device}_{name}"
    yield f"        slave: {device}"
    yield f"        address: {at}"
    yield "        input_type: input"
    signed = words == 2 or name == "temperature"
    yield f"        data_type: {'int' if signed else 'uint'}{16 * words}"
    if unit == "0.1 A":
        yield "        scale: 0.1"
        yield "        precision: 1"
    if unit:
        yield f"        unit_of_measurement: {UNITS.get(unit, unit)}"
    if unit in CLASSES:
        kind, state = CLASSES[unit]
        yield f"        device_class: {kind}"
        yield f"        state_class: {'total_increasing' if name == RISING else state}"
    none = nothing(table, words, name, signed)
    if none:
        yield f"        nan_value: 0x{none:0{4 * words}X}"


def nothing(table: ModuleType, words: int, name: str, signed: bool) -> int:
    """Returns the value of a register that means that there is none; 0: it always has one."""
    if name == "limit":
        return int(table.NO_LIMIT_DA)
    if name == "in_force":
        return NO_LIMIT_MA
    return (int(table.NOT_KNOWN) & 0xFFFF) << 16 * (words - 1) if signed else 0


def sunspec(_address: int, _port: str) -> Iterator[str]:
    """There is nothing to paste."""
    yield "# SunSpec has no model of a charger (of pysunspec2's 115 only DER 714 names electric cars): nothing can be set up."
    yield "# A SunSpec manager that can read plain Modbus registers: headroom integrate homeassistant lists them."


WAYS = {"evcc": evcc, "openwb": openwb, "homeassistant": homeassistant, "sunspec": sunspec}


def integrate(
    manager: Annotated[Manager, typer.Argument(help="evcc, openwb, homeassistant or sunspec.")],
    address: Annotated[int, typer.Option(min=1, max=147, help="The charger's bus_address.")] = 1,
    port: Annotated[str, typer.Option(help="The manager's RS-485 adapter.", metavar="PORT")] = PORT,
) -> None:
    """Print what an energy manager needs to read this charger over RS-485, and to limit it."""
    for line in WAYS[manager.value](address, port):
        print(line)
