"""Outputs safe, before anything that can fail is imported.

A soft reset leaves the contactor's pin as it was: a closed contactor would stay closed until somebody opens it.

`headroom flash` keeps each version in a folder of its own; `/current` names the one in force. From there come this board's
pins, and then main.py. A device without that file has its version at the root.
"""

import os

try:
    with open("/current") as file:
        os.chdir(file.read())
except OSError:
    pass

import board
from machine import Pin

Pin(board.CONTACTOR_PIN, Pin.OUT, value=0)
Pin(board.PILOT_PWM_PIN, Pin.OUT, value=0)  # steady -12 V: charger not available
if board.RCM_TEST_PIN is not None:
    Pin(board.RCM_TEST_PIN, Pin.OUT, value=0)  # a reset of the CPU leaves the residual current module's test on
