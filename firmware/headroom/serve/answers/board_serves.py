"""Which settings this board can serve: what it cannot is refused with the reason, never accepted without effect."""

from headroom.terms import meters, wiring

SURPLUS = ("VOLTAGE_PIN", "this board measures no voltage, so it cannot tell surplus from load")
# setting: (the part of board.py that it needs, why it means nothing without)
NEEDS = {
    "exports": (
        "VOLTAGE_PIN",
        "this board measures no voltage, so it takes what flows out for load; where panels cancel the load, set idle_ma 0",
    ),
    "solar": SURPLUS,
    "solar_sum": SURPLUS,
    "solar_hold_ms": SURPLUS,
    "group_no": ("RS485_RX_PIN", "this board has no RS-485 bus, by which a group speaks"),
    "dim_w": ("DIM_PIN", "this board has no input for the grid operator's contact"),
    "bus": ("RS485_RX_PIN", "this board has no RS-485 port"),
}


def refusal(row, value, parts, phases):
    """Why a board with these optional parts, and clamps on so many phases, cannot serve a value; empty when it can.

    ``parts`` None: a board that can serve all. The value that is in force unless set is never refused.
    """
    name, default = row[0], row[2]
    if parts is None or value == default:
        return ""
    if name in NEEDS and NEEDS[name][0] not in parts:
        return "%s: %s" % (name, NEEDS[name][1])
    if name[:9] == "breaker_l" and int(name[9]) > phases:
        return "%s: this board has no clamp on L%s" % (name, name[9])
    if name == "meter":
        needs = "METER_RX_PIN" if value in (meters.P1, meters.P1_SLOW) else "RS485_RX_PIN"
        if needs not in parts:
            return "meter: this board has no port for it (%s)" % needs
    if name == "wiring":
        lines = wiring.lines(value, phases)
        if max(lines) >= phases:
            return "wiring: this board has %d clamp%s, L1 to L%d" % (phases, "" if phases == 1 else "s", phases)
        if value >= wiring.BETWEEN and "VOLTAGE_PIN" in parts:
            return "wiring: this board measures L1 to N, and between two lines there is no N: use one without a voltage input"
    return ""
