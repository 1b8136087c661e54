"""Sparse time: hours, months and a year in which nothing happens, on a table at waveform fidelity.

The firmware lives the time itself (``live``): it ticks once a second on readings that the rms fidelity makes, with the pins,
the clock, the watchdog and the world all running. Once in WINDOW_S, and whenever the pilot's duty is another, it takes a
whole window with every conversion in it. So what each tick or each window refreshes is refreshed by the firmware's own
hand, as on the chip, and what nobody refreshes ages by the whole span, across every wrap of ``ticks_us`` and ``ticks_ms``
that lies in it. No instant of the firmware's is moved from outside, and no list here says which ones it keeps.

What is coarser than on the chip: ticks of a second (a chip's are 25 ms), and no noise or waveform between two windows.
WINDOW_S is below half a period of ``ticks_us``: an instant that every window refreshes never gets too old.

For more than some days there is ``unseen``: a leap that the firmware cannot see. It cannot age an instant (that looks the
same after a whole period), only the world and the bench, so the rest of the span is to be lived.
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
    steps = duty_u16 = 0
    while table.chip.us < until_us:
        left_ms = (until_us - table.chip.us) // 1000
        if steps % WINDOW_S == 0 or left_ms == 0 or charger.outputs.duty_u16 != duty_u16:
            duty_u16 = charger.outputs.duty_u16
            charger.scan = waveform
        else:
            charger.scan = coarse
            coarse.step_ms = min(STEP_MS, left_ms)
        steps += 1
        charger.tick()
        table.world.catch_up(table.chip.us)
    charger.scan = waveform


def unseen(table, periods):
    """Leap by whole periods of ``ticks_ms`` (12.4 days), each a thousand of ``ticks_us``.

    What runs on by itself, PWM and mains, comes out of the leap at the phase at which it went in: the firmware would have
    followed it.
    """
    chip, world = table.chip, table.world
    leap_us = periods * TICKS * 1000
    chip.leap(leap_us)
    for pin, (freq, duty, started_us) in list(chip.pwm.items()):
        chip.pwm[pin] = (freq, duty, started_us + leap_us)
    world.mains.base_us += leap_us
    world.catch_up(chip.us)
