"""The standard's sequences after time in which nothing happened: a second to a year, at every wrap of both tick counters and
off them, with and without PWM, at waveform fidelity (``bench.idle`` says how time passes, and what that can show).

Each span is gone through in four ways: nobody plugged in; a car in B whose offer was withdrawn; a car in B that does not use
its offer, so that it is woken, in vain; a car that charges. Then the car leaves, one comes, asks, stops and leaves, at another
offer each time. Every second time the PWM's driver begins with a phase of its own.

Broken when an offer takes longer than PROMPT_MS or PWM is taken back, when the contactor's coil is on for a car in A or B, or
when it closes or opens late. The output is markdown; something broken makes the exit status 1.

Usage: micropython sparse.py [short | spans | long [nobody | withdrawn | asleep | charging ...]]
"""

import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from bench import idle
from bench.chip.chip import TICKS

from proofs.conformance import STEADY, A, B, Bench, C, duty_of

PROMPT_MS = 450  # plugged in, B -> offered, the residual current module's test included
CLOSE_MS = 600  # B -> C with an offer, sequence 4
OPEN_MS = 80  # C -> B and C -> A, sequences 8.1 and 2.2
WATCHED_MS = 1200  # in B, with the offer out
OFFERS_MA = (16000, 25000, 6000, 20020, 32000)

US_WRAP_S = TICKS // 1000000  # 1073.7 s; half of it is how far ticks_diff sees
MS_WRAP_S = TICKS // 1000  # 12.4 days
HOUR_S, DAY_S = 3600, 86400
# (seconds lived, periods of ticks_ms before them that nobody sees)
SHORT = ((1, 0), (US_WRAP_S // 2 + 1, 0), (90, 29), (2160, 0))
SPANS = SHORT + (
    (US_WRAP_S + 1, 0),
    (60, 0),
    (US_WRAP_S // 2 - 1, 0),
    (600, 0),
    (US_WRAP_S - 1, 0),
    (US_WRAP_S * 3 // 2, 0),
    (US_WRAP_S * 2, 0),
    (6 * HOUR_S + 1980, 0),  # 6.55 h
    (8 * HOUR_S + 2340, 0),  # 8.65 h
    (DAY_S + 7, 0),
    (2160, 4),  # 50 days
    (8 * HOUR_S + 2340, 29),  # a year
)
LONG = SPANS + ((MS_WRAP_S // 2 + 5, 0), (MS_WRAP_S + 5, 0), (60 * DAY_S - 4 * MS_WRAP_S, 4))


class Broken(Exception):
    """What a car met."""


def watch(bench, state, ms):
    """The car shows ``state`` for ``ms``; returns when the first offer was on the pilot. The coil has to be off throughout."""
    bench.car(state, 0)
    since_us = bench.chip.us
    offered_ms = 0
    while bench.chip.us - since_us < ms * 1000:
        bench.table.tick()
        offered = 0 < duty_of(bench) < STEADY
        if offered and not offered_ms:
            offered_ms = (bench.chip.us - since_us) // 1000
        if offered_ms and not offered:
            raise Broken("PWM taken back: " + bench.said())
        if bench.world.coil:
            raise Broken("coil on with the car in " + "ABCD"[state] + ": " + bench.said())
    return offered_ms


def within(limit_ms, took_ms, what, bench):
    """``took_ms``, when that is in time."""
    if took_ms is None or not 0 <= took_ms <= limit_ms:
        raise Broken("%s after %s ms: %s" % (what, took_ms, bench.said()))
    return took_ms


def car_comes(bench):
    """A car's whole visit; returns how long it waited for its offer, for power, and for the contacts to open."""
    watch(bench, A, 300)
    offered_ms = watch(bench, B, WATCHED_MS)
    within(PROMPT_MS, offered_ms or None, "offered", bench)
    since_ms = bench.chip.us // 1000
    bench.car(C, 0)
    closed_ms = within(CLOSE_MS, bench.closed_after(since_ms), "closed", bench)
    bench.table.live(1000)
    return offered_ms, closed_ms, stops(bench, B)


def stops(bench, state):
    """A charging car shows ``state``: how long until the contacts are open."""
    since_ms = bench.chip.us // 1000
    bench.car(state, 0)
    return within(OPEN_MS, bench.opened_after(since_ms), "opened", bench)


def nobody(bench):
    """Nobody is plugged in, since a car left."""
    bench.charging()
    bench.car(A, 1000)


def withdrawn(bench):
    """A car in B, whose offer was withdrawn."""
    bench.charging()
    bench.car(B, 1000)
    bench.law.offer_ma = 0
    bench.table.live(1000)


def asleep(bench):
    """A car in B, which does not use its offer."""
    bench.charging()
    bench.car(B, 1000)


def charging(bench):
    """A car that charges."""
    bench.charging()


WAYS = (nobody, withdrawn, asleep, charging)


def gone_through(spans, index, begin):
    """One way through all spans; returns how many were broken."""
    broken = 0
    for place, (lived_s, periods) in enumerate(spans):
        text = "%d s" % lived_s if not periods else "%d days and %d s" % (periods * MS_WRAP_S // DAY_S, lived_s)
        bench = Bench()
        bench.chip.pwm_keeps_phase = (place + index) % 2 == 1
        offer_ma = OFFERS_MA[(place + index) % len(OFFERS_MA)]
        bench.law.offer_ma = offer_ma
        try:
            begin(bench)
            if periods:
                idle.unseen(bench.table, periods)
            idle.live(bench.table, lived_s * 1000)
            if bench.world.coil:
                if begin is not charging:
                    raise Broken("coil on: " + bench.said())
                stops(bench, A)
            bench.law.offer_ma = offer_ma
            watch(bench, A, 4000)
            told = "%d, %d, %d | ok" % car_comes(bench)
        except Broken as error:
            broken += 1
            told = "| BROKEN: %s" % error
        print("| %s | %s | %d mA | %s |" % (text, begin.__name__, offer_ma, told))
    return broken


def main(spans, ways):
    """Print the table; returns how many rows are broken."""
    print("| nothing happens for | meanwhile | offer | offered, closed, opened after, ms | |")
    print("|---|---|---:|---:|---|")
    return sum([gone_through(spans, index, way) for index, way in enumerate(WAYS) if not ways or way.__name__ in ways])


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "spans"
    sys.exit(1 if main({"short": SHORT, "spans": SPANS, "long": LONG}[wanted], sys.argv[2:]) else 0)
