"""The PIN before the installer's settings, with a wait that doubles after each wrong try.

It keeps a household from changing the breaker's rating by accident or curiosity. It does not protect against who has the
port: who has the port has the chip, can stop the firmware and read or write the flash.
"""

import struct
from binascii import hexlify
from hashlib import sha256
from os import urandom

from headroom.terms.refused import Refused

RECORD = "pin"
OPEN_MS = 600000  # an unlocked console locks itself again
FREE_TRIES = 3
FIRST_WAIT_MS = 10000
LONGEST_WAIT_MS = 3600000
SALT_BYTES = 8
FORM_BYTES = 1 + SALT_BYTES + 32  # wrong tries, salt, hash

LOST = "the stored PIN cannot be read: the installer's settings stay closed until it is removed, see help pin"


def hashed(salt, pin):
    """Hash of a PIN."""
    return sha256(salt + pin.encode()).digest()


def wait_ms(tries):
    """How long to wait after so many wrong tries in a row."""
    if tries < FREE_TRIES:
        return 0
    return min(FIRST_WAIT_MS << min(tries - FREE_TRIES, 9), LONGEST_WAIT_MS)


class Pin:
    """Without a PIN the installer's settings are open: that is how a new charger is set up."""

    def __init__(self):
        self.salt = b""
        self.hash = b""
        self.tries = 0  # wrong ones in a row; they outlive a reset
        self.open_ms = 0
        self.wait_ms = 0
        self.lost = False  # there was one, and it cannot be read: nobody may pass for the installer

    def load(self, data, damaged):
        """Take over what the store holds; ``damaged``: it holds something, and nobody can read it."""
        if data is None or len(data) != FORM_BYTES:
            self.lost = damaged or data is not None
            return
        salt, digest = data[1 : 1 + SALT_BYTES], data[1 + SALT_BYTES :]
        self.tries = data[0]
        self.salt = salt
        self.hash = digest
        self.wait_ms = wait_ms(self.tries)

    def pack(self):
        """Bytes for the store."""
        return struct.pack("<B", self.tries) + self.salt + self.hash

    def step(self, dt_ms):
        """Let ``dt_ms`` pass."""
        if self.open_ms > 0:
            self.open_ms -= dt_ms
        if self.wait_ms > 0:
            self.wait_ms -= dt_ms

    def is_open(self):
        """True when the installer's settings may be changed now."""
        return not self.lost and (not self.hash or self.open_ms > 0)

    def check(self, what="that is the installer's to change: unlock PIN"):
        """Refused unless open."""
        if not self.is_open():
            raise Refused(LOST if self.lost else what)

    def unlock(self, pin):
        """Open for ten minutes; True when right, False when wrong (and closed), Refused while waiting."""
        if self.wait_ms > 0:
            raise Refused("too many wrong PINs: wait %d s" % (self.wait_ms // 1000 + 1))
        if self.lost:
            raise Refused(LOST)
        if not self.hash:
            return True
        if hashed(self.salt, pin) == self.hash:
            self.tries = 0
            self.open_ms = OPEN_MS
            return True
        self.open_ms = 0
        self.tries = min(self.tries + 1, 255)
        self.wait_ms = wait_ms(self.tries)
        return False

    def lock(self):
        """Close again at once."""
        self.open_ms = 0

    def made(self, pin):
        """Bytes for the store with a new PIN; Refused unless open and 4 to 12 digits."""
        self.check()
        if not (4 <= len(pin) <= 12 and all(digit in "0123456789" for digit in pin)):
            raise Refused("a PIN is 4 to 12 digits")
        salt = hexlify(urandom(SALT_BYTES // 2))
        return b"\0" + salt + hashed(salt, pin)

    def change(self, data):
        """Put what ``made`` gave in force."""
        self.load(data, False)
        self.open_ms = OPEN_MS
