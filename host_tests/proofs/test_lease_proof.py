"""A bounded share of the proof of leases in every test run; more of it: make lease."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools" / "proofs"))
import lease
import lease_two
import lease_whole
from headroom.guard import lease as leases
from headroom.guard import ledger as ledgers

NAMES = ("LEASE_MS", "SETTLE_MS", "HOLD_MS", "TICK_MS")


@pytest.fixture(autouse=True)
def times_as_they_were(monkeypatch):
    """The proof shrinks the firmware's times."""
    for name in NAMES:
        monkeypatch.setattr(leases, name, getattr(leases, name))
    for name in (*NAMES, "GONE_MS", "SURE_MS", "LONG_MS"):
        monkeypatch.setattr(ledgers, name, getattr(ledgers, name))


@pytest.mark.parametrize("family", lease.FAMILIES, ids=lambda family: family.name)
def test_no_state_of_a_share_is_over_the_circuit_or_starves_a_car(family):
    states, transitions, _, trouble = lease.prove(family, 150, 12)
    assert trouble == ""
    assert states >= 150
    assert transitions > states


@pytest.mark.parametrize("name", [name for name in lease.BREAKS if name not in lease.DEEP])
def test_a_protocol_that_is_broken_on_purpose_is_found(name):
    assert lease.broken(name).startswith("over: ")


def test_a_leader_that_never_raises_starves_everybody_and_is_found(monkeypatch):
    monkeypatch.setattr(lease.Ledger, "_give", lambda *_: None)
    assert lease.prove(lease.FAMILIES[0], 150, 0)[3].startswith("starved: ")


TINY = lease.Family("leases of one step", limit=2, safe=0, times=(1, 1, 4), air=1)


def test_every_state_of_a_tiny_family_is_found_and_none_is_over_the_circuit():
    whole = lease_whole.Whole(TINY)
    states, transitions, closed, _ = whole.explore()
    assert closed
    assert states > 1000
    assert transitions > 10 * states
    assert max(sum(views[place][0] for place in range(lease.COUNT)) for views in grants_of(whole)) == TINY.limit


def grants_of(whole):
    return [key[0] for key in whole.grants]


@pytest.mark.parametrize("name", ["unproven", "from-arrival"])
def test_every_state_of_a_broken_protocol_holds_one_that_is_over(name):
    with lease.planted(name):
        assert lease_whole.Whole(TINY).explore()[3].startswith("over: ")


def test_in_every_state_of_two_leaders_only_one_has_leases_in_force():
    states, transitions, closed, trouble = lease_two.Two(lease.TWO[0]).explore()
    assert closed
    assert trouble == ""
    assert transitions > states > 10000


def test_a_charger_that_answers_whoever_asks_is_found_to_carry_a_lease_to_another_leader():
    with lease.planted("unpledged"):
        assert lease_two.Two(lease.TWO[0]).explore()[3].startswith("carried: ")


@pytest.mark.parametrize("broken", ["half of the members is enough", "a word counts for longer than it is kept"])
def test_a_leader_that_leads_too_soon_or_for_too_long_is_found_to_lease_beside_another(monkeypatch, broken):
    if broken.startswith("half"):
        monkeypatch.setattr(
            lease.Ledger, "leads", lambda self: sum(map(self.fresh, range(self.count))) * 2 >= self.count - 1
        )
    else:
        shrink = lease_two.shrink

        def longer(times, part):
            shrink(times, part)
            ledgers.SURE_MS += 3

        monkeypatch.setattr(lease_two, "shrink", longer)
    assert lease_two.Two(lease.TWO[0]).explore()[3].startswith("mixed: ")
