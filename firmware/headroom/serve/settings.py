"""Settings: one table of names, units, ranges and defaults, and the values in force.

Defaults are the lowest ratings: a charger that was never set up does no harm.
"""

# name: (unit, default, lowest, highest, what it is)
TABLE = {
    "breaker_ma": ("mA", 16000, 6000, 125000, "rating of the supply's breaker, per phase"),
    "charger_ma": ("mA", 16000, 6000, 80000, "rating of the charger's own circuit and cable"),
    "phases": ("", 1, 1, 3, "phases the charger is wired to"),
    "hz": ("Hz", 50, 50, 60, "mains frequency"),
    "rise_dwell_ms": ("ms", 5000, 1000, 600000, "headroom must last this long before the offer rises"),
    "resume_dwell_ms": (
        "ms",
        30000,
        5000,
        3600000,
        "and this long before a paused car is offered current again",
    ),
    "status_ms": ("ms", 1000, 0, 60000, "a status line this often, 0 = never"),
}


class Settings:
    """Values by name; ``set`` checks against the table and tells what is wrong."""

    def __init__(self):
        self.values = {}

    def get(self, name):
        """The value in force; KeyError for an unknown name."""
        return self.values.get(name, TABLE[name][1])

    def set(self, name, text):
        """Set ``name`` from text; returns what is wrong in one line, or None when it was taken."""
        if name not in TABLE:
            return "no setting '%s'; there are: %s" % (name, ", ".join(sorted(TABLE)))
        unit, _, low, high, _ = TABLE[name]
        try:
            value = int(text)
        except ValueError:
            return "%s: '%s' is not a whole number" % (name, text)
        if not low <= value <= high:
            return "%s: %d is outside %d..%d %s" % (name, value, low, high, unit)
        self.values[name] = value
        return None
