"""Flash for the bench: files in RAM for runs that only need to remember, and a NOR chip whose power can be cut.

``Nor`` is a block device like the ESP32's (4 kB sectors, prog only clears bits), so the VM's own littlefs runs on it.
"""

BLOCK = 4096
EIO = -5

# What reading takes: 4 bytes came at 50 kB/s, 2 kB at 9.5 MB/s, means of Espressif's tests of the ESP32 with both cores on
# (esp-idf, idf_performance_target.h of esp32: 35.2 and 6650 kB/s there are 70 % of them): cache and other core wait in each call.
READ_US = 80
READ_BYTES_US = 9  # bytes in a microsecond


class RamFiles:
    """open and mkdir in a dict; ``full`` makes every write fail as a full volume does."""

    def __init__(self):
        self.files = {}
        self.full = False

    def open(self, path, mode):
        """A file to read or to write, binary."""
        if mode == "rb" and path not in self.files:
            raise OSError(2, path)
        return RamFile(self, path, mode)

    def mkdir(self, path):
        """Folders need not be made."""


class RamFile:
    """One open file; what is written is there after ``close``."""

    def __init__(self, files, path, mode):
        self.files = files
        self.path = path
        self.data = files.files[path] if mode == "rb" else b""
        self.mode = mode

    def read(self, size):
        """The first ``size`` bytes."""
        return self.data[:size]

    def write(self, data):
        """Append."""
        if self.files.full:
            raise OSError(28, "no space")
        self.data += bytes(data)

    def close(self):
        """Make it last."""
        if self.mode == "wb":
            self.files.files[self.path] = self.data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Nor:
    """A block device over ``image`` (a bytearray) that counts its operations and can die at one of them.

    ``dies_at``: the number of the operation (1, 2, ...) that does not complete; ``torn``: it is cut in its middle instead
    of before its start. ``erased``: how often each block was erased. ``worn``: blocks that take no program any more: a
    worn cell stays as the erase left it (a guess at how wear shows; littlefs reads back what it wrote).
    """

    def __init__(self, blocks=None, image=None, worn=()):
        self.image = image if image is not None else bytearray(b"\xff" * (blocks * BLOCK))
        self.blocks = len(self.image) // BLOCK
        self.worn = worn
        self.erased = [0] * self.blocks
        self.operations = 0
        self.programmed = 0  # bytes
        self.dies_at = None
        self.torn = False
        self.dead = False  # the supply is gone: every call fails and changes nothing

    def readblocks(self, block, buffer, offset=0):
        """Read."""
        if self.dead:
            return EIO
        start = block * BLOCK + offset
        buffer[:] = self.image[start : start + len(buffer)]
        return 0

    def writeblocks(self, block, buffer, offset=0):
        """Program: bits go from 1 to 0 only."""
        if self.dead:
            return EIO
        length = self._count(len(buffer))
        start = block * BLOCK + offset
        image = self.image
        if block in self.worn:
            length = 0
        for index in range(length):
            image[start + index] &= buffer[index]
        self.programmed += length
        return EIO if self.dead else 0

    def ioctl(self, operation, argument):
        """Block count, block size, erase, sync."""
        if operation == 4:
            return self.blocks
        if operation == 5:
            return BLOCK
        if self.dead:
            return EIO
        if operation == 6:
            length = self._count(BLOCK)
            start = argument * BLOCK
            self.image[start : start + length] = b"\xff" * length
            self.erased[argument] += 1
            return EIO if self.dead else 0
        return 0

    def _count(self, length):
        """How much of an operation of ``length`` bytes still happens."""
        self.operations += 1
        if self.operations != self.dies_at:
            return length
        self.dead = True
        return length // 2 if self.torn else 0
