"""The fakes refuse what the ESP32 port refuses, and latch, wrap and take time as it does."""

from bench import host
from bench.chip import chip as chips

host.load()
machine, time = host.fakes["machine"], host.fakes["time"]
Pin, ADC, PWM, WDT = machine.Pin, machine.ADC, machine.PWM, machine.WDT


def fresh():
    """A chip just powered on."""
    chip = chips.Chip()
    chips.attach(chip)
    return chip


def refused(call, error=ValueError):
    """True when ``call`` raises ``error``."""
    try:
        call()
    except error:
        return True
    return False


def test_pins_that_do_not_exist_or_carry_the_flash_are_refused():
    fresh()
    for pin in (-1, 6, 11, 20, 24, 28, 31, 40):
        assert refused(lambda pin=pin: Pin(pin))


def test_input_only_pins_refuse_output_pull_and_pwm():
    fresh()
    assert refused(lambda: Pin(34, Pin.OUT))
    assert refused(lambda: Pin(39, Pin.IN, Pin.PULL_UP))
    assert refused(lambda: PWM(Pin(36), freq=1000, duty_u16=0))


def test_adc_refuses_pins_without_adc_and_adc2_beside_wifi():
    fresh()
    assert refused(lambda: ADC(Pin(23)))
    assert refused(ADC(Pin(25)).read, OSError)


def test_a_duty_outside_16_bits_is_refused():
    fresh()
    pwm = PWM(Pin(25), freq=1000, duty_u16=0)
    assert refused(lambda: pwm.duty_u16(65536))
    assert refused(lambda: pwm.duty_u16(-1))


def test_a_conversion_takes_its_time():
    chip = fresh()
    chip.analog[32] = lambda us: us
    assert ADC(Pin(32)).read() == 20
    assert chip.us == 40


def test_an_output_keeps_its_level_through_a_soft_reset_and_pwm_stops_low():
    chip = fresh()
    Pin(26, Pin.OUT, value=1)
    PWM(Pin(25), freq=1000, duty_u16=65535)
    chip.soft_reset()
    assert chip.output(26) == 1
    assert chip.output(25) == 0
    assert chip.pwm == {}


def test_a_hard_reset_lets_go_of_every_pin():
    chip = fresh()
    Pin(26, Pin.OUT, value=1)
    chip.hard_reset(chips.HARD_RESET)
    assert chip.output(26) == 0
    Pin(26, Pin.OUT, value=1)
    assert chip.output(26) == 0, "a dead chip drives nothing"
    chip.revive()
    Pin(26, Pin.OUT, value=1)
    assert chip.output(26) == 1


def test_a_watchdog_that_is_not_fed_resets_the_chip():
    chip = fresh()
    wdt = WDT(timeout=1000)
    chip.advance(900000)
    wdt.feed()
    chip.advance(900000)
    assert refused(lambda: chip.advance(200000), chips.Reset)
    assert chip.cause == chips.WDT_RESET


def test_taking_a_pin_as_output_takes_it_from_the_pwm():
    chip = fresh()
    PWM(Pin(25), freq=1000, duty_u16=30000)
    Pin(25, Pin.OUT, value=0)
    assert chip.pwm == {}
    assert chip.output(25) == 0


def test_ticks_wrap_within_the_first_seconds():
    chip = fresh()
    ticks_ms, ticks_diff = time.ticks_ms, time.ticks_diff
    before = ticks_ms()
    chip.advance(20000000)
    assert ticks_ms() < before
    assert ticks_diff(ticks_ms(), before) == 20000


def test_interrupts_arrive_when_told():
    chip = fresh()
    chip.interrupt_at_us = 500
    assert refused(lambda: chip.advance(600), KeyboardInterrupt)


def test_a_pin_to_which_nothing_is_wired_can_be_read():
    fresh()
    assert ADC(Pin(36)).read() == 0
