"""Each wall of the design stands, and each check notices when its wall is broken."""

import shutil
from pathlib import Path

import pytest
import walls

FIRMWARE = Path(__file__).resolve().parent.parent / "firmware"
TOOLS = FIRMWARE.parent / "tools"

# wall: (file, a line that breaks it)
BREACHES = {
    walls.rooms_import_only_what_lies_below: (
        ("headroom/guard/session.py", "from headroom.law import tariff"),
        ("headroom/law/balance.py", "from headroom.serve import words"),
        ("headroom/terms/reasons.py", "from headroom.record import ring"),
        ("headroom/act/outputs.py", "from headroom.serve import words"),
        ("headroom/sense/scan.py", "from headroom.act.outputs import Outputs"),
        ("headroom/serve/words.py", "from headroom.sense import window"),
        ("headroom/serve/console/console.py", "import headroom.charger"),
    ),
    walls.no_circle_between_files_or_folders: (
        ("headroom/guard/pilot.py", "from headroom.guard import guard"),
        ("headroom/serve/store/store.py", "from headroom.serve.console import pin"),
    ),
    walls.rules_touch_no_world: (
        ("headroom/law/balance.py", "import time"),
        ("headroom/monitor/step_response.py", "import board"),
        ("headroom/guard/pilot.py", "print('state')"),
        ("headroom/record/energy.py", "open('/energy')"),
    ),
    walls.hardware_stays_in_sense_and_act: (
        ("headroom/serve/console/console.py", "import machine"),
        ("headroom/serve/words.py", "import board"),
        ("main.py", "from machine import Pin"),
    ),
    walls.numbers_are_integers: (
        ("headroom/sense/kernel.py", "GAIN = 1.02"),
        ("headroom/law/balance.py", "HALF = 6000 / 2"),
    ),
    walls.nothing_waits_in_a_tick: (
        ("headroom/act/outputs.py", "from time import sleep_ms"),
        ("headroom/charger.py", "time.sleep(1)"),
    ),
    walls.serve_sees_the_charger_through_its_face: (
        ("headroom/serve/answers/reports.py", "def dwell(service):\n    return service.charger.law.dwell.left_ms()"),
        ("headroom/serve/console/service.py", "def held(charger):\n    return charger.guard.held"),
        ("headroom/serve/answers/reports.py", "def first(charger):\n    return charger.events.ring.count(0)"),
        ("headroom/serve/answers/charger_commands.py", "def it(service):\n    them = service.charger\n    return them"),
        ("headroom/serve/answers/charger_commands.py", "def law(service):\n    return getattr(service.charger, 'law')"),
        (
            "headroom/serve/answers/settings_commands.py",
            "def more(service):\n    service.charger.limits.charger_ma = 80000",
        ),
        (
            "headroom/serve/answers/calibrate.py",
            "def raw(service):\n    return service.calibration.all.all[0].meter.raw_ma",
        ),
        ("headroom/serve/store/blackbox_store.py", "def a(x):\n    b, charger = x.charger, x\n    return b, charger"),
    ),
    walls.readings_are_only_read: (
        ("headroom/guard/guard.py", "def found(readings):\n    readings.at_risk = True"),
        ("headroom/guard/causes.py", "def zeroed(self):\n    self.readings.grid_ma[0] = 0"),
        ("headroom/law/balance.py", "def worn(readings):\n    readings.car_ma += 1"),
    ),
    walls.what_the_standard_gives_a_car_stands_once: (
        ("headroom/law/balance.py", "SETTLE_MS = 5000  # a car has this long to follow an offer"),
        ("headroom/monitor/step_response.py", "LATE_MS = 5000  # Table A.6, sequence 6"),
    ),
    walls.one_source_for_both_interpreters: (
        ("headroom/guard/pilot.py", "SLOW = sys.implementation.name == 'cpython'"),
        ("headroom/serve/words.py", "BACK = 'words'[::-1]"),
        ("headroom/features.py", "def tried():\n    try:\n        pass\n    except ValueError:\n        raise"),
    ),
    walls.firmware_does_not_know_the_bench: (
        ("headroom/charger.py", "from bench.table import Table"),
        ("headroom/serve/words.py", "import rich"),
    ),
    walls.every_room_says_its_question: (("headroom/law/__init__.py", None),),
}


@pytest.mark.parametrize("wall", walls.WALLS, ids=lambda wall: wall.__name__)
def test_the_wall_stands(wall):
    assert list(wall(FIRMWARE)) == []


@pytest.mark.parametrize(
    ("wall", "file", "line"),
    [(wall, file, line) for wall, breaches in BREACHES.items() for file, line in breaches],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_breach_is_noticed(tmp_path, wall, file, line):
    broken = tmp_path / "firmware"
    shutil.copytree(FIRMWARE, broken)
    with (broken / file).open("a" if line else "w", encoding="utf-8") as source:
        source.write(f"\n{line or ''}\n")
    found = list(wall(broken))
    assert found
    assert any(file in each for each in found), found


def test_the_tools_and_the_bench_have_no_circle_either():
    assert list(walls.no_circle_between_files_or_folders(TOOLS)) == []


TOOLS_BREACHES = (
    ("jig/dut.py", "from bench.world import jig"),
    ("jig/steps/b_safety.py", "from headroom_tools.jig.bench_instruments import Bench"),
    ("jig/session.py", "from headroom_tools.sim.runner import micropython"),
    ("jig/codes.py", "from headroom.guard import faults"),
    ("device/flash.py", "from headroom_tools.jig import dut"),
)


@pytest.mark.parametrize("wall", walls.TOOLS_WALLS, ids=lambda wall: wall.__name__)
def test_the_wall_in_the_tools_stands(wall):
    assert list(wall(TOOLS)) == []


@pytest.mark.parametrize(("file", "line"), TOOLS_BREACHES)
def test_a_breach_in_the_tools_is_noticed(tmp_path, file, line):
    broken = tmp_path / "headroom_tools" / file
    broken.parent.mkdir(parents=True)
    broken.write_text(f"{line}\n")
    (wall,) = walls.TOOLS_WALLS
    assert [file in each for each in wall(tmp_path)] == [True]


def test_every_wall_has_a_breach():
    assert set(BREACHES) == set(walls.WALLS)
