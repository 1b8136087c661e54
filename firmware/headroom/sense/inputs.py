"""The digital inputs: contactor read-back, residual current, earth monitor, grid operator's contact, lock position, button."""

import board
from machine import Pin


class Inputs:
    """``read`` refills the readings' inputs; what is not fitted reads as healthy."""

    def __init__(self):
        self.readback = Pin(board.CONTACTOR_READBACK_PIN, Pin.IN)
        self.residual = None if board.RCM_FAULT_PIN is None else Pin(board.RCM_FAULT_PIN, Pin.IN)
        self.earth = None if board.EARTH_FAULT_PIN is None else Pin(board.EARTH_FAULT_PIN, Pin.IN)
        self.dim = None if board.DIM_PIN is None else Pin(board.DIM_PIN, Pin.IN)
        self.locked = None if board.LOCK_FEEDBACK_PIN is None else Pin(board.LOCK_FEEDBACK_PIN, Pin.IN, Pin.PULL_UP)
        self.button = None if board.BUTTON_PIN is None else Pin(board.BUTTON_PIN, Pin.IN, Pin.PULL_UP)

    def read(self, readings):
        """Refill ``contactor_closed``, ``residual_fault``, ``earth_fault``, ``dimmed``, ``locked`` and ``button``."""
        readings.contactor_closed = self.readback.value() == board.CONTACTOR_READBACK_CLOSED_LEVEL
        if self.residual is not None:
            readings.residual_fault = self.residual.value() == board.RCM_FAULT_LEVEL
        if self.earth is not None:
            readings.earth_fault = self.earth.value() == board.EARTH_FAULT_LEVEL
        if self.dim is not None:
            readings.dimmed = self.dim.value() == board.DIM_LEVEL
        if self.locked is not None:
            readings.locked = self.locked.value() == 0
        if self.button is not None:
            readings.button = self.button.value() == 0
