"""What happened has one table of kinds: a number that flash keeps, and words. Nothing in between maps one to another."""

from bench import host

host.load()
import pytest
from bench.point import Point
from headroom.guard import faults
from headroom.record import events
from headroom.serve.answers.log_words import WORDS, happening
from headroom.serve.clock import Clock
from headroom.serve.store.journal import Journal
from headroom.terms.records import Verdict

PLACES = {"WIDTH", "SECONDS", "KIND", "CODE", "VALUE"}  # of the ring's cells
KINDS = {name: value for name, value in vars(events).items() if isinstance(value, int) and name not in PLACES}


def test_each_kind_has_a_number_of_its_own_and_words():
    assert len(set(KINDS.values())) == len(KINDS)
    assert set(WORDS) == set(KINDS.values()), "a new kind needs a row in serve/answers/log_words.py"


def test_the_numbers_that_are_on_flash_already_stay():
    numbers = (
        "BOOT", "SESSION", "RAISED", "CLEARED", "SAVED", "STORE", "LOCKED", "OPENED_HOT", "WOKEN", "HELD", "CALIBRATED",
        "CAR_CHECKED", "MISHAP",
    )  # fmt: skip
    assert [KINDS[name] for name in numbers] == list(range(len(numbers)))


@pytest.mark.parametrize("kind", range(256))
def test_any_record_that_flash_may_hold_has_words(kind):
    for code in (0, 1, 9, faults.COUNT, 200, 255):
        assert happening(kind, code, 0, 0, 1, 0)


def test_a_fault_of_the_guard_is_in_the_journal_by_the_same_number_and_is_urgent_and_its_end_is_not():
    point, journal = Point(), Journal(Clock())
    point.charge()
    point.readings.earth_fault = True
    point.live(20)
    journal.watch(Verdict(), point.guard.events)
    assert journal.urgent
    kind, code = next(journal.records())[3:5]
    assert (kind, code) == (events.RAISED, faults.EARTH)
    assert happening(kind, code, 0, 0, 1, 0).startswith("fault: protective earth lost: ")
    journal.urgent = point.readings.earth_fault = False
    point.live(70000)
    journal.watch(Verdict(), point.guard.events)
    assert not journal.urgent
    told = [happening(*record[3:]) for record in journal.records()]
    assert "over: protective earth lost" in told


def test_every_reason_has_its_words_in_memory_or_with_the_feature_that_gives_it():
    from headroom.serve import wishes, words
    from headroom.serve.answers import said
    from headroom.terms import reasons

    told = {**words.SAYS, **said.SAYS, **wishes.TELLS}
    codes = {name: code for name, code in vars(reasons).items() if name.isupper() and isinstance(code, int)}
    assert {name for name, code in codes.items() if code not in told} == {"BOOT", "FAULT"}


def test_a_reason_of_a_feature_that_was_taken_back_before_the_start_is_still_told_in_words(monkeypatch):
    from headroom.serve import words
    from headroom.serve.answers import log_words
    from headroom.terms import reasons

    monkeypatch.setattr(words, "MORE", {})
    kind = next(kind for kind, told in log_words.WORDS.items() if told is log_words.opened_hot)
    log_words.happening(kind, 0, reasons.SUN, 0, 7000, 6000)
    assert words.because(reasons.SUN, 0, 7000, 6000) == "by sun: 7.0 A of surplus on each phase"
