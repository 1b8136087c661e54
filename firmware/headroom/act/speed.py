"""The CPU's clock: the port starts an ESP32 at 160 MHz; a tick's arithmetic wants all that the board allows."""

import board
from machine import freq


def full():
    """Set the board's clock; the pilot's and the serial port's come from another one."""
    freq(board.CPU_HZ)
