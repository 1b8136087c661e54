"""The lamp's language, read as a person reads it: how long it is lit and dark."""

from bench import host

host.load()
from headroom.act.lamp import Lamp
from headroom.guard import faults, session
from headroom.serve.answers import texts
from headroom.terms.records import Verdict

TICK_MS = 25


def shown(verdict, ms, lamp=None):
    """[(level, ms), ...]: what the lamp shows in ``ms``."""
    lamp = lamp or Lamp()
    spells = []
    for _ in range(ms // TICK_MS):
        level = lamp.step(verdict, TICK_MS)
        if spells and spells[-1][0] == level:
            spells[-1] = (level, spells[-1][1] + TICK_MS)
        else:
            spells.append((level, TICK_MS))
    return spells


def verdict_of(state, closed=False, fault=0):
    """A verdict with just these."""
    verdict = Verdict()
    verdict.session, verdict.closed, verdict.fault = state, closed, fault
    return verdict


def code_of(spells):
    """(long, short) flashes between two long darks; every flash and gap must be of a length that can be told apart."""
    pauses = [place for place, (level, ms) in enumerate(spells) if not level and ms >= 1500]
    flashes = spells[pauses[0] + 1 : pauses[1]]
    lit = [ms for level, ms in flashes if level]
    assert all(250 <= ms <= 350 for level, ms in flashes if not level), flashes
    assert all(750 <= ms <= 850 or 150 <= ms <= 250 for ms in lit), flashes
    assert lit == sorted(lit, reverse=True), "the long ones come first"
    return len([ms for ms in lit if ms > 500]), len([ms for ms in lit if ms <= 500])


def test_it_is_dark_without_a_car_and_lit_while_charging():
    assert shown(verdict_of(session.IDLE), 60000) == [(0, 60000)]
    assert shown(verdict_of(session.CHARGING, True), 60000) == [(1, 60000)]


def test_it_blinks_slowly_while_a_car_waits():
    for state in (session.PLUGGED, session.OFFERED, session.PAUSED, session.DONE, session.WAKING):
        spells = shown(verdict_of(state), 30000)[1:-1]
        assert len(spells) >= 16
        assert all(1400 <= ms <= 1600 for _, ms in spells), spells


def test_every_fault_blinks_the_code_that_its_words_name():
    for code in range(1, faults.COUNT):
        longs, shorts = code_of(shown(verdict_of(session.FAULT, fault=code), 60000))
        assert f"lamp: {longs} long, {shorts} short" in texts.fault(code)


def test_a_fault_blinks_whatever_the_session_and_a_new_one_starts_from_its_first_flash():
    lamp = Lamp()
    assert code_of(shown(verdict_of(session.IDLE, fault=faults.WELDED), 30000, lamp)) == (1, 5)
    spells = shown(verdict_of(session.STOPPING, True, faults.METER), 30000, lamp)
    assert code_of(spells) == (6, 1)
    assert [ms > 500 for level, ms in spells[:14] if level] == [True] * 6 + [False]
    assert shown(verdict_of(session.IDLE), 1000, lamp) == [(0, 1000)]


def test_a_fault_shows_its_first_flash_in_the_tick_that_raises_it():
    lamp = Lamp()
    shown(verdict_of(session.OFFERED), 7000, lamp)
    assert lamp.step(verdict_of(session.FAULT, fault=faults.HOT), TICK_MS) == 1
