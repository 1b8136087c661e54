"""The time through a reset: what the chip's own seconds lack to it stands in the RTC's memory, behind what starts.py keeps there.

Those seconds run on through every reset but that of the power (ESP-IDF: the RTC timer, from which newlib's time is set at the
start, esp_set_time_from_rtc), so the clock is right again after one. Not yet seen on a chip. Read only where the time was told.
"""

from headroom.act.starts import MAGIC

PLACE = len(MAGIC) + 1


def through(memory, standard_s, own_s, lost):
    """It is ``standard_s`` when the chip's own seconds are ``own_s``: remember that. 0: what time it is now, 0 when nobody knows.

    ``memory``: of the RTC; ``lost``: the power was gone, and those seconds began anew.
    """
    data = memory()
    if standard_s:
        lacks_s = standard_s - own_s
        memory(data[:PLACE] + bytes([lacks_s >> shift & 0xFF for shift in (24, 16, 8, 0)]))
        return standard_s
    data = data[PLACE:]
    if lost or len(data) != 4:
        return 0
    lacks_s = 0
    for byte in data:
        lacks_s = lacks_s << 8 | byte
    if lacks_s >> 31:
        lacks_s -= 1 << 32
    return max(lacks_s + own_s, 0)
