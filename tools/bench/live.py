"""A chip on a desk: the virtual chip in real time, with its flash in a file. Runs in the MicroPython VM only.

`tools/headroom_tools/device/device_relay.py` starts it, one process for each life of the interpreter (a reset ends it), hands
it lines on one pipe and gets lines on another:

    to the chip     one JSON object with START's keys, then bench commands: see deeds.py, or "interrupt": Ctrl-C came
    from the chip   "up" (it listens from now), "reset CAUSE" (end this process), "fed MS" (watchdog), "levels {...}"
                    (pins that outlive a reset of the CPU: a level, or [Hz, duty] of one that LEDC drives), "rtc HEX" (what
                    outlives all with current),
                    "contacts 0|1" (welded ones outlive all), "answer TEXT" (to a command), "interrupted" (Ctrl-C is raised)

The firmware sees what a chip shows it: its own littlefs at ``/``, ``machine`` and ``time`` from the bench, a terminal.
"""

import json
import os
import select
import sys
import time as real  # before the fakes are found
from binascii import hexlify, unhexlify

import vfs

from bench import deeds
from bench.chip import chip as chips
from bench.chip import ports
from bench.chip.nor import READ_BYTES_US, READ_US

BLOCK = 4096
BLOCK_COUNT, BLOCK_SIZE, ERASE = 4, 5, 6  # ioctls of vfs's block devices
PAGE, PROGRAM_US = 256, 400
ERASE_US = 45000  # typical of a sector (W25Q32JV)
PACE_US = 1000  # virtual time between two looks at the real clock
LISTEN_US = 10000  # and between two looks at the pipe
LATE_US = 100000  # further behind than this, time is lost instead of made up for
INTERRUPT = b"interrupt\n"
FED_US = 500000  # the relay hears of a fed watchdog this often

# What the relay hands over: where things are, how this life began, and what the bench was told before.
START = {
    "tools": "",
    "board": "",
    "flash": "",
    "cause": chips.PWRON_RESET,
    "run_main": True,
    "us": 0,
    "speed_percent": 100,
    "levels": {},
    "rtc": "",
    "mac": "",
    "powered_us": 0,
    "contacts": 0,
    "commands": [],
    "bus_fd": -1,
    "price_percent": 100,
    "micropython": ports.NEWEST,  # the model of the port
    "at_s": 0.0,  # on the wall, when the chip was reset or switched on
}
PARTS = (None, 0, 1, 2, 3, None, 4, 5, 6)  # of tools/probe/charger.py: where each one's price stands in TICK_CPU_US


class LiveChip(chips.Chip):
    """The virtual chip, no faster than the clock on the wall; between two paces it hears what the bench is told."""

    def __init__(self, adc_read_us, pipe, report, start):
        self.report = None
        super().__init__(adc_read_us, micropython=start["micropython"])
        self.report = report
        self.pipe = pipe
        self.flash_erase_us = ERASE_US
        self.hear = None  # takes one command, returns the answer
        self.contacts = lambda: 0  # the contactor's, closed: told when they change
        self.told_contacts = start["contacts"]
        self.us = start["us"]
        self.powered_us = start["powered_us"]
        self.speed_percent = start["speed_percent"]
        self.cause = chips.CAUSES.get(start["cause"], start["cause"])
        self.told = {int(pin): level for pin, level in start["levels"].items()}
        self.memory = unhexlify(start["rtc"])
        self.mac = unhexlify(start["mac"]) or self.mac
        self.tick_cpu_us = 0
        self.poll = select.poll()
        self.poll.register(pipe, select.POLLIN)
        self.real_us = real.ticks_us()
        self.paced_us = self.heard_us = self.us
        self.said_fed_us = -FED_US
        self.said_wdt_ms = 0

    def restore(self):
        """What was driven before this life is: LEDC goes on through a reset of the CPU (``hard_reset``), not a soft one."""
        for pin, level in self.told.items():
            self.mode[pin] = "out"
            self.inputs[pin] = True
            self.levels[pin] = 0 if isinstance(level, list) else level
            if isinstance(level, list) and self.cause != chips.SOFT_RESET:
                self.pwm[pin] = (level[0], level[1], self.us)
                self.began_us[pin] = self.us - chips.PWM_PERIOD_TENTH_US
                self.inputs[pin] = not self.port.input_off

    def advance(self, us, where=chips.PYTHON):
        """Let time pass, really."""
        target_us = self.us + us
        while target_us - self.us > LISTEN_US:
            super().advance(LISTEN_US, where)
            self._pace()
        super().advance(target_us - self.us, where)
        if self.us - self.paced_us >= PACE_US:
            self._pace()

    def _pace(self):
        now_us = real.ticks_us()
        lived_us = (self.us - self.paced_us) * 100 // self.speed_percent
        ahead_us = lived_us - real.ticks_diff(now_us, self.real_us)
        if ahead_us > 0:
            real.sleep_us(ahead_us)
        if ahead_us > -LATE_US:
            self.real_us = real.ticks_add(self.real_us, lived_us)
        else:
            self.real_us = now_us
        self.paced_us = self.us
        if self.us - self.heard_us >= LISTEN_US:
            self.heard_us = self.us
            if self.contacts() != self.told_contacts:
                self.told_contacts = self.contacts()
                self.say("contacts %d" % self.told_contacts)
            for _ in self.poll.ipoll(0):
                line = self.pipe.readline()
                if line == INTERRUPT:
                    self.interrupt_at_us = self.us
                elif line:
                    self.say("answer " + self.hear(line.decode().strip()))

    def interrupting(self):
        """The relay sends a signal where nobody hears: the VM raises that at any instant, even while it collects."""
        self.say("interrupted")

    def say(self, line):
        """Tell the relay."""
        if self.report:
            self.report.write(line + "\n")

    @property
    def rtc(self):
        """The RTC's memory: the relay keeps it until the power goes."""
        return self.memory

    @rtc.setter
    def rtc(self, data):
        self.memory = data
        self.say("rtc " + hexlify(data).decode())

    def fed(self):
        """The watchdog is fed once a tick: the CPU time of a tick passes here."""
        super().fed()
        if self.us - self.said_fed_us >= FED_US or self.wdt_ms != self.said_wdt_ms:
            self.said_fed_us = self.us
            self.said_wdt_ms = self.wdt_ms
            self.say("fed %d" % self.wdt_ms)
        self.advance(self.tick_cpu_us)

    def hard_reset(self, cause):
        """The end of this process: no line of firmware runs after this."""
        self.say("reset %d" % cause)
        while True:
            real.sleep(1)

    def changed(self):
        """A pin changed: the world hears of it, and the relay of what a soft reset leaves as it is."""
        super().changed()
        levels = {pin: self.levels.get(pin, 0) for pin, mode in self.mode.items() if mode == "out"}
        levels.update({pin: [pwm[0], pwm[1]] for pin, pwm in self.pwm.items()})
        if levels != self.told:
            self.told = levels
            self.say("levels " + json.dumps(levels))


class FileFlash:
    """The flash chip's file system partition, in a file; ``cut_after`` writes from now the power goes, mid-write.

    Programming a page takes its typical time (W25Q32JV datasheet, as in proofs/wear.py), erasing a sector what it is told to,
    reading what bench/chip/nor.py says.
    """

    def __init__(self, file, blocks, chip):
        self.file = file
        self.chip = chip
        self.blocks = blocks
        self.cut_after = None
        self.power_cut = None
        self.owed_us = 0

    def readblocks(self, block, buffer, offset=0):
        """Fill ``buffer``."""
        self.file.seek(block * BLOCK + offset)
        self.file.readinto(buffer)
        self._take(READ_US + len(buffer) // READ_BYTES_US, chips.NATIVE)

    def writeblocks(self, block, buffer, offset=0):
        """Write ``buffer``, or half of it and no more."""
        self.file.seek(block * BLOCK + offset)
        if self.cut_after is not None:
            self.cut_after -= 1
            if self.cut_after < 0:
                self.file.write(memoryview(buffer)[: len(buffer) // 2])
                self.power_cut()
        self.file.write(buffer)
        self._take((len(buffer) + PAGE - 1) // PAGE * PROGRAM_US, chips.FLASH)

    def ioctl(self, operation, _):
        """Block count, block size; erasing takes its time; the rest needs nothing."""
        if operation == BLOCK_COUNT:
            return self.blocks
        if operation == BLOCK_SIZE:
            return BLOCK
        if operation == ERASE:
            self._take(self.chip.flash_erase_us, chips.FLASH)
        return 0

    def _take(self, us, where):
        """Let the chip's time pass: later, where littlefs closes a forgotten file for the collector, as nothing may allocate."""
        self.owed_us += us
        if self.owed_us < PACE_US:
            return
        try:
            bytearray(1)
        except MemoryError:
            return
        us, self.owed_us = self.owed_us, 0
        self.chip.advance(us, where)

    def is_blank(self):
        """True when nothing was ever written to the first block."""
        first = bytearray(BLOCK)
        self.readblocks(0, first)
        return first == b"\xff" * BLOCK


class PtyWire:
    """What the RS-485 transceiver is wired to: a pty, so that real programs are on the line. One byte is as good as another's."""

    upside_down = inverted = False

    def __init__(self, fd, de_pin):
        self.file = open(fd, "r+b")
        self.de_pin = de_pin
        self.poll = select.poll()
        self.poll.register(self.file, select.POLLIN)
        self.piece = bytearray(512)

    def take(self, us, _baud, _parity):
        """What has come, if a program is there."""
        if not any(event & select.POLLIN for _, event in self.poll.poll(0)):
            return ()
        try:
            count = self.file.readinto(self.piece)
        except OSError:
            count = 0  # the program has just gone
        return [(us, byte) for byte in self.piece[: count or 0]]

    def send(self, _us, data, _baud, _parity, _hold_us):
        """Nobody there, or nobody reads: it is lost, as on a wire."""
        try:
            self.file.write(data)
        except OSError:
            return


def start(command_fd, report_fd, names):
    """Power on: mount the flash, run boot.py and, unless told otherwise, main.py in ``names``; then comes the REPL."""
    try:
        scripts = power_on(command_fd, report_fd)
    except Exception as error:
        sys.print_exception(error)
        while True:  # the REPL would stand in the PC's own files
            real.sleep(1)
    names.clear()
    names["__name__"] = "__main__"
    for script in scripts:
        run(script, names)


def power_on(command_fd, report_fd):
    """Wire the chip up and mount its flash; returns the scripts to run."""
    pipe = open(command_fd, "rb")
    report = open(report_fd, "w")
    told = dict(START)
    told.update(json.loads(pipe.readline()))
    path = sys.path[:]
    sys.path[:] = [told["tools"] + "/bench/chip/fakes", told["board"], told["tools"]]
    for name in ("machine", "esp32", "time"):
        sys.modules.pop(name, None)
        __import__(name)
    __import__("board")
    board = sys.modules.pop("board")
    sys.path[:] = path

    chip = LiveChip(board.ADC_READ_US, pipe, report, told)
    chips.attach(chip)
    prices = [us * told["price_percent"] // 100 for us in board.TICK_CPU_US]
    chip.tick_cpu_us = sum(prices[:-1])  # of all parts but a collection

    def spend(part):
        """For what measures a tick by part: each is paid as it is passed, and no more at the tick's end."""
        chip.tick_cpu_us = 0
        if PARTS[part] is not None:
            chip.advance(prices[PARTS[part]] * board.CPU_HZ // chip.cpu_hz)

    sys.modules["machine"].spend = spend
    if told["bus_fd"] >= 0 and board.RS485_RX_PIN is not None:
        chip.wires[board.RS485_RX_PIN] = PtyWire(told["bus_fd"], board.RS485_DE_PIN)
    image = open(told["flash"], "r+b")
    flash = FileFlash(image, os.stat(told["flash"])[6] // BLOCK, chip)
    flash.power_cut = lambda: chip.hard_reset(chips.PWRON_RESET)
    bench = deeds.Bench(deeds.world(chip, board), flash)
    chip.hear = bench.hear
    for line in told["commands"]:
        bench.hear(line)
    world, switch = bench.world, bench.world.switch
    chip.restore()
    driven = chip.levels.get(board.CONTACTOR_PIN, 0)
    if world.supervisor is not None:  # it has let go by now
        world.supervisor.level, world.supervisor.driven = chip.levels.get(board.SUPERVISOR_PIN, 0), driven
        driven = 0
    world.coil = switch.coil = driven
    world.contactor = switch.closed = int(bool(told["contacts"] and (switch.welded or driven)))
    world.pins_changed()
    chip.contacts = lambda: switch.closed
    if chip.cause != chips.SOFT_RESET:
        start_up(chip, world, told["at_s"])

    if flash.is_blank():
        vfs.VfsLfs2.mkfs(flash)
    vfs.umount("/")
    sys.path[:] = ["", "/lib"]
    try:
        vfs.mount(vfs.VfsLfs2(flash), "/")
        os.chdir("/")
    except OSError as error:
        print("The filesystem appears to be corrupted:", error)
    chip.say("up")
    return ("boot.py", "main.py") if told["run_main"] else ("boot.py",)


def start_up(chip, world, at_s):
    """The boot ROM and the port's own start, until boot.py: what is driven stays so, and power flows where it did."""
    until_us = chip.us + max(chips.BOOT_MS * 1000 - int((real.time() - at_s) * 1000000) * chip.speed_percent // 100, 0)
    world.judge.step = lambda dt_ms: None  # no firmware runs that could keep a promise
    while chip.us < until_us:
        chip.advance(1000)
        world.catch_up(chip.us)
    del world.judge.step


def run(script, names):
    """Run a file of the chip's, if it is there, as the port does."""
    try:
        with open(script) as file:
            source = file.read()
    except OSError:
        return
    try:
        exec(compile(source, script, "exec"), names)
    except BaseException as error:
        sys.print_exception(error)
