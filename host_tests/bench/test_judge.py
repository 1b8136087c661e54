"""The judge sees each breach in the physical world alone, lets the standard's sequences pass, and no firmware escapes it."""

from bench.chip import chip as chips
from bench.table import Table
from bench.world.judge import DRAWN, HELD, OFFER, RESTLESS, SILENT, UNASKED, Breach
from proofs.conformance import Constant

A, B, C, D = 0, 1, 2, 3
STEP_MS = 20
OFFER_16A, STEADY = 17476, 65535


class Hands:
    """A world whose pins are driven by hand: no firmware is there to keep a promise."""

    def __init__(self, board="socket"):
        self.table = Table([(0, 0, 0, 0)], board=board, fidelity="rms", plugged_ms=[])
        self.world, self.chip = self.table.world, self.table.chip
        self.board = self.table.module.board
        self.world.supervisor = None  # hands complete no ticks
        self.world.lock.locked = 1
        self.world.forced_state = A
        self.offer(STEADY)
        self.live(200)

    def offer(self, duty):
        self.chip.pwm[self.board.PILOT_PWM_PIN] = (1000, duty, 0)
        self.chip.changed()

    def coil(self, level):
        self.chip.mode[self.board.CONTACTOR_PIN] = "out"
        self.chip.drive(self.board.CONTACTOR_PIN, level)

    def live(self, ms, state=None):
        if state is not None:
            self.world.forced_state = state
        for _ in range(ms // STEP_MS):
            self.chip.us += STEP_MS * 1000
            self.world.advance(self.world.t_ms + STEP_MS)

    def charge(self):
        self.live(500, B)
        self.offer(OFFER_16A)
        self.live(500, C)
        self.coil(1)
        self.live(100)
        assert self.world.contactor
        return self

    def breach(self, ms):
        """What the judge finds while so much time passes; None: nothing."""
        try:
            self.live(ms)
        except Breach as breach:
            return str(breach)
        return None


def seen(action, *arguments):
    """The breach that an action ends with, or None."""
    try:
        action(*arguments)
    except Breach as breach:
        return str(breach)
    return None


def sets(path, value):
    def event(hands):
        owner, names = hands.world, path.split(".")
        for name in names[:-1]:
            owner = getattr(owner, name)
        setattr(owner, names[-1], value)

    return event


# What makes each row of the table true while the contacts are held.
BROKEN = {
    "closed outside C and D": (sets("forced_state", B), sets("forced_state", A), sets("circuit.short_ohm", 1),
        sets("circuit.earth", False), sets("circuit.stuck_mv", -12000), lambda hands: hands.offer(0)),
    "closed in a dead band": (sets("circuit.r3_ohm", 560), sets("circuit.r3_ohm", 4000)),
    "closed on D without ventilation": (sets("forced_state", D),),
    "closed on a pilot without diode": (sets("circuit.diode", False),),
    "closed without an offer": (lambda hands: hands.offer(STEADY), sets("circuit.stuck_mv", 12000)),
    "closed on a car above its offer": (sets("car_ma", lambda phase: 20000),),
    "closed on a residual current": (sets("residual.leak", True),),
    "closed on a lost earth": (sets("earth_lost", True),),
    "closed on a supply out of bounds": (sets("volts_mv", 200000), sets("volts_mv", 260000)),
    "closed on an unlocked plug": (sets("lock.locked", 0),),
    "closed on a cable without coding": (sets("cable_ohm", 10), sets("cable_ohm", 1 << 20)),
}  # fmt: skip


def test_contacts_that_are_held_against_a_rule_are_a_breach_after_its_time_and_not_before():
    assert sorted(BROKEN) == sorted([row[0] for row in HELD])
    for what, allowed_ms, _, _, _ in HELD:
        for event in BROKEN[what]:
            hands = Hands().charge()
            event(hands)
            assert hands.breach(allowed_ms - allowed_ms % STEP_MS) is None, what
            found = hands.breach(3 * STEP_MS)
            assert what in str(found), (what, found)


def test_a_state_that_was_clear_may_stand_up_to_the_middle_of_a_dead_band_but_nothing_closes_there_on_b():
    for r3_ohm in (3200, 650):
        hands = Hands().charge()
        hands.world.circuit.r3_ohm = r3_ohm
        assert hands.breach(60000) is None, r3_ohm
    hands = Hands()
    hands.live(500, B)
    hands.offer(OFFER_16A)
    hands.world.circuit.r3_ohm = 3200
    hands.live(1000, C)
    assert UNASKED in seen(hands.coil, 1)


def test_contacts_that_are_opened_in_time_are_none():
    for events in BROKEN.values():
        for event in events:
            hands = Hands().charge()
            event(hands)
            hands.live(40)
            hands.coil(0)
            assert hands.breach(20000) is None


def test_welded_contacts_are_the_worlds_doing_but_only_once_the_coil_is_off():
    hands = Hands().charge()
    hands.world.switch.welded = True
    hands.coil(0)
    hands.live(1000, B)
    assert hands.world.contactor
    held = Hands().charge()
    held.world.switch.welded = True
    held.world.forced_state = B
    assert "closed outside C and D" in held.breach(1000)


def test_a_car_above_its_offer_is_its_own_doing_where_no_clamp_tells_it():
    hands = Hands("reference").charge()
    hands.world.car_ma = lambda phase: 20000
    assert hands.breach(60000) is None


def test_an_offer_above_the_lowest_limit_is_a_breach_whatever_the_limit_is():
    for lower in (
        lambda hands: setattr(hands.world.judge, "installed_ma", 10000),
        lambda hands: setattr(hands.board, "MAX_OFFER_MA", 10000),
        lambda hands: setattr(hands.world, "cable_ohm", 1500),
    ):
        hands = Hands().charge()
        lower(hands)
        assert hands.breach(980) is None
        assert OFFER in hands.breach(200)


def test_a_current_above_the_lowest_limit_is_a_breach_after_a_cars_reaction():
    hands = Hands().charge()
    judge = hands.world.judge
    judge.expected = (OFFER,)
    judge.installed_ma = 10000
    hands.world.car_ma = lambda phase: 16000
    hands.live(5000)
    assert OFFER in judge.met
    assert DRAWN in hands.breach(2000)


def test_a_car_that_never_showed_b_gets_ten_ampere_also_when_it_came_in_state_f():
    for duty in (STEADY, 0):
        hands = Hands()
        hands.live(500, B)
        hands.offer(duty)
        hands.live(500, A)
        hands.live(500, C)
        hands.offer(OFFER_16A)
        hands.live(500)
        hands.coil(1)
        assert OFFER in hands.breach(2000)


def test_closing_on_a_blip_of_c_without_an_offer_or_without_a_rest_is_a_breach_at_once():
    hands = Hands()
    hands.live(500, B)
    hands.offer(OFFER_16A)
    hands.live(200, C)
    assert UNASKED in seen(hands.coil, 1)
    hands = Hands()
    hands.live(1000, C)
    assert SILENT in seen(hands.coil, 1)
    hands = Hands().charge()
    hands.coil(0)
    hands.live(1000)
    assert RESTLESS in seen(hands.coil, 1)
    hands = Hands().charge()
    hands.coil(0)
    hands.live(2000)
    hands.coil(1)


def test_a_breach_stands_whoever_caught_it_and_tells_how_to_repeat_it():
    hands = Hands().charge()
    hands.world.forced_state = B
    first = hands.breach(1000)
    assert hands.breach(1000) == first
    script = hands.world.judge.script()
    assert first in script
    assert '"board": "socket"' in script
    assert '"seed": 1' in script
    assert "car B" in hands.world.judge.moments[-1][1]
    assert len(hands.world.judge.moments) <= 12


def charging(fidelity):
    table = Table([(0, 1000, 1000, 1000)], fidelity=fidelity, plugged_ms=[])
    table.charger.law = Constant(32000)
    live(table, A, 4000)
    live(table, B, 6000)
    return table


def live(table, state, ms):
    table.world.forced_state = state
    table.live(ms)


def never_opens(table):
    from headroom.guard import session

    assert session.OPEN_AFTER_MS
    session.OPEN_AFTER_MS = 1 << 20
    live(table, C, 2000)
    live(table, B, 2000)


def closes_on_a_blip(table):
    from headroom.guard import session

    assert session.CLOSE_AFTER_MS
    session.CLOSE_AFTER_MS = 50
    live(table, C, 250)


def never_ends_a_polite_stop(table):
    from headroom.guard import session

    assert session.STOP_MS
    session.STOP_MS = 1 << 20
    live(table, C, 2000)
    table.charger.law.offer_ma = 0
    live(table, C, 12000)


def trusts_any_car(table):
    from headroom.guard import session

    assert session.SIMPLIFIED_MS
    session.SIMPLIFIED_MS = 1 << 20
    live(table, A, 4000)
    live(table, C, 9000)


def ignores_the_diode(table):
    from headroom.guard import pilot

    assert pilot.DIODE_LOW_MAX_MV
    pilot.DIODE_LOW_MAX_MV = 12000
    table.world.circuit.diode = False
    live(table, C, 2000)


def trusts_any_offer(table):
    table.charger.limits.charger_ma = 80000
    table.world.judge.installed_ma = 16000
    live(table, C, 12000)


UNSAFE = (
    (never_opens, "closed outside C and D"),
    (closes_on_a_blip, UNASKED),
    (never_ends_a_polite_stop, "closed without an offer"),
    (trusts_any_car, OFFER),
    (ignores_the_diode, "closed on a pilot without diode"),
    (trusts_any_offer, OFFER),
)


def test_the_firmware_as_it_is_passes_where_its_unsafe_edits_are_stopped():
    for fidelity in ("rms", "waveform"):
        for edit, what in UNSAFE:
            table = charging(fidelity)
            found = seen(edit, table)
            assert what in str(found), (edit, fidelity, found)
        table = charging(fidelity)
        for state, ms in ((C, 2000), (B, 500), (C, 3000), (A, 1000), (C, 4000), (B, 100)):
            live(table, state, ms)
        assert table.world.judge.breach is None


def test_a_chip_that_starts_anew_may_hold_the_contacts_as_long_as_boot_takes_or_the_supervisor_and_no_longer():
    for board, may_ms in (("socket", chips.BOOT_MS + 75), ("reference", 400 + 75)):
        hands = Hands(board).charge()
        hands.chip.hard_reset(chips.WDT_RESET)
        hands.world.forced_state = A
        assert hands.breach(may_ms - STEP_MS) is None
        assert "closed while the chip starts anew" in hands.breach(3 * STEP_MS)
