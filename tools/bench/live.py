"""A chip on a desk: the virtual chip in real time, with its flash in a file. Runs in the MicroPython VM only.

`tools/headroom_tools/device_relay.py` starts it, one process for each life of the interpreter (a reset ends it), hands
it lines on one pipe and gets lines on another:

    to the chip     one JSON object with START's keys, then bench commands: see ``COMMANDS``
    from the chip   "up" (it listens from now), "reset CAUSE" (end this process), "fed MS" (watchdog), "levels {...}"
                    (pins that outlive a soft reset), "rtc HEX" (what outlives a hard one),
                    "contacts 0|1" (welded ones outlive all), "answer TEXT" (to a command)

The firmware sees what a chip shows it: its own littlefs at ``/``, ``machine`` and ``time`` from the bench, a terminal.
"""

import json
import os
import select
import sys
import time as real  # before the fakes are found
from binascii import hexlify, unhexlify

import vfs

from bench import analog, world
from bench import chip as chips

BLOCK = 4096
PACE_US = 1000  # virtual time between two looks at the real clock
LISTEN_US = 10000  # and between two looks at the pipe
LATE_US = 100000  # further behind than this, time is lost instead of made up for
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
    "contacts": 0,
    "commands": [],
}
HOUSE = {"breaker_ma": 25000, "need_mwh": None, "volts": 230, "hz": 50, "seed": 1, "plugged_ms": []}
CAR = {"car_ma": 32000, "car_phases": 1, "car": "plain"}

# name: part of the world, its attribute, the attribute's value when broken, and when sound
FAULTS = {
    "residual": ("residual", "leak", True, False),
    "weld": ("switch", "welded", True, False),
    "contactor": ("switch", "dead", True, False),
    "diode": ("circuit", "diode", False, True),
    "short": ("circuit", "short_ohm", 0, None),
    "earth": ("circuit", "earth", False, True),
}


RELAYED = ("cut", "reset")  # commands that the relay carries out


class LiveChip(chips.Chip):
    """The virtual chip, no faster than the clock on the wall; between two paces it hears what the bench is told."""

    def __init__(self, adc_read_us, pipe, report, start):
        self.report = None
        super().__init__(adc_read_us)
        self.report = report
        self.pipe = pipe
        self.hear = None  # takes one command, returns the answer
        self.contacts = lambda: 0  # the contactor's, closed: told when they change
        self.told_contacts = start["contacts"]
        self.us = start["us"]
        self.speed_percent = start["speed_percent"]
        self.cause = start["cause"]
        self.levels = {int(pin): level for pin, level in start["levels"].items()}
        self.mode = dict.fromkeys(self.levels, "out")
        self.told = dict(self.levels)
        self.memory = unhexlify(start["rtc"])
        self.tick_cpu_us = 0
        self.poll = select.poll()
        self.poll.register(pipe, select.POLLIN)
        self.real_us = real.ticks_us()
        self.paced_us = self.heard_us = self.us
        self.said_fed_us = -FED_US
        self.said_wdt_ms = 0

    def advance(self, us):
        """Let time pass, really."""
        target_us = self.us + us
        while target_us - self.us > LISTEN_US:
            super().advance(LISTEN_US)
            self._pace()
        super().advance(target_us - self.us)
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
                if line:
                    self.say("answer " + self.hear(line.decode().strip()))

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
        if levels != self.told:
            self.told = levels
            self.say("levels " + json.dumps(levels))


class FileFlash:
    """The flash chip's file system partition, in a file; ``cut_after`` writes from now the power goes, mid-write."""

    def __init__(self, file, blocks):
        self.file = file
        self.blocks = blocks
        self.cut_after = None
        self.power_cut = None

    def readblocks(self, block, buffer, offset=0):
        """Fill ``buffer``."""
        self.file.seek(block * BLOCK + offset)
        self.file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=0):
        """Write ``buffer``, or half of it and no more."""
        self.file.seek(block * BLOCK + offset)
        if self.cut_after is not None:
            self.cut_after -= 1
            if self.cut_after < 0:
                self.file.write(memoryview(buffer)[: len(buffer) // 2])
                self.power_cut()
        self.file.write(buffer)

    def ioctl(self, operation, _):
        """Block count, block size; the rest needs nothing."""
        return {4: self.blocks, 5: BLOCK}.get(operation, 0)

    def is_blank(self):
        """True when nothing was ever written to the first block."""
        first = bytearray(BLOCK)
        self.readblocks(0, first)
        return first == b"\xff" * BLOCK


class Unfit(ValueError):
    """A bench command asks for what cannot be; the message says what can."""


def milliamps(word, low_a, high_a):
    """A current in mA; Unfit outside its range."""
    amps = float(word)
    if not low_a <= amps <= high_a:
        raise Unfit("give %d to %d A" % (low_a, high_a))
    return int(amps * 1000)


class Bench:
    """The house and the car around the chip, and the commands that change them."""

    def __init__(self, chip, board, flash):
        self.chip = chip
        self.flash = flash
        scenario = dict(HOUSE)
        scenario.update(CAR)
        self.world = world.World(chip, board, scenario, [])
        self.world.t_ms = chip.us // 1000
        analog.wire(self.world)

    def hear(self, line):
        """Carry one command out; returns one line."""
        words = line.split()
        command = COMMANDS.get(words[0] if words else "")
        if command is None:
            return "error no command '%s'; there are: %s" % (line, ", ".join(sorted(list(COMMANDS) + list(RELAYED))))
        try:
            return command(self, words[1:]) or self.look([])
        except Unfit as unfit:
            return "error %s: %s" % (line, unfit)
        except (ValueError, IndexError, KeyError):
            return "error '%s' is not understood" % line

    def plug(self, words):
        """plug [A [PHASES]]: a car is plugged in; without figures the one that was there."""
        car = self.world.car
        if words:
            max_ma = milliamps(words[0], 6, 80)
            phases = int(words[1]) if len(words) > 1 else 1
            if phases not in (1, 3):
                raise Unfit("a car has 1 or 3 phases")
            car.max_ma, car.phases = max_ma, phases
        car.plug(True)

    def unplug(self, _):
        """unplug: the car drives away."""
        self.world.car.plug(False)

    def house(self, words):
        """house A [A A]: what the house draws on L1, L2, L3."""
        if not 1 <= len(words) <= 3:
            raise Unfit("give A for L1, or for L1, L2 and L3")
        self.world.house_ma = tuple(([milliamps(word, 0, 1000) for word in words] + [0, 0])[:3])

    def fault(self, words):
        """fault NAME on|off: one of FAULTS happens, or is mended."""
        if words[0] not in FAULTS:
            return "error no fault '%s'; there are: %s" % (words[0], ", ".join(sorted(FAULTS)))
        part, attribute, broken, sound = FAULTS[words[0]]
        setattr(getattr(self.world, part), attribute, {"on": broken, "off": sound}[words[1]])
        if words == ["weld", "off"]:
            self.world.switch.left_ms = self.world.switch.open_ms  # its contacts follow the coil again
        return None

    def volts(self, words):
        """volts V: the supply's voltage, phase to neutral."""
        if not 0 <= float(words[0]) <= 450:
            raise Unfit("give 0 to 450 V")
        self.world.volts_mv = int(float(words[0]) * 1000)

    def dim(self, words):
        """dim on|off: the grid operator's contact."""
        if self.world.board.DIM_PIN is None:
            raise Unfit("board %s has no DIM_PIN; metered has one" % self.world.board.NAME)
        self.world.dimmed = {"on": True, "off": False}[words[0]]

    def cut_after(self, words):
        """cut-after N: the power goes in the middle of the Nth write to the flash from now."""
        self.flash.cut_after = int(words[0])
        return "the power goes at flash write %s" % words[0]

    def look(self, _):
        """look: what a person at the wall would see, as JSON."""
        live = self.world
        return json.dumps(
            {
                "pilot": live.letter(),
                "offered_ma": live.offered_ma,
                "contactor": bool(live.contactor),
                "car_ma": live.car.drawn_ma,
                "house_ma": list(live.house_ma),
                "uptime_ms": self.chip.us // 1000,
            }
        )


COMMANDS = {
    "plug": Bench.plug,
    "unplug": Bench.unplug,
    "house": Bench.house,
    "fault": Bench.fault,
    "volts": Bench.volts,
    "dim": Bench.dim,
    "cut-after": Bench.cut_after,
    "look": Bench.look,
}


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
    sys.path[:] = [told["tools"] + "/bench/fakes", told["board"], told["tools"]]
    for name in ("machine", "time"):
        sys.modules.pop(name, None)
        __import__(name)
    __import__("board")
    board = sys.modules.pop("board")
    sys.path[:] = path

    chip = LiveChip(board.ADC_READ_US, pipe, report, told)
    chips.attach(chip)
    chip.tick_cpu_us = board.TICK_CPU_US
    image = open(told["flash"], "r+b")
    flash = FileFlash(image, os.stat(told["flash"])[6] // BLOCK)
    flash.power_cut = lambda: chip.hard_reset(chips.PWRON_RESET)
    bench = Bench(chip, board, flash)
    chip.hear = bench.hear
    for line in told["commands"]:
        bench.hear(line)
    bench.world.switch.closed = int(bench.world.switch.welded and told["contacts"])
    chip.contacts = lambda: bench.world.switch.closed

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
