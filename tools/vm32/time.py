"""The port's clock for bench/day.py: it stands until somebody moves it."""

stands_at_ms = 0
PERIOD = 1 << 30


def ticks_ms():
    """As the chip's."""
    return stands_at_ms & (PERIOD - 1)


def time():
    """As the chip's."""
    return stands_at_ms // 1000


def ticks_us():
    """As the chip's."""
    return stands_at_ms * 1000 & (PERIOD - 1)


def ticks_diff(end, start):
    """As the chip's."""
    return (end - start + PERIOD // 2) % PERIOD - PERIOD // 2


def ticks_add(start, delta):
    """As the chip's."""
    return (start + delta) % PERIOD


def sleep_us(_):
    """Nothing waits here."""
