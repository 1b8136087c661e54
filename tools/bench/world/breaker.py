"""A miniature circuit breaker after IEC 60898-1, for the bench to trip and the simulator to score.

Thermal release: a first-order image of the bimetal, theta' = (x^2 - theta) / tau with x = I / In, that trips when
theta reaches k^2. The standard leaves room for fast and slow breakers; CURVES holds three legal ones.
Magnetic release: a B characteristic, 3 to 5 In (IEC 60898-1, table 7): it trips within 0.1 s at 5 In, where every
legal B breaker must.

Plain Python that also runs under MicroPython.
"""

import math

#: (k, tau_s) of theta' = (x^2 - theta) / tau, theta >= k^2 trips. k lies between the 1.13 In that must be carried for
#: an hour and the 1.45 In that must trip within it; tau lets 2.55 In cold take 1 to 60 s (IEC 60898-1, table 7).
CURVES = {
    "typical": (1.20, 60.0),
    "fastest": (1.13, 4.6),
    "slow": (1.20, 240.0),
}

MAGNETIC_X = 5.0
MAGNETIC_S = 0.1


class Breaker:
    """One breaker with a heat per pole and a common trip.

    After a trip it is closed again at once, and cold (every pole's theta = 0), so that a run goes on and the next
    trip is a new one. A current of 5 In and more trips it after 0.1 s, and again every 0.1 s while it lasts.
    """

    def __init__(self, rating_a, curve="typical", poles=1):
        """rating_a: In in A, above 0. curve: a key of CURVES. poles: 1 or 3."""
        k, self.tau_s = CURVES[curve]
        self.rating_a = rating_a
        self.trip_theta = k * k
        self.theta = [0.0] * poles
        self.magnetic_s = [0.0] * poles
        self.peak_theta = 0.0

    def heat(self):
        """Returns the hottest pole's theta as a share of what trips: 0.0 cold, 1.0 trips."""
        return max(self.theta) / self.trip_theta

    def peak_heat(self):
        """Returns the highest heat() since the breaker was made."""
        return self.peak_theta / self.trip_theta

    def advance(self, dt_s, amps):
        """Lets dt_s seconds pass at a constant current per pole; returns the instants of trips in it, in s from start.

        amps: one current in A for each pole. The result is exact for a constant current, whatever dt_s is.
        """
        trips = []
        passed_s = 0.0
        while True:
            left_s = dt_s - passed_s
            trip_s = self._next_trip(left_s, amps)
            if trip_s is None:
                self._warm(left_s, amps)
                return trips
            passed_s += trip_s
            trips.append(passed_s)
            self.peak_theta = self.trip_theta
            for pole in range(len(self.theta)):
                self.theta[pole] = 0.0
                self.magnetic_s[pole] = 0.0

    def _next_trip(self, left_s, amps):
        first_s = None
        for pole in range(len(self.theta)):
            x = amps[pole] / self.rating_a
            if x * x > self.trip_theta:
                trip_s = self.tau_s * math.log((x * x - self.theta[pole]) / (x * x - self.trip_theta))
                if x >= MAGNETIC_X:
                    trip_s = min(trip_s, MAGNETIC_S - self.magnetic_s[pole])
                if trip_s <= left_s and (first_s is None or trip_s < first_s):
                    first_s = max(trip_s, 0.0)
        return first_s

    def _warm(self, dt_s, amps):
        fading = math.exp(-dt_s / self.tau_s)
        for pole in range(len(self.theta)):
            x = amps[pole] / self.rating_a
            theta = x * x + (self.theta[pole] - x * x) * fading
            self.theta[pole] = theta
            self.magnetic_s[pole] = self.magnetic_s[pole] + dt_s if x >= MAGNETIC_X else 0.0
            if theta > self.peak_theta:
                self.peak_theta = min(theta, self.trip_theta)
