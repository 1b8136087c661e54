"""The fakes refuse what the ESP32 port refuses, and latch, wrap and take time as it does."""

from bench import host
from bench.chip import chip as chips
from bench.chip import ports

host.load()
machine, time = host.fakes["machine"], host.fakes["time"]
Pin, ADC, PWM, WDT = machine.Pin, machine.ADC, machine.PWM, machine.WDT


OLD, NEW = ("1.23", "1.24", "1.25"), ("1.26", "1.27", "1.28", "1.29")


def fresh(micropython=ports.NEWEST):
    """A chip just powered on."""
    chip = chips.Chip(micropython=micropython)
    chips.attach(chip)
    return chip


def refused(call, error=ValueError):
    """True when ``call`` raises ``error``."""
    try:
        call()
    except error:
        return True
    return False


def said(call):
    """What the exception says that ``call`` raises."""
    try:
        call()
    except Exception as error:
        return str(error)
    return None


def test_every_version_that_readme_allows_has_its_model_and_no_other_has():
    assert ports.VERSIONS == OLD + NEW
    assert refused(lambda: fresh("1.22"))


def test_pins_that_do_not_exist_are_refused_and_gpio20_is_not():
    fresh()
    for pin in (-1, 24, 28, 31, 40):
        assert refused(lambda pin=pin: Pin(pin))
    Pin(20)


def test_a_pin_of_the_flash_is_made_like_any_other_and_ends_the_program_when_it_is_used():
    chip = fresh()
    pin = Pin(6)
    assert refused(lambda: pin.init(Pin.OUT), chips.Reset)
    assert chip.cause == chips.HARD_RESET


def test_input_only_pins_refuse_output_and_pwm_but_are_silent_about_a_pull_that_they_have_not():
    fresh()
    assert refused(lambda: Pin(34, Pin.OUT))
    assert Pin(39, Pin.IN, Pin.PULL_UP).value() == 0
    assert Pin(13, Pin.IN, Pin.PULL_UP).value() == 1
    assert refused(lambda: PWM(Pin(36), freq=1000, duty_u16=0), OSError)
    fresh("1.23")
    assert said(lambda: PWM(Pin(36), freq=1000, duty_u16=0)) == "PWM not supported on Pin(36)"


def test_pwm_begins_with_half_a_period_of_twelve_volts_before_1_26():
    for version in ports.VERSIONS:
        chip = fresh(version)
        PWM(Pin(25), freq=1000, duty_u16=0)
        levels = [chip.pwm_level(25, us)[0] for us in (10, 490, 510, 990, 1010, 1490)]
        assert levels == ([1, 1, 0, 0, 0, 0] if version in OLD else [0] * 6), version


def test_pwm_tells_the_frequency_that_its_divider_makes():
    fresh()
    assert PWM(Pin(25), freq=1000, duty_u16=0).freq() == 998


def test_before_1_26_a_pin_of_pwm_reads_0_whatever_its_level_is():
    for version in ports.VERSIONS:
        chip = fresh(version)
        Pin(25, Pin.OUT, value=0)
        PWM(Pin(25), freq=1000, duty_u16=65535)
        chip.advance(2000)
        assert Pin(25).value() == (0 if version in OLD else 1), version


def test_a_pin_whose_pads_input_was_never_on_reads_0_at_every_version():
    for version in ports.VERSIONS:
        fresh(version)
        PWM(Pin(25), freq=1000, duty_u16=65535)
        assert Pin(25).value() == 0, version


def test_bit_9_of_the_pads_register_turns_its_input_on():
    fresh("1.23")
    PWM(Pin(25), freq=1000, duty_u16=65535)
    machine.mem32[0x3FF49024] |= 1 << 9
    assert Pin(25).value() == 1
    machine.mem32[0x3FF49024] &= ~(1 << 9)
    assert Pin(25).value() == 0


def test_memory_is_read_in_whole_words_and_only_where_the_bench_has_some():
    fresh()
    assert said(lambda: machine.mem32[0x3FF49025]) == "address 3ff49025 is not aligned to 4 bytes"
    assert refused(lambda: machine.mem32[0x3FF49000], NotImplementedError)


def test_a_pwm_whose_pin_was_taken_back_raises_nothing_and_drives_nothing():
    for version in ports.VERSIONS:
        chip = fresh(version)
        pwm = PWM(Pin(25), freq=1000, duty_u16=30000)
        Pin(25, Pin.OUT, value=0)
        pwm.duty_u16(65535)
        assert (pwm.duty_u16(), chip.output(25), chip.pwm) == (65535, 0, {})


def test_before_1_26_a_pin_that_was_taken_back_is_not_given_to_a_new_pwm_until_a_reset():
    for version in ports.VERSIONS:
        chip = fresh(version)
        PWM(Pin(25), freq=1000, duty_u16=0)
        Pin(25, Pin.OUT, value=0)
        PWM(Pin(25), freq=1000, duty_u16=30000)
        assert (25 in chip.pwm) == (version in NEW), version
        chip.soft_reset()
        PWM(Pin(25), freq=1000, duty_u16=30000)
        assert 25 in chip.pwm


def test_what_pwm_says_changed_with_1_26():
    for version, inactive, full in (("1.25", "PWM inactive", "65535"), ("1.26", "PWM is inactive", "65536")):
        fresh(version)
        pwm = PWM(Pin(25), freq=1000, duty_u16=0)
        assert said(lambda pwm=pwm: pwm.duty_u16(-1)) == "duty_u16 must be from 0 to " + full
        pwm.deinit()
        assert said(pwm.duty_u16) == inactive


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


def driving(version):
    """A chip that drives a contactor and a pilot, and keeps something in the RTC's memory."""
    chip = fresh(version)
    Pin(26, Pin.OUT, value=1)
    PWM(Pin(25), freq=1000, duty_u16=30000)
    machine.RTC().memory(b"kept")
    return chip


def test_only_a_power_cut_lets_go_of_the_pins_and_of_the_rtc():
    chip = driving("1.23")
    chip.hard_reset(chips.PWRON_RESET)
    assert (chip.output(26), chip.pwm, chip.rtc, chip.cause) == (0, {}, b"", chips.PWRON_RESET)
    Pin(26, Pin.OUT, value=1)
    assert chip.output(26) == 0, "a dead chip drives nothing"
    chip.revive()
    Pin(26, Pin.OUT, value=1)
    assert chip.output(26) == 1


def test_after_watchdog_panic_and_machine_reset_pins_and_pwm_go_on():
    for kind, cause in (
        (chips.WDT_RESET, chips.WDT_RESET),
        (chips.HARD_RESET, chips.HARD_RESET),
        (chips.PANIC, chips.HARD_RESET),
    ):
        chip = driving("1.29")
        chip.hard_reset(kind)
        chip.advance(chips.BOOT_MS * 1000)
        assert (chip.output(26), chip.pwm[25][1], chip.rtc, chip.cause) == (1, 30000, b"kept", cause)
        chip.pwm_level(25, chip.us)


def test_a_brown_out_keeps_the_rtc_and_in_older_ports_the_pins_and_is_called_power_on():
    for version in ports.VERSIONS:
        chip = driving(version)
        chip.hard_reset(chips.BROWN_OUT)
        assert (chip.output(26), chip.rtc, chip.cause) == (1 if version in OLD else 0, b"kept", chips.PWRON_RESET)


def test_a_timers_callback_comes_between_two_bytecodes_and_not_in_native_code_or_c():
    chip = fresh()
    called = []
    machine.Timer(0, period=50, callback=called.append)
    chip.advance(120000, chips.NATIVE)
    assert called == []
    chip.advance(1)
    assert len(called) == 1
    chip.soft_reset()
    chip.advance(1000000)
    assert len(called) == 1


def test_a_watchdog_that_is_not_fed_resets_the_chip():
    chip = fresh()
    wdt = WDT(timeout=1000)
    chip.advance(900000)
    wdt.feed()
    chip.advance(900000)
    assert refused(lambda: chip.advance(200000), chips.Reset)
    assert chip.cause == chips.WDT_RESET


def test_a_watchdog_that_is_not_fed_in_a_flash_operation_resets_all_pins_after_twice_its_time():
    chip = driving("1.29")
    WDT(timeout=700)
    chip.advance(1390000, chips.FLASH)
    assert chip.output(26) == 1
    assert refused(lambda: chip.advance(20000, chips.FLASH), chips.Reset)
    assert (chip.output(26), chip.cause) == (0, chips.WDT_RESET)


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


def test_while_the_flash_works_no_interrupt_and_no_timer_reaches_the_program():
    chip = fresh()
    called = []
    chip.timers.append([0, 1000, 500, called.append])
    chip.interrupt_at_us = 500
    chip.advance(600, chips.FLASH)
    assert not called
    assert refused(lambda: chip.advance(1), KeyboardInterrupt)
    chip.advance(1)
    assert called


def test_a_pin_to_which_nothing_is_wired_can_be_read():
    fresh()
    assert ADC(Pin(36)).read() == 0
