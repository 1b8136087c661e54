"""The standard's sequence table, measured: what happens at the pilot, and how long until the contacts have moved.

The whole firmware runs at waveform fidelity: every conversion, the CPU's time and the contactor's own are in it. Each
row is repeated with the event at another instant of the tick; the slowest and the fastest count. Times run from the
pilot (or the input) to the contacts or to the pilot's new duty, in ms.

Numbers of sequences as the project's domain notes quote them (722.411: IET 722.411.4.1, open-PEN); [std-mem] ones there
are unverified, and so are they here.
The output is markdown, for tools/readme/safety.md. A row that is missed makes the exit status 1.

Usage: micropython conformance.py [REPEATS [SEQUENCE ...] [micropython=VERSION] [prices=PERCENT]]

micropython: every row on this version of the port; prices: so much of what the board says that its CPU takes.
"""

import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from bench import host
from bench.chip import chip as chips
from bench.chip import ports
from bench.table import Table
from bench.world.judge import Breach

A, B, C, D = 0, 1, 2, 3
TICK_US = 38000  # the events are spread over one tick
WAIT_MS = 9000
RESTARTS = (
    5  # moments at most of a row after which the firmware starts anew: each takes ten seconds of the table's time
)
STEADY = 65535  # duty of +12 V without PWM


class Constant:
    """Stands in for the law: the same proposal for ever."""

    def __init__(self, offer_ma):
        self.offer_ma = offer_ma

    def propose(self, dt_ms, readings, verdict, proposal):
        """Refill ``proposal``."""
        proposal.offer_ma = self.offer_ma
        proposal.reason = 2


class Bench:
    """A table on which a script plays the car."""

    def __init__(self, **scenario):
        scenario.setdefault("breaker_ma", 32000)
        self.table = Table([(0, 1000, 1000, 1000)], plugged_ms=[], **scenario)
        self.world = self.table.world
        self.chip = self.table.chip
        self.law = self.table.charger.law = Constant(16000)
        self.collects = False  # True: the tick in which an event falls has a collection too
        self.world.forced_state = A
        self.table.live(3500)

    def car(self, state, ms):
        """The car shows ``state`` for ``ms``."""
        self.world.forced_state = state
        self.table.live(ms)

    def charging(self):
        """From whatever was: a car that is being charged."""
        world = self.world
        world.circuit.__init__()
        world.residual.__init__()
        world.earth_lost = False
        self.law.offer_ma = 16000
        self.table.charger.guard.protect.__init__()  # as new: a fault's own time to clear is another test's business ...
        self.table.charger.guard.retry.forget()  # ... and so is how long it waits after the second: no A is seen in F
        self.car(A, 300)
        self.car(B, 3900)
        self.car(C, 1000)
        if not world.contactor:
            raise AssertionError("no charge: " + self.said())

    def said(self):
        """The charger's status line."""
        return self.table.charger.service.status_line()

    def at(self, offset_us, event):
        """Let ``event`` happen ``offset_us`` from now, while the firmware runs on; returns its ms."""
        self.table.cpu.collects = self.collects
        happened_us = self.chip.us + offset_us
        self.world.script.append((happened_us, event))
        while self.world.script:
            self.table.tick()
        return happened_us // 1000

    def until(self, true):
        """Run until ``true()``; returns the ms it took at most to notice, or None when it never came."""
        until_us = self.chip.us + WAIT_MS * 1000
        while self.chip.us < until_us:
            if true():
                return self.chip.us // 1000
            self.table.tick()
        return None

    def hit(self, offset_us):
        """Let ``offset_us`` pass after a tick, and no more of the firmware run; returns the chip's us."""
        self.charging()
        self.table.tick()
        self.chip.us += offset_us
        self.world.catch_up(self.chip.us)
        return self.chip.us

    def opens_by_itself(self, since_us):
        """After a reset of the chip: it restarts, boot.py runs, then the firmware; ms from ``since_us`` to open contacts."""
        self.pass_ms(chips.BOOT_MS)
        self.chip.revive()
        host.load(self.table.scenario["board"], "boot", fresh=False)
        self.pass_ms(self.table.module.board.CONTACTOR_OPEN_MS + 1)
        took_ms = None if self.world.contactor else self.world.switch.opened_at_ms - since_us // 1000
        self.table.restart()
        self.table.charger.law = self.law
        self.table.live(3500)
        return took_ms

    def pass_ms(self, ms):
        """Only the world goes on."""
        for _ms in range(ms):
            self.chip.us += 1000
            self.world.catch_up(self.chip.us)

    def opened_after(self, since_ms):
        """ms from ``since_ms`` to open contacts."""
        if self.until(lambda: not self.world.contactor) is None:
            return None
        return self.world.switch.opened_at_ms - since_ms

    def closed_after(self, since_ms):
        """ms from ``since_ms`` to closed contacts."""
        if self.until(lambda: self.world.contactor) is None:
            return None
        return self.world.switch.closed_at_ms - since_ms


def pilot_to(bench, state):
    """An event: the car shows ``state``."""

    def event():
        bench.world.forced_state = state

    return event


def leaves(state):
    """A charging car shows ``state``; how long until the contacts are open."""

    def run(bench, offset_us):
        bench.charging()
        return bench.opened_after(bench.at(offset_us, pilot_to(bench, state)))

    return run


def breaks(what, value):
    """While charging, an attribute of the pilot circuit takes a value; how long until the contacts are open."""

    def run(bench, offset_us):
        bench.charging()
        return bench.opened_after(bench.at(offset_us, lambda: setattr(bench.world.circuit, what, value)))

    return run


def residual(bench, offset_us):
    """A residual current while charging."""
    bench.charging()
    return bench.opened_after(bench.at(offset_us, lambda: setattr(bench.world.residual, "leak", True)))


def earth_monitor(bench, offset_us):
    """The earth monitor's contact opens while charging."""
    bench.charging()
    return bench.opened_after(bench.at(offset_us, lambda: setattr(bench.world, "earth_lost", True)))


def unplugged_ready(bench, offset_us):
    """A car that was offered current is unplugged; how long until the pilot is steady."""
    bench.charging()
    bench.car(B, 1000)
    since_ms = bench.at(offset_us, pilot_to(bench, A))
    seen_ms = bench.until(lambda: duty_of(bench) == STEADY)
    return None if seen_ms is None else seen_ms - since_ms


def offered_after_plug(bench, offset_us):
    """A car is plugged in; how long until it is offered current, the residual current module's test included."""
    bench.charging()
    bench.car(A, 4000)
    since_ms = bench.at(offset_us, pilot_to(bench, B))
    seen_ms = bench.until(lambda: 0 < duty_of(bench) < STEADY)
    return None if seen_ms is None else seen_ms - since_ms


def offered_after_pause(bench, offset_us):
    """The law offers again after a pause; how long until the pilot says so."""
    bench.charging()
    bench.law.offer_ma = 0
    bench.car(C, 1000)
    bench.car(B, 5000)
    since_ms = bench.at(offset_us, lambda: setattr(bench.law, "offer_ma", 16000))
    seen_ms = bench.until(lambda: 0 < duty_of(bench) < STEADY)
    return None if seen_ms is None else seen_ms - since_ms


def asks_with_ventilation(bench, offset_us):
    """A car that needs ventilation asks, in a place that has it."""
    bench.charging()
    bench.table.charger.limits.ventilation = bench.world.ventilated = True
    try:
        bench.car(B, 3000)
        return bench.closed_after(bench.at(offset_us, pilot_to(bench, D)))
    finally:
        bench.car(A, 300)
        bench.table.charger.limits.ventilation = bench.world.ventilated = False


def woken(bench, offset_us):
    """A car does not react to its offer; how long the first interruption of the offer lasts."""
    bench.charging()
    bench.car(A, 4000)
    bench.car(B, 26000 + offset_us // 1000)
    from_ms = bench.until(lambda: duty_of(bench) == STEADY)
    to_ms = bench.until(lambda: duty_of(bench) != STEADY)
    bench.car(A, 300)
    return None if from_ms is None or to_ms is None else to_ms - from_ms


def hangs(where):
    """The firmware hangs in a tick, in Python, in native code or C, or in the flash; how long until the contactor is open."""

    def run(bench, offset_us):
        since_us = bench.hit(offset_us)
        try:
            while bench.chip.us < since_us + WAIT_MS * 1000:
                bench.chip.advance(1000, where)
                bench.world.catch_up(bench.chip.us)
        except chips.Reset:
            return bench.opens_by_itself(since_us)
        return None

    return run


def resets(kind):
    """The chip is reset in a tick; how long until the contactor is open: by the reset, by the supervisor or by boot.py."""

    def run(bench, offset_us):
        since_us = bench.hit(offset_us)
        bench.chip.hard_reset(kind)
        return bench.opens_by_itself(since_us)

    return run


def asks(bench, offset_us):
    """A car with an offer asks for power."""
    bench.charging()
    bench.car(B, 3000)
    return bench.closed_after(bench.at(offset_us, pilot_to(bench, C)))


def asks_again(bench, offset_us):
    """A car asks again half a second after it stopped."""
    bench.charging()
    bench.car(B, 500)
    return bench.closed_after(bench.at(offset_us, pilot_to(bench, C)))


def ignores_the_stop(bench, offset_us):
    """The law withdraws its offer and the car does not care."""
    bench.charging()
    since_ms = bench.at(offset_us, lambda: setattr(bench.law, "offer_ma", 0))
    return bench.opened_after(since_ms)


def follows_the_stop(bench, offset_us):
    """The law withdraws its offer and the car opens S2 two seconds later."""
    bench.charging()
    bench.law.offer_ma = 0
    bench.car(C, 2000)
    return bench.opened_after(bench.at(offset_us, pilot_to(bench, B)))


def duty_of(bench):
    """The duty on the pilot."""
    return bench.chip.pwm[bench.table.module.board.PILOT_PWM_PIN][1]


def lower_offer(bench, offset_us):
    """The law lowers its offer; how long until the pilot says so."""
    bench.charging()
    before = duty_of(bench)
    since_ms = bench.at(offset_us, lambda: setattr(bench.law, "offer_ma", 10000))
    seen_ms = bench.until(lambda: duty_of(bench) < before)
    return None if seen_ms is None else seen_ms - since_ms


def withdrawn_offer(bench, offset_us):
    """The law withdraws its offer; how long until the pilot is steady."""
    bench.charging()
    since_ms = bench.at(offset_us, lambda: setattr(bench.law, "offer_ma", 0))
    seen_ms = bench.until(lambda: duty_of(bench) == STEADY)
    return None if seen_ms is None else seen_ms - since_ms


def second_rise(bench, offset_us):
    """Two rises in a row: how long the second one waits."""
    bench.charging()
    bench.table.live(5000)
    bench.law.offer_ma = 20000
    before = duty_of(bench)
    first_ms = bench.until(lambda: duty_of(bench) > before)
    before = duty_of(bench)
    bench.at(offset_us, lambda: setattr(bench.law, "offer_ma", 24000))
    seen_ms = bench.until(lambda: duty_of(bench) > before)
    return None if seen_ms is None else seen_ms - first_ms


def off_after_fault(bench, offset_us):
    """A short to earth under power: how long the pilot is off."""
    bench.charging()
    bench.at(offset_us, lambda: setattr(bench.world.circuit, "short_ohm", 1))
    from_ms = bench.until(lambda: duty_of(bench) == 0)
    to_ms = bench.until(lambda: duty_of(bench) != 0)
    return None if from_ms is None or to_ms is None else to_ms - from_ms


def hot_plug(bench, offset_us):
    """A car without S2 (C at once) is plugged in."""
    bench.charging()
    bench.car(A, 4000)
    return bench.closed_after(bench.at(offset_us, pilot_to(bench, C)))


def supply_at(millivolts):
    """The supply's voltage leaves its window while charging; how long until the contacts are open."""

    def run(bench, offset_us):
        bench.world.volts_mv = 230000
        bench.charging()
        return bench.opened_after(bench.at(offset_us, lambda: setattr(bench.world, "volts_mv", millivolts)))

    return run


def takes_too_much(bench, offset_us):
    """A car goes on drawing what it drew after the offer fell; how long until the offer is withdrawn."""
    bench.world.volts_mv = 230000
    bench.charging()
    bench.world.car_ma = lambda phase: 16000
    try:
        bench.table.live(500)
        since_ms = bench.at(offset_us, lambda: setattr(bench.law, "offer_ma", 10000))
        seen_ms = bench.until(lambda: duty_of(bench) == STEADY)
        return None if seen_ms is None else seen_ms - since_ms
    finally:
        del bench.world.car_ma


# (sequence of IEC 61851-1 Table A.6, or the rule's source; what happens; fastest and slowest allowed ms; how to run it)
ROWS = (
    ("1.1", "plugged in, B -> offered", 0, 10000, offered_after_plug),
    ("1.2", "plugged in without S2 -> closed", 0, 3000, hot_plug),
    ("2.1", "B -> A, unplugged -> pilot steady", 0, 100, unplugged_ready),
    ("2.2", "C -> A, unplugged -> open", 0, 70, leaves(A)),
    ("3", "offer returns after a pause -> on the pilot", 0, 10000, offered_after_pause),
    ("4", "B -> C with an offer -> closed", 0, 3000, asks),
    ("4", "C -> B -> C within a second -> closed", 0, 3000, asks_again),
    ("4", "B -> D, ventilated -> closed", 0, 3000, asks_with_ventilation),
    ("8.1", "C -> B -> open", 30, 80, leaves(B)),
    ("12", "C -> E, pilot to earth -> open", 0, 70, breaks("short_ohm", 1)),
    ("12", "protective earth broken -> open", 0, 50, breaks("earth", False)),
    ("A.4", "diode bridged -> open", 0, 100, breaks("diode", False)),
    ("A.4", "between two states -> open", 0, 150, breaks("r3_ohm", 560)),
    ("A.4", "C -> D without ventilation -> open", 0, 3000, leaves(D)),
    ("62955", "residual current -> open", 0, 50, residual),
    ("8", "earth monitor's contact -> open", 0, 50, earth_monitor),
    ("6", "lower offer -> on the pilot", 0, 10000, lower_offer),
    ("6", "second rise waits for the first", 5000, 10000, second_rise),
    ("9", "offer withdrawn -> pilot steady", 0, 10000, withdrawn_offer),
    ("10.1", "offer withdrawn, car opens S2 -> open", 0, 100, follows_the_stop),
    ("10.2", "offer withdrawn, car ignores it -> open", 3000, 6100, ignores_the_stop),
    ("A.5", "state F after a fault", 300, 1000, off_after_fault),
    ("A.5.3", "sleeping car: offer interrupted", 4000, 4100, woken),
)
# the same of a chip that hangs or starts anew, with a supervisor: it has 400 ms, an edge may be a tick old, the contacts 20 ms
HELD_ROWS = (
    ("hang", "in Python -> open", 0, 450, hangs(chips.PYTHON)),
    ("hang", "in native code or C -> open", 0, 450, hangs(chips.NATIVE)),
    ("hang", "in a flash operation -> open", 0, 450, hangs(chips.FLASH)),
    ("reset", "by the watchdog, while it restarts -> open", 0, 450, resets(chips.WDT_RESET)),
    ("reset", "by a panic -> open", 0, 450, resets(chips.PANIC)),
    ("reset", "by machine.reset() -> open", 0, 450, resets(chips.HARD_RESET)),
    ("reset", "by a brown-out -> open", 0, 450, resets(chips.BROWN_OUT)),
    ("reset", "by a power cut -> open", 0, 50, resets(chips.PWRON_RESET)),
)
# and without one: a timer for Python, else the watchdog's 700 ms (twice that in the flash) and what the chip takes to boot.py
BARE_ROWS = (
    ("hang", "in Python, no supervisor -> open", 0, 500, hangs(chips.PYTHON)),
    ("hang", "in native code or C, no supervisor -> open", 0, 2000, hangs(chips.NATIVE)),
    ("hang", "in a flash operation, no supervisor -> open", 0, 1500, hangs(chips.FLASH)),
    ("reset", "by a panic, no supervisor -> open", 0, 1300, resets(chips.PANIC)),
    ("reset", "by machine.reset(), no supervisor -> open", 0, 1300, resets(chips.HARD_RESET)),
    ("reset", "by a brown-out, no supervisor -> open", 0, 1300, resets(chips.BROWN_OUT)),
    ("reset", "by a power cut, no supervisor -> open", 0, 50, resets(chips.PWRON_RESET)),
)
# the same, for what only a board with a voltage input and a clamp on the car can tell
SOCKET_ROWS = (
    ("722.411", "supply below 207 V -> open", 0, 5000, supply_at(206000)),
    ("722.411", "supply above 253 V -> open", 0, 5000, supply_at(254000)),
    ("6", "lower offer ignored -> withdrawn", 5000, 7000, takes_too_much),
)


def measure(repeats, sequences=(), micropython=None, price_percent=100):
    """Measure the rows (of these sequences only); yields (sequence, what, allowed low, high, fastest, slowest).

    None as the fastest stands where it never happened, or where the judge stopped it: his breach is the slowest then.
    """
    for board, version, rows, most in (
        ("reference", ports.NEWEST, ROWS, repeats),
        ("socket", ports.NEWEST, SOCKET_ROWS, repeats),
        ("reference", "1.23", HELD_ROWS, RESTARTS),
        ("minimal", "1.23", BARE_ROWS, RESTARTS),
    ):
        wanted = [row for row in rows if not sequences or row[0] in sequences]
        if wanted:
            bench = Bench(board=board, micropython=micropython or version, price_percent=price_percent)
            yield from measured(bench, min(repeats, most), wanted)


def measured(bench, repeats, rows):
    """Measure these rows on a bench."""
    for sequence, what, low_ms, high_ms, run in rows:
        fastest = slowest = None
        for index in range(repeats):
            took_ms = stopped = None
            bench.collects = index % 2 == 1
            try:
                took_ms = run(bench, index * TICK_US // repeats + 1)
            except Breach as breach:
                stopped = breach
                bench.__init__(
                    **{name: bench.table.scenario[name] for name in ("board", "micropython", "price_percent")}
                )
            if took_ms is None:
                fastest, slowest = None, stopped
                break
            fastest = took_ms if fastest is None else min(fastest, took_ms)
            slowest = took_ms if slowest is None else max(slowest, took_ms)
        yield sequence, what, low_ms, high_ms, fastest, slowest


def main(repeats, sequences, micropython=None, price_percent=100):
    """Print the table; returns how many rows are not met."""
    missed = 0
    print("| sequence | what happens | allowed, ms | measured, ms | |")
    print("|---|---|---:|---:|---|")
    for sequence, what, low_ms, high_ms, fastest, slowest in measure(repeats, sequences, micropython, price_percent):
        met = fastest is not None and low_ms <= fastest and slowest <= high_ms
        missed += not met
        allowed = "%d to %d" % (low_ms, high_ms) if low_ms else "up to %d" % high_ms
        took = str(slowest or "never") if fastest is None else "%d to %d" % (fastest, slowest)
        print("| %s | %s | %s | %s | %s |" % (sequence, what, allowed, took, "ok" if met else "MISSED"))
    return missed


if __name__ == "__main__":
    options = dict([word.split("=") for word in sys.argv[1:] if "=" in word])
    words = [word for word in sys.argv[1:] if "=" not in word]
    repeats = int(words[0]) if words else 25
    sys.exit(1 if main(repeats, words[1:], options.get("micropython"), int(options.get("prices", 100))) else 0)
