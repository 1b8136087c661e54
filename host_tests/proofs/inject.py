"""Random fault injection on the whole firmware, on the bench: sensors lie, outputs stick, resets and exceptions strike.

The firmware runs as on the chip (rms fidelity, so that a step is a tick), with the real law, store and console. Each
step draws one mishap or none; after each the rules are checked against the world, not against the firmware's opinion.
A run is made from a seed, so a failure can be told as a script: it is cut down to the shortest list of mishaps that
still breaks the rule, one a line.

Usage: python host_tests/proofs/inject.py [STEPS [SEED]]
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "tools")]
from bench import chip as chips
from bench import host
from bench.car import Random
from bench.table import DeafPort, Table

BURSTS = 10  # in a run
TICK_MS = 25
# A closed contactor may outlive its reason by: a tick to see it, the slowest row that opens at once (60 ms), the coil.
OPEN_WITHIN_MS = 200
STOP_WITHIN_MS = 6000 + OPEN_WITHIN_MS


class Broken(AssertionError):
    """A rule of the world was broken."""


class Bench:
    """The firmware on its chip, and the mishaps that can happen to it."""

    def __init__(self):
        self.files = None
        self.power_on()

    def power_on(self):
        """A chip with whatever the flash holds."""
        self.table = Table([(0, 3000, 3000, 3000)], fidelity="rms", files=self.files, car_ma=32000, breaker_ma=25000)
        self.files = self.table.files
        self.world, self.chip = self.table.world, self.table.chip
        self.hurry()
        self.wrong_ms = 0
        self.unoffered_ms = 0

    def hurry(self):
        """The shortest dwells that can be set, so that more of a run is spent under power."""
        limits = self.table.charger.limits
        limits.resume_dwell_ms, limits.rise_dwell_ms = 5000, 1000

    def tick(self, step_ms=TICK_MS):
        """One tick; an exception that gets out ends in main.py's make_safe and a new start, as on the chip."""
        self.table.scan.step_ms = step_ms
        try:
            self.table.tick()
        except chips.Reset:
            self.reset(chips.WDT_RESET)
        except Exception:
            self.crash()
        self.check(step_ms)

    def crash(self):
        """main.py's way out: outputs safe, then the chip starts again."""
        self.table.module.make_safe()
        if self.chip.output(self.table.module.board.CONTACTOR_PIN):
            raise Broken("the contactor's coil is on after a crash")
        self.reset(chips.SOFT_RESET)

    def reset(self, cause):
        """The chip starts anew in the same world; boot.py runs first."""
        self.chip.hard_reset(cause)
        if self.world.coil:
            raise Broken("the contactor's coil is on during a reset")
        self.chip.revive()
        host.load(entry="boot", fresh=False)
        module = self.table.module
        self.table.charger = module.Charger(self.table.scan, DeafPort(), module.Store(self.files))
        self.hurry()

    def check(self, step_ms):
        """The rules of the world."""
        world, circuit = self.world, self.world.circuit
        healthy = (
            world.state() == 2
            and (circuit.diode or not world.offered_ma)  # a steady pilot shows no diode
            and circuit.short_ohm is None
            and circuit.earth
            and (
                circuit.stuck_mv is None or (circuit.stuck_mv > 0 and not world.offered_ma)
            )  # steady is what it shall be
            and not world.residual.leak
        )
        closed = self.world.coil
        self.wrong_ms = self.wrong_ms + step_ms if closed and not healthy else 0
        if self.wrong_ms > OPEN_WITHIN_MS + step_ms:
            raise Broken(f"the coil is on {self.wrong_ms} ms after its reason went")
        self.unoffered_ms = self.unoffered_ms + step_ms if closed and not world.offered_ma else 0
        if self.unoffered_ms > STOP_WITHIN_MS + step_ms:
            raise Broken(f"the coil is on {self.unoffered_ms} ms without an offer")
        if world.offered_ma > 32000:
            raise Broken(f"offers {world.offered_ma} mA on a circuit of 32 A")


def car_shows(state):
    """The car plays ``state`` by hand."""
    return lambda bench: setattr(bench.world, "forced_state", state)


def circuit(name, value):
    """The pilot circuit breaks, or mends."""
    return lambda bench: setattr(bench.world.circuit, name, value)


def switch(name, value):
    """The contactor breaks, or mends."""
    return lambda bench: setattr(bench.world.switch, name, value)


def module(name, value):
    """The residual current module breaks, or mends."""
    return lambda bench: setattr(bench.world.residual, name, value)


def raises(part, method, error):
    """The next call of a part of the firmware raises."""

    def mishap(bench):
        owner = getattr(bench.table.charger, part)
        plain = getattr(owner, method)

        def once(*arguments):
            setattr(owner, method, plain)
            raise error("injected")

        setattr(owner, method, once)

    return mishap


def mend(bench):
    """All is well again, and no fault is left that would have to wait for its time."""
    bench.world.circuit.__init__()
    bench.world.residual.__init__()
    for name, value in (("welded", False), ("dead", False), ("dropped", False), ("read_back_stuck", None)):
        setattr(bench.world.switch, name, value)
    bench.world.forced_state = None
    bench.table.charger.guard.protect.__init__()


def mad_law(bench):
    """Until the next reset the law wants 80 A, whatever happens."""

    def propose(dt_ms, readings, verdict, proposal):
        proposal.offer_ma = 80000

    bench.table.charger.law.propose = propose


def ignores(bench):
    """A car that keeps asking for power when there is none."""
    bench.world.forced_state = 2
    bench.world.house_ma = [30000, 30000, 30000]


def house(ma):
    """The house draws so much."""
    return lambda bench: setattr(bench.world, "house_ma", [ma, ma // 2, ma // 3])


def clock(ms):
    """The clock jumps."""
    return lambda bench: setattr(bench.table.charger, "ticked_ms", bench.table.charger.ticked_ms + ms)


MISHAPS = {
    "car shows A": car_shows(0),
    "car shows B": car_shows(1),
    "car shows C": car_shows(2),
    "car shows D": car_shows(3),
    "car ignores the pause": ignores,
    "car behaves": car_shows(None),
    "unplug": lambda bench: bench.world.car.plug(False),
    "plug": lambda bench: bench.world.car.plug(True),
    "diode bridged": circuit("diode", False),
    "pilot to earth": circuit("short_ohm", 1),
    "earth broken": circuit("earth", False),
    "driver stuck low": circuit("stuck_mv", -12000),
    "driver stuck high": circuit("stuck_mv", 12000),
    "resistor far off": circuit("r3_ohm", 430),
    "residual current": module("leak", True),
    "module deaf": module("deaf", True),
    "module unplugged": module("unplugged", True),
    "contactor welds": switch("welded", True),
    "contactor dies": switch("dead", True),
    "contactor falls off": switch("dropped", True),
    "read-back stuck open": switch("read_back_stuck", 0),
    "read-back stuck closed": switch("read_back_stuck", 1),
    "mended": mend,
    "house 20 A": house(20000),
    "house 30 A": house(30000),
    "house 2 A": house(2000),
    "clock jumps ahead": clock(-5000),
    "clock jumps back": clock(5000),
    "long tick": lambda bench: bench.tick(900),
    "hanging tick": lambda bench: bench.reset(chips.WDT_RESET),
    "soft reset": lambda bench: (bench.chip.soft_reset(), bench.crash()),
    "power cut": lambda bench: bench.reset(chips.PWRON_RESET),
    "the law goes mad": mad_law,
    "exception in sense": raises("inputs", "read", OSError),
    "exception in the law": raises("law", "propose", ValueError),
    "exception in the guard": raises("guard", "judge", MemoryError),
    "exception in act": raises("outputs", "apply", OSError),
    "exception in serve": raises("desk", "step", KeyError),
}
NAMES = sorted(MISHAPS)


WAIT = "wait for power"
WAIT_STEPS = 1600  # 40 s: what checks and dwells take, and some


def script(seed):
    """[(steps to wait, mishap), ...]: bursts of mishaps, most of them under power, and time to recover between them."""
    random = Random(seed)
    made = []
    for _ in range(BURSTS):
        made += [(random.between(1, 40), name) for name in ("mended", "plug", "car behaves", "house 2 A")]
        if random.between(0, 3):
            made.append((0, WAIT))
            made.append((random.between(0, 200), "house 2 A"))
        for _ in range(random.between(1, 6)):
            made.append((random.between(0, 60) * (8 if random.between(0, 3) == 0 else 1), _any(random)))
        made.append((random.between(1, 400), "mended"))
    return made


def _any(random):
    return NAMES[random.between(0, len(NAMES) - 1)]


def play(mishaps):
    """Run a script on a fresh bench; returns (steps, steps closed) or raises Broken."""
    bench = Bench()
    steps = closed = 0
    for wait, name in mishaps:
        for _ in range(WAIT_STEPS if name == WAIT else wait):
            if name == WAIT and bench.world.coil:
                break
            bench.tick()
            steps += 1
            closed += bench.world.coil
        if name != WAIT:
            MISHAPS[name](bench)
    return steps, closed


def breaks(mishaps):
    """True when a script breaks a rule."""
    try:
        play(mishaps)
    except Broken:
        return True
    return False


def shrink(mishaps):
    """The shortest script found that still breaks a rule: pieces are left out as long as it does."""
    piece = max(len(mishaps) // 2, 1)
    while piece >= 1:
        at = 0
        while at < len(mishaps):
            fewer = mishaps[:at] + mishaps[at + piece :]
            if breaks(fewer):
                mishaps = fewer
            else:
                at += piece
        piece //= 2
    return mishaps


def campaign(steps, seed=1):
    """Returns (runs, steps, steps closed, mishaps); raises Broken with a readable script."""
    runs = done = closed = count = 0
    while done < steps:
        mishaps = script(seed + runs)
        try:
            run_steps, run_closed = play(mishaps)
        except Broken as broken:
            lines = "\n".join(f"  after {wait:4} steps: {name}" for wait, name in shrink(mishaps))
            raise Broken(f"{broken}; seed {seed + runs}, cut down to\n{lines}") from None
        runs += 1
        done += run_steps
        closed += run_closed
        count += sum(1 for _, name in mishaps if name != WAIT)
    return runs, done, closed, count


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
    try:
        figures = campaign(wanted, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    except Broken as failure:
        print("BROKEN:", failure)
        sys.exit(1)
    runs, steps, closed, mishaps = figures
    print(f"{runs} runs, {steps} steps ({closed} with the contactor closed), {mishaps} mishaps, 0 rules broken")
