"""What the line to the house bears: a car's own current lowers the voltage, and the protection opens at 10 % below nominal.

How much it lowers it is learnt from the car's own steps, from the worst downwards: so the first offer on a weak line is a
small one. Only a board that measures the voltage knows; it does on L1, so a car that is not there changes nothing.
"""

from headroom.guard import pilot
from headroom.law.ceilings import NEVER
from headroom.terms import reasons

WORST_MOHM = 1000  # 0.8 ohm is the most that UK suppliers declare for TN-S [std-mem], and the house's own cables
LEAST_MOHM = 50
STEP_MA = 4000  # a smaller step of the car says little: the street moves by some tenths of a volt in the meantime
STILL_MA = 1000  # the house has moved by no more than this meanwhile ...
FOR_MS = 10000  # ... and it was no longer ago than this
SMOOTH_MS = 300  # voltage and currents are smoothed alike, so that they still belong together
MARGIN_PERCENT = 1  # of the nominal voltage: kept from the protection's limit ...
HAIR_MV = 500  # ... but a car at its minimum is not stopped before this little is left ...
DIP_MS = 3000  # ... for longer than a dip lasts: the protection waits for four seconds, too


class Line:
    """``step`` each tick, then ``free_ma`` is what the car may have for the voltage's sake."""

    def __init__(self, limits=None):
        self.limits = limits
        self.now = [0, 0, 0]  # voltage in mV, the car's and the house's current on L1 in mA, smoothed
        self.then = [0, 0, 0]  # when the car's last step began
        self.since_ms = FOR_MS
        self.short_ms = 0  # how long not even the minimum has been borne
        self.forget()

    def find(self, dt_ms, ceilings, supply, car, readings, in_force):
        """The voltage is a ceiling like any other: the offer goes down with it before the protection has to open."""
        limits, car_ma = self.limits, car.car_ma[0]
        if in_force.pilot_state == pilot.A:
            self.forget()
        if readings.mains_ok and car.uses[0]:
            self.step(dt_ms, readings.mains_mv, car_ma, supply.ma[0] - car_ma)
            free_ma = self.free_ma(dt_ms, limits.mains_low_mv, limits.mains_v, limits.min_ma)
            ceilings.lower(free_ma, reasons.VOLTAGE, 0, self.now[0] // 1000, limits.mains_low_mv // 1000)
        return NEVER

    def forget(self):
        """The next car may draw on other phases, and lower the voltage by more."""
        self.line_mohm = WORST_MOHM
        self.known = False

    def step(self, dt_ms, mains_mv, car_ma, house_ma):
        """``dt_ms`` pass with this voltage and these currents on L1."""
        part = min(dt_ms, SMOOTH_MS) if self.now[0] else SMOOTH_MS
        self._follow(0, mains_mv, part)
        self._follow(1, car_ma, part)
        self._follow(2, house_ma, part)
        now, then = self.now, self.then
        self.since_ms += dt_ms
        moved_ma = now[1] - then[1]
        if abs(now[2] - then[2]) > STILL_MA or self.since_ms >= FOR_MS:
            self._begin()
        elif abs(moved_ma) >= STEP_MA:
            seen_mohm = min(max((then[0] - now[0]) * 1000 // moved_ma, LEAST_MOHM), WORST_MOHM)
            self.line_mohm = (self.line_mohm + seen_mohm) // 2
            self.known = True
            self._begin()

    def free_ma(self, dt_ms, least_mv, nominal_v, min_ma):
        """What the car may draw until the voltage is a margin above ``least_mv``; ``min_ma`` where that is just borne."""
        mv, car_ma = self.now[0], self.now[1]
        free_ma = car_ma + (mv - least_mv - nominal_v * 10 * MARGIN_PERCENT) * 1000 // self.line_mohm
        bears_ma = car_ma + (mv - least_mv - HAIR_MV) * 1000 // (self.line_mohm if self.known else LEAST_MOHM)
        self.short_ms = min(self.short_ms + dt_ms, DIP_MS) if bears_ma < min_ma else 0
        return free_ma if self.short_ms >= DIP_MS else max(free_ma, min_ma)

    def _follow(self, place, to, part):
        self.now[place] += (to - self.now[place]) * part // SMOOTH_MS

    def _begin(self):
        now, then = self.now, self.then
        then[0], then[1], then[2] = now[0], now[1], now[2]
        self.since_ms = 0
