"""The pilot's code: states and duties, value by value."""

from bench.world.world import offered_ma
from headroom.guard import pilot


def test_each_nominal_voltage_is_its_state():
    for mv, letter in ((12000, "A"), (9000, "B"), (6000, "C"), (3000, "D"), (0, "E"), (-12000, "F")):
        assert pilot.LETTERS[pilot.state_of(mv, pilot.UNKNOWN)] == letter


def test_the_windows_of_table_a4_are_inclusive():
    for mv, letter in ((8000, "B"), (10000, "B"), (5000, "C"), (7000, "C"), (11000, "A"), (13000, "A")):
        assert pilot.LETTERS[pilot.state_of(mv, pilot.UNKNOWN)] == letter


def test_every_window_ends_to_the_millivolt():
    """Table A.4; at 2 V it may be D or E."""
    for letter, low, high in (
        ("A", 11000, 13000), ("B", 8000, 10000), ("C", 5000, 7000), ("D", 2000, 4000), ("E", -1000, 1999),
        ("F", -13000, -10000),
    ):  # fmt: skip
        for mv in (low, (low + high) // 2, high):
            assert pilot.LETTERS[pilot.state_of(mv, pilot.UNKNOWN)] == letter
        for mv in (low - 1, high + 1):
            assert pilot.LETTERS[pilot.state_of(mv, pilot.UNKNOWN)] != letter


def test_between_two_windows_is_not_a_state():
    for mv in (7500, 10500, 4500, 13600, -5000, 7001, 4999):
        assert pilot.state_of(mv, pilot.UNKNOWN) == pilot.UNKNOWN


def test_a_known_state_is_kept_a_little_outside_its_window():
    assert pilot.state_of(7400, pilot.C) == pilot.C
    assert pilot.state_of(7600, pilot.B) == pilot.B
    assert pilot.state_of(7500, pilot.C) == pilot.C
    assert pilot.state_of(7501, pilot.C) == pilot.UNKNOWN
    assert pilot.state_of(7500, pilot.B) == pilot.B
    assert pilot.state_of(7499, pilot.B) == pilot.UNKNOWN
    assert pilot.state_of(4200, pilot.E) == pilot.UNKNOWN


def test_a_duty_never_offers_more_than_was_meant_and_at_most_1_ma_less():
    for ma in range(6000, 51001):
        duty = pilot.duty_u16(ma)
        assert duty * 60000 <= ma * 65535
        assert (duty + 1) * 60000 > ma * 65535


def test_above_51_a_the_second_line_holds():
    for ma in range(52500, 80001):
        duty = pilot.duty_u16(ma)
        assert duty * 250000 <= (ma + 160000) * 65535
        assert (duty + 1) * 250000 > (ma + 160000) * 65535


def test_a_car_reads_every_code_back_as_what_was_meant_or_a_few_ma_less():
    """By its own lines, Table A.8: 16 bits of duty are 0.9 mA a step up to 51 A, 3.8 mA above; at 85 % it may read 51 A."""
    for ma in range(6000, 80001):
        meant_ma = pilot.codable_ma(ma)
        read_ma = offered_ma(pilot.duty_u16(ma))
        least_ma = meant_ma - 2 if ma < 52500 else 51000 - 2 if ma < 52800 else meant_ma - 8
        assert least_ma <= read_ma <= meant_ma, (ma, read_ma)


def test_the_currents_of_the_standards_table_have_its_duties():
    for amps, permille in (
        (6, 100), (8, 133), (10, 167), (13, 217), (16, 267), (20, 333), (25, 417), (32, 533), (40, 667), (48, 800),
        (63, 892), (80, 960),
    ):  # fmt: skip
        assert abs(pilot.duty_u16(amps * 1000) * 1000 - permille * 65536) <= 65536 // 2, amps


def test_80_a_is_96_percent():
    assert pilot.duty_u16(80000) == 65535 * 96 // 100


def test_what_has_no_code_is_offered_as_the_next_lower_code():
    assert pilot.duty_u16(51500) == pilot.duty_u16(51000)
    assert pilot.duty_u16(90000) == pilot.duty_u16(80000)


def test_below_6_a_there_is_no_pwm():
    for ma in (5999, 1, 0, -5, -(1 << 29)):
        assert pilot.duty_u16(ma) == pilot.STEADY_HIGH_U16


def test_the_diode_keeps_the_low_plateau_down():
    assert pilot.diode_present(-12000)
    assert not pilot.diode_present(-9000)
