"""What a person saves under power is in force at the pilot, whichever car comes; and the rules notice a firmware that forgets."""

import sys

import pytest
from proofs import inject
from proofs.inject import WAIT

LAST = (160, "house 2 A", 1)
SCRIPTS = {
    "the household's least is raised above the offer": (
        (0, WAIT, 1), (40, "another car, without S2", 0), (400, "household's least raised", 1), LAST,
    ),
    "the breaker is set below the offer": ((0, WAIT, 1), (200, "breaker set lower", 0), LAST),
    "the charger's circuit is set below the offer": ((0, WAIT, 1), (200, "charger's circuit set lower", 0), LAST),
    "the phases are set": ((0, WAIT, 1), (200, "phases set", 1), LAST),
    "the frequency is set": ((0, WAIT, 1), (200, "frequency set", 0), LAST),
    "a car is swapped at once": ((0, WAIT, 1), (200, "another car at once", 0), LAST),
    "a car without S2 comes": ((0, WAIT, 1), (200, "another car, without S2", 0), LAST),
    "a car without S2 comes in a reset": ((0, WAIT, 1), (200, "another car in a reset", 0), LAST),
    "weeks pass": ((0, WAIT, 1), (200, "weeks pass unseen", 3), LAST),
}  # fmt: skip


@pytest.mark.parametrize("board", inject.BOARDS)
@pytest.mark.parametrize("words", SCRIPTS)
def test_nothing_is_broken_and_the_mishap_was_met_under_power(board, words):
    _, closed, _, met = inject.play(SCRIPTS[words], board)
    assert closed
    assert all(live for name, (_, live) in met.items() if name != "house 2 A"), met


FORGETS = {
    "the household's least is raised above the offer": ("min_ma", 6000, "household's least is"),
    "the breaker is set below the offer": ("breaker_ma", 25000, "breaker and household allow"),
    "the charger's circuit is set below the offer": ("charger_ma", 32000, "judge: offer above the lowest limit"),
}


@pytest.mark.parametrize("words", FORGETS)
def test_a_setting_that_is_saved_and_not_in_force_is_noticed(words):
    name, kept, told = FORGETS[words]
    bench = inject.Bench("reference")
    applying = bench.plain_charger.applying

    def forgetful(charger):
        yield from applying(charger)
        setattr(charger.limits, name, kept)

    bench.plain_charger.applying = forgetful
    with pytest.raises(inject.Broken, match=told):
        bench.play(SCRIPTS[words])


def test_a_session_that_takes_any_car_for_the_last_one_is_noticed():
    bench = inject.Bench("reference")
    sys.modules["headroom.guard.session"].SIMPLIFIED_MS = 1 << 20
    with pytest.raises(inject.Broken, match="offer above the lowest limit"):
        bench.play(SCRIPTS["a car without S2 comes"])


NIGHT = tuple(
    (wait, name, number)
    for name, number in (
        ("mains dip", 7),
        ("slow tick", 679),
        ("burst on the pilot", 7),
        ("logic supply sags", 7),
        ("brown-out", 0),
    )
    for wait, name, number in ((0, WAIT, 0), (100, name, number), (100, "minutes pass", 200))
)


@pytest.mark.parametrize("board", inject.BOARDS)
def test_what_the_surroundings_did_in_a_night_needs_no_hand_in_the_morning(board):
    _, closed, _, met = inject.play((*NIGHT, (100, "morning", 0)), board)
    assert closed
    assert all(live for name, (_, live) in met.items() if name not in ("morning", "minutes pass")), met


@pytest.mark.parametrize("name", ["mains dip", "burst on the pilot", "logic supply sags"])
def test_a_night_of_storms_needs_none_either(name):
    storm = [(0, WAIT, 0), (40, name, 7), (0, "minutes pass", 300)] * inject.STORM
    inject.play((*storm, (10, "morning", 0)), "reference")


def test_a_car_that_a_dip_of_the_mains_strands_is_noticed():
    bench = inject.Bench("reference")
    faults, protect = [sys.modules["headroom.guard." + name] for name in ("faults", "protect")]
    protect.CLEARS = tuple(
        faults.ON_UNPLUG if code == faults.READBACK else clears for code, clears in enumerate(faults.CLEARS)
    )
    with pytest.raises(inject.Broken, match=r"stranded the car: fault .* contactor moved by itself"):
        bench.play(((0, WAIT, 0), (100, "mains dip", 7), (100, "morning", 0)))


def test_every_mishap_is_counted_also_the_one_that_never_came():
    _, _, _, _, met = inject.campaign(3000, 7)
    assert sorted(met) == inject.NAMES
    assert 0 in [times for times, _ in met.values()]
