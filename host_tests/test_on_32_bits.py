"""The rules on a real 32-bit VM: integers of 31 bits, so that whatever leaves them allocates, as it does on the chip.

Each test file of the rooms that decide and sense, as it runs on the 64-bit VM; then ticks with the largest figures that a
charger can meet, in which nothing may be allocated.
"""

import functools
import re
import sys
from pathlib import Path

import pytest
from headroom_tools.measure import vm32
from headroom_tools.measure.heap_cost import without_viper

sys.path.insert(0, str(Path(__file__).parent))
from test_micropython_vm import HERE, NEUTRAL, ROOT

pytestmark = pytest.mark.skipif(vm32.node() is None, reason=vm32.MISSING)

ROOMS = ("guard", "law", "monitor", "record", "sense", "terms")
RULES = [path for path in NEUTRAL if path.parent.name in ROOMS]
HEAP = 8000000  # the bench's own: nothing is collected while a test runs
PATH = "import gc, sys\nsys.path[:0] = ['/tools/bench']\nimport vmtest"
YEAR_S = 365 * 86400


@functools.cache
def repository():
    """Firmware, boards and bench as they lie in the repository, for a VM without native code."""
    files = {}
    for part in ("firmware", "boards", "tools/bench"):
        for path in (ROOT / part).rglob("*.py"):
            text = without_viper(path.read_text("utf-8"), bodies=True)
            files[path.relative_to(ROOT).as_posix()] = text.encode()
    return files


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(HERE)))
def test_on_the_32_bit_vm(path):
    names = re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    steps = [PATH, f"names = vmtest.load('/{path.name}')"]
    steps += [f"vmtest.tell(names, '{name}')\ngc.collect()" for name in names]
    said = vm32.run(steps, {**repository(), path.name: path.read_bytes()}, HEAP, False)
    assert "FAILED" not in said, said
    assert said.count("ok ") == len(names)


TICKS = """
charger = table.charger
law, guard, outputs, readings, verdict = charger.law, charger.guard, charger.outputs, charger.readings, charger.verdict
in_force = charger.in_force
outputs.supervisor = None  # its edge of each tick allocates in the bench's pin, not in the chip's
clock, energy = charger.desk.clock, charger.energy
def ticks(n, desk=True):
    for _ in range(n):
        law.propose(25, readings, in_force, charger.proposal)
        proposal = charger.car_check.bounded(25, readings, in_force, charger.proposal)
        guard.judge(25, readings, proposal, in_force, verdict)
        outputs.apply(verdict, 25)
        in_force.take(verdict)
        energy.step(25, readings, charger.proposal, verdict.closed, charger.limits)
        if desk:
            charger.serve(25)
def allocated(desk=True):
    ticks(3, desk)
    before = gc.mem_alloc()
    ticks(400, desk)
    return gc.mem_alloc() - before
def worst():
    readings.grid_ma[:] = (125000, 125000, 125000)
    readings.car_ma, readings.mains_mv = 80000, 270000
    readings.power_w[:] = readings.power_va[:] = (33750, 33750, 33750)
    for index in range(len(energy.wh)):
        energy.wh[index] = TWENTY_YEARS_WH
"""
TWENTY_YEARS_WH = 20 * 8766 * 5000  # at a mean of 5 kW on each phase, day and night
WALL_S = {"2026": 6 * YEAR_S, "2038": 18 * YEAR_S + 18 * 86400, "2054": (1 << 30) - 86400}  # since 2020-01-01


@pytest.mark.parametrize("board", ["reference", "metered"])
@pytest.mark.parametrize("year", WALL_S)
@pytest.mark.parametrize("uptime_s", [100, YEAR_S], ids=["new", "a year up"])
def test_no_tick_allocates_whatever_year_it_is_and_however_much_flows(board, year, uptime_s):
    steps = [
        PATH,
        f"from bench.table import Table\ntable = Table([(0, 5000, 5000, 5000)], fidelity='rms', board={board!r})",
        "table.scan.step_ms = 25\ntick = table.tick",
        ("tick", 2600),
        TICKS.replace("TWENTY_YEARS_WH", str(TWENTY_YEARS_WH)),
        "assert verdict.closed, 'the car is not charging'",
        f"clock.uptime_s = {uptime_s}\nclock.tell({WALL_S[year]})\nreadings.wall_s = clock.wall_s()\nticks(200)\ngc.collect()",
        "print('charging', allocated())",
        "worst()\nticks(400)\ngc.collect()",
        "print('worst', allocated(False))",
    ]
    assert vm32.run(steps, repository(), HEAP, False) == "charging 0\nworst 0\n"
