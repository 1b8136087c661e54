"""`calibrate car` on the console: any key stops it, and whoever sends another line meanwhile is heard."""

from bench.chip.terminal import Terminal
from bench.table import Table


def checking():
    """A charger in the middle of `calibrate car`, and who typed that."""
    terminal = Terminal()
    table = Table([(0, 1000, 0, 0)], port=terminal, settings={"resume_dwell_ms": 5000, "status_ms": 0})
    table.live(20000)
    assert table.charger.verdict.closed
    terminal.text()
    terminal.send(b"calibrate car\r")
    table.live(5000)
    assert "offering 8.0 A" in terminal.text()
    assert table.charger.verdict.closed
    return table, terminal


def test_a_line_sent_meanwhile_ends_it_and_is_heard_whole():
    table, terminal = checking()
    terminal.send(b"pause\r")
    table.live(10000)
    assert "paused until resume" in terminal.text()
    assert not table.charger.verdict.closed


def test_a_key_alone_ends_it_and_is_gone():
    table, terminal = checking()
    terminal.send(b"x")
    table.live(1000)
    assert terminal.text() == "stopped\n> "
    assert terminal.ask(table, "get hz") == "hz = 50 Hz"
