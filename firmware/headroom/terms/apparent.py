"""Apparent power and power factor, from what was measured; nothing passes 2^30 up to 150 A and 500 V."""

FACTOR_MIN_VA = 100  # the watts of an idle phase wander by some 20: below this they would pass for a factor


def apparent_va(ma, mv):
    """What ``ma`` at ``mv`` is in VA, whichever way it flows."""
    return abs(ma) * (mv // 100) // 10000


def factor_pct(power_w, apparent):
    """Power factor in percent, negative: export; None where too little flows to have one."""
    if apparent < FACTOR_MIN_VA:
        return None
    return max(min(power_w * 100 // apparent, 100), -100)
