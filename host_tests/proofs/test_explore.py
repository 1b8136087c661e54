"""What the explorer of the guard takes for granted, held against the guard itself."""

import random
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools" / "proofs"))
import explore

STEPS = 3000
BY_NAME = {family.name: family for family in explore.FAMILIES}
WALKED = (
    "a car and a law, nothing broken",
    "unreadable pilot",
    "contactor lies",
    "residual current self-test",
    "supply voltage",
    "meter in any stage of doubt",
    "the meter: in doubt of every kind",
    "the meter: in doubt or gone",
    "a hand that stops the charge, and a contactor that lies under a lock",
    "slow ticks: a car and a law",
    "slow ticks: residual current",
    "slow ticks: contactor lies",
    "supply meter in doubt, and what opens: A C E",
)


def choices_of(family, seed):
    """Inputs of a walk: in turn a while of all well, so that clocks run to their ends, and a while of anything."""
    chance = random.Random(f"{family.name} {seed}")
    home = explore.Explorer(family).home
    any_of = explore.Explorer(family).choices
    choice = well = home("C", explore.WILD_MA)
    for step in range(STEPS):
        if chance.random() < (0.1 if step % 40 < 20 else 0.5):
            choice = chance.choice(any_of)
        elif step % 40 < 20:
            choice = well
        person = chance.random() < 0.02
        yield home() if person else choice, person


def walks_apart(family, seed=0):
    """Two explorers, the same inputs; one buries after each step, the other never. The step where they differ, or 0."""
    with explore.Shrunk():
        buries, keeps = explore.Explorer(family), explore.Explorer(family)
        for step, (choice, person) in enumerate(choices_of(family, seed), 1):
            buries.step(choice, person)
            keeps.step(choice, person)
            kept = keeps.state()
            if buries.save() != keeps.save():
                return step
            keeps.restore(kept)
    return 0


@pytest.mark.parametrize("name", WALKED)
def test_what_is_buried_decides_nothing(name):
    assert walks_apart(BY_NAME[name]) == 0


@pytest.mark.parametrize(
    ("name", "part", "field"),
    [
        ("a car and a law, nothing broken", "session", "in_state_ms"),
        ("a car and a law, nothing broken", "offer", "before_ma"),
        ("unreadable pilot", "session", "left_ms"),
        ("contactor lies", "causes", "held"),
        ("the meter: in doubt of every kind", "fallback", "good_ms"),
        ("the meter: in doubt of every kind", "fallback", "ramp_ma"),
    ],
)
def test_one_clock_more_than_that_would_be_noticed(monkeypatch, name, part, field):
    bury = explore.Explorer.bury

    def too_much(explorer):
        bury(explorer)
        setattr(getattr(explorer.guard, part), field, 0)

    monkeypatch.setattr(explore.Explorer, "bury", too_much)
    assert any(walks_apart(BY_NAME[name], seed) for seed in range(4))
