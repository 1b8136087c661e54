"""The modules of a version in one file: firmware/shelf.py reads it on the chip, and says why, and how it is laid out."""

import binascii
import struct
from pathlib import PurePosixPath

SHELF = "headroom.shelf"


def shelved(modules: dict[str, bytes]) -> bytes:
    """Returns the file for ``modules``, by path."""
    folders = {parent.as_posix() for name in modules for parent in PurePosixPath(name).parents} - {"."}
    rows = [(name, b"") for name in sorted(folders)] + list(modules.items())
    keys = [struct.pack("<I", binascii.crc32(f"/{name}".encode())) for name, _ in rows]
    assert len(set(keys)) == len(keys), "two paths of one CRC: rename a module"
    start = 2 + 12 * len(rows)
    table = b""
    for _, data in rows:
        table += struct.pack("<II", start if data else 0, len(data))
        start += len(data)
    return struct.pack("<H", len(rows)) + b"".join(keys) + table + b"".join(data for _, data in rows)
