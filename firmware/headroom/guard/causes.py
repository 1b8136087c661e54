"""What is wrong right now: one scan's readings against what was in force, as a set of causes.

How long a cause must last before it counts, and what happens then, is protect.py's business and the fault table's.
"""

from headroom.guard import faults, pilot, proximity

HOT_HYSTERESIS_C = 10  # cool enough again this far below the stop (SmartEVSE: 10 K)
OVERDRAW_MIN_MA = 1000  # a car may exceed its offer by the larger of this ...
OVERDRAW_PART = 10  # ... and a tenth of the offer: the clamp's error and the car's (project's domain notes 4.3)
RAIL_MIN_PERCENT = 90
FAR_PERCENT = 2  # so far above its limit the voltage is more than panels in the street can make it: chosen
BACK_PERCENT = 1  # a voltage that was too low is back this far above its limit: the car will lower it again
FROZEN_MV = 500  # plateaus of a PWM that lie this close together were not measured
# What a tick may take beside its window, so that the contacts are open 50 ms after a car has left (Table A.6, sequence 2.2):
# 20 ms for the contactor, 6 ms until a window's pilot samples show it, and once all of it, then half of it again.
BUSY_MAX_US = 15000
CODED_MS = 450  # a car is felt before its cable: the coding is read in every third window, and smoothed
STILL_TICKS = 8  # so many ticks in a row without time passing: the clock stands


class Causes:
    """``of`` returns the set (bit n: the cause of fault n is present)."""

    def __init__(self, limits):
        self.limits = limits
        self.held = False  # the contactor has followed the command to close
        self.still_ticks = 0
        self.uncoded_ms = 0  # a car is there and no cable is
        self.follows_from_ma = 0  # what the car drew before it was over its offer, or has come down to since

    def of(self, dt_ms, readings, pilot_state, in_force, raised):
        """``in_force`` was in force while the readings were taken; ``raised``: the faults that stand."""
        limits = self.limits
        found = self._pilot(readings, pilot_state, in_force.duty_u16)
        closed = readings.contactor_closed
        if closed == in_force.closed:
            self.held = closed
        elif closed:
            found |= 1 << faults.WELDED
            self.held = False
        elif self.held:
            found |= 1 << faults.READBACK
        else:
            found |= 1 << faults.NOT_CLOSING
        if limits.socket:
            found |= self._socket(dt_ms, readings, pilot_state, in_force)
        if readings.residual_fault:
            found |= 1 << faults.RESIDUAL
        if readings.earth_fault:
            found |= 1 << faults.EARTH
        if readings.mains_ok:
            found |= self._mains(readings.mains_mv, raised)
        if readings.car_ok and in_force.closed and in_force.offer_ma:
            found |= self._overdraw(readings.car_ma, in_force.offer_ma)
        if readings.rail_mv * 100 < limits.rail_mv * RAIL_MIN_PERCENT:
            found |= 1 << faults.RAIL
        stop_c = limits.temperature_stop_c
        if raised >> faults.HOT & 1:
            stop_c -= HOT_HYSTERESIS_C
        if not readings.temperature_ok:
            found |= 1 << faults.TEMPERATURE_SENSOR
        elif readings.temperature_c >= stop_c:
            found |= 1 << faults.HOT
        if dt_ms:
            self.still_ticks = 0
        elif self.still_ticks < STILL_TICKS:
            self.still_ticks += 1
        if not readings.clock_ok or self.still_ticks >= STILL_TICKS:
            found |= 1 << faults.CLOCK
        if readings.busy_us > BUSY_MAX_US:
            found |= 1 << faults.LATE
        return found

    def _pilot(self, readings, state, duty):
        found = 0
        if state == pilot.UNKNOWN:
            found = 1 << faults.PILOT_UNCLEAR
        elif state == pilot.E:
            found = 1 << faults.PILOT_SHORT
        elif (state == pilot.F) != (duty == 0):
            found = 1 << faults.PILOT_STUCK
        elif state == pilot.D and not self.limits.ventilation:
            found = 1 << faults.VENTILATION
        if 0 < duty < pilot.STEADY_HIGH_U16 and readings.pilot_ok and state != pilot.A and state < pilot.E:
            low_mv = readings.pilot_low_mv
            if low_mv > readings.pilot_high_mv - FROZEN_MV:
                found |= 1 << faults.ADC_FROZEN
            elif not pilot.diode_present(low_mv):
                found |= 1 << faults.DIODE
        return found

    def _overdraw(self, car_ma, allowed_ma):
        """A car that comes down is following an earlier cut: each has its own five seconds (Table A.6, sequence 6)."""
        over = car_ma > allowed_ma + max(OVERDRAW_MIN_MA, allowed_ma // OVERDRAW_PART)
        if not over or car_ma <= self.follows_from_ma - OVERDRAW_MIN_MA:
            self.follows_from_ma = car_ma
            return 0
        return 1 << faults.OVERDRAW

    def _mains(self, mains_mv, raised):
        """Too high needs no hysteresis: the car that comes back lowers it. Far too high is too high as well, on its own clock."""
        low_mv, high_mv = self.limits.mains_low_mv, self.limits.mains_high_mv
        if raised >> faults.UNDERVOLTAGE & 1:
            low_mv += low_mv * BACK_PERCENT // 100
        if mains_mv < low_mv:
            return 1 << faults.UNDERVOLTAGE
        if mains_mv <= high_mv:
            return 0
        if mains_mv <= high_mv + high_mv * FAR_PERCENT // 100:
            return 1 << faults.OVERVOLTAGE_NEAR
        return 1 << faults.OVERVOLTAGE_NEAR | 1 << faults.OVERVOLTAGE

    def _socket(self, dt_ms, readings, state, in_force):
        """While no cable is felt nothing closes; a fault it is once the coding has had its time, and under power at once."""
        found = 0
        cable_ma = proximity.cable_ma(readings.proximity_ohm)
        plugged = state == pilot.B or state == pilot.C or state == pilot.D
        uncoded = cable_ma == proximity.NO_CABLE and plugged
        self.uncoded_ms = min(self.uncoded_ms + dt_ms, CODED_MS) if uncoded else 0
        unplugged = cable_ma == proximity.NO_CABLE and in_force.closed
        if cable_ma == proximity.BROKEN or unplugged or self.uncoded_ms >= CODED_MS:
            found |= 1 << faults.PROXIMITY
        if self.limits.lock and in_force.lock and not readings.locked:
            found |= 1 << faults.LOCK
        return found
