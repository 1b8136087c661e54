"""A chip on a desk: the virtual chip in real time, with its flash in a file. Runs in the MicroPython VM only.

`tools/headroom_tools/device/device_relay.py` starts it, one process for each life of the interpreter (a reset ends it), hands
it lines on one pipe and gets lines on another:

    to the chip     one JSON object with START's keys, then bench commands: see ``COMMANDS``
    from the chip   "up" (it listens from now), "reset CAUSE" (end this process), "fed MS" (watchdog), "levels {...}"
                    (pins that outlive a reset of the CPU: a level, or [Hz, duty] of one that LEDC drives), "rtc HEX" (what
                    outlives all with current),
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
from bench.chip import ports
from bench.world import adc, analog, broken_clamps, jig

BLOCK = 4096
ERASE = 6  # an ioctl of vfs's block devices
PAGE, PROGRAM_US = 256, 400
ERASE_US = 45000  # typical of a sector (W25Q32JV)
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

HOUSE = {"breaker_ma": 25000, "need_mwh": None, "volts": 230, "hz": 50, "seed": 1, "plugged_ms": []}
HOUSE_MA = (2000, 2000, 2000)  # until somebody tells: with nothing at all the clamps are taken for ones that fell off
CAR = {"car_ma": 32000, "car_phases": 1, "car": "plain"}

# name: part of the world, its attribute, the attribute's value when broken, and when sound
FAULTS = {
    "aux": ("switch", "read_back_stuck", 0, None),
    "bus": (None, "bus_dead", True, False),
    "button": (None, "button_dead", True, False),
    "deaf": ("residual", "deaf", True, False),
    "lamp": (None, "lamp_dead", True, False),
    "line": (None, "line_open", 0, -1),
    "lock": ("lock", "jammed", True, False),
    "monitor": (None, "monitor_dead", True, False),
    "plug": (None, "plug_out", True, False),
    "pole": (None, "pole_welded", True, False),
    "relays": (None, "relays_dead", True, False),
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
        levels.update({pin: [pwm[0], pwm[1]] for pin, pwm in self.pwm.items()})
        if levels != self.told:
            self.told = levels
            self.say("levels " + json.dumps(levels))


class FileFlash:
    """The flash chip's file system partition, in a file; ``cut_after`` writes from now the power goes, mid-write.

    Programming a page takes its typical time (W25Q32JV datasheet, as in proofs/wear.py), erasing a sector what it is told to.
    """

    def __init__(self, file, blocks, chip):
        self.file = file
        self.chip = chip
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
        self.chip.advance((len(buffer) + PAGE - 1) // PAGE * PROGRAM_US)

    def ioctl(self, operation, _):
        """Block count, block size; erasing takes its time; the rest needs nothing."""
        if operation == ERASE:
            self.chip.advance(self.chip.flash_erase_us)
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
        self.world = jig.JigWorld(chip, board, scenario, [])
        self.world.house_ma = HOUSE_MA
        self.world.t_ms = chip.us // 1000
        self.made = {
            name: getattr(getattr(self.world, place) if place else self.world, attribute)
            for name, (place, attribute) in jig.PARTS.items()
        }
        self._wire()

    def _wire(self):
        analog.wire(self.world)
        board, off_c = self.world.board, self.world.ntc_off_c
        if board.TEMPERATURE_PIN is not None and off_c:  # near 25 degrees an NTC changes by beta / 298^2 per kelvin
            ohm = board.NTC_R25_OHM * (1000000 - off_c * (board.NTC_BETA * 1000000 // 88804)) // 1000000
            counts = adc.transfer(self.world.parts.vref_mv, self.world.parts.bent_adc)[
                board.RAIL_MV * 4 * ohm // (ohm + board.NTC_PULLUP_OHM)
            ]
            self.chip.analog[board.TEMPERATURE_PIN] = lambda us: counts
        self.whole = dict(self.chip.analog)
        self.swapped = []  # pairs of channels whose clamps sit on each other's phase

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
        if name in ("diode", "short") and self.world.relays_dead:
            return
        part, attribute, broken, sound = FAULTS[name]
        setattr(getattr(self.world, part) if part else self.world, attribute, broken if happened else sound)
        if name == "weld" and not happened:
            self.world.switch.left_ms = self.world.switch.open_ms  # its contacts follow the coil again

    def clamp(self, phase, what):
        """clamp L1 WHAT: a clamp is on backwards, or broken in one of CLAMPS' ways; ok: mended."""
        live, analog_pins = self.world, self.chip.analog
        pins = live.board.CT_PINS
        if phase >= len(pins) or (what == "swapped" and len(pins) == 1):
            raise orders.Unfit("clamp: board %s has %d" % (live.board.NAME, len(pins)))
        for pair in [each for each in self.swapped if phase in each]:  # mending one of them mends both
            self.swapped.remove(pair)
            analog_pins.update({pins[each]: self.whole[pins[each]] for each in pair})
        analog_pins[pins[phase]] = self.whole[pins[phase]]
        if what == "swapped":
            self.swapped.append((phase, (phase + 1) % len(pins)))
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
        self._wire()

    def jig(self, name, value, kind=None):
        """jig RELAY POSITION, jig cable OHM, jig leak MA dc|ac: what a test jig does to the board."""
        live = self.world
        if name == "state":
            live.forced_state = None if value == "car" else "ABCD".index(value)
        elif name == "cable":
            ohm = value or jig.CABLE_OPEN_OHM
            live.cable_ohm = ohm * (100 + live.pullup_off_percent) // 100
        elif name == "leak":
            live.leak_ua, live.leak_ac = value, kind == "ac"
        else:
            setattr(live, RELAYS[name], value != orders.RELAYS[name][0])
        live.switched()

    def bag(self, seed):
        """bag SEED: another board's analog front end; a part told afterwards is put into that."""
        self.world.draw(seed)
        self._wire()

    def part(self, name, value, channel):
        """part NAME VALUE [L1]: one part has another value than it should."""
        try:
            self.world.fit(name, value, channel)
        except (ValueError, IndexError):
            raise orders.Unfit("part: there is no %s here" % name) from None
        self._wire()

    def mend(self):
        """mend: faults, parts, clamps and sensors are as they were when the board was made."""
        for name in FAULTS:
            self.fault(name, False)
        for name, value in self.made.items():
            place, attribute = jig.PARTS[name]
            setattr(getattr(self.world, place) if place else self.world, attribute, value)
        self.world.parts = None
        self._wire()

    def probe(self):
        """probe: what a jig's instruments see, as JSON."""
        return json.dumps(self.world.probe())

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


RELAYS = {"earth": "earth_open", "aux": "aux_held", "button": "pressed"}

COMMANDS = {
    "bag": Bench.bag,
    "jig": Bench.jig,
    "mend": Bench.mend,
    "part": Bench.part,
    "probe": Bench.probe,
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
    bench = Bench(chip, board, flash)
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
