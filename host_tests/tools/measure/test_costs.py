"""The counts that make bench and make reaction print: bounded, and of overloads of every size."""

from headroom_tools.measure import reaction
from headroom_tools.measure.tick_cost import bytecodes


def test_a_tick_costs_a_bounded_count_of_instructions_whatever_the_house_does():
    steady, moving = bytecodes()
    assert 1000 < steady <= moving < 7000


def test_the_steps_come_at_any_moment_and_leave_the_car_its_minimum():
    steps = reaction.steps(1)
    assert len({t_ms % 20 for t_ms, _, _ in steps}) > 10
    assert max(ma for _, _, ma in steps) <= reaction.BREAKER_MA - 6000
    assert sum(reaction.SMALL_MA[0] <= ma <= reaction.SMALL_MA[1] for _, ma, _ in steps) >= 10
    assert steps == reaction.steps(1)
