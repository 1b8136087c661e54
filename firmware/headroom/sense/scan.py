"""The scan: one mains cycle of every clamp, with the pilot's plateaus sampled in between.

Samples of the clamps are taken as fast as the ADC converts; a conversion that falls into a pilot plateau of which
samples are still wanted goes to the pilot instead. Instants are measured, never assumed. Pilot edges are dated by
arithmetic: PWM and ``ticks_us`` run from one crystal (LEDC's 1 kHz is 998.4 or 1001.6 Hz, exactly).
"""

from array import array
from time import ticks_add, ticks_diff, ticks_us

import board
from machine import ADC, Pin

from headroom.sense import kernel

SAMPLES_MAX = 512
PILOT_SAMPLES = 4  # of each plateau, per scan
EDGE_US = 10  # settling after an edge, IEC 61851-1 Table A.2 with a car attached
PWM_PERIODS_TENTH_US = (9984, 10016)


class Scan:
    """``read`` takes one window and refills the readings' currents, pilot plateaus and temperature."""

    def __init__(self, hz=50):
        self.window_us = 1000000 // hz
        self.clamps = [ADC(Pin(pin), atten=ADC.ATTN_11DB) for pin in board.CT_PINS]
        self.samples = [array("H", bytearray(2 * SAMPLES_MAX)) for _ in board.CT_PINS]
        self.zero = [(board.CT_BIAS_MV - board.ADC_ZERO_MV) * 1000 // board.ADC_UV_PER_COUNT for _ in board.CT_PINS]
        self.sums = array("i", [0, 0])
        self.ua_per_count = board.ADC_UV_PER_COUNT * board.CT_TURNS * 1000 // board.CT_BURDEN_MOHM
        self.read_pilot = ADC(Pin(board.PILOT_ADC_PIN), atten=ADC.ATTN_11DB).read  # bound once: binding allocates
        self.pilot_pin = Pin(board.PILOT_PWM_PIN)
        self.period_tenth_us = 0
        self.edge_us = 0  # a rising edge of the pilot, recent enough for ticks_diff
        self.edge_tenth_us = 0  # and the tenths that do not fit into it
        self.temperature = (
            None if board.TEMPERATURE_PIN is None else ADC(Pin(board.TEMPERATURE_PIN), atten=ADC.ATTN_11DB)
        )

    def read(self, readings, duty_u16):
        """Scan one window; ``duty_u16`` is what the pilot is sending."""
        steady = duty_u16 == 0 or duty_u16 == 65535
        if not steady and self.period_tenth_us == 0:
            self._find_edges()
        self._window(readings, duty_u16, steady)
        readings.grid_ok = True

    def _window(self, readings, duty_u16, steady):
        period = self.period_tenth_us
        convert_tenth_us = board.ADC_READ_US * 10
        high_end = period * (duty_u16 >> 4) // 4096 - convert_tenth_us
        low_start = period * (duty_u16 >> 4) // 4096 + EDGE_US * 10
        low_end = period - convert_tenth_us
        high_sum = high_count = low_sum = low_count = 0
        read_pilot = self.read_pilot
        clamps = self.clamps
        buffers = self.samples
        channels = len(clamps)
        count = 0
        started_us = ticks_us()
        if not steady:
            self._move_edge(started_us)
        while count < SAMPLES_MAX:
            now_us = ticks_us()
            if ticks_diff(now_us, started_us) >= self.window_us:
                break
            if steady:
                if high_count < PILOT_SAMPLES:
                    high_sum += read_pilot()
                    high_count += 1
            else:
                phase = (ticks_diff(now_us, self.edge_us) * 10 - self.edge_tenth_us) % period
                if EDGE_US * 10 <= phase <= high_end:
                    if high_count < PILOT_SAMPLES:
                        high_sum += read_pilot()
                        high_count += 1
                elif low_start <= phase <= low_end and low_count < PILOT_SAMPLES:
                    low_sum += read_pilot()
                    low_count += 1
            for channel in range(channels):
                buffers[channel][count] = clamps[channel].read()
            count += 1
        for channel in range(channels):
            readings.grid_ma[channel] = self._rms_ma(channel, count)
        readings.pilot_ok = high_count > 0 and (steady or low_count > 0)
        if high_count:
            readings.pilot_high_mv = self._pilot_mv(high_sum // high_count)
        if low_count:
            readings.pilot_low_mv = self._pilot_mv(low_sum // low_count)

    def _rms_ma(self, channel, count):
        """RMS of one channel's samples in mA, its own mean taken out; the mean is the next window's zero."""
        zero = self.zero[channel]
        total = 0
        squares_16th = 0
        start = 0
        while start < count:
            stop = min(start + kernel.CHUNK, count)
            kernel.sums(self.sums, self.samples[channel], start, stop, zero)
            total += self.sums[0]
            squares_16th += self.sums[1] >> 4
            start = stop
        mean = total // count
        self.zero[channel] = zero + mean
        square_64 = (squares_16th // count * 16 + squares_16th % count * 16 // count - mean * mean) * 64
        return kernel.root(square_64) * (self.ua_per_count // 8) // 1000

    def _pilot_mv(self, counts):
        adc_mv = board.ADC_ZERO_MV + counts * board.ADC_UV_PER_COUNT // 1000
        return (adc_mv - board.PILOT_BIAS_MV) * 1000 // board.PILOT_UV_PER_MV

    def _find_edges(self):
        """Date a rising edge and tell the period, by watching the pin for a few periods."""
        first_us = self._rising_us()
        last_us = first_us
        for _ in range(8):
            last_us = self._rising_us()
        measured = ticks_diff(last_us, first_us) * 10 // 8
        slow, fast = PWM_PERIODS_TENTH_US[1], PWM_PERIODS_TENTH_US[0]
        self.period_tenth_us = slow if abs(measured - slow) < abs(measured - fast) else fast
        self.edge_us = last_us
        self.edge_tenth_us = 0

    def _rising_us(self):
        level = self.pilot_pin.value
        started_us = ticks_us()
        while level() and ticks_diff(ticks_us(), started_us) < 2000:
            pass
        while not level() and ticks_diff(ticks_us(), started_us) < 2000:
            pass
        return ticks_us()

    def _move_edge(self, now_us):
        """Bring the dated edge to the last one before ``now_us``, without losing tenths."""
        behind_us = ticks_diff(now_us, self.edge_us)
        while behind_us > 100000:  # keeps the product below small
            self._forward(100000 * 10 // self.period_tenth_us)
            behind_us = ticks_diff(now_us, self.edge_us)
        self._forward(behind_us * 10 // self.period_tenth_us)

    def _forward(self, periods):
        tenths = periods * self.period_tenth_us + self.edge_tenth_us
        self.edge_us = ticks_add(self.edge_us, tenths // 10)
        self.edge_tenth_us = tenths % 10
