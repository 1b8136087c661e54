"""Settings that few households have, brought into the limits: read only where one that is kept so was ever set (settings_table.RARE).

What is not there is as in the table.
"""


def bring(limits, get, boosted):
    """``get``: of the values in force. A boost leaves the sun out."""
    limits.own_ma = (get("breaker_l1_ma", 0), get("breaker_l2_ma", 0), get("breaker_l3_ma", 0))
    limits.total = (get("total_w", 0), get("night_w", 0), get("night_from_h", 0), get("night_to_h", 8))
    limits.rise_ma_s = get("rise_ma_s", 0)
    limits.solar = (0 if boosted else get("solar", 0), get("solar_sum", 0), get("solar_hold_ms", 600000))
