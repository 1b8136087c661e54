"""Energy without drift: what does not make a whole Wh is carried, so that a year of short steps loses nothing.

Which hour and day it belongs to is serve/store/usage.py's business, and keeping it across a power cut is that of
serve/store/energy_store.py.
"""

from headroom.terms.records import PHASES

WMS_PER_WH = 3600000
CAR = PHASES  # index of the car's first phase


def supply_mw(readings, phase, mains_v):
    """What flows from the supply on a phase, in mW (negative: export): the one place where that is worked out.

    No voltage input: apparent power from the nominal voltage, as if all of it were real.
    """
    if readings.power_ok:
        return readings.power_w[phase] * 1000
    return readings.grid_ma[phase] * mains_v


def car_mw(readings, proposal, phase, mains_v):
    """What the car draws on a phase, in mW: by a clamp of the charger's own, else by the law's estimate. A car has no cos phi."""
    ma = proposal.car_ma[phase]
    if readings.car_ok:
        ma = readings.car_ma if proposal.uses >> phase & 1 else 0
    return ma * (readings.mains_mv // 1000 if readings.mains_ok else mains_v)


class Energy:
    """``wh``: in all, from the supply on L1 to L3, then into the car on L1 to L3."""

    def __init__(self):
        self.wh = [0] * (2 * PHASES)
        self.rest_wms = [0] * (2 * PHASES)  # below one Wh
        self.rest_mwms = [0] * (2 * PHASES)  # below one W for one ms

    def step(self, dt_ms, readings, proposal, closed, limits):
        """``dt_ms`` (0..3000) have passed; what was not measured is not counted, nor a car on phases that are not wired."""
        if not readings.grid_ok:
            return
        mains_v = limits.mains_v
        for phase in range(PHASES):
            mw = supply_mw(readings, phase, mains_v)
            if mw:
                self.add(phase, dt_ms, mw)
            mw = car_mw(readings, proposal, phase, mains_v) if closed and phase < limits.phases else 0
            if mw:
                self.add(CAR + phase, dt_ms, mw)

    def add(self, index, dt_ms, mw):
        """``mw`` (+-60 kW) flowed for ``dt_ms`` (0..3000)."""
        rest = self.rest_mwms[index] + mw % 1000 * dt_ms
        self.rest_mwms[index] = rest % 1000
        wms = self.rest_wms[index] + mw // 1000 * dt_ms + rest // 1000
        if not 0 <= wms < WMS_PER_WH:
            self.wh[index] += wms // WMS_PER_WH
            wms %= WMS_PER_WH
        self.rest_wms[index] = wms

    def supply_wh(self):
        """In all, on all phases."""
        return self.wh[0] + self.wh[1] + self.wh[2]

    def car_wh(self):
        """In all, on all phases."""
        return self.wh[CAR] + self.wh[CAR + 1] + self.wh[CAR + 2]
