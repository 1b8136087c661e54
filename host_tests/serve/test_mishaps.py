"""Nothing that fails in serve ends a tick, changes a verdict, puts half of a change in force, or loses a latched fault."""

import os
import sys

import pytest
from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.record.events import MISHAP
from headroom.serve.answers import texts
from headroom.serve.store import energy_store

SERVE = "/firmware/headroom/serve/"
RAISED = (MemoryError, OSError(5), ValueError("oops"), RuntimeError("too deep"))
HOUSE = [(0, 3000, 0, 0), (4000, 20000, 0, 0), (6000, 3000, 0, 0)]
SESSION = (
    b"set min_ma 7\t\b7A\rsave\r",
    b"he\t\rlog\rstatus\r",
    b"pin 1234 1234\rboost 2\rtime 2026-11-24 19:12\r",
    b'{"id": 7, "do": "usage"}\rmode slow\rcalibrate\r',
)
TICKS = 80
EVERY = int(os.environ.get("HEADROOM_EVERY", "16"))  # line of those that run; 1: all, ten minutes


def table_with(typed=b"", files=None):
    terminal = Terminal()
    terminal.ring += typed
    table = Table(HOUSE, port=terminal, fidelity="rms", files=files)
    table.scan.step_ms = 25
    return table, terminal


def seen(table):
    """What a mishap in serve must not change."""
    verdict = table.charger.verdict
    return verdict.session, verdict.closed, verdict.offer_ma, verdict.faults, verdict.reason


class Counter:
    """Raises in the n-th line that runs in this room; 0: counts them only."""

    def __init__(self, nth, error):
        self.left, self.error, self.lines, self.places = nth, error, 0, {}

    def line(self, frame, event, _):
        if event == "line":
            self.lines += 1
            self.places.setdefault((frame.f_code.co_filename, frame.f_lineno), self.lines)
            if self.lines == self.left:
                raise self.error
        return self.line

    def enter(self, frame, *_):
        return self.line if SERVE in frame.f_code.co_filename else None


def lived(typed, nth=0, error=MemoryError, ticks=TICKS):
    """A charger whose serve raised in its n-th line; its limits and what was seen, tick by tick."""
    table, terminal = table_with(typed)
    counter = Counter(nth, error)
    limits, verdicts = [], []
    for _ in range(ticks):
        if nth == 0 or counter.lines < nth:
            sys.settrace(counter.enter)
        try:
            table.tick()
        finally:
            sys.settrace(None)
        now = dict(vars(table.charger.limits))
        if not limits or limits[-1] != now:
            limits.append(now)
        verdicts.append(seen(table))
    return table, terminal, counter, limits, verdicts


@pytest.mark.parametrize("number", range(len(SESSION)))
def test_whatever_line_fails_no_tick_ends_nothing_is_half_in_force_and_the_next_line_is_answered(number):
    typed = SESSION[number]
    _, _, counter, whole, verdicts = lived(typed)
    places = sorted(counter.places.values())
    assert len(places) > 150, "the session does not reach the room"
    for each, nth in list(enumerate(places))[number::EVERY]:
        table, terminal, _, limits, now = lived(typed, nth, RAISED[each % len(RAISED)])
        where = next(place for place, first in counter.places.items() if first == nth)
        assert now == verdicts, where
        for vector in limits:
            assert vector in whole, (where, "half in force")
        table.charger.service.console.json = False
        assert terminal.ask(table, "get hz", 1500).endswith("hz = 50 Hz"), where
        if table.charger.service.mishaps:
            kinds = [record[3] for record in table.charger.service.journal.records()]
            assert MISHAP in kinds, where


PARTS = (
    ("service.fault_store", "keep"),
    ("service.blackbox_store", "step"),
    ("service.clock", "step"),
    ("service.clock", "wall_s"),
    ("service.pin", "step"),
    ("service.boost", "step"),
    ("service.journal", "watch"),
    ("service.history", "follow"),
    ("service.energy_store", "step"),
    ("service.store", "step"),
    ("service.store", "busy"),
    ("service.store", "put"),
    ("service.console", "step"),
    ("service.console", "quiet"),
    ("service.console.port", "read"),
    ("service.console.port", "ready"),
    ("service.console.port", "write"),
    ("service.console.commands", "run"),
    ("service.console.commands", "complete"),
    ("service.console.commands", "drop"),
)


@pytest.mark.parametrize("number", range(len(PARTS)))
def test_a_call_that_fails_in_each_tick_changes_no_verdict_and_is_told_when_it_is_over(number):
    (owner, name), error = PARTS[number], RAISED[number % len(RAISED)]
    _, _, _, _, verdicts = lived(b"get h\tz\r")
    table, terminal = table_with(b"get h\tz\r")
    place = table.charger
    for each in owner.split("."):
        place = getattr(place, each)

    def broken(*_):
        raise error

    now = []
    setattr(place, name, broken)
    for _ in range(TICKS):
        table.tick()
        now.append(seen(table))
    assert now == verdicts
    delattr(place, name)
    table.live(1000)
    assert "failed since the start, and tried again" in terminal.ask(table, "status", 2000)
    assert "failed since the start" not in terminal.ask(table, "status", 2000), "once"


@pytest.mark.parametrize("stops", [KeyboardInterrupt, SystemExit])
def test_ctrl_c_still_ends_the_run(stops):
    table, _ = table_with()

    def stop(*_):
        raise stops

    table.charger.service.console.step = stop
    with pytest.raises(stops):
        table.tick()


class Choking(RamFiles):
    """A volume whose n-th operation fails, for want of memory or otherwise."""

    left = 0
    error: type | Exception = MemoryError

    def __init__(self, before=None):
        super().__init__()
        self.files.update(before.files if before else {})

    def _count(self):
        self.left -= 1
        if self.left == 0:
            raise self.error

    def open(self, path, mode):
        self._count()
        return super().open(path, mode)


@pytest.mark.parametrize("error", [MemoryError, OSError(28)], ids=str)
def test_a_latched_fault_is_on_the_flash_whatever_operation_of_it_failed(error):
    for nth in range(1, 9):
        first, _ = table_with()
        table, _ = table_with(files=Choking(first.files))
        table.live(3000)
        table.files.left, table.files.error = nth, error
        kept = 1 << 9
        table.charger.guard.latched = lambda kept=kept: kept
        table.live(70000)
        table.files.left = 0
        again, _ = table_with(files=table.files)
        assert again.charger.service.fault_store.kept == kept, nth


def test_a_fault_for_which_there_was_no_memory_is_kept_in_the_next_tick():
    table, _ = table_with()
    table.live(3000)
    fault_store, put = table.charger.service.fault_store, table.charger.service.store.put
    table.charger.guard.latched = lambda: 1 << 9
    table.charger.service.store.put = lambda *_: (_ for _ in ()).throw(MemoryError)
    table.tick()
    assert fault_store.kept == 0, "not kept, and known not to be"
    table.charger.service.store.put = put
    table.live(2000)
    assert table_with(files=table.files)[0].charger.service.fault_store.kept == 1 << 9


def test_tab_while_a_table_cannot_be_read_is_told_and_the_charger_goes_on(monkeypatch):
    table, terminal = table_with()
    table.live(3000)
    monkeypatch.setitem(sys.modules, "headroom.serve.answers.commands", None)
    terminal.text()
    terminal.send(b"he\t")
    table.live(500)
    assert "this command failed: " in terminal.text()
    monkeypatch.undo()
    assert terminal.ask(table, "get hz").endswith("hz = 50 Hz")


def test_an_hour_for_which_memory_failed_is_booked_once():
    table, _ = table_with()
    usage, energy = table.charger.service.energy_store.usage, table.charger.energy
    energy.wh[0] += 1000
    pack = table.charger.service.energy_store.usage.pack
    usage.pack = lambda: (_ for _ in ()).throw(MemoryError)
    table.charger.service.clock.tell((usage.hour + 1) * energy_store.HOUR_S)
    table.tick()
    usage.pack = pack
    table.tick()
    assert sum(usage.of_hour(usage.hour - 1)) + sum(usage.of_hour(usage.hour)) == 1000
    assert not table.charger.service.energy_store.rings_due


def fails(_):
    raise MemoryError


@pytest.mark.parametrize(
    ("lines", "keeper", "word"),
    [
        (("timetable else 10A",), "wishes", "the wishes by the clock"),
        (("set cap_w 4kW", "set cap_month yes", "save"), "month", "the month's peak"),
        (("set cap_w 4kW", "set cap_month yes", "save", "timetable else 10A"), "wishes", "the wishes by the clock"),
        (("timetable else 10A", "set cap_w 4kW", "set cap_month yes", "save"), "month", "the month's peak"),
    ],
)
def test_a_part_that_only_some_households_have_is_told_by_its_name_whichever_came_first(lines, keeper, word):
    table, terminal = table_with(b"")
    terminal.ask_all(table, *lines)
    service = table.charger.service
    there = getattr(service, keeper)
    whole = there.step
    there.step = fails
    service.parts = tuple(fails if part == whole else part for part in service.parts)
    table.live(100)
    assert word in terminal.ask(table, "log")


def test_every_part_that_each_charger_has_has_a_row():
    table, _ = table_with(b"")
    module = sys.modules["headroom.serve.console.service"]
    assert len(table.charger.service.parts) == module.ALWAYS == module.WISHES
    assert len(texts.PARTS) == module.MANAGER + 1


def test_settings_that_lastingly_find_no_memory_are_tried_again_each_second_and_not_in_each_tick():
    table, terminal = table_with()
    table.live(3000)
    charger, tries = table.charger, []

    def wants():
        tries.append(table.world.t_ms)
        raise MemoryError

    charger.applying = wants
    terminal.ask_all(table, "set min_ma 7A", "save")
    tries.clear()
    table.live(10000)
    assert 8 <= len(tries) <= 11
    assert "MemoryError" in terminal.ask(table, "status", 3000)
    del charger.applying
    table.live(1500)
    assert not charger.service.stale
    assert charger.limits.min_ma == 7000


def test_nor_in_each_tick_where_there_is_no_memory_even_for_who_puts_them_in_force(monkeypatch):
    table, terminal = table_with()
    table.live(3000)
    module, tries = sys.modules["headroom.serve.console.service"], []
    plain = module.part

    def scarce(name):
        if name == "asked":
            tries.append(table.world.t_ms)
            raise MemoryError
        return plain(name)

    monkeypatch.setattr(module, "part", scarce)
    terminal.ask_all(table, "set min_ma 7A", "save")
    tries.clear()
    table.live(10000)
    assert 8 <= len(tries) <= 11
    monkeypatch.setattr(module, "part", plain)
    table.live(1500)
    assert not table.charger.service.stale
    assert table.charger.limits.min_ma == 7000
