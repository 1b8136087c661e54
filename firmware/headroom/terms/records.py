"""The records that travel through a tick: made once, refilled every tick.

``Readings`` flows from sense to law and guard, ``Proposal`` from the law to the guard, ``Verdict`` from the guard to act.
``InForce`` is what act did last: what the charger was doing while the readings were taken.
All numbers are integers inside +-2^30 with their unit in the name.
"""

PHASES = 3
NO_NEED_MIN = 0x3FFF  # in a group, of how long a car can wait: nobody said what it needs, so the last place


class Limits:
    """The ratings and times that bound every decision; set by the installer, never by the law."""

    def __init__(self):
        self.breaker_ma = 16000  # supply breaker, per phase
        self.breaker_curve = 0  # row of breaker.CURVES: how fast that breaker is
        self.tolerance_pct = 0  # 0: strict; else an excess up to this is borne while the breaker's image allows
        self.household_ma = 80000  # what the household allows the car
        self.slow = False  # no more than the car needs to charge: law/slow.py
        # (W that the house's mean shall not pass, s over which it is taken, law/peak.py where the month's highest counts)
        self.cap = None
        self.mains_v = 230  # nominal
        self.asymmetry_ma = 0  # VDE-AR-N 4100: 20 A between phases; 0: no such rule
        self.dim_w = 4200  # for the car while the grid operator dims: section 14a EnWG
        self.import_ma = 0  # EREC G100: import limit per phase; 0: none
        self.own_ma = (0, 0, 0)  # breaker of each phase, where it is smaller; 0: as breaker_ma
        self.total = None  # (W of the connection by day, by night, and the two hours of that): law/total.py
        self.rise_ma_s = 0  # the offer rises no faster; 0: at once
        self.solar = None  # (which surplus, how it is summed, ms of shade that a charge goes through): law/solar.py
        self.clouds = None  # monitor/clouds.py, where the offer follows the sun
        self.group_ma = 0  # what a group of chargers may draw together, per phase; 0: in no group
        self.charger_ma = 16000  # lowest of board, cable and the charger's own circuit
        self.min_ma = 6000  # lowest current the pilot can express, IEC 61851-1 Table A.7
        self.phases = 1  # of the supply, a clamp on each: all are guarded, whatever the charger is wired to
        self.lines = (
            0,
            1,
            2,
        )  # the supply's phases in the charger's order, its own L1 first; the last may not be wired
        self.wires = 3  # so many of them are
        self.wired = 7  # the same as a set: bit n is phase n of the supply
        self.between = False  # IT grid: the car is wired between two lines, where currents add as vectors
        self.hz = 50  # nominal
        self.rise_dwell_ms = 2000  # headroom must have lasted this long before the offer rises
        self.resume_dwell_ms = 59000  # and this long before a paused car is offered current again
        self.ventilation = False  # state D may charge: the room is ventilated
        self.temperature_derate_c = 65  # the offer falls from here ...
        self.temperature_stop_c = 75  # ... and nothing is offered from here
        self.socket = False  # a socket, so the cable's coding counts; False: tethered cable
        self.lock = False  # a socket lock with a position contact is fitted
        self.car_clamp = False  # a clamp on what the car alone draws is fitted
        self.voltage = False  # the supply's is measured
        self.dimmable = False  # the grid operator's contact is fitted
        self.button = False  # there is one to press
        self.residual_test = False  # the residual current module has a TEST input
        self.exports = False  # panels or a battery may feed in: power that flows out is no clamp on backwards
        self.mains_low_mv = 207000  # supply voltage window, IET 722.411.4.1 (open-PEN): nominal - 10 % ...
        self.mains_high_mv = 253000  # ... and + 10 %; left for 4 s it is a fault, and the contactor open within 5 s
        self.rail_mv = 3300  # nominal logic supply
        self.idle_ma = 0  # the supply always carries this much: less is a clamp that fell off; 0: it may carry nothing
        self.trust_hold_ms = 5000  # a meter in doubt: the offer is held this long ...
        self.trust_safe_ma = 6000  # ... then this much is offered ...
        self.trust_pause_ms = 60000  # ... for this long, and then nothing
        self.trust_back_ms = 10000  # it must be good again for this long, before the offer rises by a ramp


class Readings:
    """What one scan saw: RMS supply current per phase in mA, pilot plateaus in mV, inputs."""

    def __init__(self):
        self.grid_ma = [0] * PHASES  # negative: the phase exports (only where the voltage is measured)
        self.grid_ok = False
        self.quality = [0] * PHASES  # what is wrong with each of them: a row of terms/meter_faults.py
        self.mains_mhz = 50000  # mains frequency, tracked
        self.pilot_high_mv = 0
        self.pilot_low_mv = 0
        self.pilot_ok = False  # both plateaus (or the steady level) were really seen in this scan
        self.unread = 0  # GPIO at which the chip does not see the pilot that it sends; 0: it does
        self.contactor_closed = False  # read-back of the auxiliary contact
        self.residual_fault = False  # FAULT output of the residual current module
        self.temperature_c = 25
        self.temperature_ok = True  # the sensor answers, or none is fitted
        self.proximity_ohm = 100000  # PP contact of a socket to earth; open
        self.locked = False  # position contact of the socket lock
        self.button = False  # pressed
        self.earth_fault = False  # input of a protective-earth or open-PEN monitor
        self.mains_mv = 0  # RMS supply voltage, where it is measured
        self.mains_ok = False  # and whether it is
        self.power_w = [0] * PHASES  # real power per phase, negative: export; where the voltage is measured
        self.power_va = [0] * PHASES  # apparent power, there too
        self.power_ok = False  # and whether they are
        self.car_ma = 0  # what the car draws per phase, where it is known
        self.car_ok = False  # and whether it is
        self.car_age_ms = 0  # how old that is; a clamp's is none
        self.rail_mv = 3300  # logic supply
        self.busy_us = 0  # what a tick takes beside its window: a mean over some half a second
        self.clock_ok = True  # False: the clock jumped since the last tick
        self.dimmed = False  # the grid operator's contact dims the charger
        self.wall_s = 0  # seconds of the wall's clock since a midnight; 0: nobody has told it


class Proposal:
    """What the law would like to offer, and why; 0 mA means pause."""

    def __init__(self):
        self.offer_ma = 0
        self.reason = 0
        self.phase = 0  # index of the phase that bound the offer
        self.value = 0  # the number that bound it, unit by reason
        self.bound = 0  # the bound it met, unit by reason
        self.left_ms = 0  # how much longer what it waits for must last; 0: time does not decide
        self.uses = 7  # bit n: the car uses, or may use, phase n of the supply
        self.car_ma = [0] * PHASES  # what the car is reckoned to draw on each phase


class InForce:
    """What the charger does while a scan is made: a verdict that act has carried out. Law and guard read it, and no other."""

    def __init__(self):
        self.closed = False
        self.offer_ma = 0
        self.duty_u16 = 65535
        self.lock = False  # the socket lock shall hold the plug
        self.residual_pulse = False  # drive the residual current module's TEST input
        self.pilot_state = 0
        self.session = 0
        self.faults = 0  # the set of faults that stand, bit n = fault n
        self.doubt = 0  # about the meter: a row of meter_faults.py

    def take(self, verdict):
        """From here on ``verdict`` is in force."""
        self.closed = verdict.closed
        self.offer_ma = verdict.offer_ma
        self.duty_u16 = verdict.duty_u16
        self.lock = verdict.lock
        self.residual_pulse = verdict.residual_pulse
        self.pilot_state = verdict.pilot_state
        self.session = verdict.session
        self.faults = verdict.faults
        self.doubt = verdict.doubt


class Verdict(InForce):
    """What act shall carry out: the contactor, the offer, and the words for both."""

    def __init__(self):
        super().__init__()
        self.contrary = 0  # the set of terms/contrary.py that stands: settings that contradict what is measured
        self.strays = 0  # bit n: the car's steps show on phase n of the supply, and it is not wired there
        self.fault = 0  # the worst of those that stand, for lamp and words
        self.doubt_phase = 0  # whose clamp the doubt is about
        self.reason = 0
        self.phase = 0
        self.value = 0
        self.bound = 0
