"""Fake ``time``: the attached chip's clock, wrapped like the port's."""

from bench.chip import chip as _chip

_MASK = _chip.TICKS - 1
_HALF = _chip.TICKS >> 1


def ticks_us():
    """Microseconds, period 2^30."""
    chip = _chip.attached
    chip.advance(_chip.CALL_US)
    return (chip.us + _chip.START_US) & _MASK


def ticks_ms():
    """Milliseconds, period 2^30."""
    return (_chip.attached.us // 1000 + _chip.START_MS) & _MASK


def ticks_add(ticks, delta):
    """``ticks`` moved by ``delta``."""
    if not -_HALF < delta < _HALF:
        raise OverflowError("ticks interval overflow")
    return (ticks + delta) & _MASK


def ticks_diff(end, start):
    """Signed distance, right as long as it is below half the period."""
    return ((end - start + _HALF) & _MASK) - _HALF


def sleep(s):
    """Let ``s`` seconds pass."""
    _chip.attached.advance(int(s * 1000000))


def sleep_ms(ms):
    """Let ``ms`` pass."""
    _chip.attached.advance(ms * 1000)


def sleep_us(us):
    """Let ``us`` pass."""
    _chip.attached.advance(us)


def time():
    """Whole seconds since the power came: they run on through resets (esp-idf, the RTC timer behind newlib's clock)."""
    chip = _chip.attached
    return (chip.us - chip.powered_us) // 1000000
