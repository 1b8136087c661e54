"""Random fault injection on the whole firmware, on the bench: sensors lie, outputs stick, resets and exceptions strike.

The real boot.py, main.py and charger run as on the chip (rms fidelity, so that a step is a tick), with the real law,
store and console; every other run is on a board with a socket, a lock, a voltage input and a clamp on the car, and each is wired
to the next of GRIDS. Each step
draws one mishap or none; after each the judge (``bench.world.judge``) holds the promises against the world, not against the
firmware's opinion; here stand only the rules of what the judge cannot see: the meter in doubt, what a setting that was
saved through the console must do, what a reset must not forget, what an ended program leaves behind. Every third run is
a night, in which only the surroundings misbehave: in the morning the car must get its power without a hand.
Exceptions strike inside any call of the hardware (pins, PWM, watchdog, RTC, files) and, Ctrl-C among them, at any
bytecode of the firmware. A run is made from a seed, so a failure can be told as a script: it is cut down to the shortest
list of mishaps that still breaks the rule, one a line.

Not here, for rms fidelity has no clamps and no line: the calibration, and what ``hz`` does after a reboot.

Usage: python tools/proofs/inject.py [STEPS [SEED]]
"""

import contextlib
import io
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "tools")]
from bench import host
from bench.chip import chip as chips
from bench.chip import ports
from bench.chip.terminal import Terminal
from bench.table import Table
from bench.world.car import Random
from bench.world.judge import Breach
from bench.world.world import LINE_MOHM
from headroom_tools.common import arguments

BURSTS = 10  # in a run
TICK_MS = 25
# A closed contactor may outlive its reason by: a tick to see it, the slowest row that opens at once (60 ms), the coil.
OPEN_WITHIN_MS = 200
SAFE_MA, SAFE_WITHIN_MS = 6000, 500 + 5000 + OPEN_WITHIN_MS  # a meter in doubt, then the hold: as set by default
SET_WITHIN_MS = 1000 + OPEN_WITHIN_MS  # what was saved is on the pilot
CODED_MA = 50  # an offer is rounded down to a code: 250 A / 65536 and less than that again
STRANDED_S = 10800  # the longest wait that the law has is two hours: law/dwell.py, RELUCTANT_MS
KEPT_WITHIN_MS = 3000  # a fault that only a person clears outlives any reset once it has stood so long
NUMBER_MAX = 3600  # bytecodes of a tick, and some: a mishap's number says at which one it strikes
BOARDS = ("reference", "socket")
VERSIONS = {"reference": "1.23", "socket": ports.NEWEST}  # of MicroPython
HARDWARE = {
    "Pin": ("__init__", "init", "value"),
    "PWM": ("__init__", "duty_u16"),
    "WDT": ("__init__", "feed"),
    "RTC": ("memory",),
}
FILES = {"RamFiles": ("open", "mkdir"), "RamFile": ("read", "write", "close")}


# How the charger of a run is wired, and to what: name: (boards that can, scenario, settings); each run takes the next one
THREE = {"phases": 3, "car_phases": 3}
GRIDS = {
    "one phase": (BOARDS, {}, {}),
    "three phases": (("reference",), THREE, {}),
    "rotated": (("reference",), {**THREE, "wiring": (1, 2, 0)}, {"wiring": "l2l3l1", "phases": 3}),
    "on L2 alone": (("reference",), {"phases": 3, "wiring": (1, 0, 2)}, {"wiring": "l2", "phases": 1}),
    "on L2 and L3": (
        ("reference",), {"phases": 3, "car_phases": 2, "wiring": (1, 2, 0)}, {"wiring": "l2l3", "phases": 2},
    ),
    "between two lines": (
        ("reference",), {"phases": 3, "volts": 133, "between": True}, {"wiring": "l1-l2", "phases": 1, "mains_v": 133},
    ),
    "breakers of its own": (("reference",), THREE, {"breaker_l2_ma": 13000, "total_w": 9000, "rise_ma_s": 400}),
    "a weak line": (("socket",), {"line_mohm": 900}, {}),
    "panels feed in": (("socket",), {}, {"exports": "yes", "solar": "minimum"}),
}  # fmt: skip


class Broken(AssertionError):
    """A rule of the world was broken."""


class Striker:
    """Raises inside the firmware: at the n-th bytecode from now, or in the n-th call of the hardware."""

    def __init__(self, classes):
        self.error = None
        self.left = 0  # calls of the hardware
        self.then = None  # (calls of the hardware, error) to follow a strike
        self.hits = 0
        self.undo = []
        for owner, names in classes:
            for name in names:
                plain = vars(owner)[name]
                self.undo.append((owner, name, plain))
                setattr(owner, name, self._watched(plain))

    def remove(self):
        """The hardware is as it was."""
        self.disarm()
        for owner, name, plain in self.undo:
            setattr(owner, name, plain)

    def disarm(self):
        """Nothing will strike."""
        self.error = self.then = None
        sys.settrace(None)

    def in_call(self, number, error):
        """Strike in the ``number``-th call of the hardware from now."""
        self.left, self.error = number, error

    def at_bytecode(self, number, error, then=None):
        """Strike at the ``number``-th bytecode of the firmware; ``then``: (calls, error) of a second strike."""
        left = [number]

        def trace(frame, event, _):
            if "/firmware/" not in frame.f_code.co_filename:
                return None
            frame.f_trace_opcodes = True
            if event == "opcode":
                left[0] -= 1
                if left[0] <= 0:
                    sys.settrace(None)
                    self.hits += 1
                    if then:
                        self.in_call(*then)
                    raise error("injected")
            return trace

        sys.settrace(trace)
        frame = sys._getframe()
        while frame is not None:  # what runs already: main.py, the charger's run
            if "/firmware/" in frame.f_code.co_filename:
                frame.f_trace_opcodes = True
                frame.f_trace = trace
            frame = frame.f_back

    def _watched(self, plain):
        def call(*arguments, **named):
            if self.error is not None:
                self.left -= 1
                if self.left <= 0:
                    error, self.error = self.error, None
                    self.hits += 1
                    raise error("injected")
            return plain(*arguments, **named)

        return call


class Bench:
    """The firmware on its chip, and the mishaps that can happen to it; ``play`` runs a script of them."""

    def __init__(self, board, grid="one phase"):
        _, scenario, settings = GRIDS[grid]
        self.table = Table(
            [(0, 3000, 3000, 3000)],
            board=board,
            fidelity="rms",
            car_ma=32000,
            breaker_ma=25000,
            micropython=VERSIONS[board],
            **scenario,
            settings={
                **settings,
                "resume_dwell_ms": 5000,
                "rise_dwell_ms": 1000,
                "status_ms": 0,
            },  # dwells: more of a run under power
        )
        self.terminal = Terminal()
        self.world, self.chip = self.table.world, self.table.chip
        self.plain_charger = self.table.module.Charger
        self.table.module.Charger = lambda: Run(self)
        machine, files = host.fakes["machine"], sys.modules["bench.chip.nor"]
        self.strike = Striker(
            [(getattr(machine, name), names) for name, names in HARDWARE.items()]
            + [(getattr(files, name), names) for name, names in FILES.items()]
        )
        self.met = {}  # mishap: [how often, how often of that under power]
        self.mad = False  # the law is
        self.set_ms = 0  # since settings, house or meter last changed
        self.known = None
        self.doubted_ms = 0
        self.known_ma = SAFE_MA
        self.stays = self.kept = 0  # sets of faults that only a person clears: now, and for long enough
        self.stood_ms = 0
        self.steps = self.closed = 0
        self.broken = None
        self.cause = chips.PWRON_RESET
        self.chip.soft_reset()  # the table's own charger is gone: before 1.26 a PWM that was not ended keeps its pin's channel
        self.restarting_ms = 0  # since a reset of the chip, until boot.py
        self.done = False

    def play(self, mishaps):
        """Start the chip again and again until the script is through; returns (steps, steps closed, strikes, met)."""
        self.todo = self._actions(mishaps)
        try:
            while not self.done:
                self.start()
        except Breach as breach:  # while the chip is off, outside main.py
            raise Broken(str(breach)) from None
        finally:
            self.strike.remove()
            self.table.module.Charger = self.plain_charger
        return self.steps, self.closed, self.strike.hits, self.met

    def _actions(self, mishaps):
        for wait, name, number in mishaps:
            for _ in range(WAIT_STEPS if name == WAIT else wait):
                if name == WAIT and self.world.coil:
                    break
                yield self.tick
            if name != WAIT:
                yield lambda name=name, number=number: self.meet(name, number)
        self.done = True
        raise chips.Reset("the script is through")

    def meet(self, name, number):
        """A mishap happens, and is counted."""
        met = self.met.setdefault(name, [0, 0])
        met[0] += 1
        met[1] += self.world.switch.closed
        MISHAPS[name](self, number)

    def start(self):
        """From reset to the end of main.py, and what then ends its program: the watchdog, or a person's Ctrl-D."""
        chip = self.chip
        if chip.dead:
            while self.restarting_ms < chips.BOOT_MS:
                self.restarts()
            self.restarting_ms = 0
            chip.revive()
        self.ran = False
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                host.load(entry="boot", fresh=False)
                if self.world.coil or self.world.offered_ma:
                    raise Broken("the coil is on, or an offer on the pilot, after boot.py")
                host.load(entry="main", fresh=False)
        except (
            chips.Reset,
            Breach,
            KeyboardInterrupt,
            Exception,
        ) as error:  # out of main.py: a Ctrl-C too many, a reset
            if isinstance(error, Broken):
                raise
        self.strike.disarm()
        self.judged()
        if self.broken:
            raise self.broken
        if not chip.dead:
            self._left_alone()

    def judged(self):
        """main.py may have caught what the judge threw; the judge has not forgotten it."""
        if self.world.judge.breach:
            raise Broken(str(self.world.judge.breach))

    def _left_alone(self):
        """Nothing of the firmware runs any more: the contactor is open, or the watchdog opens it within a second."""
        chip, world = self.chip, self.world
        if world.coil or world.offered_ma:
            if not 0 < chip.wdt_ms <= 1000:
                raise Broken("main.py ended, and left the contactor closed or an offer on the pilot")
            chip.hard_reset(chips.WDT_RESET)
        elif self.ran and chip.wdt_ms <= 60000:
            chip.hard_reset(chips.WDT_RESET)  # a crash, a minute later
        else:
            chip.soft_reset()  # a person's Ctrl-D
            if world.coil:
                raise Broken("the coil is on after main.py's end and a soft reset")

    def reset(self, cause):
        """The chip starts anew in the same world."""
        self.chip.hard_reset(cause)
        raise chips.Reset("injected")

    def restarts(self):
        """A piece of the time that a dead chip takes to boot.py; the judge looks on."""
        self.restarting_ms += TICK_MS
        self.chip.us += TICK_MS * 1000
        self.world.advance(self.world.t_ms + TICK_MS)

    def soft_reset(self):
        """What held the REPL lets go with the pins as they are: only boot.py stands between them and the next start."""
        self.chip.soft_reset()
        self.chip.dead = True
        raise chips.Reset("soft")

    def tick(self, step_ms=TICK_MS):
        """One tick, and the rules after it."""
        self.table.scan.step_ms = step_ms
        self.table.charger.tick()
        self.world.happen()
        self.steps += 1
        self.closed += self.world.coil
        self.check(step_ms)

    def check(self, step_ms):
        """The rules of the world."""
        world = self.world
        scan = self.table.scan
        charges_there = (
            self.table.charger.limits.wired & 1
        )  # a clamp in doubt where no car can be costs nobody anything
        if scan.answers and not (scan.doubts[0] and charges_there):
            self.doubted_ms = 0
            self.known_ma = max(world.offered_ma, SAFE_MA)
        else:
            self.doubted_ms += step_ms
        if self.doubted_ms > SAFE_WITHIN_MS + step_ms and world.offered_ma > SAFE_MA:
            raise Broken(f"offers {world.offered_ma} mA on a meter in doubt for {self.doubted_ms} ms")
        if self.doubted_ms and world.offered_ma > self.known_ma:
            raise Broken(f"offers {world.offered_ma} mA on a meter in doubt, {self.known_ma} mA when it was not")
        told_closed = world.contactor and world.switch.read_back_stuck is None
        if world.board.LOCK_PIN is not None and told_closed and self.chip.output(world.board.LOCK_OPEN_PIN):
            raise Broken("the lock is driven open under load")
        self.check_settings(step_ms)
        stays = self.table.charger.guard.latched()
        self.stood_ms = self.stood_ms + step_ms if stays == self.stays else 0
        self.stays = stays
        self.kept = stays if self.stood_ms >= KEPT_WITHIN_MS else self.kept & stays

    def check_settings(self, step_ms):
        """What a person was told is in force must be on the pilot."""
        values = self.table.charger.settings.values
        self.world.judge.installed_ma = values["charger_ma"]
        known = (values, self.world.house_ma)
        self.set_ms = self.set_ms + step_ms if known == self.known and not self.doubted_ms else 0
        self.known = known
        offered_ma = self.world.offered_ma
        if self.set_ms <= SET_WITHIN_MS + step_ms or not offered_ma:
            return
        if offered_ma < values["min_ma"] - CODED_MA:
            raise Broken(f"offers {offered_ma} mA where the household's least is {values['min_ma']} mA")
        most_ma = min(values["breaker_ma"], values["household_ma"])
        if offered_ma > most_ma and not self.mad:
            raise Broken(f"offers {offered_ma} mA where breaker and household allow {most_ma} mA")


class Run:
    """Stands where main.py looks for the charger: the real one, ticking as the script says."""

    def __init__(self, bench):
        self.bench = bench
        table = bench.table
        bench.stood_ms = bench.set_ms = 0
        bench.mad = False
        bench.terminal.__init__()
        table.charger = bench.plain_charger(table.scan, bench.terminal, table.module.Store(table.files))
        if bench.kept & ~table.charger.guard.latched():
            bench.broken = Broken(f"faults {bench.kept:b} stood, and a reset forgot some of them")
            raise bench.broken
        bench.ran = True

    def run(self):
        """Until something ends it."""
        bench = self.bench
        bench.table.charger.service.ready()
        for action in bench.todo:
            try:
                action()
            except Broken as broken:
                bench.broken = broken
                raise


def car_shows(state):
    """The car plays ``state`` by hand."""
    return lambda bench, _: setattr(bench.world, "forced_state", state)


def circuit(name, value):
    """The pilot circuit breaks, or mends."""
    return lambda bench, _: setattr(bench.world.circuit, name, value)


def switch(name, value):
    """The contactor breaks, or mends."""
    return lambda bench, _: setattr(bench.world.switch, name, value)


def bolt(name, value):
    """The socket's lock breaks, slips, or mends."""
    return lambda bench, _: setattr(bench.world.lock, name, value)


def supply(millivolts):
    """The supply's voltage; only a board with an input for it can know."""
    return lambda bench, _: setattr(bench.world, "volts_mv", millivolts)


def cable(ohm):
    """The coding in the socket; a tethered cable has none."""
    return lambda bench, _: setattr(bench.world, "cable_ohm", ohm)


def module(name, value):
    """The residual current module breaks, or mends."""
    return lambda bench, _: setattr(bench.world.residual, name, value)


def raises(part, method, error):
    """The next call of a part of the firmware raises."""

    def mishap(bench, _):
        owner = getattr(bench.table.charger, part)
        plain = getattr(owner, method)

        def once(*arguments):
            setattr(owner, method, plain)
            raise error("injected")

        setattr(owner, method, once)

    return mishap


def meter(code):
    """The scan doubts the clamp on L1: a row of terms/meter_faults.py."""
    return lambda bench, _: bench.table.scan.doubts.__setitem__(0, code)


MENDED = (
    b"\rset breaker_ma 25A\rset charger_ma 32A\rset min_ma 6A\rset household_ma 80A\rset phases 1\rset hz 50\rsave\r"
)


def setting(name, *values):
    """Somebody sets this on the console, and saves."""

    def mishap(bench, number):
        bench.terminal.send(b"\rset %s %s\rsave\r" % (name, values[number % len(values)]))

    return mishap


def another_car(steps, state):
    """A car leaves, and after ``steps`` ticks another one is there."""

    def mishap(bench, _):
        leaves(bench)
        for _ in range(steps):
            bench.tick()
        comes(bench, state)

    return mishap


def leaves(bench):
    """The connector is out."""
    bench.world.forced_state = 0
    bench.world.car.plug(False)


def comes(bench, state):
    """Another car is there; ``state`` None: it behaves, from B on."""
    bench.world.car.plug(True)
    bench.world.forced_state = state


def another_in_f(bench, _):
    """The pilot touches earth; while it is off after that, the car leaves and one without S2 comes."""
    bench.world.circuit.short_ohm = 1
    for _ in range(40):
        bench.tick()
        if not bench.world.pilot_alive:
            break
    leaves(bench)
    for _ in range(6):
        bench.tick()
    bench.world.circuit.short_ohm = None
    comes(bench, 2)
    bench.table.charger.guard.protect.__init__()  # its 30 s are another test's business


def another_in_a_reset(bench, _):
    """The chip is off for half a second, in which the car leaves and one without S2 comes."""
    bench.chip.hard_reset(chips.HARD_RESET)
    leaves(bench)
    for _ in range(20):
        bench.restarts()
    comes(bench, 2)
    raise chips.Reset("injected")


def minutes(bench, number):
    """Up to ten minutes pass, a second a tick: ``ticks_us`` turns over every 18 minutes."""
    for _ in range(number % 600):
        bench.tick(1000)


def unseen(bench, number):
    """Whole turns of both tick counters pass (12.4 days each): the firmware cannot see them."""
    leap_ms = (number % 5 + 1) * chips.TICKS
    bench.chip.leap(leap_ms * 1000)
    bench.world.t_ms += leap_ms


def dips(bench, number):
    """The mains dip for 25 to 200 ms: the contactor's coil lets go and, where it is still driven, pulls in again."""
    switch = bench.world.switch
    switch.dropped = True
    for _ in range(number % 8 + 1):
        bench.tick()
    switch.dropped = False
    if switch.coil:
        switch.left_ms = switch.close_ms


def slow(bench, number):
    """A tick takes 300 to 680 ms: an old flash's erase, and a folder that littlefs tidies up; the watchdog's time is 700."""
    service = bench.table.charger.service
    parts = service.parts
    ms = 300 + number % 380

    def waits(dt_ms):
        service.parts = parts
        for _ in range(ms):
            bench.chip.advance(1000)
        bench.world.advance(bench.world.t_ms + ms)

    service.parts = (waits, *parts[1:])
    bench.tick()


def bursts(bench, number):
    """For 25 to 200 ms something loads the pilot: its voltage lies between two states."""
    circuit = bench.world.circuit
    circuit.r3_ohm = 560
    for _ in range(number % 8 + 1):
        bench.tick()
    circuit.r3_ohm = 1300


def sags(bench, number):
    """The logic supply sags for 25 to 200 ms, and the pilot's -12 V, made from it, with it: a guess."""
    scan, circuit = bench.table.scan, bench.world.circuit
    read = scan.read
    circuit.low_mv = -9500

    def sagged(readings, duty_u16):
        read(readings, duty_u16)
        readings.rail_mv = 2800

    scan.read = sagged
    try:
        for _ in range(number % 8 + 1):
            bench.tick()
    finally:
        scan.read = read
        circuit.low_mv = -12000
        bench.table.charger.readings.rail_mv = 3300


def morning(bench, _):
    """What the surroundings did is over, and nobody came to clear, unplug or press: the car that waits gets its power."""
    world, scan = bench.world, bench.table.scan
    scan.doubts[0], scan.answers = 0, True
    world.volts_mv, world.line_mohm = 230000, LINE_MOHM
    world.house_ma = [2000, 2000, 2000]
    for _ in range(STRANDED_S):
        if world.contactor:
            return
        bench.tick(1000)
    raise Broken("the surroundings stranded the car: " + bench.table.charger.service.status_line())


def mend(bench, _):
    """All is well again, and no fault is left that would have to wait for its time."""
    bench.table.scan.doubts[0] = 0
    bench.table.scan.answers = True
    bench.world.circuit.__init__()
    bench.world.residual.__init__()
    for name, value in (("welded", False), ("dead", False), ("dropped", False), ("read_back_stuck", None)):
        setattr(bench.world.switch, name, value)
    bench.world.forced_state = None
    bench.world.earth_lost = bench.world.lock.jammed = False
    bench.world.volts_mv, bench.world.line_mohm, bench.world.cable_ohm = 230000, LINE_MOHM, 220
    bench.world.pins_changed()  # the new module sees its TEST input
    bench.world.switch.closed = bench.world.switch.coil
    guard = bench.table.charger.guard
    guard.protect.__init__()
    guard.retry.forget()
    guard.selftest.forget()
    guard.limits.import_ma = 0
    bench.terminal.send(MENDED)


def limit_broken(bench, _):
    """The import limit has been exceeded for too long: a polite fault that outlives a reset, for four hours."""
    guard = bench.table.charger.guard
    guard.limits.import_ma = 125000  # above the breaker: the law does not look at it
    guard.excursions.step = lambda *_: True


def mad_law(bench, _):
    """Until the next reset the law wants 80 A, whatever happens."""

    def propose(dt_ms, readings, verdict, proposal):
        proposal.offer_ma = 80000

    bench.mad = True
    bench.table.charger.law.propose = propose


def ignores(bench, _):
    """A car that keeps asking for power when there is none."""
    bench.world.forced_state = 2
    bench.world.house_ma = [30000, 30000, 30000]


def house(ma):
    """The house draws so much."""
    return lambda bench, _: setattr(bench.world, "house_ma", [ma, ma // 2, ma // 3])


def clock(ms):
    """The clock jumps."""
    return lambda bench, _: setattr(bench.table.charger, "ticked_ms", bench.table.charger.ticked_ms + ms)


def stutters(one, other):
    """The car shows two states in turn, one a tick, for half a second."""

    def mishap(bench, _):
        for turn in range(20):
            bench.world.forced_state = other if turn % 2 else one
            bench.tick()

    return mishap


def in_call(error):
    """One of the next calls of the hardware raises."""
    return lambda bench, number: bench.strike.in_call(number % 40 + 1, error)


def at_bytecode(error, again=False):
    """The next tick is cut off at one of its bytecodes; ``again``: so are the outputs while they are made safe."""

    def mishap(bench, number):
        bench.strike.at_bytecode(number, error, (number % 3 + 1, error) if again else None)
        bench.tick()
        bench.strike.disarm()

    return mishap


def at_start(error):
    """The chip starts anew, and something raises in one of the first calls of the hardware."""

    def mishap(bench, number):
        bench.strike.in_call(number % 30 + 1, error)
        bench.reset(chips.HARD_RESET)

    return mishap


def hangs(bench, _):
    """A tick does not come to its end; the world's time goes on with the chip's."""
    for _ms in range(1100):
        bench.world.advance(bench.world.t_ms + 1)
        bench.chip.advance(1000)
    raise Broken("a tick hangs for 1.1 s and no watchdog ends it")


def lost_power(bench, _):
    """The supply goes, and with it what the RTC knew."""
    bench.reset(chips.PWRON_RESET)


MISHAPS = {
    "car shows A": car_shows(0),
    "car shows B": car_shows(1),
    "car shows C": car_shows(2),
    "car shows D": car_shows(3),
    "car ignores the pause": ignores,
    "car behaves": car_shows(None),
    "unplug": lambda bench, _: bench.world.car.plug(False),
    "plug": lambda bench, _: bench.world.car.plug(True),
    "diode bridged": circuit("diode", False),
    "pilot to earth": circuit("short_ohm", 1),
    "earth broken": circuit("earth", False),
    "driver stuck low": circuit("stuck_mv", -12000),
    "driver stuck high": circuit("stuck_mv", 12000),
    "resistor far off": circuit("r3_ohm", 560),
    "residual current": module("leak", True),
    "module deaf": module("deaf", True),
    "module unplugged": module("unplugged", True),
    "contactor welds": switch("welded", True),
    "contactor dies": switch("dead", True),
    "contactor falls off": switch("dropped", True),
    "read-back stuck open": switch("read_back_stuck", 0),
    "read-back stuck closed": switch("read_back_stuck", 1),
    "mended": mend,
    "clamp noisy": meter(1),
    "clamp frozen": meter(2),
    "clamp clipped": meter(5),
    "clamp good": meter(0),
    "scan silent": lambda bench, _: setattr(bench.table.scan, "answers", False),
    "house 20 A": house(20000),
    "house 30 A": house(30000),
    "house 2 A": house(2000),
    "bolt jams": bolt("jammed", True),
    "bolt slips": bolt("locked", 0),
    "cable of 20 A": cable(680),
    "cable's coding shorted": cable(10),
    "cable's coding open": cable(1 << 20),
    "supply at 200 V": supply(200000),
    "supply at 260 V": supply(260000),
    "weak line": lambda bench, _: (setattr(bench.world, "line_mohm", 700), setattr(bench.world, "volts_mv", 222000)),
    "supply about 253 V": lambda bench, number: setattr(bench.world, "volts_mv", 251000 + number),
    "import limit broken": limit_broken,
    "earth monitor opens": lambda bench, _: setattr(bench.world, "earth_lost", True),
    "car stutters C B": stutters(2, 1),
    "car stutters C A": stutters(2, 0),
    "car stutters C D": stutters(2, 3),
    "clock jumps ahead": clock(-5000),
    "clock jumps back": clock(5000),
    "clock wraps": lambda bench, _: setattr(bench.table.charger, "ticked_ms", bench.table.charger.ticked_ms ^ 1 << 29),
    "breaker set lower": setting(b"breaker_ma", b"6A", b"8A", b"13A"),
    "charger's circuit set lower": setting(b"charger_ma", b"6A", b"10A", b"16A"),
    "household's least raised": setting(b"min_ma", b"8A", b"13A", b"16A"),
    "household's most set": setting(b"household_ma", b"6A", b"11A", b"80A"),
    "phases set": setting(b"phases", b"1", b"3"),
    "frequency set": setting(b"hz", b"60", b"50"),
    "another car at once": another_car(0, None),
    "another car": another_car(8, None),
    "another car, without S2": another_car(8, 2),
    "another car in F": another_in_f,
    "another car in a reset": another_in_a_reset,
    "minutes pass": minutes,
    "weeks pass unseen": unseen,
    "mains dip": dips,
    "slow tick": slow,
    "burst on the pilot": bursts,
    "logic supply sags": sags,
    "morning": morning,
    "long tick": lambda bench, _: bench.tick(900),
    "hanging tick": hangs,
    "soft reset": lambda bench, _: bench.soft_reset(),
    "brown-out": lambda bench, _: bench.reset(chips.BROWN_OUT),
    "power cut": lost_power,
    "the law goes mad": mad_law,
    "exception in sense": raises("inputs", "read", OSError),
    "exception in the law": raises("law", "propose", ValueError),
    "exception in the guard": raises("guard", "judge", MemoryError),
    "exception in act": raises("outputs", "apply", OSError),
    "exception in serve": raises("service", "step", KeyError),
    "exception in the hardware": in_call(OSError),
    "no memory in the hardware": in_call(MemoryError),
    "exception at a start": at_start(OSError),
    "exception at a bytecode": at_bytecode(ValueError),
    "Ctrl-C at a bytecode": at_bytecode(KeyboardInterrupt),
    "exception twice": at_bytecode(OSError, again=True),
    "Ctrl-C twice": at_bytecode(KeyboardInterrupt, again=True),
    "Ctrl-C in the hardware": in_call(KeyboardInterrupt),
    "Ctrl-C at a start": at_start(KeyboardInterrupt),
}
NAMES = sorted(MISHAPS)
# What happens while everybody sleeps, none of it a defect: afterwards the car must get its power without a hand.
SURROUNDINGS = (
    "mains dip", "slow tick", "burst on the pilot", "logic supply sags", "supply at 200 V", "supply at 260 V",
    "supply about 253 V", "weak line", "clamp noisy", "clamp frozen", "clamp clipped", "clamp good", "scan silent",
    "house 20 A", "house 30 A", "house 2 A", "minutes pass", "weeks pass unseen", "brown-out", "power cut", "car behaves",
)  # fmt: skip
# What takes its time to show: drawn more often, and left alone for as long (steps).
LASTING = {"car ignores the pause": 280, "charger's circuit set lower": 80, "another car in F": 120}
DRAWN = [name for name in NAMES if name != "morning"] + sorted(LASTING) * 3


WAIT = "wait for power"
STORM = 7  # times the same, one after the other: more than any row of the fault table bears
WAIT_STEPS = 1600  # 40 s: what checks and dwells take, and some


def script(seed):
    """[(steps to wait, mishap, its number), ...]: bursts, most of them under power, and time to recover between them."""
    random = Random(seed)
    made = []

    def add(wait, name):
        made.append((wait, name, random.between(1, NUMBER_MAX)))

    for _ in range(BURSTS):
        for name in ("mended", "plug", "car behaves", "house 2 A"):
            add(random.between(1, 40), name)
        if random.between(0, 3):
            add(0, WAIT)
            add(random.between(0, 200), "house 2 A")
        lasts = 0
        for _ in range(random.between(1, 4)):
            name = DRAWN[random.between(0, len(DRAWN) - 1)]
            add(lasts + random.between(0, 60) * (8 if random.between(0, 3) == 0 else 1), name)
            lasts = LASTING.get(name, 0)
        add(lasts + random.between(1, 400), "mended")
    return made


def night(seed):
    """The same of what the surroundings do to a car that is left alone, some minutes apart, and of the morning after."""
    random = Random(seed)
    made = [(0, name, 0) for name in ("mended", "plug", "car behaves", "house 2 A")]
    for _ in range(random.between(1, 16)):
        made.append((0, WAIT, 0))
        name = SURROUNDINGS[random.between(0, len(SURROUNDINGS) - 1)]
        for _ in range(1 if random.between(0, 9) else STORM):
            made.append((random.between(0, 200), name, random.between(1, NUMBER_MAX)))
            if random.between(0, 1):
                made.append((random.between(0, 40), "minutes pass", random.between(1, NUMBER_MAX)))
    made.append((random.between(0, 400), "morning", 0))
    return made


def drawn(seed):
    """The script of a seed: every third is a night."""
    return night(seed) if seed % 3 == 0 else script(seed)


def grids(board):
    """The names of those that this board can be wired to."""
    return [name for name in GRIDS if board in GRIDS[name][0]]


def play(mishaps, board, grid="one phase"):
    """Run a script on a fresh bench; returns (steps, steps closed, strikes, met) or raises Broken."""
    return Bench(board, grid).play(mishaps)


def breaks(mishaps, board, grid="one phase"):
    """True when a script breaks a rule."""
    try:
        play(mishaps, board, grid)
    except Broken:
        return True
    return False


def shrink(mishaps, board, grid="one phase"):
    """The shortest script found that still breaks a rule: pieces are left out as long as it does."""
    piece = max(len(mishaps) // 2, 1)
    while piece >= 1:
        at = 0
        while at < len(mishaps):
            fewer = mishaps[:at] + mishaps[at + piece :]
            if breaks(fewer, board, grid):
                mishaps = fewer
            else:
                at += piece
        piece //= 2
    return mishaps


def campaign(steps, seed=1):
    """Returns (runs, steps, steps closed, strikes, met); raises Broken with a readable script.

    ``met``: for each mishap how often it happened, and how often of that with the contacts closed.
    """
    runs = done = closed = hits = 0
    met = {name: [0, 0] for name in NAMES}
    while done < steps:
        mishaps, board = drawn(seed + runs), BOARDS[(seed + runs) % 2]
        wired = grids(board)
        grid = wired[(seed + runs) // 2 % len(wired)]
        try:
            run_steps, run_closed, run_hits, run_met = play(mishaps, board, grid)
        except Broken as broken:
            lines = "\n".join(
                f"  after {wait:4} steps: {name} ({number})" for wait, name, number in shrink(mishaps, board, grid)
            )
            raise Broken(f"{broken}; seed {seed + runs}, board {board}, {grid}, cut down to\n{lines}") from None
        runs += 1
        done += run_steps
        closed += run_closed
        hits += run_hits
        for name, (times, live) in run_met.items():
            met[name][0] += times
            met[name][1] += live
    return runs, done, closed, hits, met


def main():
    """Run as many steps as were asked for; status 1 when a rule was broken."""
    asked = arguments.parser(__doc__)
    asked.add_argument("steps", nargs="?", type=arguments.whole(1, 10**9), default=1000000)
    asked.add_argument("seed", nargs="?", type=arguments.whole(1, 10**9), default=1)
    asked.add_argument("--micropython", choices=ports.VERSIONS, default="", help="the port's model on both boards")
    told = asked.parse_args()
    if told.micropython:
        VERSIONS.update(dict.fromkeys(VERSIONS, told.micropython))
    try:
        runs, steps, closed, hits, met = campaign(told.steps, told.seed)
    except Broken as broken:
        print("BROKEN:", broken)
        return 1
    print("how often each mishap was met, and how often of that with the contacts closed:")
    for name, (times, live) in sorted(met.items(), key=lambda item: item[1][1]):
        print(f"  {times:7} {live:7}  {name}")
    mishaps = sum(times for times, _ in met.values())
    print(
        f"{runs} runs, {steps} steps ({closed} with the contactor closed), {mishaps} mishaps, {hits} exceptions raised "
        "in calls of the hardware or at a bytecode, 0 rules broken"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
