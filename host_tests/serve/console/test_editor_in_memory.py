"""What edits lines is in memory while somebody types, and no longer; whatever it does, no key is lost."""

from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.serve.answers.editor import typed


def desk():
    """A charger, its terminal, and its console, at rest."""
    terminal = Terminal()
    table = Table([(0, 3000, 0, 0)], port=terminal, fidelity="rms")
    table.live(4000)
    terminal.text()
    return table, terminal, table.charger.service.console


def test_it_comes_with_the_first_key_and_stays_while_a_line_is_half_typed():
    table, terminal, console = desk()
    assert console.editor is None
    terminal.send(b"ver")
    table.live(100)
    assert console.editor is not None
    table.live(20000)
    assert console.editor is not None
    assert typed(console) == "ver"


def test_it_goes_while_a_line_is_answered_and_when_nobody_types():
    table, terminal, console = desk()
    terminal.send(b"log\r")
    while console.answer is None:
        table.tick()
    assert console.editor is None
    table.live(2000)
    terminal.send(b"x\x15")
    table.live(100)
    assert console.editor is not None
    assert console.quiet()
    table.live(5000)
    assert console.editor is None


def test_lines_that_come_at_once_are_answered_one_after_the_other():
    table, terminal, _ = desk()
    terminal.send(b"mode\rget breaker_ma\rget charger_ma\r")
    table.live(4000)
    said = terminal.text()
    assert said.count("> ") >= 3
    assert said.index("mode") < said.index("breaker_ma =") < said.index("charger_ma =")


def test_while_the_store_writes_it_is_not_read_and_what_was_typed_waits():
    table, terminal, console = desk()
    service = table.charger.service
    write = service.parts[6]

    def busy(dt_ms):
        write(dt_ms)
        service.writing = True

    service.parts = service.parts[:6] + (busy,) + service.parts[7:]  # noqa: RUF005 (the VM's syntax)
    terminal.send(b"mode\r")
    table.live(1000)
    assert console.editor is None
    assert console.count == 5
    service.parts = service.parts[:6] + (write,) + service.parts[7:]  # noqa: RUF005
    table.live(2000)
    assert "normal" in terminal.text()


def test_where_it_finds_no_room_it_is_tried_again_and_no_key_is_lost():
    table, terminal, console = desk()
    editor = console.commands.editor

    def full():
        raise MemoryError

    console.commands.editor = full
    terminal.send(b"mode\r")
    table.live(3000)
    assert table.charger.service.mishaps > 0
    assert table.charger.verdict.faults == 0
    console.commands.editor = editor
    table.live(2000)
    assert "normal" in terminal.text()
