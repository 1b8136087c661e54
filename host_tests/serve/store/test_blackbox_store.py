"""The last black box outlives a reset; one that is not this firmware's, or cannot be read, costs nothing."""

from bench import host

host.load()
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.record.blackbox import BlackBox
from headroom.record.events import Events
from headroom.serve.answers.reports import recall
from headroom.serve.store.blackbox_store import EVERY_MS, LENGTH, RECORD, BlackboxStore
from headroom.terms.records import Readings, Verdict
from proofs.fuzz import CountingFiles

TICK_MS = 250


class Shelf:
    """A store that holds one record, and counts how often it was written."""

    def __init__(self, data=None):
        self.data = data
        self.writes = 0

    def copy(self, name, slot):
        """The record: there is one copy."""
        assert name == RECORD
        if slot == 0 or self.data is None:
            raise OSError(2)
        return 1, self.data

    def put(self, name, data):
        """Keep it."""
        assert name == RECORD
        self.data = data
        self.writes += 1


class Charger:
    """A black box and its keeper; ``live`` lets time pass."""

    def __init__(self, shelf):
        self.box = BlackBox()
        self.blackbox_store = BlackboxStore(shelf, self.box)
        self.store, self.writing = shelf, False
        for nothing in recall(self, self.box):
            assert nothing is None
        self.events, self.readings, self.verdict = Events(), Readings(), Verdict()

    def live(self, ms):
        """Let time pass."""
        for _ in range(ms // TICK_MS):
            self.events.pass_time(TICK_MS)
            self.readings.grid_ma[0] = -self.events.seconds
            self.box.step(TICK_MS, self.events, self.readings, self.verdict)
            self.blackbox_store.step(TICK_MS, self.verdict.closed)

    def shown(self):
        """(faults, rows) as ``log box`` tells them."""
        return self.box.cause, list(self.box.rows())


def test_the_box_is_the_same_after_a_reset_however_full_it_was():
    for lived_ms in (1000, 20250, 31000):
        shelf = Shelf()
        charger = Charger(shelf)
        charger.live(lived_ms)
        charger.box.freeze(1 << 25)
        charger.live(3000)
        told = charger.shown()
        assert told[0] == 1 << 25
        assert len(told[1]) >= 12
        again = Charger(shelf)
        assert again.shown() == told
        again.live(30000)
        assert again.shown() == told, "until there is another"
        assert again.box.boxes == 0
        again.box.freeze(2)
        again.live(3000)
        assert again.shown()[0] == 2
        assert Charger(shelf).shown() == again.shown()


def test_what_is_no_box_is_left_alone():
    for data in (None, b"", b"12345", bytes(100), bytes(LENGTH + 4)):
        assert Charger(Shelf(data)).shown() == (0, [])


def test_a_fault_that_comes_again_and_again_is_kept_every_ten_minutes_and_the_last_one_for_good():
    shelf = Shelf()
    charger = Charger(shelf)
    for turn in range(100):
        charger.box.freeze(1 << turn % 20)
        charger.live(15000)
    assert shelf.writes == 1 + 100 * 15000 // EVERY_MS
    charger.live(EVERY_MS)
    assert Charger(shelf).shown() == charger.shown()
    writes = shelf.writes
    charger.live(2 * EVERY_MS)
    assert shelf.writes == writes, "nothing new, nothing written"


def test_it_is_not_written_while_the_contactor_is_closed():
    shelf = Shelf()
    charger = Charger(shelf)
    charger.verdict.closed = True
    charger.box.freeze(2)
    charger.live(6000)
    assert shelf.writes == 0
    charger.verdict.closed = False
    charger.live(TICK_MS)
    assert shelf.writes == 1


def test_log_box_reads_one_copy_a_tick_and_none_in_a_tick_that_writes():
    terminal, files = Terminal(), CountingFiles()
    table = Table([(0, 3000, 0, 0)], port=terminal, files=files, fidelity="rms")
    table.world.residual.leak = True
    table.live(60000)
    terminal = Terminal()
    again = Table([(0, 3000, 0, 0)], port=terminal, files=files, fidelity="rms", plugged_ms=[])
    again.live(5000)
    terminal.send(b"log box\r")
    calls = []
    for tick in range(400):
        files.calls = 0
        if tick % 10 == 0:
            again.charger.service.energy_store.keep()
        again.tick()
        calls.append(files.calls)
    assert max(calls) == 1
    assert "before the last start, of: residual current" in terminal.text()
