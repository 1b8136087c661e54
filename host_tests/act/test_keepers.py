"""What opens the contactor when ticks stop: the board's supervisor, or where there is none a timer and the watchdog."""

from bench import host
from bench.chip import chip as chips
from bench.table import Table


class Offers16A:
    """In the law's place: a car need not wait."""

    def propose(self, dt_ms, readings, verdict, proposal):
        """Refill ``proposal``."""
        proposal.offer_ma = 16000


def charging(board, micropython="1.23"):
    """A table at which a car is being charged."""
    table = Table([(0, 3000, 3000, 3000)], fidelity="rms", board=board, plugged_ms=[], micropython=micropython)
    table.charger.law = Offers16A()
    table.world.cable_ohm = 220
    for state, ms in ((0, 3000), (1, 5000), (2, 2000)):
        table.world.forced_state = state
        table.live(ms)
    assert table.world.contactor, table.charger.service.status_line()
    return table


def hang(table, ms, where):
    """So long no tick is completed; returns the ms after which the contacts were open, or None."""
    from_ms = table.chip.us // 1000
    for _ms in range(ms):
        try:
            table.chip.advance(1000, where)
        except chips.Reset:
            return None
        table.world.catch_up(table.chip.us)
        if not table.world.contactor:
            return table.chip.us // 1000 - from_ms
    return None


def test_each_verdict_carried_out_is_one_edge_and_a_tick_that_ends_before_is_none():
    table = charging("reference")
    pin = table.module.board.SUPERVISOR_PIN
    levels = []
    for _ in range(6):
        table.tick()
        levels.append(table.chip.output(pin))
    assert levels in ([0, 1, 0, 1, 0, 1], [1, 0, 1, 0, 1, 0])

    def broken(*_):
        raise ValueError

    table.charger.guard.judge = broken
    try:
        table.tick()
    except ValueError:
        assert table.chip.output(pin) == levels[-1]
        return
    raise AssertionError("the tick was completed")


def test_the_supervisor_opens_the_contactor_however_the_chip_hangs():
    for where in (chips.PYTHON, chips.NATIVE, chips.FLASH):
        table = charging("reference")
        assert 400 <= hang(table, 690, where) <= 440, where


def test_what_the_supervisor_opened_stays_open_until_the_drive_was_low():
    table = charging("reference")
    assert hang(table, 690, chips.FLASH)
    assert table.chip.output(table.module.board.CONTACTOR_PIN) == 1
    table.live(25)
    assert not table.world.contactor
    table.live(200)
    assert not table.world.contactor
    assert "contactor moved by itself" in table.charger.service.status_line()


def test_a_supervisor_that_sees_no_edges_lets_nothing_close():
    table = charging("reference")
    table.charger.outputs.supervisor = table.charger.outputs.light
    hang(table, 600, chips.NATIVE)
    table.world.forced_state = 1
    table.live(3000)
    table.world.forced_state = 2
    table.live(3000)
    assert not table.world.contactor


def test_without_a_supervisor_a_timer_opens_on_a_hang_in_python_only():
    for board in ("minimal", "socket"):
        assert 400 <= hang(charging(board), 690, chips.PYTHON) <= 480, board
        assert hang(charging(board), 690, chips.NATIVE) is None, board


def test_the_timer_leaves_a_slow_tick_alone():
    table = charging("minimal")
    assert hang(table, 350, chips.PYTHON) is None
    table.live(1000)
    assert table.world.contactor


def test_the_longest_legal_tick_trips_neither():
    """60 ms of scan, arithmetic and collection; littlefs tidies a folder up: 3555 reads of 50 us; and an erase of 45 ms."""
    for board in ("reference", "minimal"):
        table = charging(board)
        for _ in range(20):
            assert hang(table, 60 + 3555 * 50 // 1000 + 45, chips.NATIVE) is None
            table.tick()
        assert table.world.contactor
        assert not table.charger.verdict.faults


def test_a_board_with_a_supervisor_keeps_nothing_of_the_timer():
    for board, there in (("reference", False), ("minimal", True)):
        host.load(board)
        assert ("headroom.act.overseer" in host.sys.modules) is there
