"""How long something has been seen: what happened before the first look at it, nobody knows.

A tick may take long (a flash write, a garbage collection, a slow bus). The time since the look before belongs to what is
seen now only from its second sight on; the first counts as long as a look takes.
"""

WINDOW_MS = 25  # the longest window, a mains cycle at 45 Hz, and a little


def longer_ms(seen_ms, dt_ms):
    """``seen_ms`` after one more look, ``dt_ms`` after the one before."""
    return seen_ms + dt_ms if seen_ms else min(dt_ms, WINDOW_MS)
