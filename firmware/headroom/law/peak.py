"""The month's highest mean: what a tariff by the month's peak (Flanders: its highest quarter of an hour) has cost already.

The car may use up to that, for it costs nothing more. What is reckoned from currents takes apparent power for real, which the
bill does not: so a part of it is left. Read only where the setting ``cap_month`` asks for it; who keeps it across months and
power cuts is serve/month.py.
"""

SURE_PART = 16  # of a peak: a guess, a house's power factor of 0.94


class Peak:
    """``ma``: the highest mean of this month on all phases together, at the nominal voltage."""

    def __init__(self):
        self.ma = 0

    def cap_ma(self, cap_ma):
        """What is free of charge: the cap that is set, or what the month has had."""
        return max(cap_ma, self.ma - self.ma // SURE_PART)

    def take(self, budget):
        """A mean that is over and was counted from its beginning to its end, by the meter's clock."""
        self.ma = max(self.ma, budget.ended_ma)
        budget.ended_ma = 0
