"""What the charger changes in the world: pilot PWM, contactor, lamp.

Written only when something changed. On the way down the contactor opens first; on the way up the offer is out first.
"""

import board
from machine import PWM, Pin

PILOT_HZ = 1000
STEADY_LOW_U16 = 0  # static -12 V: state F, charger not available


class Outputs:
    """Pilot, contactor and lamp of the board; made safe when made."""

    def __init__(self):
        self.contactor = Pin(board.CONTACTOR_PIN, Pin.OUT, value=0)
        self.lamp = Pin(board.LED_PIN, Pin.OUT, value=0)
        self.pilot = PWM(Pin(board.PILOT_PWM_PIN), freq=PILOT_HZ, duty_u16=STEADY_LOW_U16)
        self.duty_u16 = STEADY_LOW_U16
        self.closed = False

    def apply(self, verdict):
        """Carry ``verdict`` out."""
        if self.closed and not verdict.closed:
            self.contactor.value(0)
            self.closed = False
        if verdict.duty_u16 != self.duty_u16:
            self.pilot.duty_u16(verdict.duty_u16)
            self.duty_u16 = verdict.duty_u16
        if verdict.closed and not self.closed:
            self.contactor.value(1)
            self.closed = True
        self.lamp.value(1 if self.closed else 0)


def make_safe():
    """Contactor open, pilot at steady -12 V (state F); needs nothing that ran before, may be called at any time."""
    Pin(board.CONTACTOR_PIN, Pin.OUT, value=0)
    Pin(board.PILOT_PWM_PIN, Pin.OUT, value=0)
