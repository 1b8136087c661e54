"""What the firmware keeps of the heap: all that is there once it is ready, less what the interpreter had before.

Usage: micropython heap.py FOLDER [nothing]. FOLDER holds the firmware as `headroom flash` builds it. Prints bytes before, after
the imports, and with the charger made; with ``nothing`` it ends before the firmware (to take the difference of two runs). The
32-bit VM imports this file instead (measure/heap_cost.py), with bench/day.py.
For ``machine`` stands next to nothing, so that the bench's own names and objects are not counted.
"""

import gc
import sys


class Part:
    """Any class of ``machine``: takes everything, says nothing."""

    PERIODIC = 1  # of a timer
    INV_RX = 1  # of a UART

    def __init__(self, *_, **__):
        pass

    def __call__(self, *_):
        """Any method."""
        return 0

    duty_u16 = read = read_u16 = read_uv = init = feed = freq = write = ready = __call__

    def memory(self, *_):
        """Of the RTC."""
        return b""


levels = {}  # of the pins, by number


class Pin(Part):
    """A pin that keeps its level, and shows what a test put on it."""

    IN, OUT, PULL_UP, PULL_DOWN = range(4)

    def __init__(self, number, mode=0, pull=0, value=None):
        self.number = number
        if value is not None:
            levels[number] = value

    def value(self, level=None):
        """Set it, or read it."""
        if level is None:
            return levels.get(self.number, 0)
        levels[self.number] = level
        return None


class Adc(Part):
    """A converter in the middle of its range."""

    ATTN_11DB = ATTN_0DB = 3


class Memory:
    """Registers, all of them 0."""

    def __getitem__(self, address):
        return 0

    def __setitem__(self, address, value):
        pass


class Machine:
    """The module, and what there is of `esp32`."""

    PWM = WDT = RTC = Timer = UART = RMT = Part
    Pin, ADC = Pin, Adc
    mem32 = Memory()
    reset = freq = Part()

    @staticmethod
    def unique_id():
        """Of the chip."""
        return b"\x24\x0a\xc4\x00\x01\x01"

    reset_cause = Part()
    PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5


def begin(folder):
    """The firmware that lies there can be imported."""
    sys.modules["machine"] = sys.modules["esp32"] = Machine
    sys.path.insert(0, folder)


def watched(make):
    """Returns the names that are imported by ``__import__`` while ``make`` runs: of the parts that are read only for a moment."""
    import builtins

    names, plain = [], builtins.__import__

    def watch(name, *rest):
        names.append(name)
        return plain(name, *rest)

    builtins.__import__ = watch
    make()
    builtins.__import__ = plain
    return names


def make(port=None):
    """A charger, made."""
    return __import__("headroom.charger", None, None, ("*",)).Charger(None, port or Part())


def started(charger):
    """Its start is over."""
    charger.started()


def set_to(charger, values):
    """Other settings are in force."""
    charger.settings.values.update(values)
    for _ in charger.applying():  # what the start does with them is let go then
        pass
    charger.service.console.commands.drop()  # the table that was read for it


def led(charger):
    """It leads its group: nobody else was heard for long."""
    group = charger.group
    group.may_lead, group.silent_ms = True, 1 << 20
    group.speak(25, charger.limits, charger.readings, charger.proposal, charger.verdict)
    assert group.leader is not None


def main(folder, nothing=""):
    """Boot and count."""
    begin(folder)
    gc.collect()
    before = gc.mem_alloc()
    if nothing:
        return
    __import__("headroom.charger")
    gc.collect()
    imported = gc.mem_alloc()
    made = make()
    made.started()
    gc.collect()
    print(before, imported, gc.mem_alloc())
    del made


if __name__ == "__main__":
    main(*sys.argv[1:])
