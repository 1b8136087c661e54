"""A car is swapped for one without S2, at any instant of a tick, at waveform fidelity, under the judge.

The first car draws 31 A. It leaves; while it is away nobody is seen for as little as the judge takes for an empty socket, or
the pilot is off, or the chip is dead; then a car is there that shows C and never B (IEC 61851-1 A.2.3: 10 A at most). The judge
stops the run where it gets more. Broken as well when it gets nothing at all: it has done nothing wrong. The output is
markdown; something broken makes the exit status 1.

Usage: micropython swap.py [MOMENTS]   (moments of a tick, evenly spread; 25 if not given)
"""

import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from bench.chip import chip as chips
from bench.world.judge import GONE_MS, NO_S2_MA, Breach

from proofs.conformance import A, Bench, C, pilot_to

OFFER_MA = 31000
TICK_US = 25000
SOON_MS = 12000  # self-test, 3 s of a steady pilot, 2 s of rest, and half a second of C


def away(gap_ms):
    """The socket is empty for so long."""

    def run(bench, offset_us):
        bench.at(offset_us, pilot_to(bench, A))
        bench.at(gap_ms * 1000, pilot_to(bench, C))

    return run


def in_f(after_ms):
    """The pilot touches earth, so that it is off for a while after that; so long into it the cars are swapped."""

    def run(bench, offset_us):
        circuit = bench.world.circuit
        bench.at(offset_us, lambda: setattr(circuit, "short_ohm", 1))
        bench.at(after_ms * 1000, pilot_to(bench, A))
        bench.at((GONE_MS + 10) * 1000, pilot_to(bench, C))
        circuit.short_ohm = None
        bench.table.live(1000)
        bench.table.charger.guard.protect.__init__()  # its 30 s are another test's business

    return run


def in_a_reset(kind):
    """The chip is reset in the middle of a tick; while it is dead the cars are swapped."""

    def run(bench, offset_us):
        bench.table.tick()
        bench.chip.us += offset_us
        bench.world.catch_up(bench.chip.us)
        bench.chip.hard_reset(kind)
        bench.world.forced_state = A
        bench.pass_ms(GONE_MS + 10)
        bench.world.forced_state = C
        bench.opens_by_itself(bench.chip.us)

    return run


ROWS = (
    ("away for %d ms" % GONE_MS, away(GONE_MS)),
    ("away for %d ms" % (GONE_MS + 17), away(GONE_MS + 17)),
    ("in F, at once", in_f(30)),
    ("in F, towards its end", in_f(250)),
    ("in a reset by the watchdog", in_a_reset(chips.WDT_RESET)),
    ("in a brown-out", in_a_reset(chips.BROWN_OUT)),
)


def swapped(swap, offset_us):
    """What the second car was offered once it had power; None when it had none in time."""
    bench = Bench()
    bench.charging()
    bench.law.offer_ma = OFFER_MA
    bench.table.live(6000)
    if bench.world.offered_ma < OFFER_MA - 100:
        raise AssertionError("the first car has too little: " + bench.said())
    swap(bench, offset_us)
    until_us = bench.chip.us + SOON_MS * 1000
    while bench.chip.us < until_us:
        bench.table.tick()
        if bench.world.contactor and bench.world.forced_state == C and not bench.world.judge.showed_b:
            bench.table.live(1500)  # the judge's time for an offer that is too high
            return bench.world.offered_ma
    return None


def main(moments):
    """Print the table; returns how many rows are broken."""
    print("| swapped | moments | offered to a car without S2, mA | |")
    print("|---|---:|---:|---|")
    broken = 0
    for what, swap in ROWS:
        found, said = [], "ok"
        for moment in range(moments):
            try:
                found.append(swapped(swap, moment * TICK_US // moments))
            except Breach as breach:
                said = "BROKEN: %s" % breach
        if None in found:
            said = "BROKEN: no power for %d of them" % found.count(None)
        had = [each for each in found if each is not None]
        if had and max(had) > NO_S2_MA:
            said = "BROKEN: more than %d mA" % NO_S2_MA
        broken += said != "ok"
        print("| %s | %d | %s | %s |" % (what, moments, "%d to %d" % (min(had), max(had)) if had else "none", said))
    return broken


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 25) else 0)
