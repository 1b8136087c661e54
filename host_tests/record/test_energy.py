"""Energy: nothing is lost in short steps, whatever their length and the power; and what is counted is what was measured."""

from bench.chip.smallint import SmallInt
from headroom.record.energy import CAR, Energy
from headroom.terms.records import Limits, Proposal, Readings
from hypothesis import given
from hypothesis import strategies as st

LIMITS = Limits()
LIMITS.mains_v, LIMITS.phases = 230, 3


def counted_mwms(energy, index):
    """All that was counted, exactly."""
    return (energy.wh[index] * 3600000 + energy.rest_wms[index]) * 1000 + energy.rest_mwms[index]


def readings(*grid_ma):
    seen = Readings()
    seen.grid_ok = True
    seen.grid_ma = list(grid_ma)
    return seen


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(-60000000, 60000000)), max_size=60))
def test_steps_of_any_length_and_power_lose_nothing(steps):
    energy = Energy()
    for dt_ms, mw in steps:
        energy.add(0, dt_ms, mw)
    assert counted_mwms(energy, 0) == sum(dt_ms * mw for dt_ms, mw in steps)
    assert 0 <= energy.rest_wms[0] < 3600000
    assert 0 <= energy.rest_mwms[0] < 1000


@given(st.integers(-(1 << 29), 1 << 29), st.integers(0, 3599999), st.integers(0, 999), st.integers(0, 60000000))
def test_a_step_of_100_ms_loses_nothing_from_wherever_it_starts_so_neither_does_a_year_of_them(wh, wms, mwms, mw):
    energy = Energy()
    energy.wh[0], energy.rest_wms[0], energy.rest_mwms[0] = wh, wms, mwms
    before = counted_mwms(energy, 0)
    energy.add(0, 100, mw)
    assert counted_mwms(energy, 0) == before + 100 * mw
    assert 0 <= energy.rest_wms[0] < 3600000
    assert 0 <= energy.rest_mwms[0] < 1000


def test_a_day_of_steps_of_100_ms_at_an_odd_power_is_exact():
    energy = Energy()
    for _ in range(864000):
        energy.add(0, 100, 1234567)
    assert counted_mwms(energy, 0) == 24 * 3600 * 1000 * 1234567
    assert energy.wh[0] == 29629


def test_one_watt_in_steps_of_100_ms_is_one_watt_hour_an_hour():
    energy = Energy()
    for _ in range(36000):
        energy.add(0, 100, 1000)
    assert (energy.wh[0], energy.rest_wms[0], energy.rest_mwms[0]) == (1, 0, 0)


def test_export_counts_down():
    energy = Energy()
    for _ in range(3600):
        energy.add(0, 1000, -2000000)
    assert energy.wh[0] == -2000


def test_each_phase_has_its_own_total_and_without_a_voltage_input_it_is_the_nominal_voltages():
    energy = Energy()
    for _ in range(1200):
        energy.step(3000, readings(10000, 5000, 0), Proposal(), False, LIMITS)
    assert energy.wh == [2300, 1150, 0, 0, 0, 0]
    assert energy.supply_wh() == 3450


def test_the_cars_part_is_the_laws_estimate_or_the_chargers_own_clamp_where_there_is_one():
    proposal = Proposal()
    proposal.car_ma = [6000, 0, 0]
    proposal.uses = 3
    seen = readings(10000, 10000, 10000)
    energy = Energy()
    energy.step(3000, seen, proposal, True, LIMITS)
    assert [counted_mwms(energy, CAR + phase) for phase in range(3)] == [6000 * 230 * 3000, 0, 0]
    seen.car_ok = True
    seen.car_ma = 7000
    energy = Energy()
    energy.step(3000, seen, proposal, True, LIMITS)
    assert [counted_mwms(energy, CAR + phase) for phase in range(3)] == [7000 * 230 * 3000] * 2 + [0]


def test_where_the_charger_is_wired_to_one_phase_the_car_takes_nothing_on_the_others():
    proposal, seen, limits = Proposal(), readings(10000, 0, 0), Limits()
    proposal.uses = 7  # until the car has shown its phases
    seen.car_ok, seen.car_ma = True, 7000
    limits.mains_v, limits.phases = 230, 1
    energy = Energy()
    energy.step(3000, seen, proposal, True, limits)
    assert [counted_mwms(energy, CAR + phase) for phase in range(3)] == [7000 * 230 * 3000, 0, 0]


def test_through_an_open_contactor_the_car_takes_nothing():
    proposal = Proposal()
    proposal.car_ma = [6000, 6000, 6000]
    energy = Energy()
    energy.step(3000, readings(10000, 10000, 10000), proposal, False, LIMITS)
    assert energy.car_wh() == 0
    assert counted_mwms(energy, CAR) == 0


def test_what_was_not_measured_is_not_counted():
    seen = readings(10000, 10000, 10000)
    seen.grid_ok = False
    energy = Energy()
    energy.step(3000, seen, Proposal(), True, LIMITS)
    assert counted_mwms(energy, 0) == 0


@given(st.integers(0, 3000), st.integers(-500000, 500000), st.integers(100, 250))
def test_no_reading_leaves_the_chips_small_ints(dt_ms, ma, mains_v):
    energy = Energy()
    energy.rest_wms = [SmallInt(3599999)] * 6
    energy.rest_mwms = [SmallInt(999)] * 6
    limits = Limits()
    limits.mains_v = SmallInt(mains_v)
    energy.step(SmallInt(dt_ms), readings(*[SmallInt(ma)] * 3), Proposal(), False, limits)
