"""The scan reads what the bench's analog world carries, at waveform fidelity."""

from bench import host
from bench.chip import chip as chips
from bench.table import Table
from bench.world.parts import Parts
from headroom.guard import pilot


def scan_of(house_ma, ms=200, **scenario):
    """Readings after ``ms`` with a constant house (L1, L2, L3)."""
    table = Table([(0,) + tuple(house_ma)], **scenario)  # noqa: RUF005 - MicroPython knows no star here
    table.live(ms)
    return table.charger.readings


def test_the_current_is_within_two_percent():
    for ma in (2000, 10000, 25000, 63000):
        readings = scan_of((ma, ma // 2, ma), plugged_ms=[])
        assert abs(readings.grid_ma[0] - ma) < ma // 50 + 150
        assert abs(readings.grid_ma[1] - ma // 2) < ma // 50 + 150
        assert abs(readings.grid_ma[2] - ma) < ma // 50 + 150


def mean_ma(table, house_ma):
    """What the first clamp reads of this, over twenty windows, once it has settled."""
    table.world.house_ma = [house_ma] * 3
    table.live(200)
    total_ma = 0
    for _ in range(20):
        table.tick()
        total_ma += table.charger.scan.clamps[0].ma
    return total_ma // 20


def test_the_adcs_bend_is_that_of_the_chips_reference():
    for vref_mv in (1000, 1030, 1100, 1200):
        parts = Parts(host.load(entry="board"))
        parts.vref_mv = vref_mv
        table = Table([(0, 30000, 30000, 30000)], breaker_ma=63000, plugged_ms=[], parts=parts)
        small_ma, large_ma = mean_ma(table, 30000), mean_ma(table, 100000)
        assert abs(large_ma - small_ma * 10 // 3) < 100000 // 400, (vref_mv, small_ma, large_ma)


def test_at_60_hz_too():
    readings = scan_of((10000, 10000, 10000), plugged_ms=[], hz=60)
    assert abs(readings.grid_ma[0] - 10000) < 300


def test_both_plateaus_are_read_at_every_duty_even_the_40_us_of_80_a():
    table = Table([(0, 5000, 5000, 5000)], car_ma=32000)
    table.live(200)
    charger = table.charger
    readings, pwm = charger.readings, charger.outputs.pilot
    for duty_u16 in (6553, 8738, 17476, 34952, 52428, 58439, 62914):
        pwm.duty_u16(duty_u16)
        for _ in range(3):
            charger.scan.read(readings, duty_u16)
            table.chip.advance(4321)
            assert readings.pilot_ok
            assert abs(readings.pilot_high_mv - 8980) < 300
            assert abs(readings.pilot_low_mv + 12000) < 400


def test_edges_that_an_interrupt_moved_while_they_were_dated_are_dated_anew():
    for duty_u16 in (6553, 17476, 34952, 62914):
        for late_us in (150, 300, 500, 700, 0):
            table = Table([(0, 5000, 5000, 5000)], plugged_ms=[])
            charger = table.charger
            readings, plateaus = charger.readings, charger.scan.plateaus
            charger.outputs.pilot.duty_u16(duty_u16)
            table.world.forced_state = 1
            charger.scan.read(readings, duty_u16)
            plateaus.edge_us += late_us
            if not late_us:
                plateaus.period_tenth_us = 20000 - plateaus.period_tenth_us
            for _ in range(30):
                charger.scan.read(readings, duty_u16)
                charger.watchdog.feed()
            for _ in range(8):
                charger.scan.read(readings, duty_u16)
                charger.watchdog.feed()
                told = (duty_u16, late_us, readings.pilot_high_mv, readings.pilot_low_mv)
                assert readings.pilot_ok, told
                assert abs(readings.pilot_high_mv - 8980) < 300, told
                assert abs(readings.pilot_low_mv + 12000) < 400, told


def test_an_interrupt_while_an_edge_is_dated_gives_no_wrong_reading():
    table = Table([(0, 5000, 5000, 5000)], plugged_ms=[])
    charger, chip = table.charger, table.chip
    readings, plateaus = charger.readings, charger.scan.plateaus
    table.world.forced_state = 1
    look = plateaus.level
    for duty_u16, edge, long_us in [
        (duty_u16, edge, long_us)
        for duty_u16 in (6553, 62914)
        for edge in (1, 8, 16)
        for long_us in (30, 100, 400, 1100)
    ]:
        charger.outputs.pilot.duty_u16(duty_u16)
        seen = [1, 0]  # the last level, rising edges

        def interrupted(seen=seen, edge=edge, long_us=long_us):
            level = look()
            if level > seen[0]:
                seen[1] += 1
                if seen[1] == edge:
                    chip.advance(long_us)
            seen[0] = level
            return level

        plateaus.level = interrupted
        plateaus.period_tenth_us = 0
        for scans in range(6):
            charger.scan.read(readings, duty_u16)
            charger.watchdog.feed()
            told = (duty_u16, edge, long_us, scans, readings.pilot_high_mv, readings.pilot_low_mv)
            assert readings.pilot_ok or not scans, told
            if readings.pilot_ok:
                assert abs(readings.pilot_high_mv - 8980) < 300, told
                assert abs(readings.pilot_low_mv + 12000) < 400, told


def test_both_plateaus_are_read_at_every_ampere_in_every_state_of_the_car():
    table = Table([(0, 5000, 5000, 5000)], plugged_ms=[])
    charger = table.charger
    readings, pwm = charger.readings, charger.outputs.pilot
    for state, mv in ((0, 12000), (1, 8980), (2, 5990), (3, 2930)):
        table.world.forced_state = state
        for ma in range(6000, 81000, 1000):
            duty_u16 = pilot.duty_u16(ma)
            pwm.duty_u16(duty_u16)
            charger.scan.read(readings, duty_u16)
            charger.watchdog.feed()
            table.chip.advance(1234)
            told = (mv, ma, readings.pilot_high_mv, readings.pilot_low_mv)
            assert readings.pilot_ok, told
            assert abs(readings.pilot_high_mv - mv) < 300, told
            assert abs(readings.pilot_low_mv + 12000) < 400, told


def test_every_generator_and_car_within_its_tolerances_is_read_right_on_any_chip():
    """12 V +-5 %, 1 kOhm +-3 %, diode 0.55 to 0.85 V, the car's resistors +-3 %; reference 1.0 to 1.2 V, known to 1 %."""
    duties = (6553, 17476, 62914, 65535)
    for vref_mv, efuse_ppm in ((1000, -10000), (1200, 10000)):
        parts = Parts(host.load(entry="board"))
        parts.vref_mv, parts.efuse_ppm, parts.noise_mv = vref_mv, efuse_ppm, 6.4
        table = Table([(0, 5000, 5000, 5000)], plugged_ms=[], parts=parts)
        charger, circuit = table.charger, table.world.circuit
        readings = charger.readings
        for corner in range(64):
            circuit.high_mv = 12600 if corner & 1 else 11400
            circuit.low_mv = -circuit.high_mv
            circuit.source_ohm = 1030 if corner & 2 else 970
            circuit.diode_mv = 850 if corner & 4 else 550
            percent = 103 if corner & 8 else 97
            circuit.r2_ohm, circuit.r3_ohm = 2740 * percent // 100, 1300 * percent // 100
            circuit.r3_vent_ohm = 270 * percent // 100
            table.world.forced_state = corner >> 4
            for duty_u16 in duties:
                charger.outputs.pilot.duty_u16(duty_u16)
                charger.scan.read(readings, duty_u16)
                charger.scan.read(readings, duty_u16)
                charger.watchdog.feed()
                told = (vref_mv, corner, duty_u16, readings.pilot_high_mv, readings.pilot_low_mv)
                assert readings.pilot_ok, told
                assert pilot.state_of(readings.pilot_high_mv, pilot.UNKNOWN) == pilot.A + (corner >> 4), told
                assert duty_u16 == 65535 or pilot.diode_present(readings.pilot_low_mv), told


def test_steady_levels_are_read_too():
    table = Table([(0, 5000, 5000, 5000)], car_ma=32000)
    table.live(200)
    charger = table.charger
    for duty_u16, mv in ((65535, 8980), (0, -12000)):
        charger.outputs.pilot.duty_u16(duty_u16)
        for _ in range(2):
            charger.scan.read(charger.readings, duty_u16)
        assert charger.readings.pilot_ok
        assert abs(charger.readings.pilot_high_mv - mv) < 400


def test_the_cycle_is_tracked_from_45_to_65_hz_and_the_window_closed_on_it():
    for mhz in (45000, 49770, 65000):
        table = Table([(0, 20000, 20000, 20000)], plugged_ms=[], mains_mhz=mhz)
        table.live(900)
        assert abs(table.charger.readings.mains_mhz - mhz) < mhz // 500
        for _ in range(10):
            table.tick()
            assert abs(table.charger.readings.grid_ma[0] - 20000) < 200


def ended_us(table):
    """When the last window did, on the chip's own clock."""
    return (table.charger.scan.ended_us - chips.START_US) & (chips.TICKS - 1)


def plug_at(table, state, us):
    """The car shows ``state`` from ``us`` after now."""
    table.world.script.append((table.chip.us + us, lambda: setattr(table.world, "forced_state", state)))


def test_a_window_ends_early_for_a_pilot_that_moved_near_its_end():
    for us in (12000, 14000, 16000, 18000, 19500):
        table = Table([(0, 5000, 5000, 5000)])
        table.world.forced_state = 1
        table.live(4500)
        plug_at(table, 2, us)
        moved_us = table.chip.us + us
        while table.charger.readings.pilot_high_mv > 7000:
            table.tick()
        assert ended_us(table) - moved_us < 17000


def test_a_lone_outlier_on_the_pilot_is_noise():
    table = Table([(0, 5000, 5000, 5000)])
    table.live(4500)
    pin = table.module.board.PILOT_ADC_PIN
    plain = table.chip.analog[pin]
    for at in range(1, 12):
        calls = [0]

        def outlier(us, at=at, calls=calls):
            calls[0] += 1
            return plain(us) + (300 if calls[0] == at else 0)

        table.chip.analog[pin] = outlier
        table.tick()
        assert table.charger.readings.pilot_ok
        assert abs(table.charger.readings.pilot_high_mv - 8980) < 300


def test_a_pilot_that_never_rests_does_not_blind_the_clamps():
    table = Table([(0, 5000, 5000, 5000), (1000, 15000, 15000, 15000)])
    table.world.forced_state = 1
    table.live(900)
    whole = 0
    for turn in range(60):
        plug_at(table, 1 + turn % 2, 3000)
        plug_at(table, 2 - turn % 2, 10000)
        holes = table.charger.scan.holes
        table.tick()
        whole += holes == table.charger.scan.holes
        assert table.charger.readings.grid_ok
    assert whole >= 30
    assert abs(table.charger.readings.grid_ma[0] - 15000) < 500


def test_a_window_with_a_hole_is_not_used():
    table = Table([(0, 5000, 5000, 5000), (300, 30000, 30000, 30000)], plugged_ms=[])
    table.live(290)
    scan, readings = table.charger.scan, table.charger.readings
    before, holes = list(readings.grid_ma), scan.holes
    read = scan.readers[0]
    calls = [0]

    def slow_once():
        calls[0] += 1
        if calls[0] == 20:
            table.chip.advance(30000)
        return read()

    scan.readers = (slow_once,) + scan.readers[1:]  # noqa: RUF005 - MicroPython knows no star here
    scan.read(readings, 65535)
    assert scan.holes == holes + 1
    assert list(readings.grid_ma) == before


def test_conversions_that_fail_now_and_then_lose_nothing():
    table = Table([(0, 10000, 10000, 10000)], plugged_ms=[])
    table.chip.adc_error_part = 301
    table.live(1200)
    assert table.charger.scan.errors > 50
    assert table.charger.readings.grid_ok
    assert abs(table.charger.readings.grid_ma[0] - 10000) < 200


def test_a_converter_that_always_fails_makes_the_reading_stale_and_not_zero():
    table = Table([(0, 10000, 10000, 10000)], plugged_ms=[])
    table.live(200)
    table.chip.adc_error_part = 1
    table.live(400)
    assert not table.charger.readings.grid_ok


def test_narrow_pulses_in_a_noisy_converter_do_not_mislead_the_cycle():
    parts = Parts(host.load(entry="board"))
    parts.noise_mv = 6.4
    for seed in (2, 5, 7):
        table = Table(
            [(0, 2000, 2000, 2000)],
            plugged_ms=[],
            mains_mhz=54300,
            shapes=("rectifier",) * 3,
            parts=parts,
            seed=seed,
        )
        for _ in range(60):
            table.live(50)
            assert abs(table.charger.readings.mains_mhz - 54300) < 54300 // 100 or table.world.t_ms < 700


def test_a_current_that_hardly_rises_above_the_noise_does_not_mislead_the_cycle():
    parts = Parts(host.load(entry="board"))
    parts.noise_mv = 6.4
    for seed in (1, 3, 11):
        table = Table([(0, 1400, 1400, 1400)], plugged_ms=[], mains_mhz=50200, parts=parts, seed=seed)
        for _ in range(60):
            table.live(50)
            assert abs(table.charger.readings.mains_mhz - 50200) < 50200 // 50
