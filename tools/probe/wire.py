"""Runs on the chip: what comes in at the serial port, read as a tick does it, or after a while in which nobody reads."""

import select
import sys
import time

poll = select.poll()
poll.register(sys.stdin, select.POLLIN)


def count(wanted, quiet_ms, most):
    """Bytes that come, until all have or none has for so long; at most ``most`` between two looks at the clock."""
    byte = bytearray(1)
    heard = 0
    last = time.ticks_ms()
    while heard < wanted and time.ticks_diff(time.ticks_ms(), last) < quiet_ms:
        for _ in range(most):
            if not poll.poll(0):
                break
            sys.stdin.buffer.readinto(byte)
            heard += 1
            last = time.ticks_ms()
        time.sleep_ms(25)
    return heard


def paced(wanted):
    """What the console would get of so many bytes."""
    print("go")
    print(repr(("uart_heard", count(wanted, 3000, 32))))


def ring():
    """What the port keeps for a program that does not look for half a second."""
    print("go")
    time.sleep_ms(500)
    print(repr(("uart_ring", count(1024, 300, 1024))))
