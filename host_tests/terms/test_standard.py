"""A car's five seconds are one number: change it, and everything that waits for a car waits for as much longer."""

import subprocess
import sys
from pathlib import Path

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"

# what is derived from it: how much longer it lasts when a car has two seconds more
DERIVED = {
    "guard.offer.SETTLE_MS": 2000,
    "guard.faults.AFTER_MS[15]": 2000,
    "monitor.step_response.WAIT_DOWN_MS": 2000,
    "monitor.step_response.LATE_MS": 2000,
    "law.car_current.FOLLOW_DOWN_MS": 2000,
    "law.car_current.FOLLOWED_MS": 2000,
    "law.balance.SETTLE_MS": 2000,
    "law.carcheck.SETTLE_MS": 4000,
}


def values(follow_ms):
    """What is derived, in a firmware whose standard gives a car so long."""
    script = f"from headroom.terms import standard\nstandard.FOLLOW_MS = {follow_ms}\n"
    for name in DERIVED:
        module = ".".join(name.split(".")[:2])
        script += f"import headroom.{module}\nprint(headroom.{name})\n"
    done = subprocess.run([sys.executable, "-c", script], cwd=FIRMWARE, capture_output=True, text=True, check=True)
    return dict(zip(DERIVED, map(int, done.stdout.split()), strict=True))


def test_everything_that_waits_for_a_car_waits_for_as_much_longer():
    five, seven = values(5000), values(7000)
    assert {name: seven[name] - five[name] for name in DERIVED} == DERIVED
