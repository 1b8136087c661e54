"""What the console answers with is in memory only for the answer."""

import sys

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.serve.loader import ROOM


@pytest.fixture
def table():
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms")
    table.live(5000)
    terminal.text()
    return table


def there():
    return [name[len(ROOM) + 1 :] for name in sys.modules if name.startswith(ROOM + ".")]


@pytest.mark.parametrize(
    "line", ["help", "status", "log", "get", "usage", "calibrate", "set hz 60", "version", "nosuch", "he\t"]
)
def test_every_part_is_forgotten_once_the_answer_is_out(table, line):
    table.charger.service.console.port.ask(table, line)
    assert there() == []
    assert not [name for name in vars(sys.modules[ROOM]) if name[:2] != "__"]


def test_each_part_is_read_in_a_tick_of_its_own(table):
    table.charger.service.console.port.send(b"version\r")
    seen = []
    for _ in range(6):
        table.tick()
        seen.append(there())
    assert not any("commands" in each and "charger_commands" in each for each in seen), (
        "the table is gone before the answer is read"
    )
    assert any("charger_commands" in each for each in seen)


def test_no_part_is_read_in_a_tick_that_writes(table):
    service = table.charger.service
    service.store.put("settings", service.settings.pack(), 2)
    service.console.port.send(b"version\r")
    while service.store.busy():
        table.tick()
        assert "commands" not in there()
    table.live(1000)
    assert "bytes free" in service.console.port.text()


def test_a_flash_that_refuses_to_be_written_does_not_silence_the_console(table):
    service = table.charger.service
    service.store.put("settings", service.settings.pack())
    service.store.wait_ms = 1 << 20
    assert "bytes free" in service.console.port.ask(table, "version")


def test_a_part_that_cannot_be_read_is_told_and_the_console_goes_on(table, monkeypatch):
    terminal = table.charger.service.console.port
    whole = sys.modules["headroom.serve.loader"].module

    def torn(name):
        if name == ROOM + ".charger_commands":
            raise ImportError(name)
        return whole(name)

    monkeypatch.setattr(sys.modules["headroom.serve.loader"], "module", torn)
    assert "this command failed" in terminal.ask(table, "version")
    monkeypatch.undo()
    assert "bytes free" in terminal.ask(table, "version")
