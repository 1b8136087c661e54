"""A bounded share of the proof of a group's leader against its house in every test run; more of it: make lease."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools" / "proofs"))
import garage


@pytest.mark.parametrize("family", garage.FAMILIES)
def test_a_house_that_steps_is_not_over_for_long_whatever_the_bus_loses_and_whoever_starts_anew(family):
    found, trouble = garage.prove(family, 0, 24 / garage.FAMILIES[family].chargers)
    assert trouble == ""
    assert found.bus.frames > 1000


@pytest.mark.parametrize("name", [name for name in garage.BREAKS if name not in garage.DEEP])
def test_a_leader_that_is_broken_on_purpose_is_found(name):
    assert garage.broken(name, 4).startswith("over: ")
