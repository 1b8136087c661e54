"""Runs on the chip: a pin that nothing is wired to is driven high, and after a reset its registers tell what became of it.

GPIO_OUT_REG and GPIO_ENABLE_REG: ESP32 Technical Reference Manual, chapter 4.12. They are read and not set: making a ``Pin``
would change what is looked at.
"""

import time

import machine

OUT, ENABLE = 0x3FF44004, 0x3FF44020


def drive(pin):
    """High, and out."""
    machine.Pin(pin, machine.Pin.OUT, value=1)


def kept(pin):
    """True where it is still driven, and high."""
    both = machine.mem32[OUT] & machine.mem32[ENABLE]
    print(repr(("pin_kept", bool(both >> pin & 1))))
    print(repr(("cause", machine.reset_cause())))


def hang():
    """Feeds no watchdog."""
    machine.WDT(timeout=1000)
    while True:
        time.sleep_ms(10)


def panic():
    """Reads where nothing is: the CPU refuses that, and the chip starts anew."""
    return machine.mem32[0]
