"""Which board this is, of all: by the chip's own address (machine.unique_id, its MAC: ports/esp32/modmachine.c)."""

from os import urandom

from machine import unique_id


def uid():
    """A word that is another one on another board; two of a group with the same are one in some thousands."""
    word = 0x1D0F
    for byte in unique_id():
        word = (word * 31 + byte * 257) & 0xFFFF
    return word or 1


def salt():
    """A word that is another one at each start."""
    return int.from_bytes(urandom(2), "big")
