"""What the charger changes in the world: pilot PWM, contactor, lock, residual current test, lamp.

Written only when something changed. On the way down the contactor opens first; on the way up the offer is out first.
Each verdict that was carried out is an edge for the supervisor in the contactor's drive, where the board has one: hardware
that opens when ticks do not come round any more, whatever hangs or resets the chip.
"""

import board
from machine import PWM, Pin

from headroom.act.lamp import Lamp
from headroom.act.lock import Lock

PILOT_HZ = 1000
STEADY_LOW_U16 = 0  # static -12 V: state F, charger not available


class Outputs:
    """Everything the board can switch; made safe when made."""

    def __init__(self):
        self.contactor = Pin(board.CONTACTOR_PIN, Pin.OUT, value=0)
        self.light = Pin(board.LED_PIN, Pin.OUT, value=0)
        self.pilot = PWM(Pin(board.PILOT_PWM_PIN), freq=PILOT_HZ, duty_u16=STEADY_LOW_U16)
        self.test = None if board.RCM_TEST_PIN is None else Pin(board.RCM_TEST_PIN, Pin.OUT, value=0)
        self.lock = None if board.LOCK_PIN is None else Lock()
        self.supervisor = None if board.SUPERVISOR_PIN is None else Pin(board.SUPERVISOR_PIN, Pin.OUT, value=0)
        self.edge = 0
        self.lamp = Lamp()
        self.duty_u16 = STEADY_LOW_U16
        self.closed = False
        self.pulse = False
        self.lit = 0

    def apply(self, verdict, dt_ms=0):
        """Carry ``verdict`` out; ``dt_ms`` have passed since the last time."""
        if self.closed and not verdict.closed:
            self.contactor.value(0)
            self.closed = False
        if verdict.duty_u16 != self.duty_u16:
            self.pilot.duty_u16(verdict.duty_u16)
            self.duty_u16 = verdict.duty_u16
        if verdict.closed and not self.closed:
            self.contactor.value(1)
            self.closed = True
        if verdict.residual_pulse is not self.pulse and self.test is not None:
            self.pulse = verdict.residual_pulse
            self.test.value(1 if self.pulse else 0)
        if self.lock is not None:
            self.lock.apply(verdict.lock, dt_ms)
        lit = self.lamp.step(verdict, dt_ms)
        if lit != self.lit:
            self.lit = lit
            self.light.value(lit)
        if self.supervisor is not None:
            self.edge = 1 - self.edge
            self.supervisor.value(self.edge)


def make_safe():
    """Contactor open, pilot at steady -12 V (state F), no test pulse; needs nothing that ran before, may be called at any time.

    A pulse that went on through a reset would have the next start take the module's answer for a residual current.
    """
    Pin(board.CONTACTOR_PIN, Pin.OUT, value=0)
    Pin(board.PILOT_PWM_PIN, Pin.OUT, value=0)
    if board.RCM_TEST_PIN is not None:
        Pin(board.RCM_TEST_PIN, Pin.OUT, value=0)
