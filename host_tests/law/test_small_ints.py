"""Wall 4: no reading, however wild, takes decide's arithmetic out of the chip's small ints."""

from types import SimpleNamespace

import pytest
from bench import host
from bench.chip.smallint import HIGH, LOW, SmallInt
from headroom import features
from headroom.guard.guard import Guard
from headroom.law.balance import Balance
from headroom.law.car_current import CarCurrent
from headroom.law.tariff import Budget
from headroom.serve.answers.settings_table import TABLE
from headroom.terms.records import InForce, Limits, Proposal, Readings, Verdict
from hypothesis import given, settings
from hypothesis import strategies as st

MODULE = host.load("reference")
ELAPSED_MAX_MS = 1500  # charger.py takes no longer tick than this

wild_ma = st.integers(-500000, 500000).map(SmallInt)
wild_mv = st.integers(-40000, 40000).map(SmallInt)
steps = st.lists(
    st.tuples(
        st.integers(0, 5000).map(SmallInt),
        wild_ma,
        wild_ma,
        wild_ma,
        wild_mv,
        wild_mv,
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=150)
@given(steps)
def test_any_stream_of_readings_stays_in_range(stream):
    limits = Limits()
    for name, value in vars(limits).items():
        if not isinstance(value, tuple) and value is not None:
            setattr(limits, name, SmallInt(value))
    limits.breaker_ma = SmallInt(125000)
    limits.charger_ma = SmallInt(80000)
    limits.phases = 3
    law, guard = Balance(limits), Guard(limits)
    readings, proposal, in_force, verdict = Readings(), Proposal(), InForce(), Verdict()
    for dt_ms, l1, l2, l3, high_mv, low_mv, ok, closed in stream:
        readings.grid_ma[:] = (l1, l2, l3)
        readings.grid_ok = readings.pilot_ok = ok
        readings.pilot_high_mv, readings.pilot_low_mv = high_mv, low_mv
        readings.contactor_closed = closed
        law.propose(dt_ms, readings, in_force, proposal)
        guard.judge(dt_ms, readings, proposal, in_force, verdict)
        in_force.take(verdict)
        for record in (proposal, verdict):
            for name, value in vars(record).items():
                for each in value if isinstance(value, list) else [value]:
                    assert LOW <= each <= HIGH, name


CORNERS = [(row[3], row[2], row[4]) for row in TABLE]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=len(TABLE), max_size=len(TABLE)), steps, st.booleans())
def test_nor_does_any_legal_setting_with_any_of_these(corners, stream, boosted):
    service = SimpleNamespace(boost=SimpleNamespace(on=lambda: boosted), month=None, wishes=None)
    charger = SimpleNamespace(limits=Limits(), service=service, more=[], ports=None, _plug=lambda: ())
    values = {row[0]: SmallInt(CORNERS[n][corners[n]]) for n, row in enumerate(TABLE)}
    charger.settings = SimpleNamespace(values=values, get=values.get, ceilings=MODULE.CEILINGS)
    list(MODULE.Charger.applying(charger))
    limits = charger.limits
    limits.dimmable = limits.voltage = True
    law, guard = Balance(limits), Guard(limits)
    features.fit(limits, law.ceilings.more)
    readings, proposal, in_force, verdict = Readings(), Proposal(), InForce(), Verdict()
    readings.mains_ok, readings.mains_mv = True, limits.mains_v * 1000
    for dt_ms, l1, l2, l3, high_mv, low_mv, ok, closed in stream:
        dt_ms = min(dt_ms, ELAPSED_MAX_MS)
        readings.grid_ma[:] = (l1, l2, l3)
        readings.grid_ok = readings.pilot_ok = ok
        readings.pilot_high_mv, readings.pilot_low_mv = high_mv, low_mv
        readings.contactor_closed = closed
        readings.dimmed = closed
        law.propose(dt_ms, readings, in_force, proposal)
        guard.judge(dt_ms, readings, proposal, in_force, verdict)
        in_force.take(verdict)


@pytest.mark.parametrize("mains_v", [100, 230, 250])
@pytest.mark.parametrize("interval_s", [900, 3600])
def test_the_greatest_cap_over_the_longest_time_stays_in_range_and_is_obeyed(mains_v, interval_s):
    cap_ma = SmallInt(60000) * 1000 // mains_v
    budget = Budget()
    used_mas = 0
    for second in range(interval_s - 1):
        allowed_ma = budget.allowed_ma(cap_ma, SmallInt(interval_s), True)
        assert 0 <= min(cap_ma, 700000) - allowed_ma <= min(cap_ma, 700000) // 128, second
        assert budget.bears(cap_ma, SmallInt(interval_s))
        budget.spend(
            SmallInt(1000), allowed_ma, cap_ma, SmallInt(interval_s), SmallInt(1 << 29) // 3600 * 3600 + second
        )
        used_mas += int(allowed_ma)
    assert used_mas <= min(int(cap_ma), 700000) * interval_s
    for second in (7, interval_s - 1):
        budget.spend(SmallInt(1500), SmallInt(700000), cap_ma, SmallInt(interval_s), SmallInt(1 << 29) + second)
    assert budget.allowed_ma(cap_ma, SmallInt(interval_s), True) <= cap_ma


def test_a_small_int_notices_what_a_64_bit_host_would_not():
    for operation in (
        lambda x: x * x,
        lambda x: x + x,
        lambda x: -x - x - 1,
        lambda x: x << 2,
        lambda x: 3 * x,
    ):
        try:
            operation(SmallInt(1 << 29))
        except OverflowError:
            continue
        raise AssertionError("an overflow went unnoticed")


def test_two_offers_of_eighty_amperes_one_after_the_other_stay_in_range():
    car = CarCurrent(3, Limits())
    for offer_ma in (80000, 79500, 80000):
        car.step(25, [SmallInt(0)] * 3, 3, SmallInt(offer_ma), True, SmallInt(80000))
    assert car.offer_ma == 80000
