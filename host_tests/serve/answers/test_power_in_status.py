"""Volts, watts and power factor in the status: measured, or said to be reckoned from the nominal voltage."""

from bench.table import Table
from headroom.serve.answers import texts


def charger_of(board, house_ma=10000):
    table = Table([(0, house_ma, house_ma, house_ma)], fidelity="rms", board=board, plugged_ms=[], line_mohm=0)
    table.live(200)
    return table.charger


def test_measured_watts_have_their_direction_and_their_power_factor():
    charger = charger_of("metered")
    readings = charger.readings
    assert texts.flow(readings, 1, 230) == "50.0 Hz 230.0 V 2300 W (PF 1.00)"
    readings.power_w[0] = -1150
    assert texts.flow(readings, 1, 230) == "50.0 Hz 230.0 V -1150 W (PF -0.50)"
    fields = charger.service.status_fields()
    assert fields["mains_mv"] == 230000
    assert fields["power_w"] == [-1150, 2300, 2300]
    assert fields["factor_pct"] == [-50, 100, 100]


def test_next_to_no_load_has_watts_and_no_power_factor():
    charger = charger_of("metered")
    readings = charger.readings
    readings.power_w[0], readings.power_va[0] = -7, 8
    readings.power_w[1], readings.power_va[1] = 99, 100
    assert texts.flow(readings, 2, 230) == "50.0 Hz 230.0 V -7 W 99 W (PF 0.99)"
    assert charger.service.status_fields()["factor_pct"] == [None, 99, 100]


def test_without_a_voltage_input_the_nominal_voltage_is_named():
    charger = charger_of("reference")
    said = "50.0 Hz 2300 VA 2300 VA 2300 VA at the nominal 230 V: no voltage input"
    assert texts.flow(charger.readings, 3, 230) == said
    fields = charger.service.status_fields()
    assert fields["mains_mv"] is None
    assert fields["power_w"] is None
    assert fields["factor_pct"] is None
    assert fields["power_va"] == [2300, 2300, 2300]


def test_an_input_that_sees_no_voltage_tells_so():
    charger = charger_of("metered")
    charger.readings.power_ok = False
    charger.readings.mains_mv = 1200
    assert texts.flow(charger.readings, 1, 230).endswith("at the nominal 230 V: measured 1.2 V")


def test_energy_is_counted_from_measured_watts():
    charger = charger_of("metered")
    charger.readings.power_w[0] = -3600
    before = list(charger.energy.wh)
    charger.energy.step(3000, charger.readings, charger.proposal, False, charger.limits)
    assert charger.energy.wh[0] == before[0] - 3
    assert charger.energy.wh[1] in (before[1] + 1, before[1] + 2)
