"""The meter's reading in place of the clamps', beside them, or of the car: a feature of sense, ``read`` each tick after the scan.

Currents of most meters have no sign (evcc #30218): a phase's power tells it. Within DEAD_W of nothing that flips (SmartEVSE
#213), and counts as drawn: export is then never taken for load by more than that, and load never for export.
``age_ms``: how old its currents are; ``new``: False in a tick that has heard nothing newer, where it governs.
"""

from time import ticks_diff, ticks_ms

from headroom.sense.direction import signed_ma
from headroom.sense.meters.doubts import Doubts
from headroom.terms import meter_faults, meters
from headroom.terms.apparent import apparent_va
from headroom.terms.records import PHASES

DEAD_W = 50
APART_MA = (
    1500  # clamp and meter, beside an eighth of the current: their own errors, and that they look at different moments
)
APART_PART = 8
APART_TIMES = 10  # readings in a row, give or take
LONGEST_MS = 3000
FORGETS_MS = 60000  # a meter that has been in doubt itself for so long contradicts nobody any more
UNMEASURED = (meter_faults.NO_ANSWER, meter_faults.REPEATS, meter_faults.JUMPS, meter_faults.GARBLED)


def directed_ma(ma, watts, mv, nominal_mv):
    """The current with its sign."""
    if watts >= -DEAD_W:
        return ma
    return signed_ma(ma, watts, mv if mv > 50000 else nominal_mv)


class Metered:
    """``source``: what hears the meter (poll.py, p1.py); ``role``: of terms/meters.py."""

    def __init__(self, limits, source, role):
        self.limits = limits
        self.source = source
        self.role = role
        self.doubts = Doubts(limits, PHASES, source.period_ms)
        self.ma = [0] * PHASES  # with their sign
        self.mean_ma = [0] * PHASES  # the clamps', averaged as the meter does
        self.apart = [0] * PHASES
        self.sick_ms = 0  # since it last said something that is not in doubt
        self.age_ms = 0
        self.new = True
        self.count = 0  # readings since the start
        self.took_ms = 0  # the mean time between two, for ``meter``
        self.since_ms = 0
        self.came_ms = 0  # how old the last one was when it came
        self.ticked_ms = ticks_ms()

    def read(self, readings, hears=True):
        """Hear the meter, and refill what its role is; not ``hears``: somebody else has the line, and nothing comes."""
        now_ms = ticks_ms()
        dt_ms = max(min(ticks_diff(now_ms, self.ticked_ms), LONGEST_MS), 0)
        self.ticked_ms = now_ms
        source = self.source
        new = hears and source.step(now_ms)
        self.doubts.look(
            dt_ms, new, source.known, source.ma, source.w, source.mv, source.print, readings.contactor_closed
        )
        self.since_ms = min(self.since_ms + dt_ms, 1 << 20)
        if new:
            self.count += 1
            self.took_ms += (self.since_ms - self.took_ms) // min(self.count, 8)
            self.since_ms = 0
            self.came_ms = max(ticks_diff(now_ms, source.read_ms), 0)
            if source.known:
                self._direct()
        self.age_ms = min(self.since_ms + self.came_ms + source.old_ms, 1 << 20)
        if self.role == meters.SUPPLY:
            self.new = new
            self._govern(readings)
        elif self.role == meters.CHECK:
            self._check(readings, dt_ms, new)
        else:
            readings.car_ok = self.doubts.code == meter_faults.OK
            readings.car_ma = max(self.source.ma) if readings.car_ok else 0
            readings.car_age_ms = self.age_ms

    def forget(self, readings):
        """It is there no more, or cannot be read: what no scan refills nobody knows."""
        readings.grid_ok = readings.car_ok = readings.power_ok = False
        readings.car_age_ms = 0

    def silent(self):
        """True while it governs and does not answer: the law has nothing to wait for."""
        return self.role == meters.SUPPLY and self.doubts.code == meter_faults.NO_ANSWER

    def measured(self):
        """False while it governs, and what it says is no measurement of now."""
        return self.role != meters.SUPPLY or self.doubts.code not in UNMEASURED

    def _direct(self):
        source, nominal_mv = self.source, self.limits.mains_v * 1000
        for phase in range(source.phases):
            self.ma[phase] = directed_ma(source.ma[phase], source.w[phase], source.mv[phase], nominal_mv)

    def _govern(self, readings):
        """The clamps, fitted or not, say nothing: this is what the supply carries."""
        source, code = self.source, self.doubts.code
        readings.grid_ok = True  # what is wrong with it has a name
        told = source.client is None or source.row.watts is not None
        readings.power_ok = told and source.known and self.count > 0
        for phase in range(PHASES):
            readings.quality[phase] = code or (meter_faults.STALE if phase >= source.phases else code)
            readings.grid_ma[phase] = self.ma[phase]
            readings.power_w[phase] = source.w[phase] if readings.power_ok else 0
            mv = source.mv[phase] or self.limits.mains_v * 1000
            readings.power_va[phase] = apparent_va(source.ma[phase], mv) if readings.power_ok else 0

    def _check(self, readings, dt_ms, new):
        """A clamp that the meter contradicts, again and again, is in doubt; a meter in doubt adds nothing to that."""
        old_ms = self.source.period_ms
        well = new and self.doubts.code == meter_faults.OK
        self.sick_ms = 0 if well else min(self.sick_ms + dt_ms, FORGETS_MS)
        for phase in range(self.source.phases):
            mean_ma = self.mean_ma[phase]
            mean_ma += (abs(readings.grid_ma[phase]) - mean_ma) * dt_ms // (dt_ms + old_ms)
            self.mean_ma[phase] = mean_ma
            if well:
                off_ma = abs(mean_ma - self.source.ma[phase])
                more = off_ma > APART_MA + mean_ma // APART_PART
                self.apart[phase] = max(min(self.apart[phase] + (1 if more else -2), APART_TIMES), 0)
            elif self.sick_ms >= FORGETS_MS:
                self.apart[phase] = 0
            if self.apart[phase] >= APART_TIMES and readings.quality[phase] == meter_faults.OK:
                readings.quality[phase] = meter_faults.DISAGREES
