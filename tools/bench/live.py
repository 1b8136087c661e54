"""A chip on a desk: the virtual chip in real time, with its flash in a file. Runs in the MicroPython VM only.

`tools/headroom_tools/device/device_relay.py` starts it, one process for each life of the interpreter (a reset ends it), hands
it lines on one pipe and gets lines on another:

    to the chip     one JSON object with START's keys, then bench commands: see ``COMMANDS``
    from the chip   "up" (it listens from now), "reset CAUSE" (end this process), "fed MS" (watchdog), "levels {...}"
                    (pins that outlive a reset of the CPU), "rtc HEX" (what outlives all with current),
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

from bench import orders
from bench.chip import chip as chips
from bench.world import analog, broken_clamps, world

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
    "bus_fd": -1,
}
HOUSE = {"breaker_ma": 25000, "need_mwh": None, "volts": 230, "hz": 50, "seed": 1, "plugged_ms": []}
HOUSE_MA = (2000, 2000, 2000)  # until somebody tells: with nothing at all the clamps are taken for ones that fell off
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


# order: what is wrong with a clamp, in bench/world/broken_clamps.py's words
CLAMPS = {
    "ajar": "jaw ajar, less than the car draws",
    "bias": "bias lost",
    "burden": "burden missing",
    "clipped": "clipped at the rails",
    "error": "ADC fails for good",
    "frozen": "frozen reading",
    "ground": "input shorted to GND",
    "noisy": "noisy",
    "rail": "input shorted to 3.3 V",
    "storm": "storm of outliers",
    "swapped": "clamps of two phases swapped",
    "unplugged": "clamp unplugged",
}
SENSORS = {
    "temperature": "TEMPERATURE_PIN",
    "proximity": "PROXIMITY_PIN",
    "rail": "RAIL_PIN",
    "voltage": "VOLTAGE_PIN",
    "pilot": "PILOT_ADC_PIN",
}
READS = {"torn": 4095, "shorted": 0}  # counts behind a pull-up, and at GND


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
        self.cause = chips.CAUSES.get(start["cause"], start["cause"])
        self.levels = {int(pin): level for pin, level in start["levels"].items()}
        self.mode = dict.fromkeys(self.levels, "out")
        self.inputs = dict.fromkeys(self.levels, True)
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


class Bench:
    """The house and the car around the chip, and the commands that change them."""

    def __init__(self, chip, board, flash):
        self.chip = chip
        self.flash = flash
        scenario = dict(HOUSE)
        scenario.update(CAR)
        self.world = world.World(chip, board, scenario, [])
        self.world.house_ma = HOUSE_MA
        self.world.t_ms = chip.us // 1000
        analog.wire(self.world)
        self.whole = dict(chip.analog)

    def hear(self, line):
        """Carry one command out; returns one line."""
        try:
            name, values = orders.read(line)
            return COMMANDS[name](self, *values) or self.look()
        except orders.Unfit as unfit:
            return "error %s" % unfit

    def plug(self, *figures):
        """plug [A [PHASES]]: a car is plugged in; without figures the one that was there."""
        car = self.world.car
        if figures:
            car.max_ma, car.phases = figures
        car.plug(True)

    def unplug(self):
        """unplug: the car drives away."""
        self.world.car.plug(False)

    def house(self, *house_ma):
        """house A [A A]: what the house draws on L1, L2, L3; the phases not told go on as they were."""
        self.world.house_ma = house_ma + tuple(self.world.house_ma[len(house_ma) :])

    def fault(self, name, happened):
        """fault NAME [on|off]: one of FAULTS happens, or is mended."""
        part, attribute, broken, sound = FAULTS[name]
        setattr(getattr(self.world, part), attribute, broken if happened else sound)
        if name == "weld" and not happened:
            self.world.switch.left_ms = self.world.switch.open_ms  # its contacts follow the coil again

    def clamp(self, phase, what):
        """clamp L1 WHAT: a clamp is on backwards, or broken in one of CLAMPS' ways; ok: mended."""
        live, analog_pins = self.world, self.chip.analog
        pins = live.board.CT_PINS
        if phase >= len(pins) or (what == "swapped" and len(pins) == 1):
            raise orders.Unfit("clamp: board %s has %d" % (live.board.NAME, len(pins)))
        analog_pins[pins[phase]] = self.whole[pins[phase]]
        if what == "backwards":
            analog_pins[pins[phase]] = analog.clamp(live, phase, sign=-1)
        elif what != "ok":
            broken_clamps.install(live, CLAMPS[what], phase, live.random)

    def sensor(self, name, what):
        """sensor NAME torn|shorted|ok: an analog input has lost its sensor, or its pin is at GND."""
        pin = getattr(self.world.board, SENSORS[name])
        if pin is None:
            raise orders.Unfit("sensor: board %s has no %s" % (self.world.board.NAME, SENSORS[name]))
        counts = READS.get(what)
        self.chip.analog[pin] = self.whole[pin] if counts is None else lambda us: counts

    def wiring(self, lines, between):
        """wiring L2L3L1 or L1-L2: the supply's phases that the charger's own are on; mends the clamps."""
        live = self.world
        rest = tuple([phase for phase in range(3) if phase not in lines])
        live.lines, live.between = lines + rest, between
        live.car.phases = min(live.car.phases, 1 if between else len(lines))
        analog.wire(live)
        self.whole = dict(self.chip.analog)

    def volts(self, volts_mv):
        """volts V: the supply's voltage, phase to neutral."""
        self.world.volts_mv = volts_mv

    def dim(self, closed):
        """dim on|off: the grid operator's contact."""
        board = self.world.board
        if board.DIM_PIN is None:
            raise orders.Unfit("dim: board %s has no DIM_PIN; metered has one" % board.NAME)
        self.world.dimmed = closed

    def cut_after(self, writes):
        """cut-after N: the power goes in the middle of the Nth write to the flash from now."""
        self.flash.cut_after = writes
        return "the power goes at flash write %d" % writes

    def look(self):
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
    "clamp": Bench.clamp,
    "sensor": Bench.sensor,
    "wiring": Bench.wiring,
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
    sys.path[:] = [told["tools"] + "/bench/chip/fakes", told["board"], told["tools"]]
    for name in ("machine", "esp32", "time"):
        sys.modules.pop(name, None)
        __import__(name)
    __import__("board")
    board = sys.modules.pop("board")
    sys.path[:] = path

    chip = LiveChip(board.ADC_READ_US, pipe, report, told)
    chips.attach(chip)
    chip.tick_cpu_us = sum(board.TICK_CPU_US[:-1])  # of all parts but a collection
    if told["bus_fd"] >= 0 and board.RS485_RX_PIN is not None:
        chip.wires[board.RS485_RX_PIN] = PtyWire(told["bus_fd"], board.RS485_DE_PIN)
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
