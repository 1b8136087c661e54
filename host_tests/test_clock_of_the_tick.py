"""The tick's clock: one that runs backwards, jumps or stands opens the contactor, and ends no timer early."""

from bench.table import Table
from headroom.guard import faults

CLOCK = 1 << faults.CLOCK


def charging(**scenario):
    table = Table([(0, 3000, 0, 0)], fidelity="rms", **scenario)
    table.live(45000)
    assert table.charger.verdict.closed
    return table


def jump(table, ms):
    """The chip's clock is suddenly another; the watchdog does not look at it."""
    table.chip.leap(ms * 1000)


def test_a_clock_that_jumps_ahead_or_runs_backwards_opens_the_contactor_in_that_tick():
    for ms in (-10000, -100, 2000, 1 << 28):
        table = charging()
        jump(table, ms)
        table.tick()
        assert table.charger.verdict.faults & CLOCK, ms
        assert not table.charger.verdict.closed, ms


def test_the_longest_tick_that_the_watchdog_allows_is_no_jump():
    table = charging()
    jump(table, 1000)
    table.tick()
    assert not table.charger.verdict.faults


def test_what_a_jump_counts_for_is_a_tick_and_no_more():
    for ms, least_s, most_s in ((3600000, 0, 2), (1 << 28, 0, 2), (-100000, 0, 0)):
        table = charging()
        before_s = table.charger.service.clock.uptime_s
        jump(table, ms)
        table.tick()
        assert least_s <= table.charger.service.clock.uptime_s - before_s <= most_s, ms


def test_each_tick_counts_what_has_passed_since_the_last_one():
    table = charging()
    before_ms = table.charger.service.clock.lived_ms()
    for _ in range(400):
        table.tick()
    assert table.charger.service.clock.lived_ms() - before_ms == 400 * table.scan.step_ms


def test_in_the_tick_that_raises_a_fault_the_pins_are_written():
    table = charging()
    table.world.residual.leak = True
    while not table.charger.verdict.faults:
        table.tick()
    assert table.chip.output(table.module.board.CONTACTOR_PIN) == 0


def test_a_charge_feeds_the_watchdog_with_every_tick():
    table = charging()
    fed = []
    table.chip.fed = lambda: fed.append(table.chip.us)
    for ticks in (1, 2, 3):
        table.tick()
        assert len(fed) == ticks
