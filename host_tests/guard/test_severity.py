"""How the contactor opens goes by the worst of all faults that stand, whichever of them a person is told."""

from itertools import product

import pytest
from bench import host

host.load()
from bench.point import Point
from headroom.guard import faults, session
from headroom.guard.faults import AFTER_MS, NAME, OPENS_NOW

CODES = range(1, faults.COUNT)
POLITE = [code for code in CODES if not OPENS_NOW >> code & 1]
OPENING = [code for code in CODES if OPENS_NOW >> code & 1]
PAIRS = list(product(POLITE, OPENING))


def stopping(polite):
    """A point that has just begun to stop politely for this fault, and the car still draws."""
    point = Point()
    point.charge()
    point.live(6000)
    causes = [1 << polite]
    point.guard.causes.of = lambda *_: causes[0]
    while not point.stands(polite):
        point.live(20)
    assert (point.verdict.session, point.verdict.closed) == (session.STOPPING, True)
    return point, causes


def test_there_are_faults_of_both_kinds():
    assert len(POLITE) >= 5
    assert len(OPENING) >= 15


@pytest.mark.parametrize(("polite", "opening"), PAIRS, ids=[NAME[a] + ", then " + NAME[b] for a, b in PAIRS])
def test_no_polite_fault_masks_one_that_opens(polite, opening):
    point, causes = stopping(polite)
    causes[0] |= 1 << opening
    point.live(AFTER_MS[opening] + 20)
    assert point.stands(polite)
    assert point.stands(opening)
    assert not point.verdict.closed


@pytest.mark.parametrize("polite", POLITE, ids=lambda code: NAME[code])
def test_a_dead_pilot_opens_at_the_first_look_whatever_polite_fault_stands(polite):
    for mv in (0, -12000):
        point, _ = stopping(polite)
        point.high_mv = mv
        assert not point.live(20).closed, mv
        assert point.verdict.session == session.FAULT


def test_a_dead_pilot_does_not_cut_short_the_f_that_a_fault_began():
    point = Point()
    point.charge()
    point.guard.causes.of = lambda *_: 0
    point.guard.session.state, point.guard.session.off_ms = session.FAULT, 300
    point.verdict.duty_u16 = 1
    point.high_mv = -12000
    assert point.live(20).session == session.FAULT
    assert point.verdict.duty_u16 == 0
