"""What the scan hands on was seen in this window, on this phase: never a level, a phase or a word of another."""

from bench.table import Table
from bench.world import analog
from headroom.terms import meter_faults

PILOT, CT = 35, (32, 33, 34)
DUTY_16A = 17476


def offering(car_state=1, house_ma=(3000, 6000, 9000)):
    """A charger whose pilot offers 16 A to a car in B; returns it after some windows."""
    table = Table([(0,) + tuple(house_ma)], plugged_ms=[])  # noqa: RUF005 - MicroPython knows no star here
    table.world.forced_state = car_state
    table.live(100)
    table.charger.outputs.pilot.duty_u16(DUTY_16A)
    for _ in range(3):
        scan(table)
    return table


def scan(table):
    table.charger.scan.read(table.charger.readings, DUTY_16A)
    return table.charger.readings


def interrupted(table, level):
    """Conversions of the pilot are interrupted for as long as its output has this level."""
    plain = table.chip.analog[PILOT]

    def counts(us):
        seen = plain(us)
        if table.chip.pwm_level(25, us)[0] == level:
            table.chip.us += 150
        return seen

    table.chip.analog[PILOT] = counts


def restless(table, level):
    """No two samples of the pilot in a row are alike for as long as its output has this level."""
    plain = table.chip.analog[PILOT]
    offset = [0]

    def counts(us):
        seen = plain(us)
        if table.chip.pwm_level(25, us)[0] == level:
            offset[0] = offset[0] % 900 + 300
            seen += offset[0]
        return seen

    table.chip.analog[PILOT] = counts


def test_a_plateau_of_which_no_two_samples_agree_was_not_seen_however_well_the_other_was():
    for level in (0, 1):
        table = offering()
        assert scan(table).pilot_ok
        restless(table, level)
        for _ in range(3):
            assert not scan(table).pilot_ok, level


def test_the_pilot_is_understood_only_where_both_plateaus_were_seen_in_this_window():
    for level in (0, 1):
        table = offering()
        assert scan(table).pilot_ok
        interrupted(table, level)
        assert not scan(table).pilot_ok, level


def test_a_diode_that_is_gone_is_seen_in_the_next_window_or_the_pilot_is_not_understood():
    table = offering()
    table.world.circuit.diode = False
    readings = scan(table)
    assert not readings.pilot_ok or readings.pilot_low_mv > -10000


def test_each_phase_has_the_current_of_its_own_clamp():
    readings = scan(offering())
    for phase, ma in enumerate((3000, 6000, 9000)):
        assert abs(readings.grid_ma[phase] - ma) < 300, phase


def test_each_phase_has_the_doubt_of_its_own_clamp():
    for broken in range(3):
        table = offering()
        table.chip.analog[CT[broken]] = lambda us: 0
        readings = scan(table)
        for phase in range(3):
            assert (readings.quality[phase] == meter_faults.OK) == (phase != broken), (broken, phase)


def test_a_current_beyond_what_the_clamp_can_see_is_told_as_clipped():
    table = offering()
    table.chip.analog[CT[1]] = analog.clamp(table.world, 1, share_ppm=25000000)  # 6 A seen as 150 A
    assert list(scan(table).quality) == [meter_faults.OK, meter_faults.CLIPPED, meter_faults.OK]


def test_a_supply_that_sags_from_the_start_is_not_taken_for_the_nominal_one():
    table = Table([(0, 3000, 0, 0)], plugged_ms=[])
    table.world.rail_mv = 2600
    table.live(1000)
    assert table.charger.readings.rail_mv < 2800


def test_the_logic_supply_is_read_against_the_boards_own():
    table = Table([(0, 3000, 0, 0)], plugged_ms=[])
    table.module.board.RAIL_MV = table.world.rail_mv = 3100
    scan_of_it = table.charger.scan
    scan_of_it.slowly = type(scan_of_it.slowly)(scan_of_it.line)
    for rail_mv in (3100, 2700):
        table.world.rail_mv = rail_mv
        table.live(1000)
        assert abs(table.charger.readings.rail_mv - rail_mv) < 60, rail_mv


def test_the_mains_frequency_that_was_set_is_the_one_to_begin_with():
    for hz in (50, 60):
        table = Table([(0, 3000, 0, 0)], plugged_ms=[], hz=hz)
        assert abs(table.charger.scan.cycle.period_us - 1000000 // hz) <= 1


def test_a_meter_that_sees_nothing_any_more_is_in_doubt_on_every_phase_and_not_good():
    table = offering()
    table.chip.adc_error_part = 1
    for _ in range(20):
        table.chip.advance(20000)
        readings = scan(table)
    assert not readings.grid_ok
    assert readings.quality[:3] == [meter_faults.STALE] * 3


def test_the_first_samples_after_a_new_duty_are_of_the_new_one():
    table = offering()
    for duty_u16, mv in ((65535, 8980), (0, -12000), (DUTY_16A, 8980), (0, -12000), (65535, 8980)):
        table.charger.outputs.pilot.duty_u16(duty_u16)
        table.charger.scan.read(table.charger.readings, duty_u16)
        readings = table.charger.readings
        assert not readings.pilot_ok or abs(readings.pilot_high_mv - mv) < 400, duty_u16
