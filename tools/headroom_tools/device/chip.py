"""`headroom chip`: what the firmware believes of the chip, measured on the chip, beside what the promises need."""

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from headroom_tools.boards.board import Board, load
from headroom_tools.boards.board_commands import board_path
from headroom_tools.common.errors import BadInput
from headroom_tools.common.outputs import Output
from headroom_tools.common.pages import template
from headroom_tools.common.places import ROOT
from headroom_tools.common.version import version
from headroom_tools.device import chip_board
from headroom_tools.device.chip_needs import BY_HAND, MISS, PASS, Figures, Row, prices, read_us, table
from headroom_tools.device.console_link import Link
from headroom_tools.device.flash import (
    READY,
    READY_S,
    Chip,
    Facts,
    Job,
    build,
    compiler,
    digest,
    facts,
    other_board,
    sources,
    squeezed,
    stopped,
)
from headroom_tools.device.flash_port import ANSWER_S, EXEC_S, PROMPT, Port
from headroom_tools.device.naming import translated

PROBE = ROOT / "tools" / "probe"
FREE_PINS = (4, 13, 16, 17, 18, 19, 21, 22, 23, 25, 26, 27, 32, 33)  # outputs that no reset needs at a level
LINE, LINES, PAUSE_S = b"x" * 249 + b"\r", 8, 0.4
RAW = b"raw REPL; CTRL-B to exit\r\n>"
WDT_S = 8  # a watchdog of a second, and the start
BENCHES = "These are the bench's figures, not a chip's: its board's prices, its clock, its heap of 64-bit words."
ASK = (
    "nothing was measured: the pilot and every other output are switched, so disconnect the contactor and unplug the car, "
    "then add --contactor-unconnected"
)

Said = Callable[[str], None]


def refuse_charge(name: str) -> None:
    """BadInput where a charge is on; a device at MicroPython's prompt charges nothing."""
    link = Link(name)
    with contextlib.suppress(BadInput), link:
        link.learn("status")
    if link.status.get("closed") or link.status.get("found_closed"):
        raise BadInput(f"{name}: its contactor is closed: end the charge (pause, or unplug the car), then try again")


def probe(name: str, attributes: dict[str, str] | None) -> str:
    """Returns a file of the probe's, with the firmware's attributes as they are called on the chip."""
    text = (PROBE / f"{name}.py").read_text("utf-8")
    return text if attributes is None else translated(text, attributes)


def figures(said: bytes) -> Figures:
    """Returns what the probe told, by name."""
    import ast

    found: Figures = {}
    for line in said.decode().splitlines():
        if line.startswith("("):
            name, value = ast.literal_eval(line)
            found[name] = value
    return found


class Bench:
    """One chip on the desk, being measured."""

    def __init__(self, port: Port, say: Said) -> None:
        self.port = port
        self.say = say
        self.found: Figures = {}

    def run(self, code: str) -> None:
        """Run code there and keep what it tells."""
        self.found |= figures(self.port.run(code))

    def wire(self) -> None:
        """Lines of 250 bytes as a program sends them, and more at once than the port keeps."""
        wire = self.port.wire
        self.port.run(probe("wire", None))
        for call, data, lines, pause_s in (
            (f"paced({len(LINE) * LINES})", LINE, LINES, PAUSE_S),
            ("ring()", b"x" * 400, 1, 0.0),
        ):
            wire.exec_raw_no_follow(call)
            if not wire.wait(b"go\r\n", ANSWER_S).endswith(b"go\r\n"):
                raise BadInput(f"{self.port.name}: the device does not answer: try again")
            for _ in range(lines):
                wire.serial.write(data)
                time.sleep(pause_s)
            self.found |= figures(wire.follow(EXEC_S)[0])
        self.found["uart_sent"] = len(LINE) * LINES

    def resets(self, board: Board) -> None:
        """Each kind of reset that a program can ask for: what it does to a driven pin, and how long until all is ready."""
        used = {pin for _, pin in board.fitted()}
        free = [pin for pin in FREE_PINS if pin not in used]
        pin = free[0] if free else None
        for kind, code in (("soft", ""), ("reset", "reset()"), ("watchdog", "hang()"), ("panic", "panic()")):
            self.say(f"reset: {kind}")
            self.port.run("RTC().memory(b'')")  # a restart on purpose is no bad start
            self.port.run(probe("pins", None))
            if pin is not None:
                self.port.run(f"drive({pin})")
            took_ms = self._soft() if not code else self._hard(code)
            if kind == "reset":
                self.found["ready_ms"] = took_ms
                self.found["safe_ms"] = max(took_ms - self.found["start_us"] // 1000, 0)
            if pin is not None:
                found = figures(self.port.run(probe("pins", None) + f"\nkept({pin})\n"))
                self.found |= {f"reset_{kind}": found["pin_kept"], f"cause_{kind}": found["cause"]}
            self.port.run("import machine\nfrom machine import RTC, WDT, reset\nWDT(timeout=86400000)")

    def _soft(self) -> int:
        begun_s = time.monotonic()
        self.port.wire.read_until(1, b">")
        self.port.wire.serial.write(b"\x04")
        self._expect(RAW, ANSWER_S * 2)
        self.port.wire.in_raw_repl = True
        return round((time.monotonic() - begun_s) * 1000)

    def _hard(self, code: str) -> int:
        """The chip starts anew with the firmware; then to its raw prompt, without a soft reset, which would change the pins."""
        wire = self.port.wire
        wire.exec_raw_no_follow(code)
        begun_s = time.monotonic()
        self._expect(READY + b"\r\n", READY_S + WDT_S)
        took_ms = round((time.monotonic() - begun_s) * 1000)
        wire.serial.write(b"\r\x03")
        self._expect(PROMPT, ANSWER_S * 2)
        wire.serial.write(b"\x01")
        self._expect(RAW, ANSWER_S)
        return took_ms

    def _expect(self, ending: bytes, seconds: float) -> None:
        heard = self.port.wire.wait(ending, seconds)
        if not heard.endswith(ending):
            raise BadInput(
                f"{self.port.name}: it did not come back after a reset: press its reset button and try again"
            )
        if ending.endswith(b">"):
            self.port.wire.serial.timeout = ANSWER_S
            self.pending()

    def pending(self) -> None:
        """mpremote looks for the prompt before each command: one that was read already is asked for again."""
        self.port.wire.serial.write(b"\x01")


def measured(port: Port, write: bool, say: Said) -> tuple[Figures, Board, Chip]:
    """Returns what a stopped device tells of itself."""
    say("asking what it is")
    job = Job(port, lambda _said, _done, _of: None)
    chip = job.look()
    if not job.current:
        raise BadInput(f"{port.name}: no firmware of ours is on it: headroom flash first")
    name = other_board(port, "")
    board = load(board_path(name))
    runs = port.evaluate("runs()")
    files = build(name, chip)
    same = port.evaluate(f"hashes({job.current!r})") == {path: digest(data) for path, data in files.items()}
    if runs != version() or not same:
        whose = f"headroom {runs}" if runs != version() else f"another headroom {runs}"
        raise BadInput(
            f"{port.name}: {whose} is on it, this is {version()}: headroom flash --port {port.name} --board {name} first"
        )
    if write and chip.platform != "esp32":
        raise BadInput(f"{port.name}: a bench's device, whose figures come from the board file: --write needs a chip")
    attributes = None if compiler(chip) is None else _attributes(None if chip.frozen else facts(name))
    bench = Bench(port, say)
    bench.found |= {"platform": chip.platform, "machine": chip.machine, "micropython": list(chip.micropython)}
    bench.found |= {"board": name, "firmware": runs}
    for said, code in (
        ("flash: 100 records", probe("flash", None)),
        ("the charger starts", probe("charger", attributes) + "\ncharger = started()\n"),
        ("conversions", "conversions()"),
        ("ticks, a car is played to it", "ticks(charger)"),
        ("collections", "collections()"),
        ("pilot", "pilot(charger)"),
        ("stack", "stack()"),
    ):
        say(said)
        bench.run(code)
    say("serial port")
    bench.wire()
    bench.resets(board)
    return bench.found, board, chip


def _attributes(board: Facts | None) -> dict[str, str]:
    """Returns what the firmware's attributes are called on the chip: what a board leaves out changes names too."""
    return squeezed(tuple(sources().items()), board)["headroom/charger.py"].names.attributes


def told(found: Figures, rows: list[Row]) -> dict[str, Any]:
    """Returns everything as JSON has it."""
    return {
        "bench": found["platform"] != "esp32",
        "machine": found["machine"],
        "board": found["board"],
        "firmware": found["firmware"],
        "rows": [{"what": row.name, "measured": row.measured, "needed": row.needed, "met": row.met} for row in rows],
        "not_measured": BY_HAND,
        "board_figures": {"ADC_READ_US": read_us(found), "TICK_CPU_US": list(prices(found))},
        "figures": found,
    }


def page(file: Any, answer: dict[str, Any]) -> None:
    """Writes the page."""
    file.write(template("headroom_tools.device", "chip.html.j2").render(answer=answer, benches=BENCHES))


def print_rows(found: Figures, rows: list[Row]) -> None:
    """Prints the table in Markdown."""
    micropython = ".".join(map(str, found["micropython"]))
    print(f"{found['machine']}, MicroPython {micropython}, board {found['board']}, headroom {found['firmware']}")
    if found["platform"] != "esp32":
        print(BENCHES)
    print("\n| what | measured | needed | |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.name} | {row.measured} | {row.needed} | {row.word} |")
    words = [row.word for row in rows]
    print(f"\n{words.count(PASS)} {PASS}, {words.count(MISS)} {MISS}; {BY_HAND}")
    print(f"board.py: ADC_READ_US = {read_us(found)}, TICK_CPU_US = {prices(found)}")


def chip(
    port: Annotated[str, typer.Option(help="Serial port.", metavar="PORT")],
    contactor_unconnected: Annotated[
        bool, typer.Option("--contactor-unconnected", help="Yes, the contactor and the car are disconnected.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Write the figures into the board's board.py.")] = False,
    json_: Annotated[
        str | None, typer.Option("--json", help="Write all as JSON; - is standard output.", metavar="OUT|-")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write one page to look at.", metavar="OUT.html")] = None,
) -> None:
    """Measures on the chip what the firmware believes of it, beside what the promises need: a minute, no car, no contactor.

    The board on a desk runs this firmware; afterwards it runs on. Exit status: 0; 1 where a need is missed; 2 for bad input.
    """
    import sys

    if not contactor_unconnected:
        raise BadInput(ASK)
    refuse_charge(port)
    with contextlib.ExitStack() as held:
        outputs = {
            name: held.enter_context(Output(path, option))
            for name, path, option in (
                ("json", Path(json_) if json_ not in (None, "-") else None, "--json"), ("page", report, "--report"),
            )
            if path is not None
        }  # fmt: skip
        device = held.enter_context(stopped(port))
        say: Said = (lambda said: print(f"\r\x1b[K{said}", end="", file=sys.stderr, flush=True)) if sys.stderr.isatty() else (
            lambda _said: None
        )  # fmt: skip
        found, board, _ = measured(device, write, say)
        say("")
        device.restart(READY_S, READY)
        rows = table(found, board)
        answer = told(found, rows)
        if write:
            chip_board.write(board.path, read_us(found), prices(found))
        if "json" in outputs:
            outputs["json"].file.write(json.dumps(answer, indent=2) + "\n")
        if "page" in outputs:
            page(outputs["page"].file, answer)
        for output in outputs.values():
            output.keep()
    if json_ == "-":
        print(json.dumps(answer, indent=2))
    else:
        print_rows(found, rows)
    if any(row.met is False for row in rows):
        raise typer.Exit(1)
