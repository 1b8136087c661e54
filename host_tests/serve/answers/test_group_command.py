"""The console's ``group``: who leads, a line for each charger; and ``group join``."""

import pytest
from bench import host
from bench.beside import Boards
from bench.site import Site
from bench.table import Table

CAR = {"car_ma": 16000, "car_phases": 3, "settings": {"phases": 3}}


def told(service, *typed, wait=None):
    """The lines of the answer; ``wait`` lets time pass where it waits."""
    from headroom.serve.answers import group

    lines = []
    for said in group.answer(service, list(typed)):
        if said is None:
            wait()
        else:
            lines.append(said[0])
    return lines


def refused(service, *typed):
    from headroom.terms.refused import Refused

    with pytest.raises(Refused) as refusal:
        told(service, *typed)
    return str(refusal.value)


@pytest.fixture(scope="module")
def site():
    made = Site([(0, 2000, 2000, 2000)], [CAR, CAR], 32000, {"group_ma": 32000, "group_safe_ma": 6000})
    for _ in range(700):
        made.step(100)
    return made


def test_the_leader_tells_each_chargers_lease_draw_phases_and_reason(site):
    lines = told(site.tables[0].charger.service)
    assert lines[0].startswith("charger 1 of 2 on 32.0 A: leads, shares by equal, 30.0 A")
    assert "1 (this one): leased 15.0 A drawn 15.0 A on L1 and L2 and L3: an equal share" in lines[1]
    assert len(lines) == 3


def test_a_follower_tells_of_each_what_it_has_draws_and_why_as_it_overhears_it(site):
    lines = told(site.tables[1].charger.service, wait=lambda: site.step(100))
    assert lines[0].startswith("charger 2 of 2 on 32.0 A: led by number 1, heard 0 s ago; its lease ends in")
    assert lines[1:] == [
        " 1: leased 15.0 A drawn 15.0 A: an equal share; heard 0 s ago",
        " 2 (this one): leased 15.0 A drawn 15.0 A on L1 and L2 and L3: an equal share; heard 0 s ago",
    ]
    assert site.tables[1].charger.group.ear is None, "it listens only while somebody asks"


def test_a_follower_that_hears_nobody_says_so_after_a_round_and_what_a_silent_one_was_leased_last():
    three = Site([(0, 2000, 2000, 2000)], [CAR] * 3, 32000, {"group_ma": 32000, "group_safe_ma": 6000})
    for _ in range(700):
        three.step(100)
    three.bus.cut = (2,)
    lines = told(three.tables[1].charger.service, wait=lambda: three.step(100))
    assert lines[1].startswith(" 1: leased")
    assert "an equal share" in lines[1]
    assert "said nothing for 6 s" in lines[3]
    three.bus.cut = (1, 2)
    for _ in range(200):
        three.step(100)
    lines = told(three.tables[1].charger.service)
    assert lines[0].endswith("no leader is heard; its safe share is 6.0 A")
    assert all("said nothing" in line or "(this one)" in line for line in lines[1:])


def test_join_sets_all_that_a_charger_of_a_group_needs():
    service = Table(((0, 0, 0, 0),), fidelity="rms").charger.service
    assert "in no group" in refused(service)
    lines = told(service, "join", "2", "of", "3", "20A")
    assert any("group_safe_ma" in line or "group_no" in line for line in lines)
    staged = service.settings.staged
    assert (staged["group_no"], staged["group_size"], staged["group_ma"], staged["bus"]) == (2, 3, 20000, 2)
    assert staged["group_safe_ma"] == 6000
    told(service, "join", "2", "8", "20")
    assert service.settings.staged.get("group_safe_ma", 0) == 0, "8 times 6 A is more than 20 A"


@pytest.mark.parametrize(
    "typed",
    ["lead", "lead 3", "lead 1 32", "lead 3 4", "join 1 2", "join 3 2 32", "join 1 40 63", "join one 2 32", "part"],
)
def test_what_cannot_be_is_refused_in_a_line(typed):
    service = Table(((0, 0, 0, 0),), fidelity="rms").charger.service
    assert refused(service, *typed.split()).count("\n") == 0
    assert not service.settings.staged


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"group_size": 4, "group_ma": 20000, "group_safe_ma": 6000}, "24 A"),
        ({"group_no": 3, "group_size": 2, "group_ma": 20000}, "beyond group_size"),
        ({"group_size": 2, "group_ma": 20000, "group_safe_ma": 3000}, "below min_ma"),
        ({"group_size": 2, "group_ma": 63000, "breaker_ma": 32000}, "above breaker_ma"),
        ({"group_size": 2, "group_ma": 20000, "bus": 0}, "set bus group"),
    ],
)
def test_settings_that_cannot_all_be_meant_are_told_before_anything_runs(values, word):
    host.load()
    from headroom.serve.answers.contradictions import contradictions

    assert word in " ".join(contradictions({"group_no": 1, **values}))
    assert not contradictions({**values, "group_no": 0, "min_ma": 6000, "breaker_ma": 125000})


def test_join_and_save_on_a_fresh_board_put_it_in_the_group():
    boards = Boards(1, 32000)
    boards.ask(0, "group join 1 2 32")
    assert "saved: bus = group" in boards.ask(0, "save")
    assert boards.tables[0].charger.settings.values["group_no"] == 1


def test_a_meter_is_set_on_a_fresh_board_and_read():
    boards = Boards(1, 25000, meter="sdm630")
    boards.ask(0, "set bus meter")
    boards.ask(0, "set meter sdm630")
    assert "saved: meter = sdm630" in boards.ask(0, "save")
    boards.live(5000)
    assert "sdm630, supply: 1." in boards.ask(0, "meter")
