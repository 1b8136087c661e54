"""The firmware's modules in one file, mounted as a file system to import from.

As files of their own each import cost littlefs some 700 reads (three looks for a name through five folders), and a read costs
the chip 80 us, however short it is (tools/bench/chip/nor.py): an answer of several modules took longer than the supervisor
waits. Out of one file it is a tenth. `headroom flash` makes it (device/shelving.py); where there is none, modules are files.

In it stand: a count, 16 bits; the CRC of each path, folders too; start and length of each, a folder's 0; then the modules.
"""

import sys
from binascii import crc32
from io import IOBase

FILE = "headroom.shelf"
PLACE = "/shelf"
FOLDER, MODULE = 0x4000, 0x8000
ENOENT = 2
BUFFER_SIZE = 11  # a request to a stream: py/stream.h of MicroPython
CACHE_BYTES = 128  # what littlefs keeps of an open file


class Book(IOBase):
    """A module as a stream: the next ``left`` bytes of ``file``."""

    def __init__(self, file, left):
        self.file = file
        self.left = left

    def readinto(self, piece):
        """As much as fits and is left."""
        if len(piece) > self.left:
            piece = memoryview(piece)[: self.left]
        count = self.file.readinto(piece)
        self.left -= count
        return count

    def ioctl(self, request, _):
        """How much is best read at once; to be closed means nothing, the shelf stays open."""
        return CACHE_BYTES if request == BUFFER_SIZE else 0


class Shelf:
    """What MicroPython's importer asks of a file system: what there is by a path, and the file."""

    def __init__(self, file):
        self.file = file

    def mount(self, _readonly, _make):
        """It is there."""

    def umount(self):
        """It stays there."""

    def stat(self, path):
        """Folder or module; OSError where there is none, and no source ever is."""
        if path.endswith(".py"):
            raise OSError(ENOENT, path)
        return (MODULE if self._row(path)[0] else FOLDER,) + (0,) * 9

    def open(self, path, _mode):
        """A module's stream."""
        start, left = self._row(path)
        self.file.seek(start)
        return Book(self.file, left)

    def _row(self, path):
        file = self.file
        key = crc32(path.encode()).to_bytes(4, "little")
        file.seek(0)
        paths = file.read(4 * self._number(2))
        at = paths.find(key)
        while at > 0 and at % 4:
            at = paths.find(key, at + 1)
        if at < 0:
            raise OSError(ENOENT, path)
        file.seek(2 + len(paths) + 2 * at)
        return self._number(4), self._number(4)

    def _number(self, size):
        return int.from_bytes(self.file.read(size), "little")


def put_up():
    """Mount the shelf, where one lies in the version's folder."""
    try:
        file = open(FILE, "rb")  # noqa: SIM115 (it stays open)
    except OSError:
        return
    import vfs

    vfs.mount(Shelf(file), PLACE)
    sys.path.insert(0, PLACE)


put_up()
