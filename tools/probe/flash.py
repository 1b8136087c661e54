"""Runs on the chip: how long each call of the file system stalls it, in the steps in which the store writes a record."""

import os
from time import ticks_diff, ticks_us

RECORD = b"x" * 600
NEW, KEPT = "/probe.new", "/probe.0"
ROUNDS = 24


def writes():
    """us of create, write, close and rename, each in turn."""
    took = []
    for _ in range(ROUNDS):
        begun = ticks_us()
        file = open(NEW, "wb")  # noqa: SIM115 (each call is timed)
        took.append(ticks_diff(ticks_us(), begun))
        begun = ticks_us()
        file.write(RECORD)
        took.append(ticks_diff(ticks_us(), begun))
        begun = ticks_us()
        file.close()
        took.append(ticks_diff(ticks_us(), begun))
        begun = ticks_us()
        os.rename(NEW, KEPT)
        took.append(ticks_diff(ticks_us(), begun))
    os.remove(KEPT)
    print(repr(("flash_us", took)))


writes()
