"""The chip's own line is learnt at the start, so that a reference anywhere in its datasheet's range reads right."""

from bench import host
from bench.chip import chip as chips
from bench.table import Table
from bench.world import adc
from bench.world.car import Random
from bench.world.parts import Parts

host.load(entry="headroom.charger")
ADC = host.fakes["machine"].ADC
from headroom.guard import pilot
from headroom.sense.line import Line
from headroom.terms import meter_faults

NOMINAL_UV = 806
EFUSE_OFF_PPM = (-10000, 0, 10000)
LEVEL_MV = 1650
SHARE_OFF = 62  # 1.6 %: 1 % of the eFuse, half a step of it, and noise


def chip_of(vref_mv, efuse_ppm=0, noise_mv=6):
    """A chip with LEVEL_MV on pins 32, 36 and noise on it."""
    chip = chips.Chip()
    chips.attach(chip)
    chip.efuse_vref_mv = adc.efuse_vref_mv(vref_mv, efuse_ppm)
    counts = (LEVEL_MV - adc.ZERO_MV) * 1000 / true_uv(vref_mv)
    dice = Random(vref_mv)
    noise = noise_mv * 1000 // NOMINAL_UV
    for pin in (32, 36):
        chip.analog[pin] = lambda us: int(counts) + dice.between(-noise, noise)
    return chip


def true_uv(vref_mv):
    """Microvolts a count at this reference."""
    return vref_mv * 196602 / 65536 / 4096 * 1000


def answering(uv):
    """What is learnt on a chip whose calibration answers so many microvolts whatever it reads."""
    chip_of(1100)
    kept = ADC.read_uv
    ADC.read_uv = lambda adc: uv
    try:
        return Line((36,)).uv_per_count
    finally:
        ADC.read_uv = kept


def test_every_reference_of_the_datasheet_is_learnt_as_well_as_its_efuse_knows_it():
    for vref_mv in range(1000, 1201):
        for ppm in EFUSE_OFF_PPM:
            chip_of(vref_mv, ppm)
            true = true_uv(vref_mv)
            assert abs(Line((36,)).uv_per_count - true) * SHARE_OFF < true


def test_without_noise_it_is_the_efuse_to_a_thousandth():
    for steps in range(-15, 16):
        vref_mv = 1100 + 7 * steps
        chip_of(vref_mv, noise_mv=0)
        assert abs(Line((36,)).uv_per_count - true_uv(vref_mv)) < 1


def test_it_is_cheap():
    chip = chip_of(1050)
    Line((36,))
    assert chip.us < 10000


def test_a_clamp_shorted_to_gnd_a_pin_at_a_rail_and_a_dead_converter_are_passed_over():
    for counts in (0, 300, 2800, 4095):
        chip = chip_of(1030)
        chip.analog[36] = lambda us, counts=counts: counts
        assert abs(Line((36, 32)).uv_per_count - true_uv(1030)) * SHARE_OFF < NOMINAL_UV
        assert Line((36,)).uv_per_count == NOMINAL_UV
    chip.adc_error_part = 1
    assert Line((36, 32)).uv_per_count == NOMINAL_UV


def test_conversions_that_fail_now_and_then_are_left_out():
    for part in (7, 50, 301):
        chip = chip_of(1179)
        chip.adc_error_part = part
        assert abs(Line((36,)).uv_per_count - true_uv(1179)) * SHARE_OFF < NOMINAL_UV


def test_an_answer_beyond_1000_to_1200_mv_and_a_little_falls_back_to_the_boards_constant():
    counts = (LEVEL_MV - adc.ZERO_MV) * 1000 // NOMINAL_UV
    for vref_mv, believed in ((900, False), (980, False), (1000, True), (1200, True), (1220, False), (1300, False)):
        learnt = answering(int(adc.ZERO_MV * 1000 + counts * true_uv(vref_mv)))
        assert (learnt != NOMINAL_UV) == believed
    for uv in (0, -1000000, 4000000):
        assert answering(uv) == NOMINAL_UV


def test_a_clamp_that_carries_63_a_tells_it_as_well():
    made = Parts(host.load("minimal", entry="board"))
    for vref_mv in (1000, 1200):
        made.vref_mv = vref_mv
        table = Table([(0, 63000, 0, 0)], board="minimal", parts=made, plugged_ms=[])
        assert abs(table.charger.scan.line.uv_per_count - true_uv(vref_mv)) * SHARE_OFF < NOMINAL_UV


def test_pilot_states_read_within_their_bands_steady_and_under_pwm():
    made = Parts(host.load(entry="board"))
    for vref_mv in (1000, 1030, 1065, 1100, 1140, 1179, 1200):
        for made.efuse_ppm in EFUSE_OFF_PPM:
            made.vref_mv = vref_mv
            table = Table([(0, 5000, 5000, 5000)], parts=made)
            for letter in "ABCE":
                table.world.circuit.short_ohm = 0 if letter == "E" else None
                table.world.forced_state = "ABCE".find(letter) % 3
                for duty_u16 in (65535, 17476):
                    check(table, duty_u16, pilot.LETTERS.find(letter))


def check(table, duty_u16, state):
    """The pilot reads as ``state`` at this duty, and its low plateau as a diode's."""
    scan, readings = table.charger.scan, table.charger.readings
    table.charger.outputs.pilot.duty_u16(duty_u16)
    for _ in range(3):
        scan.read(readings, duty_u16)
        table.chip.advance(4321)
    assert readings.pilot_ok
    assert pilot.state_of(readings.pilot_high_mv, pilot.UNKNOWN) == state
    if duty_u16 < 65535 and state != pilot.E:
        assert pilot.diode_present(readings.pilot_low_mv)


def test_an_uncalibrated_clamp_and_a_cable_read_alike_on_all_chips():
    made = Parts(host.load("socket", entry="board"))
    for vref_mv in (1000, 1200):
        made.vref_mv = vref_mv
        table = Table([(0, 20000, 20000, 20000)], board="socket", parts=made, plugged_ms=[])
        table.world.forced_state = 0  # a cable without a car
        table.live(1000)
        readings = table.charger.readings
        assert abs(readings.grid_ma[0] - 20000) < 300
        assert abs(readings.proximity_ohm - 220) < 15


def test_volts_and_watts_without_calibration_read_alike_on_all_chips():
    made = Parts(host.load("metered", entry="board"))
    for vref_mv in (1000, 1200):
        made.vref_mv = vref_mv
        table = Table([(0, 20000, 20000, 20000)], board="metered", parts=made, plugged_ms=[], line_mohm=0)
        table.live(1000)
        readings = table.charger.readings
        assert abs(readings.mains_mv - 230000) < 3000
        assert abs(readings.power_w[0] - 4600) < 100


def test_a_bias_40_mv_off_is_a_bias_on_all_chips():
    board = host.load(entry="board")
    for vref_mv, off_mv in ((1000, 40), (1200, -40)):
        made = Parts(board)
        made.vref_mv = vref_mv
        made.bias_mv = [board.CT_BIAS_MV + off_mv] * 3
        table = Table([(0, 20000, 20000, 20000)], parts=made, plugged_ms=[])
        table.live(500)
        assert list(table.charger.readings.quality) == [meter_faults.OK] * 3
