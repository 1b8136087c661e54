"""A virtual ESP32: one clock, pins that latch, LEDC, a watchdog, and refusals like the real port's.

The fakes in ``fakes/`` (machine, time) act on the chip that is attached here. What is wired to the pins is the world's
business: it sets ``on_pin`` (called after each change of a driven pin), ``levels`` of input pins and ``analog``
sources.
"""

TICKS = 1 << 30
START_US = TICKS - 3000000  # ticks_us wraps three seconds after power-on, ticks_ms ten: every run crosses both
START_MS = TICKS - 10000
PWM_PERIOD_TENTH_US = 10016  # LEDC's divider makes 998.4 Hz of 1 kHz
CALL_US = 2  # cost of a look at the clock

RESERVED = (6, 7, 8, 9, 10, 11)  # SPI flash
ABSENT = (20, 24, 28, 29, 30, 31)
INPUT_ONLY = (34, 35, 36, 37, 38, 39)
ADC1 = (32, 33, 34, 35, 36, 37, 38, 39)
ADC2 = (0, 2, 4, 12, 13, 14, 15, 25, 26, 27)

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5


class Reset(BaseException):
    """The chip was reset: no line of firmware runs after this, not even a ``finally``; the pins no longer listen."""


class Chip:
    """State of one chip from power-on; survives soft resets, loses pins and programs in hard ones."""

    def __init__(self, adc_read_us=40, adc_sample_us=20):
        self.us = 0  # since power-on
        self.adc_read_us = adc_read_us
        self.adc_sample_us = adc_sample_us  # of which the input is sampled after this
        self.adc_error_part = 0  # one conversion in so many fails; 0: none
        self.adc_conversions = 0
        self.cpu_hz = 160000000  # as the port starts (micropython ports/esp32: CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ_160)
        self.efuse_vref_mv = 1100  # what the chip believes of its reference
        self.mode = {}  # pin: "in" or "out"
        self.levels = {}  # pin: level driven, or seen at an input
        self.pwm = {}  # pin: (frequency, duty_u16, started at us)
        # False: a driver that begins a period anew when PWM comes back from 0 or 100 %; a guess, the port promises neither
        self.pwm_keeps_phase = True
        self.analog = {}  # pin: function(us) -> counts
        self.on_pin = None
        self.wdt_ms = 0
        self.wdt_fed_us = 0
        self.dead = False
        self.cause = PWRON_RESET
        self.rtc = b""  # the RTC's memory: lost with the power only
        self.interrupt_at_us = None  # Ctrl-C arrives then

    def advance(self, us):
        """Let virtual time pass; a watchdog that was not fed in time resets the chip."""
        self.us += us
        if self.wdt_ms and self.us - self.wdt_fed_us > self.wdt_ms * 1000:
            self.hard_reset(WDT_RESET)
            raise Reset("watchdog")
        if self.interrupt_at_us is not None and self.us >= self.interrupt_at_us:
            self.interrupt_at_us = None
            raise KeyboardInterrupt

    def fed(self):
        """The watchdog's time-out starts anew."""
        self.wdt_fed_us = self.us

    def hard_reset(self, cause):
        """Pins float, PWM and watchdog stop; the program that runs is cut off until ``revive``."""
        self.mode = {}
        self.levels = {pin: level for pin, level in self.levels.items() if pin not in self._driven()}
        self.pwm = {}
        self.wdt_ms = 0
        self.cause = cause
        self.dead = True
        self.changed()

    def soft_reset(self):
        """What Ctrl-D does: PWM stops with its pin low, driven pins keep their level."""
        for pin in list(self.pwm):
            self.levels[pin] = 0
        self.pwm = {}
        self.cause = SOFT_RESET
        self.changed()

    def revive(self):
        """The boot ROM is through: firmware may start."""
        self.dead = False

    def drive(self, pin, level):
        """An output pin is set to ``level``."""
        if not self.dead:
            self.levels[pin] = level
            self.changed()

    def changed(self):
        """Tell the world that a pin changed."""
        if self.on_pin is not None:
            self.on_pin()

    def output(self, pin):
        """Level of a driven pin; 0 where it floats (the board's pull-downs)."""
        return self.levels.get(pin, 0) if self.mode.get(pin) == "out" else 0

    def pwm_level(self, pin, us):
        """(level, us since the last edge) of a pin under PWM at time ``us``."""
        _, duty, started_us = self.pwm[pin]
        if duty == 0 or duty == 65535:
            return (1 if duty else 0), PWM_PERIOD_TENTH_US
        phase = (us - started_us) * 10 % PWM_PERIOD_TENTH_US
        high = PWM_PERIOD_TENTH_US * duty // 65536
        if phase < high:
            return 1, phase // 10
        return 0, (phase - high) // 10

    def _driven(self):
        return [pin for pin, mode in self.mode.items() if mode == "out"]


attached = Chip()


def attach(chip):
    """Make ``chip`` the one that the fakes act on."""
    global attached
    attached = chip
