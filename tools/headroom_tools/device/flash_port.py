"""A device at a serial port, as `headroom flash` needs it: ask, hash, write, restart; every failure is one line."""

import ast
import base64
import errno
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

import serial  # type: ignore[import-untyped]
from mpremote.transport import TransportError, TransportExecError  # type: ignore[import-untyped]
from mpremote.transport_serial import SerialTransport  # type: ignore[import-untyped]
from serial.tools import list_ports  # type: ignore[import-untyped]

from headroom_tools.common.errors import BadInput

T = TypeVar("T")

PROMPT = b">>> "  # no firmware runs
EXEC_S = 20  # the longest silence within a command: it tells that it is alive at each file and each few blocks
ALIVE = b"\x06"  # how it does
ANSWER_S = 5  # a chip that has just been interrupted or restarted answers within this
TALKS = 5  # times as long as a silence: for a device that starts slowly, but says so
CHUNK = 1536  # bytes of a file in one command: 2 kB of base64, of some 160 kB of heap
AGAIN = "run the same command again: the device still has a whole version, or sits safe with its console"

# Runs on the device, on a fresh heap: what the commands below call. The watchdog, once started, cannot be stopped.
HELPERS = """
import binascii, hashlib, os, sys
try:
    from machine import RTC, WDT, reset
    WDT(timeout=86400000)
except ImportError:
    reset = None
def alive():
    sys.stdout.write('\\x06')
def current():
    try:
        with open('/current') as file:
            name = file.read().strip('/')
        os.stat('/' + name + '/main.py')
        return name
    except OSError:
        return ''
def ask():
    s = os.statvfs('/')
    i = sys.implementation
    return {'platform': sys.platform, 'machine': getattr(i, '_machine', sys.platform), 'version': tuple(i[1][:3]),
            'mpy': getattr(i, '_mpy', 0), 'free': s[0] * s[3], 'current': current(), 'frozen': frozen()}
def frozen():
    names = [each for each in sys.modules if each.split('.')[0] == 'headroom']
    loaded = [(each, sys.modules.pop(each)) for each in names]
    path = sys.path[:]
    sys.path[:] = ['.frozen']
    try:
        return __import__('headroom.version', None, None, ('*',)).VERSION
    except ImportError:
        return ''
    finally:
        sys.path[:] = path
        sys.modules.update(dict(loaded))
def runs():
    try:
        __import__('shelf')
    except ImportError:
        pass
    return __import__('headroom.version', None, None, ('*',)).VERSION
def board():
    for path in ('/' + current() + '/board.py', '/board.py'):
        try:
            with open(path, 'rb') as file:
                return b''.join([line for line in file if line.startswith(b'NAME')])
        except OSError:
            pass
def walk(folder):
    try:
        entries = list(os.ilistdir(folder))
    except OSError:
        return
    for entry in entries:
        path = folder.rstrip('/') + '/' + entry[0]
        if entry[1] & 0x4000:
            for each in walk(path):
                yield each
        else:
            yield path
def sha(path):
    h = hashlib.sha256()
    buffer = bytearray(512)
    alive()
    with open(path, 'rb') as file:
        while True:
            n = file.readinto(buffer)
            if not file.tell() & 8191:
                alive()
            if not n:
                return binascii.hexlify(h.digest()).decode()
            h.update(memoryview(buffer)[:n])
def hashes(folder, only=None):
    folder = '/' + folder.strip('/')
    start = len(folder.rstrip('/')) + 1
    if only:
        try:
            return {only: sha(folder.rstrip('/') + '/' + only)}
        except OSError:
            return {}
    return {path[start:]: sha(path) for path in walk(folder)}
def folders(path):
    parts = path.split('/')[1:-1]
    for n in range(len(parts)):
        try:
            os.mkdir('/' + '/'.join(parts[:n + 1]))
        except OSError:
            pass
def create(path):
    global w
    folders(path)
    w = open(path, 'wb')
def remove(path):
    os.remove('/' + path)
def copy(source, target):
    folders('/' + target)
    buffer = bytearray(512)
    with open('/' + source, 'rb') as old:
        with open('/' + target, 'wb') as new:
            while True:
                n = old.readinto(buffer)
                if not old.tell() & 8191:
                    alive()
                if not n:
                    return
                new.write(memoryview(buffer)[:n])
def moved():
    if not current() or 'headroom.shelf' in os.listdir('/' + current()):
        return
    for path in walk('/data'):
        record, _, slot = path.rpartition('.')
        if slot in ('0', '1'):
            copy(path[1:], record[1:] + '/' + slot)
def erase():
    try:
        os.remove('/current')
    except OSError:
        pass
    def empty(folder):
        for entry in list(os.ilistdir(folder)):
            path = folder.rstrip('/') + '/' + entry[0]
            if entry[1] & 0x4000:
                empty(path)
                os.rmdir(path)
            elif path != '/boot.py':
                alive()
                os.remove(path)
    os.chdir('/')
    empty('/')
"""


class Wire(SerialTransport):  # type: ignore[misc]
    """mpremote's transport, with a way in that tells why a port cannot be opened."""

    def __init__(self, name: str) -> None:
        self.in_raw_repl = False
        self.use_raw_paste = True
        self.device_name = name
        self.mounted = False
        self.serial = serial.serial_for_url(
            name, baudrate=115200, exclusive=True, inter_byte_timeout=1, timeout=ANSWER_S
        )
        self.is_pty = self._is_pty_device(name)

    def read_until(self, _least: int, ending: bytes, **_: Any) -> bytes:
        """As mpremote's, but it also ends while the device talks of other things: it was restarted."""
        return self.wait(ending, EXEC_S)

    def enter(self) -> bool:
        """Interrupt what runs, restart the interpreter without main.py; False when nobody answers."""
        self.serial.write(b"\r\x03\x03")  # twice: the first may end boot.py only
        time.sleep(0.1)
        self.serial.reset_input_buffer()
        self.serial.write(b"\r\x01")
        for ending, answer in (
            (b"raw REPL; CTRL-B to exit\r\n>", b"\x04"),
            (b"soft reboot\r\n", b""),
            (b"raw REPL; CTRL-B to exit\r\n", b""),  # the prompt itself is for mpremote to wait for
        ):
            if not self.wait(ending, ANSWER_S).endswith(ending):
                return False
            self.serial.write(answer)
        self.in_raw_repl = True
        return True

    def wait(self, ending: bytes, seconds: float) -> bytes:
        """Returns what is heard up to ``ending``, or all that came until ``seconds`` passed without a sign of progress."""
        heard = b""
        until_s = time.monotonic() + seconds
        self.serial.timeout = 0.1
        while not heard.endswith(ending) and time.monotonic() < until_s:
            byte = self.serial.read(1)
            if byte == ALIVE:
                until_s = time.monotonic() + seconds
            else:
                heard += byte
        self.serial.timeout = ANSWER_S
        return heard


def opened(name: str, attempt: Callable[[], T]) -> T:
    """Returns what ``attempt`` opened at the port ``name``. BadInput says why it cannot be opened."""
    try:
        return attempt()
    except (serial.SerialException, OSError, ValueError) as error:
        number = getattr(error, "errno", None)
        if number == errno.ENOENT:
            there = ", ".join(sorted(port.device for port in list_ports.comports())) or "none"
            raise BadInput(f"{name}: no such port; serial ports here: {there}") from None
        if number in (errno.EBUSY, errno.EAGAIN):
            raise BadInput(f"{name}: busy: close the program that uses it (a console?) and try again") from None
        if number == errno.EACCES:
            raise BadInput(f"{name}: you may not open it: join its group (sudo usermod -aG dialout $USER)") from None
        raise BadInput(f"{name}: not a serial port") from None


class Port:
    """The device at ``name``, its interpreter fresh and waiting, as a context manager. BadInput for all that can go wrong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.left = False  # the device was restarted, or answers no more
        self.wire = opened(name, lambda: Wire(name))

    def __enter__(self) -> "Port":
        try:
            if not (self.wire.enter() or self.wire.enter()):  # twice: opening the port restarts some boards
                raise BadInput(
                    f"{self.name}: no MicroPython answers here: is it the board's port? "
                    "Press its reset button and try again; a bare chip needs --with-micropython IMAGE.bin"
                )
            self.run(HELPERS)
        except BaseException as error:
            self.wire.serial.close()
            if isinstance(error, (serial.SerialException, OSError)):
                raise self._gone() from None
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wire.serial.close()
        if isinstance(error, (serial.SerialException, OSError)):
            raise self._gone() from None

    def _gone(self) -> BadInput:
        self.left = True
        return BadInput(f"{self.name}: the device stopped answering: is it plugged in? Then {AGAIN}")

    def run(self, code: str) -> bytes:
        """Returns what ``code`` printed on the device."""
        try:
            said: bytes = self.wire.exec(code)
        except TransportExecError as error:
            last = (error.error_output.strip().splitlines() or ["nothing"])[-1]
            if "ENOSPC" in last or "OSError: 28" in last:
                raise BadInput(
                    f"{self.name}: the device's disk is full: delete files of your own on it, or add --erase (settings go too)"
                ) from None
            raise BadInput(f"{self.name}: the device says: {last}; {AGAIN}") from None
        except TransportError:
            raise self._gone() from None
        return said

    def evaluate(self, expression: str) -> Any:
        """Returns the value of ``expression`` on the device."""
        return ast.literal_eval(self.run(f"print(repr({expression}))").decode())

    def send(self, path: str, data: bytes) -> None:
        """Write a file there, its folders included."""
        self.run(f"create({path!r})")
        for start in range(0, len(data), CHUNK):
            self.run(f"w.write(binascii.a2b_base64({base64.b64encode(data[start : start + CHUNK])!r}))")
        self.run("w.close()")

    def restart(self, seconds: float, *endings: bytes) -> bytes:
        """Reset the chip; returns what it says, up to a line with one of ``endings``, or a prompt, or ``seconds`` of silence.

        One that only talks of other things is not waited for for ever.
        """
        self.left = True
        self.run("RTC().memory(b'')")  # a restart on purpose is no bad start
        self.wire.exec_raw_no_follow("reset()")
        heard = b""
        begun_s = quiet_s = time.monotonic()
        while time.monotonic() < min(quiet_s + seconds, begun_s + TALKS * seconds):
            said = self.wire.wait(b"\n", 1)
            heard += said
            quiet_s = time.monotonic() if said else quiet_s
            line = heard[heard.rfind(b"\n", 0, -1) + 1 :]
            if heard.endswith(PROMPT) or (heard.endswith(b"\n") and any(each in line for each in endings)):
                break
        return heard
