"""`calibrate car` on the console: whoever types something else meanwhile is heard."""

from bench.table import Table
from bench.terminal import Terminal


def test_pause_ends_it_and_stops_the_charge():
    terminal = Terminal()
    table = Table([(0, 1000, 0, 0)], port=terminal, settings={"resume_dwell_ms": 5000, "status_ms": 0})
    table.live(20000)
    assert table.charger.verdict.closed
    terminal.text()
    terminal.send(b"calibrate car\r")
    table.live(5000)
    assert "offering 8.0 A" in terminal.text()
    assert table.charger.verdict.closed
    terminal.send(b"pause\r")
    table.live(10000)
    assert "paused until resume" in terminal.text()
    assert not table.charger.verdict.closed
