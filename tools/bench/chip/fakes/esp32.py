"""Fake ``esp32``: the RMT, as far as the firmware uses it: pulses that the chip ends by itself.

Sources: ports/esp32/esp32_rmt.c@v1.23.0 (the IDF's old driver) and @v1.28.0 (the new one).
"""

from bench.chip import chip as _chip
from bench.chip import ports as _ports


class RMT:
    """Drives a pin; both drivers know ``clock_div`` (1 to 255 of 80 MHz), lists of durations and of levels, and rest at 0."""

    def __init__(self, channel=-1, *, pin=None, clock_div=8, idle_level=False):
        if not 1 <= clock_div <= 255:
            raise ValueError("clock_div must be between 1 and 255")
        self.chip = chip = _chip.attached
        if pin.id in _ports.INPUT_ONLY:
            raise OSError(-0x102, "ESP_ERR_INVALID_ARG")
        self.id = pin.id
        self.clock_div = clock_div
        self.idle_level = 1 if idle_level else 0
        self.until_us = -1
        if not chip.dead:
            chip.mode[self.id] = "out"
            chip.pulses[self.id] = (chip.us, chip.us)

    def write_pulses(self, durations, data=True):
        """The pin is held; the call returns at once, but after the last one's end where that is still under way."""
        chip = self.chip
        if len(durations) == 0:
            raise ValueError("No pulses")
        if isinstance(data, (list, tuple)) and len(data) != len(durations):
            raise ValueError("duration and data must have same length")
        if chip.us < self.until_us:
            chip.advance(self.until_us - chip.us)  # rmt_tx_wait_all_done
        counts = 0
        for place in range(len(durations)):
            if not 0 < durations[place] <= 32767:
                raise ValueError("a pulse has 15 bits")  # cut off without a word by the port: the bench tells
            counts += durations[place]
        self.until_us = chip.us + counts * self.clock_div // 80
        if not chip.dead:
            chip.pulses[self.id] = (chip.us, self.until_us)
