"""Apparent power and power factor, from what was measured; nothing passes 2^30 up to 150 A and 500 V."""


def apparent_va(ma, mv):
    """What ``ma`` at ``mv`` is in VA, whichever way it flows."""
    return abs(ma) * (mv // 100) // 10000


def factor_pct(power_w, apparent):
    """Power factor in percent, negative: export; 100 where nothing flows."""
    if not apparent:
        return 100
    return max(min(power_w * 100 // apparent, 100), -100)
