"""What goes wrong among the boards of a group is defined, and `group` says it on every board's console."""

import sys
from pathlib import Path

import pytest
from bench.site import Site

sys.path.insert(0, str(Path(__file__).parent))
from wired import LIMIT_MA, Wired

CAR = {"car_ma": 16000, "car_phases": 3, "settings": {"phases": 3}}
SAFE_MA = 6000
THREE = {"group_size": 3}


def asked(site, place):
    """The lines of ``group`` there."""
    from headroom.serve.answers import group

    lines = []
    for said in group.answer(site.tables[place].charger.service, []):
        if said is None:
            site.step(100)
        else:
            lines.append(said[0])
    return lines


def test_two_boards_that_follow_with_one_number_are_leased_nothing_and_all_boards_say_so():
    wired = Wired([THREE, THREE, {**THREE, "group_no": 2}])
    wired.live(40000)
    first, *twins = wired.group()
    assert " 2: two boards answer to this number: give one of them another: leased nothing, counted with 6.0 A" in first
    for lines in twins:
        assert "another board has number 2 as well: give it one of its own" in lines
        assert any(" 2 (this one)" in line and "two boards have its number" in line for line in lines)
    assert max(wired.offers()[1:]) <= SAFE_MA
    assert wired.most_ma <= LIMIT_MA


def test_of_two_boards_set_up_to_lead_with_one_number_one_leads_and_all_boards_say_so():
    wired = Wired([THREE, THREE, THREE, {**THREE, "group_no": 1}], supply=(0, 3))
    wired.live(75000)
    assert [table.charger.group.leader is not None for table in wired.tables] == [True, False, False, False]
    told = wired.group()
    for lines in (told[0], told[3]):
        assert "another board has number 1 as well: give it one of its own" in lines
    for lines in told[:3]:
        assert any(line.startswith(" 1") and "two boards have its number" in line for line in lines)
    assert wired.offers()[3] <= SAFE_MA
    assert min(wired.offers()[1:3]) > SAFE_MA, "the others are led"
    assert wired.most_ma <= LIMIT_MA


def test_a_leaders_twin_that_was_set_right_is_forgotten():
    site = Site([(0, 2000, 2000, 2000)], [CAR] * 2, LIMIT_MA, {"group_ma": LIMIT_MA, "group_safe_ma": SAFE_MA})
    for _ in range(300):
        site.step(100)
    member = site.tables[0].charger.group
    member._another_leads(member.rank(), member.uid + 1)
    assert any("another board has number 1" in line for line in asked(site, 0))
    for _ in range(1000):
        site.step(100)
    assert not any("another board" in line for line in asked(site, 0))


@pytest.mark.parametrize("wrong", [{"bus_parity": "even"}, {"bus_baud": 19200}])
def test_a_board_of_another_speed_or_parity_keeps_to_its_safe_share_and_the_wire_is_blamed(wrong):
    wired = Wired([{}, wrong, {}])
    wired.live(40000)
    first, second, third = wired.group()
    assert any("2: never heard: counted with 6.0 A" in line for line in first)
    assert any(
        "bytes on the wire were no message: are bus_baud and bus_parity the same on all" in line for line in second
    )
    assert any("would lead, and too few answer it" in line or "no leader is heard" in line for line in second)
    assert any(line.startswith(" 2: ") for line in third)
    assert wired.offers()[1] <= SAFE_MA < min(wired.offers()[::2])
    assert wired.most_ma <= LIMIT_MA


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"group_size": 2}, "knows a group of 2"),
        ({"group_safe_ma": 0}, "has another group_safe_ma"),
        ({}, "speaks version 1"),
    ],
)
def test_who_is_leased_nothing_since_it_was_set_otherwise_is_told_on_all_consoles(own, told):
    cars = [CAR, {**CAR, "settings": {"phases": 3, **own}}, CAR]
    site = Site([(0, 2000, 2000, 2000)], cars, LIMIT_MA, {"group_ma": LIMIT_MA, "group_safe_ma": SAFE_MA})
    member = site.tables[1].charger.group
    if not own:
        says = member._status

        def older(out, question, answers):
            length = says(out, question, answers)
            out[7] = 1
            return length

        member._status = older
    for _ in range(700):
        site.step(100)
    assert any(
        line.startswith(f" 2: {told}") and line.endswith(": leased nothing, counted with 6.0 A")
        for line in asked(site, 0)
    )
    for place in (1, 2):
        assert any(line.startswith(" 2") and "nothing may be leased to it" in line for line in asked(site, place)), (
            place
        )
    assert site.offered_ma(1) <= SAFE_MA


def test_one_and_three_phase_boards_on_one_bus_are_told_with_their_phases():
    one = {**CAR, "car_phases": 1, "wiring": (1, 2, 0), "settings": {"phases": 1, "wiring": "l2"}}
    site = Site([(0, 2000, 2000, 2000)], [CAR, one, CAR], LIMIT_MA, {"group_ma": LIMIT_MA, "group_safe_ma": SAFE_MA})
    for _ in range(700):
        site.step(100)
    for place in range(2):
        lines = asked(site, place)
        assert " on L2: an equal share; heard 0 s ago" in lines[2]
        assert " on L1 and L2 and L3: an equal share" in lines[3]


def test_a_leader_that_reboots_is_told_by_how_long_it_was_not_heard_and_leads_again():
    site = Site([(0, 2000, 2000, 2000)], [CAR] * 3, LIMIT_MA, {"group_ma": LIMIT_MA, "group_safe_ma": SAFE_MA})
    for _ in range(700):
        site.step(100)
    site.kill(0, ms=40000)
    for _ in range(30):
        site.step(100)
    assert "led by number 1, heard 3 s ago" in asked(site, 1)[0]
    for _ in range(170):
        site.step(100)
    assert asked(site, 2)[0].endswith("no leader is heard; its safe share is 6.0 A")
    for _ in range(700):
        site.step(100)
    assert "led by number 1, heard 0 s ago" in asked(site, 2)[0]
    assert "3 (this one): leased 10.0 A drawn 10.0 A" in asked(site, 2)[3]
