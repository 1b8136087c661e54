"""The judge: belongs to nobody, sees the physical world only, and stops any run that breaks a promise.

Every ``World`` has one, at both fidelities; there is no switch. It reads the pilot's voltage at the car, coil and contacts,
current and time, what is wired to the board, and the rating that the scenario's installer set: never a record of the
firmware. What the world does by itself is seen in the world: contacts that are welded, or whose coil is off, are not held.

A rule is a row: what, the ms that it may last, why so long, and what is seen. Time counts from the first look that shows
it: at rms fidelity the world is looked at once a step, and a step longer than a row allows stands for ticks in which
nothing moved, or for one that hung: that one is the watchdog's (``proofs.conformance``, row "watchdog").
Where nobody could see a car that draws more than it is offered (no clamp on it), it is the car's doing; an offer above
the lowest limit is a breach by itself. Overloads of the supply are scored by the breaker (``headroom_tools.sim.scoring``).
Numbers: the project's domain notes 1.2, 1.4 and 2; [std-mem] there is unverified here. "own" is what this project promises.
"""

import json

from bench.chip import chip as chips

REST_MS = 1900  # own: contacts rest two seconds between two closings, less a tick
ASKED_MS = 300  # own: the field's blips of C last 250 ms and close nothing (BMW iX3, beside session.CLOSE_AFTER_MS)
GONE_MS = 100  # an empty socket for this long: the next car is another one. Nobody swaps cars faster: chosen
NO_S2_MA = 10000  # IEC 61851-1 A.2.3: of a car that shows C and never B
CABLES = (
    (936, 13000),
    (308, 20000),
    (140, 32000),
    (0, 63000),
)  # (above this ohm, mA): domain notes 2, the lower of two
BANDS = ((2000, 4000), (5000, 7000), (8000, 10000))  # mV of D, C and B: Table A.4
NEAR_MV = 600  # half of a dead band, and what the charger's own meter may be off
MOMENTS = 12  # changes of the world that a breach tells


def outside(judge):
    """The pilot at the car is neither C nor D, nor in a dead band beside them: A, B, E or F."""
    return not 2000 <= judge.high_mv < 8000


def unclear(judge):
    """The pilot at the car is in a dead band, where either decision is allowed, but beyond the middle not for ever.

    Up to the middle, and a tenth of a volt for the meter, the state that was clear before may stand: that is hysteresis.
    """
    low_mv, high_mv = judge.clear_mv
    dead = 4000 < judge.high_mv < 5000 or 7000 < judge.high_mv < 8000
    return dead and not low_mv - NEAR_MV <= judge.high_mv <= high_mv + NEAR_MV


def unventilated(judge):
    """The car needs ventilation, and the place has none."""
    return 2000 <= judge.high_mv <= 4000 and not judge.world.ventilated


def no_diode(judge):
    """The offer's low plateau is loaded: no car, or one whose diode is bridged."""
    return judge.offered_ma > 0 and judge.low_mv > -10000


def unoffered(judge):
    """Nothing is offered."""
    return judge.offered_ma == 0


def overdrawn(judge):
    """The clamp on the car shows more than the offer: by an ampere and a tenth, for the clamp's own error."""
    return judge.drawn_ma > judge.offered_ma * 11 // 10 + 1000


def leaks(judge):
    """A residual current of 6 mA or more flows."""
    return judge.world.residual.leak


def earth_lost(judge):
    """The earth monitor's contact is open."""
    return judge.world.earth_lost


def off_voltage(judge):
    """The supply is beyond 90 to 110 %, by a hundredth more for the voltage input's own error."""
    return not 89 <= judge.world.mains_mv() // (judge.mains_v * 10) < 111


def unlocked(judge):
    """The plug is not held."""
    return not judge.world.lock.locked


def uncoded(judge):
    """What is plugged in has none of a cable's codings."""
    return not 60 <= judge.world.cable_ohm <= 4500


# while the contacts are held: (what, ms allowed, why so long, the part of the board that can tell or None, what is seen)
HELD = (
    ("closed outside C and D", 100, "Table A.6, sequences 2.2, 8.1 and 12", None, outside),
    ("closed in a dead band", 150, "Table A.4, the time is own", None, unclear),
    ("closed on D without ventilation", 3000, "Table A.6 [std-mem]", None, unventilated),
    ("closed on a pilot without diode", 100, "Table A.4, the time is own", None, no_diode),
    ("closed without an offer", 6100, "Table A.6, sequence 10.2", None, unoffered),
    ("closed on a car above its offer", 14100, "5 s to follow, 3 s to be sure, sequence 10.2", "CAR_CT_PIN", overdrawn),
    ("closed on a residual current", 300, "IEC 62955, 60 mA [std-mem]", "RCM_FAULT_PIN", leaks),
    ("closed on a lost earth", 300, "own", "EARTH_FAULT_PIN", earth_lost),
    ("closed on a supply out of bounds", 5000, "IET 722.411.4.1", "VOLTAGE_PIN", off_voltage),
    ("closed on an unlocked plug", 2200, "own", "LOCK_FEEDBACK_PIN", unlocked),
    (
        "closed on a cable without coding",
        500,
        "own, the reading is smoothed; a drawn plug opens the pilot first",
        "PROXIMITY_PIN",
        uncoded,
    ),
)
OFFER_MS = 1000  # own; Table A.6, sequence 6 allows 10 s for a limit from outside
DRAWN_MS = 5000 + OFFER_MS  # and the car's 5 s to follow
OFFER, DRAWN = "offer above the lowest limit", "current above the lowest limit"
RESTARTS = "closed while the chip starts anew"  # nobody looks at anything then: all that counts is how long
RESTART_SLACK_MS = 75  # beyond supervisor or boot: an edge that is a tick old, the contacts, a step of the world
UNASKED, RESTLESS, SILENT = "closes on a car that did not ask", "closes without a rest", "closes without an offer"


class Breach(BaseException):
    """A promise was broken; ``script`` repeats it. Not an Exception: the firmware must not be able to catch it."""


class Judge:
    """``step`` after each step of the world, ``coil`` at each change of the coil; ``breach`` is what was found.

    A test that breaks the firmware on purpose puts the row that it expects into ``expected``: it is then in ``met``.
    """

    def __init__(self, world, scenario):
        self.world = world
        self.board = board = world.board
        self.scenario = scenario
        settings = scenario.get("settings")
        self.installed_ma = board.MAX_OFFER_MA  # where a person sets the charger up while it runs
        if settings is not None:
            self.installed_ma = settings.get("charger_ma", max(scenario["car_ma"], 6000))
        self.mains_v = (settings or {}).get("mains_v", 230)
        self.dim_w = (settings or {}).get("dim_w", 4200)
        self.rules = [(what, ms, why, seen) for what, ms, why, part, seen in HELD if not part or getattr(board, part)]
        self.restart_ms = (chips.BOOT_MS if board.SUPERVISOR_PIN is None else board.SUPERVISOR_MS) + RESTART_SLACK_MS
        self.lasted_ms = {}  # row that is seen: for how long
        self.expected = ()
        self.met = []
        self.breach = None
        self.high_mv = self.low_mv = self.offered_ma = self.drawn_ma = 0
        self.asked_ms = self.gone_ms = -1
        self.showed_b = False
        self.clear_mv = BANDS[2]  # the band that the pilot was last in
        self.fell_us = None  # when the coil last fell off
        self.moment = None
        self.moments = []

    def lowest_ma(self):
        """The lowest limit that does not come from the pilot."""
        lowest_ma = min(self.installed_ma, self.board.MAX_OFFER_MA)
        if self.board.PROXIMITY_PIN is not None:
            ohm = self.world.cable_ohm
            lowest_ma = min(lowest_ma, next(ma for above, ma in CABLES if ohm > above))
        if not self.showed_b and self.world.contactor:
            lowest_ma = min(lowest_ma, NO_S2_MA)
        if self.world.dimmed and self.board.DIM_PIN is not None:
            lowest_ma = min(lowest_ma, self.dim_w * 1000 // (self.mains_v * self.world.car.phases))
        return lowest_ma

    def step(self, dt_ms):
        """``dt_ms`` have passed in the world."""
        if self.breach is not None:
            raise self.breach
        world = self.world
        self._look()
        self.gone_ms = _longer(self.gone_ms, world.state() == 0, dt_ms)
        self.asked_ms = _longer(self.asked_ms, not outside(self), dt_ms)
        if self.gone_ms >= GONE_MS:
            self.showed_b = False
        elif 8000 <= self.high_mv <= 10000:
            self.showed_b = True
        held = world.switch.closed and world.switch.coil
        dead = world.chip.dead
        if held:
            for what, may_ms, why, seen in self.rules:
                self._rule(what, may_ms, why, not dead and seen(self), dt_ms)
            if dead or self.lasted_ms:
                self._rule(RESTARTS, self.restart_ms, "own", dead, dt_ms)
        elif self.lasted_ms:
            self.lasted_ms.clear()
        above = self.offered_ma > self.lowest_ma() and not dead
        if above or self.lasted_ms:
            self._rule(OFFER, OFFER_MS, "own", above, dt_ms)
            drawn = held and self.drawn_ma > self.lowest_ma()
            self._rule(DRAWN, DRAWN_MS, "Table A.6, sequence 6", above and drawn, dt_ms)

    def coil(self, on):
        """The coil was switched."""
        now_us = self.world.chip.us
        if not on:
            self.fell_us = now_us
            return
        self._look()
        if self.clear_mv == BANDS[2] or outside(self) or unclear(self) or self.asked_ms < ASKED_MS:
            self._found(UNASKED, max(self.asked_ms, 0), ASKED_MS, "own: a blip is no car that asks")
        if self.fell_us is not None and now_us - self.fell_us < REST_MS * 1000:
            self._found(RESTLESS, (now_us - self.fell_us) // 1000, REST_MS, "own")
        if not self.offered_ma:
            self._found(SILENT, 0, 0, "Table A.6, sequence 4")

    def _look(self):
        world, circuit = self.world, self.world.circuit
        state, stuck = world.state(), circuit.stuck_mv is not None
        self.offered_ma = 0 if stuck else world.offered_ma
        self.high_mv = circuit.mv(world.pilot_alive, state)
        self.low_mv = circuit.mv(0, state) if self.offered_ma else self.high_mv
        self.drawn_ma = world.car_ma(world.lines[0])
        for band in BANDS:
            if band[0] <= self.high_mv <= band[1]:
                self.clear_mv = band
        moment = (state, world.pilot_alive, self.offered_ma, world.coil, world.switch.closed, self.high_mv // 1000)
        if moment != self.moment:
            self.moment = moment
            if len(self.moments) >= MOMENTS:
                self.moments.pop(0)
            self.moments.append((world.t_ms, self.said()))

    def said(self):
        """What a person with a voltmeter at the car would say."""
        world = self.world
        contacts = "welded" if world.switch.welded else "closed" if world.switch.closed else "open"
        said = "car %s, pilot %d mV, offered %d mA, coil %d, contacts %s, drawn %d mA"
        return said % ("ABCD"[world.state()], self.high_mv, self.offered_ma, world.coil, contacts, self.drawn_ma)

    def _rule(self, what, may_ms, why, seen, dt_ms):
        if not seen:
            self.lasted_ms.pop(what, None)
            return
        lasted_ms = self.lasted_ms[what] = _longer(self.lasted_ms.get(what, -1), True, min(dt_ms, may_ms))
        if lasted_ms > may_ms:
            self.lasted_ms.pop(what)
            self._found(what, lasted_ms, may_ms, why)

    def _found(self, what, lasted_ms, may_ms, why):
        if what in self.expected:
            self.met.append(what)
            return
        line = "judge: %s: %d ms, %d allowed (%s); at %d ms: %s; board %s, seed %s" % (
            (what, lasted_ms, may_ms, why, self.world.t_ms, self.said(), self.board.NAME, self.scenario.get("seed"))
        )
        self.breach = Breach(line)
        self.breach.script = self.script()
        raise self.breach

    def script(self):
        """What repeats the run, and its last moments, as JSON."""
        return json.dumps({"breach": str(self.breach), "moments": self.moments, "scenario": self.scenario})


def told(main):
    """Exit status of a rig's ``main`` (how many rows it missed); a breach is told in one line, and then what repeats it."""
    try:
        return 1 if main() else 0
    except Breach as breach:
        print(breach)
        print(breach.script)
        return 4


def _longer(ms, seen, dt_ms):
    """Time since the first look that showed it; -1: not now."""
    return -1 if not seen else 0 if ms < 0 else ms + dt_ms
