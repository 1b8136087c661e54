"""Other projects' laws as plugs of the bench, each rebuilt from what the project's code does at the version named in its
file; none of it is that code.

A rival replaces only the law: the same guard carries its proposal out, with the same polite stop and the same checks.
What the firmware adds for Headroom alone, the last resort that opens the contactor under load, stays off for rivals.
A law that an installer's setting decides stands in the table once for each of two values.
"""

LAWS = {
    "smartevse": ("SmartEVSE", "smartevse", "SmartEvse"),
    "openevse": ("OpenEVSE shaper, 3 s meter", "openevse", "OpenEvse"),
    "openevse-1s": ("OpenEVSE shaper, 1 s meter", "openevse", "OpenEvseQuick"),
    "hass": ("hass-evse-load-balancer", "hass", "Hass"),
    "evcc": ("evcc, whole amperes", "evcc", "Evcc"),
    "evcc-fine": ("evcc, fine charger", "evcc", "EvccFine"),
    "warp": ("WARP, largest load 13 A", "warp", "Warp"),
    "warp-10a": ("WARP, largest load 10 A", "warp", "WarpTenAmperes"),
    "fixed": ("fixed 16 A", "fixed", "Fixed"),
}


class NoLastResort:
    """Stands in the guard where Headroom's last resort is: no other project has one."""

    at_risk = False

    def step(self, dt_ms, readings, closed):
        """Never."""


def kind(law):
    """The class of the rival of that name. KeyError for an unknown one."""
    _, module, name = LAWS[law]
    return getattr(__import__("bench.rivals." + module, None, None, ("*",)), name)


def make(law, limits, world):
    """The rival of that name; None for Headroom's own law. KeyError for an unknown name."""
    return None if law == "headroom" else kind(law)(limits, world)
