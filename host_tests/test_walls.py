"""Each wall of the design stands, and each check notices when its wall is broken."""

import shutil
from pathlib import Path

import pytest
import walls

FIRMWARE = Path(__file__).resolve().parent.parent / "firmware"

# wall: (file, a line that breaks it)
BREACHES = {
    walls.decide_is_pure: (
        ("headroom/decide/balance.py", "import time"),
        ("headroom/decide/session.py", "from headroom.serve import words"),
        ("headroom/decide/pilot.py", "print('state')"),
    ),
    walls.hardware_stays_in_sense_and_act: (
        ("headroom/serve/console.py", "import machine"),
        ("headroom/decide/guard.py", "import board"),
        ("main.py", "from machine import Pin"),
    ),
    walls.rooms_do_not_import_sideways: (
        ("headroom/act/outputs.py", "from headroom.serve import words"),
        ("headroom/sense/scan.py", "from headroom.act.outputs import Outputs"),
        ("headroom/serve/console.py", "import headroom.charger"),
    ),
    walls.numbers_are_integers: (
        ("headroom/sense/kernel.py", "GAIN = 1.02"),
        ("headroom/decide/balance.py", "HALF = 6000 / 2"),
    ),
    walls.nothing_waits_in_a_tick: (
        ("headroom/act/outputs.py", "from time import sleep_ms"),
        ("headroom/charger.py", "time.sleep(1)"),
    ),
    walls.one_source_for_both_interpreters: (
        ("headroom/decide/pilot.py", "SLOW = sys.implementation.name == 'cpython'"),
    ),
    walls.firmware_does_not_know_the_bench: (
        ("headroom/charger.py", "from bench.world import World"),
        ("headroom/serve/words.py", "import rich"),
    ),
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
    with (broken / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    found = list(wall(broken))
    assert len(found) == 1, found
    assert file in found[0]


def test_every_wall_has_a_breach():
    assert set(BREACHES) == set(walls.WALLS)
