"""A roof's day: what panels feed in, seen at one second where clouds pass. Integers and a seed only.

The day is one of spring: 12.5 h from 06:45 to 19:15, the sun's height a half sine, the panels' power that to the 1.2 (a guess: a
fixed roof to the south). Broken cloud makes the clear-sky index two-valued, near 1.0 to 1.1 in the gaps and 0.2 to 0.5 in the
shade, with changes of most of that within seconds (1 Hz data of HOPE: Lohmann, Monahan, Heinemann, Atmos. Chem. Phys. 16, 2016);
at a cloud's edge more than the clear sky's comes down, up to 1.5 times for seconds (Järvelä, Lappalainen, Valkealahti, Solar
Energy 2020); here up to 1.2. How long gaps and clouds last is a guess: 20 s to 8 min, each doubling as likely as the next, for
cumulus of some hundred metres to kilometres at 5 to 10 m/s. Inverters feed in no more than their rating: 0.9 of the panels' peak
(a guess of what is usual).
"""

import math

from bench.world.car import Random

DAY_MS = 86400000
RISES_MS, SETS_MS = 24300000, 69300000  # 06:45, 19:15
STEP_MS = 60000  # of the sun's height
EDGE_MS = 1000
INVERTER_PERCENT = 90
SKIES = ("clear", "broken", "overcast")


def clear_w(peak_w, t_ms):
    """What the panels give at this time of the day under a clear sky."""
    if not RISES_MS < t_ms < SETS_MS:
        return 0
    return int(peak_w * math.sin(math.pi * (t_ms - RISES_MS) / (SETS_MS - RISES_MS)) ** 1.2 * 88 // 100)


def day(seed, peak_w, sky="broken"):
    """Rows (t_ms, W fed in) of one day from midnight, as they change."""
    random = Random(seed * 64 + 7)
    last_w = -1
    for t_ms, permille in _index(random, sky):
        watts = min(clear_w(peak_w, t_ms) * permille // 1000, peak_w * INVERTER_PERCENT // 100)
        if watts != last_w:
            last_w = watts
            yield t_ms, watts


def _index(random, sky):
    """(t_ms, clear-sky index in permille): each minute, and each second at a cloud's edge."""
    if sky != "broken":
        for t_ms in range(0, DAY_MS, STEP_MS):
            yield t_ms, 1000 if sky == "clear" else random.between(120, 260)
        return
    t_ms, now = 0, 1000
    shade = False
    while t_ms < DAY_MS:
        shade = not shade
        to = random.between(200, 500) if shade else random.between(980, 1080)
        over = 0 if shade else random.between(0, 120)  # at the edge of the cloud that has gone
        edge = random.between(3, 20)
        for second in range(edge):
            yield t_ms, now + (to + over - now) * (second + 1) // edge
            t_ms += EDGE_MS
        now = to
        end_ms = min(t_ms + _lasts_ms(random), DAY_MS)
        while t_ms < end_ms:
            yield t_ms, now + random.between(-15, 15)
            t_ms += min(random.between(4, 20) * 1000, end_ms - t_ms)


def _lasts_ms(random):
    low_ms = 20000 << random.between(0, 3)
    return random.between(low_ms, 3 * low_ms)
