"""The digital inputs: contactor read-back, residual-current fault."""

import board
from machine import Pin


class Inputs:
    """``read`` refills the readings' inputs; what is not fitted reads as healthy."""

    def __init__(self):
        self.readback = Pin(board.CONTACTOR_READBACK_PIN, Pin.IN)
        self.residual = None if board.RCM_FAULT_PIN is None else Pin(board.RCM_FAULT_PIN, Pin.IN)

    def read(self, readings):
        """Refill ``contactor_closed`` and ``residual_fault``."""
        readings.contactor_closed = self.readback.value() == board.CONTACTOR_READBACK_CLOSED_LEVEL
        if self.residual is not None:
            readings.residual_fault = self.residual.value() == board.RCM_FAULT_LEVEL
