"""The firmware's modules in one file, mounted as a file system to import from.

As files of their own each import cost littlefs some 700 reads (three looks for a name through five folders), and a read costs
the chip 80 us, however short it is (tools/bench/chip/nor.py): an answer of several modules took longer than the supervisor
waits. Out of one file it is a twentieth. `headroom flash` makes it (device/shelving.py); where there is none, modules are files.

In it stand: two counts, of folders in a byte and of all in 16 bits; the CRC of each path, folders first; where each begins, a
folder's 0; then the modules, which end by themselves. The importer asks for a name four times, as a folder, as .py, as .mpy, and
to open it: only for .mpy are all looked through, once.
"""

import sys
from binascii import crc32


class Shelf:
    """What MicroPython's importer asks of a file system: what there is by a path, and the file."""

    def __init__(self, name):
        self.name = name
        self.file = open(name, "rb")  # noqa: SIM115 (it stays open)
        self.folders = 4 * self.file.read(1)[0]
        self.all = 4 * int.from_bytes(self.file.read(2), "little")
        self.last, self.start = "", 0  # the path that was found last, and where it begins

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
        if path != self.last:
            file = self.file
            file.seek(3)
            keys = file.read(self.all if path.endswith(".mpy") else self.folders)
            at = keys.find(crc32(path.encode()).to_bytes(4, "little"))
            if at < 0:
                raise OSError(2, path)  # ENOENT
            file.seek(3 + self.all + at)
            self.start = int.from_bytes(file.read(4), "little")
            self.last = path
        return self.start


try:
    mounted = Shelf("headroom.shelf")
except OSError:
    pass
else:
    import vfs

    vfs.mount(mounted, "/shelf")
    sys.path.insert(0, "/shelf")
