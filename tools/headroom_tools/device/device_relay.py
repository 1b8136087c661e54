"""A device with no hardware: the real MicroPython VM behind a serial port, with the virtual bench around it.

Two pseudo-terminals stand for the UART. The PC's side behaves like a USB serial converter: what nobody reads is lost,
and never delays the chip. The chip's side is the VM's controlling terminal, so that Ctrl-C becomes KeyboardInterrupt.
The relay between them adds what a chip has and a Unix process has not: soft resets, hard resets, a receive ring of
260 bytes, a baud rate, a watchdog, a power plug. (Sources: the project's platform notes; shared/runtime/pyexec.c and
ports/esp32/main.c of MicroPython.)
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import termios
import time
import tty
from pathlib import Path
from typing import Any

from bench import orders
from bench.chip import ports

from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import ROOT
from headroom_tools.sim.runner import micropython as found_vm

# A chip's 164 kB are twice that on a 64-bit VM; beside them live the bench, and sources compiled where the chip has bytecode:
# 640 kB were too few for a console's answer.
HEAP = "900k"
FLASH_BYTES = 2 << 20  # the file system partition of the ESP32_GENERIC image (4 MiB flash)
RING = 260  # bytes of the UART's receive ring in the ESP32 port
TO_PC = 1 << 16  # what a PC's driver keeps for a program that is slow to read
# a program that has caught Ctrl-C by then goes on, and gets its input; one that heard of none gets a signal
INTERRUPTED_S = 2
DEAD_S = 3  # of the processor: one that never looks at the clock is ended by the watchdog no sooner than this
IDLE_S = 0.02
POWER_ON, HARD_RESET, WATCHDOG, SOFT_RESET = 1, 2, 3, 5
WDT_SYSTEM = 103  # bench/chip/chip.py: the watchdog while the flash works
RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
FRIENDLY_PROMPT = b'Type "help()" for more information.\r\n>>> '
BANNER = re.compile(rb"(?:\r\n)?MicroPython [^\r\n]*\r\n" + re.escape(FRIENDLY_PROMPT))
LONE_LF = re.compile(rb"(?<!\r)\n")  # the ESP32 port's terminal turns each into CR LF
BOOT = "import sys; sys.path.insert(0, {tools!r}); from bench import live; live.start({commands}, {reports}, globals())"
# besides car and faults what the bench is told again after a reset of the chip
KEPT = ("house", "volts", "dim", "cut-after", "bag")


def claim(home: Path) -> None:
    """Hold the folder ``home`` for this process until it ends. BadInput while another device has it."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        held = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BadInput(f"{home}: a device runs there already: stop it, or give --home another folder") from None
    except OSError as error:
        raise BadInput(f"--home {home}: {error.strerror}") from None


class Device:
    """One chip on one desk: its flash in ``home``, its serial port at ``port``."""

    def __init__(
        self, home: Path, board: str, baud: int, speed: float, price_percent: int = 100, micropython: str = ports.NEWEST
    ) -> None:
        vm = found_vm()
        if vm is None:
            raise BadInput("no MicroPython VM is installed here (PyPI has none for some machines): a device needs one")
        self.vm = vm
        self.micropython = micropython
        self.flash = home / "flash.bin"
        self.board = ROOT / "boards" / board
        self.mac = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]  # one folder, one chip
        self.speed = speed
        self.price_percent = price_percent
        self.byte_s = 10 / baud if baud else 0.0
        if not self.flash.exists():
            self.flash.write_bytes(b"\xff" * FLASH_BYTES)
        if not self.flash.is_file() or self.flash.stat().st_size != FLASH_BYTES:
            raise BadInput(
                f"{self.flash}: no flash chip of {FLASH_BYTES >> 20} MiB: move it away, and a blank one is made"
            )
        self.pc, pc_end = pty.openpty()
        tty.setraw(pc_end)
        self.port = os.ttyname(pc_end)
        os.close(pc_end)
        os.set_blocking(self.pc, False)
        self.wire, wire_end = pty.openpty()  # the RS-485 line: the chip has one end of it, any program the other
        tty.setraw(wire_end)
        self.bus = home / "bus"
        self.bus.unlink(missing_ok=True)
        self.bus.symlink_to(os.ttyname(wire_end))
        os.close(wire_end)
        os.set_blocking(self.wire, False)
        self.chip, self.chip_end = pty.openpty()
        os.set_blocking(self.chip, False)
        self.listening = _listen(home / "bench.sock")
        self.asking: socket.socket | None = None
        self.ring = bytearray()
        self.to_pc = bytearray()
        self.lost = 0  # bytes that found the ring full
        self.credit_s = time.monotonic()
        self.told: dict[str, str] = {}
        self.contacts = 0  # the contactor's, as the bench saw them last
        self.process: subprocess.Popen[bytes] | None = None
        self.power_on(POWER_ON)

    def power_on(self, cause: int) -> None:
        """The chip starts anew, the watchdog stands still. A reset of the CPU leaves driven pins (bench/chip/chip.py)."""
        if cause == POWER_ON:
            self.rtc = ""
            self.powered_s = time.monotonic()
        if cause in (POWER_ON, WDT_SYSTEM):
            self.levels: dict[str, Any] = {}
        self.born_s, self.at_s = time.monotonic(), time.time()
        self.wdt_s = 0.0
        self.ring.clear()
        self.told.pop("cut-after", None)
        self._start(cause, run_main=True)

    def _start(self, cause: int, run_main: bool) -> None:
        self._end()
        _as_uart(self.chip_end)
        termios.tcflush(self.chip_end, termios.TCIOFLUSH)
        commands, self.commands = os.pipe()
        self.reports, reports = os.pipe()
        os.set_blocking(self.reports, False)
        self.report = b""
        self.starting_raw = not run_main  # until the raw prompt: the VM's own banner is not for the PC
        self.held = b""
        self.tail = b""
        self.raw = False
        self.up = False
        self.hold_until_s = float("inf") if self.starting_raw else 0.0
        self.unheard_s = float("inf")
        boot = BOOT.format(tools=str(ROOT / "tools"), commands=commands, reports=reports)
        self.process = subprocess.Popen(
            [self.vm, "-X", f"heapsize={HEAP}", "-i", "-c", boot],
            stdin=self.chip_end,
            stdout=self.chip_end,
            stderr=self.chip_end,
            pass_fds=(commands, reports, self.wire),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(commands)
        os.close(reports)
        told = {
            "tools": str(ROOT / "tools"),
            "board": str(self.board),
            "flash": str(self.flash),
            "cause": cause,
            "run_main": run_main,
            "us": int((time.monotonic() - self.born_s) * self.speed * 1e6),
            "speed_percent": int(self.speed * 100),
            "levels": self.levels,
            "rtc": self.rtc,
            "mac": self.mac,
            "powered_us": int((self.powered_s - self.born_s) * self.speed * 1e6),
            "contacts": self.contacts,
            "commands": list(self.told.values()),
            "bus_fd": self.wire,
            "price_percent": self.price_percent,
            "micropython": self.micropython,
            "at_s": self.at_s,
        }
        self._command(json.dumps(told))
        self.fed_s = self._spent_s()

    def _end(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            os.close(self.commands)
            os.close(self.reports)
            self.process = None

    def close(self) -> None:
        """Pull the plug and go."""
        self._end()
        for end in (self.pc, self.wire, self.chip, self.chip_end):
            os.close(end)
        self.bus.unlink(missing_ok=True)
        self.listening.close()

    def step(self) -> None:
        """Wait for a moment or for something to do, then do it."""
        watched: list[Any] = [self.chip, self.reports, self.listening]
        if self.attached():
            watched.append(self.pc)
        select.select(watched, [], [], 0.001 if self.ring or self.to_pc else IDLE_S)
        self._from_pc()
        self._insist()
        self._into_chip()
        self._from_chip()
        self._into_pc()
        self._hear_reports()
        self._hear_bench()
        self._watch()

    # the wire -----------------------------------------------------------------------------------------------------

    def attached(self) -> bool:
        """True while a program on the PC has the port open."""
        poll = select.poll()
        poll.register(self.pc, select.POLLIN)
        return not any(event & select.POLLHUP for _, event in poll.poll(0))

    def _from_pc(self) -> None:
        """Bytes arrive no faster than the baud rate; what finds the receive ring full is lost."""
        now_s = time.monotonic()
        room = 4096
        if self.byte_s:
            self.credit_s = max(self.credit_s, now_s - 0.02)
            room = int((now_s - self.credit_s) / self.byte_s)
        elif len(self.ring) >= 4096:
            return
        if room < 1:
            return
        arrived = _read(self.pc, room)
        self.credit_s += len(arrived) * self.byte_s
        self.ring += arrived
        if self.byte_s:
            overrun = len(self.ring) + _waiting(self.chip_end) - RING
            if overrun > 0:
                self.lost += min(overrun, len(arrived))
                del self.ring[-min(overrun, len(arrived)) :]

    def _into_chip(self) -> None:
        """The ring's bytes, but none between Ctrl-C and the prompt: the Unix REPL drops what came before it."""
        if not self.ring or not self.up:
            return
        if time.monotonic() < self.hold_until_s:
            if self._running():
                return
            self.hold_until_s = 0.0
        end = self.ring.find(b"\x03") if self._running() else -1
        if end == 0:
            del self.ring[0]
            self._interrupt()
            return
        try:
            sent = os.write(self.chip, bytes(self.ring[: end if end > 0 else None])[:1024])
        except BlockingIOError:
            return
        del self.ring[:sent]

    def _interrupt(self) -> None:
        """The program is asked first, and raises Ctrl-C where the port does: the VM's signal handler raises it at any instant.

        Within a collection that left the heap locked, and the next allocation ended the VM.
        """
        self._command("interrupt")
        self.unheard_s = self.hold_until_s = time.monotonic() + INTERRUPTED_S

    def _insist(self) -> None:
        """A program that never looks at the clock, and hears nothing, is interrupted all the same."""
        if time.monotonic() >= self.unheard_s:
            self.unheard_s = float("inf")
            if self._running():
                os.write(self.chip, b"\x03")
                self.hold_until_s = time.monotonic() + INTERRUPTED_S

    def _running(self) -> bool:
        """True while a program runs; at a prompt the REPL takes Ctrl-C as a character."""
        return bool(termios.tcgetattr(self.chip_end)[3] & termios.ISIG)

    def _from_chip(self) -> None:
        said = _read(self.chip, 4096)
        if not said:
            return
        ended_cr, said = self.tail.endswith(b"\r"), LONE_LF.sub(b"\r\n", said)
        if ended_cr and said.startswith(b"\r\n"):
            said = said[1:]
        self.tail = (self.tail + said)[-200:]
        raw, friendly = self.tail.rfind(RAW_PROMPT), self.tail.rfind(FRIENDLY_PROMPT)
        if raw != friendly:
            self.raw = raw > friendly
        if not self.starting_raw:
            self.to_pc += said
            return
        self.held += said
        if RAW_PROMPT in self.held:
            self.to_pc += BANNER.sub(b"", self.held)
            self.starting_raw = False
            self.hold_until_s = 0.0
        elif FRIENDLY_PROMPT in self.held and not self.held.endswith(b"\x01"):
            os.write(self.chip, b"\x01")
            self.held = BANNER.sub(b"", self.held)

    def _into_pc(self) -> None:
        if not self.attached():
            self.to_pc.clear()
        if not self.to_pc:
            return
        with contextlib.suppress(BlockingIOError):
            sent = os.write(self.pc, self.to_pc)
            del self.to_pc[:sent]
        del self.to_pc[TO_PC:]

    # the chip -----------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """The interpreter ended: a soft reset. It never feeds the watchdog: a hard one."""
        assert self.process is not None
        ended = self.process
        if ended.poll() is not None:
            while self._hear_reports():
                pass  # what it told last: the pins
            if self.process is not ended:
                return
            self._from_chip()
            self.to_pc += b"MPY: soft reboot\r\n"
            self._start(SOFT_RESET, run_main=not self.raw)
        elif self.wdt_s and self._spent_s() - self.fed_s > max(self.wdt_s, DEAD_S):
            self.power_on(WATCHDOG)

    def _spent_s(self) -> float:
        """Time that the processor has given the chip: on a busy machine one that gets none must not pass for one that hangs."""
        assert self.process is not None
        try:
            return time.clock_gettime(~self.process.pid << 3 | 2)  # Linux: what clock_getcpuclockid(3) gives
        except OSError:  # the process has gone, or another system
            return time.monotonic()

    def _hear_reports(self) -> bool:
        """Hears the chip out; False when it has said nothing more."""
        heard = _read(self.reports, 4096)
        self.report += heard
        *lines, self.report = self.report.split(b"\n")
        for line in lines:
            word, _, rest = line.decode().partition(" ")
            if word == "fed":
                self.wdt_s, self.fed_s = int(rest) / 1000, self._spent_s()
            elif word == "up":
                self.up = True
            elif word == "interrupted":
                self.unheard_s = float("inf")
            elif word == "levels":
                self.levels = json.loads(rest)
            elif word == "contacts":
                self.contacts = int(rest)
            elif word == "rtc":
                self.rtc = rest
            elif word == "answer":
                self._answer(rest)
            elif word == "reset":
                self.power_on(int(rest))
                return False
        return bool(heard)

    # the bench ----------------------------------------------------------------------------------------------------

    def _hear_bench(self) -> None:
        """One connection at a time, one line each, one line back."""
        if self.asking is not None:
            if not _hung_up(self.asking):
                return
            self.asking.close()
            self.asking = None
        try:
            self.asking, _ = self.listening.accept()
        except BlockingIOError:
            return
        self.asking.settimeout(1)
        with contextlib.suppress(OSError):
            self.tell(self.asking.makefile(encoding="utf-8", errors="replace").readline().strip())

    def tell(self, line: str) -> None:
        """Do what the bench is told: the plug here, everything else at the chip's pins; what is nonsense changes nothing."""
        try:
            word, values = orders.read(line)
        except orders.Unfit as unfit:
            self._answer(f"error {unfit}")
            return
        if word in ("cut", "reset"):
            self.levels = {}  # the button takes the enable pin low: pins float
            self.power_on(POWER_ON if word == "cut" else HARD_RESET)
            self._answer("power off and on again" if word == "cut" else "reset button pressed")
            return
        if word in ("plug", "unplug"):
            if values:
                self.told["size"] = line
            self.told.pop("car", None)  # whether it is there is told after its size
            self.told["car"] = word
        elif word == "mend":
            broken = ("fault ", "part ", "clamp ", "sensor ", "bag")
            self.told = {name: told for name, told in self.told.items() if not name.startswith(broken)}
        elif word == "wiring":  # the clamps are put on anew
            self.told = {name: told for name, told in self.told.items() if not name.startswith("clamp ")}
            self.told[word] = line
        elif word in KEPT:
            self.told[word] = line
        elif word in ("fault", "clamp", "sensor", "jig"):
            self.told[f"{word} {values[0]}"] = line
        elif word == "part":
            self.told[f"part {values[0]} {values[2]}"] = line
        if self._running():
            self._command(line)
        else:
            self._answer("noted: the chip runs no program, so nothing moves until it does")

    def _command(self, line: str) -> None:
        os.write(self.commands, line.encode() + b"\n")

    def _answer(self, text: str) -> None:
        if self.asking is not None:
            with contextlib.suppress(OSError):
                self.asking.sendall(text.encode() + b"\n")
            self.asking.close()
            self.asking = None


def _as_uart(end: int) -> None:
    """Raw, but byte 3 interrupts."""
    tty.setraw(end)
    modes = termios.tcgetattr(end)
    modes[3] |= termios.ISIG
    modes[6][termios.VINTR] = b"\x03"
    modes[6][termios.VQUIT] = modes[6][termios.VSUSP] = b"\x00"
    termios.tcsetattr(end, termios.TCSANOW, modes)


def _read(end: int, most: int) -> bytes:
    try:
        return os.read(end, most)
    except BlockingIOError:
        return b""
    except OSError as error:
        if error.errno == errno.EIO:  # nobody has the other side open
            return b""
        raise


def _hung_up(asking: socket.socket) -> bool:
    """True when whoever asked does not wait for the answer any more."""
    try:
        return bool(select.select([asking], [], [], 0)[0]) and not asking.recv(1, socket.MSG_PEEK)
    except OSError:
        return True


def _waiting(end: int) -> int:
    waiting: int = struct.unpack("i", fcntl.ioctl(end, termios.FIONREAD, b"\0\0\0\0"))[0]
    return waiting


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(str(path))
    except OSError:
        raise BadInput(f"{path}: no socket can be made there: choose a shorter path with --home") from None
    listening.listen()
    listening.setblocking(False)
    return listening
