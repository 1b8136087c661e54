"""Calibration of the board's meters against known values: what a jig or an installer with a clamp meter types in.

A point is a value as it was read without calibration, and the gain that makes it the true one. Up to three points bend
the line to the meter's own. An answer that cannot be right is refused and changes nothing. New points are staged until
``save``, and the set that was in force before is kept beside the new one. Offsets need none: the scan tracks them.
"""

import struct

import board

from headroom.sense.clamp import corrected
from headroom.terms import meter_faults

GAIN_MAX_PPM = 200000  # a board that is 20 % off is not to be calibrated but to be repaired
LOWEST = {"A": 1000, "V": 100000}  # in thousandths; below, the converter's noise would be calibrated
POINTS_MAX = 3
APART_PERCENT = 20  # two points closer than this would make a steep line out of noise
LEAD_MAX_MDEG = 10000
FORM = "<3I3ii"  # readings, 0 = no point; gains; lead in mdeg
FORMAT = 1


class Calibration:
    """One meter's. ``points``: ((mA or mV as read, gain in ppm), ...) rising, as ``headroom.sense.clamp`` applies them."""

    def __init__(self, name, unit, meter):
        self.name = name
        self.unit = unit  # "A" or "V"
        self.meter = meter
        self.before: tuple = ()  # in force until the last save
        self.before_mdeg = meter.phase_mdeg
        self.staged: tuple = ()
        self.staged_mdeg = 0
        self.changed = False  # ``staged`` is to be saved

    def raw_ma(self):
        """What it reads without calibration."""
        return self.meter.raw_ma

    def read_ma(self):
        """What it reads with the calibration in force."""
        return self.meter.ma

    def corrected(self, raw_ma):
        """What ``raw_ma`` becomes with the points that are staged, else with those in force."""
        return corrected(raw_ma, self.points())

    def lead_mdeg(self):
        """By how much its output leads its current: as it is staged, else as it is in force."""
        return self.staged_mdeg if self.changed else self.meter.phase_mdeg

    def points(self):
        """Those in force once the staged ones are saved."""
        return self.staged if self.changed else self.meter.points

    def fine(self):
        """False while the meter's own reading is in doubt."""
        return self.meter.cause == meter_faults.OK

    def take_point(self, read, true):
        """Stage a point, both in thousandths of the unit; returns what is wrong in one line, or None."""
        unit = self.unit
        lowest = LOWEST[unit]
        if true < lowest:
            return "%s is too little to calibrate with: use %s or more" % (shown(true, unit), shown(lowest, unit))
        if read < lowest // 2:
            return "%s reads %s: is it connected, and to the right wire?" % (self.name, shown(read, unit))
        gain_ppm = (true - read) * 1000000 // read
        if not -GAIN_MAX_PPM <= gain_ppm <= GAIN_MAX_PPM:
            return "%s reads %s for %s: more than 20 %% off cannot be right; check it, and its burden" % (
                self.name,
                shown(read, unit),
                shown(true, unit),
            )
        points = [point for point in self.points() if not near(point[0], read)]
        if len(points) == POINTS_MAX:
            return "%s has three points already: calibrate reset %s first" % (self.name, self.name)
        points.append((read, gain_ppm))
        points.sort()
        self.stage(tuple(points))
        return None

    def stage(self, points):
        """Put these in force at the next ``save``."""
        if not self.changed:
            self.staged_mdeg = self.meter.phase_mdeg
        self.staged = points
        self.changed = True

    def pack(self):
        """What is in force and what was before, in bytes."""
        return packed(self.meter.points, self.meter.phase_mdeg) + packed(self.before, self.before_mdeg)

    def lead(self, mdeg):
        """Stage by how much the clamp's output leads its current; returns what is wrong in one line, or None."""
        if abs(mdeg) > LEAD_MAX_MDEG:
            return "%s leads by %d degrees: no clamp does; is the load a plain heater?" % (self.name, mdeg // 1000)
        self.stage(self.points())
        self.staged_mdeg = mdeg
        return None

    def reset(self):
        """Stage no calibration at all."""
        self.stage(())
        self.staged_mdeg = board.CT_PHASE_MDEG


class Calibrations:
    """Those of all meters of a board: clamps L1 to L3, CAR where one is on the car, and V where it has a voltage input."""

    def __init__(self, meters, clamps, power=None):
        self.power = power  # a ``headroom.sense.power.Power`` where the voltage is measured
        names = ["L1", "L2", "L3"][:clamps] + (["V"] if board.CAR_CT_PIN is None else ["CAR", "V"])
        self.all = [Calibration(names[i], "V" if names[i] == "V" else "A", meter) for i, meter in enumerate(meters)]

    def directed(self):
        """True where the voltage is measured, so that a clamp has a phase."""
        return self.power is not None

    def turn(self, on):
        """From here on ``turned_w`` is refilled, or no more."""
        self.power.calibrating = on

    def turned_w(self):
        """Watts of each clamp with its voltage turned by a quarter of a cycle."""
        return self.power.turned_w

    def lead_mdeg(self, index, flowing_w, turned_w):
        """What a clamp leads by, from sums of watts into heaters, as they are and turned."""
        return self.power.lead_mdeg(index, flowing_w, turned_w)

    def as_before(self):
        """True when nothing else was in force before the last ``save``."""
        return all(each.before == each.meter.points and each.before_mdeg == each.meter.phase_mdeg for each in self.all)

    def changed(self):
        """True while something is staged."""
        return any(each.changed for each in self.all)

    def unstage(self):
        """Forget what is staged."""
        for each in self.all:
            each.changed = False

    def save(self):
        """Put what is staged in force, and keep what was."""
        for each in self.all:
            each.before, each.before_mdeg = each.meter.points, each.meter.phase_mdeg
            if each.changed:
                each.meter.points, each.meter.phase_mdeg = each.staged, each.staged_mdeg
        self.unstage()

    def back(self):
        """What was in force before the last ``save`` is again; doing it twice goes forth again."""
        self.unstage()
        for each in self.all:
            each.meter.points, each.before = each.before, each.meter.points
            each.meter.phase_mdeg, each.before_mdeg = each.before_mdeg, each.meter.phase_mdeg

    def pack(self):
        """Those in force and those before, as bytes for the store."""
        return bytes([FORMAT]) + b"".join([each.pack() for each in self.all])

    def unpack(self, data):
        """Take what ``pack`` gave on a board with as many meters; False, and nothing changed, when it cannot be right."""
        size = struct.calcsize(FORM)
        if len(data) != 1 + 2 * size * len(self.all) or data[0] != FORMAT:
            return False
        sets = [unpacked(data[place : place + size]) for place in range(1, len(data), size)]
        if None in sets:
            return False
        for index, each in enumerate(self.all):
            each.meter.points, each.meter.phase_mdeg = sets[2 * index]
            each.before, each.before_mdeg = sets[2 * index + 1]
        return True


def near(one, other):
    """True when two readings are too close together to be two points."""
    return abs(one - other) * 100 < max(one, other) * APART_PERCENT


def shown(milli, unit):
    """``12345`` -> ``12.35 A``."""
    hundredths = (milli + 5) // 10
    return "%d.%02d %s" % (hundredths // 100, hundredths % 100, unit)


def packed(points, lead_mdeg):
    """A set of points and a lead in bytes."""
    padded = list(points) + [(0, 0)] * (POINTS_MAX - len(points))
    return struct.pack(FORM, *([point[0] for point in padded] + [point[1] for point in padded] + [lead_mdeg]))


def unpacked(data):
    """A set of points and a lead from bytes; None when it is one that would never have been made here."""
    values = struct.unpack(FORM, data)
    points = [(values[index], values[POINTS_MAX + index]) for index in range(POINTS_MAX) if values[index]]
    for index, (read, gain_ppm) in enumerate(points):
        if read > 1 << 29 or abs(gain_ppm) > GAIN_MAX_PPM or (index and read <= points[index - 1][0]):
            return None
    return (tuple(points), values[-1]) if abs(values[-1]) <= LEAD_MAX_MDEG else None
