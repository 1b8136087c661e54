"""The grid operator's contact, from the pin to the pilot, on a board that has one."""

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from bench.world.judge import Breach


def test_a_dimmed_charger_takes_no_more_than_the_operator_leaves_it_and_gets_it_back():
    table = Table(
        [(0, 1000, 1000, 1000)],
        board="metered",
        fidelity="rms",
        car_phases=3,
        breaker_ma=63000,
        settings={"resume_dwell_ms": 5000},
    )
    table.live(25000)
    assert table.world.car.drawn_ma > 10000
    table.world.dimmed = True
    table.live(7000)
    assert 5800 < table.world.car.drawn_ma <= 6087  # 4200 W on three phases at 230 V
    table.world.dimmed = False
    table.live(9000)
    assert table.world.car.drawn_ma > 10000


@pytest.mark.parametrize("meter", ["p1-10s", "p1"])
def test_neither_the_operator_nor_who_sets_a_ceiling_waits_for_a_slow_meters_next_reading(meter):
    terminal = Terminal()
    table = Table(
        [(0, 1000, 1000, 1000)],
        port=terminal,
        board="metered",
        fidelity="rms",
        car_phases=3,
        breaker_ma=63000,
        meter=meter,
        settings={"resume_dwell_ms": 5000},
    )
    table.live(123000)
    assert table.charger.verdict.offer_ma == 32000
    terminal.ask_all(table, "set household_ma 20A")
    began = table.charger.ports.metered.count
    terminal.ask(table, "save", 1000)
    assert table.charger.verdict.offer_ma == 20000
    table.world.dimmed = True
    assert table.live(200).offer_ma <= 6087
    assert table.charger.ports.metered.count <= began + 2
    table.live(20000)
    table.world.dimmed = False
    assert table.live(60000).offer_ma == 20000


def test_what_the_meter_has_no_part_in_binds_while_its_current_is_not_known():
    """Dimmed, or told less by the household, just when no reading comes through: the hold is no licence."""
    for lower, most_ma in (
        (lambda table: setattr(table.world, "dimmed", True), 6087),
        (lambda table: setattr(table.charger.limits, "household_ma", 8000), 8000),
        (lambda table: setattr(table.charger.limits, "breaker_ma", 10000), 10000),
        (lambda table: setattr(table.charger.limits, "dim_w", 1400) or setattr(table.world, "dimmed", True), 0),
    ):
        table = Table(
            [(0, 1000, 1000, 1000)],
            board="metered",
            fidelity="rms",
            car_phases=3,
            breaker_ma=63000,
            settings={
                "resume_dwell_ms": 5000,
                "trust_hold_ms": 60000,
                "trust_safe_ma": 32000,
                "trust_pause_ms": 600000,
            },
        )
        table.live(25000)
        assert table.world.car.drawn_ma > 30000
        table.scan.answers = False
        table.live(100)
        lower(table)
        table.live(7000)
        assert table.world.car.drawn_ma <= most_ma
        table.live(120000)
        assert table.world.car.drawn_ma <= most_ma


def test_a_charger_that_forgets_its_dimming_is_seen_by_the_judge():
    table = Table([(0, 1000, 1000, 1000)], board="metered", fidelity="rms", car_phases=3, breaker_ma=63000)
    table.charger.law.ceilings.more.clear()
    table.live(90000)
    table.world.dimmed = True
    told = ""
    try:
        table.live(7000)
    except Breach as breach:
        told = str(breach)
    assert "above the lowest limit" in told
