"""Fake ``machine``: the ESP32 port's classes, as far as the firmware uses them, acting on ``bench.chip.attached``.

Refuses what the port refuses, with the port's exceptions.
"""

from bench.chip import chip as _chip
from bench.world import adc as _adc

PWRON_RESET = _chip.PWRON_RESET
HARD_RESET = _chip.HARD_RESET
WDT_RESET = _chip.WDT_RESET
DEEPSLEEP_RESET = _chip.DEEPSLEEP_RESET
SOFT_RESET = _chip.SOFT_RESET


def reset():
    """Hard reset."""
    _chip.attached.hard_reset(HARD_RESET)
    raise _chip.Reset("machine.reset")


def freq(hz=None):
    """Read or set the CPU's clock; the port takes these only (micropython ports/esp32/modmachine.c)."""
    if hz is None:
        return _chip.attached.cpu_hz
    if hz not in (20000000, 40000000, 80000000, 160000000, 240000000):
        raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz")
    _chip.attached.cpu_hz = hz
    return None


def reset_cause():
    """Why the chip started."""
    return _chip.attached.cause


class Pin:
    """GPIO with the ESP32's restrictions."""

    IN = 1
    OUT = 3
    PULL_DOWN = 1
    PULL_UP = 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        if not isinstance(id, int) or id < 0 or id > 39 or id in _chip.ABSENT or id in _chip.RESERVED:
            raise ValueError("invalid pin")
        self.id = id
        self.chip = _chip.attached
        if mode != -1 or pull != -1 or value is not None:
            self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None):
        """(Re)configure; taking a pin as output takes it from the PWM."""
        if mode == Pin.OUT and self.id in _chip.INPUT_ONLY:
            raise ValueError("pin can only be input")
        if pull not in (-1, None) and self.id in _chip.INPUT_ONLY:
            raise ValueError("pins 34-39 do not have pull-up or pull-down circuitry")
        if self.chip.dead:
            return
        if mode == Pin.OUT:
            self.chip.pwm.pop(self.id, None)
            self.chip.mode[self.id] = "out"
        elif mode == Pin.IN:
            self.chip.mode[self.id] = "in"
            if pull == Pin.PULL_UP:
                self.chip.levels.setdefault(self.id, 1)
        if value is not None:
            self.chip.levels[self.id] = 1 if value else 0
        self.chip.changed()

    def value(self, level=None):
        """Read the level, or drive it."""
        chip = self.chip
        if level is None:
            if self.id in chip.pwm:
                chip.advance(_chip.CALL_US)
                return chip.pwm_level(self.id, chip.us)[0]
            return chip.levels.get(self.id, 0)
        chip.drive(self.id, 1 if level else 0)
        return None

    def __call__(self, level=None):
        """The same."""
        return self.value(level)

    def on(self):
        """Drive high."""
        self.value(1)

    def off(self):
        """Drive low."""
        self.value(0)


class RTC:
    """Only its memory, which outlives every reset but not the power."""

    def memory(self, data=None):
        """Read it, or write up to 2048 bytes."""
        chip = _chip.attached
        if data is None:
            return chip.rtc
        if len(data) > 2048:
            raise ValueError("buffer too long")
        if not chip.dead:
            chip.rtc = bytes(data)
        return None


def _in_the_air(_us):
    """Counts of a pin to which nothing is wired: the port reads it like any other."""
    return 0


class ADC:
    """One-shot ADC; a conversion takes its time."""

    ATTN_0DB = 0
    ATTN_2_5DB = 1
    ATTN_6DB = 2
    ATTN_11DB = 3

    def __init__(self, pin, *, atten=ATTN_11DB):
        id = pin.id if isinstance(pin, Pin) else pin
        if id not in _chip.ADC1 and id not in _chip.ADC2:
            raise ValueError("invalid pin")
        if atten not in (0, 1, 2, 3):
            raise ValueError("invalid atten")
        self.id = id
        self.chip = _chip.attached
        self.chip.analog.setdefault(id, _in_the_air)
        self.sample_us = self.chip.adc_sample_us
        self.rest_us = self.chip.adc_read_us - self.sample_us

    def read(self):
        """Raw 12 bits, sampled at one instant of the conversion."""
        chip = self.chip
        if self.id in _chip.ADC2:
            raise OSError(0x107, "ESP_ERR_TIMEOUT: ADC2 is in use by Wi-Fi")
        chip.advance(self.sample_us)
        if chip.adc_error_part:
            chip.adc_conversions += 1
            if chip.adc_conversions % chip.adc_error_part == 0:
                raise OSError(0x103, "ESP_ERR_INVALID_STATE")
        counts = chip.analog[self.id](chip.us)
        chip.us += self.rest_us
        return counts

    def read_u16(self):
        """Raw stretched to 16 bits, as the port does."""
        raw = self.read()
        return raw << 4 | raw >> 8

    def read_uv(self):
        """Raw on the line of the chip's eFuse, in whole millivolts, as the port does."""
        return _adc.calibrated_mv(self.read(), self.chip.efuse_vref_mv) * 1000


class PWM:
    """LEDC channel; a pin keeps its phase through changes of duty."""

    def __init__(self, pin, *, freq=5000, duty_u16=32768):
        if pin.id in _chip.INPUT_ONLY:
            raise ValueError("pin can only be input")
        if not 1 <= freq <= 40000000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        self.id = pin.id
        self.chip = pin.chip
        self._check(duty_u16)
        if not self.chip.dead:
            self.chip.mode[self.id] = "out"
            self.chip.pwm[self.id] = (freq, duty_u16, self.chip.us)
            self.chip.changed()

    def duty_u16(self, duty=None):
        """Read or set the duty; in force from the next period."""
        if self.id not in self.chip.pwm and not self.chip.dead:
            raise RuntimeError("PWM is inactive")
        if duty is None:
            return self.chip.pwm[self.id][1]
        self._check(duty)
        if not self.chip.dead:
            freq, before, started_us = self.chip.pwm[self.id]
            if before in (0, 65535) and not self.chip.pwm_keeps_phase:
                started_us = self.chip.us
            self.chip.pwm[self.id] = (freq, duty, started_us)
            self.chip.changed()
        return None

    def freq(self, freq=None):
        """Read or set the frequency; setting it resets the timer."""
        if freq is None:
            return self.chip.pwm[self.id][0]
        self.chip.pwm[self.id] = (freq, self.chip.pwm[self.id][1], self.chip.us)
        return None

    def deinit(self):
        """Stop, with the pin low."""
        if not self.chip.dead and self.id in self.chip.pwm:
            del self.chip.pwm[self.id]
            self.chip.drive(self.id, 0)

    def _check(self, duty):
        if not 0 <= duty <= 65535:
            raise ValueError("duty_u16 must be from 0 to 65535")


class WDT:
    """Task watchdog: cannot be stopped; made again, it takes the new timeout."""

    def __init__(self, id=0, timeout=5000):
        if id != 0:
            raise ValueError("only WDT(0)")
        if timeout < 1:
            raise ValueError("WDT timeout too short")
        self.chip = _chip.attached
        self.chip.wdt_ms = timeout
        self.feed()

    def feed(self):
        """Start the time-out anew."""
        self.chip.fed()
