"""Exhaustive proof: every reachable state of the real guard, with the law, the car and the hardware as adversaries.

The guard's own code runs. Only its clock face is shrunk: every duration becomes one to three steps (SHRUNK), in the
same order as the real ones, so that each timer is seen below, at and beyond its edge and the states can be counted.
In each state every input of a family is tried: any pilot plateau, any proposal, any read-back, the family's own fault
inputs, a person's hand. The rules below are checked after each step; what must hold over several steps (an opening
that may take its time) is counted by the explorer itself and not read from the guard.

Usage: python tools/proofs/explore.py [--share N] [WORD ...]

N: states at most in each family, for a bounded share; WORD: only the families with one of these in their names.
"""

import sys
import time
from itertools import product
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "tools")]
from bench import host
from headroom_tools.common import arguments

host.load()
from headroom.guard import causes, faults, guard, meter_fallback, offer, protect, selftest, session, sight
from headroom.terms import meter_faults
from headroom.terms.records import InForce, Limits, Proposal, Readings, Verdict

SHRUNK = (
    (session, "CLOSE_AFTER_MS", 2),
    (session, "OPEN_AFTER_MS", 2),
    (session, "STOP_MS", 3),
    (session, "RECLOSE_MS", 2),
    (session, "STEADY_MS", 2),
    (session, "FAULT_F_MS", 2),
    (session, "SIMPLIFIED_MS", 1),
    (session, "WAKE_AFTER_MS", 3),
    (session, "WAKES_MS", (1, 2, 3)),
    (sight, "WINDOW_MS", 1),
    (causes, "STILL_TICKS", 2),
    (causes, "CODED_MS", 2),
    (protect, "AGAIN_MS", 3),
    (protect, "LONGEST_MS", 3),
    (protect, "PERSON_MS", 1),
    (guard, "DIODE_MS", 2),
    (guard, "SWAP_MS", 2),
    (guard, "SOUND_MS", 3),
    (guard, "UNLOCK_MS", 2),
    (offer, "SETTLE_MS", 3),
    (offer, "TAKE_BACK_MS", 1),
    (meter_fallback, "RAISE_MS", 2),
    (meter_fallback, "SILENT_RAISE_MS", 2),
    (meter_fallback, "SILENT_MS", 2),
    (meter_fallback, "WAITS_MS", 3),
    (meter_fallback, "FELL_MS", 1),
    (meter_fallback, "BEFORE_MS", 1),
    (meter_fallback, "RAMP_MA_S", 8000000),  # 8 A a step
    (selftest, "RESPONSE_MS", 2),
    (selftest, "RELEASE_MS", 2),
    (selftest, "GOOD_FOR_MS", 4),
)
IN_TIME = sum(1 << code for code in range(faults.COUNT) if faults.CLEARS[code] == faults.BY_TIME)
AFTER_STEPS, GONE_STEPS = 2, 2  # of every fault that has a duration at all
REPEATS_SHRUNK = 1
TIMED = (
    session.OFFERED,
    session.STOPPING,
    session.PAUSED,
    session.FAULT,
    session.WAKING,
)  # what happens there by its age
SLOW = (0, 1, 2, 4)  # ticks in steps: no time at all; a window; 45 and 70 ms, which pass OPEN_AFTER; 600 and 1500 ms
AWAY_STEPS = 2  # a closed contactor may outlive state C by so many steps: OPEN_AFTER or "pilot not understood"
PILOTS = {  # high plateau: what the band decoder must make of it
    "A": 12000,
    "B": 9000,
    "C": 6000,
    "D": 3000,
    "E": 0,
    "F": -12000,
    "between": -5000,  # outside every band and its hysteresis
}
WILD_MA = 1 << 29
HELD, HELD_LAST, UNHELD = (
    meter_faults.FROZEN,
    meter_faults.UNPLUGGED,
    meter_faults.CLIPPED,
)  # a doubt of each kind of answer


# What is not the firmware's own in here: (what, what that assumes, which other proof covers it)
ASSUMED = (
    (
        "every duration is 1 to 4 steps (SHRUNK)",
        "only their order decides, and each edge is met",
        "conformance; guard/test_session_times, test_fault_rows",
    ),
    (
        "a tick is one step, but in the families of slow ticks",
        "other timers bear a slow tick as those do",
        "guard/test_first_sight; inject",
    ),
    (
        "a fault repeats once, not up to five times",
        "the count has no other edge",
        "guard/test_fault_rows",
    ),
    (
        "events, black box and contradictions remember nothing (Silent)",
        "they never answer the guard",
        "guard/test_memory, record/test_blackbox",
    ),
    (
        "what nobody reads before it is written again is forgotten (bury)",
        "a clock that is not running, a count that decides nothing",
        "proofs/test_explore steps from both and compares",
    ),
    (
        "the watch over the car's steps finds nothing (Unmoved)",
        "its findings look like any other doubt",
        "monitor/test_follow, guard/test_trust; inject",
    ),
    (
        "what a meter in doubt is worth, but in the families of the meter (Doubted)",
        "any of its stages at any time, in any order",
        "the families of the meter; guard/test_meter_fallback",
    ),
    (
        "in the families of the meter the session does anything (Anything)",
        "the meter's fallback looks at the offer and the contactor only",
        "all other families; guard/test_meter_fallback",
    ),
    (
        "breaker's image and import limit (Supply)",
        "they say at risk or broken at any time",
        "monitor/test_breaker, test_excursions; inject",
    ),
    (
        "nothing is tried with less (Patient)",
        "that ceiling only lowers what the law proposes, which is anything",
        "guard/test_retry; inject",
    ),
    (
        "plateaus are eight fixed voltages",
        "the band decoder tells no others apart",
        "guard/test_pilot; conformance",
    ),
    (
        "the meter's currents stand at 0 A",
        "the guard looks at them through doubt, image and limit only",
        "inject; guard/test_trust",
    ),
    (
        "the law proposes two to six currents",
        "others lie between two of these",
        "law/test_law_properties; inject",
    ),
    (
        "the settings are the defaults, but in the families of corners",
        "what lies between two corners is no worse",
        "guard/test_offer; inject",
    ),
    (
        "the button is the hand that holds, and a person who clears",
        "it does nothing else",
        "guard/test_memory; provoke",
    ),
    (
        "the contactor, where a family does not lie about it, follows within a tick",
        "a slower one is one that lies",
        "the family of the contactor; conformance",
    ),
    (
        "each kind of polite fault meets each that opens, but not each row of the kind",
        "rows with the same shrunk figures are one: too slow is as a torn sensor",
        "guard/test_severity, test_beside_each_other",
    ),
    (
        "mishaps come two or three at a time",
        "a fault's clock looks at no other",
        "guard/test_fault_rows; inject",
    ),
)


class Silent:
    """Stands in for events, black box and the watch over settings, which only remember and tell."""

    seconds = part_ms = stand = 0

    def note(self, kind, code, value):
        """Nothing."""

    def freeze(self, fresh):
        """Nothing."""

    def step(self, *_):
        """Nothing."""

    def pass_time(self, dt_ms):
        """Nothing."""


class Unmoved:
    """Stands in for the watch over the car's steps: what it could find comes from the adversary, as a quality."""

    doubt = phase = house_ma = strays = 0
    uses = (False, False, False)
    begun = True

    def may_stop(self):
        """Never."""
        return False

    elsewhere = may_stop

    def stops(self):
        """Nothing."""

    def step(self, dt_ms, grid_ma, offer_ma):
        """Nothing."""

    def forget(self):
        """Nothing."""


class Supply:
    """Stands in for what watches the supply for minutes: the adversary says what it found."""

    at_risk = broken = False

    def step(self, *_):
        """True when the import limit was exceeded for too long."""
        return self.broken


STAGES = {  # of a meter in doubt: what is told, the stage, the ceiling
    "good": (meter_faults.OK, meter_faults.HOLD, WILD_MA),
    "silent": (meter_faults.OK, meter_faults.HOLD, 10500),  # good, and the car's first phase carries nothing yet
    "held": (HELD, meter_faults.HOLD, 13000),
    "safe": (HELD, meter_faults.SAFE, 6000),
    "paused": (HELD, meter_faults.PAUSE, 0),
}
DOES = {"charging": session.CHARGING, "offered": session.OFFERED, "paused": session.PAUSED}


class Doubted:
    """Stands in for the meter's fallback, which families of its own explore: the adversary says how far it is, at any time."""

    phase = 0

    def __init__(self):
        self.response = Unmoved()
        self.be("good")

    def be(self, stage):
        """So far it is."""
        self.doubt, self.stage, self.ma = STAGES[stage]

    def cause(self):
        """As the fallback itself has it."""
        return self.doubt or (meter_faults.UNPLUGGED if self.ma < WILD_MA else meter_faults.OK)

    def step(self, *_):
        """What it leaves."""
        return self.ma


class Anything:
    """Stands in for the session in the families of the meter: the adversary says what it does with an offer, at any time."""

    simplified = False
    pilot = session.PWM
    in_state_ms = wakes = left_ms = 0

    def __init__(self):
        self.state = session.CHARGING

    def step(self, dt_ms, pilot_state, another, offer_ma, severity, may_offer, may_close, verdict):
        """A fault and a pause withdraw the offer, and the contactor may stay."""
        verdict.offer_ma = 0 if severity or self.state == session.PAUSED else offer_ma
        verdict.closed = self.state == session.CHARGING
        verdict.session = self.state


class Leased:
    """Stands in for the lease, which tools/proofs/lease.py explores: the adversary says what it leaves, at any time."""

    ma = left_ms = 0
    alone = False

    def step(self, *_):
        """Nothing."""

    def follow(self, *_):
        """Nothing."""

    def offer_ma(self, *_):
        """What it leaves."""
        return self.ma


class Patient:
    """Stands in for what is tried with less: it only lowers what the law proposes, and the law proposes anything."""

    wait_ms = 0
    restless = False

    def step(self, *_):
        """No ceiling."""
        return WILD_MA

    def forget(self):
        """Nothing."""

    def stopped_by_itself(self):
        """Nothing."""


class Family:
    """A charger of some build, and what the adversary may do to it."""

    def __init__(
        self,
        name,
        pilots="A B C D E between",
        proposals=(0, 16000, WILD_MA),
        inputs=(),
        limits=(),
        codes=(),
        ticks=(1,),
    ):
        self.name = name
        self.pilots = pilots.split()
        self.proposals = proposals
        self.inputs = inputs  # (reading, its values), tried in all combinations
        self.limits = limits
        self.codes = codes  # faults that can come up beside the pilot's own
        self.ticks = ticks  # how many steps one may take


LETTER_CODES = {
    "between": faults.PILOT_UNCLEAR,
    "no-diode": faults.DIODE,
    "D": faults.VENTILATION,
    "E": faults.PILOT_SHORT,
    "F": faults.PILOT_STUCK,
}
TRUST_STEPS = 2  # hold, safe current, and good again before it ends
DOUBT = ("doubt", (meter_faults.OK, HELD, HELD_LAST, UNHELD))
SESSION = ("session", tuple(DOES))
METER = ("meter", ("good", "silent", "held", "safe", "paused"))
LEAK = ("residual_fault", (False, True))
BACK = ("contactor_closed", (False, True))
SMALL = (0, WILD_MA)
FAMILIES = (
    Family("a car and a law, nothing broken", pilots="A B C", proposals=(-WILD_MA, 0, 5999, 6000, 16000, WILD_MA)),
    Family("unreadable pilot", pilots="A B C between"),
    Family("pilot to earth", pilots="A B C E"),
    Family("pilot driver stuck", pilots="A B C F"),
    Family("ventilation refused", pilots="A B C D"),
    Family("ventilation allowed", pilots="A B C D", limits=(("ventilation", True),)),
    Family("no diode", pilots="A B C no-diode", codes=(faults.PILOT_UNCLEAR,)),
    Family("frozen input", pilots="A B C frozen", codes=(faults.ADC_FROZEN, faults.PILOT_STUCK)),
    Family("pilot to earth, or unreadable", pilots="A C E between", proposals=SMALL),
    Family(
        "contactor lies",
        pilots="A B C",
        proposals=SMALL,
        inputs=(BACK,),
        codes=(faults.WELDED, faults.NOT_CLOSING, faults.READBACK),
    ),
    Family("residual current", pilots="A B C", inputs=(LEAK,), codes=(faults.RESIDUAL,)),
    Family(
        "residual current self-test",
        pilots="A B C",
        proposals=SMALL,
        inputs=(LEAK,),
        limits=(("residual_test", True),),
        codes=(faults.RESIDUAL, faults.RESIDUAL_TEST),
    ),
    Family("heat", pilots="A B C", inputs=(("temperature_c", (25, 70, 90)),), codes=(faults.HOT,)),
    Family(
        "residual current and earth",
        pilots="A C",
        proposals=SMALL,
        inputs=(LEAK, ("earth_fault", (False, True))),
        codes=(faults.RESIDUAL, faults.EARTH),
    ),
    Family(
        "residual current and heat",
        pilots="A C",
        proposals=SMALL,
        inputs=(LEAK, ("temperature_c", (25, 90))),
        codes=(faults.RESIDUAL, faults.HOT),
    ),
    Family(
        "supply voltage",
        pilots="A C",
        proposals=SMALL,
        inputs=(("mains_mv", (230000, 200000, 255000, 260000)),),
        limits=(("mains", True),),
        codes=(faults.UNDERVOLTAGE, faults.OVERVOLTAGE, faults.OVERVOLTAGE_NEAR),
    ),
    Family("breaker at risk", pilots="A B C", inputs=(("at_risk", (False, True)),), codes=(faults.BREAKER,)),
    Family(
        "import limit, and a torn sensor",
        pilots="A C",
        proposals=SMALL,
        inputs=(("broken", (False, True)), ("temperature_ok", (True, False))),
        limits=(("import_ma", 20000),),
        codes=(faults.IMPORT_LIMIT, faults.TEMPERATURE_SENSOR),
    ),
    Family(
        "charger too slow, and residual current",
        pilots="A B C",
        proposals=SMALL,
        inputs=(("busy_us", (0, 100000)), LEAK),
        codes=(faults.LATE, faults.RESIDUAL),
    ),
    Family(
        "memory of faults lost",
        pilots="A B C",
        proposals=SMALL,
        limits=(("forgotten", True),),
        codes=(faults.FAULT_MEMORY,),
    ),
    Family(
        "car that takes too much",
        pilots="A B C",
        inputs=(("car_ma", (0, 40000)),),
        limits=(("car", True),),
        codes=(faults.OVERDRAW,),
    ),
    Family("a group's lease", pilots="A B C", proposals=SMALL, inputs=(("leased", (WILD_MA, 0, 5999, 16000)),)),
    Family(
        "meter in any stage of doubt",
        pilots="A B C",
        proposals=(0, 9000, WILD_MA),
        inputs=(METER,),
        codes=(faults.METER,),
    ),
    Family(
        "the meter: in doubt of every kind",
        pilots="C",
        proposals=SMALL,
        inputs=(DOUBT, SESSION),
        limits=(("charger_ma", 16000),),
        codes=(faults.METER,),
    ),
    Family(
        "the meter: in doubt or gone",
        pilots="C",
        proposals=SMALL,
        inputs=(("doubt", (meter_faults.OK, HELD)), ("grid_ok", (True, False)), SESSION),
        codes=(faults.METER,),
    ),
    Family(
        "socket, cable and lock",
        pilots="A B C",
        proposals=SMALL,
        inputs=(("proximity_ohm", (220, 1500, 50, 9000)), ("locked", (False, True))),
        limits=(("socket", True), ("lock", True)),
        codes=(faults.PROXIMITY, faults.LOCK),
    ),
    Family(
        "a hand that stops the charge, and a contactor that lies under a lock",
        pilots="A B C",
        proposals=SMALL,
        inputs=(BACK, ("held", (False, True))),
        limits=(("socket", True), ("lock", True), ("locked", True)),
        codes=(faults.WELDED, faults.NOT_CLOSING, faults.READBACK),
    ),
    Family(
        "clock and rail",
        pilots="A C",
        proposals=SMALL,
        inputs=(("clock_ok", (True, False)), ("rail_mv", (3300, 2900))),
        codes=(faults.CLOCK, faults.RAIL),
    ),
)


FAMILIES += (
    Family("slow ticks: a car and a law", pilots="A B C", proposals=SMALL, codes=(faults.CLOCK,), ticks=SLOW),
    Family("slow ticks: unreadable pilot", pilots="B C between", proposals=SMALL, codes=(faults.CLOCK,), ticks=SLOW),
    Family("slow ticks: pilot driver stuck", pilots="A C F", proposals=SMALL, codes=(faults.CLOCK,), ticks=SLOW),
    Family(
        "slow ticks: no diode",
        pilots="B C no-diode",
        proposals=(WILD_MA,),
        codes=(faults.PILOT_UNCLEAR, faults.CLOCK),
        ticks=SLOW,
    ),
    Family(
        "slow ticks: residual current",
        pilots="A B C",
        proposals=(WILD_MA,),
        inputs=(LEAK,),
        codes=(faults.RESIDUAL, faults.CLOCK),
        ticks=SLOW,
    ),
    Family(
        "slow ticks: contactor lies",
        pilots="A C",
        proposals=(WILD_MA,),
        inputs=(BACK,),
        codes=(faults.WELDED, faults.NOT_CLOSING, faults.READBACK, faults.CLOCK),
        ticks=SLOW,
    ),
)

POLITE = (  # (fault, the input that raises it, what the charger must have for it)
    (faults.HOT, ("temperature_c", (25, 90)), ()),
    (faults.TEMPERATURE_SENSOR, ("temperature_ok", (True, False)), ()),
    (faults.OVERDRAW, ("car_ma", (0, 1 << 20)), (("car", True),)),
    (faults.IMPORT_LIMIT, ("broken", (False, True)), (("import_ma", 20000),)),
    (faults.METER, ("meter", ("good", "paused")), ()),
)
OPENING = (  # (faults, pilots, inputs, what the charger must have for it)
    ((), "A C between", (), ()),
    ((faults.PILOT_UNCLEAR,), "A C no-diode", (), ()),
    ((faults.ADC_FROZEN, faults.PILOT_STUCK), "A C frozen", (), ()),
    ((), "A C D", (), ()),
    ((), "A C E", (), ()),
    ((), "A C F", (), ()),
    ((faults.RESIDUAL,), "A C", (LEAK,), ()),
    ((faults.RESIDUAL, faults.RESIDUAL_TEST), "A C", (LEAK,), (("residual_test", True),)),
    ((faults.WELDED, faults.NOT_CLOSING, faults.READBACK), "A C", (BACK,), ()),
    ((faults.EARTH,), "A C", (("earth_fault", (False, True)),), ()),
    ((faults.UNDERVOLTAGE,), "A C", (("mains_mv", (230000, 200000)),), (("mains", True),)),
    ((faults.OVERVOLTAGE, faults.OVERVOLTAGE_NEAR), "A C", (("mains_mv", (230000, 260000)),), (("mains", True),)),
    ((faults.RAIL,), "A C", (("rail_mv", (3300, 2900)),), ()),
    ((faults.CLOCK,), "A C", (("clock_ok", (True, False)),), ()),
    ((faults.PROXIMITY,), "A C", (("proximity_ohm", (220, 50)),), (("socket", True),)),
    ((faults.LOCK,), "A C", (("locked", (False, True)),), (("socket", True), ("lock", True))),
    ((faults.BREAKER,), "A C", (("at_risk", (False, True)),), ()),
    ((faults.FAULT_MEMORY,), "A C", (), (("forgotten", True),)),
)
FAMILIES += tuple(
    Family(
        f"{faults.NAME[polite]}, and what opens: {', '.join([faults.NAME[code] for code in codes]) or pilots[-7:]}",
        pilots=pilots,
        proposals=(WILD_MA,),
        inputs=(raises, *inputs),
        limits=(*needs, *limits),
        codes=(polite, *codes),
    )
    for polite, raises, needs in POLITE
    for codes, pilots, inputs, limits in OPENING
)

BUILDS = [
    (("ventilation", ventilation), ("socket", socket), ("lock", lock), ("residual_test", tested))
    for ventilation, (socket, lock), tested in product(
        (False, True), ((False, False), (True, False), (True, True)), (False, True)
    )
]
LIGHTEST, HEAVIEST = 6000, 80000
RATINGS = ((6000, LIGHTEST), (6000, HEAVIEST), (16000, 16000), (16000, HEAVIEST))  # (min_ma, charger_ma)
FAMILIES += tuple(
    Family(
        "build: " + (", ".join(name for name, fitted in build if fitted) or "nothing fitted"),
        pilots="A B C D",
        proposals=(WILD_MA,),
        inputs=(("locked", (True, False)), LEAK),
        limits=build,
        codes=(
            faults.RESIDUAL,
            *((faults.RESIDUAL_TEST,) if build[3][1] else ()),
            *((faults.LOCK,) if build[2][1] else ()),
        ),
    )
    for build in BUILDS
)
FAMILIES += tuple(
    Family(
        f"settings: min_ma {min_ma}, charger_ma {charger_ma}, {inputs[0]}",
        pilots="A B C",
        proposals=(0, min_ma - 1, min_ma, WILD_MA),
        inputs=(inputs,),
        limits=(("min_ma", min_ma), ("charger_ma", charger_ma)),
        codes=(code,),
    )
    for (min_ma, charger_ma), (inputs, code) in product(
        RATINGS, ((METER, faults.METER), (("temperature_c", (25, 70, 90)), faults.HOT))
    )
)
FAMILIES += tuple(
    Family(
        f"the meter: min_ma {min_ma}, charger_ma {charger_ma}, trust_safe_ma {safe_ma}, holds {hold}, pauses {pause}",
        pilots="C",
        proposals=(0, min_ma, WILD_MA),
        inputs=(("doubt", (meter_faults.OK, HELD)), SESSION),
        limits=(
            ("min_ma", min_ma),
            ("charger_ma", charger_ma),
            ("trust_safe_ma", safe_ma),
            ("trust_hold_ms", hold),
            ("trust_pause_ms", pause),
        ),
        codes=(faults.METER,),
    )
    for (min_ma, charger_ma), safe_ma, (hold, pause) in product(
        RATINGS, (0, 32000), ((0, 0), (TRUST_STEPS, TRUST_STEPS))
    )
)


class Violation(AssertionError):
    """A rule was broken; says which, and the steps that lead there."""


class Explorer:
    """One family's states, transitions and rules."""

    OWN = (
        "shown", "tested", "steady", "asked", "away", "unoffered", "doubted", "good", "known_ma", "kinds",
    )  # fmt: skip

    def __init__(self, family):
        self.family = family
        self.limits = Limits()
        self.limits.charger_ma = 32000
        self.limits.trust_hold_ms = self.limits.trust_pause_ms = self.limits.trust_back_ms = TRUST_STEPS
        self.doubtful = family.name.startswith("the meter: ")
        self.readings = Readings()
        self.readings.grid_ok = self.readings.pilot_ok = True
        self.readings.proximity_ohm = 220
        for name, value in family.limits:
            if name == "mains":
                self.readings.mains_ok = True
                self.readings.mains_mv = 230000
            elif name == "car":
                self.readings.car_ok = True
            elif name == "locked":
                self.readings.locked = True
            elif name != "forgotten":
                setattr(self.limits, name, value)
        self.guard = guard.Guard(self.limits)
        self.guard.events = self.guard.blackbox = self.guard.contrary = Silent()
        self.guard.retry = Patient()
        self.guard.last_resort = self.guard.excursions = self.supply = Supply()
        if ("forgotten", True) in family.limits:
            self.guard.latch(None)
        if self.doubtful:
            self.guard.fallback.response = Unmoved()
            self.guard.session = Anything()
        else:
            self.guard.fallback = Doubted()
        if any(name == "leased" for name, _ in family.inputs):
            self.guard.lease = Leased()
        self.proposal = Proposal()
        self.verdict = Verdict()
        self.in_force = InForce()
        found = {LETTER_CODES[letter] for letter in family.pilots if letter in LETTER_CODES} | set(family.codes)
        self.codes = tuple(sorted(found - ({faults.VENTILATION} if self.limits.ventilation else set())))
        self.mask = sum(1 << code for code in self.codes)
        self.endless = tuple(code for code in self.codes if faults.REPEATS[code] >= faults.ALWAYS)
        g = self.guard
        skipped = (
            "events",
            "blackbox",
            "contrary",
            "last_resort",
            "excursions",
            "limits",
            "causes",
            "protect",
            "fallback",
            "retry",
            "offer",
            "session",
            "selftest",
            "presses",
            "lease",
        )
        self.kept = [
            (part.__dict__, [name for name in part.__dict__ if name not in drop])
            for part, drop in (
                (g, skipped),
                (g.causes, ("limits",)),
                (g.protect, ("lasted_ms", "gone_ms", "strikes")),
                *([(g.fallback, ("limits", "response", "phase", "before_ma"))] if self.doubtful else []),
                (g.offer, ("limits", "limit_ma", "reason", "more", "leased_ma", "lease_reason")),
                (g.session, ("limits",)),
                (g.selftest, ()),
                (self.verdict, ("reason", "phase", "value", "bound", "doubt_phase")),
            )
        ]
        self.rows = (g.protect.lasted_ms, g.protect.gone_ms, g.protect.strikes)
        self.lies = BACK in family.inputs
        self.healthy = [(name, values[0]) for name, values in family.inputs]
        self.choices = list(
            product(family.pilots, family.proposals, family.ticks, *[values for _, values in family.inputs])
        )
        self.shown = False  # the car that stands there has shown B: it has S2
        self.tested = False  # the residual current module answered a test since it came
        self.steady = 2  # steps of +12 V without PWM, at most so many
        self.asked = 0  # looks at a car that wants power, in a row
        self.away = 0  # looks for which the contactor outlived state C
        self.unoffered = -1  # steps since the closed contactor's offer was withdrawn; -1: it has one, or is open
        self.doubted = 0  # steps for which the meter has been in doubt, since it last was good for long
        self.good = 0  # steps since the last of them
        self.known_ma = self.limits.trust_safe_ma  # what the car charged with while all was well
        self.kinds = 0  # of the doubts: 1 there was one without a hold, 2 one without a pause
        self.lasting = dict.fromkeys(self.codes, 0)  # steps for which a cause has lasted
        self.raised = 0  # all faults that ever stood
        self.states = self.transitions = 0

    def bury(self):
        """Forget what nobody reads before it is written again: states that differ in nothing else are one."""
        protect, session_, offer_, fallback = (
            self.guard.protect,
            self.guard.session,
            self.guard.offer,
            self.guard.fallback,
        )
        protect.fresh = protect.cleared = 0
        for code in self.endless:
            protect.strikes[code] = 0  # counted for the log alone
        if not any(protect.strikes):
            self.guard.sound_ms = guard.SOUND_MS  # nothing to forgive ...
            self.guard.troubled = False  # ... and what will be, is trouble then
        if session_.state not in TIMED:
            session_.in_state_ms = 0
        if not self.verdict.closed:
            session_.left_ms = 0  # closing begins with a look at C
        if not (self.verdict.closed and self.lies):
            self.guard.causes.held = False  # the next look says where the contactor is
        if offer_.settled_ms > offer.TAKE_BACK_MS:
            offer_.before_ma = 0  # too late to take it back
        if len(self.family.ticks) > 1:
            self.past()
        if not self.doubtful:
            return
        self.guard.diode_ms = 0
        if fallback.doubt:
            fallback.seen_ms = 0
            fallback.ramp_ma = meter_fallback.UNBOUND_MA  # it begins where the doubt ends
        else:
            fallback.stage = fallback.doubt_ms = fallback.good_ms = fallback.better_ms = 0
            if fallback.ramp_ma >= self.limits.charger_ma:
                fallback.ramp_ma = meter_fallback.UNBOUND_MA

    def past(self):
        """By how much a slow tick has run past a timer's edge nobody asks."""
        session_, guard_, test = self.guard.session, self.guard, self.guard.selftest
        session_.in_state_ms = min(session_.in_state_ms, session.WAKE_AFTER_MS)
        session_.ready_ms = min(session_.ready_ms, session.CLOSE_AFTER_MS)
        session_.left_ms = min(session_.left_ms, session.OPEN_AFTER_MS)
        session_.open_ms = min(session_.open_ms, session.RECLOSE_MS)
        session_.steady_ms = min(session_.steady_ms, session.STEADY_MS)
        session_.off_ms = max(session_.off_ms, 0)
        guard_.off_ms = min(guard_.off_ms, guard.SWAP_MS)
        guard_.diode_ms = min(guard_.diode_ms, guard.DIODE_MS)
        guard_.sound_ms = min(guard_.sound_ms, guard.SOUND_MS)
        guard_.offer.settled_ms = min(guard_.offer.settled_ms, offer.SETTLE_MS)
        test.in_phase_ms = min(test.in_phase_ms, selftest.GOOD_FOR_MS)

    def save(self):
        """The state as a tuple, without what is buried."""
        self.bury()
        return self.state()

    def state(self):
        """All of it; every number in it is below its timer's edge or at it."""
        found = [getattr(self, name) for name in self.OWN]
        for values, names in self.kept:
            for name in names:
                found.append(values[name])
        for row in self.rows:
            for code in self.codes:
                found.append(row[code])
        found.extend(self.lasting.values())
        if self.guard.protect.watched & ~self.mask:
            raise Violation(f"a fault that this family cannot cause: {self.verdict.faults}")
        return tuple(found)

    def restore(self, state):
        """Go back to a state."""
        at = 0
        for name in self.OWN:
            setattr(self, name, state[at])
            at += 1
        for values, names in self.kept:
            for name in names:
                values[name] = state[at]
                at += 1
        for row in self.rows:
            for code in self.codes:
                row[code] = state[at]
                at += 1
        for code in self.lasting:
            self.lasting[code] = state[at]
            at += 1

    def step(self, choice, person=False):
        """One tick with these inputs, and the rules after it."""
        readings, verdict, family = self.readings, self.verdict, self.family
        letter = choice[0]
        high_mv = PILOTS.get(letter, 6000)
        if verdict.duty_u16 == 0 and letter in "ABCD":
            high_mv = -12000  # the car's resistors cannot lift a pilot that is off
        if verdict.duty_u16 == 0 and letter == "no-diode":
            high_mv = -5600
        readings.pilot_high_mv = high_mv
        readings.pilot_low_mv = {"no-diode": -6000, "frozen": high_mv}.get(letter, -12000)
        self.proposal.offer_ma = choice[1]
        for (name, _), value in zip(family.inputs, choice[3:], strict=True):
            if name == "doubt":
                readings.quality[0] = value
            elif name == "held":
                self.guard.held = value
            elif name == "leased":
                self.guard.lease.ma = value
            elif name == "session":
                self.guard.session.state = DOES[value]
            elif name == "meter":
                self.guard.fallback.be(value)
            elif name in ("at_risk", "broken"):
                setattr(self.supply, name, value)
            else:
                setattr(readings, name, value)
        held = self.guard.held
        if not self.lies:
            readings.contactor_closed = verdict.closed
        before = (verdict.closed, verdict.faults, self.guard.protect.stays)
        self.in_force_ma = verdict.offer_ma
        self.charged_ma = verdict.offer_ma if verdict.closed else self.limits.trust_safe_ma
        if person:
            self.guard.clear_by_person()
        causes = self.causes_of(letter)
        dt = choice[2]
        if not self.doubtful:
            self.look(letter, dt, before[1])
        self.in_force.take(verdict)
        self.guard.judge(dt, readings, self.proposal, self.in_force, verdict)
        self.transitions += 1
        self.rule(not held or self.verdict.offer_ma == 0, "offers though a hand stopped the charge")
        lease = self.guard.lease
        self.rule(lease is None or self.verdict.offer_ma <= lease.ma, "offers more than its group leaves it")
        self.raised |= verdict.faults
        if self.doubtful:
            self.check_doubt()
        else:
            self.check(letter, dt, before, causes, person)

    def look(self, letter, dt, raised):
        """What the explorer itself keeps of the car and the pilot, from what was in force and is seen now."""
        verdict, readings = self.verdict, self.readings
        off = verdict.duty_u16 == 0
        dead = letter in "EF" or (letter == "between" and raised >> faults.PILOT_UNCLEAR & 1)
        if off or dead or letter == "A":
            self.shown = self.tested = False
        elif letter == "B":
            self.shown = True
        if verdict.residual_pulse and readings.residual_fault and not (off or dead or letter == "A"):
            self.tested = True
        self.steady = min(self.steady + dt, 2) if verdict.duty_u16 == 65535 else 0
        wants = not off and (letter == "C" or (letter == "D" and self.limits.ventilation))
        self.asked = min(self.asked + 1, 2) if wants else 0

    def causes_of(self, letter):
        """What is plainly wrong with these inputs, told without the guard's help."""
        readings, verdict = self.readings, self.verdict
        found = set()
        if letter == "between":
            found.add(faults.PILOT_UNCLEAR)
        if letter == "E":
            found.add(faults.PILOT_SHORT)
        if readings.residual_fault and not self.limits.residual_test:
            found.add(faults.RESIDUAL)
        if readings.earth_fault:
            found.add(faults.EARTH)
        if self.supply.at_risk:
            found.add(faults.BREAKER)
        if self.supply.broken:
            found.add(faults.IMPORT_LIMIT)
        if not self.doubtful and self.guard.fallback.stage == meter_faults.PAUSE:
            found.add(faults.METER)
        if not readings.temperature_ok:
            found.add(faults.TEMPERATURE_SENSOR)
        if readings.temperature_c >= 75:
            found.add(faults.HOT)
        if readings.contactor_closed and not verdict.closed:
            found.add(faults.WELDED)
        if not readings.clock_ok:
            found.add(faults.CLOCK)
        if readings.busy_us > 15000:
            found.add(faults.LATE)
        if readings.rail_mv < 2970:
            found.add(faults.RAIL)
        if readings.mains_ok and readings.mains_mv < 207000:
            found.add(faults.UNDERVOLTAGE)
        if readings.mains_ok and readings.mains_mv > 253000:
            found.add(faults.OVERVOLTAGE_NEAR)
        if readings.mains_ok and readings.mains_mv > 258060:
            found.add(faults.OVERVOLTAGE)
        return found

    def check(self, letter, dt, before, causes, person):
        """The rules."""
        verdict, readings, limits = self.verdict, self.readings, self.limits
        was_closed, were_raised, did_stay = before
        wants = letter == "C" or (letter == "D" and limits.ventilation) or letter in ("no-diode", "frozen")
        self.away = 0 if wants or not verdict.closed else self.away + (dt > 0)
        if not verdict.closed or verdict.offer_ma:
            self.unoffered = -1
        else:
            self.unoffered = 0 if self.unoffered < 0 else self.unoffered + dt
        for code in self.lasting:
            seen = self.lasting[code]
            seen = seen + dt if seen else min(dt, 1)  # nobody knows how long before the first look
            self.lasting[code] = min(seen, 3) if code in causes else 0
        opening = verdict.faults & faults.OPENS_NOW
        self.rule(not (verdict.closed and opening), "closed with a fault that opens")
        self.rule(not (verdict.closed and letter in "AEF"), "closed with the car away or the pilot dead")
        self.rule(self.away < AWAY_STEPS + 1, "closed too long after C")
        self.rule(self.unoffered < 3, "closed without an offer for longer than a polite stop")
        closes = verdict.closed and not was_closed
        self.rule(
            not closes or (wants and verdict.offer_ma > 0 and not verdict.faults), "closes without C, offer, health"
        )
        self.rule(not closes or self.asked >= 2 or letter in ("no-diode", "frozen"), "closes at the first sight of C")
        self.rule(not closes or self.tested or not limits.residual_test, "closes untested for a car that may be new")
        self.rule(
            not verdict.closed or self.shown or verdict.offer_ma <= 10000,
            "a car that has shown no B, and may be without S2, gets more than 10 A",
        )
        begins = verdict.offer_ma > 0 and self.in_force_ma == 0
        self.rule(not begins or self.steady >= 2, "offers before the pilot has been steady for its time")
        self.rule(not closes or not readings.contactor_closed, "closes a contactor that is closed")
        self.rule(not closes or letter not in ("no-diode", "frozen"), "closes without a diode")
        ceiling_ma = limits.charger_ma
        if limits.socket:
            ohm = readings.proximity_ohm
            ceiling_ma = min(ceiling_ma, {220: 32000, 1500: 13000}.get(ohm, 0))
        if readings.temperature_c > limits.temperature_derate_c:
            ceiling_ma = min(ceiling_ma, (limits.charger_ma + 6000) // 2 if readings.temperature_c == 70 else 6000)
        self.rule(verdict.offer_ma <= ceiling_ma, "offers more than the lowest limit")
        self.rule(verdict.offer_ma == 0 or verdict.offer_ma >= limits.min_ma, "offers less than the pilot can say")
        self.rule(verdict.offer_ma <= max(self.proposal.offer_ma, 0), "offers more than the law proposed")
        self.rule(verdict.offer_ma <= self.guard.fallback.ma, "offers more than the doubtful meter is worth")
        duty = verdict.duty_u16
        self.rule(verdict.offer_ma > 0 or duty in (0, 65535), "PWM without an offer")
        self.rule(duty * 60000 <= verdict.offer_ma * 65536 or duty == 65535, "the duty says more than the offer")
        self.rule(not verdict.closed or duty != 0, "closed with the pilot off")
        for code, steps in self.lasting.items():
            fresh = verdict.faults & ~were_raised & 1 << code and code in causes
            self.rule(not fresh or steps >= faults.AFTER_MS[code], "raised before its time: " + faults.NAME[code])
            due = steps >= (AFTER_STEPS if faults.AFTER_MS[code] else 1)
            self.rule(not due or verdict.faults >> code & 1, "a cause that lasts is masked: " + faults.NAME[code])
        gone = were_raised & ~verdict.faults
        for code in causes:
            self.rule(not gone >> code & 1, "a fault clears while its cause is there")
        self.rule(person or not did_stay & ~verdict.faults & ~IN_TIME, "a latched fault clears without a person")
        self.rule(verdict.fault == faults.worst(verdict.faults), "the fault that is told does not stand")
        self.rule(not (verdict.closed or readings.contactor_closed) or verdict.lock, "unlocked under load")
        self.rule(not (verdict.residual_pulse and verdict.closed), "tests the residual current module under load")

    def check_doubt(self):
        """The ceiling that a doubtful meter leaves, reckoned beside the guard's own clock."""
        code = self.readings.quality[0] if self.readings.grid_ok else HELD
        raised = AFTER_STEPS
        if code:
            self.doubted = min(self.doubted + 1, raised + 2 * TRUST_STEPS)
            self.good = 0
            if self.doubted >= raised:
                self.kinds |= (code == UNHELD) | (code == HELD_LAST) << 1
        elif self.doubted < raised:
            self.doubted = 0
            self.known_ma = min(self.proposal.offer_ma, self.charged_ma)
            return
        else:
            self.good += 1
        ceiling_ma = self.known_ma if self.doubted >= raised else max(self.known_ma, self.in_force_ma)
        hold, pause = self.limits.trust_hold_ms, self.limits.trust_pause_ms
        lasted = self.doubted - raised + (hold if self.kinds & 1 else 0)
        if self.doubted >= raised and lasted >= hold:
            ceiling_ma = min(ceiling_ma, self.limits.trust_safe_ma)
        if self.doubted >= raised and lasted >= hold + pause and not self.kinds & 2:
            ceiling_ma = 0
        self.rule(self.verdict.offer_ma <= max(ceiling_ma, 0), "offers more than the doubtful meter is worth")
        if self.good >= TRUST_STEPS:
            self.doubted = self.good = self.kinds = 0

    def rule(self, holds, words):
        """Raise when a rule is broken."""
        if not holds:
            raise Violation(words)

    def explore(self, most=None):
        """Breadth first through every state; True when there was no more to find."""
        start = self.save()
        came_from = {start: None}
        front = [start]
        homes = set()
        people = True
        while front:
            following = []
            for state in front:
                for choice in self.choices:
                    self.restore(state)
                    self._try(choice, False, state, came_from, following)
                if people and self.restore(state) is None and self.guard.protect.raised:
                    self._try(self.home(), True, state, came_from, following)
                self._way_home(state, came_from, homes)
                if most and len(came_from) >= most:
                    self.states = len(came_from)
                    return False
            front = following
        self.states = len(came_from)
        missing = [faults.NAME[code] for code in self.codes if not self.raised >> code & 1]
        if missing:
            raise Violation(f"these never came up, so nothing was proven of them: {', '.join(missing)}")
        return True

    def home(self, letter="A", proposal=0):
        """Inputs with nothing wrong."""
        return (letter, proposal, 1, *[value for _, value in self.healthy])

    def _try(self, choice, person, state, came_from, following):
        try:
            self.step(choice, person)
        except Violation as broken:
            raise Violation(
                f"{broken}\n{self.told(state, came_from)}\n  {choice}{' person' if person else ''}"
            ) from None
        after = self.save()
        if after not in came_from:
            came_from[after] = (state, choice, person)
            following.append(after)

    def _way_home(self, state, came_from, homes):
        """Every cause gone and the car unplugged: idle, no fault, and it charges again; a person only where one is needed."""
        if self.doubtful:
            return self._way_to_an_offer(state, came_from)
        self.restore(state)
        passed = []
        for _ in range(14):
            self._quiet_step(self.home(), state, came_from)
            now = self.save()
            passed.append(now)
            if now in homes:
                return None
            if self.verdict.session == session.IDLE and not self.verdict.faults:
                homes.update(passed)
                return self._way_to_a_charge(now, state, came_from)
        raise Violation(f"no way back to idle\n{self.told(state, came_from)}")

    def _way_to_an_offer(self, state, came_from):
        """With good readings the meter's word counts again, and all is offered."""
        self.restore(state)
        for _ in range(14):
            self._quiet_step(self.home("C", WILD_MA), state, came_from)
        if self.verdict.offer_ma != self.limits.charger_ma:
            raise Violation(f"good again, but it offers {self.verdict.offer_ma} mA\n{self.told(state, came_from)}")

    def _way_to_a_charge(self, idle, state, came_from):
        """From idle, with all that is fitted in order: the contactor closes."""
        self.restore(idle)
        for _ in range(16):
            letter = "B" if self.verdict.offer_ma == 0 else "C"
            self._quiet_step(self.home(letter, 16000), state, came_from)
            if self.verdict.closed:
                return
        raise Violation(f"idle, but it charges no more\n{self.told(state, came_from)}")

    def _quiet_step(self, choice, state, came_from):
        """A tick in which everything fitted does what it should."""
        verdict = self.verdict
        answers = {
            "contactor_closed": verdict.closed,
            "residual_fault": verdict.residual_pulse,
            "locked": verdict.lock,
        }
        inputs = [answers.get(name, value) for name, value in self.healthy]
        try:
            self.step((*choice[:3], *inputs), bool(self.guard.protect.stays))
        except Violation as broken:
            raise Violation(f"{broken}, on the way home\n{self.told(state, came_from)}") from None

    def told(self, state, came_from):
        """The steps from power-on to a state, one a line."""
        lines = []
        while came_from[state] is not None:
            state, choice, person = came_from[state]
            lines.append(f"  {choice}{' person' if person else ''}")
        return "\n".join(reversed(lines))


def durations():
    """(module, name, what it is in steps) of all the guard's: its constants, and the fault table's columns."""
    columns = (
        ("AFTER_MS", [AFTER_STEPS if ms else 0 for ms in faults.AFTER_MS]),
        ("GONE_MS", [GONE_STEPS if ms else 0 for ms in faults.GONE_MS]),
        ("REPEATS", [min(n, REPEATS_SHRUNK) if n < faults.ALWAYS else n for n in faults.REPEATS]),
    )
    return [*SHRUNK, *((module, name, column) for name, column in columns for module in (faults, protect))]


class Shrunk:
    """While it is entered, the guard's durations are steps."""

    def __enter__(self):
        found = durations()
        self.before = [(module, name, getattr(module, name)) for module, name, _ in found]
        for module, name, steps in found:
            setattr(module, name, steps)

    def __exit__(self, *_):
        for module, name, value in self.before:
            setattr(module, name, value)


def explore(family, most=None):
    """Explore one family; returns (states, transitions, True when complete)."""
    with Shrunk():
        explorer = Explorer(family)
        complete = explorer.explore(most)
        return explorer.states, explorer.transitions, complete


def main():
    """Print one line for each family; status 1 at the first violation."""
    asked = arguments.parser(__doc__)
    asked.add_argument("--share", type=arguments.whole(1, 10**9), help="end each family after so many states")
    asked.add_argument(
        "words", nargs="*", metavar="WORD", help="only the families with one of these words in their names"
    )
    told = asked.parse_args()
    most = told.share
    families = [family for family in FAMILIES if not told.words or any(word in family.name for word in told.words)]
    if not families:
        asked.error(f"no family's name has {' or '.join(told.words)} in it")
    for what, assumes, covered in ASSUMED:
        print(f"assumed: {what}: {assumes} (see {covered})")
    total_states = total_transitions = whole = 0
    for family in families:
        started = time.monotonic()
        try:
            states, transitions, complete = explore(family, most)
        except Violation as broken:
            print(f"{family.name}: VIOLATED: {broken}")
            return 1
        total_states += states
        total_transitions += transitions
        whole += complete
        how = "all" if complete else "the first"
        taken = time.monotonic() - started
        print(f"{family.name:36} {how} {states:9,} states {transitions:12,} transitions  {taken:4.0f} s", flush=True)
    print(f"{'together':36}     {total_states:9,} states {total_transitions:12,} transitions, 0 violations")
    how = "all" if whole == len(families) else f"{whole} of"
    print(f"{how} {len(families)} families whole")
    return 0


if __name__ == "__main__":
    sys.exit(main())
