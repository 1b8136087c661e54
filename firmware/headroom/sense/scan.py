"""The scan: one window of whole mains cycles that covers every channel the board has, and what comes out of it.

Batch, not streaming: samples are kept until the window is closed (see ``headroom.sense.kernel`` for why). A window with
a hole in it (a flash write, a garbage collection), or one that ended early for the pilot's sake, is not used: the
readings stay as they were, and grow stale.
"""

from array import array
from time import ticks_add, ticks_diff, ticks_us

import board
from machine import ADC, Pin

from headroom.sense import clamp, kernel, window
from headroom.sense.cycle import Cycle
from headroom.sense.line import Line
from headroom.sense.plateau import Plateaus
from headroom.sense.sample_times import SampleTimes
from headroom.sense.slow import Slow
from headroom.terms import meter_faults

if board.VOLTAGE_PIN is not None:  # else it would only take room
    from headroom.sense.power import Power

LONGEST_WINDOW_US = 22500  # 45 Hz and a little
SPARE_PART = 2  # a converter half as fast again as the board says still has room
HOLE_US = 300  # a round that took so much longer than its conversions is a hole
ERRORS_MAX = 8  # conversions that may fail in a usable window
BLIND_MAX = 3  # scans without both plateaus: the edges may not be where they were dated, so date them again
APART_MV = 500  # and at once where the two are one level: an interrupt while dating may have moved or stretched them
STALE_US = 250000  # readings older than this are not known any more
BUSY_MOST_US = 100000  # a lone tick that took longer counts as this: a start, a long answer
BUSY_SHIFT = 4  # the mean of what ticks take goes over some 16 of them
POINT_MIN_256TH = 14 * 14 * 256  # counts^2: 1.5 A on the reference board; less is too noisy to time
STRONGER = 4  # another clamp is timed when its mean square is so many times this one's
KNEE = 2816  # counts from where the ADC bends: esp-idf corrects its line from 2880 on
BEND_STEP = 256  # counts between the board's figures of the bend: whole knots, as TILT_FROM is one
KNOT = 64  # counts: kernel.straighten's
KNOTS = (4096 - KNEE) // KNOT
TILT_FROM = 2880  # counts from where the bend goes by the chip's reference as well (esp-idf, esp_adc_cal_esp32.c):
TILT_PERCENT = 280  # its tables for 1000 and 1200 mV differ by so many hundredths of a uV a count and uV a count


def straight_knots(uv_per_count):
    """What some counts from KNEE on would be on the straight line, in 16ths; between two of them it is a straight line again.

    The board's figures are those of a line like the board's; a chip's own, ``uv_per_count``, tilts the bend.
    """
    tilt_uv = (uv_per_count - board.ADC_UV_PER_COUNT) * TILT_PERCENT
    knots = array("H", [0] * (KNOTS + 1))
    for place in range(KNOTS + 1):
        counts = KNEE + place * KNOT
        index = min((counts - KNEE) // BEND_STEP, len(board.ADC_BEND_MV) - 2)
        low_mv, high_mv = board.ADC_BEND_MV[index], board.ADC_BEND_MV[index + 1]
        bend_uv = low_mv * 1000 + (high_mv - low_mv) * 1000 * (counts - KNEE - index * BEND_STEP) // BEND_STEP
        bend_uv += max(counts - TILT_FROM, 0) * tilt_uv // 100
        knots[place] = min(counts * 16 - bend_uv * 16 // uv_per_count, 4095 * 16)
    return knots


class Scan:
    """``read`` takes one window and refills the readings' analog part."""

    def __init__(self, hz=50):
        self.cycle = Cycle(hz)
        pins = list(board.CT_PINS)
        steady = [board.TEMPERATURE_PIN] if board.TEMPERATURE_PIN is not None else []
        line = self.line = Line(steady + pins + [board.PILOT_ADC_PIN])
        self.clamps = [clamp.fitted(line) for _ in pins]
        self.meters = list(self.clamps)
        self.car = None
        if board.CAR_CT_PIN is not None:
            self.car = clamp.fitted(line)
            self.meters.append(self.car)
            pins.append(board.CAR_CT_PIN)
        self.power = None
        if board.VOLTAGE_PIN is not None:
            self.power = Power(self)
            self.meters.append(self.power.voltage)
            pins.append(board.VOLTAGE_PIN)
        channels = len(pins)
        rounds = LONGEST_WINDOW_US // (channels * board.ADC_READ_US)
        self.capacity = (rounds + rounds // SPARE_PART) // kernel.BLOCK * kernel.BLOCK + kernel.BLOCK
        self.use_buffer(array("H", bytearray(2 * self.capacity * (channels + (1 if self.power is None else 2)))))
        # bound once: binding a method allocates
        self.readers = tuple([ADC(Pin(pin), atten=ADC.ATTN_11DB).read for pin in pins] * 4)[:4]
        self.read_pilot = ADC(Pin(board.PILOT_ADC_PIN), atten=ADC.ATTN_11DB).read
        faults = (board.RCM_FAULT_PIN, board.EARTH_FAULT_PIN)
        self.residual, self.earth = [None if pin is None else Pin(pin, Pin.IN).value for pin in faults]
        self.watchable = (self.residual is not None) | (self.earth is not None) << 1
        self.plateaus = Plateaus()
        self.slowly = None
        if board.TEMPERATURE_PIN is not None or board.PROXIMITY_PIN is not None or board.RAIL_PIN is not None:
            self.slowly = Slow(line)
        self.straight = straight_knots(line.uv_per_count)
        self.state = array("i", [0] * window.SIZE)
        state = self.state
        state[window.CHANNELS] = channels
        state[window.CAPACITY] = self.capacity
        state[window.SLOT_TENTH_US] = board.ADC_READ_US * 10
        state[window.ROUND_TENTH_US] = board.ADC_READ_US * 10 * channels
        state[window.LIMIT_TENTH_US] = board.ADC_READ_US * 10 + 100
        state[window.TRIP_LEVELS] = board.RCM_FAULT_LEVEL | board.EARTH_FAULT_LEVEL << 1
        self.sample_times = SampleTimes(memoryview(state)[window.PARTED :])
        self.sums = array("i", [0, 0, 0])
        self.seen = array("i", [0] * 7)
        self.errors = 0  # conversions that failed, since the start
        self.holes = 0  # windows not used, since the start
        self.good_us = 0  # when the last usable window ended
        self.ended_us = int(ticks_us())  # when the last window did
        self.stall_us = 0  # the flash's part of the tick since then, see charger.py
        self.has_good = False
        self.early = False  # the last window ended before its time: it has nothing to tell of the currents
        self.blind = 0
        self.timed = 0  # the channel whose waveform is timed

    def use_buffer(self, samples):
        """Keep times and samples in ``samples``, one channel after the other; the kernel sees it as blocks."""
        whole = memoryview(samples)
        self.samples = samples
        self.blocks = [
            [
                whole[start : start + kernel.BLOCK]
                for start in range(channel * self.capacity, (channel + 1) * self.capacity, kernel.BLOCK)
            ]
            for channel in range(1, len(samples) // self.capacity)
        ]

    def read(self, readings, duty_u16):
        """Scan one window; ``duty_u16`` is what the pilot is sending."""
        state = self.state
        watched = 0
        if readings.contactor_closed and not state[window.TRIPPED]:
            watched = self.watchable & ~(readings.residual_fault | readings.earth_fault << 1)
        state[window.WATCHED], state[window.TRIPPED] = watched, 0
        pilot_known = duty_u16 == 0 or duty_u16 == 65535 or self.plateaus.period_tenth_us or self.plateaus.date()
        usable = self.fill_window(duty_u16, pilot_known)
        self.early = not state[window.WINDOW_US]
        busy_us = min(ticks_diff(state[window.START_US], self.ended_us) - self.stall_us, BUSY_MOST_US)
        readings.busy_us += (busy_us - readings.busy_us) >> BUSY_SHIFT
        end_us = self.ended_us = ticks_add(state[window.START_US], state[window.ELAPSED_US])
        if usable:
            for channel in range(state[window.CHANNELS]):
                self._measure(channel)
            for phase in range(len(self.clamps)):
                readings.grid_ma[phase] = self.clamps[phase].ma
                readings.quality[phase] = self.clamps[phase].cause
            if self.car is not None:
                readings.car_ma = self.car.ma
                readings.car_ok = self.car.cause in (meter_faults.OK, meter_faults.CLIPPED)
            if self.power is not None:
                self.power.measure(readings)
            self._track()
            self.good_us = end_us
            self.has_good = True
        else:
            self.holes += 1
        if not self.has_good or ticks_diff(end_us, self.good_us) > STALE_US:
            self.has_good = False
            for phase in range(len(self.clamps)):
                readings.quality[phase] = meter_faults.STALE
            readings.mains_ok = readings.power_ok = readings.car_ok = False
        readings.grid_ok = self.has_good
        self.cycle.passed(end_us)
        readings.mains_mhz = 1000000000 // self.cycle.period_us
        self._pilot(readings, pilot_known)
        if self.slowly is not None:
            self.slowly.read(readings)

    def fill_window(self, duty_u16, pilot_known):
        """Take the samples; True when the window is whole. (`headroom chip` looks at it from outside.)"""
        state = self.state
        state[window.COUNT] = state[window.PARTED] = 0
        state[window.ELAPSED_US] = 0
        state[window.WHOLE] = 0 if state[window.WINDOW_US] else 1
        state[window.WINDOW_US] = self.cycle.period_us
        start_us = ticks_us()
        state[window.START_US] = start_us
        if pilot_known:
            self.plateaus.plan(state, duty_u16, start_us)
        else:
            state[window.FROM_TENTH_US + state[window.PLATEAU]] = 1 << 28
        first, second, third, fourth = self.readers
        errors = 0
        while errors <= ERRORS_MAX:
            try:
                window.fill(
                    state[window.COUNT],
                    0,
                    self.samples,
                    state,
                    first,
                    second,
                    third,
                    fourth,
                    self.read_pilot,
                    ticks_us,
                    self.residual,
                    self.earth,
                )
                break
            except OSError:
                errors += 1
        self.errors += errors
        count = state[window.COUNT]
        if errors > ERRORS_MAX or not state[window.WINDOW_US] or not 0 < count < self.capacity:
            return False
        longest_us = self.sample_times.measure(self.samples, count, state[window.ELAPSED_US], state[window.WINDOW_US])
        return longest_us <= (state[window.CHANNELS] + 1) * board.ADC_READ_US * (errors + 1) + HOLE_US

    def _measure(self, channel):
        state, samples = self.state, self.samples
        sums, seen = self.sums, self.seen
        meter = self.meters[channel]
        count = state[window.COUNT]
        first = (channel + 1) * self.capacity
        kernel.pad(samples, first + count, count)
        kernel.inspect(samples, first, first + count, clamp.RAIL_LOW, clamp.RAIL_HIGH, seen)
        if seen[5] >= KNEE:
            kernel.straighten(samples, first, first + count, KNEE, self.straight)
        sums[0] = sums[1] = sums[2] = 0
        kernel.batch(self.blocks[channel], count, sums)
        meter.look(seen, count)
        meter.total = sums[0]
        mean = sums[0] // count
        square_256th = kernel.covariance(sums[0], sums[0], sums[1], sums[2], count)
        meter.measure(self.sample_times.correct(samples, first, first, channel, mean, mean, square_256th), mean)

    def _track(self):
        """Time one point of the voltage's waveform, or a strong clamp's: the same one's as long as it is strong enough."""
        best = self.timed
        if self.power is not None and self.power.voltage.square_256th >= POINT_MIN_256TH:
            best = len(self.meters) - 1
        else:
            for channel in range(len(self.clamps)):
                if self.clamps[channel].square_256th > STRONGER * self.meters[best].square_256th:
                    best = channel
        if best != self.timed:
            self.timed = best
            self.cycle.has_point = False
        meter = self.meters[best]
        cause = meter.cause
        if meter.square_256th < POINT_MIN_256TH or (cause != meter_faults.OK and cause != meter_faults.NO_BIAS):
            return  # a window that is no whole cycle yet has its mean anywhere
        samples, state = self.samples, self.state
        half = max(kernel.root(meter.square_256th) >> 5, kernel.root(meter.noise_256th) >> 2)  # four times the noise
        first = (best + 1) * self.capacity
        count = state[window.COUNT]
        level = meter.mean + half
        index = kernel.rising(samples, first, first + count, meter.mean - half, level)
        if index > first:
            before, before_us = samples[index - 1], samples[index - 1 - first]
            climbed_us = (samples[index - first] - before_us) * (level - before) // (samples[index] - before)
            self.cycle.point(ticks_add(state[window.START_US], before_us + climbed_us))

    def _pilot(self, readings, known):
        state = self.state
        high, low = state[window.TAKEN], state[window.TAKEN + 1]
        readings.unread = self.plateaus.unread
        readings.pilot_ok = bool(known) and high > 1 and (low > 1 or not state[window.OTHER])
        if high > 1:
            readings.pilot_high_mv = pilot_mv(self.line.mv(state[window.SUM] // high))
        if low > 1:
            readings.pilot_low_mv = pilot_mv(self.line.mv(state[window.SUM + 1] // low))
        if readings.pilot_ok:
            state[window.MOVED] = 0
        self.blind = 0 if readings.pilot_ok else self.blind + 1
        one_level = (
            readings.pilot_ok and state[window.OTHER] and readings.pilot_high_mv < readings.pilot_low_mv + APART_MV
        )
        if self.blind >= BLIND_MAX or one_level:
            self.blind = 0
            self.plateaus.period_tenth_us = 0


def pilot_mv(mv):
    """Pilot voltage in mV from what is behind its divider."""
    return (mv - board.PILOT_BIAS_MV) * 1000 // board.PILOT_UV_PER_MV
