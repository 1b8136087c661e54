"""Wall 4: no reading, however wild, takes decide's arithmetic out of the chip's small ints."""

from bench.chip.smallint import HIGH, LOW, SmallInt
from headroom.guard.guard import Guard
from headroom.law.balance import Balance
from headroom.terms.records import Limits, Proposal, Readings, Verdict
from hypothesis import given, settings
from hypothesis import strategies as st

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
        setattr(limits, name, SmallInt(value))
    limits.breaker_ma = SmallInt(125000)
    limits.charger_ma = SmallInt(80000)
    limits.phases = 3
    law, guard = Balance(limits), Guard(limits)
    readings, proposal, verdict = Readings(), Proposal(), Verdict()
    for dt_ms, l1, l2, l3, high_mv, low_mv, ok, closed in stream:
        readings.grid_ma[:] = (l1, l2, l3)
        readings.grid_ok = readings.pilot_ok = ok
        readings.pilot_high_mv, readings.pilot_low_mv = high_mv, low_mv
        readings.contactor_closed = closed
        law.propose(dt_ms, readings, verdict, proposal)
        guard.judge(dt_ms, readings, proposal, verdict)
        for record in (proposal, verdict):
            for name, value in vars(record).items():
                for each in value if isinstance(value, list) else [value]:
                    assert LOW <= each <= HIGH, name


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
