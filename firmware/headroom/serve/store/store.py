"""The store: what outlives a reset, as named records, written so that a power cut at any moment costs nothing.

A record has a folder with two copies, ``NAME/0`` and ``NAME/1``, each with a sequence number and a CRC, written in turn: the new
one over the older one, which littlefs keeps until the file is closed whole. The newest whole copy counts.
A folder each, and no name that changes: one folder for all, with a rename in each write, took littlefs 11,000 reads to tidy up, a
second on the chip; so it takes 2,200.

Writing stalls the chip (a 4 kB sector takes some 45 ms to erase), so a write is three steps, one a tick, each one call
of the file system: create, write, close. store.svg draws them, and what a cut after each leaves.
"""

import struct
from binascii import crc32

MAGIC = b"HDRM"
HEADER = "<4sIII"  # magic, sequence number, length, CRC of all that stands before it and of the data
HEADER_BYTES = 16
DATA_MAX = 4096
RETRY_MS = 60000  # after a write failed
SHORT = 112  # so much and the header littlefs keeps in the folder's own metadata
ENOENT, ENOMEM = 2, 12

CREATE, WRITE, CLOSE = range(3)  # the next step


def frame(sequence, data):
    """The header of a copy."""
    start = struct.pack("<4sII", MAGIC, sequence, len(data))
    return start + struct.pack("<I", crc32(data, crc32(start)) & 0xFFFFFFFF)


def unframe(raw):
    """(sequence number, data) of a copy, or None when it is not whole."""
    if len(raw) < HEADER_BYTES:
        return None
    magic, sequence, length, crc = struct.unpack(HEADER, raw[:HEADER_BYTES])
    data = raw[HEADER_BYTES:]
    if magic != MAGIC or length != len(data) or crc32(data, crc32(raw[: HEADER_BYTES - 4])) & 0xFFFFFFFF != crc:
        return None
    return sequence, data


class Store:
    """Reads at once, writes by ``step``. ``files`` has open and mkdir: the chip's (``serve.flash``) or a test's."""

    def __init__(self, files, folder="data"):
        self.files = files
        self.folder = folder
        self.sequences = {}  # name: sequence number of the newest whole copy
        self.damaged = []  # names of which copies exist, but none is whole
        self.failed = 0  # errno of the last write, 0 when it went well
        self.failures = 0  # writes that failed since the start
        self.queue = []  # [name, data, copies still to write]
        self.state = CREATE
        self.file = None
        self.wait_ms = 0

    def read(self, name):
        """Data of the newest whole copy as bytes; None when there is none (``damaged`` tells whether there was)."""
        best = None
        exists = 0  # above 1 it does: a lone copy with nothing in it was made when the power went, and never written
        for slot in (0, 1):
            try:
                copy = self.copy(name, slot)
                exists += 1 if copy is False else 2
                if copy and (best is None or copy[0] > best[0]):
                    best = copy
            except OSError as error:
                exists += 0 if error.errno == ENOENT else 2
        self.sequences[name] = best[0] if best else 0
        if exists > 1 and best is None and name not in self.damaged:
            self.damaged.append(name)
        return best[1] if best else None

    def copy(self, name, slot):
        """(sequence number, data) of one copy, or None when it is not whole: one call of the file system, which may raise.

        False: there is nothing in it.
        """
        with self.files.open(self._path(name, slot), "rb") as file:
            raw = file.read(HEADER_BYTES + DATA_MAX + 1)
        return unframe(raw) if raw else False

    def put(self, name, data, copies=1):
        """Write ``data`` when there is time; it is taken as it is at that moment. ``copies=2`` leaves no older value behind."""
        for entry in self.queue:
            if entry[0] == name and (entry is not self.queue[0] or self.state == CREATE):
                entry[1] = data
                entry[2] = copies
                return
        self.queue.append([name, data, copies])

    def waits(self, name):
        """True while ``name`` is not on the flash as it was put."""
        for entry in self.queue:
            if entry[0] == name:
                return True
        return False

    def busy(self):
        """True while something waits to be written."""
        return bool(self.queue)

    def step(self, dt_ms):
        """At most one call of the file system, when something waits; whatever it raises, the copy is made anew."""
        if not self.queue:
            return
        if self.state == CREATE and self.queue[0][2] <= 1:
            self._urgent_first()
        if self.wait_ms > 0:
            self.wait_ms -= dt_ms
            return
        try:
            self._step(self.queue[0])
        except Exception as error:
            errno = getattr(error, "errno", ENOMEM)
            if errno == ENOENT and self.state == CREATE:
                errno = self._make_folder(self.queue[0][0])
                if not errno:
                    return
            self.failed = errno or -1
            self.failures += 1
            self.wait_ms = RETRY_MS
            self._drop_file()
            entry = self.queue[0]
            # it needs a block: what is short, and may find room, does not wait for it
            if entry[2] <= 1 and len(entry[1]) > SHORT:
                self.queue.pop(0)
                if not self.waits(entry[0]):
                    self.queue.append(entry)

    def _urgent_first(self):
        """What is written twice, a fault or what a person decided, waits for no journal, least of all for one that failed.

        What is left to write of an older value of the same record is dropped: after the newer one it would be the newest.
        """
        for entry in self.queue:
            if entry[2] > 1:
                self.queue = [entry] + [other for other in self.queue if other[0] != entry[0]]
                self.wait_ms = 0
                return

    def _step(self, entry):
        name, data, _ = entry
        known = self.sequences.get(name)
        if known is None or known < 0:
            self._look(name, known)
            return
        sequence = self.sequences[name] + 1
        if self.state == CREATE:
            self.file = self.files.open(self._path(name, sequence & 1), "wb")
        elif self.file is not None and self.state == WRITE:
            self.file.write(frame(sequence, data))
            self.file.write(data)
        elif self.file is not None:
            file = self.file
            self.file = None
            file.close()
            self.sequences[name] = sequence
            self.failed = 0
            entry[2] -= 1
            if entry[2] <= 0:
                self.queue.pop(0)
                if name in self.damaged:
                    self.damaged.remove(name)
        self.state = (self.state + 1) % 3

    def _look(self, name, known):
        """A record that nobody has read yet: one copy a step; below 0: -1 less the number of the first."""
        try:
            copy = self.copy(name, 0 if known is None else 1)
        except OSError:
            copy = None
        sequence = copy[0] if copy else 0
        self.sequences[name] = -1 - sequence if known is None else max(-1 - known, sequence)

    def _make_folder(self, name):
        """The record's, or first the one in which it will lie; 0, or why the file system refuses."""
        for folder in (self.folder + "/" + name, self.folder):
            try:
                self.files.mkdir(folder)
                return 0
            except OSError as error:
                errno = error.errno
                if errno != ENOENT:
                    break
        return errno

    def _drop_file(self):
        file = self.file
        self.file = None
        self.state = CREATE
        if file is not None:
            try:
                file.close()
            except Exception:
                pass

    def _path(self, name, which):
        return "%s/%s/%s" % (self.folder, name, which)
