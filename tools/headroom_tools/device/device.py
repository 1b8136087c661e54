"""`headroom device`: a charger on the desk with no hardware, for every tool that wants a serial port."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import ROOT

HOME = ROOT / "out" / "device"
NEXT = (
    "its serial port; in another terminal, once: headroom flash --port {port} --board {board}, "
    "then: headroom console --port {port}. Its RS-485 line is {bus}. Ctrl-C ends it.\n"
)

app = typer.Typer(
    help="A charger with no hardware: the real MicroPython VM on a serial port, a house and a car around it."
)

HomeOption = Annotated[Path, typer.Option("--home", help="Where its flash chip lies.", metavar="FOLDER")]


@app.callback(invoke_without_command=True)
def device(
    context: typer.Context,
    home: HomeOption = HOME,
    board: Annotated[str, typer.Option(help="The board it is soldered to.", metavar="NAME")] = "reference",
    speed: Annotated[float, typer.Option(help="Seconds at the desk for one on the wall, 0.1 to 10.", metavar="N")] = 1,
    baud: Annotated[int, typer.Option(help="Speed of the serial port; 0 is as fast as the PC.", metavar="N")] = 115200,
    erase: Annotated[bool, typer.Option("--erase", help="Start with a blank flash chip.")] = False,
    micropython: Annotated[
        str | None, typer.Option(help="Whose port's behaviour is played: 1.23 to the newest.", metavar="VERSION")
    ] = None,
    prices: Annotated[int, typer.Option(help="Percent of the CPU time that its board file says.", metavar="N")] = 100,
) -> None:
    """Prints the serial port's path, to a person what to do with it as well, then runs until Ctrl-C."""
    context.obj = home
    if context.invoked_subcommand is not None:
        return
    from bench.chip import ports

    from headroom_tools.boards.board_commands import board_path
    from headroom_tools.device.device_relay import Device, claim

    board_path(board)
    if baud and not 1200 <= baud <= 4000000:
        raise BadInput(f"--baud {baud}: give 1200 to 4000000, or 0")
    if not 0.1 <= speed <= 10:
        raise BadInput(f"--speed {speed:g}: give 0.1 to 10")
    version = micropython or ports.NEWEST
    if version not in ports.VERSIONS:
        raise BadInput(f"--micropython {version}: there is {', '.join(ports.VERSIONS)}")
    if not 10 <= prices <= 1000:
        raise BadInput(f"--prices {prices}: give 10 to 1000")
    claim(home)
    if erase:
        (home / "flash.bin").unlink(missing_ok=True)
    running = Device(home, board, baud, speed, prices, version)
    try:
        print(running.port, flush=True)
        if sys.stdout.isatty():
            sys.stderr.write(NEXT.format(port=running.port, board=board, bus=running.bus))
        while True:
            running.step()
    except KeyboardInterrupt:
        pass
    finally:
        running.close()


@app.command(context_settings={"ignore_unknown_options": True})
def tell(
    context: typer.Context,
    command: Annotated[
        list[str],
        typer.Argument(
            help="plug, unplug, house 12 3 3, fault residual on, clamp L1 ajar, wiring L2L3L1, look, cut, reset"
        ),
    ],
) -> None:
    """Changes the world around the running device.

    plug \\[A \\[PHASES]], unplug, house A \\[A A], fault NAME \\[on|off], volts V, dim on|off, look.
    cut takes the power away and gives it back, cut-after N in the middle of the Nth flash write, reset presses the chip's button;
    button \\[once|twice|long] the charger's own.
    fault: contactor, diode, earth, residual, short, weld and others. house: negative where panels feed in.
    jig, probe, part NAME VALUE, bag SEED, mend: what a test jig does and sees, and parts that are not as they should be.
    clamp L1 WHAT: ajar, backwards, swapped, unplugged and others, or ok; sensor NAME torn|shorted|ok; wiring L2L3L1, or L1-L2.
    One of several devices is named before the word: headroom device --home FOLDER tell plug.
    """
    answer = ask(context.obj, " ".join(" ".join(command).split()))
    if answer.startswith("error "):
        raise BadInput(answer[6:])
    print(answer)


class Busy(BadInput):
    """The device runs, and does not answer in time."""


def ask(home: Path, command: str) -> str:
    """Returns the running device's answer to one bench command. Raises BadInput where no device runs."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(10)
        try:
            wire.connect(str(home / "bench.sock"))
            wire.sendall(command.encode(errors="replace") + b"\n")
            answer = wire.makefile(encoding="utf-8").readline().strip()
        except TimeoutError:
            raise Busy(f"the device at {home} does not answer: its chip is busy; try again, or stop it") from None
        except OSError:
            raise BadInput(f"no device runs at {home}: start one with `headroom device`") from None
    if not answer:
        raise BadInput(f"the device at {home} ended: start it again with `headroom device`")
    return answer


class Desk:
    """A running device, as tests and the tour use it."""

    def __init__(self, home: Path, port: str, process: "subprocess.Popen[str]") -> None:
        self.home = home
        self.port = port
        self.process = process

    def tell(self, command: str) -> str:
        """Returns the answer to one bench command."""
        return ask(self.home, command)


@contextlib.contextmanager
def desk(home: Path, *options: str) -> Iterator[Desk]:
    """Gives a running device as a process of its own; it is gone afterwards."""
    command = [str(Path(sys.executable).parent / "headroom"), "device", "--home", str(home), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            if not port:
                raise BadInput("the device did not start")
            yield Desk(home, port, process)
        finally:
            process.terminate()
