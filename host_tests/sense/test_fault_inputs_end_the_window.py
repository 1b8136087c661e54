"""A fault input is looked at inside the window too: what opens the contactor does not wait for a mains cycle."""

from bench import host

host.load()
from headroom.sense import window
from proofs.conformance import Bench

EARLY_US = 2500  # from the trip to the end: a look in every eighth round, and the first ones wait for pilot samples


def charging(board="reference"):
    """A table whose car charges, at waveform fidelity."""
    bench = Bench(board=board)
    bench.charging()
    return bench.table


def after(table, us, event):
    """Let ``event`` happen ``us`` after the start of the next tick's window, and tick; returns the window's length in us."""
    table.world.script.append((table.chip.us + us, event))
    table.tick()
    return table.charger.scan.state[window.ELAPSED_US]


def leak(table):
    table.world.residual.leak = True


def lose_earth(table):
    table.world.earth_lost = True


def test_a_fault_input_that_trips_ends_the_window_and_opens_the_contactor_in_that_tick():
    for what in (leak, lose_earth):
        for us in (1000, 7000, 15000):
            table = charging()
            assert us <= after(table, us, lambda what=what, table=table: what(table)) <= us + EARLY_US
            assert not table.charger.verdict.closed
            assert table.chip.output(table.module.board.CONTACTOR_PIN) == 0


def test_a_window_that_ended_so_leaves_the_currents_as_they_were_and_the_law_its_time():
    table = charging()
    law, heard_ms, grid_ma = table.charger.law, [], list(table.charger.readings.grid_ma)
    propose = law.propose

    def listening(dt_ms, readings, verdict, proposal):
        heard_ms.append(dt_ms)
        propose(dt_ms, readings, verdict, proposal)

    law.propose = listening
    lived_ms = table.charger.service.clock.lived_ms()
    after(table, 5000, lambda: lose_earth(table))
    assert not heard_ms
    assert list(table.charger.readings.grid_ma) == grid_ma
    table.tick()
    assert heard_ms == [table.charger.service.clock.lived_ms() - lived_ms], "what it missed and what it saw"


def test_an_input_that_stays_tripped_or_chatters_blinds_nobody():
    table = charging()
    holes = table.charger.scan.holes
    after(table, 5000, lambda: lose_earth(table))
    table.live(2000)
    assert table.charger.scan.holes <= holes + 3, "one window for the news, one for each turn of the pilot"
    table = charging()
    level = table.module.board.EARTH_FAULT_LEVEL
    calls = [0]

    def chatters():  # trips for the looks inside the window, and is healthy again when it counts
        calls[0] += 1
        return level

    table.charger.scan.earth = chatters
    used = table.charger.scan.holes
    for _ in range(10):
        table.tick()
    assert calls[0]
    assert table.charger.scan.holes - used <= 5, "every second window is whole"
    assert table.charger.readings.grid_ok


def test_nobody_looks_while_the_contactor_is_open_or_where_nothing_is_fitted():
    table = charging("metered")
    scan = table.charger.scan
    fitted = (table.module.board.RCM_FAULT_PIN is not None) | (table.module.board.EARTH_FAULT_PIN is not None) << 1
    assert scan.watchable == fitted
    table.charger.readings.contactor_closed = False
    scan.read(table.charger.readings, table.charger.outputs.duty_u16)
    assert scan.state[window.WATCHED] == 0
