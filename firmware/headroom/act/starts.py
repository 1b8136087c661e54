"""Bad starts in a row, so that a boot loop ends in a safe idle charger with a console, and a brown-out has its name.

Kept in the RTC's memory: it outlives every reset but loses its content with the power. So a power-on that finds it
written was a brown-out (the ESP32 port calls both PWRON_RESET; seen in its source, not yet on a chip).
What stands behind that is left alone: the time, act/kept_time.py.
"""

from machine import PWRON_RESET, RTC, SOFT_RESET, reset_cause

MAGIC = b"headroom"
TOO_MANY = 5  # so many starts in a row that did not live long: something is wrong for good
GOOD_MS = 60000  # a start that lives so long is a good one
BROWN_OUT = 6  # beside machine.reset_cause()'s own numbers

cause = reset_cause()  # why the chip started; ``begin`` knows better


def begin():
    """Count this start; returns how many in a row before it were bad."""
    global cause
    memory = RTC().memory()
    known = len(memory) >= len(MAGIC) + 1 and memory[: len(MAGIC)] == MAGIC
    cause = reset_cause()
    if cause == PWRON_RESET and known:
        cause = BROWN_OUT
    bad = memory[len(MAGIC)] if known and cause != SOFT_RESET else 0
    _write(bad + 1 if bad < TOO_MANY else TOO_MANY - 1)  # a charger that gave up may try again a day later
    return bad


def good():
    """This start lived long enough, or ends because somebody wants it to."""
    _write(0)


def _write(bad):
    RTC().memory(MAGIC + bytes([bad]) + RTC().memory()[len(MAGIC) + 1 :])
