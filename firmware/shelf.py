"""The firmware's modules in one file, mounted as a file system to import from.

As files of their own each import cost littlefs some 700 reads (three looks for a name through five folders), and a read costs
the chip 80 us, however short it is (tools/bench/chip/nor.py): an answer of several modules took longer than the supervisor
waits. Out of one file it is an eighth. `headroom flash` makes it (device/shelving.py); where there is none, modules are files.

In it stand: a count, 16 bits; the CRC of each path, folders too; where each begins, a folder's 0; then the modules, which end
by themselves.
"""

import sys
from binascii import crc32


class Shelf:
    """What MicroPython's importer asks of a file system: what there is by a path, and the file."""

    def __init__(self, name):
        self.name = name
        self.file = open(name, "rb")  # noqa: SIM115 (it stays open)

    def mount(self, *_):
        """It is there."""

    def stat(self, path):
        """Folder or module; OSError where there is none."""
        return (0x8000 if self._start(path) else 0x4000,) + (0,) * 9

    def open(self, path, _):
        """A module's stream: a file of its own, for the importer closes it."""
        file = open(self.name, "rb")  # noqa: SIM115
        file.seek(self._start(path))
        return file

    def _start(self, path):
        file = self.file
        file.seek(0)
        keys = file.read(4 * int.from_bytes(file.read(2), "little"))
        at = keys.find(crc32(path.encode()).to_bytes(4, "little"))
        if at < 0:
            raise OSError(2, path)  # ENOENT
        file.seek(2 + len(keys) + at)
        return int.from_bytes(file.read(4), "little")


try:
    mounted = Shelf("headroom.shelf")
except OSError:
    pass
else:
    import vfs

    vfs.mount(mounted, "/shelf")
    sys.path.insert(0, "/shelf")
