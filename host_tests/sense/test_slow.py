"""Temperature, proximity and logic supply through the converter: right on any chip, and never old for long."""

from bench import host
from bench.table import Table
from bench.world.parts import Parts

host.load("socket")
from headroom.guard.proximity import cable_ma

# A 10 kohm NTC of B 3950 at 10 kohm of pull-up: ohm at degrees C, by R = 10000 exp(3950 (1/T - 1/298.15))
NTC_OHM = (
    (-20, 105385),
    (0, 33621),
    (25, 10000),
    (50, 3588),
    (65, 2085),
    (70, 1761),
    (75, 1493),
    (80, 1270),
    (100, 697),
)


def socket(vref_mv=1100):
    """A charger with a socket, on a chip with this reference."""
    parts = Parts(host.load("socket", entry="board"))
    parts.vref_mv = vref_mv
    return Table([(0, 0, 0, 0)], board="socket", plugged_ms=[], parts=parts)


def shows(table, pin, source):
    """An ADC input of the board shows this from now on; returns the readings after a second."""
    table.chip.analog[getattr(table.module.board, pin)] = source
    table.live(1000)
    return table.charger.readings


def counts_of(table, mv):
    """What a straight converter makes of so many mV."""
    counts = table.charger.scan.line.counts(mv)
    return lambda us: counts


def fails(us):
    """A conversion that the port refuses."""
    raise OSError(0x103)


def test_the_ntcs_curve_is_met_within_a_kelvin():
    table = socket()
    for celsius, ohm in NTC_OHM:
        mv = 3300 * ohm // (ohm + 10000)
        if mv < 2500:  # above it the converter bends: colder than 0 degrees it only has to be cold
            told = shows(table, "TEMPERATURE_PIN", counts_of(table, mv))
            assert abs(told.temperature_c - celsius) <= 1, (celsius, told.temperature_c)
            assert told.temperature_ok
    told = shows(table, "TEMPERATURE_PIN", counts_of(table, 3014))
    assert told.temperature_c < 0
    assert told.temperature_ok


def test_a_sensor_that_is_torn_off_is_none_and_a_shorted_one_is_hot():
    assert not shows(socket(), "TEMPERATURE_PIN", lambda us: 4095).temperature_ok
    told = shows(socket(), "TEMPERATURE_PIN", lambda us: 0)
    assert told.temperature_c >= 75 or not told.temperature_ok


def test_every_cables_coding_is_read_on_any_chip():
    for vref_mv in (1000, 1100, 1200):
        table = socket(vref_mv)
        table.world.forced_state = 0  # the cable is in the socket's hand, no car is there
        for ohm, rating_ma in ((100, 63000), (220, 32000), (680, 20000), (1500, 13000)):
            for part in (970, 1030):
                table.world.cable_ohm = ohm * part // 1000
                table.live(900)
                told = cable_ma(table.charger.readings.proximity_ohm)
                assert told == rating_ma, (vref_mv, ohm, part, table.charger.readings.proximity_ohm)
        for ohm, none in ((1 << 20, 0), (10, -1)):
            table.world.cable_ohm = ohm
            table.live(900)
            assert cable_ma(table.charger.readings.proximity_ohm) == none


def test_one_conversion_in_some_that_fails_changes_nothing():
    table = socket()
    table.live(1000)
    before = (table.charger.readings.temperature_c, table.charger.readings.proximity_ohm)
    for pin in ("TEMPERATURE_PIN", "PROXIMITY_PIN"):
        place = getattr(table.module.board, pin)
        plain, calls = table.chip.analog[place], [0]

        def flaky(us, plain=plain, calls=calls):
            calls[0] += 1
            return fails(us) if calls[0] % 8 else plain(us)

        table.chip.analog[place] = flaky
    table.live(5000)
    readings = table.charger.readings
    assert readings.temperature_ok
    assert (readings.temperature_c, readings.proximity_ohm) == before
    assert table.charger.verdict.faults == 0


def test_an_input_that_always_fails_is_not_believed_for_longer_than_a_second():
    table = socket()
    table.live(1000)
    assert table.charger.readings.temperature_ok
    assert not shows(table, "TEMPERATURE_PIN", fails).temperature_ok
    assert shows(socket(), "PROXIMITY_PIN", fails).proximity_ohm == 0
    assert shows(Table([(0, 0, 0, 0)], plugged_ms=[]), "RAIL_PIN", fails).rail_mv == 0
