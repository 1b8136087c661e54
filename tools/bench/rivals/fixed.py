"""No balancing: the current that an electrician sets once."""

from bench.rivals.rival import Rival

FIXED_MA = 16000  # the common setting of a 3.7 or 11 kW charger


class Fixed(Rival):
    """Offers 16 A, or the charger's rating if that is less."""

    source = "nobody's code"
    setting = "16 A, no meter"
    meter_ms = 0

    def arrive(self):
        """As ever."""
        self.set(min(FIXED_MA, self.limits.charger_ma), "fixed")

    def look(self, verdict):
        """Nothing changes."""
