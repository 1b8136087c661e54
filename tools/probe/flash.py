"""Runs on the chip: how long each call of the file system stalls it, in the steps in which the store writes a record."""

import os
from time import ticks_diff, ticks_us

RECORD = b"x" * 600
FOLDER = "/probe"
ROUNDS = 100  # after some 90 littlefs tidies the folder up


def writes():
    """us of create, write and close, each in turn."""
    took = []
    os.mkdir(FOLDER)
    for number in range(ROUNDS):
        begun = ticks_us()
        file = open(FOLDER + "/" + str(number & 1), "wb")  # noqa: SIM115 (each call is timed)
        took.append(ticks_diff(ticks_us(), begun))
        begun = ticks_us()
        file.write(RECORD)
        took.append(ticks_diff(ticks_us(), begun))
        begun = ticks_us()
        file.close()
        took.append(ticks_diff(ticks_us(), begun))
    for name in os.listdir(FOLDER):
        os.remove(FOLDER + "/" + name)
    os.rmdir(FOLDER)
    print(repr(("flash_us", took)))


writes()
