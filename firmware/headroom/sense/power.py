"""Volts and watts from a mains voltage input: what flows on each phase, and which way.

One input sees L1; L2 and L3 are taken to be the same, a third and two thirds of a cycle later. A clamp's phase error and
the time between its conversion and the voltage's are made good by shifting the voltage, by what the clock says, not by
whole samples. Without a voltage input there is no direction, and power is apparent power from the nominal voltage.
"""

from array import array

import board

from headroom.sense import clamp, kernel, sample_times, window
from headroom.sense.clamp import Clamp
from headroom.sense.direction import signed_ma
from headroom.terms import meter_faults
from headroom.terms.apparent import apparent_va

LIVE_MV = 50000  # less voltage is none, and tells no direction
FACTOR_MAX = 1 << 19
QUARTER_MDEG = 90000


def factor_of(uw_per_square):
    """(factor below 2^19, shift): watts are 1/256 counts^2 * factor >> shift. At start only: outgrows the small ints."""
    shift = 20
    factor = (uw_per_square << 12) // 1000000
    while factor * 2 < FACTOR_MAX:
        shift += 1
        factor = (uw_per_square << shift - 8) // 1000000
    return factor, shift


def watts(square_256th, factor, shift):
    """``square_256th`` (+-2^30) * factor >> shift, rounded; nothing passes 2^30."""
    value = abs(square_256th)
    low = (value & 1023) * factor >> 10
    low = (value >> 10 & 1023) * factor + low >> 10
    result = (value >> 20) * factor + low + (1 << shift - 21) >> shift - 20
    return result if square_256th >= 0 else -result


class Power:
    """``measure`` refills the readings' volts and watts, and gives the currents their direction."""

    def __init__(self, scan):
        self.scan = scan
        line = scan.line
        self.voltage = Clamp(line.uv_per_count * board.VOLTAGE_RATIO, line.counts(board.VOLTAGE_BIAS_MV))
        self.factor, self.shift = factor_of(scan.clamps[0].ua_per_count * self.voltage.ua_per_count // 1000000)
        self.calibrating = False  # ``turned_w`` is refilled, too
        self.turned_w = [0] * len(board.CT_PINS)  # with a quarter of a cycle between: for ``lead_mdeg``
        self.sums = array("i", [0, 0, 0])
        self.products = array("i", [0, 0])

    def measure(self, readings):
        """All channels of the window have been measured."""
        voltage = self.voltage
        readings.mains_ok = True  # an input that shows nothing is a supply that is not there
        readings.mains_mv = voltage.ma
        readings.power_ok = voltage.ma >= LIVE_MV and (
            voltage.cause == meter_faults.OK or voltage.cause == meter_faults.CLIPPED
        )
        if not readings.power_ok:
            return
        clamps = self.scan.clamps
        for phase in range(len(clamps)):
            flowing_w = self._watts(phase, 0)
            if self.calibrating:
                self.turned_w[phase] = self._watts(phase, QUARTER_MDEG)
            readings.power_w[phase] = flowing_w
            readings.power_va[phase] = apparent_va(clamps[phase].ma, voltage.ma)
            readings.grid_ma[phase] = signed_ma(clamps[phase].ma, flowing_w, voltage.ma)

    def lead_mdeg(self, phase, flowing_w, turned_w):
        """What a clamp leads by, from watts (or sums of them) into heaters, as they are and turned."""
        return self.scan.clamps[phase].phase_mdeg - turned_w * 57296 // flowing_w

    def _watts(self, phase, turn_mdeg):
        """What flows on a phase, with its voltage turned back by ``turn_mdeg``."""
        flowing_w = watts(self._product(phase, turn_mdeg), self.factor, self.shift)
        flowing_w = flowing_w * gain_4096th(self.scan.clamps[phase]) + 2048 >> 12
        return flowing_w * gain_4096th(self.voltage) + 2048 >> 12

    def _delay_us(self, phase, turn_mdeg):
        """How much earlier than its sample the voltage is wanted, in us of one cycle."""
        scan = self.scan
        cycle_us = scan.state[window.WINDOW_US]
        channels = scan.state[window.CHANNELS]
        turn_mdeg += phase * 120000 - scan.clamps[phase].phase_mdeg
        behind_us = (channels - 1 - phase) * scan.sample_times.list[sample_times.SHORTEST_US] // channels
        return (behind_us + turn_mdeg * (cycle_us >> 2) // 90000) % cycle_us

    def _product(self, phase, turn_mdeg):
        """Mean product of a clamp and its voltage about their means, in 1/256 counts^2."""
        scan, sums, products = self.scan, self.sums, self.products
        state, capacity = scan.state, scan.capacity
        count = state[window.COUNT]
        channels = state[window.CHANNELS]
        a, b = (phase + 1) * capacity, (channels + 1) * capacity
        per_us = 65536 // scan.sample_times.list[sample_times.SHORTEST_US]
        delay_us = self._delay_us(phase, turn_mdeg)
        kernel.later(scan.samples, b, channels * capacity, count, delay_us, state[window.WINDOW_US], per_us)
        kernel.pad(scan.samples, b + count, count)
        sums[0] = sums[1] = sums[2] = products[0] = products[1] = 0
        left, right = scan.blocks[phase], scan.blocks[channels]
        for block in range(-(-count // kernel.BLOCK)):
            kernel.sums(right[block], 0, 0, sums)
            kernel.products(left[block], right[block], 0, products)
        total = scan.clamps[phase].total
        square_256th = kernel.covariance(total, sums[0], products[0], products[1], count)
        return scan.sample_times.correct(scan.samples, a, b, phase, total // count, sums[0] // count, square_256th)


def gain_4096th(meter):
    """What its calibration multiplies a meter's reading by."""
    raw = max(meter.raw_ma, 1000)
    return (clamp.corrected(raw, meter.points) << 12) // raw
