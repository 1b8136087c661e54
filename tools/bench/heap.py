"""What the firmware keeps of the heap: all that is there once it is ready, less what the interpreter had before.

Usage: micropython heap.py FOLDER [nothing]. FOLDER holds the firmware as `headroom flash` builds it, or is a ROMFS image of
it. Prints bytes before, after the imports, and with the charger made; with ``nothing`` it ends before the firmware (to take
the difference of two runs).
For ``machine`` stands next to nothing, so that the bench's own names and objects are not counted.
"""

import gc
import sys

import vfs


class Part:
    """Any class of ``machine``: takes everything, says nothing."""

    PERIODIC = IN = OUT = PULL_UP = PULL_DOWN = ATTN_11DB = ATTN_0DB = 1

    def __init__(self, *_, **__):
        pass

    def __call__(self, *_):
        """Of a pin."""
        return 0

    def memory(self, *_):
        """Of the RTC."""
        return b""

    value = duty_u16 = read = read_u16 = read_uv = init = feed = freq = write = ready = __call__


class Machine:
    """The module."""

    Pin = ADC = PWM = WDT = RTC = Timer = Part
    mem32 = None
    reset = Part()
    reset_cause = Part()
    PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5


class NoFiles:
    """A volume on which nothing was ever written."""

    def open(self, path, mode):
        """Never there."""
        raise OSError(2, path)


def main(folder, nothing=""):
    """Boot and count."""
    sys.modules["machine"] = Machine
    if folder.endswith(".romfs"):
        with open(folder, "rb") as file:
            vfs.mount(vfs.VfsRom(file.read()), "/rom")
        folder = "/rom"
    sys.path[:0] = [folder]
    gc.collect()
    before = gc.mem_alloc()
    if nothing:
        return
    charger = __import__("headroom.charger", None, None, ("*",))
    store = __import__("headroom.serve.store.store", None, None, ("*",))
    gc.collect()
    imported = gc.mem_alloc()
    made = charger.Charger(None, Part(), store.Store(NoFiles()))
    gc.collect()
    print(before, imported, gc.mem_alloc(), made.version)


main(*sys.argv[1:])
