"""Bad starts in a row, so that a boot loop ends in a safe idle charger with a console; a brown-out by its name; the time.

Kept in the RTC's memory: it outlives every reset but loses its content with the power. So a power-on that finds it
written was a brown-out (the ESP32 port calls both PWRON_RESET; seen in its source, not yet on a chip).

The chip's own seconds run on through every reset but that of the power (ESP-IDF: the RTC timer, from which newlib's time is
set at the start, esp_set_time_from_rtc). So what they lack to the time is kept, and the clock is right again after a reset. Not
yet seen on a chip.
"""

from time import time

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


def keep_time(standard_s):
    """It is ``standard_s`` now: remember that through resets."""
    memory = RTC().memory()
    lacks_s = standard_s - time()
    RTC().memory(memory[: len(MAGIC) + 1] + bytes([lacks_s >> shift & 0xFF for shift in (24, 16, 8, 0)]))


def kept_time():
    """The time as it was told before a reset and has gone on since; 0 when nobody knows."""
    kept = RTC().memory()[len(MAGIC) + 1 :]
    if cause in (PWRON_RESET, BROWN_OUT) or len(kept) != 4:
        return 0
    lacks_s = 0
    for byte in kept:
        lacks_s = lacks_s << 8 | byte
    if lacks_s >> 31:
        lacks_s -= 1 << 32
    return max(lacks_s + time(), 0)


def _write(bad):
    RTC().memory(MAGIC + bytes([bad]) + RTC().memory()[len(MAGIC) + 1 :])
