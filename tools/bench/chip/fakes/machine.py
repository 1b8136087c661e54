"""Fake ``machine``: the ESP32 port's classes, as far as the firmware uses them, acting on ``bench.chip.attached``.

Refuses what the port refuses, with the port's exceptions, and takes what it takes: ``bench.chip.ports`` has the sources.
"""

from bench.chip import chip as _chip
from bench.chip import ports as _ports
from bench.world import adc as _adc

PWRON_RESET = _chip.PWRON_RESET
HARD_RESET = _chip.HARD_RESET
WDT_RESET = _chip.WDT_RESET
DEEPSLEEP_RESET = _chip.DEEPSLEEP_RESET
SOFT_RESET = _chip.SOFT_RESET


def reset():
    """esp_restart (modmachine.c@v1.23.0): a reset of the CPU, so pins and PWM go on until boot.py."""
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


def unique_id():
    """The chip's own number, its MAC (ports/esp32/modmachine.c: esp_efuse_mac_get_default)."""
    return _chip.attached.mac


class _Memory:
    """``mem32`` (extmod/machine_mem.c@v1.23.0): the GPIOs' IO_MUX registers, of which it knows FUN_IE, and what is driven.

    GPIO_OUT_REG and GPIO_ENABLE_REG: ESP32 Technical Reference Manual 4.12. Below 0x3F400000 there is nothing (the same,
    table 1-1): the CPU refuses a load from there, and the port's panic handler starts the chip anew.
    """

    def __getitem__(self, address):
        chip = _chip.attached
        if address < _ports.NOTHING_BELOW:
            if not chip.dead:
                chip.hard_reset(_chip.PANIC)
            raise _chip.Reset("LoadProhibited at %08x" % address)
        if address in (_ports.GPIO_OUT, _ports.GPIO_ENABLE):
            bits = 0
            for pin in range(32):
                if chip.mode.get(pin) == "out" and (address == _ports.GPIO_ENABLE or chip.levels.get(pin)):
                    bits |= 1 << pin
            return bits
        return _ports.FUN_IE if chip.inputs.get(self._pin(address)) else 0

    def __setitem__(self, address, value):
        chip = _chip.attached
        pin = self._pin(address)
        if not chip.dead:
            chip.inputs[pin] = bool(value & _ports.FUN_IE)

    def _pin(self, address):
        if address & 3:
            raise ValueError("address %08x is not aligned to 4 bytes" % address)
        offset = address - _ports.IO_MUX
        if offset <= 0 or offset not in _ports.IO_MUX_OFFSETS:
            raise NotImplementedError("nothing of the bench's is at %08x" % address)
        return _ports.IO_MUX_OFFSETS.index(offset)


mem32 = _Memory()


class Pin:
    """GPIO with the ESP32's restrictions, which are few: machine_pin.c@v1.23.0, the same at every later version."""

    IN = 1
    OUT = 3  # GPIO_MODE_INPUT_OUTPUT: an output can be read back
    PULL_DOWN = 1
    PULL_UP = 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        if not isinstance(id, int) or id < 0 or id > 39 or id in _ports.ABSENT:
            raise ValueError("invalid pin")
        self.id = id
        self.chip = _chip.attached
        if mode != -1 or pull != -1 or value is not None:
            self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None):
        """(Re)configure; taking a pin as output takes it from the PWM. A pull where there is none is not told."""
        chip = self.chip
        if self.id in _ports.RESERVED and not chip.dead:
            chip.hard_reset(_chip.PANIC)  # the pad is taken from the flash from which the next instruction comes
            raise _chip.Reset("GPIO%d carries the flash" % self.id)
        if mode == Pin.OUT and self.id in _ports.INPUT_ONLY:
            raise ValueError("pin can only be input")
        if chip.dead:
            return
        if mode == Pin.OUT:
            chip.pwm.pop(self.id, None)
            chip.mode[self.id] = "out"
            chip.inputs[self.id] = True
        elif mode == Pin.IN:
            chip.pwm.pop(self.id, None)
            chip.mode[self.id] = "in"
            chip.inputs[self.id] = True
            if pull == Pin.PULL_UP and self.id not in _ports.INPUT_ONLY:
                chip.levels.setdefault(self.id, 1)
        if value is not None:
            chip.levels[self.id] = 1 if value else 0
        chip.changed()

    def value(self, level=None):
        """Read the level, or drive it."""
        chip = self.chip
        if level is None:
            if self.id in chip.pwm:
                chip.advance(_chip.CALL_US)
                return chip.pwm_level(self.id, chip.us)[0] if chip.readable(self.id) else 0
            return chip.levels.get(self.id, 0) if chip.readable(self.id) else 0
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
        if id not in _ports.ADC1 and id not in _ports.ADC2:
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
        if self.id in _ports.ADC2:
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
        self.id = pin.id
        self.chip = chip = pin.chip
        if not 1 <= freq <= 40000000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        self._check(duty_u16)
        if self.id in _ports.INPUT_ONLY:
            # machine_pwm.c@v1.23.0 configure_channel; @v1.26.0 check_esp_err(ledc_channel_config)
            raise (
                ValueError("PWM not supported on Pin(%d)" % self.id)
                if chip.port.half_pulse
                else OSError(-0x102, "ESP_ERR_INVALID_ARG")
            )
        self.active = True
        self.hz = freq
        if chip.dead:
            return
        if self.id not in chip.channels or chip.port.routes_again:
            chip.mode[self.id] = "out"
            chip.pwm[self.id] = (freq, duty_u16, chip.us)
            chip.began_us[self.id] = chip.us
            if chip.port.input_off:
                chip.inputs[self.id] = False
        chip.channels[self.id] = duty_u16
        self._set(duty_u16)

    def duty_u16(self, duty=None):
        """Read or set the duty; in force from the next period. Where the pin is not the PWM's any more it has no effect."""
        if not self.active:
            raise RuntimeError(self.chip.port.inactive_text)
        if duty is None:
            return self.chip.channels[self.id]
        self._check(duty)
        if not self.chip.dead:
            self._set(duty)
        return None

    def _set(self, duty):
        chip = self.chip
        chip.channels[self.id] = duty
        if self.id in chip.pwm:
            freq, before, started_us = chip.pwm[self.id]
            if before in (0, 65535) and not chip.pwm_keeps_phase:
                started_us = chip.us
            chip.pwm[self.id] = (freq, duty, started_us)
            chip.changed()

    def freq(self, freq=None):
        """Read or set the frequency; setting it resets the timer. What is read is what the divider makes of it."""
        if not self.active:
            raise RuntimeError(self.chip.port.inactive_text)
        if freq is None:
            return _achieved_hz(self.hz)
        if not 1 <= freq <= 40000000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        self.hz = freq
        if self.id in self.chip.pwm:
            self.chip.pwm[self.id] = (freq, self.chip.pwm[self.id][1], self.chip.us)
        return None

    def deinit(self):
        """Stop, with the pin low."""
        if not self.chip.dead and self.active:
            self.active = False
            self.chip.channels.pop(self.id, None)
            if self.chip.pwm.pop(self.id, None):
                self.chip.drive(self.id, 0)

    def _check(self, duty):
        if not 0 <= duty <= 65535:
            raise ValueError(self.chip.port.duty_text)


def _achieved_hz(hz):
    """ledc_get_freq (esp-idf components/esp_driver_ledc/src/ledc.c@11c425f2d): 80 MHz by a divider in 256ths, 16 bits."""
    bits = 16
    while (80000000 << 8) // (hz << bits) < 256:
        bits -= 1
    divider = ((80000000 << 8) + (hz << bits) // 2) // (hz << bits)
    return ((80000000 << 8) + (divider << bits) // 2) // (divider << bits)


def _pin_of(pin):
    """GPIO of a pin that is given as a Pin or as a number: machine_pin_get_id."""
    return pin.id if isinstance(pin, Pin) else Pin(pin).id


class UART:
    """A UART beside the console's: machine_uart.c@v1.23.0; v1.26.0 and v1.28.0 add interrupts, and no more that is used here.

    What is wired to it: ``chip.wires[rx]``. Bytes are on the line at their time; what the buffer does not hold is lost. None is
    in the buffer before the hardware's FIFO holds FULL, or nothing has come for TIMEOUT characters: the port leaves esp-idf's
    defaults (components/driver/uart.c@v5.0.4: UART_FULL_THRESH_DEFAULT, UART_TOUT_THRESH_DEFAULT), and any() counts what
    the interrupt has moved (uart_get_buffered_data_len).
    """

    INV_RX, INV_TX = 1 << 2, 1 << 5  # esp-idf hal/uart_types.h: UART_SIGNAL_RXD_INV, UART_SIGNAL_TXD_INV
    FIFO = 128  # SOC_UART_FIFO_LEN
    FULL, TIMEOUT = 120, 10
    WRITE_US = 60  # a call, and the interrupt that fills the FIFO: a guess

    def __init__(self, id, baudrate=115200, bits=8, parity=None, stop=1, **more):
        if not 0 <= id < 3:
            raise ValueError("UART(%d) does not exist" % id)
        if id == 0 and (more.get("rxbuf") or more.get("txbuf")):
            raise ValueError("UART buffer size is fixed")  # the REPL's: init_helper, MICROPY_HW_UART_REPL
        self.id = id
        self.chip = _chip.attached
        self.rxbuf = self.txbuf = 256
        self.tx, self.rx = ((1, 3), (10, 9), (17, 16))[id]
        self.invert = self.timeout = 0
        self.heard = bytearray()
        self.fifo = bytearray()
        self.last_us = 0  # when a byte came into it
        self.lost = 0
        self.free_us = 0
        self.init(baudrate, bits, parity, stop, **more)

    def init(self, baudrate=0, bits=8, parity=None, stop=1, *, tx=None, rx=None, txbuf=None, rxbuf=None,
             timeout=None, timeout_char=None, invert=None):  # fmt: skip
        """Configure."""
        if bits not in (5, 6, 7, 8):
            raise ValueError("invalid data bits")
        if stop not in (1, 2):
            raise ValueError("invalid stop bits")
        if invert is not None and invert & ~(self.INV_TX | self.INV_RX):
            raise ValueError("invalid inversion mask")
        for size, least in ((rxbuf, self.FIFO + 1), (txbuf, self.FIFO + 1)):
            if size is not None and size < least and not (size == 0 and size is txbuf):
                raise OSError(-1, "ESP_FAIL")  # uart_driver_install: rx buffer length error
        self.rxbuf, self.txbuf = rxbuf or self.rxbuf, self.txbuf if txbuf is None else txbuf
        self.baud = baudrate or 115200
        self.bits, self.stop = bits, stop
        self.parity = 0 if parity is None else 1 if parity & 1 else 2
        if tx is not None:
            self.tx = _pin_of(tx)
            if self.tx in _ports.INPUT_ONLY:
                raise OSError(-1, "ESP_FAIL")  # uart_set_pin: tx_io_num error
        if rx is not None:
            self.rx = _pin_of(rx)
        self.timeout = self.timeout if timeout is None else timeout
        self.invert = self.invert if invert is None else invert

    def _hear(self):
        chip = self.chip
        tap = chip.wires.get(self.rx)
        if tap is None:
            return
        tap.inverted = bool(self.invert & self.INV_RX) != bool(tap.upside_down)
        rest_us = self.TIMEOUT * (11 if self.parity else 10) * 1000000 // self.baud
        for at_us, byte in tap.take(chip.us, self.baud, self.parity):
            if len(self.fifo) >= self.FULL or at_us - self.last_us >= rest_us:
                self._interrupt()
            self.fifo.append(byte)
            self.last_us = at_us
        if len(self.fifo) >= self.FULL or chip.us - self.last_us >= rest_us:
            self._interrupt()

    def _interrupt(self):
        """What the FIFO holds goes into the buffer."""
        room = self.rxbuf - len(self.heard)
        self.heard += self.fifo[:room]
        self.lost += max(len(self.fifo) - room, 0)
        self.fifo = bytearray()

    def any(self):
        """Bytes that wait."""
        self._hear()
        return len(self.heard)

    def readinto(self, buffer, count=None):
        """As many as there are; None when there is nothing and no timeout."""
        self._hear()
        if not self.heard and self.timeout:
            self.chip.advance(self.timeout * 1000)
            self._hear()
        count = min(len(buffer) if count is None else count, len(self.heard))
        if not count:
            return None
        buffer[:count] = self.heard[:count]
        self.heard = self.heard[count:]
        return count

    def write(self, data, count=None):
        """Into the buffer; what does not fit makes the call wait, as the port does."""
        chip = self.chip
        data = bytes(data[: len(data) if count is None else count])
        char_us = (11 if self.parity else 10) * 1000000 / self.baud
        start_us = max(chip.us, self.free_us)
        over = len(data) + int(max(self.free_us - chip.us, 0) / char_us) - max(self.txbuf, self.FIFO)
        if over > 0:
            chip.advance(int(over * char_us))
        start_us += self.WRITE_US
        self.free_us = start_us + int(len(data) * char_us)
        tap = chip.wires.get(self.rx)
        if tap is None or chip.dead:
            return len(data)
        hold_us = self.free_us - start_us
        if tap.de_pin is not None:
            _, until_us = chip.pulses.get(tap.de_pin, (0, 0))
            if chip.output(tap.de_pin):
                until_us = self.free_us  # held by hand
            if until_us <= start_us:
                return len(data)  # the driver is off: nobody hears it
            hold_us = until_us - start_us
            data = data[: int(hold_us / char_us)]
        tap.send(start_us, data, self.baud, self.parity, hold_us)
        return len(data)

    def txdone(self):
        """True when all has left."""
        return self.chip.us >= self.free_us

    def deinit(self):
        """Stop."""
        self.heard = bytearray()


class Timer:
    """A timer whose callback is called between two bytecodes: machine_timer.c@v1.23.0."""

    ONE_SHOT = 0
    PERIODIC = 1

    def __init__(self, id, *, mode=PERIODIC, period=-1, callback=None):
        self.id = id
        chip = _chip.attached
        if not chip.dead:
            self.deinit()
            chip.timers.append([id, period * 1000, chip.us + period * 1000, callback])

    def deinit(self):
        """Stop."""
        chip = _chip.attached
        chip.timers = [timer for timer in chip.timers if timer[0] != self.id]


class WDT:
    """Task watchdog: cannot be stopped; made again, it takes the new timeout."""

    def __init__(self, id=0, timeout=5000):
        if id != 0:
            raise ValueError  # machine_wdt.c@v1.23.0: without a word
        if timeout < 1:
            raise ValueError("WDT timeout too short")
        self.chip = _chip.attached
        self.chip.wdt_ms = timeout
        self.feed()

    def feed(self):
        """Start the time-out anew."""
        self.chip.fed()
