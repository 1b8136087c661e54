"""Where a charge goes by the sun, a cloud moves the supply the other way than the offer, until the car has followed: that is no
clamp on backwards (step_response.py). Read only in a household that charges by sun.
"""

from headroom.monitor.step_response import LATE_MS


class Clouds:
    """What a step of the offer, and what the supply made of it, may have been."""

    def may_be(self, response):
        """The sun may have moved what moved."""
        return response.offer_ma > response.from_ma or response.since_ms < LATE_MS

    def hide(self, response, lead_ma):
        """It may, and did: what moved most moved the other way, and nothing as much with the offer."""
        if not self.may_be(response):
            return False
        back = False
        for phase in range(response.limits.phases):
            moved_ma = response.moved(phase)
            if moved_ma * 4 >= lead_ma * 3:
                return False
            back = back or -moved_ma == lead_ma
        return back
