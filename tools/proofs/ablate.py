"""What each heuristic and constant of the law and of the noise filter earns: switched off one at a time, and together.

The law itself (law/, with the guard left out) lives generated days (bench/world/houses.py, half of them of three phases) and half
as many busy evenings seen at one second (bench/world/seconds.py), with a meter that has noise and a car that needs a while to
begin. In every third house it takes up another phase in the middle of a charge, in every fifth it rises slowly, in the next of
them it waits before it takes up more; two houses of four have outgrown their supply. Printed is what a row switched off changes:
energy into the car, ampere-seconds above the rating while the car draws, pauses, and changes of the offer. Behind the energy
stands how far chance reaches, the standard error of the sum of the houses' differences: one stop more or less moves a house by
percents. A row that changes nothing in either earns nothing here: it goes, or says which other proof needs it.

Usage: python tools/proofs/ablate.py [--days N] [--jobs N] [NAME ...]
"""

import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from dataclasses import astuple, dataclass
from statistics import stdev

from bench import host
from bench.world import houses, seconds
from bench.world.car import Random
from headroom_tools.common import arguments, pool

QUICK_MS, EVENING_MS = 25, 50  # a tick while something moves, and where something always does
SLOW_MS = 500  # and else
MOVING_MS = 4000
NOISE_MA = 40  # of the meter, peak: some twice the 0.2 % of a clamp with 2000 turns at 16 A (tools/readme/metering.md)
TAKES_UP_MS, RISES_MA_S = 20000, 500  # chosen: cars that waited 40 s, and that took 30 s from 6 to 10 A, have been seen
STARTS_MS = 3000  # a car that is offered current again draws it after that: seconds, by the standard and by the field
OUTGROWN = 700  # of a thousand: a supply on which a car is paused again and again
NEVER_MS = 1 << 22

# (module, name, what it is with the heuristic off, what the heuristic is)
ROWS = (
    ("law.balance", "FINE_STEP_MS", NEVER_MS, "a fine step is given after 15 s"),
    ("law.balance", "SPARE_MA", NEVER_MS, "a car that draws 2.5 A less than offered is offered no more"),
    ("law.balance", "SETTLE_MS", 0, "no offer goes up within 5 s of another"),
    ("law.balance", "INRUSH_MS", 0, "an inrush was no load"),
    ("law.balance", "INRUSH_REST_MS", 0, "one inrush a minute is believed"),
    ("law.balance", "CREEP_PART", 1, "half is given after half of a long dwell"),
    ("law.balance", "START_MS", 0, "a resume may be taken back until the contactor closes"),
    ("law.balance", "SHORT_MS", 0, "too little is free for 0.5 s before the car is stopped"),
    ("law.balance", "BEARS_PART", NEVER_MS, "a car interrupted often is borne for a twentieth"),
    ("law.balance", "PRICE", 0, "a second stop is put off for its price"),
    ("law.ceilings", "OVER_MAMS", 1, "an excess within the noise must last"),
    ("law.dwell", "REGRET_MS", 0, "a rise that is regretted makes the next one wait"),
    ("law.dwell", "RESUME_MARGIN_MA", 0, "0.45 A above the minimum to resume"),
    ("law.dwell", "LONGER", 1, "what is less than the margin waits four times as long"),
    ("law.dwell", "SCARCE_MS", 0, "after a pause scarce headroom must last 20 min"),
    ("law.dwell", "FEW", NEVER_MS, "from the fourth interruption on the law is reluctant"),
    ("law.car_current", "QUIET_MS", 0, "a movement within the noise is ascribed after a second"),
    ("law.car_current", "REACT_MS", 0, "no car follows within 0.25 s"),
    ("law.car_current", "FOLLOW_UP_MS", 10000, "a car may take up more within a minute"),
    ("law.car_current", "SETTLED_MS", 1000, "a car that stands for 8 s has what it wants"),
    ("law.car_current", "LEAP_MA_MS", NEVER_MS, "a car that rises gently never leaps"),
    ("law.car_current", "RAMP_MA", 0, "a slow ramp is no rest"),
    ("law.car_current", "CarCurrent._over", None, "what cannot be the house's is the car's"),
    ("law.car_current", "CarCurrent._joins", None, "a phase that moves with the others joins them"),
    ("law.car_current", "CarCurrent._suspect", None, "a phase over its rating may be the car's after all"),
    ("law.noise_filter", "SIGMAS", 1000, "a step is told from noise by the noise itself"),
    ("law.noise_filter", "SMOOTH_MS", 1, "what is below a step is smoothed"),
)
TOGETHER = "all that changes nothing alone"


@dataclass
class Came:
    """What came of some days: mA s into the car, and above the rating, pauses, changes of the offer."""

    charged_mas: int = 0
    over_mas: int = 0
    pauses: int = 0
    changes: int = 0

    def beside(self, other):
        """The differences to ``other`` in percent; pauses and changes as numbers."""
        charged = 100 * (self.charged_mas - other.charged_mas) / max(other.charged_mas, 1)
        over = 100 * (self.over_mas - other.over_mas) / max(other.over_mas, 1)
        return charged, over, self.pauses - other.pauses, self.changes - other.changes


def whole(came):
    """What came of all houses together."""
    return Came(*map(sum, zip(*map(astuple, came), strict=True)))


def chance(came, others):
    """How far chance may move the energy of all houses beside what came of the ``others``, in percent; of one nobody knows."""
    if len(came) < 2:
        return "?"
    apart = [one.charged_mas - other.charged_mas for one, other in zip(came, others, strict=True)]
    return f"{100 * stdev(apart) * len(apart) ** 0.5 / max(whole(others).charged_mas, 1):.2f}"


def switched(rows):
    """Put the values of ``rows`` in place of the firmware's, wherever they were imported to; returns what puts them back."""
    back = []

    def put(owner, name, value):
        back.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    for module, name, value, _ in rows:
        found = sys.modules["headroom." + module]
        if "." in name:
            owner, method = name.split(".")
            put(getattr(found, owner), method, lambda *_: False)
            continue
        was = getattr(found, name)
        for each in [each for each in sys.modules if each.startswith("headroom.")]:
            if getattr(sys.modules[each], name, None) == was:
                put(sys.modules[each], name, value)
    return back


def lived(job):
    """What comes of each day, and of each evening, with these rows off: ``job`` is (names, how many days)."""
    names, days = job
    if "bench.household" not in sys.modules:
        host.load()
    from bench.household import Household

    back = switched([row for row in ROWS if row[1] in names])
    try:
        return (
            come_of(Household, days, houses.day, houses.DAY_MS, QUICK_MS),
            come_of(Household, (days + 1) // 2, seconds.evening, seconds.SPAN_MS, EVENING_MS),
        )
    finally:
        for owner, name, value in back:
            setattr(owner, name, value)


def come_of(household, count, made, span_ms, quick_ms):
    """What comes of each of so many houses: ``made`` makes the rows of one, which lasts for ``span_ms``."""
    came = []
    for seed in range(count):
        phases = 3 if seed % 2 else 1
        breaker_a = 25 if phases == 3 else (20, 25, 32)[seed // 2 % 3]
        random = Random(seed + 1)
        home = household(phases, breaker_a * (OUTGROWN if seed % 4 > 1 else 1000))
        home.wobble = lambda random=random: random.between(-NOISE_MA, NOISE_MA)
        home.starts_ms = STARTS_MS
        home.rises_ma_s = RISES_MA_S if seed % 5 == 2 else 0
        home.takes_up_ms = TAKES_UP_MS if seed % 5 == 3 else 0
        home.car_max_ma = 16000 if phases == 3 else 32000
        joins = seed % 3 == 1
        if joins:
            home.car_phases = [0]
        came.append(Came())
        live(home, made(seed, phases, breaker_a), span_ms, quick_ms, joins and phases == 3, came[-1])
    return came


def live(home, rows, span_ms, quick_ms, joins, came):
    """One house: quick ticks while something moves."""
    now_ms = moved_ms = 0
    offer_ma = was_ma = 0
    limit_ma = home.limits.breaker_ma
    for place, row in enumerate(rows):
        until_ms = rows[place + 1][0] if place + 1 < len(rows) else span_ms
        home.house_ma[:] = row[1:4]
        moved_ms = now_ms
        while now_ms < until_ms:
            home.tick_ms = quick_ms if now_ms - moved_ms < MOVING_MS else min(SLOW_MS, until_ms - now_ms)
            if joins and now_ms >= span_ms // 3:
                home.car_phases = [0, 1, 2]
            home.tick()
            now_ms += home.tick_ms
            offer_ma = home.verdict.offer_ma
            if offer_ma != was_ma:
                moved_ms = now_ms
                came.changes += 1
                came.pauses += offer_ma == 0
                was_ma = offer_ma
            came.charged_mas += home.drawn_ma * len(home.car_phases) * home.tick_ms // 1000
            if home.drawn_ma:
                over_ma = max(
                    home.house_ma[phase] + home.drawn_ma * (phase in home.car_phases)
                    for phase in range(home.limits.phases)
                )
                came.over_mas += max(over_ma - limit_ma, 0) * home.tick_ms // 1000


def told(name, came, base, words):
    """A row of the table: for days and for evenings the houses as they came, and as they came with everything on."""
    cells = []
    for these, others in zip(came, base, strict=True):
        charged, over, pauses, changes = whole(these).beside(whole(others))
        cells.append(f"{charged:+.2f} ± {chance(these, others)} % | {over:+.1f} % | {pauses:+d} | {changes:+d}")
    return f"| `{name}` | {words} | {' | '.join(cells)} |"


def nothing(came, base):
    """Whether switching off changed neither energy by a thousandth, nor the excess by a hundredth, nor a pause in 200."""
    charged, over, pauses, _ = came.beside(base)
    return abs(charged) < 0.1 and over < 1 and pauses <= max(base.pauses // 200, 0)


def as_they_are(what, came):
    charged_ah, over_as = came.charged_mas / 3600000, came.over_mas / 1000
    return (
        f"{what} as they are: {charged_ah:.0f} Ah into the car, all its phases together; {over_as:.0f} A s above the rating "
        f"while it drew, {came.pauses} pauses, {came.changes} new offers"
    )


def main():
    asked = arguments.parser(__doc__)
    asked.add_argument("names", metavar="NAME", nargs="*", help="only these rows")
    asked.add_argument(
        "--days", type=arguments.whole(1, 1000), default=8, help="how many house-days, 8; half as many evenings"
    )
    asked.add_argument("--jobs", type=arguments.whole(0, 256), default=0, help="processes; 0: one on each core")
    told_to = asked.parse_args()
    rows = [row for row in ROWS if not told_to.names or row[1] in told_to.names]
    unknown = [name for name in told_to.names if name not in [row[1] for row in ROWS]]
    if unknown:
        asked.error(f"no such row: {', '.join(unknown)}; there are {', '.join(row[1] for row in ROWS)}")
    jobs = [((), told_to.days)] + [((row[1],), told_to.days) for row in rows]
    processes = told_to.jobs or pool.cores()
    done = pool.in_order(lived, jobs, processes)
    base = next(done)
    print(as_they_are(f"{told_to.days} days", whole(base[0])))
    print(as_they_are(f"{(told_to.days + 1) // 2} evenings", whole(base[1])) + "\n", flush=True)
    print(
        "| off | what it is | days: energy | A s over | pauses | changes | evenings: energy | A s over | pauses | changes |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    idle = []
    for row, came in zip(rows, done, strict=True):
        print(told(row[1], came, base, row[3]), flush=True)
        if all(nothing(whole(these), whole(others)) for these, others in zip(came, base, strict=True)):
            idle.append(row[1])
    if len(idle) > 1:
        together = next(pool.in_order(lived, [(tuple(idle), told_to.days)], 1))
        print(told("together", together, base, TOGETHER + ": " + ", ".join(idle)))


if __name__ == "__main__":
    main()
