"""Other projects' laws as plugs of the bench, each rebuilt from the facts of the project's peer survey, not from code.

A rival replaces only the law: the same guard carries its proposal out, with the same polite stop and the same checks.
What the firmware adds for Headroom alone, the last resort that opens the contactor under load, stays off for rivals.
"""

LAWS = {
    "smartevse": ("SmartEVSE", "smartevse", "SmartEvse"),
    "openevse": ("OpenEVSE shaper", "openevse", "OpenEvse"),
    "hass": ("hass-evse-load-balancer", "hass", "Hass"),
    "evcc": ("evcc", "evcc", "Evcc"),
    "warp": ("WARP", "warp", "Warp"),
    "fixed": ("fixed 16 A", "fixed", "Fixed"),
}


class NoLastResort:
    """Stands in the guard where Headroom's last resort is: no other project has one."""

    at_risk = False

    def step(self, dt_ms, readings, closed):
        """Never."""


def make(law, limits, world):
    """The rival of that name; None for Headroom's own law. KeyError for an unknown name."""
    if law == "headroom":
        return None
    _, module, name = LAWS[law]
    return getattr(__import__("bench.rivals." + module, None, None, ("*",)), name)(limits, world)
