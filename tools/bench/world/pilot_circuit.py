"""The pilot circuit: the generator behind 1 kOhm, the cable, and what the car has between pilot and earth.

Source: IEC 61851-1 Annex A as quoted by EVerest and Phoenix (project's domain notes 1.1): 12 V +-5 %, 1 kOhm +-3 %,
diode 0.55 to 0.85 V, R2 2.74 kOhm, R3 1.3 kOhm for C and 270 Ohm for D, +-3 %. Voltages in mV, resistors in ohm.
"""

A, B, C, D = 0, 1, 2, 3
OPEN_OHM = 1 << 30
EDGE_US = 8  # with a cable and a car attached; domain notes 1.1: below 10 us and 13 us with a car in state B


class PilotCircuit:
    """``mv(level, state)``: the plateau while the driver is high (1) or low (0). Set attributes to break it."""

    def __init__(self):
        self.high_mv = 12000
        self.low_mv = -12000
        self.source_ohm = 1000
        self.diode_mv = 700
        self.r2_ohm = 2740
        self.r3_ohm = 1300  # in parallel to R2 when S2 closes
        self.r3_vent_ohm = 270  # the same of a car that needs ventilation
        self.diode = True  # False: bridged, both halves are loaded
        self.short_ohm = None  # pilot to protective earth, past any diode
        self.edge_us = EDGE_US
        self.stuck_mv = None  # the driver is dead: this comes out whatever it is told
        self.earth = True  # False: the protective earth is broken, no current returns

    def mv(self, level, state):
        """Voltage between pilot and earth."""
        drive_mv = self.high_mv if level else self.low_mv
        if self.stuck_mv is not None:
            drive_mv = self.stuck_mv
        load_ohm, back_mv = self._load(drive_mv, state)
        if not self.earth:
            load_ohm = OPEN_OHM
        mv = drive_mv
        if load_ohm < OPEN_OHM:
            mv = back_mv + (drive_mv - back_mv) * load_ohm // (load_ohm + self.source_ohm)
        if self.short_ohm is not None:
            mv = mv * self.short_ohm // (self.short_ohm + self.source_ohm)
        return mv

    def _load(self, drive_mv, state):
        """(ohm, diode's mV) that this drive sees in the car."""
        if state == A or (drive_mv <= self.diode_mv and self.diode):
            return OPEN_OHM, 0
        ohm = self.r2_ohm
        if state != B:
            r3 = self.r3_ohm if state == C else self.r3_vent_ohm
            ohm = ohm * r3 // (ohm + r3)
        return ohm, self.diode_mv if self.diode else 0
