"""The modules of a version in one file: firmware/shelf.py reads it on the chip, and says why, and how it is laid out."""

import binascii
import struct
from pathlib import PurePosixPath

SHELF = "headroom.shelf"


def key(path: str) -> bytes:
    """Returns what a path is found by."""
    return struct.pack("<I", binascii.crc32(f"/{path}".encode()))


def shelved(modules: dict[str, bytes]) -> bytes:
    """Returns the file for ``modules``, by path."""
    folders = {parent.as_posix() for name in modules for parent in PurePosixPath(name).parents} - {"."}
    rows = [(name, b"") for name in sorted(folders)] + list(modules.items())
    keys = b"".join(key(name) for name, _ in rows)
    for place, (name, _) in enumerate(rows):  # the chip takes the first that fits, at any byte
        assert keys.find(key(name)) == 4 * place, f"{name}: two paths of one CRC, rename the module"
        bare, _, ending = name.rpartition(".")
        assert not ending or all(key(bare + other) not in keys for other in ("", ".py")), f"{name}: rename the module"
    start = 3 + 8 * len(rows)
    starts = b""
    for _, data in rows:
        starts += struct.pack("<I", start if data else 0)
        start += len(data)
    return struct.pack("<BH", len(folders), len(rows)) + keys + starts + b"".join(data for _, data in rows)
