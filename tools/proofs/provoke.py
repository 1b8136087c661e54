"""Every fault of the table, provoked through the hardware: pins, analog levels, the clock, the flash.

The whole firmware runs at waveform fidelity on a board that has the part, on the oldest MicroPython. Each row starts
from a car that is being charged. A fault of the table that no row provokes makes the exit status 1: a check that cannot fail is
none.

Each must also be in the journal, with its black box two seconds later.

Usage: micropython provoke.py [soon] [micropython=VERSION] [part=K/N] [CODE ...]
(soon: an import limit that is passed has been for most of its minute; K, N: every N-th row only, from the K-th on)
"""

import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from bench import host
from bench.chip import ports
from bench.table import Table
from bench.world.judge import told

from proofs import conformance
from proofs.conformance import A, B, C, D

MOST_MS = 70000  # the slowest: an import limit that is passed for 60 s, and 6 s for the car to stop
HOT_COUNTS = 284  # 80 C: 10 kohm, B 3950
TORN_COUNTS = 4095
SOON_MS = 58000


def sets(path, value):
    """An event: an attribute of the world takes a value (``circuit.diode``, False)."""

    def event(bench):
        owner = bench.world
        names = path.split(".")
        for name in names[:-1]:
            owner = getattr(owner, name)
        setattr(owner, names[-1], value)

    return event


def reads(name, counts):
    """An event: the ADC input of the board's ``name`` reads this for ever."""

    def event(bench):
        bench.chip.analog[getattr(bench.table.module.board, name)] = lambda us: counts

    return event


def then_car(event, *states):
    """An event, and then the car shows these states, half a second each."""

    def both(bench):
        event(bench)
        for state in states:
            bench.car(state, 500)

    return both


def freezes(bench):
    """The ADC repeats for each input the highest it saw: of the pilot, its high plateau."""

    def frozen(source):
        counts = max([source(bench.chip.us + us) for us in range(0, 1000, 50)])

        def repeat(us):
            bench.world.catch_up(us)
            return counts

        return repeat

    for pin, source in bench.chip.analog.items():
        bench.chip.analog[pin] = frozen(source)


def clock_jumps(bench):
    """The clock jumps by two seconds; the watchdog's does not."""
    bench.chip.leap(2000000)
    bench.world.t_ms += 2000


def draws(ma):
    """An event: the car draws so much."""
    return lambda bench: setattr(bench.world, "car_ma", lambda phase: ma)


def forgets(bench):
    """A fault is latched, both copies of its record rot, and the charger starts anew."""
    bench.world.residual.leak = True
    bench.table.live(3000)
    files = bench.table.files
    for path in list(files.files):
        if "faults" in path:
            files.files[path] = b"rotten"
    bench.table = Table([(0, 0, 0, 0)], files=files, plugged_ms=[])
    bench.world, bench.chip = bench.table.world, bench.table.chip


def slips(bench):
    """The bolt slips, and the motor does not bring it back."""
    bench.world.lock.jammed = True
    bench.world.lock.locked = 0


def passes_limit(bench):
    """An import limit of 20 A is set where the house alone draws 30 A; the law does not care."""
    bench.table.charger.limits.import_ma = 20000
    bench.world.house_ma = [30000, 0, 0]


def meter_dies(bench):
    """The first clamp's input reads 0; hold and safe current are set to half a second each."""
    limits = bench.table.charger.limits
    limits.trust_hold_ms = limits.trust_pause_ms = 500
    bench.chip.analog[bench.table.module.board.CT_PINS[0]] = lambda us: 0


def crawls(bench):
    """The CPU's clock falls to a third."""
    bench.chip.cpu_hz //= 3


# name of the fault's constant, board, what is done to it, the event
ROWS = (
    ("PILOT_UNCLEAR", "reference", "the car's resistor reads between two states", sets("circuit.r3_ohm", 560)),
    ("DIODE", "reference", "the car's diode is bridged", sets("circuit.diode", False)),
    ("RESIDUAL", "reference", "a residual current trips the module", sets("residual.leak", True)),
    ("WELDED", "reference", "the contacts weld, the car stops", then_car(sets("switch.welded", True), B)),
    ("NOT_CLOSING", "reference", "the coil is broken", then_car(sets("switch.dead", True), B, B, C, C, C, C, C, C)),
    ("HOT", "reference", "the NTC reads 80 C", reads("TEMPERATURE_PIN", HOT_COUNTS)),
    ("VENTILATION", "reference", "the car shows D", sets("forced_state", D)),
    ("PILOT_SHORT", "reference", "the pilot touches earth", sets("circuit.short_ohm", 1)),
    ("PILOT_STUCK", "reference", "the pilot driver is stuck at -12 V", sets("circuit.stuck_mv", -12000)),
    ("READBACK", "reference", "the contactor falls off", sets("switch.dropped", True)),
    ("RESIDUAL_TEST", "reference", "the module is deaf to its test", then_car(sets("residual.deaf", True), A, B, B, B)),
    ("EARTH", "reference", "the earth monitor's contact opens", sets("earth_lost", True)),
    ("UNDERVOLTAGE", "socket", "the mains has 200 V", sets("volts_mv", 200000)),
    ("OVERVOLTAGE_NEAR", "socket", "the mains has 255 V", sets("volts_mv", 255000)),
    ("OVERVOLTAGE", "socket", "the mains has 260 V", sets("volts_mv", 260000)),
    ("OVERDRAW", "socket", "the car draws 20 A of its 16 A", draws(20000)),
    ("RAIL", "reference", "the logic supply sags to 2.8 V", sets("rail_mv", 2800)),
    ("CLOCK", "reference", "the clock jumps by 2 s", clock_jumps),
    ("ADC_FROZEN", "reference", "the ADC repeats itself", freezes),
    ("PROXIMITY", "socket", "PP is shorted", sets("cable_ohm", 10)),
    ("LOCK", "socket", "the bolt slips", slips),
    ("TEMPERATURE_SENSOR", "reference", "the NTC is torn off", reads("TEMPERATURE_PIN", TORN_COUNTS)),
    ("BREAKER", "reference", "the house draws 90 A on 32 A", sets("house_ma", [90000, 0, 0])),
    ("FAULT_MEMORY", "reference", "both copies of the record rot", forgets),
    ("IMPORT_LIMIT", "reference", "the house passes its import limit for 60 s", passes_limit),
    ("METER", "reference", "a clamp's input is shorted", meter_dies),
    ("LATE", "reference", "the CPU's clock falls to a third", crawls),
)


def provoke(board, event, name, soon, micropython=ports.VERSIONS[0]):
    """(True when the fault was raised and the contactor opened, unless it is welded; what is missing; the fault's name)."""
    bench = conformance.Bench(board=board, micropython=micropython)
    faults = sys.modules["headroom.guard.faults"]
    code = getattr(faults, name)
    bench.charging()
    event(bench)
    if soon:
        bench.table.charger.guard.excursions.over_ms = SOON_MS
    stood = good = False
    for _ in range(MOST_MS // 20):
        bench.table.tick()
        stood = stood or bool(bench.table.charger.verdict.faults >> code & 1)
        good = stood and (not bench.world.contactor or name == "WELDED")
        if good:
            break
    missing = []
    told = bench.table.charger.service.journal.records()
    if (sys.modules["headroom.record.events"].RAISED, code) not in [(record[3], record[4]) for record in told]:
        missing.append("NOT IN THE JOURNAL")
    bench.table.live(3000)
    if not bench.table.charger.guard.blackbox.cause >> code & 1:
        missing.append("NO BLACK BOX")
    return good and not missing, ", ".join(missing) or "NOT RAISED", faults.NAME[code]


def main(wanted):
    """Print the table; returns how many faults could not be provoked."""
    soon = "soon" in wanted
    micropython = ([word[12:] for word in wanted if word.startswith("micropython=")] or ports.VERSIONS)[0]
    part, parts = [
        int(each) for each in ([word[5:] for word in wanted if word[:5] == "part="] or ["0/1"])[0].split("/")
    ]
    if not 0 <= part < parts:
        print("part=%d/%d: K is a number from 0, below N" % (part, parts))
        return 1
    wanted = [name for name in wanted if name != "soon" and "=" not in name]
    host.load()
    faults = sys.modules["headroom.guard.faults"]
    left = set(_codes(faults))
    missed = 0
    print("| fault | provoked on | by | |")
    print("|---|---|---|---|")
    for place, (name, board, words, event) in enumerate(ROWS):
        left.discard(name)
        if (wanted and name not in wanted) or place % parts != part:
            continue
        good, missing, told = provoke(board, event, name, soon, micropython)
        missed += not good
        print("| %s | %s | %s | %s |" % (told, board, words, "raised, and no power" if good else missing))
    if wanted:
        return missed
    for name in sorted(left):
        print("no row provokes " + name)
    return missed + len(left)


def _codes(faults):
    """Names of the constants that are codes."""
    text = open(faults.__file__).read().split("NONE = 0\n")[1].split("\n\n")[0]
    return [line.split(" = ")[0] for line in text.split("\n")]


if __name__ == "__main__":
    sys.exit(told(lambda: main(sys.argv[1:])))
