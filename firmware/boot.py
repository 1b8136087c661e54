"""Outputs safe, before anything that can fail is imported.

A soft reset leaves the contactor's pin as it was: a closed contactor would stay closed until somebody opens it.
"""

import board
from machine import Pin

Pin(board.CONTACTOR_PIN, Pin.OUT, value=0)
Pin(board.PILOT_PWM_PIN, Pin.OUT, value=0)  # steady -12 V: charger not available
