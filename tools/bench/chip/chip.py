"""A virtual ESP32: one clock, pins that latch, LEDC, a watchdog, and refusals like the real port's.

The fakes in ``fakes/`` (machine, time) act on the chip that is attached here; ``ports`` says what its version of MicroPython
does. What is wired to the pins is the world's business: it sets ``on_pin`` (called after each change of a driven pin),
``levels`` of input pins and ``analog`` sources.
"""

from bench.chip import ports

TICKS = 1 << 30
START_US = TICKS - 3000000  # ticks_us wraps three seconds after power-on, ticks_ms ten: every run crosses both
START_MS = TICKS - 10000
PWM_PERIOD_TENTH_US = (
    10016  # LEDC's divider makes 998.4 Hz of 1 kHz: 80 MHz * 256 / (313 * 65536), which ledc_get_freq rounds
)
CALL_US = 2  # cost of a look at the clock

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5  # modmachine.c@v1.23.0, reset_reason_t
BROWN_OUT, PANIC, WDT_SYSTEM = 101, 102, 103  # resets that have no number of their own there

# What a reset of each kind is called by machine.reset_cause(): modmachine.c@v1.23.0 mp_machine_reset_cause
CAUSES = {PANIC: HARD_RESET, BROWN_OUT: PWRON_RESET, WDT_SYSTEM: WDT_RESET}

PYTHON, NATIVE, FLASH = range(3)  # where a program spends its time: what may interrupt it differs

# From the reset to the first line of boot.py: a guess. The emulator took 0.8 s (1.8 s from the last feed of a 1 s watchdog to
# boot.py), silicon must be expected to take longer (project's platform notes).
BOOT_MS = 1200


class Reset(BaseException):
    """The chip was reset: no line of firmware runs after this, not even a ``finally``; the pins no longer listen."""


class Chip:
    """State of one chip from power-on; survives soft resets, loses pins and programs in hard ones."""

    def __init__(self, adc_read_us=40, adc_sample_us=20, micropython=ports.NEWEST):
        self.port = ports.Port(micropython)
        self.us = 0  # since power-on
        self.mac = b"\x24\x0a\xc4\x00\x00\x01"
        self.adc_read_us = adc_read_us
        self.adc_sample_us = adc_sample_us  # of which the input is sampled after this
        self.adc_error_part = 0  # one conversion in so many fails; 0: none
        self.adc_conversions = 0
        self.cpu_hz = 160000000  # as the port starts (micropython ports/esp32: CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ_160)
        self.efuse_vref_mv = 1100  # what the chip believes of its reference
        self.mode = {}  # pin: "in" or "out"
        self.levels = {}  # pin: level driven, or seen at an input
        self.pwm = {}  # pin: (frequency, duty_u16, started at us), of pins that LEDC drives
        self.channels = {}  # pin: duty_u16 of pins that have a channel, driven by it or not
        self.began_us = {}  # pin: when its channel began
        self.inputs = {}  # pin: True when its pad's input is on (IO_MUX, FUN_IE)
        self.input_broken = ()  # pins whose input stays off whatever is written
        self.timers = []  # [id, period in us, next at us, callback]
        self.on_leap = None  # told of a leap, for what is wired to the chip and has a time of its own
        # False: a driver that begins a period anew when PWM comes back from 0 or 100 %; a guess, the port promises neither
        self.pwm_keeps_phase = True
        self.wires = {}  # RX pin of a UART: the tap that it is wired to (bench.world.bus)
        self.pulses = {}  # pin: (from, until us) of the last pulse that the RMT drives high
        self.analog = {}  # pin: function(us) -> counts
        self.on_pin = None
        self.wdt_ms = 0
        self.wdt_fed_us = 0
        self.longest_us = 0  # from one feed to the next, since the start: the longest tick
        self.dead = False
        self.cause = PWRON_RESET
        self.rtc = b""  # the RTC's memory: lost with the power only
        self.powered_us = 0  # when the power came: the chip's own seconds count from there
        self.interrupt_at_us = None  # Ctrl-C arrives then

    def advance(self, us, where=PYTHON):
        """Let virtual time pass; a watchdog that was not fed in time resets the chip.

        In native code and C nothing that a timer has scheduled is called (machine_timer.c@v1.23.0: mp_sched_schedule, between
        two bytecodes; @v1.29: "hard Timers are not implemented"). While the flash works, the cache is off and the watchdog's
        interrupt is not served either: its second stage resets the system, pins and all, after twice its time (esp-idf
        components/esp_system/task_wdt/task_wdt_impl_timergroup.c@16abaf069).
        """
        self.us += us
        if self.wdt_ms and self.us - self.wdt_fed_us > self.wdt_ms * 1000 * (2 if where == FLASH else 1):
            self.hard_reset(WDT_SYSTEM if where == FLASH else WDT_RESET)
            raise Reset("watchdog")
        if where == FLASH:
            return  # the flash driver is C: Ctrl-C and timers wait until it has done
        if self.interrupt_at_us is not None and self.us >= self.interrupt_at_us:
            self.interrupt_at_us = None
            self.interrupting()
            raise KeyboardInterrupt
        if self.timers and where == PYTHON:
            for place in range(len(self.timers)):  # an iterator would be an allocation that the firmware is blamed for
                timer = self.timers[place]
                if self.us >= timer[2]:
                    timer[2] = self.us + timer[1]
                    timer[3](timer)

    def interrupting(self):
        """Ctrl-C is about to be raised."""

    def leap(self, us):
        """The clock is suddenly another, or a step stands for many ticks: no time is lost to watchdog, timers and supervisor."""
        self.us += us
        self.wdt_fed_us += us
        for timer in self.timers:
            timer[2] += us
        if self.on_leap is not None:
            self.on_leap(us)

    def fed(self):
        """The watchdog's time-out starts anew."""
        self.longest_us = max(self.longest_us, self.us - self.wdt_fed_us)
        self.wdt_fed_us = self.us

    def hard_reset(self, kind):
        """The program that runs is cut off until ``revive``, BOOT_MS later.

        A power cut takes everything, a reset of the system all but the RTC's memory. All others are resets of the CPU:
        ``machine.reset()``, panic and watchdog end in esp_restart_noos (esp-idf
        components/esp_system/port/soc/esp32/system_internal.c@07bd3a910), rst:0xc, which resets UART, SPI, I2S, MCPWM and
        timers but neither GPIO, IO_MUX nor LEDC: pins and PWM go on (seen on an emulated chip, v1.23.0).
        """
        if kind in (PWRON_RESET, WDT_SYSTEM) or (kind == BROWN_OUT and self.port.brown_out_floats):
            driven = self._driven()
            self.mode = {}
            self.levels = {pin: level for pin, level in self.levels.items() if pin not in driven}
            self.pwm = {}
            self.inputs = {}
        if kind == PWRON_RESET:
            self.rtc = b""  # machine_rtc.c@v1.23.0: RTC_NOINIT_ATTR, so that it outlives every other reset
            self.powered_us = self.us
        self.channels = {}
        self.timers = []
        self.wdt_ms = 0
        self.cause = CAUSES.get(kind, kind)
        self.dead = True
        self.changed()

    def soft_reset(self):
        """What Ctrl-D does: timers and PWM stop, its pin low (main.c@v1.23.0); driven pins keep their level."""
        for pin in list(self.pwm):
            self.levels[pin] = 0
        self.pwm = {}
        self.channels = {}
        self.timers = []
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
        if self.port.half_pulse and us - self.began_us[pin] < PWM_PERIOD_TENTH_US // 10:
            duty = 32768
        if duty == 0 or duty == 65535:
            return (1 if duty else 0), PWM_PERIOD_TENTH_US
        phase = (us - started_us) * 10 % PWM_PERIOD_TENTH_US
        high = PWM_PERIOD_TENTH_US * duty // 65536
        if phase < high:
            return 1, phase // 10
        return 0, (phase - high) // 10

    def readable(self, pin):
        """True when the pad's input is on: with it off a pin reads 0 whatever its level is."""
        return self.inputs.get(pin, False) and pin not in self.input_broken

    def _driven(self):
        return [pin for pin, mode in self.mode.items() if mode == "out"]


attached = Chip()


def attach(chip):
    """Make ``chip`` the one that the fakes act on."""
    global attached
    attached = chip
