"""Sparse time: hours, months and a year in which nothing happens, on a table at waveform fidelity.

The firmware lives the time itself: it ticks once a second on readings that the rms fidelity makes, with the pins, the
clock, the watchdog and the world all running, and once in WINDOW_S takes a whole window with every conversion in it. So
what each tick or each window refreshes is refreshed by the firmware's own hand, as on the chip; what nobody refreshes
ages by the whole span, across every wrap of ``ticks_us`` and ``ticks_ms`` that lies in it. No instant of the firmware's is
moved from outside, and no list here says which ones it keeps.

What is coarser than on the chip: ticks of a second (a chip's are 25 ms), and no noise or waveform between two windows.
WINDOW_S is below half a period of ``ticks_us``: an instant that every window refreshes never gets too old.

``unseen`` is for more than some days: it leaps by whole periods of both tick counters, so that the firmware cannot see it.
It cannot age an instant (it looks the same after a whole period), only the world and the bench; the rest is to be lived.
"""

from bench.chip.chip import TICKS
from bench.rms import RmsScan

STEP_MS = 1000  # the watchdog's time is a second
WINDOW_S = 256


def live(table, ms):
    """Let ``ms`` pass on a table at waveform fidelity, in which only time happens."""
    charger = table.charger
    waveform = charger.scan
    coarse = RmsScan(table.chip, table.world)
    until_us = table.chip.us + ms * 1000
    steps = 0
    while table.chip.us < until_us:
        left_ms = (until_us - table.chip.us) // 1000
        if steps % WINDOW_S == 0 or left_ms == 0:
            charger.scan = waveform
        else:
            charger.scan = coarse
            coarse.step_ms = min(STEP_MS, left_ms)
        steps += 1
        charger.tick()
        table.world.catch_up(table.chip.us)
    charger.scan = waveform


def unseen(table, periods):
    """Leap by whole periods of ``ticks_ms`` (12.4 days), each a thousand of ``ticks_us``."""
    leap_us = periods * TICKS * 1000
    table.chip.us += leap_us
    table.chip.wdt_fed_us += leap_us
    table.world.catch_up(table.chip.us)
